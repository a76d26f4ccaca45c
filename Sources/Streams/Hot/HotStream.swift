// SPDX-License-Identifier: Apache-2.0
import RTP
import Timekeeping

/// What the meter of one stream reads and writes for every packet: four cache lines, of which
/// a packet in the middle of a frame needs two.
///
/// Counts run over the stream's whole life; an interval is the difference of two looks at them.
/// Only maxima, which have no difference, are of the interval and fold into `StreamTotals`.
/// Trivial: no reference, so that copying it counts nothing and a slab of them is plain memory.
struct HotStream {
    // Line 0: what tells a plain packet, and most of what it changes.
    private var addresses: UInt64
    /// The ports, as `StreamKey.ends` has them below.
    private var ports: UInt32
    /// The sequence number at which a packet must be looked at with care.
    ///
    /// Whoever changes what that depends on, and is not the meter, calls `lookAgain`.
    private(set) var until: UInt16
    /// The sequence number of the next packet.
    ///
    /// Plain packets count by it: those between `sequence` and it are not settled.
    private(set) var next: UInt16
    /// The last packet's timestamp and the SSRC, as they came from the wire.
    private var clockAndSource: UInt64
    private var link: UInt64
    /// What rarely changes from packet to packet.
    var signature: Signature
    var lastArrival: Int64
    var jitter: JitterEstimator
    /// Octets of the IP packets that are not settled.
    private var unsettledOctets: UInt32
    /// Packets that the capture cut.
    var cut: UInt32

    // Line 1: volume and delay variation.
    var jitterSum: Double
    var jitterMax: Double
    var received: UInt64
    var octetsIP: UInt64
    var octetsPayload: UInt64
    /// The media clock's rate; 0 while it is unknown.
    private(set) var hertz: UInt32
    var flags: Flags
    var codec: Codec
    /// Packets of the frame in progress that are still to be looked into, or `always`; while the
    /// guess at the codec waits, how many packets it waits for beyond `ordinary`.
    var inspections: UInt8
    var lastFrameArrival: Int64

    // The end of line 1, and line 2: order of packets.
    var sequence: SequenceTracker

    // Lines 2 and 3: touched at each new frame.
    /// The last frame's timestamp.
    var frameTimestamp: UInt32
    var frames: UInt64
    /// The rest of the key, of IPv6 only.
    private var rest: (UInt64, UInt64, UInt64)
    /// Timestamps of recent frames: a packet that comes late begins no new frame.
    var recentTimestamps: InlineArray<12, UInt32>
    var largestFrameGap: Int64

    /// Begins with a stream's first packet.
    init(_ arrival: Arrival, sequence: SequenceTracker) {
        addresses = arrival.key.addresses
        ports = UInt32(truncatingIfNeeded: arrival.key.ends)
        clockAndSource =
            arrival.key.ends & ~0xffff_ffff | UInt64(arrival.timestamp.byteSwapped)
        link = arrival.key.link
        rest = arrival.key.rest
        signature = arrival.signature
        next = sequence.nextNumber
        until = next
        unsettledOctets = 0
        received = 1
        lastArrival = arrival.instant
        cut = arrival.isCut ? 1 : 0
        flags = .probation
        codec = .unknown
        inspections = HotStream.always
        octetsIP = UInt64(arrival.ipLength)
        octetsPayload = UInt64(max(0, arrival.payloadLength))
        jitter = JitterEstimator()
        jitterSum = 0
        jitterMax = 0
        hertz = 0
        lastFrameArrival = arrival.instant
        self.sequence = sequence
        frameTimestamp = arrival.timestamp
        frames = 1
        recentTimestamps = InlineArray(repeating: arrival.timestamp)
        largestFrameGap = 0
    }

    /// Who it is.
    var key: StreamKey {
        StreamKey(addresses: addresses, ends: ends, link: link, rest: rest)
    }

    private var ends: UInt64 { UInt64(ports) | clockAndSource & ~0xffff_ffff }

    /// Whether its key is this one.
    @inline(__always)
    func has(_ key: StreamKey) -> Bool {
        (addresses ^ key.addresses) | (ends ^ key.ends) | (link ^ key.link) == 0
            && (link & StreamKey.isV6 == 0 || rest == key.rest)
    }

    /// Whether a packet with these words of IPv4's key is its own and of the frame in progress.
    @inline(__always)
    func goesOn(
        addresses: UInt64, ports: UInt32, clockAndSource: UInt64, link: UInt64
    ) -> Bool {
        self.clockAndSource == clockAndSource && self.addresses == addresses
            && self.ports == ports && self.link == link
    }

    /// The RTP timestamp of the packet before, whichever frame it was of.
    var lastTimestamp: UInt32 {
        @inline(__always)
        get { UInt32(truncatingIfNeeded: clockAndSource).byteSwapped }
        @inline(__always)
        set { clockAndSource = clockAndSource & ~0xffff_ffff | UInt64(newValue.byteSwapped) }
    }

    /// Nanoseconds a tick of the media clock; 0 while its rate is unknown.
    var nanosecondsPerTick: Double { hertz == 0 ? 0 : 1e9 / Double(hertz) }

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

        /// The codec is to be guessed once `inspections` and `ordinary` have run out.
        static let waiting = Flags(rawValue: 128)
        /// A media rate was declared: the delivery index is metered.
        static let delivery = Flags(rawValue: 256)

        /// Packets of such a stream take a longer road.
        static let attention: Flags = [.probation, .guessing, .transportStream, .delivery]
    }

    /// Bytes that one stream may take here: four cache lines.
    static let size = 256
}

/// Payload type, DSCP and time to live in one word, among what else the headers of the plainest
/// packets have in common: what is the same in nearly all packets of a stream, compared at once.
///
/// The lowest octet first: version and header length of IPv4, DSCP, time to live, protocol; the
/// first octet of RTP, payload type; flags and fragment offset of IPv4, which are zero but for the
/// permission to fragment.
struct Signature: Equatable {
    private var word: UInt64

    /// IPv4 without options, UDP, whole; RTP version 2 without anything.
    private static let plainest: UInt64 = 0x0000_0080_1100_0045

    @inline(__always)
    init(payloadType: UInt8, dscp: UInt8, ttl: UInt8) {
        word =
            Signature.plainest | UInt64(dscp) &<< 10 | UInt64(ttl) &<< 16
            | UInt64(payloadType) &<< 40
    }

    /// The signature of a packet if it is plain, and else one that no stream has; of headers of
    /// 40 octets.
    @inline(__always)
    init(plain ip: UnsafeRawPointer) {
        word =
            unsafe little64(ip, 0) & 0xff3f_0000_0000_fcff
            | UInt64(little16(ip, 8)) &<< 16 | UInt64(little16(ip, 28) & 0x7fff) &<< 32
    }

    var payloadType: UInt8 {
        get { UInt8(truncatingIfNeeded: word >> 40) }
        set { word = word & ~(0xff << 40) | UInt64(newValue) << 40 }
    }
    var dscp: UInt8 {
        get { UInt8(truncatingIfNeeded: word >> 10) & 0x3f }
        set { word = word & ~0xfc00 | UInt64(newValue) << 10 }
    }
    var ttl: UInt8 {
        get { UInt8(truncatingIfNeeded: word >> 16) }
        set { word = word & ~0xff_0000 | UInt64(newValue) << 16 }
    }

    /// Whether the marker would make a packet look like RTCP (RFC 5761 section 4), so that
    /// packets must be looked at one by one.
    var mayBeRTCP: Bool { payloadType & 0x60 == 0x40 }
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

    /// Packets in order that may pass before one must be looked at with care.
    @inline(__always)
    private var ordinary: UInt16 { until &- next }

    /// Counts what plain packets left uncounted; before anything else is read or changed.
    @inline(__always)
    mutating func settle() {
        let passed = next &- sequence.nextNumber
        guard passed != 0 else { return }
        let octets = UInt64(unsettledOctets)
        sequence.receiveOrdinary(UInt64(passed))
        received &+= UInt64(passed)
        octetsIP &+= octets
        octetsPayload &+= octets &- UInt64(passed) &* UInt64(PassingHeaders.length)
        unsettledOctets = 0
    }

    /// Goes on where `sequence` went on to; at once when it has changed.
    @inline(__always)
    mutating func follow() {
        let left = ordinary
        next = sequence.nextNumber
        until = next &+ left
    }

    /// Makes the next packet be looked at with care.
    mutating func lookAgain() {
        settle()
        if flags.contains(.waiting) { inspections &+= UInt8(truncatingIfNeeded: ordinary) }
        until = next
    }

    /// Settles how many packets may pass before one is looked at with care; called when one was.
    ///
    /// None where the next `isAwaited` by others.
    @inline(__always)
    mutating func renewOrdinary(isAwaited: Bool) {
        let isHeld = isAwaited || signature.mayBeRTCP
        if flags.contains(.waiting) {
            let left = UInt32(inspections) &+ UInt32(ordinary)
            let passing = isHeld ? 0 : min(sequence.packetsWithoutCare, left &- 1)
            inspections = UInt8(truncatingIfNeeded: left &- passing)
            until = next &+ UInt16(truncatingIfNeeded: passing)
        } else {
            let passing = isHeld || inspections != 0 ? 0 : sequence.packetsWithoutCare
            until = next &+ UInt16(truncatingIfNeeded: min(passing, 0xffff))
        }
    }

    /// Takes a packet of the frame in progress that is the next in order, if it may pass.
    @inline(__always)
    mutating func passes(_ sequenceNumber: UInt16, octets: Int, isCut: Bool) -> Bool {
        guard next == sequenceNumber, next != until else { return false }
        next &+= 1
        unsettledOctets &+= UInt32(truncatingIfNeeded: octets)
        cut &+= isCut ? 1 : 0
        return true
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
        until = next
    }

    /// Counts a packet that the guess waited for, and begins to guess after the last.
    mutating func waitLess() {
        let left = UInt32(inspections) &+ UInt32(ordinary) &- 1
        until = next
        inspections = UInt8(truncatingIfNeeded: left)
        guard left == 0 else { return }
        flags.remove(.waiting)
        inspections = HotStream.always
    }
}

extension HotStream {
    /// Sets the media clock's rate; what was summed by another rate is forgotten.
    mutating func setClock(
        _ rate: MediaClock.Rate, isAssumed: Bool, _ totals: inout StreamTotals
    ) {
        if isAssumed { flags.insert(.assumedClock) } else { flags.remove(.assumedClock) }
        guard hertz != rate.hertz else { return }
        hertz = rate.hertz
        jitter.nanoseconds = 0
        jitterSum = 0
        jitterMax = 0
        totals.jitterMax = 0
        totals.jitterBase = received
        totals.frameJitter.nanoseconds = 0
        totals.frameJitterSum = 0
        totals.frameJitterMax = 0
        totals.frameJitterMaxBefore = 0
        totals.frameJitterBase = UInt32(clamping: frames)
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
