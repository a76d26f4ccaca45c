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

extension Instant {
    /// The instant `seconds` after the POSIX epoch, held inside the range.
    init(seconds: Int64) {
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.init(nanoseconds: overflow ? (seconds > 0 ? .max : .min) : nanoseconds)
    }

    /// Whole seconds since the POSIX epoch, rounded towards the past.
    var seconds: Int64 { floorDivided(nanoseconds, by: 1_000_000_000) }
}
