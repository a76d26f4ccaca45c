// SPDX-License-Identifier: Apache-2.0

public import Octets

/// What the addressing of one IP packet says, and where its payload lies.
///
/// Holds no bytes: `payload` is a range of the bytes it was read from. Lengths are those the
/// IP header states, because captures are cut short and what a camera costs a network is what
/// was sent.
public struct NetworkPacket: Hashable, Sendable {
    /// A place in a datagram that the network took apart (RFC 791 section 3.2, RFC 8200
    /// section 4.5).
    public struct Fragment: Hashable, Sendable {
        /// Which datagram of this sender: 16 bits in IPv4, 32 in IPv6.
        public var identification: UInt32
        /// Where the payload begins in the whole, in bytes; a multiple of 8.
        public var offset: Int
        /// Whether more follows this piece.
        public var more: Bool
    }

    /// Which way a frame went, where the link layer says it.
    public enum Direction: UInt8, Hashable, Sendable {
        /// The link layer does not say.
        case unknown
        /// Received by the capturing host, or overheard by it.
        case incoming
        /// Sent by the capturing host.
        case outgoing
    }

    /// VLAN tags, the outermost first.
    public var vlans: VLANTags
    /// Which way the frame went, where known.
    public var direction: Direction
    /// Sender.
    public var source: IPAddress
    /// Receiver or group.
    public var destination: IPAddress
    /// Differentiated services code point, 0...63 (RFC 2474).
    public var dscp: UInt8
    /// Explicit congestion notification, 0...3 (RFC 3168).
    public var ecn: UInt8
    /// Time to live, or hop limit.
    public var hopLimit: UInt8
    /// The identification of IPv4; 0 for IPv6.
    ///
    /// Equal in two captures of one packet.
    public var identification: UInt16
    /// Total length by the IP header, that header included, in bytes.
    public var ipLength: Int
    /// What it carries.
    ///
    /// Of a fragment of IPv6 the header that the whole begins with, which may be one more
    /// extension header.
    public var ipProtocol: IPProtocol
    /// Where the captured part of the payload lies.
    public var payload: Range<Int>
    /// How long the payload was on the wire, in bytes; never less than `payload` holds.
    public var payloadLength: Int
    /// The place of this piece in a whole, or nil if this is a whole.
    public var fragment: Fragment?
    /// Whether the IP header states more bytes than the frame had on the wire: a mirror port
    /// that truncates, or a broken sender.
    public var exceedsFrame: Bool

    /// Whether part of the payload is missing from the capture.
    public var isCut: Bool { payload.count < payloadLength }

    /// The longest packet that a network passes as one: a jumbo frame of 9,216 bytes, the
    /// largest that common switches take.
    ///
    /// Chosen.
    public static let longestOnWire = 9_216
}

/// What a captured frame held.
public enum FrameContent: Hashable, Sendable {
    /// An IP packet.
    case packet(NetworkPacket)
    /// Something else that belongs on a network, by its EtherType: ARP is 0x0806.
    case otherEtherType(UInt16)
    /// IEEE 802.2 (spanning tree and the like), which has no EtherType.
    case logicalLinkControl

    /// Reads the headers of a frame down to the IP payload.
    ///
    /// - Parameters:
    ///   - frame: The captured bytes, from the link header on.
    ///   - linkType: What the frame begins with.
    ///   - originalLength: How long the frame was on the wire.
    /// - Throws: `ParseFault` of layer `link`, `vlan`, `ipv4` or `ipv6`; `unsupported` for a
    ///   link type or an encapsulation that Kuzet does not read.
    public init(
        _ frame: Span<UInt8>, linkType: LinkType, originalLength: Int
    ) throws(ParseFault) {
        let link = try LinkHeader(frame, linkType: linkType)
        let wireLength = Swift.max(originalLength, frame.count) - link.length
        switch link.network {
        case .ipv4:
            self = .packet(try NetworkPacket(ipv4: frame, after: link, wireLength: wireLength))
        case .ipv6:
            self = .packet(try NetworkPacket(ipv6: frame, after: link, wireLength: wireLength))
        case .otherEtherType(let type): self = .otherEtherType(type)
        case .logicalLinkControl: self = .logicalLinkControl
        }
    }

    /// The IP packet, or nil if it is something else.
    public var packet: NetworkPacket? {
        if case .packet(let packet) = self { packet } else { nil }
    }
}
