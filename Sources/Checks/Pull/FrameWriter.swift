// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import Timekeeping

/// Puts what sockets gave into the frames in which it would have been captured.
///
/// The meters take captured frames. A pull that hands them frames is measured by the very code
/// that measures the wire, signalling and all. Datagrams are as they were on the wire, with the
/// code point and hop limit that the kernel told; of TCP the kernel tells only octets, so
/// segments are cut as long as the connection allows, and retransmissions do not show.
struct FrameWriter {
    /// Octets of a batch at which it should be handed on.
    static let roomy = 256 * 1024
    /// Frames of a batch at which it should be handed on.
    static let crowded = 256

    private(set) var octets: [UInt8] = []
    private(set) var records: [CapturedRecord] = []
    private var frameNumber: UInt64 = 0

    var isFull: Bool {
        octets.count >= FrameWriter.roomy || records.count >= FrameWriter.crowded
    }

    mutating func clear() {
        octets.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
    }

    /// Adds a UDP datagram.
    mutating func datagram(
        _ payload: UnsafeRawBufferPointer, from source: Endpoint, to destination: Endpoint,
        trafficClass: UInt8, hopLimit: UInt8, at instant: Instant
    ) {
        let start = octets.count
        network(17, 8 + payload.count, source, destination, trafficClass, hopLimit)
        append16(source.port)
        append16(destination.port)
        append16(UInt16(truncatingIfNeeded: 8 + payload.count))
        append16(0)
        unsafe octets.append(contentsOf: payload)
        finish(from: start, at: instant)
    }

    /// One direction of a connection.
    struct Direction {
        var source: Endpoint
        var destination: Endpoint
        /// The sequence number of what comes next.
        var sequence: UInt32 = 1
    }

    /// Flags of a TCP header (RFC 9293 section 3.1).
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let fin = Flags(rawValue: 1)
        static let syn = Flags(rawValue: 2)
        static let push = Flags(rawValue: 8)
        static let acknowledge = Flags(rawValue: 16)
    }

    /// Adds octets of a connection as segments of at most `segment` octets.
    mutating func segments(
        _ payload: UnsafeRawBufferPointer, _ direction: inout Direction,
        acknowledging: UInt32, segment: Int, at instant: Instant
    ) {
        var done = 0
        while done < payload.count {
            let count = min(segment, payload.count - done)
            let part = unsafe UnsafeRawBufferPointer(rebasing: payload[done..<done + count])
            unsafe self.segment(part, direction, [.push, .acknowledge], acknowledging, at: instant)
            direction.sequence &+= UInt32(count)
            done += count
        }
    }

    /// Adds the opening of a connection, both ways.
    mutating func opening(
        _ asking: inout Direction, _ answering: inout Direction, at instant: Instant
    ) {
        let none = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        asking.sequence = 0
        answering.sequence = 0
        unsafe segment(none, asking, .syn, 0, at: instant)
        unsafe segment(none, answering, [.syn, .acknowledge], 1, at: instant)
        asking.sequence = 1
        answering.sequence = 1
    }

    private mutating func segment(
        _ payload: UnsafeRawBufferPointer, _ direction: Direction, _ flags: Flags,
        _ acknowledging: UInt32, at instant: Instant
    ) {
        let start = octets.count
        // Time stamps are in nearly every segment of today (RFC 7323): 12 octets of options.
        network(6, 32 + payload.count, direction.source, direction.destination, 0, 64)
        append16(direction.source.port)
        append16(direction.destination.port)
        append32(direction.sequence)
        append32(acknowledging)
        octets.append(0x80)
        octets.append(flags.rawValue)
        append16(0xffff)
        append32(0)
        for _ in 0..<12 { octets.append(1) }
        unsafe octets.append(contentsOf: payload)
        finish(from: start, at: instant)
    }

    /// Appends the Ethernet and IP headers of `length` octets of payload.
    private mutating func network(
        _ number: UInt8, _ length: Int, _ source: Endpoint, _ destination: Endpoint,
        _ trafficClass: UInt8, _ hopLimit: UInt8
    ) {
        for _ in 0..<12 { octets.append(0) }
        if source.address.isV4 {
            octets += [0x08, 0x00, 0x45, trafficClass]
            append16(UInt16(truncatingIfNeeded: 20 + length))
            append32(0x0000_4000)
            octets += [hopLimit, number, 0, 0]
            append32(UInt32(truncatingIfNeeded: source.address.low))
            append32(UInt32(truncatingIfNeeded: destination.address.low))
        } else {
            octets += [0x86, 0xdd, 0x60 | trafficClass >> 4, trafficClass << 4, 0, 0]
            append16(UInt16(truncatingIfNeeded: length))
            octets += [number, hopLimit]
            for address in [source.address, destination.address] {
                for half in [address.high, address.low] {
                    append32(UInt32(truncatingIfNeeded: half >> 32))
                    append32(UInt32(truncatingIfNeeded: half))
                }
            }
        }
    }

    private mutating func finish(from start: Int, at instant: Instant) {
        frameNumber &+= 1
        let length = octets.count - start
        records.append(
            CapturedRecord(
                offset: start, capturedLength: length, originalLength: length, arrival: instant,
                frameNumber: frameNumber, linkType: .ethernet))
    }

    private mutating func append16(_ value: UInt16) {
        octets.append(UInt8(truncatingIfNeeded: value >> 8))
        octets.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func append32(_ value: UInt32) {
        append16(UInt16(truncatingIfNeeded: value >> 16))
        append16(UInt16(truncatingIfNeeded: value))
    }
}
