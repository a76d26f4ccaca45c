// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// An observation as numbers, in the order of `ObservationField`.
///
/// Only for an observation that `kept` has rounded do the numbers give back every bit.
struct ObservationNumbers {
    /// As many as there are fields.
    private(set) var values: [Int64]

    private subscript(field: ObservationField) -> Int64 {
        get { values[field.rawValue] }
        set { values[field.rawValue] = newValue }
    }

    /// Wraps numbers that were read; there must be one for each field.
    init(values: [Int64]) {
        precondition(values.count == ObservationField.count)
        self.values = values
    }

    /// Takes apart an observation that `kept` has rounded.
    ///
    /// - Parameter codec: the codec's number, from 1; 0 for none.
    init(kept observation: Observation, codec: Int64) {
        values = [Int64](repeating: 0, count: ObservationField.count)
        let measurement = observation.measurement
        var flags: Int64 = 0
        self[.length] = measurement.range.nanoseconds
        packets(measurement.packets)
        self[.ipOctets] = Int64(bitPattern: measurement.octets.ip)
        self[.overhead] = Int64(
            bitPattern: measurement.octets.ip &- measurement.octets.payload)
        frames(measurement.frames, in: measurement.range, &flags)
        self[.jitterSum] = Int64(measurement.jitter.sumNanoseconds)
        self[.jitterCount] = Int64(
            bitPattern: measurement.packets.received &- measurement.jitter.count)
        self[.jitterMax] = Int64(measurement.jitter.maxNanoseconds) / Observation.keptStep
        self[.frameJitterSum] = Int64(measurement.frameJitter.sumNanoseconds)
        self[.frameJitterCount] = Int64(
            bitPattern: measurement.frames.count &- measurement.frameJitter.count)
        self[.frameJitterMax] = Int64(measurement.frameJitter.maxNanoseconds) / Observation.keptStep
        if let drops = measurement.trust.probeDrops {
            flags |= ObservationFlag.probeDrops
            self[.probeDrops] = Int64(bitPattern: drops)
        }
        self[.cutPackets] = Int64(bitPattern: measurement.trust.cutPackets)
        self[.beyondWindow] = Int64(bitPattern: measurement.trust.beyondWindow)
        self[.duplicateOctets] = Int64(bitPattern: measurement.octets.duplicate)
        self[.joinedPackets] = Int64(bitPattern: measurement.trust.joinedPackets)
        packetTimes(measurement, &flags)
        self[.codec] = codec
        properties(observation, &flags)
        self[.flags] = flags
    }

    private mutating func packets(_ packets: PacketCounts) {
        self[.received] = Int64(bitPattern: packets.received)
        self[.duplicate] = Int64(bitPattern: packets.duplicate)
        self[.ununique] = Int64(
            bitPattern: packets.received &- packets.duplicate &- packets.unique)
        self[.lost] = Int64(bitPattern: packets.expected &- packets.unique)
        self[.late] = Int64(bitPattern: packets.late)
        self[.lossRuns] = Int64(bitPattern: packets.lossRuns) &- (self[.lost] == 0 ? 0 : 1)
        self[.longestLossRun] = Int64(bitPattern: packets.longestLossRun) &- self[.lost]
        self[.restarts] = Int64(bitPattern: packets.restarts)
        self[.outliers] = Int64(bitPattern: packets.outliers)
    }

    private mutating func frames(
        _ frames: FrameCounts, in range: TimeRange, _ flags: inout Int64
    ) {
        self[.frames] = Int64(bitPattern: frames.count)
        if let first = frames.firstArrival {
            flags |= ObservationFlag.firstArrival
            self[.firstArrival] =
                (first.nanoseconds &- range.start.nanoseconds) / Observation.keptStep
        }
        if let last = frames.lastArrival {
            flags |= ObservationFlag.lastArrival
            self[.lastArrival] = Self.beforeEnd(last, of: range)
        }
        self[.largestGap] = frames.largestGapNanoseconds / Observation.keptStep
        self[.freezes] = Int64(bitPattern: frames.freezes)
        self[.frozen] = frames.frozenNanoseconds / Observation.keptStep
        self[.keyFrames] = Int64(bitPattern: frames.keyFrames)
        self[.keyFrameIntervalSum] = frames.keyFrameIntervalSumNanoseconds / Observation.keptStep
        self[.keyFrameIntervals] = Int64(bitPattern: frames.keyFrameIntervals)
        self[.mediaSpan] = Int64(
            bitPattern: frames.mediaSpanTicks &- frames.count &* UInt64(frames.nominalStepTicks))
        self[.nominalStep] = Int64(frames.nominalStepTicks)
    }

    private mutating func packetTimes(_ measurement: Measurement, _ flags: inout Int64) {
        let start = measurement.range.start.nanoseconds
        if let first = measurement.firstPacket {
            flags |= ObservationFlag.firstPacket
            let offset = (first.nanoseconds &- start) / Observation.keptStep
            self[.firstPacket] =
                measurement.frames.firstArrival == nil ? offset : self[.firstArrival] &- offset
        }
        if let last = measurement.lastPacket {
            flags |= ObservationFlag.lastPacket
            let offset = Self.beforeEnd(last, of: measurement.range)
            self[.lastPacket] =
                measurement.frames.lastArrival == nil ? offset : self[.lastArrival] &- offset
        }
    }

    private mutating func properties(_ observation: Observation, _ flags: inout Int64) {
        if let picture = observation.picture {
            flags |= ObservationFlag.picture
            self[.width] = Int64(picture.width)
            self[.height] = Int64(picture.height)
        }
        self[.transport] = observation.transport.keptNumber
        if let clock = observation.clock {
            flags |= ObservationFlag.clock
            self[.clockOffset] = clock.offsetNanoseconds / Observation.keptStep
            self[.clockUncertainty] = clock.uncertaintyNanoseconds / Observation.keptStep
        }
        if let dscp = observation.dscp {
            flags |= ObservationFlag.dscp
            self[.dscp] = Int64(dscp)
        }
        var tags = Int64(observation.vlan.count)
        for tag in observation.vlan { tags = tags << 12 | Int64(tag) }
        self[.vlan] = tags
        if observation.isEncrypted { flags |= ObservationFlag.encrypted }
        if observation.isReleased { flags |= ObservationFlag.released }
        self[.evidence] = Int64(observation.evidence.rawValue)
    }

    /// Whole steps from the start to the end less those to `instant`.
    private static func beforeEnd(_ instant: Instant, of range: TimeRange) -> Int64 {
        range.nanoseconds / Observation.keptStep &- (instant.nanoseconds &- range.start.nanoseconds)
            / Observation.keptStep
    }
}
