// SPDX-License-Identifier: Apache-2.0
import RTP

/// What the meter of one stream reads and writes for every packet: four cache lines.
///
/// Counts run over the stream's whole life; an interval is the difference of two looks at them.
/// Only maxima, which have no difference, are of the interval and fold into `StreamTotals`.
/// Trivial: no reference, so that copying it counts nothing and a slab of them is plain memory.
struct HotStream {
    // Line 0: who it is, and what its packets look like.
    var key: StreamKey
    /// The RTP timestamp of the packet before, whichever frame it was of.
    var lastTimestamp: UInt32
    /// What rarely changes from packet to packet.
    var signature: Signature
    /// Packets that the capture cut.
    var cut: UInt32
    var flags: Flags
    var codec: Codec
    /// Packets of the frame in progress that are still to be looked into, or `always`.
    var inspections: UInt8

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
    /// Nanoseconds a tick of the media clock; 0 while its rate is unknown.
    var nanosecondsPerTick: Double
    var lastFrameArrival: Int64
    var frames: UInt64

    // Line 3: touched at each new frame.
    /// Timestamps of recent frames: a packet that comes late begins no new frame.
    var recentTimestamps: InlineArray<12, UInt32>
    /// The last frame's timestamp, unwrapped.
    var mediaTime: Int64
    var largestFrameGap: Int64

    /// Value of `inspections` where every packet needs more than its meter.
    static let always: UInt8 = 255

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

        /// The codec is to be guessed once `inspections` have run out.
        static let waiting = Flags(rawValue: 128)
        /// A media rate was declared: the delivery index is metered.
        static let delivery = Flags(rawValue: 256)

        /// Packets of such a stream take a longer road.
        static let attention: Flags = [.probation, .guessing, .transportStream, .delivery]
    }

    /// Bytes that one stream may take here: four cache lines.
    static let size = 256
}

/// Payload type, DSCP and time to live in one word: what is the same in nearly all packets of a
/// stream, compared at once.
struct Signature: Equatable {
    private var word: UInt32

    @inline(__always)
    init(payloadType: UInt8, dscp: UInt8, ttl: UInt8) {
        word = UInt32(payloadType) | UInt32(dscp) &<< 8 | UInt32(ttl) &<< 16
    }

    var payloadType: UInt8 {
        get { UInt8(truncatingIfNeeded: word) }
        set { word = word & ~0xff | UInt32(newValue) }
    }
    var dscp: UInt8 {
        get { UInt8(truncatingIfNeeded: word >> 8) }
        set { word = word & ~0xff00 | UInt32(newValue) << 8 }
    }
    var ttl: UInt8 {
        get { UInt8(truncatingIfNeeded: word >> 16) }
        set { word = word & ~0xff_0000 | UInt32(newValue) << 16 }
    }
}

extension HotStream {
    /// Makes the first packets of a frame be looked into, or all, as the stream's state asks.
    @inline(__always)
    mutating func renewInspections() {
        if flags.contains(.waiting) { return }
        if !flags.isDisjoint(with: .attention) {
            inspections = HotStream.always
        } else {
            inspections =
                codec.payloadFormat == nil || flags.contains(.encrypted)
                ? 0 : Tracker.packetsInspectedPerFrame
        }
    }
}

extension HotStream {
    /// Packets of a proved stream before its codec is guessed: three frames of a camera.
    ///
    /// Short streams, of which there are many where there is no camera, then cost no guess.
    static let packetsBeforeGuess: UInt8 = 60

    /// Puts the guess off, if there is to be one.
    mutating func waitToGuess() {
        guard flags.isDisjoint(with: [.transportStream, .delivery]), flags.contains(.guessing)
        else { return }
        flags.insert(.waiting)
        inspections = HotStream.packetsBeforeGuess
    }

    /// Whether the next packet only shortens the time until the guess begins.
    @inline(__always)
    var isIdle: Bool { flags.contains(.waiting) && inspections > 1 }

    mutating func beginToGuess() {
        flags.remove(.waiting)
        inspections = HotStream.always
    }
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
    var signature: Signature
    var sequenceNumber: UInt16
    /// The marker bit: of video, the last packet of a frame.
    var marker: Bool
    /// What the fast path made of the record.
    var kind: Kind

    enum Kind: UInt8 {
        /// RTP, ready for its meter.
        case rtp
        /// Anything else: the general road decides.
        case other
    }

    static let none = Arrival(
        key: .none, hash: 0, instant: 0, payloadStart: 0, payloadCaptured: 0, payloadLength: 0,
        ipLength: 0, timestamp: 0, signature: Signature(payloadType: 0, dscp: 0, ttl: 0),
        sequenceNumber: 0, marker: false, kind: .other)

    var isCut: Bool { payloadCaptured < payloadLength }
}
