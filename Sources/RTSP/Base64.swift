// SPDX-License-Identifier: Apache-2.0

/// Base64 (RFC 4648 section 4), as SDP and tunnels use it.
public enum Base64 {
    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What a digit is worth, or nil.
    static func worth(of octet: UInt8) -> UInt8? {
        switch octet {
        case 0x41...0x5A: octet - 0x41
        case 0x61...0x7A: octet - 0x47
        case 0x30...0x39: octet + 4
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }

    /// The octets that `text` encodes, or nil if it holds another character, a lone last digit,
    /// or would give more than `limit` octets.
    ///
    /// Padding may be missing, as some cameras leave it out.
    public static func decode(_ text: some Collection<UInt8>, limit: Int) -> [UInt8]? {
        guard text.count / 4 * 3 <= limit + 3 else { return nil }
        var digits = Array(text)[...]
        while text.count - digits.count < 2, digits.last == ASCII.equals { digits.removeLast() }
        let count = digits.count
        guard count % 4 != 1, count > 0 || text.isEmpty, count / 4 * 3 <= limit else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for digit in digits {
            guard let worth = worth(of: digit) else { return nil }
            bits = bits << 6 | UInt32(worth)
            held += 6
            if held >= 8 {
                held -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        return octets.count <= limit ? octets : nil
    }

    /// The text that encodes `octets`, padded.
    public static func encode(_ octets: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for octet in octets {
            bits = bits << 8 | UInt32(octet)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(bits >> held & 0x3F)])
            }
        }
        if held > 0 { text.append(alphabet[Int(bits << (6 - held) & 0x3F)]) }
        while text.count % 4 != 0 { text.append(ASCII.equals) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Octets written as pairs of hexadecimal digits.
public enum Hexadecimal {
    /// The octets that `text` writes, or nil if a digit is odd, alone, or they are over `limit`.
    public static func decode(_ text: some Collection<UInt8>, limit: Int) -> [UInt8]? {
        guard text.count % 2 == 0, text.count / 2 <= limit else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 2)
        var high: UInt8?
        for digit in text {
            guard let worth = digit.hexadecimalDigit else { return nil }
            if let first = high {
                octets.append(first << 4 | worth)
                high = nil
            } else {
                high = worth
            }
        }
        return octets
    }

    /// The lower-case digits that write `octets`.
    public static func encode(_ octets: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for octet in octets {
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
