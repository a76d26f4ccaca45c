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
            guard let base = bytes.baseAddress else { return }
            var next = 0
            while next < records.count {
                let end = min(next + Tracker.batchSize, records.count)
                for index in next..<end {
                    unsafe read(
                        records[index], base, bytes.count, into: batch.base + (index - next))
                }
                for index in 0..<(end - next) where unsafe batch.base[index].kind == .rtp {
                    unsafe store.prefetchStream(batch.base[index].hash)
                }
                for index in next..<end {
                    unsafe take(batch.base + (index - next), records[index], base, bytes.count)
                }
                next = end
            }
        }
    }

    /// The third pass over one record: the meter, or the general road.
    @inline(__always)
    private mutating func take(
        _ arrival: UnsafePointer<Arrival>, _ record: CapturedRecord, _ base: UnsafePointer<UInt8>,
        _ count: Int
    ) {
        let instant = record.arrival.nanoseconds
        if instant >= intervalEnd || instant < intervalFloor { closeInterval(before: instant) }
        if unsafe arrival.pointee.kind == .rtp,
            let index = unsafe store.find(arrival.pointee.key, hash: arrival.pointee.hash)
        {
            unsafe meter(index, arrival, base)
            return
        }
        guard record.offset >= 0, record.capturedLength >= 0,
            record.capturedLength <= count - record.offset
        else {
            preconditionFailure("a record outside its window")
        }
        let frame = unsafe UnsafeBufferPointer(start: base + record.offset, count: record.capturedLength)
        unsafe receiveGenerally(frame.span, record)
    }

    /// The first pass: reads the headers if they are of the plain kind.
    @inline(__always)
    private func read(
        _ record: CapturedRecord, _ base: UnsafePointer<UInt8>, _ count: Int,
        into arrival: UnsafeMutablePointer<Arrival>
    ) {
        unsafe arrival.pointee.kind = .other
        guard record.linkType == .ethernet, record.offset >= 0,
            record.capturedLength <= count &- record.offset, record.capturedLength >= 54
        else { return }
        let frame = unsafe UnsafeRawPointer(base + record.offset)
        var offset = 14
        var link: UInt64 = 0
        var etherType = unsafe big16(frame, 12)
        var tags: UInt64 = 0
        while etherType == 0x8100 || etherType == 0x88a8 || etherType == 0x9100 {
            guard tags < 2, record.capturedLength >= offset &+ 44 else { return }
            unsafe link = link &+ StreamKey.link(tag: big16(frame, offset), at: tags)
            etherType = unsafe big16(frame, offset &+ 2)
            tags &+= 1
            offset &+= 4
        }
        unsafe arrival.pointee.key.link = link
        if etherType == 0x0800 {
            unsafe readIPv4(frame, offset, record, into: arrival)
        } else if etherType == 0x86dd {
            unsafe readIPv6(frame, offset, record, into: arrival)
        }
    }

    @inline(__always)
    private func readIPv4(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: CapturedRecord,
        into arrival: UnsafeMutablePointer<Arrival>
    ) {
        // Version 4, five words of header, UDP, neither more fragments nor an offset.
        guard unsafe frame[offset] == 0x45, unsafe frame[offset &+ 9] == 17,
            unsafe big16(frame, offset &+ 6) & 0x3fff == 0
        else { return }
        unsafe arrival.pointee.key.sourceHigh = 0
        unsafe arrival.pointee.key.sourceLow =
            StreamKey.mappedIPv4 | UInt64(big32(frame, offset &+ 12))
        unsafe arrival.pointee.key.destinationHigh = 0
        unsafe arrival.pointee.key.destinationLow =
            StreamKey.mappedIPv4 | UInt64(big32(frame, offset &+ 16))
        unsafe arrival.pointee.dscp = frame[offset &+ 1] >> 2
        unsafe arrival.pointee.ttl = frame[offset &+ 8]
        let ipLength = Int(unsafe big16(frame, offset &+ 2))
        unsafe readUDP(
            frame, offset &+ 20, stated: ipLength &- 20, ipLength: ipLength, record, offset,
            into: arrival)
    }

    @inline(__always)
    private func readIPv6(
        _ frame: UnsafeRawPointer, _ offset: Int, _ record: CapturedRecord,
        into arrival: UnsafeMutablePointer<Arrival>
    ) {
        // Version 6, and UDP at once.
        guard record.capturedLength >= offset &+ 60, unsafe frame[offset] >> 4 == 6,
            unsafe frame[offset &+ 6] == 17
        else { return }
        unsafe arrival.pointee.key.sourceHigh = big64(frame, offset &+ 8)
        unsafe arrival.pointee.key.sourceLow = big64(frame, offset &+ 16)
        unsafe arrival.pointee.key.destinationHigh = big64(frame, offset &+ 24)
        unsafe arrival.pointee.key.destinationLow = big64(frame, offset &+ 32)
        unsafe arrival.pointee.dscp = UInt8(truncatingIfNeeded: big16(frame, offset) >> 6 & 0x3f)
        unsafe arrival.pointee.ttl = frame[offset &+ 7]
        let stated = Int(unsafe big16(frame, offset &+ 4))
        unsafe readUDP(
            frame, offset &+ 40, stated: stated, ipLength: stated &+ 40, record, offset,
            into: arrival)
    }

    /// Reads UDP and RTP at `offset`, of which at least 20 bytes were captured.
    @inline(__always)
    private func readUDP(
        _ frame: UnsafeRawPointer, _ offset: Int, stated: Int, ipLength: Int,
        _ record: CapturedRecord, _ ipOffset: Int, into arrival: UnsafeMutablePointer<Arrival>
    ) {
        let udpLength = Int(unsafe big16(frame, offset &+ 4))
        // Inconsistent lengths are for the general road to name.
        guard udpLength >= 20, udpLength <= stated, ipLength <= record.originalLength &- ipOffset
        else { return }
        let rtp = offset &+ 8
        let first = unsafe frame[rtp]
        let second = unsafe frame[rtp &+ 1]
        // Version 2 without padding, and not RTCP (RFC 5761 section 4). Padding is checked on the
        // general road; cameras hardly ever pad.
        guard first & 0xe0 == 0x80, second < 192 || second > 223 else { return }
        var header = 12 &+ Int(first & 0x0f) &* 4
        if first & 0x10 != 0 {
            guard record.capturedLength >= rtp &+ header &+ 4 else { return }
            header = header &+ 4 &+ Int(unsafe big16(frame, rtp &+ header &+ 2)) &* 4
        }
        let payloadLength = udpLength &- 8 &- header
        guard payloadLength >= 0 else { return }
        unsafe arrival.pointee.key.portsAndSSRC =
            UInt64(big32(frame, offset)) << 32 | UInt64(big32(frame, rtp &+ 8))
        unsafe arrival.pointee.sequenceNumber = big16(frame, rtp &+ 2)
        unsafe arrival.pointee.timestamp = big32(frame, rtp &+ 4)
        unsafe arrival.pointee.payloadType = second & 0x7f
        unsafe arrival.pointee.ipLength = UInt32(truncatingIfNeeded: ipLength)
        unsafe arrival.pointee.payloadLength = Int32(truncatingIfNeeded: payloadLength)
        let captured = max(0, min(record.capturedLength &- rtp &- header, payloadLength))
        unsafe arrival.pointee.payloadCaptured = Int32(truncatingIfNeeded: captured)
        unsafe arrival.pointee.payloadStart = record.offset &+ rtp &+ header
        unsafe arrival.pointee.instant = record.arrival.nanoseconds
        let hash = unsafe arrival.pointee.key.hash(seed: seed)
        unsafe arrival.pointee.hash = hash
        unsafe arrival.pointee.kind = .rtp
        store.prefetchSlot(hash)
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
private func big16(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

@inline(__always)
private func big32(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
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
