// SPDX-License-Identifier: Apache-2.0
public import Measurements
import Timekeeping

extension Observation {
    /// The step of times kept, ns: 10 µs, a hundredth of what an outage is dated to.
    ///
    /// Times in whole microseconds took 3.7 octets an interval more, of 24 allowed.
    public static let keptStep: Int64 = 10_000
    /// Most octets of a codec's name: the longest in use has eleven.
    static let longestCodec = 32
    /// Greatest jitter sum that a `Double` holds to the nanosecond: 2⁵³ ns, 104 days.
    private static let greatestSum = 9_007_199_254_740_992.0

    /// What the ledger keeps of this observation: what it gives back later, bit for bit.
    ///
    /// Judge this one and not the original, so that an account made today and one made from the
    /// ledger in a year agree. What is rounded, and how:
    ///
    /// - The range, all counts, all octets: not at all.
    /// - Arrivals of packets and frames: down to whole steps of 10 µs after the range's start.
    /// - Gaps, freezes, key frame intervals, greatest jitter: down to whole steps of 10 µs.
    /// - Jitter sums: to the nearest whole nanosecond.
    /// - Clock offset: towards zero to whole steps; its uncertainty: up.
    /// - The codec's name: its first 32 octets; VLAN tags: the outermost four, 12 bits each.
    public var kept: Observation {
        var kept = self
        let start = measurement.range.start.nanoseconds
        func floored(_ instant: Instant?) -> Instant? {
            guard let instant else { return nil }
            let after = instant.nanoseconds &- start
            let remainder = after % Observation.keptStep
            // In wall time nothing lies before the start; if it does, it is rounded towards it.
            return Instant(nanoseconds: start &+ (after &- remainder))
        }
        kept.measurement.firstPacket = floored(measurement.firstPacket)
        kept.measurement.lastPacket = floored(measurement.lastPacket)
        kept.measurement.frames.firstArrival = floored(measurement.frames.firstArrival)
        kept.measurement.frames.lastArrival = floored(measurement.frames.lastArrival)
        kept.measurement.frames.largestGapNanoseconds.floorToStep()
        kept.measurement.frames.frozenNanoseconds.floorToStep()
        kept.measurement.frames.keyFrameIntervalSumNanoseconds.floorToStep()
        kept.measurement.jitter = Self.kept(measurement.jitter)
        kept.measurement.frameJitter = Self.kept(measurement.frameJitter)
        if let clock {
            let uncertainty = clock.uncertaintyNanoseconds
            let up = uncertainty / Self.keptStep + (uncertainty % Self.keptStep > 0 ? 1 : 0)
            kept.clock = ClockReading(
                offsetNanoseconds: clock.offsetNanoseconds / Self.keptStep * Self.keptStep,
                uncertaintyNanoseconds: min(up, Int64.max / Self.keptStep) * Self.keptStep)
        }
        if let codec, codec.utf8.count > Self.longestCodec {
            kept.codec =
                String(decoding: codec.utf8.prefix(Self.longestCodec), as: UTF8.self)
                .prefix { $0 != "\u{fffd}" }.description
        }
        kept.vlan = vlan.prefix(Self.mostTags).map { $0 & 0xfff }
        return kept
    }

    private static func kept(_ sums: JitterSums) -> JitterSums {
        var kept = sums
        // Written so that what is no number becomes zero.
        kept.sumNanoseconds =
            sums.sumNanoseconds > 0 ? min(sums.sumNanoseconds, greatestSum).rounded() : 0
        kept.maxNanoseconds =
            sums.maxNanoseconds > 0
            ? (min(sums.maxNanoseconds, greatestSum) / Double(keptStep)).rounded(.down)
                * Double(keptStep) : 0
        return kept
    }
}

extension Int64 {
    fileprivate mutating func floorToStep() {
        self -= self % Observation.keptStep
    }
}
