// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Numbers as text, the same on every machine and in every locale.
enum DecimalText {
    /// A number for other programs: rounded to six decimals, or below one to six significant
    /// digits, then as short as reads back to the same value; nil if not finite.
    ///
    /// Six decimals of a millisecond are a nanosecond: no clock here is finer.
    static func exact(_ number: Double) -> String? {
        guard number.isFinite else { return nil }
        let magnitude = abs(number)
        // Beyond 10⁹ a double has fewer than six decimals left to round.
        guard magnitude < 1e9 else { return withoutPoint(number) }
        // Nothing measured here is so small: it is the residue of a subtraction.
        guard magnitude >= 1e-12 else { return "0" }
        let decimals = magnitude >= 1 ? 6 : 5 - Int(floor(log10(magnitude)))
        let scale = pow(10, Double(decimals))
        return withoutPoint((number * scale).rounded() / scale)
    }

    /// A number for people: exactly `decimals` decimals, `-` if not finite.
    static func fixed(_ number: Double, decimals: Int) -> String {
        precondition((0...9).contains(decimals))
        let scale = pow(10, Double(decimals))
        let scaled = (abs(number) * scale).rounded()
        guard scaled.isFinite, scaled < 9e18 else { return "-" }
        let digits = String(UInt64(scaled))
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// A limit or setting for people: at most three decimals, no zeros at the end.
    static func plain(_ number: Double) -> String {
        var text = fixed(number, decimals: 3)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A whole number in groups of three digits.
    static func grouped(_ number: UInt64) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `0x` and eight hexadecimal digits.
    static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func withoutPoint(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
