// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Ledger
import Settings
import Timekeeping

/// `kuzet journal`: what people and the program did, and proof that nobody changed it since.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Lists the journal and verifies that nothing in it was changed.",
        subcommands: [List.self, Verify.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the journal's entries, one line of JSON each.")

        @OptionGroup var keeping: KeepingArguments

        func run() throws {
            try Messages.refusing {
                let ledger = try keeping.openLedger(.readOnly)
                for entry in try ledger.entries() { Decision.tell(entry.text) }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Looks for entries changed, removed, put elsewhere or cut off.",
            discussion: """
                Prints the checkpoint of the whole journal. Keep that line where the ledger's \
                keeper cannot reach it: given again with --checkpoint, it shows a tail that was \
                cut off. Exit status 0 if all is sound, 1 if not.
                """)

        @OptionGroup var keeping: KeepingArguments

        @Option(help: "A checkpoint printed before: kuzet-journal NODE ENTRIES HASH.")
        var checkpoint: String?

        func run() throws {
            try Messages.refusing {
                let ledger = try keeping.openLedger(.readOnly)
                var held: Checkpoint?
                if let checkpoint {
                    guard let parsed = Checkpoint(checkpoint) else {
                        throw Refusal(
                            "--checkpoint: got \(checkpoint.prefix(64).debugDescription);"
                                + " expected kuzet-journal NODE ENTRIES HASH")
                    }
                    held = parsed
                }
                let verdict = try ledger.verify(against: held)
                guard let head = verdict.head, verdict.isSound else {
                    Decision.tell(
                        "entry \(verdict.firstBad ?? 0) \(verdict.reason):"
                            + " the journal was changed (\(verdict.entries) entries)")
                    throw ExitCode(1)
                }
                Decision.tell("\(verdict.entries) entries are sound")
                Decision.tell("\(head)")
            }
        }
    }
}
