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
            let step = try write("closing hours") { database, state in
                if end > state.closedThrough {
                    state.closedThrough = end
                    try Property.set(Property.closedThrough, to: String(end), in: database)
                }
                return try Closing(database, state, end: end, maximumLoss: maximumLoss)
                    .run(from: place, rows: Self.rowsAtOnce)
            }
            packed += step.packed
            guard let next = step.next else { break }
            place = next
        }
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

    /// The roll-ups of a camera that share an instant with `range`, by start and then vantage.
    ///
    /// Hours that are closed have them. What vantages saw of one camera is never added up: with
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
            var found: [Rollup] = []
            for (view, name) in try Self.views(of: camera, in: database)
            where vantage == nil || vantage == name {
                found += try RollupStore.rollups(
                    view: view, step: step, hours: hours, in: database, by: zstandard)
            }
            // Stable: views come in the order of their vantages.
            return found.filter { $0.range.intersection(range) != nil }
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
    private let state: WriterState
    private let end: Int64
    private let maximumLoss: (CameraID, Instant) -> Int

    init(
        _ database: Database, _ state: WriterState, end: Int64,
        maximumLoss: @escaping (CameraID, Instant) -> Int
    ) {
        self.database = database
        self.state = state
        self.end = end
        self.maximumLoss = maximumLoss
    }

    /// Packs hours from `place` on until `rows` were packed or none is left.
    func run(from place: Place, rows limit: Int) throws -> (packed: Int, next: Place?) {
        var place = place
        var (rows, packed) = (0, 0)
        while let (view, camera) = try view(from: place.view) {
            if view != place.view { place = Place(view: view, hour: .min) }
            while let hour = try hour(of: view, from: place.hour) {
                let count = try close(hour, of: view, camera)
                rows += count
                packed += count == 0 ? 0 : 1
                place.hour = hour + 1
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
        guard let row, let camera = CameraID(row[1]) else { return nil }
        return (row[0], camera)
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

    /// Packs one hour of one view; how many rows that were.
    private func close(_ hour: Int64, of view: Int64, _ camera: CameraID) throws -> Int {
        let start = hour * ObservationBlock.hourNanoseconds
        let (next, _) = start.addingReportingOverflow(ObservationBlock.hourNanoseconds)
        let rows = try ObservationStore.rows(
            view: view, from: start, to: next, in: database, by: state.zstandard)
        guard !rows.isEmpty, rows.count <= ObservationBlock.mostRows else {
            // They stay as they are: larger, and not lost.
            try Tally.add(1, to: "hours-too-large", in: database)
            return 0
        }
        let block = ObservationBlock(hour: hour, view: view, rows: rows)
        let insert = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO observation_block (key, body) VALUES (?, ?)")
        insert.setUncheckedArguments([
            ObservationStore.blockKey(hour: hour, view: view),
            Blob(try block.packed(by: state.zstandard)),
        ])
        try insert.execute()
        let delete = try database.cachedStatement(
            sql: "DELETE FROM observation WHERE view = ? AND start >= ? AND start < ?")
        try delete.execute(arguments: [view, start, next])
        state.lastBlock = nil
        try rollUp(block, of: camera)
        return rows.count
    }

    private func rollUp(_ block: ObservationBlock, of camera: CameraID) throws {
        var minutes: [Rollup] = []
        var minute: Int64?
        var end = Instant(nanoseconds: .min)
        var overlapping = 0
        for row in block.rows {
            let observation = try row.observation()
            // What overlaps would count the same time twice.
            guard observation.range.start >= end else {
                overlapping += 1
                continue
            }
            end = observation.range.end
            let rollup = Rollup(
                observation, maximumLoss: maximumLoss(camera, observation.range.start))
            let number = RollupStore.floor(row.start, RollupStore.minuteNanoseconds)
            if number == minute {
                minutes[minutes.count - 1].merge(rollup)
            } else {
                minutes.append(rollup)
                minute = number
            }
        }
        if overlapping > 0 { try Tally.add(overlapping, to: "overlapping", in: database) }
        guard var hour = minutes.first else { return }
        for minute in minutes.dropFirst() { hour.merge(minute) }
        try RollupStore.keep(
            minutes: minutes, hour: hour, of: block.hour, view: block.view, in: database,
            by: state.zstandard)
    }
}
