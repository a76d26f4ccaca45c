// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// A length of time on the command line: a number with `ns`, `us`, `ms`, `s`, `min`, `h` or `d`,
/// as in `3.2s`; a bare number is seconds.
struct DurationArgument: ExpressibleByArgument, Hashable {
    /// Whole nanoseconds; negative if written so.
    var nanoseconds: Int64

    private static let units: [QuantityUnit] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("min", 60e9), ("s", 1e9), ("h", 3600e9),
        ("d", 86_400e9), ("", 1e9),
    ]

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    init?(argument: String) {
        guard let value = quantity(argument, units: DurationArgument.units), abs(value) < 9e18
        else { return nil }
        nanoseconds = Int64(value.rounded())
    }

    var defaultValueDescription: String {
        for (name, factor) in DurationArgument.units.reversed().dropFirst()
        where nanoseconds != 0 && nanoseconds % Int64(factor) == 0 {
            return "\(nanoseconds / Int64(factor))\(name)"
        }
        return "\(Double(nanoseconds) / 1e9)s"
    }

    static let expected = "a duration such as 500ms, 3.2s, 5min"
}

/// A bit rate on the command line: bits a second with `k`, `M` or `G` (powers of 1000), and
/// `bit/s` or `bps` behind it or not, as in `5M`.
struct BitRateArgument: ExpressibleByArgument, Hashable {
    var bitsPerSecond: Int

    private static let units: [QuantityUnit] = ["", "bit/s", "bps"].flatMap { suffix in
        [("k" + suffix, 1e3), ("M" + suffix, 1e6), ("G" + suffix, 1e9), (suffix, 1)]
    }

    init(bitsPerSecond: Int) {
        self.bitsPerSecond = bitsPerSecond
    }

    init?(argument: String) {
        guard let value = quantity(argument, units: BitRateArgument.units), value >= 0,
            value < 1e15
        else { return nil }
        bitsPerSecond = Int(value.rounded())
    }

    var defaultValueDescription: String {
        bitsPerSecond % 1_000_000 == 0
            ? "\(bitsPerSecond / 1_000_000)M" : "\(bitsPerSecond)"
    }

    static let expected = "a bit rate such as 512k, 5M, 5Mbit/s"
}

/// A share on the command line: `5%`, or the same as a number from 0 to 1, `0.05`.
struct PercentArgument: ExpressibleByArgument, Hashable {
    /// 0…1.
    var ratio: Double

    init(ratio: Double) {
        self.ratio = ratio
    }

    init?(argument: String) {
        guard let value = quantity(argument, units: [("%", 0.01), ("", 1)]),
            (0...1).contains(value)
        else { return nil }
        ratio = value
    }

    var defaultValueDescription: String { "\(ratio)" }

    static let expected = "a share such as 8% or 0.08"
}

/// What a unit is written as, and how many of the smallest it holds.
private typealias QuantityUnit = (name: String, factor: Double)

/// Reads a plain decimal number and one of `units`; nil if it is anything else.
private func quantity(_ text: String, units: [QuantityUnit]) -> Double? {
    let end = text.firstIndex { !"0123456789.-+".contains($0) } ?? text.endIndex
    guard let number = Double(String(text[..<end])), number.isFinite else { return nil }
    let suffix = String(text[end...])
    guard let unit = units.first(where: { $0.name == suffix }) else { return nil }
    return number * unit.factor
}

/// Reads an argument as a quantity, or throws what was found and what was expected.
func quantityArgument<Quantity: ExpressibleByArgument>(
    _ text: String, expected: String
) throws -> Quantity {
    guard let value = Quantity(argument: text) else {
        throw ValidationError("found \"\(text)\"; expected \(expected)")
    }
    return value
}

extension DurationArgument {
    /// For `transform:`; the error names what was found and expected.
    static func parse(_ text: String) throws -> DurationArgument {
        try quantityArgument(text, expected: expected)
    }
}

extension BitRateArgument {
    /// For `transform:`; the error names what was found and expected.
    static func parse(_ text: String) throws -> BitRateArgument {
        try quantityArgument(text, expected: expected)
    }
}

extension PercentArgument {
    /// For `transform:`; the error names what was found and expected.
    static func parse(_ text: String) throws -> PercentArgument {
        try quantityArgument(text, expected: expected)
    }
}
