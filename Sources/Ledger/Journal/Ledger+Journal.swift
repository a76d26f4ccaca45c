// SPDX-License-Identifier: Apache-2.0
public import Agreements
import GRDB
public import Timekeeping

extension Ledger {
    /// Enters an event into the journal; it can never be changed or taken out again.
    ///
    /// - Parameters:
    ///   - actor: who caused it: a person's name as it was given, or `kuzet`.
    ///   - at: when; nil takes the clock.
    @discardableResult
    public func append(
        _ event: JournalEvent, by actor: String, at: Instant? = nil
    ) throws(LedgerFault) -> JournalEntry {
        let path = path
        let at = at ?? clock()
        return try write("writing to the journal") { database, _ in
            let entry = try JournalChain.append(event, by: actor, at: at, to: database)
            guard entry.text.utf8.count <= JournalEntry.longest else {
                throw LedgerFault(
                    .beyondLimit, path,
                    "an entry of the journal has \(entry.text.utf8.count) octets, more than "
                        + "\(JournalEntry.longest)", remedy: "shorten its text")
            }
            return entry
        }
    }

    /// The entries at these places, those that there are.
    public func entries(
        in places: ClosedRange<Int64> = 1...Int64.max
    ) throws(LedgerFault) -> [JournalEntry] {
        try read("reading the journal") { database in
            try Self.entries(
                database, where: "entry BETWEEN ? AND ?",
                [places.lowerBound, places.upperBound])
        }
    }

    /// Looks at every entry: any edit, removal or change of order is found and the first bad
    /// entry named; with a checkpoint from elsewhere also a tail that was cut off or rewritten.
    ///
    /// A chain alone cannot show that: keep checkpoints on another machine.
    public func verify(
        against checkpoint: Checkpoint? = nil
    ) throws(LedgerFault) -> JournalVerdict {
        try read("verifying the journal") { database in
            try JournalChain.verify(database, from: 1, checkpoint: checkpoint)
        }
    }

    /// The planned works, in the order in which they were entered, as the journal leaves them.
    public func works() throws(LedgerFault) -> [PlannedWork] {
        let entries = try entries(named: ["work-added", "work-ended"])
        var works: [PlannedWork] = []
        for entry in entries {
            switch entry.event {
            case .workAdded(let work): works.append(work)
            case .workEnded(let id, let at):
                guard let place = works.lastIndex(where: { $0.id == id }) else { continue }
                works[place].endedEarlyAt = min(works[place].endedEarlyAt ?? at, at)
            default: continue
            }
        }
        return works
    }

    /// The exclusions, in the order in which they were entered, revoked ones among them.
    public func exclusions() throws(LedgerFault) -> [Exclusion] {
        let entries = try entries(named: ["exclusion-added", "exclusion-revoked"])
        var exclusions: [Exclusion] = []
        for entry in entries {
            switch entry.event {
            case .exclusionAdded(let exclusion): exclusions.append(exclusion)
            case .exclusionRevoked(let id, let at, let by):
                guard let place = exclusions.lastIndex(where: { $0.id == id }),
                    exclusions[place].isInForce
                else { continue }
                exclusions[place].revokedAt = at
                exclusions[place].revokedBy = by
            default: continue
            }
        }
        return exclusions
    }

    /// The reports that were issued, in that order.
    public func issuedReports() throws(LedgerFault) -> [IssuedReport] {
        try entries(named: ["report-issued"]).compactMap { entry in
            guard case .reportIssued(let report) = entry.event else { return nil }
            return report
        }
    }

    private func entries(named names: [String]) throws(LedgerFault) -> [JournalEntry] {
        let condition = names.map { _ in "instr(text, ?) > 0" }.joined(separator: " OR ")
        let found = try read("reading the journal") { database in
            try Self.entries(
                database, where: condition,
                StatementArguments(names.map { "\"event\":\"\($0)\"" }))
        }
        // A text may quote what looks like another event; the event itself decides.
        return found.filter { names.contains($0.event.written.name) }
    }

    static func entries(
        _ database: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> [JournalEntry] {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT text, hash FROM journal WHERE \(condition) ORDER BY entry",
            arguments: arguments)
        var entries: [JournalEntry] = []
        while let row = try rows.next() {
            guard let hash = JournalHash(octets: (try row.read("hash") as Blob).octets),
                let entry = JournalEntry(text: try row.read("text"), hash: hash)
            else { throw PackingFault.outOfRange(field: "entry of the journal", offset: 0) }
            entries.append(entry)
        }
        return entries
    }
}
