// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// A stretch in one state, in few bytes: what the account is reckoned with.
struct Stay: Hashable, Sendable {
    enum Kind: UInt8, Hashable, Sendable {
        case up, degraded, failure, maintenance, unknown, excluded

        var isDown: Bool { self == .failure || self == .maintenance }
    }

    var start: Int64
    var end: Int64
    var kind: Kind
    var evidence: Evidence
    /// Criteria, failure reason or unknown cause; of maintenance, the reason beneath.
    var detail: UInt8
    /// Who answers for it, as the camera's list of parties has it.
    var party: UInt8 = 0
    /// Which work or exclusion.
    var index: Int32 = 0

    var length: Int64 { end - start }

    func says(_ other: Stay) -> Bool {
        kind == other.kind && evidence == other.evidence && detail == other.detail
            && party == other.party && index == other.index
    }
}

extension [Stay] {
    /// Appends a stretch that follows, joined to the last if it says the same.
    mutating func extend(_ stay: Stay) {
        guard stay.start < stay.end else { return }
        if let last, last.end == stay.start, last.says(stay) {
            self[count - 1].end = stay.end
        } else {
            append(stay)
        }
    }

    /// The place of the first stretch that ends after `instant`.
    func place(after instant: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].end <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The stretches inside, cut at the edges.
    func cut(_ start: Int64, _ end: Int64) -> [Stay] {
        var result: [Stay] = []
        for stay in self[place(after: start)...] {
            guard stay.start < end else { break }
            var part = stay
            part.start = Swift.max(part.start, start)
            part.end = Swift.min(part.end, end)
            if part.start < part.end { result.append(part) }
        }
        return result
    }

    /// The same, with every part that lies in one of `ranges` (sorted, disjoint) and for which
    /// `applies` holds changed by `change`.
    func overlaid(
        _ ranges: [Marked], where applies: (Stay) -> Bool,
        _ change: (inout Stay, Marked) -> Void
    ) -> [Stay] {
        guard !ranges.isEmpty else { return self }
        var result: [Stay] = []
        result.reserveCapacity(count + 2 * ranges.count)
        var first = 0
        for stay in self {
            while first < ranges.count, ranges[first].end <= stay.start { first += 1 }
            guard first < ranges.count, ranges[first].start < stay.end, applies(stay) else {
                result.extend(stay)
                continue
            }
            var rest = stay
            var place = first
            while place < ranges.count, ranges[place].start < rest.end {
                var before = rest
                before.end = Swift.max(rest.start, ranges[place].start)
                result.extend(before)
                var inside = rest
                inside.start = before.end
                inside.end = Swift.min(rest.end, ranges[place].end)
                change(&inside, ranges[place])
                result.extend(inside)
                rest.start = inside.end
                place += 1
            }
            result.extend(rest)
        }
        return result
    }
}

/// A stretch of a work, an exclusion, or an outage of a channel.
struct Marked: Hashable, Sendable {
    var start: Int64
    var end: Int64
    var index: Int32 = 0
}

extension [Marked] {
    /// The marks, each widened to the edge of the downtime that it lies in where that edge is less
    /// than `distance` away.
    ///
    /// Both are in order and apart from each other.
    func snapped(to stays: [Stay], within distance: Int64) -> [Marked] {
        var result: [Marked] = []
        for mark in self {
            var place = stays.place(after: mark.start)
            while place < stays.count, stays[place].start < mark.end {
                guard stays[place].kind.isDown else {
                    place += 1
                    continue
                }
                var first = place
                while first > 0, stays[first - 1].kind.isDown,
                    stays[first - 1].end == stays[first].start
                {
                    first -= 1
                }
                var last = place
                while last + 1 < stays.count, stays[last + 1].kind.isDown,
                    stays[last + 1].start == stays[last].end
                {
                    last += 1
                }
                let (start, end) = (stays[first].start, stays[last].end)
                let from = Swift.max(mark.start, start)
                let to = Swift.min(mark.end, end)
                result.append(
                    Marked(
                        start: from - start < distance ? start : from,
                        end: end - to < distance ? end : to, index: mark.index))
                place = last + 1
            }
        }
        return result.flattened()
    }

    /// Sorted and without overlap: of two that overlap, the one that comes first in the list holds.
    func flattened() -> [Marked] {
        guard count > 1 else { return filter { $0.start < $0.end } }
        let edges = Set(flatMap { [$0.start, $0.end] }).sorted()
        var result: [Marked] = []
        for (start, end) in zip(edges, edges.dropFirst()) {
            guard let mark = first(where: { $0.start <= start && start < $0.end }) else { continue }
            if let last = result.last, last.end == start, last.index == mark.index {
                result[result.count - 1].end = end
            } else {
                result.append(Marked(start: start, end: end, index: mark.index))
            }
        }
        return result
    }
}
