// SPDX-License-Identifier: Apache-2.0

/// A set of instants as ranges: sorted, disjoint, half open, none empty, no two touching.
///
/// Every set of instants has exactly one such form, so that equal sets compare equal. Operations
/// on two sets take time in proportion to the ranges of both.
public struct TimeRangeSet: Hashable, Sendable {
    /// The ranges, earliest first; between one and the next lies a gap.
    public private(set) var ranges: [TimeRange]

    /// Makes the empty set.
    public init() {
        ranges = []
    }

    /// Makes the set of the instants of one range; the empty set if the range is empty.
    public init(_ range: TimeRange) {
        ranges = range.start == range.end ? [] : [range]
    }

    /// Makes the set of the instants that lie in any of `ranges`, given in any order.
    public init(_ ranges: some Sequence<TimeRange>) {
        var builder = Builder()
        for range in ranges.sorted(by: { $0.start < $1.start }) { builder.add(range) }
        self.ranges = builder.ranges
    }

    private init(_ builder: Builder) {
        ranges = builder.ranges
    }

    /// Whether the set holds no instant.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The smallest range that holds the set, or nil if the set is empty.
    public var bounds: TimeRange? {
        guard let first = ranges.first, let last = ranges.last else { return nil }
        return TimeRange(from: first.start, to: last.end)
    }

    /// The length of all ranges together, in nanoseconds, held inside the range of `Int64`.
    public var nanoseconds: Int64 {
        var sum: Int64 = 0
        for range in ranges {
            let (next, overflow) = sum.addingReportingOverflow(range.nanoseconds)
            if overflow { return .max }
            sum = next
        }
        return sum
    }

    /// Whether `instant` lies in the set.
    public func contains(_ instant: Instant) -> Bool {
        let next = firstIndex { $0.end > instant }
        return next < ranges.count && ranges[next].start <= instant
    }

    /// Whether every instant of `range` lies in the set; true of an empty range.
    public func contains(_ range: TimeRange) -> Bool {
        guard range.start < range.end else { return true }
        let next = firstIndex { $0.end > range.start }
        return next < ranges.count && ranges[next].start <= range.start
            && range.end <= ranges[next].end
    }

    /// Adds the instants of `range`.
    ///
    /// Takes logarithmic time to find the place; ranges behind it move if their number changes.
    public mutating func insert(_ range: TimeRange) {
        guard range.start < range.end else { return }
        // All that overlap or touch: these become one with it.
        let first = firstIndex { $0.end >= range.start }
        let end = firstIndex { $0.start > range.end }
        guard first < end else {
            ranges.insert(range, at: first)
            return
        }
        let joined = TimeRange(
            from: min(range.start, ranges[first].start), to: max(range.end, ranges[end - 1].end))
        ranges.replaceSubrange(first..<end, with: CollectionOfOne(joined))
    }

    /// The instants that lie in this set or in `other`.
    public func union(_ other: TimeRangeSet) -> TimeRangeSet {
        var builder = Builder(capacity: ranges.count + other.ranges.count)
        var (mine, theirs) = (0, 0)
        while mine < ranges.count || theirs < other.ranges.count {
            let isMine =
                theirs == other.ranges.count
                || mine < ranges.count && ranges[mine].start <= other.ranges[theirs].start
            builder.add(isMine ? ranges[mine] : other.ranges[theirs])
            if isMine { mine += 1 } else { theirs += 1 }
        }
        return TimeRangeSet(builder)
    }

    /// The instants that lie in this set and in `other`.
    public func intersection(_ other: TimeRangeSet) -> TimeRangeSet {
        var builder = Builder()
        var (mine, theirs) = (0, 0)
        while mine < ranges.count, theirs < other.ranges.count {
            let (left, right) = (ranges[mine], other.ranges[theirs])
            if let shared = left.intersection(right) { builder.add(shared) }
            if left.end <= right.end { mine += 1 } else { theirs += 1 }
        }
        return TimeRangeSet(builder)
    }

    /// The instants of this set that lie in `range`.
    ///
    /// Takes time in proportion to what is found, and the logarithm of what is not.
    public func intersection(_ range: TimeRange) -> TimeRangeSet {
        guard range.start < range.end else { return TimeRangeSet() }
        var builder = Builder()
        for mine in ranges[firstIndex { $0.end > range.start }...] {
            guard let shared = mine.intersection(range) else { break }
            builder.add(shared)
        }
        return TimeRangeSet(builder)
    }

    /// The instants of this set that do not lie in `other`.
    public func subtracting(_ other: TimeRangeSet) -> TimeRangeSet {
        var builder = Builder(capacity: ranges.count)
        var theirs = 0
        for range in ranges {
            var start = range.start
            while theirs < other.ranges.count, other.ranges[theirs].start < range.end {
                let hole = other.ranges[theirs]
                if start < hole.start { builder.add(TimeRange(from: start, to: hole.start)) }
                start = max(start, hole.end)
                // What reaches beyond this range may take from the next as well.
                if hole.end > range.end { break }
                theirs += 1
            }
            if start < range.end { builder.add(TimeRange(from: start, to: range.end)) }
        }
        return TimeRangeSet(builder)
    }

    /// The instants of `range` that do not lie in this set.
    public func complement(within range: TimeRange) -> TimeRangeSet {
        TimeRangeSet(range).subtracting(intersection(range))
    }

    /// Adds the instants of `other`.
    public mutating func formUnion(_ other: TimeRangeSet) {
        self = union(other)
    }

    /// Removes the instants of `other`.
    public mutating func subtract(_ other: TimeRangeSet) {
        self = subtracting(other)
    }

    /// The place of the first range for which `isLater` holds; it must hold for all behind too.
    private func firstIndex(where isLater: (TimeRange) -> Bool) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if isLater(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Ranges that come in the order of their starts, joined where they overlap or touch.
    private struct Builder {
        var ranges: [TimeRange] = []

        init(capacity: Int = 0) {
            ranges.reserveCapacity(capacity)
        }

        mutating func add(_ range: TimeRange) {
            guard range.start < range.end else { return }
            guard let last = ranges.last, range.start <= last.end else {
                ranges.append(range)
                return
            }
            if range.end > last.end {
                ranges[ranges.count - 1] = TimeRange(from: last.start, to: range.end)
            }
        }
    }
}

extension TimeRangeSet: CustomStringConvertible {
    /// The ranges in UTC, as `{A..B, C..D}`.
    public var description: String {
        "{" + ranges.map { "\($0.start)..\($0.end)" }.joined(separator: ", ") + "}"
    }
}
