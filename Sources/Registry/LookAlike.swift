// SPDX-License-Identifier: Apache-2.0

/// Letters of one script that look like letters of another.
public enum LookAlike {
    /// Cyrillic letters that look like Latin ones in common typefaces, after Unicode Technical
    /// Standard 39; those that Kazakh and Russian keyboards have.
    static let latinForms: [Unicode.Scalar: Unicode.Scalar] = [
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i",
        "һ": "h", "ѕ": "s", "ј": "j", "ԁ": "d", "қ": "k", "к": "k", "м": "m", "т": "t", "в": "b",
        "н": "h", "г": "r", "п": "n", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H",
        "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X", "У": "Y", "І": "I",
    ]

    /// The fault of a text that is no id.
    ///
    /// A letter that only looks right is named with its code, as nobody can see what is wrong with
    /// it.
    public static func fault(ofIdentifier text: String) -> ValueFault {
        for scalar in text.unicodeScalars where !scalar.isASCII {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
            if let latin = latinForms[scalar] {
                return ValueFault(
                    .lookAlike, "the Cyrillic letter \(name) looks like the Latin `\(latin)`",
                    expected: Identifier.rule)
            }
            return ValueFault(
                .invalidValue, "the letter \(name) in an id", expected: Identifier.rule)
        }
        if text.isEmpty {
            return ValueFault(.missing, "an empty id", expected: Identifier.rule)
        }
        if text.utf8.contains(where: { (0x41...0x5a).contains($0) }) {
            return ValueFault(.invalidValue, "capital letters in an id", expected: Identifier.rule)
        }
        return ValueFault(.invalidValue, "not an id", expected: Identifier.rule)
    }

    /// The first word of `name` that mixes Latin and Cyrillic letters of which one looks like the
    /// other script's, or nil.
    ///
    /// `IP-камера` is two words; `Kамера` with a Latin K is one.
    public static func mixedWord(in name: String) -> String? {
        // Most names are of one alphabet: two short looks spare the long one.
        guard name.utf8.contains(where: { $0 >= 0x80 }),
            name.utf8.contains(where: \.isASCIILetter)
        else { return nil }
        var word = String.UnicodeScalarView()
        var (latin, cyrillic) = (false, false)
        for scalar in name.unicodeScalars {
            let isLatin = scalar.isASCII && UInt8(scalar.value).isASCIILetter
            let isCyrillic = (0x400...0x52f).contains(scalar.value)
            if isLatin || isCyrillic {
                word.append(scalar)
                latin = latin || isLatin
                cyrillic = cyrillic || isCyrillic
            } else {
                if latin, cyrillic { return String(word) }
                word.removeAll()
                (latin, cyrillic) = (false, false)
            }
        }
        return latin && cyrillic ? String(word) : nil
    }
}
