// SPDX-License-Identifier: Apache-2.0
public import Registry

/// Numbers as one language writes them.
///
/// Whole numbers in, text out: nothing here rounds up, and the same number gives the same text on
/// any machine. A figure and its unit are held together by a no-break space (U+00A0), and so are
/// groups of three digits, from five digits on: `5000`, `10 000`. The minus sign is U+2212.
/// Machines read CSV and JSON, where none of this applies.
public struct Formatting: Hashable, Sendable {
    /// The language written in.
    public let language: Language

    /// Makes the formatting of a language.
    public init(_ language: Language) { self.language = language }

    /// Holds together what must not stand on two lines.
    static let space = "\u{a0}"

    /// Between a number's whole part and its decimals: a point in English, else a comma.
    public var decimalSeparator: String { language == .english ? "." : "," }

    /// A whole number.
    public func integer(_ number: Int64) -> String {
        (number < 0 ? "−" : "") + Formatting.grouped(number.magnitude)
    }

    /// A whole number.
    public func integer(_ number: Int) -> String { integer(Int64(number)) }

    /// `number` thousandths, millionths and so on, by `scale` (the decimals that it carries, 0 to
    /// 18), shown with `decimals` of them; the rest is cut off.
    public func decimal(_ number: Int64, scale: Int, decimals: Int) -> String {
        precondition((0...18).contains(scale) && (0...scale).contains(decimals))
        let (whole, part) = number.magnitude.quotientAndRemainder(
            dividingBy: Formatting.powerOfTen(scale))
        let shown = part / Formatting.powerOfTen(scale - decimals)
        let sign = number < 0 && (whole > 0 || shown > 0) ? "−" : ""
        return sign + Formatting.grouped(whole) + fraction(shown, decimals)
    }

    /// `numerator` of `denominator` in per cent with `decimals` (0 to 9) decimals, cut off and never
    /// rounded up: 99.999 % is not 100 %.
    ///
    /// Nothing of nothing is no percentage: a dash.
    public func percentage(
        _ numerator: some BinaryInteger, of denominator: some BinaryInteger, decimals: Int = 2
    ) -> String {
        precondition((0...9).contains(decimals))
        guard denominator > 0 else { return "–" }
        // Nanoseconds of a large system over a year leave no room for a factor in 64 bits.
        let scaled = Int128(clamping: numerator) * 100 * Int128(Formatting.powerOfTen(decimals))
        let cut = scaled / Int128(clamping: denominator)
        let (whole, part) = cut.magnitude.quotientAndRemainder(
            dividingBy: UInt128(Formatting.powerOfTen(decimals)))
        let number =
            Formatting.grouped(UInt64(clamping: whole))
            + fraction(UInt64(clamping: part), decimals)
        return (cut < 0 ? "−" : "") + number + Formatting.space + "%"
    }

    /// Two bounds as one text: a single figure where they print alike, else `99.90–99.95 %`.
    public func bounds(_ lower: String, _ upper: String) -> String {
        if lower == upper { return lower }
        let tail = Formatting.space + "%"
        // One sign for both.
        if lower.hasSuffix(tail), upper.hasSuffix(tail) {
            return "\(lower.dropLast(tail.count))–\(upper)"
        }
        // Between signs a dash would be read as one more; a line ends behind it, never before.
        if lower.hasPrefix("−") || upper.hasPrefix("−") {
            let to = language == .english ? "to" : "…"
            return "\(lower)\(Formatting.space)\(to) \(upper)"
        }
        return "\(lower)\(Formatting.space)– \(upper)"
    }

    /// Bits a second: `5000 kbit/s`, from 100 Mbit/s on in Mbit/s with one decimal.
    public func bitRate(_ bitsPerSecond: Int64) -> String {
        let (kilo, mega) = language == .english ? ("kbit/s", "Mbit/s") : ("кбит/с", "Мбит/с")
        if bitsPerSecond.magnitude < 100_000_000 {
            return integer(bitsPerSecond / 1000) + Formatting.space + kilo
        }
        return decimal(bitsPerSecond, scale: 6, decimals: 1) + Formatting.space + mega
    }

    /// Frames a second from thousandths of them, with two decimals or none if it is whole.
    public func frameRate(millihertz: Int64) -> String {
        let number =
            millihertz % 1000 == 0
            ? integer(millihertz / 1000) : decimal(millihertz, scale: 3, decimals: 2)
        return number + Formatting.space + (language == .english ? "frames/s" : "кадр/с")
    }

    /// A share given in millionths, in per cent with as many decimals as asked for.
    public func share(partsPerMillion: Int64, decimals: Int = 2) -> String {
        percentage(partsPerMillion, of: 1_000_000, decimals: decimals)
    }

    /// A picture's size: `1920×1080`.
    public func pictureSize(width: Int, height: Int) -> String { "\(width)×\(height)" }

    /// The text of one of two or three forms that `number` asks for, after the number itself.
    public func count(_ number: Int64, _ noun: CountedNoun) -> String {
        integer(number) + Formatting.space + noun.form(after: number, language)
    }

    /// The text of one of two or three forms that `number` asks for, after the number itself.
    public func count(_ number: Int, _ noun: CountedNoun) -> String { count(Int64(number), noun) }

    /// Things in a row as a sentence has them: `a, b and c`.
    public func list(_ things: [String]) -> String {
        guard let last = things.last, things.count > 1 else { return things.first ?? "" }
        let and = language.choose(kk: "және", ru: "и", en: "and")
        return things.dropLast().joined(separator: ", ") + " \(and) \(last)"
    }

    /// The first letter as a capital, as a heading or a cell begins.
    public func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    private func fraction(_ part: UInt64, _ decimals: Int) -> String {
        decimals == 0 ? "" : decimalSeparator + Formatting.padded(part, decimals)
    }

    /// Digits in groups of three from the right, if there are more than four.
    static func grouped(_ number: UInt64) -> String {
        let digits = String(number)
        guard digits.utf8.count > 4 else { return digits }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { text += space }
            text.append(digit)
        }
        return text
    }

    /// At least `width` digits.
    static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func powerOfTen(_ exponent: Int) -> UInt64 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
