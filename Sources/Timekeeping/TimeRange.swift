// SPDX-License-Identifier: Apache-2.0

/// A stretch of time that holds its start and not its end: `[start, end)`.
///
/// Half open, so that neighbouring ranges share no instant and leave none out.
public struct TimeRange: Hashable, Sendable {
    /// The first instant inside.
    public let start: Instant
    /// The first instant after; never before `start`.
    public let end: Instant

    /// Makes a range, or nil if `end` lies before `start`.
    public init?(start: Instant, end: Instant) {
        guard start <= end else { return nil }
        self.start = start
        self.end = end
    }

    /// Makes the range of `nanoseconds` (not negative) that begins at `start`.
    public init(start: Instant, nanoseconds: Int64) {
        precondition(nanoseconds >= 0)
        self.start = start
        end = start.advanced(byNanoseconds: nanoseconds)
    }

    /// Makes a range of which the caller knows that `end` does not lie before `start`.
    init(from start: Instant, to end: Instant) {
        precondition(start <= end)
        self.start = start
        self.end = end
    }

    /// Length in nanoseconds; never negative.
    public var nanoseconds: Int64 { end.nanoseconds(since: start) }

    /// Whether `instant` lies inside.
    public func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }

    /// The part that this range and `other` share, or nil if there is none.
    public func intersection(_ other: TimeRange) -> TimeRange? {
        let shared = TimeRange(start: max(start, other.start), end: min(end, other.end))
        return shared?.nanoseconds == 0 ? nil : shared
    }
}
