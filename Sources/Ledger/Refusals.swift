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
        guard try Refusals.reason(for: row, in: database) == nil else { return }
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

    /// Why this very record was put aside before; nil if it was not.
    static func reason(
        for row: ObservationRow, in database: Database
    ) throws -> QuarantineReason? {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT view, start, source, sequence, body, reason FROM quarantine
                WHERE source = ? AND sequence = ?
                """, arguments: [row.source, Int64(bitPattern: row.sequence)])
        let same = try rows.first { try ObservationRow($0) == row }
        return try same.flatMap { QuarantineReason(rawValue: try $0.read("reason")) }
    }
}
