// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Measurements
public import Timekeeping

extension Ledger {
    /// Rows looked at in one transaction (chosen: a quarter of a second).
    private static let rowsAtOnce = 4_096
    /// Blocks of hours looked at in one transaction, whose minutes may have to be made; of days,
    /// a 24th.
    private static let hoursAtOnce = 192
    /// Pages given back in one step, 4 MB, so that nobody waits long.
    private static let pagesAtOnce = 1_024

    /// Deletes what is older than `retention` says, and gives its room back to the disk.
    ///
    /// Observations go only when they are packed and rolled up and every uplink has passed them;
    /// a camera's last checkpoint before them stays. The journal is never shortened.
    @discardableResult
    public func prune(
        now: Instant, retention: Retention = Retention()
    ) throws(LedgerFault) -> Pruning {
        var pruning = Pruning()
        let rollups = Self.hour(now, days: retention.rollups)
        for table in BlockTable.allCases {
            try pruneObservations(
                table, before: Self.hour(now, days: retention.observations),
                minutesFrom: rollups, &pruning)
        }
        for level in RollupStore.Level.allCases {
            try pruneRollups(level, before: rollups, &pruning)
        }
        try pruneConditions(
            before: Self.hour(now, days: retention.conditions)
                * ObservationBlock.hourNanoseconds,
            checkpointsBefore: Self.hour(now, days: retention.observations)
                * ObservationBlock.hourNanoseconds, &pruning)
        pruning.quarantined = try pruneQuarantine(
            before: now.advanced(byNanoseconds: -Int64(retention.quarantine) * Self.day))
        pruning.pages = try giveBack()
        return pruning
    }

    /// Notes that an uplink's other side has committed a source's records up to `sequence`;
    /// with 0 that the uplink exists and has passed nothing.
    public func note(
        uplink: String, passed sequence: UInt64, of node: NodeID, epoch: Epoch
    ) throws(LedgerFault) {
        try write("keeping an uplink's place") { database, state in
            let source = try state.source(node: node, epoch: epoch, in: database)
            try database.execute(
                sql: """
                    INSERT INTO uplink (name, source, passed) VALUES (?, ?, ?)
                    ON CONFLICT (name, source) DO UPDATE SET passed = max(passed, excluded.passed)
                    """, arguments: [uplink, source, Int64(bitPattern: sequence & .max >> 1)])
        }
    }

    private static func hour(_ now: Instant, days: Int) -> Int64 {
        let (length, overflow) = Int64(days).multipliedReportingOverflow(
            by: 24 * ObservationBlock.hourNanoseconds)
        return ObservationBlock.hour(
            of: now.advanced(byNanoseconds: overflow ? .min : -length).nanoseconds)
    }

    private func pruneObservations(
        _ table: BlockTable, before hour: Int64, minutesFrom: Int64, _ pruning: inout Pruning
    ) throws(LedgerFault) {
        var from = Int64.min
        while true {
            let start = from
            let step = try write("deleting old observations") { database, state in
                try Self.pruneBlocks(
                    table, database, &state, from: start, before: hour, minutesFrom: minutesFrom)
            }
            pruning.observationBlocks += step.deleted
            pruning.waiting += step.waiting
            guard let next = step.next else { return }
            from = next
        }
    }

    /// One transaction's part; `next` is the key to go on from.
    private static func pruneBlocks(
        _ table: BlockTable, _ database: Database, _ state: inout WriterState, from: Int64,
        before hour: Int64, minutesFrom: Int64
    ) throws -> (deleted: Int, waiting: Int, next: Int64?) {
        let end = table.key(RollupStore.floor(hour, table.hours), view: 0)
        let limit = hoursAtOnce / Int(table.hours)
        let keys = try Int64.fetchAll(
            database,
            sql: """
                SELECT key FROM \(table.name) WHERE key >= ? AND key < ? ORDER BY key LIMIT ?
                """, arguments: [from, end, limit])
        let passed = try UplinkPlaces(database)
        var (deleted, waiting) = (0, 0)
        for key in keys {
            let stretch = BlockStretch(table: table, key: key)
            // Late rows beside the block are packed with it first.
            let isOpen = try Bool.fetchOne(
                try database.cachedStatement(
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM observation
                            WHERE view = ? AND start >= ? AND start < ?)
                        """), arguments: [stretch.view, stretch.start, stretch.end])
            if isOpen == true { continue }
            guard
                let block = try ObservationStore.block(
                    stretch, in: database, by: state.zstandard)
            else { continue }
            guard passed.isEmpty || block.rows.allSatisfy({ passed.havePassed($0) }) else {
                waiting += 1
                continue
            }
            if stretch.firstHour + stretch.hours > minutesFrom {
                try RollupStore.keepMinutes(of: block, in: database, by: state.zstandard)
            }
            try ObservationStore.delete(stretch, in: database)
            deleted += 1
        }
        (state.lastGone, state.lastBlock) = (nil, nil)
        if hour > state.prunedThrough, keys.count < limit || deleted > 0 {
            state.prunedThrough = hour
            try Property.set(Property.prunedThrough, to: String(hour), in: database)
        }
        let next = keys.count < limit ? nil : keys.last.map { $0 + 1 }
        return (deleted, waiting, next)
    }

    private func pruneRollups(
        _ level: RollupStore.Level, before hour: Int64, _ pruning: inout Pruning
    ) throws(LedgerFault) {
        // Whole periods only: a span goes when its last hour is old enough.
        let period = RollupStore.floor(hour, level.hours)
        let range = (
            level.rawValue << 60, RollupStore.key(level, period: period, view: 0)
        )
        var count: Int
        repeat {
            count = try write("deleting old roll-ups") { database, _ in
                try database.execute(
                    sql: """
                        DELETE FROM rollup_block WHERE key IN (SELECT key FROM rollup_block
                            WHERE key >= ? AND key < ? LIMIT ?)
                        """, arguments: [range.0, range.1, Self.rowsAtOnce])
                return database.changesCount
            }
            pruning.rollupBlocks += count
        } while count == Self.rowsAtOnce
    }

    private func pruneConditions(
        before end: Int64, checkpointsBefore: Int64, _ pruning: inout Pruning
    ) throws(LedgerFault) {
        let cameras = try read("reading cameras") { database in
            try Int64.fetchAll(database, sql: "SELECT key FROM camera ORDER BY key")
        }
        for first in stride(from: 0, to: cameras.count, by: Self.rowsAtOnce) {
            let part = cameras[first..<min(cameras.count, first + Self.rowsAtOnce)]
            let counts = try write("deleting old conditions") { database, _ in
                var counts = (conditions: 0, checkpoints: 0)
                for camera in part {
                    try database.cachedStatement(
                        sql: "DELETE FROM condition WHERE camera = ? AND start < ? AND end <= ?"
                    ).execute(arguments: [camera, end, end])
                    counts.conditions += database.changesCount
                    // The last one before stays: late data of the first hour begins there.
                    try database.cachedStatement(
                        sql: """
                            DELETE FROM checkpoint WHERE camera = ?1 AND at < (
                                SELECT max(at) FROM checkpoint WHERE camera = ?1 AND at <= ?2)
                            """
                    ).execute(arguments: [camera, checkpointsBefore])
                    counts.checkpoints += database.changesCount
                }
                return counts
            }
            pruning.conditions += counts.conditions
            pruning.checkpoints += counts.checkpoints
        }
    }

    private static let day = 24 * ObservationBlock.hourNanoseconds

    /// Those of the future stay: nobody has kept them yet.
    private func pruneQuarantine(before: Instant) throws(LedgerFault) -> Int {
        try write("deleting what was put aside") { database, state in
            try database.execute(
                sql: "DELETE FROM quarantine WHERE at < ? AND reason <> ?",
                arguments: [before.nanoseconds, QuarantineReason.future.rawValue])
            let count = database.changesCount
            guard count > 0 else { return 0 }
            try Tally.add(count, to: Refusals.expiredTally, in: database)
            state.quarantined -= count
            state.hasForgottenQuarantined = true
            return count
        }
    }

    /// Gives unused pages back to the disk, step by step; how many.
    func giveBack() throws(LedgerFault) -> Int {
        var given = 0
        while true {
            let step = try maintain("giving room back") { database in
                let before = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
                guard before > 0 else { return 0 }
                // The statement gives one page back for each of its rows.
                let rows = try Row.fetchCursor(
                    database, sql: "PRAGMA incremental_vacuum(\(Self.pagesAtOnce))")
                while try rows.next() != nil {}
                let after = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
                return before - after
            }
            guard step > 0 else { return given }
            given += step
        }
    }
}

extension RollupStore.Level {
    /// Hours of a period.
    fileprivate var hours: Int64 {
        switch self {
        case .minutesOfHour, .hour: 1
        case .minutesOfDay: 24
        case .hoursOfSpan, .daysOfSpan: RollupStore.hoursOfSpan
        }
    }
}

/// How far each uplink has passed each source on.
private struct UplinkPlaces {
    private var places: [String: [Int64: UInt64]] = [:]

    init(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT name, source, passed FROM uplink") {
            places[try row.read("name"), default: [:]][try row.read("source")] =
                UInt64(bitPattern: try row.read("passed") as Int64)
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// Whether every uplink has passed the record on.
    func havePassed(_ row: ObservationRow) -> Bool {
        places.values.allSatisfy { ($0[row.source] ?? 0) >= row.sequence }
    }
}
