// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// Records put aside in one transaction: kept in `quarantine`, counted, and told to the journal.
struct Refusals {
    private let at: Instant
    private var counts: [QuarantineReason: Int] = [:]
    private var first: [QuarantineReason: RecordIdentity] = [:]
    private var dropped = 0
    private var isFirstDropped = false

    /// The tally of records that were put aside and are not kept, because there were too many.
    static let droppedTally = "quarantine-dropped"
    /// The tally of records put aside that were deleted when they were old.
    static let expiredTally = "quarantine-expired"

    /// Begins a transaction at an instant.
    init(at: Instant) { self.at = at }

    /// Puts a record aside; if too many are, it is only counted.
    mutating func put(
        _ row: ObservationRow, _ identity: RecordIdentity, _ reason: QuarantineReason,
        in database: Database, _ state: inout WriterState
    ) throws {
        guard try Refusals.reason(for: row, in: database) == nil else { return }
        guard state.quarantined < Ledger.mostInQuarantine else {
            if !state.hasForgottenQuarantined { isFirstDropped = true }
            state.hasForgottenQuarantined = true
            dropped += 1
            return
        }
        try database.execute(
            sql: """
                INSERT INTO quarantine (reason, view, start, source, sequence, body, at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                reason.rawValue, row.view, row.start, row.source,
                Int64(bitPattern: row.sequence), Blob(row.body), at.nanoseconds,
            ])
        state.quarantined += 1
        if reason == .future {
            state.earliestFuture = min(state.earliestFuture ?? row.start, row.start)
        }
        counts[reason, default: 0] += 1
        if first[reason] == nil { first[reason] = identity }
    }

    /// Counts them, and writes an entry for each reason that speaks of a contradiction.
    func note(in database: Database) throws {
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
        guard dropped > 0 else { return }
        try Tally.add(dropped, to: Self.droppedTally, in: database)
        // Once: whoever sends much that contradicts shall not fill the journal instead.
        guard isFirstDropped else { return }
        try JournalChain.append(
            .quarantineFull(kept: Ledger.mostInQuarantine), by: Ledger.program, at: at,
            to: database)
    }

    /// Why this very record was put aside before; nil if it was not.
    static func reason(
        for row: ObservationRow, in database: Database
    ) throws -> QuarantineReason? {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT view, start, source, sequence, body, reason FROM quarantine
                    WHERE source = ? AND sequence = ?
                    """), arguments: [row.source, Int64(bitPattern: row.sequence)])
        let same = try rows.first { try ObservationRow($0) == row }
        return try same.flatMap { QuarantineReason(rawValue: try $0.read("reason")) }
    }
}
