// SPDX-License-Identifier: Apache-2.0

import Octets

extension NetworkPacket {
    /// Reads an IPv4 header (RFC 791 section 3.1).
    ///
    /// ```
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +-------+-------+-----------+---+-------------------------------+
    /// |   4   |  IHL  |   DSCP    |ECN|         total length          |
    /// +-------+-------+-----------+---+-----+-------------------------+
    /// |        identification         |0|D|M|     fragment offset     |
    /// +---------------+---------------+-----+-------------------------+
    /// |      TTL      |   protocol    |        header checksum        |
    /// +---------------+---------------+-------------------------------+
    /// |                         source address                        |
    /// +---------------------------------------------------------------+
    /// |                      destination address                      |
    /// +---------------------------------------------------------------+
    /// ```
    /// The checksum is not verified: on the sending host the adapter fills it in after the
    /// capture, and elsewhere the network has dropped what was damaged.
    ///
    /// - Parameter wireLength: Bytes from the IP header to the end of the frame on the wire.
    // In line as `LinkHeader.init` is, for the same reason.
    @inline(__always)
    init(
        ipv4 frame: Span<UInt8>, after link: LinkHeader, wireLength: Int
    ) throws(ParseFault) {
        let start = link.length
        try frame.require(20, at: start, .ipv4, "header")
        let header = frame.extracting(start..<start + 20)
        guard header[0] >> 4 == 4 else {
            throw ParseFault(
                .invalid, .ipv4, "version", offset: start, needed: 4, had: Int(header[0] >> 4))
        }
        let headerLength = Int(header[0] & 0xf) * 4
        guard headerLength >= 20 else {
            throw ParseFault(
                .invalid, .ipv4, "header length", offset: start, needed: 20, had: headerLength)
        }
        // Segmentation offload leaves the length for the adapter to fill in.
        let stated = Int(header.uint16(at: 2))
        let total = stated == 0 ? wireLength : stated
        guard total >= headerLength else {
            throw ParseFault(
                .invalid, .ipv4, "total length", offset: start + 2, needed: headerLength,
                had: total)
        }
        try frame.require(headerLength, at: start, .ipv4, "options")
        let place = header.uint16(at: 6)
        let isFragment = place & 0x3fff != 0
        let payloadStart = start + headerLength
        vlans = link.vlans
        direction = link.direction
        source = IPAddress(v4: header.uint32(at: 12))
        destination = IPAddress(v4: header.uint32(at: 16))
        dscp = header[1] >> 2
        ecn = header[1] & 3
        hopLimit = header[8]
        identification = header.uint16(at: 4)
        ipLength = total
        ipProtocol = IPProtocol(rawValue: header[9])
        payload = payloadStart..<Swift.min(frame.count, start + total)
        payloadLength = total - headerLength
        fragment =
            isFragment
            ? Fragment(
                identification: UInt32(header.uint16(at: 4)), offset: Int(place & 0x1fff) * 8,
                more: place & 0x2000 != 0)
            : nil
        exceedsFrame = total > wireLength
    }
}
