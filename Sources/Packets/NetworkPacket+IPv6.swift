// SPDX-License-Identifier: Apache-2.0

import Octets

extension NetworkPacket {
    /// Reads an IPv6 header and the extension headers after it (RFC 8200 sections 3 and 4).
    ///
    /// ```
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +-------+-----------+---+---------------------------------------+
    /// |   6   |   DSCP    |ECN|              flow label               |
    /// +-------+-----------+---+-------+---------------+---------------+
    /// |         payload length        |  next header  |   hop limit   |
    /// +-------------------------------+---------------+---------------+
    /// |                    source address, 16 bytes                   |
    /// +---------------------------------------------------------------+
    /// |                 destination address, 16 bytes                 |
    /// +---------------------------------------------------------------+
    /// ```
    /// - Parameter wireLength: Bytes from the IP header to the end of the frame on the wire.
    init(
        ipv6 frame: Span<UInt8>, after link: LinkHeader, wireLength: Int
    ) throws(ParseFault) {
        let start = link.length
        try frame.require(40, at: start, .ipv6, "header")
        let header = frame.extracting(start..<start + 40)
        guard header[0] >> 4 == 6 else {
            throw ParseFault(
                .invalid, .ipv6, "version", offset: start, needed: 6, had: Int(header[0] >> 4))
        }
        let next = header[6]
        // Zero for packets that segmentation offload has yet to cut (and jumbograms, RFC 2675);
        // a true zero is a packet without any next header (59).
        let stated = Int(header.uint16(at: 4))
        let total = stated == 0 && next != 59 ? wireLength : stated + 40
        let headers = try IPv6ExtensionHeaders(
            in: frame, from: start + 40, to: start + total, first: next)
        let trafficClass = UInt8(truncatingIfNeeded: header.uint16(at: 0) >> 4)
        vlans = link.vlans
        direction = link.direction
        source = IPAddress(high: header.uint64(at: 8), low: header.uint64(at: 16))
        destination = IPAddress(high: header.uint64(at: 24), low: header.uint64(at: 32))
        dscp = trafficClass >> 2
        ecn = trafficClass & 3
        hopLimit = header[7]
        identification = 0
        ipLength = total
        ipProtocol = headers.ipProtocol
        payload = headers.end..<Swift.min(frame.count, start + total)
        payloadLength = start + total - headers.end
        fragment = headers.fragment
        exceedsFrame = total > wireLength
    }
}

/// The chain of extension headers between an IPv6 header and what the packet carries
/// (RFC 8200 section 4).
///
/// The chain ends early at the header of a true fragment, since what follows belongs to the
/// whole.
struct IPv6ExtensionHeaders {
    /// How many extension headers one packet may have.
    ///
    /// RFC 8200 section 4.1 knows six places and lets only destination options come twice;
    /// eight leaves room for one odd repetition.
    static let limit = 8

    /// What comes after the chain.
    var ipProtocol: IPProtocol
    /// Where the chain ends.
    var end: Int
    /// The place of this piece, unless it is a whole.
    var fragment: NetworkPacket.Fragment?

    /// Walks the chain that begins at `start` with the header `first`.
    ///
    /// - Parameter limit: Where the packet ends by its length; may lie after the captured bytes.
    init(
        in bytes: Span<UInt8>, from start: Int, to limit: Int, first: UInt8
    ) throws(ParseFault) {
        var next = first
        var offset = start
        var count = 0
        while IPv6ExtensionHeaders.isExtension(next) {
            count += 1
            guard count <= IPv6ExtensionHeaders.limit else {
                throw ParseFault(
                    .overLimit, .ipv6, "number of extension headers", offset: offset,
                    needed: IPv6ExtensionHeaders.limit, had: count)
            }
            try bytes.require(8, at: offset, .ipv6, "extension header")
            let length = IPv6ExtensionHeaders.length(next, field: bytes[offset + 1])
            guard length <= limit - offset else {
                throw ParseFault(
                    .invalid, .ipv6, "extension header length", offset: offset + 1,
                    needed: limit - offset, had: length)
            }
            try bytes.require(length, at: offset, .ipv6, "extension header")
            if next == 44 {
                let place = bytes.uint16(at: offset + 2)
                // Offset 0 and nothing more: a whole in the dress of a fragment (RFC 6946).
                if place & 0xfff9 != 0 {
                    fragment = NetworkPacket.Fragment(
                        identification: bytes.uint32(at: offset + 4),
                        offset: Int(place & 0xfff8), more: place & 1 != 0)
                }
            }
            next = bytes[offset]
            offset += length
            if fragment != nil { break }
        }
        ipProtocol = IPProtocol(rawValue: next)
        end = offset
        guard offset <= bytes.count else {
            throw ParseFault(
                .truncated, .ipv6, "header", offset: start, needed: offset - start,
                had: bytes.count - start)
        }
    }

    /// Hop-by-hop, routing, fragment, authentication (RFC 4302), destination options.
    private static func isExtension(_ number: UInt8) -> Bool {
        number == 0 || number == 43 || number == 44 || number == 51 || number == 60
    }

    /// The whole length of a header by its length field: each kind counts in its own way.
    private static func length(_ number: UInt8, field: UInt8) -> Int {
        switch number {
        case 44: 8
        case 51: (Int(field) + 2) * 4
        default: (Int(field) + 1) * 8
        }
    }
}
