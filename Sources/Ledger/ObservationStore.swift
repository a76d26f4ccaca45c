// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// The tables `observation` (rows of open hours) and `observation_block` (closed hours).
enum ObservationStore {
    /// What became of a record.
    enum Outcome: Hashable {
        case stored
        /// The very same record is there.
        case known
        /// Another record of the same view and start, or another body under the same identity.
        case refused(QuarantineReason)
    }

    /// The key of an hour's block.
    static func blockKey(hour: Int64, view: Int64) -> Int64 { hour << 32 | view }
    /// The hour of a block's key.
    static func hour(ofKey key: Int64) -> Int64 { key >> 32 }
    /// The view of a block's key.
    static func view(ofKey key: Int64) -> Int64 { key & 0xffff_ffff }

    /// Keeps a record unless its view has one with that start.
    static func store(
        _ row: ObservationRow, in database: Database, _ state: WriterState
    ) throws -> Outcome {
        let hour = ObservationBlock.hour(of: row.start)
        if hour < state.prunedThrough, try isGone(hour, view: row.view, in: database, state) {
            return .refused(.tooLate)
        }
        if hour < state.closedThrough,
            let kept = try blockRow(of: row, hour: hour, in: database, state)
        {
            return compare(row, with: kept)
        }
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO observation (view, start, source, sequence, body)
                VALUES (?, ?, ?, ?, ?)
                """)
        insert.setUncheckedArguments([
            row.view, row.start, row.source, Int64(bitPattern: row.sequence), Blob(row.body),
        ])
        try insert.execute()
        if database.changesCount > 0 {
            try state.note(
                length: row.values[ObservationField.length.rawValue], in: database)
            return .stored
        }
        guard let kept = try openRow(view: row.view, start: row.start, in: database) else {
            throw PackingFault.wrongKey
        }
        return compare(row, with: kept)
    }

    /// Whether an hour had a block that was deleted: its roll-ups are there and it is not.
    static func isGone(
        _ hour: Int64, view: Int64, in database: Database, _ state: WriterState
    ) throws -> Bool {
        let key = blockKey(hour: hour, view: view)
        if let last = state.lastGone, last.key == key { return last.isGone }
        let isThere = try Bool.fetchOne(
            try database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM observation_block WHERE key = ?)"),
            arguments: [key])
        var isGone = false
        if isThere != true {
            isGone = try RollupStore.rollups(
                view: view, step: .hour, hours: hour...hour, in: database, by: state.zstandard
            ).contains { ObservationBlock.hour(of: $0.range.start.nanoseconds) == hour }
        }
        state.lastGone = (key, isGone)
        return isGone
    }

    /// The record of this view and start, wherever it is; nil if there is none.
    static func find(
        _ row: ObservationRow, in database: Database, _ state: WriterState
    ) throws -> ObservationRow? {
        if let open = try openRow(view: row.view, start: row.start, in: database) { return open }
        return try blockRow(
            of: row, hour: ObservationBlock.hour(of: row.start), in: database, state)
    }

    private static func compare(_ row: ObservationRow, with kept: ObservationRow) -> Outcome {
        let isSameIdentity = row.source == kept.source && row.sequence == kept.sequence
        let isSameBody = row.saysTheSame(as: kept)
        if isSameIdentity { return isSameBody ? .known : .refused(.sameIdentity) }
        return .refused(isSameBody ? .repeated : .sameInterval)
    }

    private static func openRow(
        view: Int64, start: Int64, in database: Database
    ) throws -> ObservationRow? {
        let select = try database.cachedStatement(
            sql: """
                SELECT view, start, source, sequence, body FROM observation
                WHERE view = ? AND start = ?
                """)
        guard let row = try Row.fetchOne(select, arguments: [view, start]) else { return nil }
        return try ObservationRow(row)
    }

    private static func blockRow(
        of row: ObservationRow, hour: Int64, in database: Database, _ state: WriterState
    ) throws -> ObservationRow? {
        if state.lastBlock?.hour != hour || state.lastBlock?.view != row.view {
            state.lastBlock = try block(
                hour: hour, view: row.view, in: database, by: state.zstandard)
        }
        return state.lastBlock?.rows.first { $0.start == row.start }
    }

    /// The block of an hour; nil if there is none.
    static func block(
        hour: Int64, view: Int64, in database: Database, by zstandard: Zstandard
    ) throws -> ObservationBlock? {
        let select = try database.cachedStatement(
            sql: "SELECT body FROM observation_block WHERE key = ?")
        guard
            let blob = try Blob.fetchOne(select, arguments: [blockKey(hour: hour, view: view)])
        else { return nil }
        return try ObservationBlock(
            hour: hour, view: view, packed: blob.octets, by: zstandard)
    }

    /// The rows of a view that begin in `start ..< end`, from open and closed hours, by start.
    static func rows(
        view: Int64, from start: Int64, to end: Int64, in database: Database,
        by zstandard: Zstandard
    ) throws -> [ObservationRow] {
        var rows: [ObservationRow] = []
        let (firstHour, lastHour) = (
            ObservationBlock.hour(of: start), ObservationBlock.hour(of: end)
        )
        for hour in try hours(from: firstHour, through: lastHour, in: database) {
            let block = try block(hour: hour, view: view, in: database, by: zstandard)
            rows += block?.rows.filter { $0.start >= start && $0.start < end } ?? []
        }
        let closed = rows.count
        rows += try openRows(view: view, from: start, to: end, in: database)
        // Late rows of closed hours stand beside the block until it is packed again.
        if closed > 0, closed < rows.count { rows.sort { $0.start < $1.start } }
        return rows
    }

    private static func openRows(
        view: Int64, from start: Int64, to end: Int64, in database: Database
    ) throws -> [ObservationRow] {
        let select = try database.cachedStatement(
            sql: """
                SELECT view, start, source, sequence, body FROM observation
                WHERE view = ? AND start >= ? AND start < ? ORDER BY start
                """)
        let open = try Row.fetchCursor(select, arguments: [view, start, end])
        var rows: [ObservationRow] = []
        while let row = try open.next() { rows.append(try ObservationRow(row)) }
        return rows
    }

    /// Hands on the observations of a view that begin in `start ..< end`: those of blocks by start,
    /// then those of rows by start; whether there were both.
    static func visit(
        view: Int64, from start: Int64, to end: Int64, in database: Database,
        by zstandard: Zstandard, _ body: (Observation) -> Void
    ) throws -> Bool {
        let (firstHour, lastHour) = (
            ObservationBlock.hour(of: start), ObservationBlock.hour(of: end)
        )
        let block = try database.cachedStatement(
            sql: "SELECT body FROM observation_block WHERE key = ?")
        var hasBlocks = false
        for hour in try hours(from: firstHour, through: lastHour, in: database) {
            let key = blockKey(hour: hour, view: view)
            guard let blob = try Blob.fetchOne(block, arguments: [key]) else { continue }
            hasBlocks = true
            try ObservationBlock.visit(
                from: start, to: end, hour: hour, view: view, packed: blob.octets, by: zstandard,
                body)
        }
        let rows = try openRows(view: view, from: start, to: end, in: database)
        for row in rows { body(try row.observation()) }
        return hasBlocks && !rows.isEmpty
    }

    /// The hours of a range that may have blocks.
    private static func hours(
        from first: Int64, through last: Int64, in database: Database
    ) throws -> Range<Int64> {
        let bounds = try Row.fetchOne(
            try database.cachedStatement(
                sql: """
                    SELECT (SELECT min(key) FROM observation_block) AS low,
                        (SELECT max(key) FROM observation_block) AS high
                    """))
        guard let low: Int64 = bounds?["low"], let high: Int64 = bounds?["high"] else {
            return 0..<0
        }
        let from = max(first, hour(ofKey: low))
        let end = min(last, hour(ofKey: high)) + 1
        return from..<max(from, end)
    }
}

/// Why a record was put aside; the raw values are stored.
public enum QuarantineReason: String, Hashable, Sendable, CaseIterable {
    /// Its identity is that of a record with another body: a cloned node, or a restored disk.
    case sameIdentity = "same-identity"
    /// Another record of the camera, vantage and start says something else.
    case sameInterval = "same-interval"
    /// Another record of the camera, vantage and start says the same.
    case repeated = "repeated"
    /// Its hour's observations were deleted already, so that the roll-ups cannot be made again.
    case tooLate = "too-late"
}

extension ObservationRow {
    /// Reads a row of the columns view, start, source, sequence, body.
    init(_ row: Row) throws {
        try self.init(
            view: row[0], start: row[1], source: row[2],
            sequence: UInt64(bitPattern: row[3] as Int64), body: (row[4] as Blob).octets)
    }
}
