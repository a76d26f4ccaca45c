// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as the registry declares it.
///
/// Held as the 16 bytes of IPv6 in network order, IPv4 as `::ffff:a.b.c.d` (RFC 4291 section
/// 2.5.5.2): the same two numbers as the addresses of packets, so that one turns into the other
/// without text.
public struct NetworkAddress: Hashable, Sendable {
    /// The first eight bytes, the first of them uppermost.
    public let high: UInt64
    /// The last eight bytes, the first of them uppermost.
    public let low: UInt64

    /// Makes the address of 16 bytes given as two numbers.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Whether this is an IPv4 address.
    public var isV4: Bool { high == 0 && low >> 32 == 0xffff }

    /// Whether packets to it go to a group: 224.0.0.0/4 (RFC 5771) or ff00::/8 (RFC 4291).
    public var isMulticast: Bool { isV4 ? low >> 28 & 0xf == 0xe : high >> 56 == 0xff }

    /// Whether it means "none": 0.0.0.0 or `::`.
    public var isUnspecified: Bool { isV4 ? low & 0xffff_ffff == 0 : high | low == 0 }
}

extension NetworkAddress: Comparable {
    /// Orders by the bytes.
    public static func < (first: NetworkAddress, second: NetworkAddress) -> Bool {
        (first.high, first.low) < (second.high, second.low)
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Dotted decimal for IPv4; for IPv6 the canonical text of RFC 5952 section 4.
    public var description: String {
        if isV4 {
            var text = String(low >> 24 & 0xff)
            for shift in [16, 8, 0] as [UInt64] {
                text += "."
                text += String(low >> shift & 0xff)
            }
            return text
        }
        let groups = (0..<8).map { index -> UInt64 in
            (index < 4 ? high : low) >> (48 - 16 * (index % 4)) & 0xffff
        }
        let text = { (part: ArraySlice<UInt64>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let hole = NetworkAddress.longestHole(groups) else { return text(groups[...]) }
        return text(groups[..<hole.lowerBound]) + "::" + text(groups[hole.upperBound...])
    }

    /// The first of the longest runs of at least two zero groups: what `::` stands for.
    private static func longestHole(_ groups: [UInt64]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}

// MARK: - Reading

extension NetworkAddress {
    /// What messages ask for.
    static let rule = "an address such as 192.0.2.10 or 2001:db8::10"

    /// Reads dotted decimal (RFC 6943 section 3.1.1, strict form) or IPv6 text (RFC 4291 section
    /// 2.2).
    ///
    /// A leading zero is refused: some programs read `010` as eight, others as ten, and a camera
    /// must not have two addresses. Zone ids (`%eth0`) are refused, as they mean something on one
    /// machine alone.
    public init(parsing text: String) throws(ValueFault) {
        try self.init(octets: Array(text.utf8))
    }

    /// Reads the octets of such a text.
    init(octets: [UInt8]) throws(ValueFault) {
        self =
            try octets.contains(UInt8(ascii: ":"))
            ? NetworkAddress.v6(octets) : NetworkAddress.v4(octets[...])
    }

    private static func v4(_ octets: ArraySlice<UInt8>) throws(ValueFault) -> NetworkAddress {
        let fault = ValueFault(.invalidValue, "not an address", expected: rule)
        var (bits, number): (UInt64, UInt64) = (0, 0)
        var (digits, dots) = (0, 0)
        var hasLeadingZero = false
        // One pass without slices: a registry has hundreds of thousands of addresses.
        for octet in octets {
            if octet == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { throw fault }
                bits = bits << 8 | (try NetworkAddress.part(number, hasLeadingZero))
                (number, digits, dots, hasLeadingZero) = (0, 0, dots + 1, false)
                continue
            }
            guard octet.isASCIIDigit, digits < 3 else { throw fault }
            if digits == 1, number == 0 { hasLeadingZero = true }
            number = number * 10 + UInt64(octet - UInt8(ascii: "0"))
            digits += 1
        }
        guard digits > 0, dots == 3 else { throw fault }
        bits = bits << 8 | (try NetworkAddress.part(number, hasLeadingZero))
        return NetworkAddress(high: 0, low: 0xffff_0000_0000 | bits)
    }

    /// One of the four numbers, checked.
    private static func part(
        _ number: UInt64, _ hasLeadingZero: Bool
    ) throws(ValueFault) -> UInt64 {
        if hasLeadingZero {
            throw ValueFault(
                .invalidValue, "a leading zero, which some programs read as octal",
                expected: "numbers of 0 to 255 without leading zeros")
        }
        guard number <= 255 else {
            throw ValueFault(
                .outOfRange, "\(number) is no octet of an address", expected: "numbers of 0 to 255")
        }
        return number
    }

    private static func v6(_ octets: [UInt8]) throws(ValueFault) -> NetworkAddress {
        let fault = ValueFault(.invalidValue, "not an address", expected: rule)
        var groups: [UInt64] = []
        var hole: Int?
        var rest = octets[...]
        if rest.starts(with: "::".utf8) {
            hole = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            guard groups.count < 8 else { throw fault }
            let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            let part = rest[..<end]
            if part.contains(UInt8(ascii: ".")) {
                guard end == rest.endIndex, groups.count <= 6 else { throw fault }
                let v4 = try NetworkAddress.v4(part)
                groups += [v4.low >> 16 & 0xffff, v4.low & 0xffff]
                rest = []
                break
            }
            guard (1...4).contains(part.count),
                let group = UInt64(String(decoding: part, as: UTF8.self), radix: 16),
                part.first != UInt8(ascii: "+"), part.first != UInt8(ascii: "-")
            else { throw fault }
            groups.append(group)
            rest = rest[end...]
            if rest.starts(with: "::".utf8) {
                guard hole == nil else { throw fault }
                hole = groups.count
                rest = rest.dropFirst(2)
            } else if !rest.isEmpty {
                rest = rest.dropFirst()
                guard !rest.isEmpty else { throw fault }
            }
        }
        if let hole {
            guard groups.count < 8 else { throw fault }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: hole)
        }
        guard groups.count == 8 else { throw fault }
        let number = { (part: ArraySlice<UInt64>) in part.reduce(0) { $0 << 16 | $1 } }
        return NetworkAddress(high: number(groups[..<4]), low: number(groups[4...]))
    }
}

extension UInt8 {
    /// Whether this octet is `0` to `9`.
    var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// Whether this octet is a letter of ASCII.
    var isASCIILetter: Bool { (0x41...0x5a).contains(self & 0xdf) }
}
