// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What one vantage saw of one stream over a stretch of time: counts and sums of integers, so
/// that two neighbouring measurements merge into exactly the one that a longer stretch would
/// have given.
///
/// Ratios and rates are never stored; they are taken from the sums when somebody asks.
public struct Measurement: Hashable, Sendable {
    /// The stretch observed: an interval, or first to last packet of the whole.
    public var range: TimeRange
    /// Packets by what became of their sequence numbers.
    public var packets = PacketCounts()
    /// Octets by layer.
    public var octets = OctetCounts()
    /// Frames, their spacing and their freezes.
    public var frames = FrameCounts()
    /// RFC 3550 appendix A.8, over every packet in order of arrival.
    public var jitter = JitterSums()
    /// The same estimator over the first packet of each frame: what remains when the sender's
    /// burst of one frame's packets is taken away.
    public var frameJitter = JitterSums()
    /// How far the rest can be trusted.
    public var trust = Trust()
    /// Arrival of the first packet; nil if none came.
    public var firstPacket: Instant?
    /// Arrival of the last packet; nil if none came.
    public var lastPacket: Instant?

    /// Makes an empty measurement of `range`.
    public init(range: TimeRange) {
        self.range = range
    }
}

/// Packets by what became of their sequence numbers; `docs/measurements.md` has the rules.
public struct PacketCounts: Hashable, Sendable {
    /// Every packet that arrived.
    public var received: UInt64 = 0
    /// Distinct sequence numbers.
    public var unique: UInt64 = 0
    /// Packets whose sequence number had arrived before.
    public var duplicate: UInt64 = 0
    /// First arrivals behind a later sequence number.
    public var late: UInt64 = 0
    /// Sequence numbers that should have arrived.
    public var expected: UInt64 = 0
    /// Gaps in the sequence numbers that stayed open, each counted once.
    public var lossRuns: UInt64 = 0
    /// The longest gap that stayed open.
    public var longestLossRun: UInt64 = 0
    /// Times the sender began again with other sequence numbers under the same SSRC.
    public var restarts: UInt64 = 0
    /// Packets whose sequence number fits nothing before or after: corrupt, or forged.
    public var outliers: UInt64 = 0

    /// Makes counts of nothing.
    public init() {}

    /// Sequence numbers that never arrived: expected less unique; never negative.
    public var lost: UInt64 { expected > unique ? expected - unique : 0 }
    /// Lost over expected, 0…1; nil if nothing was expected.
    public var lossRatio: Double? { expected == 0 ? nil : Double(lost) / Double(expected) }
}

/// Octets by layer.
public struct OctetCounts: Hashable, Sendable {
    /// By the length that the IP header states, IP header included; never the captured length.
    public var ip: UInt64 = 0
    /// What RTP carries behind header, CSRC list and extension, padding included; for MPEG-TS in
    /// UDP the transport packets, for multipart the parts' bodies.
    public var payload: UInt64 = 0
    /// Of those of IP, the ones of packets whose sequence number had arrived before.
    public var duplicate: UInt64 = 0

    /// Makes counts of nothing.
    public init() {}
}

/// Frames: distinct RTP timestamps, or parts of a multipart answer.
public struct FrameCounts: Hashable, Sendable {
    /// Frames of which at least one packet arrived.
    public var count: UInt64 = 0
    /// Arrival of the first packet of the first frame.
    public var firstArrival: Instant?
    /// Arrival of the first packet of the last frame.
    public var lastArrival: Instant?
    /// The longest time between the first packets of consecutive frames, ns.
    public var largestGapNanoseconds: Int64 = 0
    /// Times the gap exceeded twice the nominal frame spacing.
    public var freezes: UInt64 = 0
    /// Time inside those gaps beyond one nominal spacing, ns.
    public var frozenNanoseconds: Int64 = 0
    /// Frames that can be decoded without another (IDR, IRAP, intra VOP, every JPEG).
    public var keyFrames: UInt64 = 0
    /// Sum of the times between consecutive key frames, ns.
    public var keyFrameIntervalSumNanoseconds: Int64 = 0
    /// Number of such times.
    public var keyFrameIntervals: UInt64 = 0
    /// Media time between the lowest and the highest timestamp, in ticks of the media clock.
    public var mediaSpanTicks: UInt64 = 0
    /// The most common step between consecutive frames' timestamps, in ticks; 0 if unknown.
    public var nominalStepTicks: UInt32 = 0

    /// Makes counts of no frame.
    public init() {}
}

/// Sums of the interarrival jitter's successive values.
public struct JitterSums: Hashable, Sendable {
    /// Sum over packets of the estimator's value after each, ns.
    public var sumNanoseconds: Double = 0
    /// How many values were summed.
    public var count: UInt64 = 0
    /// The greatest value, ns.
    public var maxNanoseconds: Double = 0

    /// Makes sums of no value.
    public init() {}

    /// Mean over packets, ms; nil if fewer than two packets came.
    public var meanMilliseconds: Double? {
        count == 0 ? nil : sumNanoseconds / Double(count) / 1e6
    }
    /// Maximum over packets, ms; nil if fewer than two packets came.
    public var maxMilliseconds: Double? { count == 0 ? nil : maxNanoseconds / 1e6 }
}

/// How far a measurement can be trusted.
public struct Trust: Hashable, Sendable {
    /// Packets that the probe itself lost in the stretch, in the kernel or in its own queues.
    ///
    /// Any makes the loss of the stretch unknown. Nil where nobody can say: a file.
    public var probeDrops: UInt64?
    /// Packets of the stream that the snap length cut.
    public var cutPackets: UInt64 = 0
    /// Packets that came further behind than the reordering window reaches.
    ///
    /// Whether each was a duplicate or late is unknown; they are counted as late.
    public var beyondWindow: UInt64 = 0
    /// Packets that were several on the wire: the capturing host had joined them.
    ///
    /// Any makes all counts of packets of the stretch unknown, and the times between them.
    public var joinedPackets: UInt64 = 0

    /// Makes the trust of a stretch of which nothing is known yet.
    public init() {}
}
