// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The command line of Kuzet.
@main
struct Kuzet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kuzet",
        abstract: "Measures the streams of surveillance cameras and keeps an account of them.",
        subcommands: [Analyze.self, Report.self, Simulate.self])
}
