// SPDX-License-Identifier: Apache-2.0
import CPrefetch
import Packets
import RTP
import Timekeeping

/// One record on its way through the passes.
struct PassingRecord {
    /// Where the IPv4 header begins in the frame, of which 40 bytes more were captured; else
    /// `inFull` or `other`.
    var network: Int32
    /// The stream that most likely is meant, or -1.
    var candidate: Int32

    /// RTP whose headers were read into an `Arrival`.
    static let inFull: Int32 = 1
    /// Anything else.
    static let other: Int32 = 0

    static let none = PassingRecord(network: other, candidate: -1)

    /// Whether the headers were not read yet.
    @inline(__always)
    var isUnread: Bool { network > PassingRecord.inFull }
}

/// The plainest packets of all, which nearly all are: Ethernet with at most two tags, IPv4 without
/// options or fragments, UDP, RTP without extension or contributing sources; in the middle of a
/// frame, next in order, of a known stream. They are metered on the captured bytes: nothing is
/// copied between the headers and the counters. Nor are most fields read: they are compared, a
/// word at a time, with what the stream's packets have in common.
///
/// What is not so, in any point, goes the longer roads, which would give the same.
extension Tracker {
    /// The first pass: looks in the table which streams are meant, and asks for their lines.
    ///
    /// Whether a record is of a stream at all shows when the stream is there to compare it with.
    /// The table's slots are not asked for ahead: the processor looks some records further while it
    /// waits for one, and that costs less than another pass.
    @inline(never)
    static func findAll(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ window: UnsafeRawBufferPointer,
        _ ahead: Int, _ batch: borrowing PassingBatch, _ store: borrowing StreamStore
    ) {
        guard let base = window.baseAddress else { return }
        let slots = store.view
        let seed = store.seed
        let count = window.count
        let all = unsafe batch.passing
        for place in 0..<size {
            let passing = unsafe all + place
            if let headers = unsafe PassingHeaders(untagged: records + place, base, count) {
                unsafe prefetch(headers.ip, ahead)
                let hash = headers.hash(seed, link: 0)
                unsafe passing.pointee.candidate = slots.prefetchStream(hash)
                unsafe passing.pointee.network = Int32(PassingHeaders.untagged)
            } else {
                let hash = unsafe readTagged(
                    records + place, window, seed, into: batch.arrivals + place, passing)
                // What is no stream has some number for a hash: what it finds is not used.
                unsafe passing.pointee.candidate = slots.prefetchStream(hash)
            }
        }
    }

    /// Finds the key of a record that is not IPv4 in Ethernet without tags, and gives its hash.
    @inline(never)
    static func readTagged(
        _ record: UnsafePointer<CapturedRecord>, _ window: UnsafeRawBufferPointer, _ seed: UInt64,
        into arrival: UnsafeMutablePointer<Arrival>, _ passing: UnsafeMutablePointer<PassingRecord>
    ) -> UInt64 {
        if let base = window.baseAddress,
            let headers = unsafe PassingHeaders(tagged: record, base, window.count)
        {
            unsafe passing.pointee.network = Int32(truncatingIfNeeded: headers.network)
            return headers.hash(seed, link: headers.link)
        }
        unsafe readInFull(record, window, seed, into: arrival, passing)
        return unsafe arrival.pointee.hash
    }

    /// The second pass, as far as packets are plain: meters them from the one at `place` on; where
    /// the first lies that is not, or `size`.
    ///
    /// A loop that calls nothing, so that the processor's registers hold all that it needs.
    @inline(never)
    static func passFound(
        _ records: UnsafePointer<CapturedRecord>, _ place: Int, _ size: Int,
        _ base: UnsafeRawPointer, _ passing: UnsafePointer<PassingRecord>,
        _ streams: UnsafeMutablePointer<HotStream>, _ interval: OpenInterval
    ) -> Int {
        var place = place
        while place < size {
            let record = unsafe records + place
            let passing = unsafe passing + place
            let candidate = unsafe Int(passing.pointee.candidate)
            guard candidate >= 0, unsafe passing.pointee.isUnread else { break }
            let headers = unsafe PassingHeaders(record, passing, base)
            guard
                unsafe headers.meter(record, streams + candidate, link: headers.link, in: interval)
            else { break }
            place = place &+ 1
        }
        return place
    }
}

/// The headers of one record where they were captured: Ethernet, at most two tags, and IPv4 of
/// which at least 40 bytes are there.
///
/// Safe, because only those who checked can make one: all that it reads lies in the record.
@safe struct PassingHeaders {
    /// Where the IPv4 header begins.
    let ip: UnsafeRawPointer
    /// The same in the frame.
    let network: Int

    /// Octets of plain headers: IPv4, UDP, RTP.
    static let length = 40

    /// `network` without tags.
    static let untagged = 14

    /// The headers of a record that was found to have them before.
    @inline(__always)
    init(
        _ record: UnsafePointer<CapturedRecord>, _ passing: UnsafePointer<PassingRecord>,
        _ base: UnsafeRawPointer
    ) {
        network = unsafe Int(passing.pointee.network)
        unsafe ip = base + record.pointee.offset + network
    }

    /// The headers of a record without tags.
    @inline(__always)
    init?(untagged record: UnsafePointer<CapturedRecord>, _ base: UnsafeRawPointer, _ count: Int) {
        let start = unsafe record.pointee.offset
        let captured = unsafe record.pointee.capturedLength
        guard captured >= 54, start &+ captured <= count,
            unsafe record.pointee.linkNumber == LinkType.ethernetNumber
        else { return nil }
        let frame = unsafe base + start
        guard unsafe little16(frame, 12) == EtherType.ipv4 else { return nil }
        network = 14
        unsafe ip = frame + 14
    }

    /// The headers of a record with one or two tags.
    @inline(__always)
    init?(tagged record: UnsafePointer<CapturedRecord>, _ base: UnsafeRawPointer, _ count: Int) {
        let start = unsafe record.pointee.offset
        let captured = unsafe record.pointee.capturedLength
        guard captured >= 58, start &+ captured <= count,
            unsafe record.pointee.linkNumber == LinkType.ethernetNumber
        else { return nil }
        let frame = unsafe base + start
        guard unsafe EtherType.isTag(little16(frame, 12)) else { return nil }
        let type = unsafe little16(frame, 16)
        if type == EtherType.ipv4 {
            network = 18
        } else if EtherType.isTag(type), captured >= 62,
            unsafe little16(frame, 20) == EtherType.ipv4
        {
            network = 22
        } else {
            return nil
        }
        unsafe ip = frame + network
    }

    /// The headers of a record, with tags or without.
    @inline(__always)
    init?(_ record: UnsafePointer<CapturedRecord>, _ base: UnsafeRawPointer, _ count: Int) {
        if let headers = unsafe PassingHeaders(untagged: record, base, count) {
            self = headers
        } else if let headers = unsafe PassingHeaders(tagged: record, base, count) {
            self = headers
        } else {
            return nil
        }
    }

    /// The tags, as `StreamKey` has them.
    @inline(__always)
    var link: UInt64 {
        if network == 14 { return 0 }
        // The last tag lies before the EtherType that IPv4 follows.
        let last = UInt64(unsafe big16(ip, -4) & 0xfff)
        if network == 18 { return last &+ StreamKey.oneTag }
        let first = UInt64(unsafe big16(ip, -8) & 0xfff)
        return first &+ last &<< 12 &+ 2 &* StreamKey.oneTag
    }

    @inline(__always)
    var addresses: UInt64 { unsafe little64(ip, 12) }

    /// Both ports and the SSRC, as `StreamKey` has them.
    @inline(__always)
    var ends: UInt64 {
        UInt64(ports) | UInt64(unsafe little32(ip, 36)) &<< 32
    }

    @inline(__always)
    var ports: UInt32 { unsafe little32(ip, 20) }

    /// Timestamp and SSRC as they came.
    @inline(__always)
    var clockAndSource: UInt64 { unsafe little64(ip, 32) }

    @inline(__always)
    var timestamp: UInt32 { unsafe big32(ip, 32) }

    @inline(__always)
    func hash(_ seed: UInt64, link: UInt64) -> UInt64 {
        StreamKey.hash(addresses: addresses, ends: ends, link: link, seed: seed)
    }

    /// Whether these are plain headers of IPv4, UDP and RTP whose lengths agree with each other
    /// and with the `room` that the frame had for them, and are those of one packet.
    @inline(__always)
    func isPlain(_ room: Int) -> Bool {
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

    /// What plain headers say, for roads that want it in full.
    @inline(__always)
    func write(
        _ record: UnsafePointer<CapturedRecord>, _ seed: UInt64,
        into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let payloadLength = unsafe Int(big16(ip, 24)) &- 20
        unsafe arrival.pointee.key.addresses = addresses
        unsafe arrival.pointee.key.ends = ends
        unsafe arrival.pointee.key.link = link
        unsafe arrival.pointee.hash = arrival.pointee.key.hash(seed: seed)
        unsafe arrival.pointee.instant = record.pointee.arrival.nanoseconds
        unsafe arrival.pointee.payloadStart = record.pointee.offset &+ network &+ 40
        unsafe arrival.pointee.payloadLength = Int32(truncatingIfNeeded: payloadLength)
        unsafe arrival.pointee.payloadCaptured = Int32(
            truncatingIfNeeded: min(
                record.pointee.capturedLength &- network &- 40, payloadLength))
        unsafe arrival.pointee.ipLength = UInt32(big16(ip, 2))
        unsafe arrival.pointee.timestamp = timestamp
        unsafe arrival.pointee.sequenceNumber = big16(ip, 30)
        unsafe arrival.pointee.signature = Signature(plain: ip)
        unsafe arrival.pointee.marker = little16(ip, 28) & 0x8000 != 0
        unsafe arrival.pointee.kind = .rtp
    }
}

extension PassingHeaders {
    /// Meters the packet if it is of this stream and nothing about it is new; changes nothing
    /// otherwise.
    @inline(__always)
    func meter(
        _ record: UnsafePointer<CapturedRecord>, _ stream: UnsafeMutablePointer<HotStream>,
        link: UInt64, in interval: OpenInterval
    ) -> Bool {
        let instant = unsafe record.pointee.arrival.nanoseconds
        let ipLength = unsafe Int(big16(ip, 2))
        let end = network &+ ipLength
        guard
            interval.holds(instant),
            unsafe stream.pointee.signature == Signature(plain: ip),
            unsafe stream.pointee.goesOn(
                addresses: addresses, ports: ports, clockAndSource: clockAndSource, link: link),
            // Lengths that agree but for some octets behind the datagram are not plain enough.
            unsafe Int(big16(ip, 24)) == ipLength &- 20,
            UInt(bitPattern: ipLength &- PassingHeaders.length)
                <= UInt(JoinedPackets.shortest &- PassingHeaders.length),
            unsafe record.pointee.originalLength >= end,
            unsafe stream.pointee.passes(
                big16(ip, 30), octets: ipLength, isCut: record.pointee.capturedLength < end)
        else { return false }
        let arrivalStep = unsafe instant &- stream.pointee.lastArrival
        unsafe stream.pointee.lastArrival = instant
        // Of the same frame, so that the media clock stands.
        let jitter = unsafe stream.pointee.jitter.receive(arrivalStep: arrivalStep, mediaStep: 0)
        unsafe stream.pointee.jitterSum += jitter
        if unsafe jitter > stream.pointee.jitterMax { unsafe stream.pointee.jitterMax = jitter }
        return true
    }
}

/// The interval in progress, for those whose packets must neither close it nor lie before it.
struct OpenInterval {
    let start: Int64
    let length: UInt64

    /// Whether nothing is to be done about a packet at `instant`.
    @inline(__always)
    func holds(_ instant: Int64) -> Bool { UInt64(bitPattern: instant &- start) < length }
}

/// The one pass where there are not many streams: finds and meters plain packets, one by one.
///
/// Loops that call nothing, so that the processor's registers hold all that they need; one for
/// packets without tags, which then pay for none.
@safe struct PlainLane {
    private let base: UnsafeRawPointer
    private let count: Int
    private let ahead: Int
    private let slots: StreamSlots
    private let seed: UInt64
    private let interval: OpenInterval

    @inline(__always)
    init(
        _ base: UnsafeRawPointer, _ count: Int, _ ahead: Int, _ slots: StreamSlots,
        _ seed: UInt64, _ interval: OpenInterval
    ) {
        unsafe self.base = base
        self.count = count
        self.ahead = ahead
        self.slots = slots
        self.seed = seed
        self.interval = interval
    }

    /// Meters packets from the one at `place` on as long as they are plain and have no tags;
    /// where the first lies that is otherwise, or `size`.
    @inline(never)
    func passUntagged(
        _ records: UnsafePointer<CapturedRecord>, _ place: Int, _ size: Int
    ) -> Int {
        var place = place
        while place < size {
            let record = unsafe records + place
            guard let headers = unsafe PassingHeaders(untagged: record, base, count) else { break }
            unsafe Tracker.prefetch(headers.ip, ahead)
            let candidate = slots.candidate(headers.hash(seed, link: 0))
            guard candidate >= 0,
                unsafe headers.meter(record, slots.stream(candidate), link: 0, in: interval)
            else { break }
            place = place &+ 1
        }
        return place
    }

    /// The same of packets with one or two tags.
    @inline(never)
    func passTagged(
        _ records: UnsafePointer<CapturedRecord>, _ place: Int, _ size: Int
    ) -> Int {
        var place = place
        while place < size {
            let record = unsafe records + place
            guard let headers = unsafe PassingHeaders(tagged: record, base, count) else { break }
            unsafe Tracker.prefetch(headers.ip, ahead)
            let link = headers.link
            let candidate = slots.candidate(headers.hash(seed, link: link))
            guard candidate >= 0,
                unsafe headers.meter(record, slots.stream(candidate), link: link, in: interval)
            else { break }
            place = place &+ 1
        }
        return place
    }
}
