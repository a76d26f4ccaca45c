// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import RTP

@Suite struct OffsetTrendTests {
    private static func trend(_ offsets: [Int64], everySeconds seconds: Int64) -> OffsetTrend {
        var trend = OffsetTrend()
        for (index, offset) in offsets.enumerated() {
            trend.add(offset, at: Instant(nanoseconds: Int64(index) * seconds * 1_000_000_000))
        }
        return trend
    }

    @Test func `the median of an even number is the mean of the middle two`() {
        #expect(Self.trend([1, 100, 3, 9], everySeconds: 1).median == 6)
        #expect(Self.trend([5, 1, 9], everySeconds: 1).median == 5)
        #expect(OffsetTrend().median == 0)
    }

    @Test func `the range keeps what thinning drops`() {
        var offsets = [Int64](repeating: 10, count: 1000)
        offsets[777] = -5
        offsets[555] = 90
        let trend = Self.trend(offsets, everySeconds: 1)
        #expect(trend.range == -5...90)
        #expect(trend.median == 10)
    }

    @Test func `the slope is that of most pairs`() {
        // 1000 ns each second is 1 ppm; every fifth is far off.
        let offsets = (0..<500).map { Int64($0) * 1000 - ($0 % 5 == 3 ? 40_000_000 : 0) }
        let trend = Self.trend(offsets, everySeconds: 1)
        #expect(abs(trend.slope - 1e-6) < 1e-7)
        #expect(abs(trend.greatest(withoutSlope: 1e-6) - 249_500) < 1000)
    }

    @Test func `ten seconds and three samples are enough`() {
        #expect(!Self.trend([0, 0], everySeconds: 60).isLongEnough)
        #expect(!Self.trend([0, 0, 0], everySeconds: 4).isLongEnough)
        #expect(Self.trend([0, 0, 0], everySeconds: 5).isLongEnough)
    }
}
