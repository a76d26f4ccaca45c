// SPDX-License-Identifier: Apache-2.0

/// The ASCII octets that RTSP, HTTP and SDP are written with.
enum ASCII {
    static let nul: UInt8 = 0x00
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let dollar: UInt8 = 0x24
    static let comma: UInt8 = 0x2C
    static let dash: UInt8 = 0x2D
    static let slash: UInt8 = 0x2F
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let equals: UInt8 = 0x3D
    static let backslash: UInt8 = 0x5C
}

extension UInt8 {
    var isDigit: Bool { 0x30 <= self && self <= 0x39 }
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    var isBlank: Bool { self == ASCII.space || self == ASCII.tab }
    /// The lower-case form of an ASCII letter; anything else unchanged.
    var lowered: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }

    /// What a hexadecimal digit is worth, or nil.
    var hexadecimalDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }

    /// Whether the octet may stand in a token of RFC 2326 section 15.1 (as in HTTP).
    var isTokenCharacter: Bool {
        guard self > 0x20, self < 0x7F else { return false }
        switch self {
        case 0x22, 0x28, 0x29, 0x2C, 0x2F, 0x3A...0x40, 0x5B...0x5D, 0x7B, 0x7D: return false
        default: return true
        }
    }
}

extension Span where Element == UInt8 {
    /// A copy of the octets in `range`, which must lie inside.
    func copy(_ range: Range<Int>) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(range.count)
        for index in range { octets.append(self[index]) }
        return octets
    }

    /// The octets in `range` as text; what is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        String(decoding: copy(range), as: UTF8.self)
    }

    /// `range` without the blanks at its two ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// Whether `word` stands at `offset`, letters of either case.
    func has(_ word: StaticString, at offset: Int) -> Bool {
        has(Array(word.description.utf8), at: offset)
    }

    /// Whether `word` stands at `offset`, letters of either case.
    func has(_ word: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, word.count <= count - offset else { return false }
        for index in 0..<word.count where self[offset + index].lowered != word[index].lowered {
            return false
        }
        return true
    }

    /// The place of the first `octet` in `range`, or nil.
    func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == octet { return index }
        return nil
    }
}

/// The unsigned decimal number that `digits` spell, or nil if there is none, another character
/// stands among them, or it is above `limit`.
func decimal(_ digits: some Sequence<UInt8>, atMost limit: Int) -> Int? {
    var value = 0
    var isEmpty = true
    for digit in digits {
        guard digit.isDigit else { return nil }
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, more) = tens.addingReportingOverflow(Int(digit - 0x30))
        guard !overflow, !more, sum <= limit else { return nil }
        value = sum
        isEmpty = false
    }
    return isEmpty ? nil : value
}

/// The number that up to eight hexadecimal `digits` spell, or nil.
func hexadecimal(_ digits: some Collection<UInt8>) -> UInt32? {
    guard (1...8).contains(digits.count) else { return nil }
    var value: UInt32 = 0
    for digit in digits {
        guard let worth = digit.hexadecimalDigit else { return nil }
        value = value << 4 | UInt32(worth)
    }
    return value
}

/// Whether two texts agree, ASCII letters of either case.
func sameWord(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.lowered == $1.lowered }
}

/// Whether two texts agree, ASCII letters of either case.
func sameWord(_ left: String, _ right: String) -> Bool {
    sameWord(left.utf8, right.utf8)
}

/// Walks over the value of a header: words, quoted strings and separators.
struct FieldScanner {
    let octets: [UInt8]
    var position = 0

    init(_ text: String) { octets = Array(text.utf8) }

    var isAtEnd: Bool { position >= octets.count }
    var next: UInt8? { isAtEnd ? nil : octets[position] }

    mutating func skipBlanks() {
        while let octet = next, octet.isBlank { position += 1 }
    }

    /// Steps over `octet` and the blanks before it, if it comes next.
    mutating func skip(_ octet: UInt8) -> Bool {
        skipBlanks()
        guard next == octet else { return false }
        position += 1
        return true
    }

    /// The text up to one of `stops` or the end, without blanks at its ends.
    ///
    /// Text in quotation marks is taken whole, without the marks and the backslashes that
    /// shield a character (RFC 2326 section 15.1, quoted-string).
    mutating func word(until stops: UInt8...) -> String {
        skipBlanks()
        var taken: [UInt8] = []
        // Blanks at the end belong to the word only up to here: quoted ones stay.
        var kept = 0
        while let octet = next, !stops.contains(octet) {
            position += 1
            if octet == ASCII.quote {
                quoted(into: &taken)
                kept = taken.count
            } else {
                taken.append(octet)
                if !octet.isBlank { kept = taken.count }
            }
        }
        return String(decoding: taken[..<kept], as: UTF8.self)
    }

    private mutating func quoted(into taken: inout [UInt8]) {
        while let octet = next {
            position += 1
            if octet == ASCII.quote { return }
            if octet == ASCII.backslash, let shielded = next {
                position += 1
                taken.append(shielded)
            } else {
                taken.append(octet)
            }
        }
    }
}

extension FieldScanner {
    /// A word such that `word` reads it back: in quotation marks if a character needs it.
    static func shielded(_ word: String) -> String {
        let special = [
            ASCII.semicolon, ASCII.comma, ASCII.quote, ASCII.backslash, ASCII.space, ASCII.tab,
        ]
        return word.utf8.contains { special.contains($0) } ? quoted(word) : word
    }

    /// A word in quotation marks, so that `word` reads it back.
    static func quoted(_ word: String) -> String {
        var octets: [UInt8] = [ASCII.quote]
        for octet in word.utf8 {
            if octet == ASCII.quote || octet == ASCII.backslash { octets.append(ASCII.backslash) }
            octets.append(octet)
        }
        return String(decoding: octets + [ASCII.quote], as: UTF8.self)
    }

    /// `text` without blanks at its ends.
    static func trimmed(_ text: String) -> String {
        var octets = Array(text.utf8)[...]
        while octets.first?.isBlank == true { octets.removeFirst() }
        while octets.last?.isBlank == true { octets.removeLast() }
        return String(decoding: octets, as: UTF8.self)
    }
}
