// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Measurements

@Suite struct RollupTests {
    static func observation(
        _ index: Int64, lost: UInt64 = 0, expected: UInt64 = 1000, drops: UInt64? = nil
    ) -> Observation {
        let start = Instant(nanoseconds: index * 10_000_000_000)
        var measurement = Measurement(range: TimeRange(start: start, nanoseconds: 10_000_000_000))
        measurement.packets.expected = expected
        measurement.packets.unique = expected - lost
        measurement.octets.ip = 7_000_000 + UInt64(index) * 100_000
        measurement.frames.count = 250
        measurement.frames.firstArrival = start.advanced(byNanoseconds: 1000)
        measurement.frames.lastArrival = start.advanced(byNanoseconds: 9_960_001_000)
        measurement.frames.largestGapNanoseconds = 40_000_000 + index
        measurement.frameJitter.count = 250
        measurement.frameJitter.sumNanoseconds = 250_000_000
        measurement.trust.probeDrops = drops
        return Observation(
            measurement: measurement,
            picture: PictureSize(width: 1920, height: index == 3 ? 720 : 1080),
            clock: ClockReading(
                offsetNanoseconds: index * 1_000_000, uncertaintyNanoseconds: 500_000))
    }

    static func rollup(_ observation: Observation) -> Rollup {
        Rollup(observation, maximumLoss: 200_000)
    }

    @Test func `a roll-up holds sums, extremes and the spread`() {
        var whole = Self.rollup(Self.observation(0))
        for index in 1..<6 as Range<Int64> {
            whole.merge(Self.rollup(Self.observation(index, lost: index == 2 ? 201 : 10)))
        }
        #expect(whole.range.nanoseconds == 60_000_000_000)
        #expect(whole.observedNanoseconds == 60_000_000_000)
        #expect(whole.intervals == 6)
        #expect(whole.intervalsAboveLossLimit == 1)
        #expect(whole.worstLoss == LossCount(lost: 201, expected: 1000))
        #expect(whole.packets.expected == 6000)
        #expect(whole.smallestPicture == PictureSize(width: 1920, height: 720))
        #expect(whole.leastClock?.offsetNanoseconds == 0)
        #expect(whole.greatestClock?.offsetNanoseconds == 5_000_000)
        #expect(whole.frames.largestGapNanoseconds == 40_000_005)
        // 5.6 Mbit/s and more in steps of 80 kbit/s.
        #expect(whole.bitrate.quantile(partsPerMillion: 0) ?? 0 >= 5_544_000)
        #expect(whole.bitrate.count == 6)
        #expect(whole.jitterSpread.quantile(partsPerMillion: 500_000) ?? 0 >= 990_000)
        #expect(whole.frameRate.quantile(partsPerMillion: 500_000) ?? 0 >= 24_750)
    }

    @Test func `time that nobody watched is no gap between frames`() {
        var early = Self.rollup(Self.observation(0))
        early.merge(Self.rollup(Self.observation(500)))
        #expect(early.frames.largestGapNanoseconds == 40_000_500)
        #expect(early.observedNanoseconds == 20_000_000_000)
        #expect(early.range.nanoseconds == 5_010_000_000_000)
    }

    @Test func `however they are joined, the same comes out`() {
        let parts = [0, 1, 4, 5, 9, 30].map { Self.rollup(Self.observation($0, lost: UInt64($0))) }
        var left = parts[0]
        for part in parts.dropFirst() { left.merge(part) }
        var right = parts[5]
        for part in parts.dropLast().reversed() { right.merge(part) }
        var (first, second) = (parts[0], parts[3])
        first.merge(parts[1])
        first.merge(parts[2])
        second.merge(parts[4])
        second.merge(parts[5])
        first.merge(second)
        #expect(left == right && left == first)
    }

    @Test func `with drops of the probe's own the loss is no number`() {
        let rollup = Self.rollup(Self.observation(0, lost: 500, drops: 3))
        #expect(rollup.worstLoss == nil && rollup.loss.isEmpty)
        #expect(rollup.intervalsAboveLossLimit == 0)
        #expect(rollup.packets.lost == 500)
    }

    @Test func `exactly as much loss as agreed is not too much`() {
        #expect(!LossCount(lost: 200, expected: 1000).isAbove(partsPerMillion: 200_000))
        #expect(LossCount(lost: 201, expected: 1000).isAbove(partsPerMillion: 200_000))
        #expect(!LossCount(lost: 5, expected: 0).isAbove(partsPerMillion: 0))
        #expect(LossCount(lost: .max, expected: .max).isAbove(partsPerMillion: 999_999))
    }

    @Test func `time in the clear is told apart, and what an earlier ledger did not tell`() {
        func piece(_ second: Int64, _ isEncrypted: Bool, received: UInt64 = 1) -> Rollup {
            var measurement = Measurement(
                range: TimeRange(
                    start: Instant(nanoseconds: second * 1_000_000_000),
                    nanoseconds: 10_000_000_000))
            measurement.packets.received = received
            return Self.rollup(Observation(measurement: measurement, isEncrypted: isEncrypted))
        }
        var sum = piece(0, true)
        sum.merge(piece(10, false))
        sum.merge(piece(20, true))
        sum.merge(piece(30, false, received: 0))
        #expect(sum.encryptedNanoseconds == 20_000_000_000)
        #expect(sum.openNanoseconds == 10_000_000_000)
        #expect(sum.isEncryptionKnown)
        var old = piece(40, true)
        old.isEncryptionKnown = false
        sum.merge(old)
        #expect(!sum.isEncryptionKnown)
    }

    @Test func `the longest stall is kept with its interval, and the stalls are counted`() {
        func piece(_ second: Int64, gap: Int64, drops: UInt64 = 0) -> Rollup {
            var measurement = Measurement(
                range: TimeRange(
                    start: Instant(nanoseconds: second * 1_000_000_000),
                    nanoseconds: 10_000_000_000))
            measurement.frames.largestGapNanoseconds = gap
            measurement.trust.probeDrops = drops
            return Self.rollup(Observation(measurement: measurement))
        }
        let pieces = [
            piece(0, gap: Stall.least - 1), piece(10, gap: 6_000_000_000), piece(20, gap: 999),
            piece(30, gap: 6_000_000_000), piece(40, gap: Stall.outage),
            piece(50, gap: 7_000_000_000, drops: 1), piece(60, gap: Stall.least),
        ]
        for order in [pieces, pieces.reversed()] {
            var sum = order[0]
            for piece in order.dropFirst() { sum.merge(piece) }
            #expect(sum.stalls == 3)
            #expect(sum.longestStall?.nanoseconds == 6_000_000_000)
            #expect(sum.longestStall?.range.start == Instant(nanoseconds: 10_000_000_000))
        }
    }
}
