// SPDX-License-Identifier: Apache-2.0
public import Packets
import Timekeeping

/// The road of nearly every packet: RTP in UDP in IP in Ethernet, without options or fragments.
///
/// Records come in batches, and each batch is gone through three times: headers are read and the
/// table's slot asked for; then the stream's lines are asked for; then the meters run. By the
/// time a meter runs, its memory is in the cache. What this road does not read at a glance goes
/// the general road (`GeneralPath`), which knows every link type and says what is wrong.
///
/// This folder alone reads memory by pointers. The rule that keeps it safe: `read` checks the
/// record against the window once, and every later offset against the record's length.
extension Tracker {
    /// Records gone through at a time: enough to hide a memory access (about 100 ns) behind the
    /// work on others, few enough for the batch's headers to stay in the first-level cache.
    static let batchSize = 32

    /// Takes captured records whose bytes lie in `window`, in order of capture.
    public mutating func receive(window: Span<UInt8>, records: Span<CapturedRecord>) {
        unsafe window.withUnsafeBufferPointer { bytes in
            unsafe records.withUnsafeBufferPointer { records in
                guard let base = bytes.baseAddress, let first = records.baseAddress else { return }
                var next = 0
                while next < records.count {
                    let size = min(records.count &- next, Tracker.batchSize)
                    unsafe receive(first + next, size, base, bytes.count)
                    next = next &+ size
                }
            }
        }
    }

    /// Takes one batch of `size` records.
    private mutating func receive(
        _ records: UnsafePointer<CapturedRecord>, _ size: Int, _ base: UnsafePointer<UInt8>,
        _ count: Int
    ) {
        let arrivals = unsafe batch.base
        for place in 0..<size {
            unsafe Tracker.read(records + place, base, count, seed, into: arrivals + place)
            if unsafe arrivals[place].kind == .rtp {
                unsafe store.prefetchSlot(arrivals[place].hash)
            }
        }
        for place in 0..<size where unsafe arrivals[place].kind == .rtp {
            unsafe store.prefetchStream(arrivals[place].hash)
        }
        for place in 0..<size {
            let instant = unsafe records[place].arrival.nanoseconds
            if instant >= intervalEnd || instant < intervalFloor { closeInterval(before: instant) }
            if unsafe arrivals[place].kind == .rtp,
                let index = unsafe store.find(arrivals[place].key, hash: arrivals[place].hash)
            {
                unsafe meter(index, arrivals + place, base)
            } else {
                unsafe receiveGenerally(records[place], base, count)
            }
        }
    }

    @inline(never)
    private mutating func receiveGenerally(
        _ record: CapturedRecord, _ base: UnsafePointer<UInt8>, _ count: Int
    ) {
        precondition(
            record.offset >= 0 && record.capturedLength >= 0
                && record.capturedLength <= count - record.offset,
            "a record outside its window")
        let frame = unsafe UnsafeBufferPointer(
            start: base + record.offset, count: record.capturedLength)
        faultCounts.packetNumber = record.frameNumber
        unsafe receiveGenerally(frame.span, record)
    }

    /// The first pass: reads the headers if they are of the plain kind.
    @inline(__always)
    private static func read(
        _ record: UnsafePointer<CapturedRecord>, _ base: UnsafePointer<UInt8>, _ count: Int,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        unsafe arrival.pointee.kind = .other
        let start = unsafe record.pointee.offset
        let captured = unsafe record.pointee.capturedLength
        guard unsafe record.pointee.linkNumber == LinkType.ethernetNumber, captured >= 54,
            start &+ captured <= count
        else { return }
        let frame = unsafe UnsafeRawPointer(base + start)
        var offset = 14
        var link: UInt64 = 0
        var etherType = unsafe little16(frame, 12)
        if etherType != EtherType.ipv4 {
            while EtherType.isTag(etherType) {
                guard offset < 22, captured >= offset &+ 44 else { return }
                let identifier = UInt64(unsafe big16(frame, offset) & 0xfff)
                link = link &+ (offset == 14 ? identifier : identifier &<< 12) &+ StreamKey.oneTag
                etherType = unsafe little16(frame, offset &+ 2)
                offset = offset &+ 4
            }
        }
        unsafe arrival.pointee.key.link = link
        if etherType == EtherType.ipv4 {
            unsafe readIPv4(frame, offset, record, seed, into: arrival)
        } else if etherType == EtherType.ipv6 {
            unsafe readIPv6(frame, offset, record, seed, into: arrival)
        }
    }

    @inline(__always)
    private static func readIPv4(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: UnsafePointer<CapturedRecord>,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let first = unsafe little64(frame, offset)
        let second = unsafe little64(frame, offset &+ 8)
        // Version 4 and five words of header; neither more fragments nor an offset; UDP.
        guard first & 0xff3f_0000_0000_00ff == 0x45, second & 0xff00 == 0x1100 else { return }
        unsafe arrival.pointee.key.addresses = little64(frame, offset &+ 12)
        let dscp = UInt8(truncatingIfNeeded: first &>> 10) & 0x3f
        let ttl = UInt8(truncatingIfNeeded: second)
        let ipLength = Int(UInt16(truncatingIfNeeded: first &>> 16).byteSwapped)
        unsafe readUDP(
            frame, offset &+ 20, stated: ipLength &- 20, ipLength: ipLength, record, offset, dscp,
            ttl, seed, into: arrival)
    }

    @inline(never)
    private static func readIPv6(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: UnsafePointer<CapturedRecord>,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        // Version 6, and UDP at once.
        guard unsafe record.pointee.capturedLength >= offset &+ 60,
            unsafe frame[offset] &>> 4 == 6, unsafe frame[offset &+ 6] == 17
        else { return }
        unsafe arrival.pointee.key.link |= StreamKey.isV6
        unsafe arrival.pointee.key.addresses = little64(frame, offset &+ 8)
        unsafe arrival.pointee.key.rest.0 = little64(frame, offset &+ 16)
        unsafe arrival.pointee.key.rest.1 = little64(frame, offset &+ 24)
        unsafe arrival.pointee.key.rest.2 = little64(frame, offset &+ 32)
        let dscp = UInt8(truncatingIfNeeded: unsafe big16(frame, offset) &>> 6 & 0x3f)
        let ttl = unsafe frame[offset &+ 7]
        let stated = Int(unsafe big16(frame, offset &+ 4))
        unsafe readUDP(
            frame, offset &+ 40, stated: stated, ipLength: stated &+ 40, record, offset, dscp,
            ttl, seed, into: arrival)
    }

    /// Reads UDP and RTP at `offset`, of which at least 20 bytes were captured.
    @inline(__always)
    private static func readUDP(
        _ frame: UnsafeRawPointer, _ offset: Int, stated: Int, ipLength: Int,
        _ record: UnsafePointer<CapturedRecord>, _ ipOffset: Int, _ dscp: UInt8, _ ttl: UInt8,
        _ seed: UInt64, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let udpLength = Int(unsafe big16(frame, offset &+ 4))
        // Inconsistent lengths are for the general road to name, and packets that may have been
        // joined for it to look into.
        guard udpLength >= 20, udpLength <= stated, ipLength <= JoinedPackets.shortest,
            unsafe ipLength <= record.pointee.originalLength &- ipOffset
        else { return }
        let rtp = unsafe big64(frame, offset &+ 8)
        let first = UInt8(truncatingIfNeeded: rtp &>> 56)
        let second = UInt8(truncatingIfNeeded: rtp &>> 48)
        // Version 2 without padding, and not RTCP (RFC 5761 section 4). Padding is checked on the
        // general road; cameras hardly ever pad.
        guard first & 0xe0 == 0x80, second &- 192 > 31 else { return }
        let captured = unsafe record.pointee.capturedLength
        var header = offset &+ 20
        if first != 0x80 {
            header = header &+ Int(first & 0x0f) &* 4
            if first & 0x10 != 0 {
                guard captured >= header &+ 4 else { return }
                header = header &+ 4 &+ Int(unsafe big16(frame, header &+ 2)) &* 4
            }
        }
        let payloadLength = udpLength &- (header &- offset)
        guard payloadLength >= 0 else { return }
        unsafe arrival.pointee.key.ends =
            UInt64(little32(frame, offset)) | UInt64(little32(frame, offset &+ 16)) &<< 32
        unsafe arrival.pointee.sequenceNumber = UInt16(truncatingIfNeeded: rtp &>> 32)
        unsafe arrival.pointee.timestamp = UInt32(truncatingIfNeeded: rtp)
        unsafe arrival.pointee.signature = Signature(
            payloadType: second & 0x7f, dscp: dscp, ttl: ttl)
        unsafe arrival.pointee.marker = second & 0x80 != 0
        unsafe arrival.pointee.ipLength = UInt32(truncatingIfNeeded: ipLength)
        unsafe arrival.pointee.payloadLength = Int32(truncatingIfNeeded: payloadLength)
        unsafe arrival.pointee.payloadCaptured = Int32(
            truncatingIfNeeded: max(0, min(captured &- header, payloadLength)))
        unsafe arrival.pointee.payloadStart = record.pointee.offset &+ header
        unsafe arrival.pointee.instant = record.pointee.arrival.nanoseconds
        unsafe arrival.pointee.hash = arrival.pointee.key.hash(seed: seed)
        unsafe arrival.pointee.kind = .rtp
    }
}

/// EtherTypes as a little-endian machine loads them.
private enum EtherType {
    static let ipv4: UInt16 = 0x0008
    static let ipv6: UInt16 = 0xdd86

    /// 802.1Q, 802.1ad, and what came before it.
    @inline(__always)
    static func isTag(_ type: UInt16) -> Bool {
        type == 0x0081 || type == 0xa888 || type == 0x0091
    }
}

/// Room for the headers of one batch, kept from batch to batch.
@safe struct ArrivalBatch: ~Copyable {
    let base: UnsafeMutablePointer<Arrival>

    init() {
        unsafe base = .allocate(capacity: Tracker.batchSize)
        unsafe base.initialize(repeating: Arrival.none, count: Tracker.batchSize)
    }

    deinit { unsafe base.deallocate() }
}

@inline(__always)
private func little16(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

@inline(__always)
private func little64(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

@inline(__always)
private func big16(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

@inline(__always)
private func little32(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
}

@inline(__always)
private func big64(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

extension UnsafeRawPointer {
    /// One byte.
    @inline(__always)
    fileprivate subscript(_ offset: Int) -> UInt8 {
        unsafe load(fromByteOffset: offset, as: UInt8.self)
    }
}
