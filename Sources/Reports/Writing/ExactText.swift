// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// Whole numbers and fractions as decimal text, the same on every machine and in every locale.
///
/// What does not fit the decimals asked for is cut off, never rounded: 99.9999 % in three decimals
/// is 99.999 %, and nothing short of the whole is 100 %.
enum ExactText {
    /// Decimals that may be asked for.
    static let decimalsLimit = 18

    /// `part`/`whole` times `scale`, cut to `decimals`; nil without a whole.
    ///
    /// Cut towards zero; with a whole that is not negative the text never claims more than there
    /// is. Parts are at most about 2¹⁰⁰: camera time of a year of a million cameras is below 2⁷⁵.
    static func quotient(
        _ part: Int128, by whole: Int128, scale: Int128 = 1, decimals: Int,
        separator: String = "."
    ) -> String? {
        precondition((0...decimalsLimit).contains(decimals))
        guard whole > 0 else { return nil }
        let isNegative = part < 0
        let (quotient, remainder) = (isNegative ? -part : part)
            .multipliedReportingOverflow(by: scale).partialValue
            .quotientAndRemainder(dividingBy: whole)
        var text = isNegative ? "-" : ""
        text += String(quotient)
        guard decimals > 0 else { return text }
        text += separator
        var rest = remainder
        for _ in 0..<decimals {
            rest *= 10
            text += String(rest / whole)
            rest %= whole
        }
        return text
    }

    /// A share as a percentage, cut to `decimals`; nil without a whole.
    static func percent(
        _ share: Statement.Share, decimals: Int, separator: String = "."
    ) -> String? {
        quotient(
            share.part, by: share.whole, scale: 100, decimals: decimals, separator: separator)
    }

    /// Nanoseconds as seconds with all decimals there are and none that say nothing: `12.5`.
    static func seconds(_ nanoseconds: Int128) -> String {
        let isNegative = nanoseconds < 0
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = (isNegative ? "-" : "") + String(whole)
        guard rest > 0 else { return text }
        var digits = String(rest)
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.last == "0" { digits.removeLast() }
        text += "." + digits
        return text
    }

    /// Nanoseconds as milliseconds, cut to `decimals`.
    static func milliseconds(
        _ nanoseconds: Int64, decimals: Int, separator: String = "."
    ) -> String {
        quotient(
            Int128(nanoseconds), by: 1_000_000, decimals: decimals, separator: separator) ?? ""
    }

    /// RFC 3339 in UTC with all decimals there are and none that say nothing.
    static func instant(_ instant: Instant) -> String {
        var text = instant.text()
        text.removeLast()
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text + "Z"
    }
}
