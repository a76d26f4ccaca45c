// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct MediaClockTests {
    @Test(arguments: [0, -1, 1_000_000_001, 99_999_999_999, Int.min, Int.max])
    func `a rate outside 1 Hz to 1 GHz does not exist`(hertz: Int) {
        #expect(MediaClock.Rate(hertz: hertz) == nil)
    }

    @Test(arguments: [1, 8_000, 90_000, 1_000_000_000])
    func `a rate inside 1 Hz to 1 GHz keeps its number`(hertz: Int) throws {
        #expect(try #require(MediaClock.Rate(hertz: hertz)).hertz == UInt32(hertz))
    }

    @Test func `video ticks ninety thousand times a second`() {
        #expect(MediaClock.Rate.video == MediaClock.Rate(hertz: 90_000))
        #expect(MediaClock.Rate.video.nanoseconds(ticks: 90_000) == 1_000_000_000)
        #expect(MediaClock.Rate.video.nanoseconds(ticks: 3_600) == 40_000_000)
        #expect(abs(MediaClock.Rate.video.nanosecondsPerTick - 11_111.111) < 0.001)
    }

    @Test func `parts of a nanosecond are cut towards zero`() {
        #expect(MediaClock.Rate.video.nanoseconds(ticks: 1) == 11_111)
        #expect(MediaClock.Rate.video.nanoseconds(ticks: -1) == -11_111)
    }

    @Test(arguments: [1, 90_000, 999_999_999, 1_000_000_000])
    func `a length beyond the range sticks to its end`(hertz: Int) throws {
        let rate = try #require(MediaClock.Rate(hertz: hertz))
        let longest = rate.nanoseconds(ticks: .max)
        #expect(hertz == 1_000_000_000 ? longest == .max : longest > 9_000_000_000_000_000_000)
        #expect(rate.nanoseconds(ticks: .min) < -9_000_000_000_000_000_000)
    }

    @Test func `the last second of the range neither runs over nor wraps`() throws {
        let rate = try #require(MediaClock.Rate(hertz: 100))
        // 9 223 372 036 s fit; the fraction .85 fits as well, .86 does not.
        #expect(rate.nanoseconds(ticks: 922_337_203_685) == 9_223_372_036_850_000_000)
        #expect(rate.nanoseconds(ticks: 922_337_203_686) == .max)
        #expect(rate.nanoseconds(ticks: -922_337_203_686) == .min)
    }

    @Test(arguments: [
        (UInt32(0), UInt32(3_600), Int32(3_600)), (.max, 0, 1), (0, .max, -1),
        (0xffff_f000, 0x0000_0e10, 0x1e10), (0x0000_0e10, 0xffff_f000, -0x1e10),
        (0, 0x7fff_ffff, .max), (0, 0x8000_0000, .min), (5, 5, 0),
    ])
    func `steps are counted the shorter way round the wrap`(
        earlier: UInt32, later: UInt32, steps: Int32
    ) {
        #expect(MediaClock.ticks(from: earlier, to: later) == steps)
    }
}
