// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// Records put aside in one transaction: kept in `quarantine`, counted, and told to the journal.
struct Refusals {
    private var counts: [QuarantineReason: Int] = [:]
    private var first: [QuarantineReason: RecordIdentity] = [:]

    /// Puts a record aside.
    mutating func put(
        _ row: ObservationRow, _ identity: RecordIdentity, _ reason: QuarantineReason,
        in database: Database
    ) throws {
        guard try !Refusals.isHeld(row, in: database) else { return }
        try database.execute(
            sql: """
                INSERT INTO quarantine (reason, view, start, source, sequence, body)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                reason.rawValue, row.view, row.start, row.source,
                Int64(bitPattern: row.sequence), Blob(row.body),
            ])
        counts[reason, default: 0] += 1
        if first[reason] == nil { first[reason] = identity }
    }

    /// Counts them, and writes an entry for each reason that speaks of a contradiction.
    func note(in database: Database, at: Instant) throws {
        for (reason, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try Tally.add(count, to: "quarantined-" + reason.rawValue, in: database)
            // The same said twice contradicts nothing.
            guard reason != .repeated, let identity = first[reason] else { continue }
            try JournalChain.append(
                .conflictQuarantined(
                    count: count,
                    first: "\(identity.node)/\(identity.epoch)/\(identity.sequence)",
                    reason: reason.rawValue), by: Ledger.program, at: at, to: database)
        }
    }

    /// Whether this very record was put aside before.
    static func isHeld(_ row: ObservationRow, in database: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT view, start, source, sequence, body FROM quarantine
                WHERE source = ? AND sequence = ?
                """, arguments: [row.source, Int64(bitPattern: row.sequence)])
        return try rows.contains { try ObservationRow($0) == row }
    }
}
