// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Joins the blocks of a day's hours into one, when the day is over.
///
/// A day packs better: its columns are long enough for `PlaneColumn`, and a block of forty pages
/// leaves less of its last page empty than one of two.
enum DayJoining {
    /// One transaction's part: joins days before `end` (an hour) from `place` on, until `limit`
    /// rows were joined; `next` is where to go on.
    static func run(
        before end: Int64, from place: Place?, rows limit: Int, in database: Database,
        _ state: inout WriterState
    ) throws -> (joined: Int, next: Place?) {
        let end = RollupStore.floor(end, 24) * 24
        var place = place ?? Place(view: 0, hour: state.joinedThrough)
        var (joined, rows) = (0, 0)
        while rows < limit {
            guard let day = try firstDay(from: place.hour, before: end, in: database) else {
                if end > state.joinedThrough { try state.joined(through: end, in: database) }
                return (joined, nil)
            }
            if day * 24 > place.hour { place = Place(view: 0, hour: day * 24) }
            guard let view = try firstView(of: day, from: place.view, in: database) else {
                place = Place(view: 0, hour: (day + 1) * 24)
                continue
            }
            rows += try join(.day(day, view: view), in: database, by: state.zstandard)
            joined += 1
            place.view = view + 1
        }
        state.lastBlock = nil
        return (joined, place)
    }

    /// The first day that has a block of an hour at or after `hour`.
    private static func firstDay(
        from hour: Int64, before end: Int64, in database: Database
    ) throws -> Int64? {
        let from = hour.multipliedReportingOverflow(by: 1 << 32)
        let key = try Int64.fetchOne(
            try database.cachedStatement(
                sql: """
                    SELECT key FROM observation_block WHERE key >= ? AND key < ?
                    ORDER BY key LIMIT 1
                    """),
            arguments: [
                from.overflow ? .min : from.partialValue, BlockTable.hour.key(end, view: 0),
            ])
        return key.map { RollupStore.floor($0 >> 32, 24) }
    }

    /// The first view from `view` on that has a block of an hour of `day`.
    private static func firstView(
        of day: Int64, from view: Int64, in database: Database
    ) throws -> Int64? {
        let select = try database.cachedStatement(
            sql: """
                SELECT key FROM observation_block WHERE key >= ? AND key < ? ORDER BY key LIMIT 1
                """)
        var first: Int64?
        for hour in day * 24..<day * 24 + 24 {
            let key = try Int64.fetchOne(
                select,
                arguments: [
                    BlockTable.hour.key(hour, view: view), BlockTable.hour.key(hour + 1, view: 0),
                ])
            if let found = key.map({ $0 & 0xffff_ffff }) { first = min(first ?? found, found) }
        }
        return first
    }

    /// Joins one day of one view; how many rows it has.
    private static func join(
        _ day: BlockStretch, in database: Database, by zstandard: Zstandard
    ) throws -> Int {
        var rows: [ObservationRow] = []
        var losses: [Int64] = []
        var hours: [BlockStretch] = []
        for hour in day.firstHour..<day.firstHour + day.hours {
            let stretch = BlockStretch.hour(hour, view: day.view)
            guard let block = try ObservationStore.block(stretch, in: database, by: zstandard)
            else { continue }
            rows += block.rows
            losses += block.maximumLosses
            hours.append(stretch)
            // A block of an hour that is that large packs well by itself.
            guard rows.count <= ObservationBlock.mostRows else { return rows.count }
        }
        guard !rows.isEmpty else { return 0 }
        if let kept = try ObservationStore.block(day, in: database, by: zstandard) {
            // What comes late for a day that is joined is packed with it, so that there is none;
            // were there any, it would not be seen beside the day.
            let starts = Set(kept.rows.map(\.start))
            var all = Array(zip(kept.rows, kept.maximumLosses))
            all += zip(rows, losses).filter { !starts.contains($0.0.start) }
            all.sort { $0.0.start < $1.0.start }
            (rows, losses) = (all.map(\.0), all.map(\.1))
        }
        try ObservationStore.put(
            ObservationBlock(day, rows: rows, maximumLosses: losses), in: database, by: zstandard)
        for hour in hours { try ObservationStore.delete(hour, in: database) }
        return rows.count
    }
}
