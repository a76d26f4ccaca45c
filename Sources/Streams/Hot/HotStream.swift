// SPDX-License-Identifier: Apache-2.0
import RTP

/// What the meter of one stream reads and writes for every packet: four cache lines.
///
/// Counts run over the stream's whole life; an interval is the difference of two looks at them.
/// Only maxima, which have no difference, are of the interval and fold into `StreamTotals`.
/// Trivial: no reference, so that copying it counts nothing and a slab of them is plain memory.
struct HotStream {
    // Line 0: who it is, and the frame in progress.
    var key: StreamKey
    /// The RTP timestamp of the packet before, whichever frame it was of.
    var lastTimestamp: UInt32
    var flags: Flags
    var payloadType: UInt8
    var codec: Codec
    var dscp: UInt8
    var ttlLeast: UInt8
    var ttlGreatest: UInt8
    /// Packets of the frame in progress looked into for a key frame; see `PayloadInspection`.
    var framePacketsSeen: UInt8
    /// Packets with `dscp` since it last changed.
    var dscpPackets: UInt32

    // Line 1: order of packets.
    var sequence: SequenceTracker
    var lastArrival: Int64
    var received: UInt64

    // Line 2: volume and delay variation.
    var octetsIP: UInt64
    var octetsPayload: UInt64
    var jitter: JitterEstimator
    var jitterSum: Double
    var jitterMax: Double
    var lastFrameArrival: Int64
    var frames: UInt64
    var largestFrameGap: Int64

    // Line 3: touched at each new frame.
    /// Timestamps of recent frames: a packet that comes late begins no new frame.
    var recentTimestamps: InlineArray<12, UInt32>
    /// The last frame's timestamp, unwrapped.
    var mediaTime: Int64
    /// Nanoseconds a tick of the media clock; 0 while its rate is unknown.
    var nanosecondsPerTick: Double

    struct Flags: OptionSet {
        var rawValue: UInt16
        /// Not yet proved to be a stream by its sequence numbers (RFC 3550 appendix A.1).
        static let probation = Flags(rawValue: 1)
        /// Every packet is to be looked into until the codec is told.
        static let guessing = Flags(rawValue: 2)
        /// The payload holds transport stream packets, to be metered.
        static let transportStream = Flags(rawValue: 4)
        /// The payload cannot be read.
        static let encrypted = Flags(rawValue: 8)
        /// The frame in progress was counted as a key frame.
        static let keyFrame = Flags(rawValue: 16)
        /// The slot is free.
        static let vacant = Flags(rawValue: 32)
        /// The clock rate is an assumption, until signalling or the codec tells.
        static let assumedClock = Flags(rawValue: 64)
        /// A payload type other than the stream's was seen in the last packet.
        static let strangePayloadType = Flags(rawValue: 128)

        /// A media rate was declared: the delivery index is metered.
        static let delivery = Flags(rawValue: 256)

        /// Packets of such a stream take a longer road.
        static let attention: Flags = [.probation, .guessing, .transportStream, .delivery]
    }

    /// Bytes that one stream may take here: four cache lines.
    static let size = 256
}

/// What a payload is made of, as far as Kuzet reads it.
enum Codec: UInt8 {
    case unknown, h264, h265, mjpeg, mpeg4, mxpeg, mp2t
    /// Told by signalling or the payload type, and not read: the name is kept elsewhere.
    case other

    var name: String? {
        switch self {
        case .unknown, .other: nil
        case .h264: "h264"
        case .h265: "h265"
        case .mjpeg: "mjpeg"
        case .mpeg4: "mpeg4"
        case .mxpeg: "mxpeg"
        case .mp2t: "mp2t"
        }
    }
}

/// One RTP packet on its way to its meter, with everything a meter needs.
struct Arrival {
    var key: StreamKey
    var hash: UInt64
    /// Arrival, ns since 1970.
    var instant: Int64
    /// Where the payload begins in the bytes that come with it.
    var payloadStart: Int
    /// Payload octets captured.
    var payloadCaptured: Int32
    /// Payload octets by the headers' lengths.
    var payloadLength: Int32
    /// The IP packet's length by its header.
    var ipLength: UInt32
    var timestamp: UInt32
    var sequenceNumber: UInt16
    var payloadType: UInt8
    /// The marker bit: of video, the last packet of a frame.
    var marker: Bool
    var dscp: UInt8
    var ttl: UInt8
    /// What the fast path made of the record.
    var kind: Kind

    enum Kind: UInt8 {
        /// RTP, ready for its meter.
        case rtp
        /// Anything else: the general road decides.
        case other
    }

    /// Set beside the code point of a packet that came in a TCP segment already counted with
    /// another packet: code points are counted by segments, as the network sees them.
    static let dscpCounted: UInt8 = 0x80

    static let none = Arrival(
        key: StreamKey(
            sourceHigh: 0, sourceLow: 0, destinationHigh: 0, destinationLow: 0, portsAndSSRC: 0,
            link: 0), hash: 0, instant: 0, payloadStart: 0, payloadCaptured: 0,
        payloadLength: 0, ipLength: 0, timestamp: 0, sequenceNumber: 0, payloadType: 0,
        marker: false, dscp: 0, ttl: 0, kind: .other)

    var isCut: Bool { payloadCaptured < payloadLength }
}
