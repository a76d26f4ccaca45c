// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct TimeRangeTests {
    private func range(_ start: Int64, _ end: Int64) -> TimeRange? {
        TimeRange(start: Instant(nanoseconds: start), end: Instant(nanoseconds: end))
    }

    @Test func `a range holds its start and not its end`() throws {
        let range = try #require(self.range(10, 20))
        #expect(range.contains(Instant(nanoseconds: 10)))
        #expect(range.contains(Instant(nanoseconds: 19)))
        #expect(!range.contains(Instant(nanoseconds: 20)))
        #expect(!range.contains(Instant(nanoseconds: 9)))
        #expect(range.nanoseconds == 10)
    }

    @Test func `a range that ends before it starts does not exist`() {
        #expect(range(10, 9) == nil)
        #expect(range(.max, .min) == nil)
    }

    @Test func `an empty range exists and contains nothing`() throws {
        let empty = try #require(range(10, 10))
        #expect(empty.nanoseconds == 0)
        #expect(!empty.contains(Instant(nanoseconds: 10)))
    }

    @Test func `a range made by its length ends that much later, inside the range of time`() {
        let start = Instant(nanoseconds: 5)
        #expect(TimeRange(start: start, nanoseconds: 7).end == Instant(nanoseconds: 12))
        #expect(TimeRange(start: start, nanoseconds: .max).end == Instant(nanoseconds: .max))
    }

    @Test func `the longest range has a length that sticks to the top`() throws {
        #expect(try #require(range(.min, .max)).nanoseconds == .max)
    }

    @Test(arguments: [
        (0, 10, 5, 15, 5, 10), (5, 15, 0, 10, 5, 10), (0, 20, 5, 10, 5, 10), (0, 9, 0, 9, 0, 9),
    ])
    func `two ranges share the later start and the earlier end`(
        a: Int64, b: Int64, c: Int64, d: Int64, start: Int64, end: Int64
    ) throws {
        let first = try #require(range(a, b))
        let second = try #require(range(c, d))
        #expect(first.intersection(second) == range(start, end))
    }

    @Test func `neighbours share nothing`() throws {
        let first = try #require(range(0, 10))
        let second = try #require(range(10, 20))
        let far = try #require(range(30, 40))
        #expect(first.intersection(second) == nil)
        #expect(first.intersection(far) == nil)
    }
}
