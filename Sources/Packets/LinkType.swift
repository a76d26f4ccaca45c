// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of a captured frame are, by the registry of LINKTYPE numbers.
public enum LinkType: Hashable, Sendable {
    /// BSD loopback: an address family in the byte order of the capturing host.
    case null
    /// Ethernet II and IEEE 802.3, without preamble.
    case ethernet
    /// An IPv4 or IPv6 header at once; its first four bits tell which.
    case rawIP
    /// OpenBSD loopback: an address family in network byte order.
    case loop
    /// Linux "any" device, version 1.
    case linuxCooked
    /// An IPv4 header at once.
    case ipv4
    /// An IPv6 header at once.
    case ipv6
    /// Linux "any" device, version 2.
    case linuxCooked2
    /// A link that Kuzet does not read, by its number.
    case other(UInt16)

    /// Makes the link type of a LINKTYPE number.
    ///
    /// 12 and 14 are what DLT_RAW was on various systems and stand in old files.
    public init(number: UInt16) {
        self =
            switch number {
            case 0: .null
            case 1: .ethernet
            case 12, 14, 101: .rawIP
            case 108: .loop
            case 113: .linuxCooked
            case 228: .ipv4
            case 229: .ipv6
            case 276: .linuxCooked2
            default: .other(number)
            }
    }

    /// The number of Ethernet, the link of nearly all captures.
    public static let ethernetNumber: UInt16 = 1

    /// The LINKTYPE number.
    public var number: UInt16 {
        switch self {
        case .null: 0
        case .ethernet: 1
        case .rawIP: 101
        case .loop: 108
        case .linuxCooked: 113
        case .ipv4: 228
        case .ipv6: 229
        case .linuxCooked2: 276
        case .other(let number): number
        }
    }

    /// Whether frames of this link can be read.
    public var isSupported: Bool {
        if case .other = self { false } else { true }
    }
}

extension LinkType: CustomStringConvertible {
    /// The name in the registry without `LINKTYPE_`, or the bare number.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "ETHERNET"
        case .rawIP: "RAW"
        case .loop: "LOOP"
        case .linuxCooked: "LINUX_SLL"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxCooked2: "LINUX_SLL2"
        case .other(let number): LinkType.foreignName(number) ?? "LINKTYPE \(number)"
        }
    }

    private static func foreignName(_ number: UInt16) -> String? {
        switch number {
        case 6: "IEEE802_5"
        case 8: "SLIP"
        case 9: "PPP"
        case 10: "FDDI"
        case 50: "PPP_HDLC"
        case 51: "PPP_ETHER"
        case 104: "C_HDLC"
        case 105: "IEEE802_11"
        case 107: "FRELAY"
        case 117: "PFLOG"
        case 119: "IEEE802_11_PRISM"
        case 127: "IEEE802_11_RADIOTAP"
        case 147...162: "USER\(number - 147)"
        case 163: "IEEE802_11_AVS"
        case 187: "BLUETOOTH_HCI_H4"
        case 189: "USB_LINUX"
        case 192: "PPI"
        case 195: "IEEE802_15_4_WITHFCS"
        case 201: "BLUETOOTH_HCI_H4_WITH_PHDR"
        case 204: "PPP_WITH_DIR"
        case 220: "USB_LINUX_MMAPPED"
        case 230: "IEEE802_15_4_NOFCS"
        case 239: "NFLOG"
        case 240: "NETANALYZER"
        case 249: "USBPCAP"
        case 252: "WIRESHARK_UPPER_PDU"
        case 253: "NETLINK"
        case 274: "ETHERNET_MPACKET"
        default: nil
        }
    }
}
