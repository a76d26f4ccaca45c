// SPDX-License-Identifier: Apache-2.0

/// What an IP packet carries, by the registry of protocol numbers (RFC 5237).
public struct IPProtocol: Hashable, Sendable, RawRepresentable {
    /// The number in the IP header.
    public let rawValue: UInt8

    /// Makes the protocol of a number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Control messages of IPv4 (RFC 792).
    public static let icmp = IPProtocol(rawValue: 1)
    /// Group membership of IPv4 (RFC 3376).
    public static let igmp = IPProtocol(rawValue: 2)
    /// Transmission Control Protocol (RFC 9293).
    public static let tcp = IPProtocol(rawValue: 6)
    /// User Datagram Protocol (RFC 768).
    public static let udp = IPProtocol(rawValue: 17)
    /// Control messages of IPv6 (RFC 4443).
    public static let icmpv6 = IPProtocol(rawValue: 58)

    /// Whether it carries control messages: ICMP or ICMPv6.
    public var isICMP: Bool { self == .icmp || self == .icmpv6 }
}

extension IPProtocol: CustomStringConvertible {
    /// The usual name, or the number.
    public var description: String {
        switch rawValue {
        case 1: "ICMP"
        case 2: "IGMP"
        case 4: "IPv4"
        case 6: "TCP"
        case 17: "UDP"
        case 41: "IPv6"
        case 47: "GRE"
        case 50: "ESP"
        case 51: "AH"
        case 58: "ICMPv6"
        case 89: "OSPF"
        case 103: "PIM"
        case 112: "VRRP"
        case 132: "SCTP"
        default: "protocol \(rawValue)"
        }
    }
}
