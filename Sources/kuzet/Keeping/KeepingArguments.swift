// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import Ledger
import Registry
import Settings
import Timekeeping

/// Where a command finds ledger and registry: in the settings, or named one by one.
struct KeepingArguments: ParsableArguments {
    @Option(help: "The settings file that names ledger and registry.", completion: .file())
    var settings: String?

    @Option(help: "The ledger's file, in place of the settings'.", completion: .file())
    var ledger: String?

    @Option(help: "The registry's folder, in place of the settings'.", completion: .directory)
    var registry: String?

    func validate() throws {
        guard settings == nil else { return }
        guard ledger != nil || registry != nil else {
            throw ValidationError("Give --settings FILE, or --ledger FILE and --registry DIR.")
        }
    }

    /// Reads the registry and says on standard error what is wrong with it.
    func openRegistry() throws -> Registry { try open().registry }

    /// The system's zone: the settings', or Almaty's.
    func zone() throws -> ZoneRules { try open().zone }

    /// Reads settings and registry; ends the command with status 2 if either cannot be used.
    func open() throws -> (registry: Registry, zone: ZoneRules, settings: KuzetSettings?) {
        var problems = ProblemList()
        var loaded: (KuzetSettings?, Registry?) = (nil, nil)
        if let settings {
            let found = KuzetSettings.loadWithRegistry(settings)
            loaded = (found.settings, found.registry)
            problems.append(contentsOf: found.problems)
        }
        let zone: ZoneRules
        do {
            zone = try loaded.0?.zone ?? ZoneFiles.rules(KuzetSettings.defaultZone)
        } catch {
            throw Refusal("time zone \(KuzetSettings.defaultZone): \(error)")
        }
        if let registry {
            let found = RegistryFiles.load(folder: registry, zone: zone)
            loaded.1 = found.registry
            problems.append(contentsOf: found.problems)
        }
        for problem in problems.sorted { Messages.say("\(problem)") }
        guard let registry = loaded.1, !problems.hasErrors else {
            throw Refusal("the registry cannot be used: nothing was changed")
        }
        return (registry, zone, loaded.0)
    }

    /// Enters an event into the ledger's journal, also while another process writes the ledger.
    func enter(_ event: JournalEvent, by actor: String) throws -> JournalEntry {
        try Ledger.enter(event, by: actor, into: ledgerPath())
    }

    /// Opens the ledger; ends the command with status 2 if it cannot be opened.
    func openLedger(_ access: Ledger.Access) throws -> Ledger {
        do {
            return try Ledger.open(ledgerPath(), access: access)
        } catch {
            throw Refusal("\(error)")
        }
    }

    private func ledgerPath() throws -> String {
        var path = ledger
        if path == nil, let settings {
            let found = KuzetSettings.load(settings)
            for problem in found.problems.sorted { Messages.say("\(problem)") }
            path = found.settings?.ledger?.path
        }
        guard let path else { throw Refusal("no ledger is named: give --ledger FILE") }
        return path
    }
}

/// A command that does nothing because of what it was given: a sentence, and exit status 2.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Sentences for the person at the terminal, on standard error.
enum Messages {
    static func say(_ line: String) {
        let sink = ByteSink(descriptor: STDERR_FILENO)
        sink.write(line + "\n")
        sink.flush()
    }

    /// Does what a command does; what it refuses is said, and ends it with status 2.
    static func refusing(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let refusal as Refusal {
            say("kuzet: \(refusal)")
            throw ExitCode(2)
        } catch let fault as LedgerFault {
            say("kuzet: \(fault)")
            throw ExitCode(2)
        } catch let fault as TruthFault {
            say("kuzet: \(fault)")
            throw ExitCode(2)
        }
    }
}
