// SPDX-License-Identifier: Apache-2.0

/// A moment of wall time as the capture stamped it: whole nanoseconds since
/// 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
///
/// An integer, because adding up a year of tenths in floating point is how monitors come to
/// print 100.58 %. The range is the years 1678–2262. Arithmetic that would leave it sticks to
/// the end of the range: a hostile timestamp must not stop the program.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the POSIX epoch; negative before 1970.
    public var nanoseconds: Int64

    /// Makes the instant `nanoseconds` after the POSIX epoch.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant later (or, if negative, earlier) by `nanoseconds`, held inside the range.
    @inlinable
    public func advanced(byNanoseconds delta: Int64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(delta)
        return Instant(nanoseconds: overflow ? (delta > 0 ? .max : .min) : sum)
    }

    /// Nanoseconds from `earlier` to this instant; negative if `earlier` is later.
    @inlinable
    public func nanoseconds(since earlier: Instant) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflow ? (nanoseconds > earlier.nanoseconds ? .max : .min) : difference
    }

    /// The latest moment not after this one that is a whole multiple of `length` nanoseconds
    /// since the epoch: the start of the interval this instant lies in.
    ///
    /// Within one `length` of the range's beginning that moment may lie outside; then it is the
    /// beginning itself.
    @inlinable
    public func floored(toNanoseconds length: Int64) -> Instant {
        precondition(length > 0)
        let remainder = nanoseconds % length
        let floor = remainder < 0 ? remainder + length : remainder
        return advanced(byNanoseconds: -floor)
    }

    /// Whether `earlier` lies before `later`.
    @inlinable
    public static func < (earlier: Instant, later: Instant) -> Bool {
        earlier.nanoseconds < later.nanoseconds
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 text in UTC with as many decimals as given, truncated, never rounded up.
    public func text(decimals: Int = 9) -> String {
        precondition((0...9).contains(decimals))
        let day: Int64 = 86_400_000_000_000
        // Not by way of midnight: that of the first day of the range lies outside the range.
        var (days, ofDay) = nanoseconds.quotientAndRemainder(dividingBy: day)
        if ofDay < 0 {
            days -= 1
            ofDay += day
        }
        let (year, month, dayOfMonth) = civilDate(daysSinceEpoch: days)
        let seconds = ofDay / 1_000_000_000
        var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
        text += "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2))"
        text += ":\(padded(seconds % 60, 2))"
        if decimals > 0 {
            text += "." + padded(ofDay % 1_000_000_000, 9).prefix(decimals)
        }
        return text + "Z"
    }

    /// RFC 3339 text in UTC with nine decimals.
    public var description: String { text() }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Year, month and day of a day number in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years that begin on 1 March, where the leap day is the last of a year.
private func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysPerEra: Int64 = 146_097
    let shifted = daysSinceEpoch + 719_468  // days since 0000-03-01
    let era = (shifted >= 0 ? shifted : shifted - daysPerEra + 1) / daysPerEra
    let dayOfEra = shifted - era * daysPerEra
    let yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
