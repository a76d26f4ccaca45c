// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a time stamp.
public enum TimestampFault: Error, Hashable, Sendable {
    /// Not of the form that RFC 3339 gives to a date and time.
    case malformed
    /// Nothing says how far the time is from UTC, so that it names no instant.
    case noOffset
    /// No such month.
    case month(Int)
    /// No such day in that month.
    case day(Int, year: Int, month: Int)
    /// `24:00`, which RFC 3339 does not have: it is `00:00` of the day that follows.
    case hour24
    /// No such hour.
    case hour(Int)
    /// No such minute.
    case minute(Int)
    /// No such second; 60 where no leap second can be.
    case second(Int)
    /// An offset of 24 h or more, or with more than 59 minutes.
    case offset
    /// Outside the years 1678 to 2261 that an `Instant` can tell.
    case beyondRange
}

extension TimestampFault: CustomStringConvertible {
    /// What is wrong, without the text itself.
    public var finding: String {
        switch self {
        case .malformed: "not a time stamp"
        case .noOffset: "time stamp without an offset from UTC"
        case .month: "no such month"
        case .day: "no such day"
        case .hour24: "no hour 24"
        case .hour: "no such hour"
        case .minute: "no such minute"
        case .second(let second): second == 60 ? "no leap second there" : "no such second"
        case .offset: "no such offset from UTC"
        case .beyondRange: "time stamp out of range"
        }
    }

    /// What was expected instead.
    public var expected: String {
        switch self {
        case .malformed: "one such as 2024-02-29T23:30:00+06:00"
        case .noOffset: "one such as +05:00, or Z, at its end"
        case .month: "01 to 12"
        case .day(_, let year, let month):
            "01 to \(CalendarDate.days(inMonth: month, of: year))"
        case .hour24: "00:00:00 of the day that follows"
        case .hour: "00 to 23"
        case .minute: "00 to 59"
        case .second(let second):
            second == 60 ? "60 at the end of a month in UTC only" : "00 to 59"
        case .offset: "-23:59 to +23:59"
        case .beyondRange: "the years 1678 to 2261"
        }
    }

    /// One line: what is wrong, and what was expected.
    public var description: String { "\(finding) (expected \(expected))" }
}
