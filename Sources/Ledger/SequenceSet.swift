// SPDX-License-Identifier: Apache-2.0

/// Which of a source's records the ledger holds or has held: ranges, neighbours joined.
///
/// A source counts without gaps, so that one range is the rule; gaps are what has not come yet.
struct SequenceSet: Hashable {
    /// Ascending; neither overlapping nor touching.
    private(set) var ranges: [ClosedRange<UInt64>] = []

    /// Most ranges: gaps beyond are a source that does not count (chosen).
    static let mostRanges = 65_536

    /// Makes the set of what was read, in ascending order.
    init(_ ranges: [ClosedRange<UInt64>] = []) {
        for range in ranges { insert(range) }
    }

    /// The greatest number; 0 if there is none.
    var last: UInt64 { ranges.last?.upperBound ?? 0 }

    /// Whether `number` is in the set.
    func contains(_ number: UInt64) -> Bool {
        let place = index(endingAtOrAfter: number)
        return place < ranges.count && ranges[place].lowerBound <= number
    }

    /// Adds all of `range`.
    mutating func insert(_ range: ClosedRange<UInt64>) {
        // From the first range that reaches to the one before ours.
        let before = range.lowerBound == 0 ? 0 : range.lowerBound - 1
        let after = range.upperBound == .max ? .max : range.upperBound + 1
        let from = index(endingAtOrAfter: before)
        var to = from
        var joined = range
        while to < ranges.count, ranges[to].lowerBound <= after {
            joined =
                min(
                    joined.lowerBound, ranges[to].lowerBound)...max(
                    joined.upperBound, ranges[to].upperBound)
            to += 1
        }
        ranges.replaceSubrange(from..<to, with: CollectionOfOne(joined))
    }

    /// Adds one number.
    mutating func insert(_ number: UInt64) {
        insert(number...number)
    }

    private func index(endingAtOrAfter number: UInt64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
