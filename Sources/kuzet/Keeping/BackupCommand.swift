// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ledger

/// `kuzet backup`: a copy of a ledger, also while it is written.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the ledger to a file and verifies the copy.")

    @OptionGroup var keeping: KeepingArguments

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    func run() throws {
        try Messages.refusing {
            let ledger = try keeping.openLedger(.readOnly)
            try ledger.backup(to: file)
            Decision.tell("\(file): a verified copy of \(ledger.path)")
        }
    }
}

/// `kuzet restore`: a backup becomes the ledger again.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Puts a backup in the ledger's place after looking at it.")

    @Argument(help: "The backup.", completion: .file())
    var file: String

    @Option(help: "Where the ledger shall be.", completion: .file())
    var ledger: String

    @Flag(help: "Replace a ledger that is there.")
    var force = false

    func run() throws {
        try Messages.refusing {
            try Ledger.restore(from: file, to: ledger, force: force)
            Decision.tell("\(ledger): restored from \(file)")
        }
    }
}
