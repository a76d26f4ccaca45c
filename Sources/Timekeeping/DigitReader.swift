// SPDX-License-Identifier: Apache-2.0

/// A place in a text of ASCII digits and marks, such as a date.
struct DigitReader {
    private let octets: [UInt8]
    private var place = 0

    /// Begins at the start of `text`.
    init(_ text: some StringProtocol) {
        octets = Array(text.utf8)
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { place == octets.count }

    /// The octet that comes next, or nil at the end.
    var next: UInt8? { place < octets.count ? octets[place] : nil }

    /// What is left as text.
    var rest: String { String(decoding: octets[place...], as: UTF8.self) }

    /// Reads exactly `width` (at most 9) decimal digits, or reads nothing and returns nil.
    mutating func number(_ width: Int) -> Int? {
        guard octets.count - place >= width else { return nil }
        var value = 0
        for octet in octets[place..<place + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) else { return nil }
            value = value * 10 + Int(octet - UInt8(ascii: "0"))
        }
        place += width
        return value
    }

    /// Reads as many digits as there are, at most `limit` (at most 9), or nothing and returns nil.
    mutating func number(atMost limit: Int) -> Int? {
        var width = 0
        while width < limit, place + width < octets.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octets[place + width])
        {
            width += 1
        }
        return width == 0 ? nil : number(width)
    }

    /// Reads `mark` if it comes next, and says whether it did.
    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard mark.isASCII, next == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }
}
