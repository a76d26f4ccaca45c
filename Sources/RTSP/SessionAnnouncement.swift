// SPDX-License-Identifier: Apache-2.0

public import Octets

/// A packet that announces a session description to a group (SAP, RFC 2974).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-----+-+-+-+-+-+---------------+-------------------------------+
///     |  1  |A|R|T|E|C|  auth length  |      message id hash          |
///     +-----+-+-+-+-+-+---------------+-------------------------------+
///     |       originating source: 4 octets (A = 0) or 16 (A = 1)      |
///     +---------------------------------------------------------------+
///     |       authentication data, `auth length` words of 4 octets    |
///     +---------------------------------------------------------------+
///     |       payload type, a text that ends in NUL; may be absent    |
///     +---------------------------------------------------------------+
///     |       payload                                                 |
///     +---------------------------------------------------------------+
public struct SessionAnnouncement: Hashable, Sendable {
    /// The UDP port that announcements come to (RFC 2974 section 3).
    public static let port: UInt16 = 9875
    /// The longest payload type that is read, in octets.
    ///
    /// Chosen: `application/sdp` takes 15.
    public static let payloadTypeLimit = 256

    /// Whether the announcement is taken back (T).
    public let isDeletion: Bool
    /// Whether the payload is encrypted (E).
    public let isEncrypted: Bool
    /// Whether the payload is compressed (C).
    public let isCompressed: Bool
    /// A number that changes with the announcement.
    public let messageHash: UInt16
    /// Where the announcer's address lies: 4 octets or 16.
    public let origin: Range<Int>
    /// Where the authentication data lies.
    public let authentication: Range<Int>
    /// The media type of the payload; `application/sdp` if none is named.
    public let payloadType: String
    /// Where the payload lies.
    public let payload: Range<Int>

    /// Whether the payload is a session description that can be read.
    public var isDescription: Bool {
        payloadType == "application/sdp" && !isEncrypted && !isCompressed && !isDeletion
    }

    /// Reads a datagram.
    public init(parsing octets: Span<UInt8>) throws(ParseFault) {
        try octets.require(8, .sap, "header")
        let flags = octets[0]
        guard flags >> 5 == 1 else {
            throw ParseFault(
                .unsupported, .sap, "version", offset: 0, needed: 1, had: Int(flags >> 5))
        }
        isDeletion = flags & 0x04 != 0
        isEncrypted = flags & 0x02 != 0
        isCompressed = flags & 0x01 != 0
        messageHash = octets.uint16(at: 2)
        let originEnd = 4 + (flags & 0x10 == 0 ? 4 : 16)
        try octets.require(originEnd, .sap, "originating source")
        origin = 4..<originEnd
        let end = originEnd + 4 * Int(octets[1])
        try octets.require(end - originEnd, at: originEnd, .sap, "authentication data")
        authentication = originEnd..<end
        // Encrypted and compressed payloads hide their type; one without type begins with `v=0`.
        let isBare = isEncrypted || isCompressed || octets.has("v=0", at: end)
        guard !isBare else {
            payloadType = "application/sdp"
            payload = end..<octets.count
            return
        }
        let window = end..<min(octets.count, end + SessionAnnouncement.payloadTypeLimit)
        guard let nul = octets.firstIndex(of: ASCII.nul, in: window) else {
            guard isDeletion else {
                throw ParseFault(
                    .invalid, .sap, "payload type", offset: end,
                    needed: SessionAnnouncement.payloadTypeLimit, had: octets.count - end)
            }
            // A deletion may hold only the origin line (RFC 2974 section 4).
            payloadType = "application/sdp"
            payload = end..<octets.count
            return
        }
        payloadType = octets.text(end..<nul).lowercased()
        payload = nul + 1..<octets.count
    }
}
