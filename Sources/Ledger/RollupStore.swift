// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// How long a roll-up's stretch is.
public enum RollupStep: Hashable, Sendable, CaseIterable {
    /// One minute, aligned to UTC.
    case minute
    /// One hour, aligned to UTC.
    case hour
    /// One day of UTC.
    case day
}

/// The table `rollup_block`: first one block for each hour, joined when a day or a span is over.
enum RollupStore {
    /// What a block holds; the raw values are part of its key.
    enum Level: Int64, CaseIterable {
        /// The minutes of an hour whose day is not over.
        case minutesOfHour = 0
        /// The minutes of a day.
        case minutesOfDay = 1
        /// The one roll-up of an hour whose span is not over.
        case hour = 2
        /// The hours of a span.
        case hoursOfSpan = 3
        /// The days of a span.
        case daysOfSpan = 4
    }

    /// Days of a span: a fixed number near a month, so that a block is found without a calendar.
    static let daysOfSpan: Int64 = 32
    static let hoursOfSpan = 24 * daysOfSpan
    static let minuteNanoseconds: Int64 = 60_000_000_000

    private static let origin: Int64 = 1 << 27

    /// The key of a block: level, then period, then view, so that new ones come last.
    static func key(_ level: Level, period: Int64, view: Int64) -> Int64 {
        level.rawValue << 60 | (period + origin) << 32 | view
    }

    static func period(ofKey key: Int64) -> Int64 { (key >> 32 & 0xfff_ffff) - origin }
    static func view(ofKey key: Int64) -> Int64 { key & 0xffff_ffff }

    /// A block's roll-ups; none if there is no block.
    static func rollups(
        _ key: Int64, in database: Database, by zstandard: Zstandard
    ) throws -> [Rollup] {
        let select = try database.cachedStatement(
            sql: "SELECT body FROM rollup_block WHERE key = ?")
        guard let blob = try Blob.fetchOne(select, arguments: [key]) else { return [] }
        return try RollupBlock(key: key, packed: blob.octets, by: zstandard).rollups
    }

    /// Writes a block in place of what was there.
    static func put(
        _ rollups: [Rollup], as key: Int64, in database: Database, by zstandard: Zstandard
    ) throws {
        let insert = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO rollup_block (key, body) VALUES (?, ?)")
        insert.setUncheckedArguments([
            key, Blob(try RollupBlock(key: key, rollups: rollups).packed(by: zstandard)),
        ])
        try insert.execute()
    }

    /// Keeps the roll-up of an hour: beside those of its span, or among them if these were joined
    /// already.
    static func keep(
        _ hour: Rollup, of number: Int64, view: Int64, in database: Database,
        by zstandard: Zstandard
    ) throws {
        let span = floor(number, hoursOfSpan)
        let joined = key(.hoursOfSpan, period: span, view: view)
        let isJoined = try keep(
            [hour], of: number, joined: joined, single: key(.hour, period: number, view: view),
            in: database, by: zstandard)
        guard isJoined else { return }
        try put(
            days(try rollups(joined, in: database, by: zstandard)),
            as: key(.daysOfSpan, period: span, view: view), in: database, by: zstandard)
    }

    /// Makes the minutes of an hour again if they are kept.
    static func renewMinutes(
        of hour: Int64, view: Int64, in database: Database, by zstandard: Zstandard,
        _ make: () throws -> [Rollup]
    ) throws {
        let keys = [
            key(.minutesOfHour, period: hour, view: view),
            key(.minutesOfDay, period: floor(hour, 24), view: view),
        ]
        guard try keys.contains(where: { try exists($0, in: database) }) else { return }
        try keepMinutes(try make(), of: hour, view: view, in: database, by: zstandard)
    }

    /// Keeps the minutes of a block for good, but for those that are kept already.
    static func keepMinutes(
        of block: ObservationBlock, in database: Database, by zstandard: Zstandard
    ) throws {
        let stretch = block.stretch
        let day = floor(stretch.firstHour, 24)
        let keys =
            [key(.minutesOfDay, period: day, view: stretch.view)]
            + (stretch.firstHour..<stretch.firstHour + stretch.hours).map {
                key(.minutesOfHour, period: $0, view: stretch.view)
            }
        var kept: Set<Int64> = []
        for key in keys {
            for minute in try rollups(key, in: database, by: zstandard) {
                kept.insert(ObservationBlock.hour(of: minute.range.start.nanoseconds))
            }
        }
        for hour in try HourRollups.make(.minutes, of: block, where: { !kept.contains($0) }) {
            try keepMinutes(
                hour.minutes, of: hour.hour, view: stretch.view, in: database, by: zstandard)
        }
    }

    /// Keeps the minutes of an hour for good: beside those of its day, or among them.
    private static func keepMinutes(
        _ minutes: [Rollup], of hour: Int64, view: Int64, in database: Database,
        by zstandard: Zstandard
    ) throws {
        guard !minutes.isEmpty else { return }
        try keep(
            minutes, of: hour, joined: key(.minutesOfDay, period: floor(hour, 24), view: view),
            single: key(.minutesOfHour, period: hour, view: view), in: database, by: zstandard)
    }

    private static func exists(_ key: Int64, in database: Database) throws -> Bool {
        let select = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM rollup_block WHERE key = ?)")
        return try Bool.fetchOne(select, arguments: [key]) ?? false
    }

    @discardableResult
    private static func keep(
        _ made: [Rollup], of hour: Int64, joined: Int64, single: Int64, in database: Database,
        by zstandard: Zstandard
    ) throws -> Bool {
        let others = try rollups(joined, in: database, by: zstandard).filter {
            ObservationBlock.hour(of: $0.range.start.nanoseconds) != hour
        }
        let isJoined = try !others.isEmpty || exists(joined, in: database)
        let all = (others + made).sorted { $0.range.start < $1.range.start }
        try put(isJoined ? all : made, as: isJoined ? joined : single, in: database, by: zstandard)
        return isJoined
    }

    /// Joins the blocks of single hours of one finished period of `length` hours into one for each
    /// view, at most `limit` views; whether there may be more.
    static func join(
        _ single: Level, into joined: Level, length: Int64, before hour: Int64, limit: Int,
        in database: Database, by zstandard: Zstandard
    ) throws -> Bool {
        let end = key(single, period: floor(hour, length) * length, view: 0)
        let begin = single.rawValue << 60
        guard
            let first = try Int64.fetchOne(
                database,
                sql: "SELECT key FROM rollup_block WHERE key >= ? AND key < ? ORDER BY key LIMIT 1",
                arguments: [begin, end])
        else { return false }
        let period = floor(Self.period(ofKey: first), length)
        let keys = try Int64.fetchAll(
            database,
            sql: "SELECT key FROM rollup_block WHERE key >= ? AND key < ? ORDER BY key",
            arguments: [
                key(single, period: period * length, view: 0),
                key(single, period: (period + 1) * length, view: 0),
            ])
        let views = Dictionary(grouping: keys, by: view(ofKey:)).sorted { $0.key < $1.key }
        for (view, keys) in views.prefix(limit) {
            var all: [Rollup] = []
            for key in keys { all += try rollups(key, in: database, by: zstandard) }
            try put(
                all, as: key(joined, period: period, view: view), in: database, by: zstandard)
            if joined == .hoursOfSpan {
                try put(
                    days(all), as: key(.daysOfSpan, period: period, view: view), in: database,
                    by: zstandard)
            }
            for key in keys {
                try database.execute(
                    sql: "DELETE FROM rollup_block WHERE key = ?", arguments: [key])
            }
        }
        return true
    }

    /// Roll-ups of days from those of their hours.
    static func days(_ hours: [Rollup]) -> [Rollup] {
        var days: [Rollup] = []
        var last: Int64?
        for hour in hours {
            let day = floor(ObservationBlock.hour(of: hour.range.start.nanoseconds), 24)
            if day == last {
                days[days.count - 1].merge(hour)
            } else {
                days.append(hour)
                last = day
            }
        }
        return days
    }

    /// The roll-ups of a view whose stretches begin in these hours.
    static func rollups(
        view: Int64, step: RollupStep, hours: ClosedRange<Int64>, in database: Database,
        by zstandard: Zstandard
    ) throws -> [Rollup] {
        var found: [Rollup] = []
        func collect(_ level: Level, _ length: Int64) throws {
            let periods = try bounds(
                level, floor(hours.lowerBound, length)...floor(hours.upperBound, length),
                in: database)
            for period in periods {
                found += try rollups(
                    key(level, period: period, view: view), in: database, by: zstandard)
            }
        }
        switch step {
        case .minute:
            try collect(.minutesOfDay, 24)
            try collect(.minutesOfHour, 1)
        case .hour:
            try collect(.hoursOfSpan, hoursOfSpan)
            try collect(.hour, 1)
        case .day:
            try collect(.daysOfSpan, hoursOfSpan)
            let whole = floor(hours.lowerBound, 24) * 24...floor(hours.upperBound, 24) * 24 + 23
            let joined = found
            found = []
            for period in try bounds(.hour, whole, in: database) {
                found += try rollups(
                    key(.hour, period: period, view: view), in: database, by: zstandard)
            }
            found = joined + days(found.sorted { $0.range.start < $1.range.start })
        }
        return found.sorted { $0.range.start < $1.range.start }
    }

    /// The periods of `wanted` that a level may have.
    private static func bounds(
        _ level: Level, _ wanted: ClosedRange<Int64>, in database: Database
    ) throws -> Range<Int64> {
        let select = try database.cachedStatement(
            sql: """
                SELECT (SELECT key FROM rollup_block WHERE key >= ?1 AND key < ?2
                    ORDER BY key LIMIT 1) AS low,
                (SELECT key FROM rollup_block WHERE key >= ?1 AND key < ?2
                    ORDER BY key DESC LIMIT 1) AS high
                """)
        let row = try Row.fetchOne(
            select, arguments: [level.rawValue << 60, (level.rawValue + 1) << 60])
        guard let low: Int64 = row?["low"], let high: Int64 = row?["high"] else { return 0..<0 }
        let from = max(wanted.lowerBound, period(ofKey: low))
        return from..<max(from, min(wanted.upperBound, period(ofKey: high)) + 1)
    }

    /// The whole number of `length` in `number`, rounded down.
    static func floor(_ number: Int64, _ length: Int64) -> Int64 {
        let remainder = number % length
        return number / length - (remainder < 0 ? 1 : 0)
    }
}
