// SPDX-License-Identifier: Apache-2.0

/// How much room a text takes, without knowing the font.
///
/// Which font a reader's machine takes for `sans-serif` nobody knows, so the widths are those of a
/// wide one (read off DejaVu Sans, the widest in common use, rounded up): a text set in any other
/// is narrower, and labels laid out by this do not touch.
enum Lettering {
    /// Width in hundredths of a pixel of `text` set `size` hundredths high.
    static func width(_ text: String, size: Int, isBold: Bool = false) -> Int {
        let thousandths = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
        // Bold letters of that font are about an eighth wider, some a quarter.
        return (isBold ? thousandths * 23 / 20 : thousandths) * size / 1000 + 1
    }

    /// Thousandths of the height that one letter takes.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "\u{202f}", "\u{2009}": 220
        case "i", "l", "j", "і", "ı", "I", "J", "І": 300
        case " ", "\u{a0}", ".", ",", "·", ":", ";", "|", "!", "'", "/", "f", "-": 380
        case "t", "r", "(", ")", "[", "]": 415
        case "z", "s", "г", "з", "c", "с", "L", "э", "–", "_", "*": 560
        case "k", "v", "x", "y", "в", "т", "у", "х", "ч", "ь", "ғ", "ұ", "ү", "F": 600
        case "a", "e", "o", "а", "б", "е", "к", "о", "я", "ё", "ә", "қ", "ө": 620
        case "m", "M", "W", "%", "—", "…", "@", "№", "щ", "ж", "ш", "Ж", "Ш", "Щ", "Ю": 1085
        case "w", "м", "ы", "ф", "ю", "М", "Ф", "Ы", "Ъ", "<"..."?", "+", "×", "−", "≥", "≤", "#":
            900
        case "A"..."Z", "А"..."Я", "Ә", "Ғ", "Қ", "Ң", "Ө", "Ұ", "Ү", "Һ", "Ё", "д", "ц", "ъ", "&":
            800
        case "\u{300}"..."\u{36f}": 0
        case "\u{0}"..."\u{24f}", "\u{370}"..."\u{52f}": 680
        default: 1085
        }
    }

    /// `text` cut to `width` with an ellipsis at its end, or whole if it fits.
    static func fitted(_ text: String, to width: Int, size: Int) -> String {
        if self.width(text, size: size) <= width { return text }
        var kept = Substring(text)
        while !kept.isEmpty, self.width("\(kept)…", size: size) > width { kept.removeLast() }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        return "\(kept)…"
    }

    /// `text` in at most `limit` lines no wider than `width`, divided at spaces; what does not fit
    /// is cut with an ellipsis.
    static func wrapped(_ text: String, to width: Int, size: Int, limit: Int) -> [String] {
        var lines: [String] = []
        // A number sign stays with its number.
        var rest = text.replacing("№ ", with: "№\u{a0}").split(separator: " ")[...]
        while let first = rest.popFirst() {
            if lines.count == limit - 1 {
                let last = ([first] + rest).joined(separator: " ")
                return lines + [fitted(last, to: width, size: size)]
            }
            var line = String(first)
            while let word = rest.first, self.width("\(line) \(word)", size: size) <= width {
                line += " \(word)"
                rest.removeFirst()
            }
            lines.append(fitted(line, to: width, size: size))
        }
        return lines
    }
}
