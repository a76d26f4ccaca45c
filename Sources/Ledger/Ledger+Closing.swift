// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Measurements
public import Registry
public import Timekeeping

extension Ledger {
    /// The loss above which an interval is bad where nothing else was agreed, parts per million:
    /// a fifth (¶A2.1.4).
    public static let usualMaximumLoss = 200_000
    /// Observations packed in one transaction: about half a second, so that a writer that waits
    /// waits no longer (measured).
    private static let rowsAtOnce = 20_000
    /// Cameras and vantages whose roll-ups are joined in one transaction.
    private static let viewsAtOnce = 128
    /// Days of a camera and vantage that one call joins at most: a minute's work.
    ///
    /// What is left is for the next hour's call: a ledger of an earlier version is made over in
    /// some hours.
    private static let daysAtOnce = 4_096
    /// The part of a file that may stay unused when a day was joined: one in so many pages.
    private static let freeShare = 64

    /// Packs the observations of all hours that ended at `bound` or before, and makes their
    /// roll-ups; late observations of hours closed before are packed with the others of the hour,
    /// and its roll-ups are made again.
    ///
    /// Works in steps of one transaction each: whatever stops it, the next call goes on.
    ///
    /// - Parameter maximumLoss: the loss, parts per million, above which an interval of a camera
    ///   at an instant counts as lossy in its roll-up.
    /// - Returns: how many blocks were packed.
    @discardableResult
    public func closeHours(
        before bound: Instant,
        maximumLoss: @escaping (CameraID, Instant) -> Int = { _, _ in Ledger.usualMaximumLoss }
    ) throws(LedgerFault) -> Int {
        let end = ObservationBlock.hour(of: bound.nanoseconds)
        var packed = 0
        var place = Place(view: 0, hour: .min)
        while true {
            let from = place
            let step = try write("closing hours") { database, state in
                if end > state.closedThrough {
                    state.closedThrough = end
                    try Property.set(Property.closedThrough, to: String(end), in: database)
                }
                return try Closing(database, end: end, maximumLoss: maximumLoss)
                    .run(from: from, rows: Self.rowsAtOnce, &state)
            }
            packed += step.packed
            // Who asks for an entry waits a few seconds; a large ledger is closed for longer.
            try takeRequests()
            guard let next = step.next else { break }
            place = next
        }
        try joinDays(before: end)
        try joinRollups(before: end)
        return packed
    }

    private func joinRollups(before end: Int64) throws(LedgerFault) {
        let joins: [(RollupStore.Level, RollupStore.Level, Int64)] = [
            (.minutesOfHour, .minutesOfDay, 24),
            (.hour, .hoursOfSpan, RollupStore.hoursOfSpan),
        ]
        for (single, joined, length) in joins {
            var goesOn = true
            while goesOn {
                goesOn = try write("joining roll-ups") { database, state in
                    try RollupStore.join(
                        single, into: joined, length: length, before: end,
                        limit: Self.viewsAtOnce, in: database, by: state.zstandard)
                }
            }
        }
    }

    /// Packs the hours of days that are over into one block a day, and gives the room back.
    private func joinDays(before end: Int64) throws(LedgerFault) {
        var joined = 0
        var place: Place?
        repeat {
            let from = place
            let step = try write("joining hours to days") { database, state in
                try DayJoining.run(
                    before: end, from: from, rows: Self.rowsAtOnce, in: database, &state)
            }
            joined += step.joined
            place = step.next
            try takeRequests()
        } while place != nil && joined < Self.daysAtOnce
        guard joined > 0 else { return }
        let pages = try read("counting pages") { database in
            (
                free: try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0,
                all: try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            )
        }
        // A little is left for the next hour.
        if pages.free > pages.all / Self.freeShare { _ = try giveBack() }
    }

    /// The roll-ups of a camera that share an instant with `range`, by start and then vantage.
    ///
    /// Hours that are closed have them. Minutes are made when they are asked for, as long as the
    /// observations are kept; before these are deleted they are made for good. What vantages saw of one camera is never added up: with
    /// several, name one.
    public func rollups(
        of camera: CameraID, in range: TimeRange, step: RollupStep, from vantage: VantageID? = nil
    ) throws(LedgerFault) -> [Rollup] {
        try read("reading roll-ups") { database in
            let longest = try Property.number(Property.longest, in: database) ?? 0
            let length: Int64 = step == .day ? 24 * ObservationBlock.hourNanoseconds : 0
            let from = range.start.advanced(byNanoseconds: -(longest + length))
            let hours =
                ObservationBlock.hour(
                    of: from.nanoseconds)...ObservationBlock.hour(
                    of: range.end.nanoseconds)
            guard let zstandard = Zstandard() else {
                throw PackingFault.compression("there is no memory for it")
            }
            var all: [Rollup] = []
            for (view, name) in try Self.views(of: camera, in: database)
            where vantage == nil || vantage == name {
                var found = try RollupStore.rollups(
                    view: view, step: step, hours: hours, in: database, by: zstandard)
                defer { all += found }
                guard step == .minute else { continue }
                let made = Set(found.map { ObservationBlock.hour(of: $0.range.start.nanoseconds) })
                try ObservationStore.visitStretches(of: view, hours, in: database) { stretch in
                    guard
                        let block = try ObservationStore.block(
                            stretch, in: database, by: zstandard)
                    else { return false }
                    let hourly = try HourRollups.make(.minutes, of: block) {
                        hours.contains($0) && !made.contains($0)
                    }
                    for hour in hourly { found += hour.minutes }
                    return true
                }
            }
            // Stable: views come in the order of their vantages.
            return all.filter { $0.range.intersection(range) != nil }
                .enumerated().sorted {
                    ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
                }.map(\.element)
        }
    }
}

/// Where closing goes on.
struct Place: Hashable, Sendable {
    var view: Int64
    var hour: Int64
}

/// One transaction's part of closing hours.
struct Closing {
    private let database: Database
    private let end: Int64
    private let maximumLoss: (CameraID, Instant) -> Int

    init(
        _ database: Database, end: Int64, maximumLoss: @escaping (CameraID, Instant) -> Int
    ) {
        self.database = database
        self.end = end
        self.maximumLoss = maximumLoss
    }

    /// Packs hours from `place` on until `rows` were packed or none is left.
    func run(
        from place: Place, rows limit: Int, _ state: inout WriterState
    ) throws -> (packed: Int, next: Place?) {
        var place = place
        var (rows, packed) = (0, 0)
        while let (view, camera) = try view(from: place.view) {
            if view != place.view { place = Place(view: view, hour: .min) }
            while let hour = try hour(of: view, from: place.hour) {
                // What comes late for a day that is packed is packed with all of it, once.
                let day = BlockStretch.day(RollupStore.floor(hour, 24), view: view)
                let kept = try ObservationStore.block(day, in: database, by: state.zstandard)
                let stretch = kept == nil ? .hour(hour, view: view) : day
                let count = try close(stretch, kept, of: camera, &state)
                rows += count
                packed += count == 0 ? 0 : 1
                place.hour = stretch.firstHour + stretch.hours
                if rows >= limit { return (packed, place) }
            }
            place = Place(view: view + 1, hour: .min)
        }
        return (packed, nil)
    }

    /// The first view from `key` on that has rows to be packed.
    private func view(from key: Int64) throws -> (Int64, CameraID)? {
        let select = try database.cachedStatement(
            sql: """
                SELECT view.key, camera.id FROM view JOIN camera ON camera.key = view.camera
                WHERE view.key >= ? AND EXISTS (
                    SELECT 1 FROM observation WHERE view = view.key AND start < ?)
                ORDER BY view.key LIMIT 1
                """)
        let bound = end.multipliedReportingOverflow(by: ObservationBlock.hourNanoseconds)
        let row = try Row.fetchOne(
            select, arguments: [key, bound.overflow ? .max : bound.partialValue])
        guard let row, let camera = CameraID(try row.read(1)) else { return nil }
        return (try row.read(0), camera)
    }

    /// The first hour of a view from `hour` on that has rows to be packed.
    private func hour(of view: Int64, from hour: Int64) throws -> Int64? {
        let select = try database.cachedStatement(
            sql: """
                SELECT start FROM observation WHERE view = ? AND start >= ?
                ORDER BY start LIMIT 1
                """)
        let from = hour.multipliedReportingOverflow(by: ObservationBlock.hourNanoseconds)
        let start = try Int64.fetchOne(
            select, arguments: [view, from.overflow ? .min : from.partialValue])
        guard let found = start.map(ObservationBlock.hour(of:)), found < end else { return nil }
        return found
    }

    /// Packs one stretch of one view; how many rows that were.
    private func close(
        _ stretch: BlockStretch, _ day: ObservationBlock?, of camera: CameraID,
        _ state: inout WriterState
    ) throws -> Int {
        let bound = min(stretch.end, end &* ObservationBlock.hourNanoseconds)
        let open = try ObservationStore.openRows(
            view: stretch.view, from: stretch.start, to: bound, in: database)
        let kept = try day ?? ObservationStore.block(stretch, in: database, by: state.zstandard)
        let rows = kept.map { ($0.rows + open).sorted { $0.start < $1.start } } ?? open
        let most =
            stretch.table == .hour ? ObservationBlock.mostRows : ObservationBlock.mostRowsRead
        guard !open.isEmpty, rows.count <= most else {
            // They stay as they are: larger, and not lost.
            try Tally.add(1, to: "hours-too-large", in: database)
            return 0
        }
        let block = ObservationBlock(
            stretch, rows: rows,
            maximumLosses: rows.map {
                Int64(maximumLoss(camera, Instant(nanoseconds: $0.start)))
            })
        try ObservationStore.put(block, in: database, by: state.zstandard)
        let delete = try database.cachedStatement(
            sql: "DELETE FROM observation WHERE view = ? AND start >= ? AND start < ?")
        try delete.execute(arguments: [stretch.view, stretch.start, bound])
        state.lastBlock = nil
        if stretch.table == .hour, stretch.firstHour < state.joinedThrough {
            try state.joinAgain(from: stretch.firstHour, in: database)
        }
        try rollUp(
            block, hours: Set(open.map { ObservationBlock.hour(of: $0.start) }),
            by: state.zstandard)
        return rows.count
    }

    private func rollUp(
        _ block: ObservationBlock, hours: Set<Int64>, by zstandard: Zstandard
    ) throws {
        let made = try HourRollups.make(.whole, of: block, where: hours.contains)
        let overlapping = made.reduce(0) { $0 + $1.overlapping }
        if overlapping > 0 { try Tally.add(overlapping, to: "overlapping", in: database) }
        for hour in made {
            guard let whole = hour.whole else { continue }
            try RollupStore.keep(
                whole, of: hour.hour, view: block.stretch.view, in: database, by: zstandard)
            // Minutes that are kept, of an earlier version or for good, are made again.
            try RollupStore.renewMinutes(
                of: hour.hour, view: block.stretch.view, in: database, by: zstandard
            ) {
                try HourRollups.make(.minutes, of: block) { $0 == hour.hour }
                    .flatMap(\.minutes)
            }
        }
    }
}
