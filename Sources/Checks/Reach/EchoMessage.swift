// SPDX-License-Identifier: Apache-2.0

/// An echo request or reply of ICMP (RFC 792) or ICMPv6 (RFC 4443 section 4).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------+---------------+-------------------------------+
///     |     type      |     code      |           checksum            |
///     +---------------+---------------+-------------------------------+
///     |          identifier           |        sequence number        |
///     +---------------+---------------+-------------------------------+
///     |                cookie, which tells own echoes from forged     |
///     +---------------------------------------------------------------+
struct EchoMessage: Hashable {
    /// Octets of a message as sent: those of the usual ping.
    static let length = 64

    var identifier: UInt16
    var sequence: UInt16
    /// A number that only who sent the request knows.
    var cookie: UInt64

    /// The octets of a request; the checksum of ICMPv6 is the kernel's to fill in.
    func request(isV4: Bool) -> [UInt8] {
        var octets: [UInt8] = [isV4 ? 8 : 128, 0, 0, 0]
        octets += [UInt8(identifier >> 8), UInt8(identifier & 0xff)]
        octets += [UInt8(sequence >> 8), UInt8(sequence & 0xff)]
        octets += (0..<8).map { UInt8(truncatingIfNeeded: cookie >> (56 - 8 * UInt64($0))) }
        while octets.count < EchoMessage.length { octets.append(UInt8(octets.count)) }
        if isV4 {
            let sum = EchoMessage.checksum(octets)
            octets[2] = UInt8(sum >> 8)
            octets[3] = UInt8(sum & 0xff)
        }
        return octets
    }

    /// Reads a reply, or gives nil if the octets are none.
    ///
    /// - Parameter hasHeader: whether the IPv4 header stands before it, as raw sockets give it.
    init?(reply octets: some RandomAccessCollection<UInt8>, isV4: Bool, hasHeader: Bool) {
        var rest = Array(octets)[...]
        if isV4, hasHeader {
            guard let first = rest.first, first >> 4 == 4 else { return nil }
            rest = rest.dropFirst(Int(first & 0xf) * 4)
        }
        guard rest.count >= 16, rest.first == (isV4 ? 0 : 129) else { return nil }
        let start = rest.startIndex
        guard rest[start + 1] == 0 else { return nil }
        identifier = UInt16(rest[start + 4]) << 8 | UInt16(rest[start + 5])
        sequence = UInt16(rest[start + 6]) << 8 | UInt16(rest[start + 7])
        cookie = rest[(start + 8)..<(start + 16)].reduce(0) { $0 << 8 | UInt64($1) }
    }

    init(identifier: UInt16, sequence: UInt16, cookie: UInt64) {
        self.identifier = identifier
        self.sequence = sequence
        self.cookie = cookie
    }

    /// The internet checksum (RFC 1071).
    static func checksum(_ octets: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: octets.count, by: 2) {
            let low = index + 1 < octets.count ? UInt32(octets[index + 1]) : 0
            sum += UInt32(octets[index]) << 8 | low
        }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
