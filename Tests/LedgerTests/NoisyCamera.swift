// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// A camera of 1080p at 25 frames/s and about 5 Mbit/s, whose every figure is noisy as in the
/// field: sizes of frames vary, arrivals and jitter are random to the nanosecond, a packet is lost
/// now and then, sender reports tell the clock in every interval.
struct NoisyCamera {
    private var random: Seeded
    private var phase: Double
    private let packets: Double
    private let offset: Double
    private let isNoisy: Bool

    static let interval: Int64 = 10_000_000_000

    init(seed: UInt64, isNoisy: Bool = true) {
        random = Seeded(seed: seed)
        phase = Double.random(in: 0..<40e6, using: &random)
        packets = Double.random(in: 3_000..<6_000, using: &random)
        offset = Double.random(in: -50e6..<50e6, using: &random)
        self.isNoisy = isNoisy
    }

    /// What is seen in the interval that begins at `start`.
    mutating func next(start: Int64) -> Observation {
        let range = TimeRange(
            start: Instant(nanoseconds: start), nanoseconds: NoisyCamera.interval)
        var measurement = Measurement(range: range)
        phase = (phase + 50_000).truncatingRemainder(dividingBy: 40e6)
        let received = max(0, packets + noise(packets * 0.015))
        measurement.packets.received = UInt64(received)
        measurement.packets.unique = measurement.packets.received
        let lost = isNoisy && Int.random(in: 0..<10, using: &random) == 0
        let gone: UInt64 = lost ? .random(in: 1...3, using: &random) : 0
        measurement.packets.expected = measurement.packets.unique + gone
        measurement.packets.lossRuns = gone == 0 ? 0 : 1
        measurement.packets.longestLossRun = gone
        measurement.octets.ip = UInt64(received * 1_340 + noise(9_000))
        measurement.octets.payload = measurement.octets.ip - 40 * measurement.packets.received
        measurement.frames.count = 250
        measurement.frames.firstArrival = range.start.advanced(
            byNanoseconds: Int64(phase + abs(noise(1e6))))
        measurement.frames.lastArrival = range.start.advanced(
            byNanoseconds: Int64(phase + 249 * 40e6 + abs(noise(1e6))))
        measurement.firstPacket = measurement.frames.firstArrival
        measurement.lastPacket = measurement.frames.lastArrival?.advanced(
            byNanoseconds: Int64(3e6 + abs(noise(1e6))))
        measurement.frames.largestGapNanoseconds = Int64(42e6 + abs(noise(2e6)))
        measurement.frames.keyFrames = 5
        measurement.frames.keyFrameIntervals = 5
        measurement.frames.keyFrameIntervalSumNanoseconds = Int64(10e9 + noise(1e6))
        measurement.frames.mediaSpanTicks = 250 * 3_600
        measurement.frames.nominalStepTicks = 3_600
        measurement.jitter.count = measurement.packets.received - 1
        measurement.jitter.sumNanoseconds = (received * (1.2e6 + noise(0.15e6))).rounded()
        measurement.jitter.maxNanoseconds = 4e6 + noise(0.8e6)
        measurement.frameJitter.count = 249
        measurement.frameJitter.sumNanoseconds = (250 * (0.9e6 + noise(0.12e6))).rounded()
        measurement.frameJitter.maxNanoseconds = 3e6 + noise(0.6e6)
        measurement.trust.probeDrops = 0
        return Observation(
            measurement: measurement, picture: PictureSize(width: 1920, height: 1080),
            codec: "h264", transport: .rtpUDP,
            clock: ClockReading(
                offsetNanoseconds: Int64(offset + noise(0.3e6)),
                uncertaintyNanoseconds: Int64(1e6 + abs(noise(0.2e6)))),
            dscp: 34, vlan: [100])
    }

    private mutating func noise(_ deviation: Double) -> Double {
        isNoisy ? random.normal() * deviation : 0
    }
}
