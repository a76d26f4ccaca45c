// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// The tables `observation` (rows of open hours), `observation_block` (closed hours) and
/// `observation_day` (days that are over).
enum ObservationStore {
    /// What became of a record.
    enum Outcome: Hashable {
        case stored
        /// The very same record is there.
        case known
        /// Another record of the same view and start, or another body under the same identity.
        case refused(QuarantineReason)
    }

    /// Keeps a record unless its view has one with that start.
    static func store(
        _ row: ObservationRow, in database: Database, _ state: inout WriterState
    ) throws -> Outcome {
        let hour = ObservationBlock.hour(of: row.start)
        if hour < state.prunedThrough, try isGone(hour, view: row.view, in: database, &state) {
            return .refused(.tooLate)
        }
        if hour < state.closedThrough,
            let kept = try blockRow(of: row, hour: hour, in: database, &state)
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
        _ hour: Int64, view: Int64, in database: Database, _ state: inout WriterState
    ) throws -> Bool {
        let key = BlockStretch.hour(hour, view: view).key
        if let last = state.lastGone, last.key == key { return last.isGone }
        let isThere = try Bool.fetchOne(
            try database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM observation_block WHERE key = ?)
                    OR EXISTS (SELECT 1 FROM observation_day WHERE key = ?)
                    """),
            arguments: [key, BlockStretch.day(RollupStore.floor(hour, 24), view: view).key])
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
        _ row: ObservationRow, in database: Database, _ state: inout WriterState
    ) throws -> ObservationRow? {
        if let open = try openRow(view: row.view, start: row.start, in: database) { return open }
        return try blockRow(
            of: row, hour: ObservationBlock.hour(of: row.start), in: database, &state)
    }

    static func compare(_ row: ObservationRow, with kept: ObservationRow) -> Outcome {
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
        of row: ObservationRow, hour: Int64, in database: Database, _ state: inout WriterState
    ) throws -> ObservationRow? {
        let last = state.lastBlock?.stretch
        if last?.view != row.view || last?.contains(hour: hour) != true {
            state.lastBlock = try block(
                hour: hour, view: row.view, in: database, by: state.zstandard)
        }
        return state.lastBlock?.row(startingAt: row.start)
    }

    /// The block that has an hour: of its day, or of itself; nil if there is none.
    static func block(
        hour: Int64, view: Int64, in database: Database, by zstandard: Zstandard
    ) throws -> ObservationBlock? {
        let day = BlockStretch.day(RollupStore.floor(hour, 24), view: view)
        return try block(day, in: database, by: zstandard)
            ?? block(.hour(hour, view: view), in: database, by: zstandard)
    }

    /// The block of a stretch; nil if there is none.
    static func block(
        _ stretch: BlockStretch, in database: Database, by zstandard: Zstandard
    ) throws -> ObservationBlock? {
        guard let packed = try packed(stretch, in: database) else { return nil }
        return try ObservationBlock(stretch, packed: packed, by: zstandard)
    }

    private static func packed(
        _ stretch: BlockStretch, in database: Database
    ) throws -> [UInt8]? {
        let select = try database.cachedStatement(
            sql: "SELECT body FROM \(stretch.table.name) WHERE key = ?")
        return try Blob.fetchOne(select, arguments: [stretch.key])?.octets
    }

    /// Writes a block in place of what was there.
    static func put(
        _ block: ObservationBlock, in database: Database, by zstandard: Zstandard
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO \(block.stretch.table.name) (key, body) VALUES (?, ?)
                """)
        insert.setUncheckedArguments([
            block.stretch.key, Blob(try block.packed(by: zstandard)),
        ])
        try insert.execute()
    }

    /// Removes a block.
    static func delete(_ stretch: BlockStretch, in database: Database) throws {
        try database.cachedStatement(
            sql: "DELETE FROM \(stretch.table.name) WHERE key = ?"
        ).execute(arguments: [stretch.key])
    }

    /// The rows of a view outside of blocks that begin in `start ..< end`, by start.
    static func openRows(
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
    ///
    /// - Parameter since: blocks that lie before it, and so do all that they hold, may be left out.
    static func visit(
        view: Int64, from start: Int64, to end: Int64, since: Int64, in database: Database,
        by zstandard: Zstandard, _ body: (Observation) -> Void
    ) throws -> Bool {
        var hasBlocks = false
        let hours = ObservationBlock.hour(of: start)...ObservationBlock.hour(of: end)
        try visitStretches(of: view, hours, in: database) { stretch in
            if stretch.end <= since,
                let latest = try latestEnd(stretch, in: database), latest <= since
            {
                return true
            }
            guard let packed = try packed(stretch, in: database) else { return false }
            hasBlocks = true
            try ObservationBlock.visit(
                from: start, to: end, stretch, packed: packed, by: zstandard, body)
            return true
        }
        let rows = try openRows(view: view, from: start, to: end, in: database)
        for row in rows { body(try row.observation()) }
        return hasBlocks && !rows.isEmpty
    }

    private static func latestEnd(
        _ stretch: BlockStretch, in database: Database
    ) throws -> Int64? {
        let select = try database.cachedStatement(
            sql: "SELECT substr(body, 1, ?) FROM \(stretch.table.name) WHERE key = ?")
        let begin = try Blob.fetchOne(
            select, arguments: [ObservationBlock.prefix, stretch.key])
        return try begin.flatMap { try ObservationBlock.latestEnd(stretch, packed: $0.octets) }
    }

    /// Goes over the stretches of a view in these hours that may have a block, by time: each day,
    /// and its hours where `visit` says that there is none of the day.
    static func visitStretches(
        of view: Int64, _ hours: ClosedRange<Int64>, in database: Database,
        _ visit: (BlockStretch) throws -> Bool
    ) throws {
        let hasDays = try hasDays(database)
        let hours = try blocks(in: hours, hasDays, in: database)
        guard let first = hours.first, let last = hours.last else { return }
        for day in RollupStore.floor(first, 24)...RollupStore.floor(last, 24) {
            if hasDays, try visit(.day(day, view: view)) { continue }
            for hour in max(first, day * 24)...min(last, day * 24 + 23) {
                _ = try visit(.hour(hour, view: view))
            }
        }
    }

    /// Whether there is a table of days: not in a ledger of schema 1 that is only read.
    static func hasDays(_ database: Database) throws -> Bool {
        let select = try database.cachedStatement(sql: "PRAGMA user_version")
        return try Int.fetchOne(select) ?? 0 >= 2
    }

    /// The hours of a range that may have blocks.
    private static func blocks(
        in wanted: ClosedRange<Int64>, _ hasDays: Bool, in database: Database
    ) throws -> Range<Int64> {
        let days =
            hasDays
            ? """
            , ((SELECT min(key) FROM observation_day) >> 32) * 24,
                ((SELECT max(key) FROM observation_day) >> 32) * 24 + 23
            """ : ", NULL, NULL"
        let select = try database.cachedStatement(
            sql: """
                SELECT (SELECT min(key) FROM observation_block) >> 32,
                    (SELECT max(key) FROM observation_block) >> 32\(days)
                """)
        guard let bounds = try Row.fetchOne(select) else { return 0..<0 }
        let lows = [bounds[0], bounds[2]] as [Int64?]
        let highs = [bounds[1], bounds[3]] as [Int64?]
        guard let low = lows.compactMap(\.self).min(), let high = highs.compactMap(\.self).max()
        else { return 0..<0 }
        let from = max(wanted.lowerBound, low)
        return from..<max(from, min(wanted.upperBound, high) + 1)
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
    /// It is of a time that the ledger's clock has not come to.
    case future
}

extension ObservationRow {
    /// Reads a row of the columns view, start, source, sequence, body.
    init(_ row: Row) throws {
        try self.init(
            view: try row.read(0), start: try row.read(1), source: try row.read(2),
            sequence: UInt64(bitPattern: try row.read(3) as Int64),
            body: (try row.read(4) as Blob).octets)
    }
}
