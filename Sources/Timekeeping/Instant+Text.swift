// SPDX-License-Identifier: Apache-2.0

extension Instant: CustomStringConvertible {
    /// RFC 3339 text in UTC with as many decimals as given, truncated, never rounded up.
    public func text(decimals: Int = 9) -> String {
        localText(decimals: decimals, offsetMinutes: 0) + "Z"
    }

    /// RFC 3339 text in local time with its distance from UTC, as `2024-02-29T23:30:00+06:00`.
    ///
    /// RFC 3339 writes whole minutes below 24 h (section 5.6). Offsets that have seconds (local
    /// mean time, before standard time) are cut to the minute towards zero, in the time as in the
    /// offset, so that the text still names this very instant. An offset of 0 is `+00:00`.
    public func text(decimals: Int = 0, offsetSeconds: Int) -> String {
        let most = 24 * 60 - 1
        let minutes = min(max(offsetSeconds / 60, -most), most)
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        return localText(decimals: decimals, offsetMinutes: minutes) + (minutes < 0 ? "-" : "+")
            + "\(padded(Int64(hours), 2)):\(padded(Int64(rest), 2))"
    }

    /// RFC 3339 text in UTC with nine decimals.
    public var description: String { text() }

    private func localText(decimals: Int, offsetMinutes: Int) -> String {
        precondition((0...9).contains(decimals))
        let time = LocalTime(self, offset: offsetMinutes * 60)
        var text = "\(time.date)T\(padded(Int64(time.hour), 2)):\(padded(Int64(time.minute), 2))"
        text += ":\(padded(Int64(time.second), 2))"
        if decimals > 0 {
            text += "." + padded(Int64(time.nanosecond), 9).prefix(decimals)
        }
        return text
    }
}

extension Instant {
    /// Reads a time stamp of RFC 3339, which always has an offset: `2024-02-29T23:30:00+06:00`
    /// or `2024-02-29T17:30:00.5Z`.
    ///
    /// Decimals behind the ninth are cut. Second 60 is read where leap seconds stand, at the end
    /// of a month in UTC, and means the second that follows, as in POSIX. `-00:00` is UTC
    /// (section 4.3). Throws what is wrong with it.
    public init(parsing text: String) throws(TimestampFault) {
        let (local, nanosecond, offset) = try Instant.parts(of: text)
        guard let offset else { throw .noOffset }
        if local.isLeapSecond {
            // The minute that began 60 s before ends a month in UTC.
            let next = civilDate(daysSinceEpoch: floorDivided(local.seconds - offset, by: 86_400))
            guard (local.seconds - offset) % 86_400 == 0, next.day == 1 else { throw .second(60) }
        }
        let (whole, tooFar) = (local.seconds - offset).multipliedReportingOverflow(
            by: 1_000_000_000)
        let (sum, beyond) = whole.addingReportingOverflow(Int64(nanosecond))
        guard !tooFar, !beyond else { throw .beyondRange }
        self.init(nanoseconds: sum)
    }

    /// A time as clocks on a wall show it, in seconds since 1970-01-01T00:00:00 on that wall.
    struct WallSeconds {
        var seconds: Int64
        var isLeapSecond: Bool
    }

    /// The parts of a time stamp: wall time, nanosecond, and the offset in seconds if there is one.
    static func parts(
        of text: String
    ) throws(TimestampFault) -> (WallSeconds, nanosecond: Int, offset: Int64?) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
            reader.take("-"), let day = reader.number(2), reader.take("T") || reader.take("t"),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2)
        else { throw .malformed }
        if hour == 24 { throw .hour24 }
        guard reader.take(":"), let second = reader.number(2) else { throw .malformed }
        let nanosecond = try decimals(&reader)
        guard (1...12).contains(month) else { throw .month(month) }
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            throw .day(day, year: year, month: month)
        }
        guard hour <= 23 else { throw .hour(hour) }
        guard minute <= 59 else { throw .minute(minute) }
        guard second <= 60 else { throw .second(second) }
        let seconds =
            Int64(date.daysSinceEpoch) * 86_400
            + Int64(hour * 3600 + minute * 60 + second)
        let wall = WallSeconds(seconds: seconds, isLeapSecond: second == 60)
        return (wall, nanosecond, try offset(&reader))
    }

    /// The fraction of a second in nanoseconds; 0 if there is none.
    private static func decimals(_ reader: inout DigitReader) throws(TimestampFault) -> Int {
        guard reader.take(".") else { return 0 }
        var (value, count) = (0, 0)
        while let digit = reader.number(1) {
            if count < 9 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { throw .malformed }
        for _ in 0..<max(0, 9 - count) { value *= 10 }
        return value
    }

    /// The offset from UTC in seconds, or nil where the text ends without one.
    private static func offset(_ reader: inout DigitReader) throws(TimestampFault) -> Int64? {
        if reader.isAtEnd { return nil }
        if reader.take("Z") || reader.take("z") {
            guard reader.isAtEnd else { throw .malformed }
            return 0
        }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(2), reader.take(":"),
            let minutes = reader.number(2), reader.isAtEnd
        else { throw .malformed }
        guard hours <= 23, minutes <= 59 else { throw .offset }
        let seconds = Int64(hours * 3600 + minutes * 60)
        return isWest ? -seconds : seconds
    }
}

/// The quotient rounded towards the past.
func floorDivided(_ number: Int64, by divisor: Int64) -> Int64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
}
