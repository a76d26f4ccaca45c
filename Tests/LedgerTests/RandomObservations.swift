// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

extension Observation {
    /// Any value in every field, the extremes often.
    // long: one line a field, and there are many fields.
    static func anything(start: Int64, using random: inout Seeded) -> Observation {
        func any() -> UInt64 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: 0
            case 1: .max
            case 2: UInt64.random(in: 0..<1_000, using: &random)
            case 3: UInt64(Int64.max)
            default: random.next() >> UInt64.random(in: 0..<64, using: &random)
            }
        }
        func anySigned() -> Int64 { Int64(bitPattern: any()) }
        func anyInstant() -> Instant? {
            Bool.random(using: &random) ? nil : Instant(nanoseconds: anySigned())
        }
        let length = Int64(bitPattern: any()) & .max
        var measurement = Measurement(
            range: TimeRange(start: Instant(nanoseconds: start), nanoseconds: length))
        measurement.packets.received = any()
        measurement.packets.unique = any()
        measurement.packets.duplicate = any()
        measurement.packets.late = any()
        measurement.packets.expected = any()
        measurement.packets.lossRuns = any()
        measurement.packets.longestLossRun = any()
        measurement.packets.restarts = any()
        measurement.packets.outliers = any()
        measurement.octets.ip = any()
        measurement.octets.payload = any()
        measurement.frames.count = any()
        measurement.frames.firstArrival = anyInstant()
        measurement.frames.lastArrival = anyInstant()
        measurement.frames.largestGapNanoseconds = anySigned()
        measurement.frames.freezes = any()
        measurement.frames.frozenNanoseconds = anySigned()
        measurement.frames.keyFrames = any()
        measurement.frames.keyFrameIntervalSumNanoseconds = anySigned()
        measurement.frames.keyFrameIntervals = any()
        measurement.frames.mediaSpanTicks = any()
        measurement.frames.nominalStepTicks = UInt32(truncatingIfNeeded: any())
        let doubles = [0, .nan, .infinity, -1, 1e300, 0.5, Double(any()), 12_345.678]
        measurement.jitter.sumNanoseconds = doubles.randomElement(using: &random) ?? 0
        measurement.jitter.count = any()
        measurement.jitter.maxNanoseconds = doubles.randomElement(using: &random) ?? 0
        measurement.frameJitter.sumNanoseconds = doubles.randomElement(using: &random) ?? 0
        measurement.frameJitter.count = any()
        measurement.frameJitter.maxNanoseconds = doubles.randomElement(using: &random) ?? 0
        measurement.trust.probeDrops = Bool.random(using: &random) ? nil : any()
        measurement.trust.cutPackets = any()
        measurement.trust.beyondWindow = any()
        measurement.trust.joinedPackets = any()
        measurement.octets.duplicate = any()
        measurement.firstPacket = anyInstant()
        measurement.lastPacket = anyInstant()
        var observation = Observation(measurement: measurement)
        observation.transport = Transport.allCases.randomElement(using: &random) ?? .rtpUDP
        observation.evidence = Evidence.allCases.randomElement(using: &random) ?? .observed
        observation.isEncrypted = Bool.random(using: &random)
        observation.codec =
            [nil, "h264", "", "күзет", String(repeating: "й", count: 40)]
            .randomElement(using: &random) ?? nil
        observation.dscp = Bool.random(using: &random) ? nil : UInt8(truncatingIfNeeded: any())
        observation.vlan = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            UInt16(truncatingIfNeeded: any())
        }
        if Bool.random(using: &random) {
            observation.picture = PictureSize(
                width: UInt16(truncatingIfNeeded: any()), height: UInt16(truncatingIfNeeded: any()))
        }
        if Bool.random(using: &random) {
            observation.clock = ClockReading(
                offsetNanoseconds: anySigned(), uncertaintyNanoseconds: anySigned())
        }
        return observation
    }
}
