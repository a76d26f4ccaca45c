// SPDX-License-Identifier: Apache-2.0
import CPrefetch
import Packets
import RTP
import Timekeeping

/// One record on its way through the three passes.
struct PassingRecord {
    /// The hash of the stream's key; of no meaning where `shape` is `other`.
    var hash: UInt64
    /// The key's VLAN tags.
    var link: UInt64
    /// Where the IPv4 header begins in the frame, if everything in it is of the plainest kind;
    /// else `inFull` or `other`.
    var shape: Int32
    /// The stream that most likely is meant, or -1.
    var candidate: Int32

    /// RTP whose headers were read into an `Arrival`.
    static let inFull: Int32 = 1
    /// Anything else.
    static let other: Int32 = 0

    static let none = PassingRecord(hash: 0, link: 0, shape: other, candidate: -1)

    @inline(__always)
    var isPlain: Bool { shape > PassingRecord.inFull }
}

/// The plainest packets of all, which nearly all are: Ethernet with at most two tags, IPv4 without
/// options or fragments, UDP, RTP without extension or contributing sources; in the middle of a
/// frame, next in order, of a known stream. They are metered on the captured bytes: nothing is
/// copied between the headers and the counters.
///
/// What is not so, in any point, goes the longer roads, which would give the same.
extension Tracker {
    /// The first pass: reads headers, and asks for the slots of the table.
    @inline(never)
    static func readAll(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ window: UnsafeRawBufferPointer,
        _ batch: borrowing PassingBatch, _ store: borrowing StreamStore
    ) {
        guard let base = window.baseAddress else { return }
        let seed = store.seed
        for place in 0..<size {
            let record = unsafe records + place
            let passing = unsafe batch.passing + place
            if let headers = unsafe PlainHeaders(record, base, window.count) {
                let hash = headers.hash(seed)
                store.prefetchSlot(hash)
                unsafe passing.pointee.hash = hash
                unsafe passing.pointee.link = headers.link
                unsafe passing.pointee.shape = Int32(truncatingIfNeeded: headers.network)
            } else {
                unsafe readInFull(record, window, seed, into: batch.arrivals + place, passing)
                store.prefetchSlot(unsafe passing.pointee.hash)
            }
        }
    }

    /// The second pass: the slots have arrived; asks for the lines of the streams they name.
    @inline(never)
    static func findAll(
        _ size: Int, _ batch: borrowing PassingBatch, _ store: borrowing StreamStore
    ) {
        for place in 0..<size {
            let passing = unsafe batch.passing + place
            unsafe passing.pointee.candidate =
                passing.pointee.shape == PassingRecord.other
                ? -1 : store.prefetchStream(passing.pointee.hash)
        }
    }

    /// Before the third pass: the streams' first lines have arrived; asks for the others of those
    /// whose record begins a frame.
    @inline(never)
    static func foreseeFrames(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ base: UnsafeRawPointer,
        _ batch: borrowing PassingBatch, _ store: borrowing StreamStore
    ) {
        for place in 0..<size {
            let passing = unsafe batch.passing + place
            let candidate = unsafe Int(passing.pointee.candidate)
            guard candidate >= 0, unsafe passing.pointee.isPlain else { continue }
            let headers = unsafe PlainHeaders(records + place, passing, base)
            if unsafe store.hot(candidate).pointee.lastTimestamp != big32(headers.ip, 32) {
                store.prefetchFrame(candidate)
            }
        }
    }

    /// What the headers of a plain record say, for roads that want it in full.
    static func arrival(
        _ record: UnsafePointer<CapturedRecord>, _ passing: UnsafePointer<PassingRecord>,
        _ base: UnsafePointer<UInt8>, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let network = unsafe Int(passing.pointee.shape)
        let headers = unsafe PlainHeaders(record, passing, UnsafeRawPointer(base))
        let ip = unsafe headers.ip
        let payloadLength = unsafe Int(big16(ip, 24)) &- 20
        unsafe arrival.pointee.key.addresses = headers.addresses
        unsafe arrival.pointee.key.ends = headers.ends
        unsafe arrival.pointee.key.link = passing.pointee.link
        unsafe arrival.pointee.hash = passing.pointee.hash
        unsafe arrival.pointee.instant = record.pointee.arrival.nanoseconds
        unsafe arrival.pointee.payloadStart = record.pointee.offset &+ network &+ 40
        unsafe arrival.pointee.payloadLength = Int32(truncatingIfNeeded: payloadLength)
        unsafe arrival.pointee.payloadCaptured = Int32(
            truncatingIfNeeded: min(
                record.pointee.capturedLength &- network &- 40, payloadLength))
        unsafe arrival.pointee.ipLength = UInt32(big16(ip, 2))
        unsafe arrival.pointee.timestamp = big32(ip, 32)
        unsafe arrival.pointee.sequenceNumber = big16(ip, 30)
        unsafe arrival.pointee.signature = headers.signature
        unsafe arrival.pointee.marker = little16(ip, 28) & 0x8000 != 0
        unsafe arrival.pointee.kind = .rtp
    }
}

/// The headers of one plain record where they were captured.
///
/// Safe, because only those who checked can make one: all that it reads lies in the record.
@safe struct PlainHeaders {
    /// Where the IPv4 header begins, at least 40 bytes before the record's end.
    let ip: UnsafeRawPointer
    /// The same in the frame.
    let network: Int
    /// The VLAN tags, as `StreamKey` has them.
    let link: UInt64

    /// The headers of a record that was found plain before.
    @inline(__always)
    init(
        _ record: UnsafePointer<CapturedRecord>, _ passing: UnsafePointer<PassingRecord>,
        _ base: UnsafeRawPointer
    ) {
        network = unsafe Int(passing.pointee.shape)
        link = unsafe passing.pointee.link
        unsafe ip = base + record.pointee.offset + network
    }

    /// The headers of a record if they are plain and their lengths agree with each other.
    @inline(__always)
    init?(_ record: UnsafePointer<CapturedRecord>, _ base: UnsafeRawPointer, _ count: Int) {
        let start = unsafe record.pointee.offset
        let captured = unsafe record.pointee.capturedLength
        guard captured >= 54, start &+ captured <= count,
            unsafe record.pointee.linkNumber == LinkType.ethernetNumber
        else { return nil }
        let frame = unsafe base + start
        if unsafe little16(frame, 12) == EtherType.ipv4 {
            network = 14
            link = 0
        } else {
            (network, link) = unsafe PlainHeaders.network(frame, captured)
            if network == 0 { return nil }
        }
        unsafe ip = frame + network
        let room = unsafe record.pointee.originalLength &- network
        guard unsafe PlainHeaders.isPlain(ip, room) else { return nil }
    }

    /// Where the IPv4 header begins behind one or two tags, and the tags as a part of the key.
    ///
    /// Zero if it does not. At least 54 bytes were captured.
    @inline(__always)
    private static func network(
        _ frame: UnsafeRawPointer, _ captured: Int
    ) -> (network: Int, link: UInt64) {
        guard unsafe EtherType.isTag(little16(frame, 12)), captured >= 58 else { return (0, 0) }
        let outer = UInt64(unsafe big16(frame, 14) & 0xfff) &+ StreamKey.oneTag
        let type = unsafe little16(frame, 16)
        if type == EtherType.ipv4 { return (18, outer) }
        guard EtherType.isTag(type), captured >= 62,
            unsafe little16(frame, 20) == EtherType.ipv4
        else { return (0, 0) }
        let inner = UInt64(unsafe big16(frame, 18) & 0xfff)
        return (22, outer &+ inner &<< 12 &+ StreamKey.oneTag)
    }

    /// Whether 40 bytes are plain headers of IPv4, UDP and RTP whose lengths agree with each
    /// other and with the `room` that the frame had for them, and are those of one packet.
    @inline(__always)
    private static func isPlain(_ ip: UnsafeRawPointer, _ room: Int) -> Bool {
        let first = unsafe little64(ip, 0)
        let second = unsafe little64(ip, 8)
        let rtp = unsafe little16(ip, 28)
        // Version 4 and five words of header; neither more fragments nor an offset; UDP; version
        // 2, no padding, extension or contributing sources.
        let strange =
            (first & 0xff3f_0000_0000_00ff ^ 0x45) | (second & 0xff00 ^ 0x1100)
            | UInt64(rtp & 0x00ff ^ 0x80)
        let ipLength = unsafe Int(big16(ip, 2))
        let udpLength = unsafe Int(big16(ip, 24))
        // One of them negative makes the whole negative. Longer packets may have been joined, which
        // is for the general road to look into.
        let slack =
            (udpLength &- 20) | (ipLength &- 20 &- udpLength) | (room &- ipLength)
            | (JoinedPackets.shortest &- ipLength)
        // And not RTCP (RFC 5761 section 4).
        return strange == 0 && slack >= 0 && rtp & 0xe000 != 0xc000
    }

    @inline(__always)
    var addresses: UInt64 { unsafe little64(ip, 12) }

    /// Both ports and the SSRC, as `StreamKey` has them.
    @inline(__always)
    var ends: UInt64 {
        UInt64(unsafe little32(ip, 20)) | UInt64(unsafe little32(ip, 36)) &<< 32
    }

    @inline(__always)
    func hash(_ seed: UInt64) -> UInt64 {
        StreamKey.hash(addresses: addresses, ends: ends, link: link, seed: seed)
    }

    @inline(__always)
    var signature: Signature {
        let kind = unsafe ip[29]
        let service = unsafe ip[1]
        let ttl = unsafe ip[8]
        return Signature(payloadType: kind & 0x7f, dscp: service &>> 2, ttl: ttl)
    }
}

extension PlainHeaders {
    /// Meters the packet if it is of this stream and nothing about it is new; changes nothing
    /// otherwise.
    @inline(__always)
    func meter(
        _ record: UnsafePointer<CapturedRecord>, _ stream: UnsafeMutablePointer<HotStream>,
        since intervalStart: Int64
    ) -> Bool {
        guard
            unsafe stream.pointee.key.isIPv4(addresses: addresses, ends: ends, link: link),
            unsafe stream.pointee.lastTimestamp == big32(ip, 32),
            unsafe stream.pointee.signature == signature,
            unsafe stream.pointee.inspections == 0 || stream.pointee.isIdle,
            unsafe stream.pointee.lastArrival >= intervalStart,
            unsafe stream.pointee.sequence.receiveNext(big16(ip, 30))
        else { return false }
        let udpLength = unsafe Int(big16(ip, 24))
        let captured = unsafe record.pointee.capturedLength &- network
        let instant = unsafe record.pointee.arrival.nanoseconds
        let arrivalStep = unsafe instant &- stream.pointee.lastArrival
        unsafe stream.pointee.cut &+= captured < udpLength &+ 20 ? 1 : 0
        if unsafe stream.pointee.inspections != 0 { unsafe stream.pointee.inspections &-= 1 }
        unsafe stream.pointee.received &+= 1
        unsafe stream.pointee.octetsIP &+= UInt64(big16(ip, 2))
        unsafe stream.pointee.octetsPayload &+= UInt64(truncatingIfNeeded: udpLength &- 20)
        unsafe stream.pointee.lastArrival = instant
        // Of the same frame, so that the media clock stands.
        let jitter = unsafe stream.pointee.jitter.receive(arrivalStep: arrivalStep, mediaStep: 0)
        unsafe stream.pointee.jitterSum += jitter
        if unsafe jitter > stream.pointee.jitterMax { unsafe stream.pointee.jitterMax = jitter }
        return true
    }
}
