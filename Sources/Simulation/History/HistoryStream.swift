// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// One camera's stream as its plan makes it: what a probe measures of it over any stretch.
///
/// 25 frames/s of 20 packets each at 6 Mbit/s, every frame at its own millisecond. Nothing is
/// drawn here: a frame's size and time follow from its number, so any stretch can be asked for
/// in any order.
struct HistoryStream: Sendable {
    /// Decides the camera's phase and every frame's small deviations.
    private let salt: UInt64
    /// Milliseconds after a whole 40 ms at which this camera's frames come.
    private let phase: Int64
    /// Stretches without any packet, in order, apart from each other.
    let silences: TimeRangeSet
    /// The camera's own troubles, in order.
    private let troubles: [Trouble]

    static let framePeriod: Int64 = 40_000_000
    static let packetsPerFrame: UInt64 = 20
    static let octetsPerFrame: UInt64 = 30_000

    init(plan: HistoryPlan, camera: Int) {
        var random = SplitMix64(seed: plan.options.seed, party: 0x5_0000_0000 + UInt64(camera))
        salt = random.next()
        phase = Int64(random.below(40)) * 1_000_000
        let site = plan.layout.site(ofCamera: camera)
        let channel = plan.layout.channel(ofSite: site)
        let own = plan.own[camera].filter { $0.kind == .silence || $0.kind == .pause }
        silences = TimeRangeSet(
            plan.channelCuts[channel] + plan.powerCuts[site] + own.map(\.range))
        troubles = plan.own[camera].filter { $0.kind != .silence && $0.kind != .pause }
    }

    /// Arrival of the frame of that number: its turn, and up to 7 ms that the network adds.
    private func arrival(_ frame: Int64) -> Instant {
        let wobble = Int64(truncatingIfNeeded: mixed(frame) >> 40) & 7
        return Instant(nanoseconds: frame * Self.framePeriod + phase + wobble * 1_000_000)
    }

    private func mixed(_ number: Int64) -> UInt64 {
        (UInt64(bitPattern: number) ^ salt) &* 0x9e37_79b9_7f4a_7c15
    }

    /// The number of the first frame that arrives at `instant` or later.
    private func firstFrame(from instant: Instant) -> Int64 {
        var frame = (instant.nanoseconds - phase) / Self.framePeriod - 1
        while arrival(frame) < instant { frame += 1 }
        return frame
    }

    /// Whether the frame of that number is sent: of 25, only 12 while the camera is slow.
    private static func isSent(_ frame: Int64, slow: Bool) -> Bool {
        !slow || frame * 12 / 25 != (frame - 1) * 12 / 25
    }

    func isSlow(at instant: Instant) -> Bool {
        troubles.contains { $0.kind == .slowFrames && $0.range.contains(instant) }
    }

    /// The last frame that arrived before `instant`, the silence before it stepped over; nil if
    /// none came since `earliest`.
    func lastFrame(before instant: Instant, notBefore earliest: Instant) -> Instant? {
        var end = instant
        if let silence = silences.ranges.last(where: { $0.start < end && end <= $0.end }) {
            end = silence.start
        }
        var frame = firstFrame(from: end) - 1
        while arrival(frame) >= earliest {
            let time = arrival(frame)
            if !silences.contains(time), Self.isSent(frame, slow: isSlow(at: time)) { return time }
            frame -= 1
        }
        return nil
    }

    /// The first frame that arrives at `instant` or later, the silence there stepped over.
    func firstFrame(notBefore instant: Instant) -> Instant {
        var start = instant
        if let silence = silences.ranges.first(where: { $0.contains(start) }) {
            start = silence.end
        }
        var frame = firstFrame(from: start)
        while true {
            let time = arrival(frame)
            if !silences.contains(time), Self.isSent(frame, slow: isSlow(at: time)) { return time }
            frame += 1
        }
    }

    /// What a probe measures over `range`, in which no trouble may begin or end but a silence.
    ///
    /// - Parameter watchedSince: since when the probe has watched without a break: a gap between
    ///   two frames is known only if it saw both.
    func measurement(over range: TimeRange, watchedSince: Instant) -> HistoryMeasurement {
        let kinds = Set(
            troubles.filter { $0.range.intersection(range) != nil }.map(\.kind))
        let slow = kinds.contains(.slowFrames)
        var measured = HistoryMeasurement(kinds: kinds, range: range)
        let audible = TimeRangeSet([range]).subtracting(silences)
        for part in audible.ranges {
            let first = firstFrame(from: part.start)
            let after = firstFrame(from: part.end)
            let count = slow ? (after - 1) * 12 / 25 - (first - 1) * 12 / 25 : after - first
            guard count > 0 else { continue }
            var (low, high) = (first, after - 1)
            while !Self.isSent(low, slow: slow) { low += 1 }
            while !Self.isSent(high, slow: slow) { high -= 1 }
            measured.add(
                frames: UInt64(count), first: arrival(low), last: arrival(high),
                salt: mixed(first), slow: slow)
        }
        if let first = measured.measurement.frames.firstArrival,
            let before = lastFrame(before: first, notBefore: watchedSince)
        {
            measured.widenGap(first.nanoseconds(since: before))
        }
        return measured
    }
}

/// What a probe measures of a simulated stream over one stretch.
struct HistoryMeasurement {
    private(set) var measurement: Measurement
    let picture: PictureSize
    /// Camera's clock less the probe's, ns; nil where no sender report came.
    private(set) var clockOffset: Int64?
    private let kinds: Set<Trouble.Kind>

    init(kinds: Set<Trouble.Kind>, range: TimeRange) {
        self.kinds = kinds
        measurement = Measurement(range: range)
        measurement.trust.probeDrops = 0
        picture =
            kinds.contains(.smallPicture)
            ? PictureSize(width: 1280, height: 720) : PictureSize(width: 1920, height: 1080)
    }

    /// Adds a run of frames without a silence inside.
    mutating func add(
        frames count: UInt64, first: Instant, last: Instant, salt: UInt64, slow: Bool
    ) {
        let expected = count * HistoryStream.packetsPerFrame
        let percent: UInt64 =
            kinds.contains(.heavyLoss) ? 45 : kinds.contains(.lightLoss) ? 10 : 0
        let lost = expected * percent / 100
        var octets = count * HistoryStream.octetsPerFrame
        if kinds.contains(.lowBitrate) { octets /= 3 }
        // Fewer frames, each as much larger: only the frame rate suffers.
        if slow { octets = octets * 25 / 12 }
        octets += octets / 200 * (salt >> 60) / 16
        octets -= octets * percent / 100
        measurement.packets.expected += expected
        measurement.packets.unique += expected - lost
        measurement.packets.received += expected - lost
        if lost > 0 {
            measurement.packets.lossRuns += lost / 3 + 1
            measurement.packets.longestLossRun = 3
        }
        measurement.octets.ip += octets
        measurement.octets.payload += octets - (expected - lost) * 40
        measurement.frames.count += count
        let steps = count - (measurement.frames.count == count ? 1 : 0)
        measurement.frames.mediaSpanTicks += steps * (slow ? 7500 : 3600)
        measurement.frames.nominalStepTicks = slow ? 7500 : 3600
        measurement.frames.keyFrames += count / 50
        measurement.frames.keyFrameIntervals += count / 50
        measurement.frames.keyFrameIntervalSumNanoseconds += Int64(count / 50) * 2_000_000_000
        if let before = measurement.frames.lastArrival {
            widenGap(first.nanoseconds(since: before))
        }
        widenGap(slow ? 127_000_000 : 47_000_000)
        measurement.frames.firstArrival = measurement.frames.firstArrival ?? first
        measurement.frames.lastArrival = last
        measurement.firstPacket = measurement.frames.firstArrival
        measurement.lastPacket = last
        let noise = Double(salt >> 44 & 0xffff)
        measurement.jitter.count += expected - lost
        measurement.jitter.sumNanoseconds += Double(expected - lost) * (900_000 + noise)
        measurement.jitter.maxNanoseconds = 3_000_000 + noise * 16
        measurement.frameJitter.count += count
        measurement.frameJitter.sumNanoseconds += Double(count) * (1_200_000 + noise)
        measurement.frameJitter.maxNanoseconds = 3_500_000 + noise * 16
        let steady = 12_000_000 + Int64(salt >> 50 & 0xff) * 10_000
        clockOffset = kinds.contains(.clockStep) ? 3_200_000_000 + steady : steady
    }

    /// Notes a gap between two frames that ends in the stretch, ns.
    mutating func widenGap(_ gap: Int64) {
        let largest = max(measurement.frames.largestGapNanoseconds, gap)
        measurement.frames.largestGapNanoseconds = largest
    }
}
