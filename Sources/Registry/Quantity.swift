// SPDX-License-Identifier: Apache-2.0

/// Numbers with units as the files write and read them: whole numbers inside, exact decimals
/// outside, no floating point between.
public enum Quantity {
    /// A number of `1 / 10^decimals` parts as a decimal without needless zeros: 12500 with three
    /// decimals is `12.5`.
    public static func decimalText(_ number: some BinaryInteger, decimals: Int) -> String {
        let isNegative = number < 0
        var digits = String(number.magnitude)
        if digits.utf8.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
        }
        var fraction = digits.suffix(decimals)
        while fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
        let whole = digits.dropLast(decimals)
        return (isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Bits a second with the largest unit that keeps the number whole: `5000 kbit/s`, `1 Gbit/s`.
    public static func bitRateText(_ bitsPerSecond: Int64) -> String {
        largest(bitsPerSecond, of: bitRateUnits, separator: " ")
    }

    /// Nanoseconds with the largest unit that keeps the number whole: `50h`, `90s`, `35d`.
    public static func durationText(_ nanoseconds: Int64) -> String {
        largest(nanoseconds, of: durationUnits, separator: "")
    }

    /// Units of durations in nanoseconds, largest first.
    public static let durationUnits: [(name: String, size: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
        ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
    ]

    /// Units of bit rates in bits a second, largest first.
    public static let bitRateUnits: [(name: String, size: Int64)] = [
        ("Gbit/s", 1_000_000_000), ("Mbit/s", 1_000_000), ("kbit/s", 1000), ("bit/s", 1),
    ]

    /// Units of sizes in octets, largest first.
    public static let sizeUnits: [(name: String, size: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    private static func largest(
        _ number: Int64, of units: [(name: String, size: Int64)], separator: String
    ) -> String {
        for unit in units where number != 0 && number % unit.size == 0 {
            return "\(number / unit.size)\(separator)\(unit.name)"
        }
        return "\(number)\(separator)\(units.last?.name ?? "")"
    }
}

// MARK: - Reading

extension Quantity {
    /// Reads a decimal number exactly as a number of `1 / 10^decimals` parts: `12.5` with three
    /// decimals is 12500.
    ///
    /// No sign, no exponent, no leading zero, no separators: what people mean by `1_000` or `1e3`
    /// differs.
    public static func decimal(
        parsing text: String, decimals: Int
    ) throws(ValueFault) -> Int64 {
        let expected = "a decimal number such as 12" + (decimals > 0 ? " or 12.5" : "")
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) })
        else { throw ValueFault(.wrongType, "not a number", expected: expected) }
        let whole = parts[0].utf8
        if whole.count > 1, whole.first == UInt8(ascii: "0") {
            throw ValueFault(
                .wrongType, "a leading zero, which some programs read as octal",
                expected: expected)
        }
        let fraction = parts.count == 2 ? parts[1].utf8.map { $0 } : []
        guard fraction.count <= decimals else {
            throw ValueFault(
                .invalidValue, "too many decimals",
                expected: decimals == 0 ? "a whole number" : "at most \(decimals) decimals")
        }
        var number: Int64 = 0
        let digits =
            Array(whole) + fraction
            + [UInt8](repeating: 0x30, count: decimals - fraction.count)
        for digit in digits {
            let (scaled, first) = number.multipliedReportingOverflow(by: 10)
            let (sum, second) = scaled.addingReportingOverflow(Int64(digit) - 0x30)
            guard !first, !second else {
                throw ValueFault(.outOfRange, "too large a number", expected: expected)
            }
            number = sum
        }
        return number
    }

    /// Reads a number with one of `units` behind it, with or without a space between, as so many
    /// of the smallest unit: `1.5h`, `5000 kbit/s`.
    ///
    /// `example` is what messages show as right.
    public static func number(
        parsing text: String, units: [(name: String, size: Int64)], example: String
    ) throws(ValueFault) -> Int64 {
        let trimmed = text[...]
        let end = trimmed.utf8.firstIndex { !$0.isASCIIDigit && $0 != UInt8(ascii: ".") }
        let expected =
            "a number with its unit ("
            + units.reversed().map(\.name).joined(separator: ", ") + "), such as \(example)"
        if text.utf8.first == UInt8(ascii: "-") {
            throw ValueFault(.outOfRange, "less than nothing", expected: expected)
        }
        guard let end else {
            if !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) {
                throw ValueFault(.missingUnit, "a number without its unit", expected: expected)
            }
            throw ValueFault(.wrongType, "not a quantity", expected: expected)
        }
        var name = trimmed[end...]
        if name.utf8.first == UInt8(ascii: " ") { name = name.dropFirst() }
        guard end > trimmed.startIndex, let unit = units.first(where: { $0.name == name }) else {
            throw ValueFault(.wrongType, "not a quantity", expected: expected)
        }
        // Up to six decimals, if the result is whole.
        let millionths = try decimal(parsing: String(trimmed[..<end]), decimals: 6)
        let (high, low) = millionths.multipliedFullWidth(by: unit.size)
        let million: Int64 = 1_000_000
        guard high < million / 2 else {
            throw ValueFault(.outOfRange, "too large", expected: expected)
        }
        let (quotient, remainder) = million.dividingFullWidth((high, low))
        guard remainder == 0 else {
            throw ValueFault(.invalidValue, "finer than the smallest unit", expected: expected)
        }
        return quotient
    }
}
