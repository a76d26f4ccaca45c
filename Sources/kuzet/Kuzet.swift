// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line of Kuzet.
@main
struct Kuzet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kuzet",
        abstract: "Measures the streams of surveillance cameras and keeps an account of them.",
        version: SoftwareVersion.text,
        subcommands: [
            Analyze.self, InitCommand.self, RunCommand.self, StatusCommand.self, TopCommand.self,
            ReloadCommand.self, ReplayCommand.self, AccountCommand.self, Report.self,
            RegistryCommands.self, CameraCommands.self, DiscoverCommand.self, CheckConfig.self,
            MaintenanceCommand.self,
            ExclusionCommand.self, JournalCommand.self, BackupCommand.self, RestoreCommand.self,
            Simulate.self,
        ])
}
