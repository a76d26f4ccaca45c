// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

extension ObservationNumbers {
    /// Puts the observation together that begins at `start`.
    func observation(start: Instant, codec: String?) throws(PackingFault) -> Observation {
        let length = self[.length]
        guard length >= 0 else { throw .outOfRange(field: "length", offset: 0) }
        let range = TimeRange(start: start, nanoseconds: length)
        var measurement = Measurement(range: range)
        let flags = self[.flags]
        measurement.packets = packets
        measurement.octets.ip = unsigned(.ipOctets)
        measurement.octets.payload = unsigned(.ipOctets) &- unsigned(.overhead)
        measurement.frames = try frames(in: range, flags)
        measurement.jitter.sumNanoseconds = Double(self[.jitterSum])
        measurement.jitter.count = unsigned(.received) &- unsigned(.jitterCount)
        measurement.jitter.maxNanoseconds = Double(self[.jitterMax] &* Observation.keptStep)
        measurement.frameJitter.sumNanoseconds = Double(self[.frameJitterSum])
        measurement.frameJitter.count = unsigned(.frames) &- unsigned(.frameJitterCount)
        measurement.frameJitter.maxNanoseconds = Double(
            self[.frameJitterMax] &* Observation.keptStep)
        if flags & ObservationFlag.probeDrops != 0 {
            measurement.trust.probeDrops = unsigned(.probeDrops)
        }
        measurement.trust.cutPackets = unsigned(.cutPackets)
        measurement.trust.beyondWindow = unsigned(.beyondWindow)
        measurement.octets.duplicate = unsigned(.duplicateOctets)
        measurement.trust.joinedPackets = unsigned(.joinedPackets)
        if flags & ObservationFlag.firstPacket != 0 {
            let offset =
                flags & ObservationFlag.firstArrival == 0
                ? self[.firstPacket] : self[.firstArrival] &- self[.firstPacket]
            measurement.firstPacket = Self.instant(range, after: offset)
        }
        if flags & ObservationFlag.lastPacket != 0 {
            let offset =
                flags & ObservationFlag.lastArrival == 0
                ? self[.lastPacket] : self[.lastArrival] &- self[.lastPacket]
            measurement.lastPacket = Self.instant(range, beforeEnd: offset)
        }
        return try properties(of: measurement, codec: codec, flags)
    }

    private var packets: PacketCounts {
        var packets = PacketCounts()
        packets.received = unsigned(.received)
        packets.duplicate = unsigned(.duplicate)
        packets.unique = packets.received &- packets.duplicate &- unsigned(.ununique)
        packets.expected = packets.unique &+ unsigned(.lost)
        packets.late = unsigned(.late)
        packets.lossRuns = unsigned(.lossRuns) &+ (self[.lost] == 0 ? 0 : 1)
        packets.longestLossRun = unsigned(.longestLossRun) &+ unsigned(.lost)
        packets.restarts = unsigned(.restarts)
        packets.outliers = unsigned(.outliers)
        return packets
    }

    private func frames(
        in range: TimeRange, _ flags: Int64
    ) throws(PackingFault) -> FrameCounts {
        var frames = FrameCounts()
        frames.count = unsigned(.frames)
        if flags & ObservationFlag.firstArrival != 0 {
            frames.firstArrival = Self.instant(range, after: self[.firstArrival])
        }
        if flags & ObservationFlag.lastArrival != 0 {
            frames.lastArrival = Self.instant(range, beforeEnd: self[.lastArrival])
        }
        frames.largestGapNanoseconds = self[.largestGap] &* Observation.keptStep
        frames.freezes = unsigned(.freezes)
        frames.frozenNanoseconds = self[.frozen] &* Observation.keptStep
        frames.keyFrames = unsigned(.keyFrames)
        frames.keyFrameIntervalSumNanoseconds = self[.keyFrameIntervalSum] &* Observation.keptStep
        frames.keyFrameIntervals = unsigned(.keyFrameIntervals)
        frames.nominalStepTicks = try narrow(.nominalStep, "nominal step")
        frames.mediaSpanTicks =
            unsigned(.mediaSpan) &+ frames.count &* UInt64(frames.nominalStepTicks)
        return frames
    }

    private func properties(
        of measurement: Measurement, codec: String?, _ flags: Int64
    ) throws(PackingFault) -> Observation {
        let transport: Int = try narrow(.transport, "transport")
        guard Transport.kept.indices.contains(transport) else {
            throw .outOfRange(field: "transport", offset: 0)
        }
        guard let evidence = Evidence(rawValue: try narrow(.evidence, "evidence")) else {
            throw .outOfRange(field: "evidence", offset: 0)
        }
        var observation = Observation(
            measurement: measurement, transport: Transport.kept[transport])
        observation.evidence = evidence
        observation.codec = codec
        observation.isEncrypted = flags & ObservationFlag.encrypted != 0
        observation.isReleased = flags & ObservationFlag.released != 0
        if flags & ObservationFlag.picture != 0 {
            observation.picture = PictureSize(
                width: try narrow(.width, "width"), height: try narrow(.height, "height"))
        }
        if flags & ObservationFlag.clock != 0 {
            observation.clock = ClockReading(
                offsetNanoseconds: self[.clockOffset] &* Observation.keptStep,
                uncertaintyNanoseconds: self[.clockUncertainty] &* Observation.keptStep)
        }
        if flags & ObservationFlag.dscp != 0 {
            observation.dscp = try narrow(.dscp, "code point") as UInt8
        }
        observation.vlan = try tags()
        return observation
    }

    private func tags() throws(PackingFault) -> [UInt16] {
        let packed = self[.vlan]
        if packed == 0 { return [] }
        for count in 1...Observation.mostTags where packed >> Int64(12 * count) == count {
            return (0..<count).map { place in
                UInt16(packed >> Int64(12 * (count - 1 - place)) & 0xfff)
            }
        }
        throw .outOfRange(field: "VLAN", offset: 0)
    }

    private subscript(field: ObservationField) -> Int64 { values[field.rawValue] }

    private func unsigned(_ field: ObservationField) -> UInt64 {
        UInt64(bitPattern: values[field.rawValue])
    }

    private func narrow<Number: FixedWidthInteger>(
        _ field: ObservationField, _ name: String
    ) throws(PackingFault) -> Number {
        guard let number = Number(exactly: values[field.rawValue]) else {
            throw .outOfRange(field: name, offset: 0)
        }
        return number
    }

    private static func instant(_ range: TimeRange, after steps: Int64) -> Instant {
        Instant(nanoseconds: range.start.nanoseconds &+ steps &* Observation.keptStep)
    }

    private static func instant(_ range: TimeRange, beforeEnd steps: Int64) -> Instant {
        instant(range, after: range.nanoseconds / Observation.keptStep &- steps)
    }
}
