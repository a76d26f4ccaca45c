// SPDX-License-Identifier: Apache-2.0

/// Text that came from the network, made safe and measurable for a terminal.
enum PrintableText {
    /// Whether a terminal or a text field acts upon the scalar instead of showing it: controls of
    /// both sets, line separators, and the marks that turn the direction of writing.
    static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f: true
        case 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }

    /// `text` with every acting scalar, and in ASCII every foreign one, shown as `?`.
    static func shown(_ text: String, ascii: Bool) -> String {
        let plain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
        guard !plain else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(acts(scalar) || (ascii && !scalar.isASCII) ? "?" : scalar)
        }
        return String(result)
    }

    /// Columns that `text` takes in a terminal.
    ///
    /// East Asian wide characters and pictures take two, marks on the letter before take none
    /// (Unicode Standard Annex 11).
    static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    /// Columns of one character as the reader sees it.
    static func width(_ character: Character) -> Int {
        var width = 0
        for scalar in character.unicodeScalars {
            // The selector asks for the picture instead of the letter.
            if scalar.value == 0xfe0f { return 2 }
            width = max(width, columns(scalar))
        }
        return width
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// Blocks whose characters are wide or full width (Unicode 15.1, EastAsianWidth W and F),
    /// joined where only unassigned or rare code points lie between.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0...0x23f0,
        0x23f3...0x23f3, 0x25fd...0x25fe, 0x2614...0x2615, 0x2648...0x2653, 0x26a1...0x26a1,
        0x26d4...0x26d4, 0x2705...0x2705, 0x274c...0x274c, 0x2757...0x2757, 0x2e80...0x303e,
        0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
        0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
        0x16fe0...0x18d08, 0x1aff0...0x1b2fb, 0x1f004...0x1f004, 0x1f0cf...0x1f0cf,
        0x1f18e...0x1f18e, 0x1f191...0x1f19a, 0x1f200...0x1f320, 0x1f32d...0x1f335,
        0x1f337...0x1f37c, 0x1f37e...0x1f393, 0x1f3a0...0x1f3ca, 0x1f3cf...0x1f3d3,
        0x1f3e0...0x1f3f0, 0x1f3f4...0x1f3f4, 0x1f3f8...0x1f43e, 0x1f440...0x1f440,
        0x1f442...0x1f4fc, 0x1f4ff...0x1f53d, 0x1f54b...0x1f567, 0x1f595...0x1f596,
        0x1f5a4...0x1f5a4, 0x1f5fb...0x1f64f, 0x1f680...0x1f6c5, 0x1f6cc...0x1f6ff,
        0x1f7e0...0x1f7eb, 0x1f90c...0x1f9ff, 0x1fa70...0x1faff, 0x20000...0x3fffd,
    ]

    /// `text` cut in its middle to at most `limit` columns: the end of a path tells cameras apart.
    static func shortened(_ text: String, to limit: Int, ascii: Bool) -> String {
        guard width(text) > limit else { return text }
        let mark = ascii ? ".." : "…"
        let room = limit - width(mark)
        guard room > 1 else { return StyledLine(text).clipped(to: max(0, limit)).plainText }
        let characters = Array(text)
        var head = 0, tail = characters.count, used = 0
        var takesTail = true
        while head < tail {
            // Two from the end for one from the start.
            let next = takesTail ? characters[tail - 1] : characters[head]
            guard used + width(next) <= room else { break }
            used += width(next)
            if takesTail { tail -= 1 } else { head += 1 }
            takesTail = (head + characters.count - tail) % 3 != 2
        }
        return String(characters[..<head]) + mark + String(characters[tail...])
    }
}
