// SPDX-License-Identifier: Apache-2.0
import CDigest

/// SHA-256 (FIPS 180-4) of an entry and of all before it.
public struct JournalHash: Hashable, Sendable, CustomStringConvertible {
    /// 32 octets.
    public let octets: [UInt8]

    /// What stands before the first entry: 32 zeros.
    static let beginning = JournalHash(unchecked: [UInt8](repeating: 0, count: 32))

    private init(unchecked octets: [UInt8]) {
        self.octets = octets
    }

    /// Takes 32 octets; nil for any other number.
    public init?(octets: [UInt8]) {
        guard octets.count == 32 else { return nil }
        self.octets = octets
    }

    /// Reads 64 hexadecimal digits in lower case; nil for anything else.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var octets: [UInt8] = []
        for place in stride(from: 0, to: 64, by: 2) {
            guard let high = JournalHash.value(of: digits[place]),
                let low = JournalHash.value(of: digits[place + 1])
            else { return nil }
            octets.append(high << 4 | low)
        }
        self.octets = octets
    }

    /// The hash of `octets`.
    public static func of(_ octets: [UInt8]) -> JournalHash {
        var context = SHA2_CTX()
        var result = [UInt8](repeating: 0, count: 32)
        unsafe SHA256Init(&context)
        unsafe SHA256Update(&context, octets, octets.count)
        unsafe SHA256Final(&result, &context)
        return JournalHash(unchecked: result)
    }

    /// The hash of an entry whose text is `text` and that follows the one with this hash.
    func followed(by text: String) -> JournalHash {
        .of(octets + Array(text.utf8))
    }

    /// 64 hexadecimal digits in lower case.
    public var description: String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
