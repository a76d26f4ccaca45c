// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct TimeRangeSetTests {
    private static func range(_ start: Int64, _ end: Int64) -> TimeRange {
        TimeRange(start: Instant(nanoseconds: start), nanoseconds: end - start)
    }

    private static func set(_ ends: (Int64, Int64)...) -> TimeRangeSet {
        TimeRangeSet(ends.map(range))
    }

    @Test func `ranges in any order are sorted, joined, and none of them is empty`() {
        let set = Self.set((30, 40), (5, 5), (0, 10), (10, 12), (8, 11), (35, 36))
        #expect(set.ranges == [Self.range(0, 12), Self.range(30, 40)])
        #expect(set.nanoseconds == 22)
        #expect(set.bounds == Self.range(0, 40))
        #expect(set == Self.set((0, 12), (30, 40)))
    }

    @Test func `the empty set has no bounds and no length`() {
        let empty = TimeRangeSet()
        #expect(empty.isEmpty)
        #expect(empty.bounds == nil)
        #expect(empty.nanoseconds == 0)
        #expect(TimeRangeSet(Self.range(7, 7)) == empty)
        #expect(!empty.contains(Instant(nanoseconds: 0)))
        #expect(empty.contains(Self.range(3, 3)))
        #expect(empty.complement(within: Self.range(0, 5)) == Self.set((0, 5)))
        #expect(empty.complement(within: Self.range(5, 5)) == empty)
    }

    @Test func `the whole range of time has a length that sticks to the top`() {
        let low = TimeRange(start: Instant(nanoseconds: .min), nanoseconds: .max)
        let high = TimeRange(start: Instant(nanoseconds: 0), nanoseconds: .max)
        let whole = TimeRangeSet([low, high])
        #expect(whole.ranges.count == 2)
        #expect(whole.nanoseconds == .max)
        let filled = whole.union(Self.set((-1, 0)))
        #expect(filled.ranges.count == 1)
        #expect(filled.nanoseconds == .max)
        #expect(TimeRangeSet(low).nanoseconds == .max)
    }

    @Test func `neighbours join when the gap between them is filled`() {
        var set = Self.set((0, 10), (20, 30), (40, 50))
        set.insert(Self.range(10, 20))
        #expect(set == Self.set((0, 30), (40, 50)))
        set.insert(Self.range(-5, 60))
        #expect(set == Self.set((-5, 60)))
        set.insert(Self.range(70, 80))
        set.insert(Self.range(62, 64))
        #expect(set == Self.set((-5, 60), (62, 64), (70, 80)))
        set.insert(Self.range(61, 61))
        #expect(set.ranges.count == 3)
    }

    @Test func `what is written shows the ranges in UTC`() {
        #expect(
            Self.set((0, 1_000_000_000)).description
                == "{1970-01-01T00:00:00.000000000Z..1970-01-01T00:00:01.000000000Z}")
        #expect(TimeRangeSet().description == "{}")
    }

    /// A set of the instants 0 to 63 as bits: slow to range over, impossible to get wrong.
    private struct Model {
        var bits: UInt64 = 0

        /// The lowest `count` bits.
        private static func ones(_ count: Int64) -> UInt64 {
            count >= 64 ? .max : (1 << UInt64(count)) - 1
        }

        mutating func insert(_ range: TimeRange) {
            bits |= Model.ones(range.end.nanoseconds) & ~Model.ones(range.start.nanoseconds)
        }

        /// The runs of ones, without any help of the code under test.
        var ranges: [TimeRange] {
            var found: [TimeRange] = []
            var rest = bits
            while rest != 0 {
                let start = Int64(rest.trailingZeroBitCount)
                rest |= Model.ones(start)
                let end = Int64((~rest).trailingZeroBitCount)
                found.append(TimeRangeSetTests.range(start, end))
                rest &= ~Model.ones(end)
            }
            return found
        }
    }

    private static func some(_ random: inout SeededRandom) -> [TimeRange] {
        (0..<Int.random(in: 0...7, using: &random)).map { _ in
            let start = Int64.random(in: 0...64, using: &random)
            let longest = min(64 - start, Bool.random(using: &random) ? 4 : 64)
            return range(start, start + Int64.random(in: 0...longest, using: &random))
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `operations agree with sets of bits in 25,000 cases of each seed`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for step in 0..<25_000 {
            let (first, second) = (Self.some(&random), Self.some(&random))
            var (left, right, window) = (Model(), Model(), Model())
            first.forEach { left.insert($0) }
            second.forEach { right.insert($0) }
            let range = Self.some(&random).first ?? Self.range(0, 64)
            window.insert(range)
            let mine = TimeRangeSet(first)
            let theirs = second.reduce(into: TimeRangeSet()) { $0.insert($1) }
            let instant = Int64.random(in: -1...64, using: &random)
            let isIn = (0..<64).contains(instant) && left.bits >> UInt64(instant) & 1 == 1
            let agrees =
                mine.ranges == left.ranges && theirs.ranges == right.ranges
                && mine.union(theirs).ranges == Model(bits: left.bits | right.bits).ranges
                && mine.intersection(theirs).ranges == Model(bits: left.bits & right.bits).ranges
                && mine.subtracting(theirs).ranges == Model(bits: left.bits & ~right.bits).ranges
                && mine.complement(within: range).ranges
                    == Model(bits: window.bits & ~left.bits).ranges
                && mine.intersection(range).ranges == Model(bits: window.bits & left.bits).ranges
                && mine.nanoseconds == Int64(left.bits.nonzeroBitCount)
                && mine.contains(Instant(nanoseconds: instant)) == isIn
                && mine.contains(range) == (window.bits & ~left.bits == 0)
            guard agrees else {
                Issue.record("seed \(seed), step \(step): \(first) and \(second) in \(range)")
                return
            }
        }
    }

    @Test func `parts of a period add up to it`() {
        var random = SeededRandom(seed: 25)
        let period = Self.range(0, 64)
        for _ in 0..<10_000 {
            let (down, unknown) = (
                TimeRangeSet(Self.some(&random)), TimeRangeSet(Self.some(&random))
            )
            let rest = down.union(unknown).complement(within: period)
            let seen = down.subtracting(unknown)
            if seen.nanoseconds + unknown.nanoseconds + rest.nanoseconds != 64 {
                Issue.record("seed 25: \(down) and \(unknown)")
            }
        }
    }
}
