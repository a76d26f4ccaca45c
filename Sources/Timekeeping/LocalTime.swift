// SPDX-License-Identifier: Apache-2.0

/// What clocks on a wall show: a date, a time of day, and how far both are from UTC.
public struct LocalTime: Hashable, Sendable {
    /// The date on the wall.
    public let date: CalendarDate
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59: POSIX time has no leap seconds.
    public let second: Int
    /// 0 to 999,999,999.
    public let nanosecond: Int
    /// Seconds ahead of UTC: negative west of Greenwich.
    public let offset: Int

    /// What clocks show at `instant` where they are `offset` seconds ahead of UTC.
    public init(_ instant: Instant, offset: Int) {
        // Seconds first: near the ends of the range, nanoseconds have no room for an offset.
        let seconds = floorDivided(instant.nanoseconds, by: 1_000_000_000)
        // Outermost, the product may lie below the range and the difference is inside again.
        nanosecond = Int(instant.nanoseconds &- seconds &* 1_000_000_000)
        let local = seconds + Int64(offset)
        let days = floorDivided(local, by: 86_400)
        let ofDay = Int(local - days * 86_400)
        date = CalendarDate(daysSinceEpoch: Int(days))
        (hour, minute, second) = (ofDay / 3600, ofDay / 60 % 60, ofDay % 60)
        self.offset = offset
    }
}

extension LocalTime: CustomStringConvertible {
    /// The time to the second with its offset, as `2024-02-29T23:30:00+06:00`.
    public var description: String {
        let seconds =
            Int64(date.daysSinceEpoch) * 86_400
            + Int64(hour * 3600 + minute * 60 + second - offset)
        return Instant(seconds: seconds).text(offsetSeconds: offset)
    }
}
