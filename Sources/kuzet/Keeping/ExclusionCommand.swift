// SPDX-License-Identifier: Apache-2.0
import Agreements
import ArgumentParser
import Ledger
import Timekeeping

/// `kuzet exclusion`: time that does not count, with its reason and document (A2.7.5, ¶18.2).
struct ExclusionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exclusion",
        abstract: "Enters, lists and revokes exclusions: time that does not count.",
        discussion: """
            What is excluded is neither up nor down; it needs a reason, a document and a name, \
            and every report lists it.
            """,
        subcommands: [Add.self, List.self, Revoke.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Enters an exclusion.")

        @OptionGroup var keeping: KeepingArguments
        @OptionGroup var when: RangeArguments

        @Option(help: "What is excluded: camera:ID, site:ID, channel:ID, party:ID or all.")
        var scope: String

        @Option(help: "Why it does not count.")
        var reason: String

        @Option(help: "The document that says so, such as its number and date.")
        var document: String

        @Option(help: "Who enters it.")
        var by: String

        func run() throws {
            try Messages.refusing {
                let (registry, zone, _) = try keeping.open()
                let scope = try Decision.scope(scope, in: registry)
                let range = try when.range(in: zone)
                // The ledger gives the number.
                let asked = Exclusion(
                    id: "", scope: scope, range: range,
                    reason: try Decision.text(reason, of: "--reason"),
                    document: try Decision.text(document, of: "--document"),
                    enteredBy: try Decision.text(by, of: "--by"), enteredAt: Ledger.wallClock())
                let entry = try keeping.enter(.exclusionAdded(asked), by: by)
                guard case .exclusionAdded(let exclusion) = entry.event else { return }
                Decision.tell(
                    "\(exclusion.id): \(zone.text(range.start)) to \(zone.text(range.end))")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists exclusions.")

        @OptionGroup var keeping: KeepingArguments

        func run() throws {
            try Messages.refusing {
                let zone = try keeping.zone()
                let ledger = try keeping.openLedger(.readOnly)
                for exclusion in try ledger.exclusions() {
                    var line = "\(exclusion.id)  \(zone.text(exclusion.range.start)) to "
                    line += "\(zone.text(exclusion.range.end))  \(Decision.text(exclusion.scope))"
                    line += "  \(exclusion.reason), \(exclusion.document) (\(exclusion.enteredBy))"
                    if let at = exclusion.revokedAt { line += "  revoked \(zone.text(at))" }
                    Decision.tell(line)
                }
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revokes an exclusion: its time counts again.")

        @OptionGroup var keeping: KeepingArguments

        @Argument(help: "The exclusion, such as exclusion-2.")
        var id: String

        @Option(help: "Who revokes it.")
        var by: String

        func run() throws {
            try Messages.refusing {
                let zone = try keeping.zone()
                let by = try Decision.text(by, of: "--by")
                let ledger = try keeping.openLedger(.readOnly)
                let found = try ledger.exclusions().first { $0.id == id }
                guard let exclusion = found else {
                    throw Refusal(
                        "\(id.prefix(64)): no such exclusion; `kuzet exclusion list` lists them")
                }
                guard exclusion.isInForce else { throw Refusal("\(id): was revoked already") }
                let now = Ledger.wallClock()
                try ledger.close()
                _ = try keeping.enter(.exclusionRevoked(id: id, at: now, by: by), by: by)
                Decision.tell("\(id): revoked \(zone.text(now))")
            }
        }
    }
}
