// SPDX-License-Identifier: Apache-2.0
import Agreements
import ArgumentParser
import Glibc
import Ledger
import Registry
import Settings
import Timekeeping

/// `kuzet maintenance`: planned works (¶16.2, ¶17.2), kept in the journal.
struct MaintenanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Enters, lists and ends planned works.",
        discussion: """
            Downtime under planned works counts against the 50 hours (A2.7.5) and pages nobody. \
            A work that is entered after it began is shown as entered after the fact.
            """,
        subcommands: [Add.self, List.self, End.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Enters a planned work.")

        @OptionGroup var keeping: KeepingArguments
        @OptionGroup var when: RangeArguments

        @Option(help: "What is worked on: camera:ID, site:ID, channel:ID, party:ID or all.")
        var scope: String

        @Option(help: "What is done, in a few words.")
        var what: String

        @Option(help: "Who enters it.")
        var by: String = Decision.user

        func run() throws {
            try Messages.refusing {
                let (registry, zone, _) = try keeping.open()
                let scope = try Decision.scope(scope, in: registry)
                let range = try when.range(in: zone)
                // The ledger gives the number.
                let asked = PlannedWork(
                    id: "", scope: scope, range: range,
                    what: try Decision.text(what, of: "--what"), enteredBy: by,
                    enteredAt: Ledger.wallClock())
                let entry = try keeping.enter(.workAdded(asked), by: by)
                guard case .workAdded(let work) = entry.event else { return }
                let mark = work.isAfterTheFact ? ", entered after the fact" : ""
                Decision.tell(
                    "\(work.id): \(zone.text(range.start)) to \(zone.text(range.end))\(mark)")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists planned works.")

        @OptionGroup var keeping: KeepingArguments

        func run() throws {
            try Messages.refusing {
                let zone = try keeping.zone()
                let ledger = try keeping.openLedger(.readOnly)
                for work in try ledger.works() {
                    var line = "\(work.id)  \(zone.text(work.range.start)) to "
                    line += "\(zone.text(work.range.end))  \(Decision.text(work.scope))"
                    line += "  \(work.what) (\(work.enteredBy))"
                    if let ended = work.endedEarlyAt { line += "  ended \(zone.text(ended))" }
                    if work.isAfterTheFact { line += "  entered after the fact" }
                    Decision.tell(line)
                }
            }
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a planned work now, or calls off one that has not begun.")

        @OptionGroup var keeping: KeepingArguments

        @Argument(help: "The work, such as work-7.")
        var id: String

        @Option(help: "Who ends it.")
        var by: String = Decision.user

        func run() throws {
            try Messages.refusing {
                let zone = try keeping.zone()
                let ledger = try keeping.openLedger(.readOnly)
                guard let work = try ledger.works().first(where: { $0.id == id }) else {
                    throw Refusal(
                        "\(id.prefix(64)): no such work; `kuzet maintenance list` lists them")
                }
                let now = Ledger.wallClock()
                guard work.coveredRange.map({ now < $0.end }) ?? false else {
                    throw Refusal("\(id): has ended already")
                }
                try ledger.close()
                _ = try keeping.enter(.workEnded(id: id, at: now), by: by)
                Decision.tell("\(id): ended \(zone.text(now))")
            }
        }
    }
}

/// A stretch of time on the command line.
struct RangeArguments: ParsableArguments {
    @Option(help: "When it begins, such as 2026-10-05T22:00+05:00.")
    var from: String

    @Option(help: "When it ends.")
    var to: String

    func range(in zone: ZoneRules) throws -> TimeRange {
        let text = "\(from)..\(to)"
        do {
            return try Period(parsing: text, zone: zone).range(in: zone)
        } catch {
            throw Refusal("--from, --to: \(error)")
        }
    }
}

/// What the commands that enter people's decisions have in common.
enum Decision {
    /// The name that the system knows the person by.
    static var user: String {
        guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
            return "uid-\(getuid())"
        }
        return unsafe String(cString: name)
    }

    /// Longest sentence that a person may enter, octets.
    static let longestText = 1000

    /// A sentence that is not empty, not too long and without control characters.
    static func text(_ text: String, of option: String) throws -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= longestText, isPlain else {
            throw Refusal(
                "\(option): got \(text.prefix(64).debugDescription);"
                    + " expected a sentence of 1 to \(longestText) octets")
        }
        return text
    }

    /// Reads `camera:ID` and the like, and looks whether the registry has it.
    static func scope(_ text: String, in registry: Registry) throws -> Scope {
        if text == "all" { return .all }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            switch parts[0] {
            case "camera":
                if let id = CameraID(parts[1]), registry.camera(id) != nil { return .camera(id) }
            case "site":
                if let id = SiteID(parts[1]), registry.site(id) != nil { return .site(id) }
            case "channel":
                if let id = ChannelID(parts[1]), registry.channel(id) != nil { return .channel(id) }
            case "party":
                if let id = PartyID(parts[1]), registry.party(id) != nil { return .party(id) }
            default: break
            }
        }
        throw Refusal(
            "--scope: got \(text.prefix(64).debugDescription); expected camera:ID, site:ID,"
                + " channel:ID or party:ID of the registry, or all")
    }

    static func text(_ scope: Scope) -> String {
        switch scope {
        case .camera(let id): "camera:\(id)"
        case .site(let id): "site:\(id)"
        case .channel(let id): "channel:\(id)"
        case .party(let id): "party:\(id)"
        case .all: "all"
        }
    }

    static func tell(_ line: String) {
        let sink = ByteSink(descriptor: STDOUT_FILENO)
        sink.write(PrintableText.shown(line, ascii: false) + "\n")
        sink.flush()
    }
}
