// SPDX-License-Identifier: Apache-2.0

public import Octets

/// The header of a TCP segment (RFC 9293 section 3.1), and where its payload lies.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          source port          |       destination port        |
/// +-------------------------------+-------------------------------+
/// |                        sequence number                        |
/// +---------------------------------------------------------------+
/// |                     acknowledgement number                    |
/// +-------+-------+---------------+-------------------------------+
/// | offset|   0   |     flags     |            window             |
/// +-------+-------+---------------+-------------------------------+
/// |            checksum           |         urgent pointer        |
/// +-------------------------------+-------------------------------+
/// ```
public struct TCPSegment: Hashable, Sendable {
    /// The control bits of a segment.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The eight bits as they stand in the header.
        public let rawValue: UInt8

        /// Makes flags from the eight bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// No more data from the sender.
        public static let fin = Flags(rawValue: 0x01)
        /// Sequence numbers begin.
        public static let syn = Flags(rawValue: 0x02)
        /// The connection is broken off.
        public static let rst = Flags(rawValue: 0x04)
        /// The receiver should be given what came so far.
        public static let psh = Flags(rawValue: 0x08)
        /// The acknowledgement number means something.
        public static let ack = Flags(rawValue: 0x10)
    }

    /// Sender's port.
    public let sourcePort: UInt16
    /// Receiver's port.
    public let destinationPort: UInt16
    /// The sequence number of the first byte of the payload, or of SYN.
    public let sequence: UInt32
    /// The next sequence number the sender wants, if `flags` has `ack`.
    public let acknowledgement: UInt32
    /// Control bits.
    public let flags: Flags
    /// The receive window as sent, not scaled.
    public let window: UInt16
    /// Where the captured part of the payload lies in the bytes that were given.
    public let payload: Range<Int>
    /// How long the payload was on the wire, in bytes.
    public let payloadLength: Int

    /// Whether part of the payload is missing from the capture.
    public var isCut: Bool { payload.count < payloadLength }

    /// Reads the header at the start of the payload of `packet`.
    ///
    /// Options may be missing from the capture; the fixed 20 bytes may not.
    ///
    /// - Parameters:
    ///   - packet: An IP packet that carries TCP and is not a fragment.
    ///   - bytes: The bytes that `packet` was read from.
    /// - Throws: `ParseFault` of layer `tcp`: a data offset below five words or beyond the end
    ///   of the IP packet.
    public init(_ packet: NetworkPacket, in bytes: Span<UInt8>) throws(ParseFault) {
        let start = packet.payload.lowerBound
        let segment = bytes.extracting(packet.payload)
        guard segment.count >= 20 else {
            throw ParseFault(
                .truncated, .tcp, "header", offset: start, needed: 20, had: segment.count)
        }
        let headerLength = Int(segment[12] >> 4) * 4
        guard headerLength >= 20 else {
            throw ParseFault(
                .invalid, .tcp, "data offset", offset: start + 12, needed: 20, had: headerLength)
        }
        guard headerLength <= packet.payloadLength else {
            throw ParseFault(
                .invalid, .tcp, "data offset", offset: start + 12, needed: packet.payloadLength,
                had: headerLength)
        }
        sourcePort = segment.uint16(at: 0)
        destinationPort = segment.uint16(at: 2)
        sequence = segment.uint32(at: 4)
        acknowledgement = segment.uint32(at: 8)
        flags = Flags(rawValue: segment[13])
        window = segment.uint16(at: 14)
        let captured = Swift.min(headerLength, segment.count)
        payload = start + captured..<packet.payload.upperBound
        payloadLength = packet.payloadLength - headerLength
    }
}
