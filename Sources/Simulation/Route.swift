// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address with a port.
struct Endpoint: Hashable, Sendable {
    /// 4 or 16 octets.
    var address: [UInt8]
    var port: UInt16

    var isIPv6: Bool { address.count == 16 }

    /// `10.0.0.1:554`, `[fd00::1]:554`: IPv6 in the form of RFC 5952.
    var text: String { (isIPv6 ? "[\(addressText)]" : addressText) + ":\(port)" }

    /// The address alone.
    var addressText: String {
        guard isIPv6 else { return address.map { String($0) }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(address[2 * $0]) << 8 | UInt16(address[2 * $0 + 1]) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, longest.count) { longest = start..<end }
            start = max(end, start + 1)
        }
        let parts = groups.map { String($0, radix: 16) }
        guard !longest.isEmpty else { return parts.joined(separator: ":") }
        return parts[..<longest.lowerBound].joined(separator: ":") + "::"
            + parts[longest.upperBound...].joined(separator: ":")
    }
}

/// The way from one host to another: link, VLAN tags, addresses; makes headers.
struct Route: Hashable, Sendable {
    var source: Endpoint
    var target: Endpoint
    /// VLAN identifiers, outermost first; at most two.
    var vlan: [UInt16]
    /// A number that the hardware addresses are made of.
    var host: UInt32

    /// The same way back.
    var reversed: Route {
        Route(source: target, target: source, vlan: vlan, host: host)
    }

    /// Octets before the IP header.
    var linkLength: Int { 14 + 4 * vlan.count }
    /// Octets of the IP header.
    var internetLength: Int { source.isIPv6 ? 40 : 20 }

    /// Ethernet, 802.1Q (two tags: 802.1ad outside) and IP headers; lengths, identification and
    /// checksums are zero, to be filled in by `finish`.
    func headers(protocol number: UInt8, hopLimit: UInt8 = 64, dscp: UInt8 = 0) -> [UInt8] {
        var octets: [UInt8] = [2, 0x52, 0, 0, 0, 1, 2, 0x43]
        octets.append32(host)
        for (index, tag) in vlan.enumerated() {
            octets.append16(index == 0 && vlan.count > 1 ? 0x88a8 : 0x8100)
            octets.append16(tag & 0xfff)
        }
        if source.isIPv6 {
            octets.append16(0x86dd)
            octets.append32(0x6000_0000 | UInt32(dscp) << 22)
            octets += [0, 0, number, hopLimit]
        } else {
            octets.append16(0x0800)
            octets += [0x45, dscp << 2, 0, 0, 0, 0, 0x40, 0, hopLimit, number, 0, 0]
        }
        return octets + source.address + target.address
    }

    /// Sum of the pseudo header of the transport's checksum without the length (RFC 768,
    /// RFC 8200 section 8.1).
    func pseudoSum(protocol number: UInt8) -> UInt64 {
        let both = source.address + target.address
        return UInt64(both.onesComplementSum(0..<both.count)) + UInt64(number)
    }

    /// Fills in the IP header that begins at `offset` for `payload` octets behind it.
    func finishInternetHeader(
        at offset: Int, payload: Int, identification: UInt16, in octets: inout [UInt8]
    ) {
        if source.isIPv6 {
            octets.put16(UInt16(truncatingIfNeeded: payload), at: offset + 4)
            return
        }
        octets.put16(UInt16(truncatingIfNeeded: payload + 20), at: offset + 2)
        octets.put16(identification, at: offset + 4)
        octets.put16(0, at: offset + 10)
        let sum = octets.onesComplementSum(offset..<offset + 20)
        octets.put16(~folded(UInt64(sum)), at: offset + 10)
    }
}
