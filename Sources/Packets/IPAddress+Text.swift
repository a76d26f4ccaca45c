// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// Reads an address as people and SDP write it, or gives nil.
    ///
    /// IPv4 is four decimal numbers without leading zeros, which some read as octal. IPv6 may
    /// be shortened by one `::` and may end in dotted decimal (RFC 4291 section 2.2). Brackets,
    /// zones (`%eth0`) and prefix lengths are not part of an address.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(IPAddress.longestText + 1))
        guard bytes.count <= IPAddress.longestText else { return nil }
        if !bytes.contains(UInt8(ascii: ":")) {
            guard let bits = IPAddress.dotted(bytes[...]) else { return nil }
            self.init(v4: bits)
            return
        }
        guard let groups = IPAddress.groups(bytes) else { return nil }
        let join = { (part: ArraySlice<UInt16>) in part.reduce(0) { $0 << 16 | UInt64($1) } }
        self.init(high: join(groups[..<4]), low: join(groups[4...]))
    }

    /// The longest text of an address: eight groups, the last two in dotted decimal.
    static let longestText = 45

    private static func dotted(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.first != UInt8(ascii: "0") || part.count == 1
            else { return nil }
            var number: UInt32 = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return bits
    }

    private static func groups(_ text: [UInt8]) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var hole: Int?
        var index = 0
        while index + 1 < text.count {
            if text[index] == colon, text[index + 1] == colon {
                guard hole == nil else { return nil }
                hole = index
                index += 1
            }
            index += 1
        }
        guard let hole else {
            guard let all = run(text[...], mayEndDotted: true), all.count == 8 else { return nil }
            return all
        }
        guard let before = run(text[..<hole], mayEndDotted: false),
            let after = run(text[(hole + 2)...], mayEndDotted: true),
            before.count + after.count <= 7
        else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    /// Groups parted by single colons; none if the text is empty.
    private static func run(_ text: ArraySlice<UInt8>, mayEndDotted: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndDotted, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let bits = dotted(part) else { return nil }
                result.append(UInt16(bits >> 16))
                result.append(UInt16(truncatingIfNeeded: bits))
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var number: UInt16 = 0
            for byte in part {
                guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80
                else { return nil }
                number = number << 4 | UInt16(digit)
            }
            result.append(number)
        }
        return result
    }
}
