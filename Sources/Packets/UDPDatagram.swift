// SPDX-License-Identifier: Apache-2.0

public import Octets

/// The header of a UDP datagram (RFC 768), and where its payload lies.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          source port          |       destination port        |
/// +-------------------------------+-------------------------------+
/// |            length             |           checksum            |
/// +-------------------------------+-------------------------------+
/// ```
public struct UDPDatagram: Hashable, Sendable {
    /// Sender's port.
    public let sourcePort: UInt16
    /// Receiver's port.
    public let destinationPort: UInt16
    /// Where the captured part of the payload lies in the bytes that were given.
    public let payload: Range<Int>
    /// How long the payload was on the wire, in bytes.
    public let payloadLength: Int

    /// Whether part of the payload is missing from the capture.
    public var isCut: Bool { payload.count < payloadLength }

    /// Reads the header at the start of the payload of `packet`.
    ///
    /// - Parameters:
    ///   - packet: An IP packet that carries UDP and is not a fragment.
    ///   - bytes: The bytes that `packet` was read from.
    /// - Throws: `ParseFault` of layer `udp`: a length below the header's eight bytes, or
    ///   beyond the end of the IP packet.
    public init(_ packet: NetworkPacket, in bytes: Span<UInt8>) throws(ParseFault) {
        let start = packet.payload.lowerBound
        let datagram = bytes.extracting(packet.payload)
        guard datagram.count >= 8 else {
            throw ParseFault(
                .truncated, .udp, "header", offset: start, needed: 8, had: datagram.count)
        }
        let length = Int(datagram.uint16(at: 4))
        guard length >= 8 else {
            throw ParseFault(.invalid, .udp, "length", offset: start + 4, needed: 8, had: length)
        }
        guard length <= packet.payloadLength else {
            throw ParseFault(
                .invalid, .udp, "length", offset: start + 4, needed: packet.payloadLength,
                had: length)
        }
        sourcePort = datagram.uint16(at: 0)
        destinationPort = datagram.uint16(at: 2)
        payload = start + 8..<start + Swift.min(length, datagram.count)
        payloadLength = length - 8
    }
}
