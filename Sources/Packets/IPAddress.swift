// SPDX-License-Identifier: Apache-2.0

import Octets

/// An IPv4 or IPv6 address.
///
/// Held as the 16 bytes of IPv6, in network order; an IPv4 address is held IPv4-mapped, as
/// `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2). Both families thus sort, hash and compare as
/// one type, and an address takes no allocation.
public struct IPAddress: Hashable, Sendable {
    /// The first eight bytes, the first of them uppermost.
    public let high: UInt64
    /// The last eight bytes, the first of them uppermost.
    public let low: UInt64

    /// Makes the address of 16 bytes given as two numbers.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes the IPv4 address of 32 bits, the first byte uppermost.
    public init(v4 bits: UInt32) {
        high = 0
        low = 0xffff_0000_0000 | UInt64(bits)
    }

    /// Makes the IPv4 address of four bytes, in reading order.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        self.init(
            v4: UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth))
    }

    /// Reads 4 bytes (IPv4) or 16 bytes (IPv6), or gives nil for any other number.
    public init?(bytes: Span<UInt8>) {
        switch bytes.count {
        case 4: self.init(v4: bytes.uint32(at: 0))
        case 16: self.init(high: bytes.uint64(at: 0), low: bytes.uint64(at: 8))
        default: return nil
        }
    }

    /// Whether this is an IPv4 address.
    public var isV4: Bool { high == 0 && low >> 32 == 0xffff }

    /// Whether packets to it go to a group: 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291).
    public var isMulticast: Bool {
        isV4 ? low >> 28 & 0xf == 0xe : high >> 56 == 0xff
    }

    /// Whether it means the host itself: 127.0.0.0/8 (RFC 1122 section 3.2.1.3) or `::1`.
    public var isLoopback: Bool { isV4 ? low >> 24 & 0xff == 127 : high == 0 && low == 1 }

    /// Whether it means "none yet": 0.0.0.0 or `::`.
    public var isUnspecified: Bool { isV4 ? low & 0xffff_ffff == 0 : high | low == 0 }
}

extension IPAddress: Comparable {
    /// Orders by the bytes, so that all of IPv4 stands together.
    public static func < (first: IPAddress, second: IPAddress) -> Bool {
        (first.high, first.low) < (second.high, second.low)
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal for IPv4; for IPv6 the one canonical text of RFC 5952 section 4.
    public var description: String {
        if isV4 {
            return (0..<4).map { String(low >> (24 - 8 * $0) & 0xff) }.joined(separator: ".")
        }
        let groups = (0..<8).map { index -> UInt64 in
            (index < 4 ? high : low) >> (48 - 16 * (index % 4)) & 0xffff
        }
        let hole = IPAddress.longestHole(groups)
        let text = { (part: ArraySlice<UInt64>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let hole else { return text(groups[...]) }
        return text(groups[..<hole.lowerBound]) + "::" + text(groups[hole.upperBound...])
    }

    /// The first of the longest runs of at least two zero groups: what `::` stands for.
    private static func longestHole(_ groups: [UInt64]) -> Range<Int>? {
        var best: Range<Int>?
        var index = 0
        while index < groups.count {
            let start = index
            while index < groups.count, groups[index] == 0 { index += 1 }
            if index - start >= 2, index - start > best?.count ?? 0 { best = start..<index }
            if index == start { index += 1 }
        }
        return best
    }
}
