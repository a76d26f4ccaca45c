// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct NTPTimeTests {
    static let second: Int64 = 1_000_000_000
    static let era = (1 << 32) * second
    /// 2036-02-07T06:28:16Z, where the seconds wrap to zero.
    static let wrap = Instant(nanoseconds: 2_085_978_496 * second)
    static let now = Instant(nanoseconds: 1_795_351_254 * second)

    @Test func `the POSIX epoch is seventy years into the first era`() {
        #expect(NTPTime(Instant(nanoseconds: 0)).bits == 2_208_988_800 << 32)
    }

    @Test func `a half second is half of the fraction`() {
        let time = NTPTime(Instant(nanoseconds: Self.second / 2))
        #expect(time.bits & 0xffff_ffff == 0x8000_0000)
        #expect(time.instant(near: Instant(nanoseconds: 0)).nanoseconds == Self.second / 2)
    }

    @Test(arguments: [
        0, 1, 2, 3, 999_999_999, 123_456_789, -1, -999_999_999, -1_000_000_000,
        1_795_351_254_928_706_415, 2_085_978_495_999_999_999, 2_085_978_496_000_000_000,
        4_294_967_296_000_000_001, -2_208_988_800_000_000_001, .max, .min, .min + 1,
    ])
    func `an instant written as NTP time comes back to the nanosecond`(nanoseconds: Int64) {
        let instant = Instant(nanoseconds: nanoseconds)
        #expect(NTPTime(instant).instant(near: instant) == instant)
        let later = instant.advanced(byNanoseconds: 3_600 * Self.second)
        #expect(NTPTime(instant).instant(near: later) == instant)
    }

    @Test func `the seconds wrap in 2036`() {
        #expect(NTPTime(Self.wrap).bits == 0)
        let before = Self.wrap.advanced(byNanoseconds: -1)
        #expect(NTPTime(before).bits >> 32 == 0xffff_ffff)
    }

    @Test(arguments: [-3_600, -1, 0, 1, 3_600])
    func `either side of the wrap is understood from either side`(seconds: Int64) {
        let meant = Self.wrap.advanced(byNanoseconds: seconds * Self.second)
        for reference in [-86_400, 0, 86_400] as [Int64] {
            let near = Self.wrap.advanced(byNanoseconds: reference * Self.second)
            #expect(NTPTime(meant).instant(near: near) == meant)
        }
    }

    @Test func `a time just inside half an era is taken, just outside is another era`() {
        // Half an era before now lies before 1968, where instants are negative.
        let reference = Self.now.advanced(byNanoseconds: 123_456_789)
        let inside = reference.advanced(byNanoseconds: -(Self.era / 2) + 1)
        #expect(inside.nanoseconds < 0)
        #expect(NTPTime(inside).instant(near: reference) == inside)
        let outside = reference.advanced(byNanoseconds: -(Self.era / 2) - 1)
        #expect(
            NTPTime(outside).instant(near: reference)
                == outside.advanced(byNanoseconds: Self.era))
        let ahead = reference.advanced(byNanoseconds: Self.era / 2 - 1)
        #expect(NTPTime(ahead).instant(near: reference) == ahead)
        let tooFarAhead = reference.advanced(byNanoseconds: Self.era / 2 + 1)
        #expect(
            NTPTime(tooFarAhead).instant(near: reference)
                == tooFarAhead.advanced(byNanoseconds: -Self.era))
    }

    @Test func `of two times equally near the later is taken`() {
        let reference = Instant(nanoseconds: 0)
        let half = Instant(nanoseconds: Self.era / 2)
        #expect(NTPTime(half).instant(near: reference) == half)
        let negativeHalf = Instant(nanoseconds: -(Self.era / 2))
        #expect(NTPTime(negativeHalf).instant(near: reference) == half)
    }

    @Test(arguments: [-1, -500_000_000, -999_999_999, -1_500_000_000])
    func `references before 1970 with parts of a second are not rounded`(nanoseconds: Int64) {
        let reference = Instant(nanoseconds: nanoseconds)
        let edge = reference.advanced(byNanoseconds: -(Self.era / 2) + 1)
        #expect(NTPTime(edge).instant(near: reference) == edge)
    }

    @Test func `every unfolding is within half an era of its reference`() {
        var random: UInt64 = 0x5eed_0f_71_4e
        for _ in 0..<10_000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = NTPTime(bits: random)
            // Keep two eras away from the ends of the range, where results stick.
            let reference = Instant(nanoseconds: Int64(bitPattern: random &* 31) / 4)
            let distance = time.instant(near: reference).nanoseconds(since: reference)
            guard abs(distance) <= Self.era / 2 + 1 else {
                Issue.record("\(random): \(distance) ns from \(reference)")
                return
            }
        }
    }

    @Test func `near the ends of the range of instants the result sticks and does not trap`() {
        for bits in [0, 1, .max, 1 << 63, 0x1234_5678_9abc_def0] as [UInt64] {
            for reference in [Int64.min, .min + 1, .max - 1, .max] {
                let instant = NTPTime(bits: bits).instant(near: Instant(nanoseconds: reference))
                #expect((instant.nanoseconds < 0) == (reference < 0))
            }
        }
    }

    @Test func `only all zeros mean that the sender knows no time`() {
        #expect(NTPTime(bits: 0).isUnset)
        #expect(!NTPTime(bits: 1).isUnset)
        #expect(!NTPTime(bits: 1 << 32).isUnset)
    }

    @Test func `the middle is the low half of the seconds and the high half of the fraction`() {
        #expect(NTPTime(bits: 0x1234_5678_9abc_def0).middle == 0x5678_9abc)
    }
}
