// SPDX-License-Identifier: Apache-2.0
import Registry

extension Formatting {
    /// How finely a duration is written.
    public enum Fineness: Hashable, Sendable {
        /// The two leading units, in hours at most: `52 h 07 min`, `7 min 30 s`, `12.3 s`. A budget
        /// of hours is compared in hours, so there are no days.
        case leading
        /// As `leading`, without a lesser unit that is zero: `50 h`, `8 min`, for limits.
        case brief
        /// The two leading units, in days at most: `2 d 4 h`.
        case withDays
        /// Everything down to the millisecond: `1 h 02 min 03.004 s`.
        case exact
    }

    /// A stretch of time; what is finer than shown is cut off, but no more than 0 s of what is not
    /// zero: less than the least unit shown is written `< 1 ms`.
    ///
    /// Sums over the cameras of a large system need 128 bits of nanoseconds, 64 of milliseconds.
    public func duration(
        _ nanoseconds: some BinaryInteger, _ fineness: Fineness = .leading
    ) -> String {
        let sign = nanoseconds < 0 ? "−" : ""
        let milliseconds = UInt64(clamping: Int128(clamping: nanoseconds).magnitude / 1_000_000)
        if milliseconds == 0 {
            return nanoseconds == 0 ? unit(0, .second) : "<\u{a0}" + unit(1, .millisecond)
        }
        let seconds = milliseconds / 1000
        switch fineness {
        case .exact: return sign + exact(milliseconds)
        case .brief where seconds >= 3600 && seconds / 60 % 60 == 0:
            return sign + unit(seconds / 3600, .hour)
        case .brief where (60..<3600).contains(seconds) && seconds % 60 == 0:
            return sign + unit(seconds / 60, .minute)
        case .withDays where seconds >= 86_400:
            let hours = seconds / 3600
            return sign + unit(hours / 24, .day) + Formatting.space + unit(hours % 24, .hour)
        case .leading, .brief, .withDays: return sign + leading(milliseconds)
        }
    }

    /// A signed offset of a clock: `+3.204 s`, `−0.015 s`, to the millisecond.
    public func offset(_ nanoseconds: Int64) -> String {
        let number = decimal(nanoseconds, scale: 9, decimals: 3)
        return (nanoseconds >= 1_000_000 ? "+" : "") + number + Formatting.space
            + symbol(.second)
    }

    /// Units of time that a duration is made of.
    enum TimeUnit {
        case day, hour, minute, second, millisecond
    }

    /// The unit as abbreviated beside a figure.
    func symbol(_ unit: TimeUnit) -> String {
        switch (unit, language) {
        case (.day, .kazakh): "тәул."
        case (.day, .russian): "сут"
        case (.day, .english): "d"
        case (.hour, .kazakh): "сағ"
        case (.hour, .russian): "ч"
        case (.hour, .english): "h"
        case (.minute, .kazakh), (.minute, .russian): "мин"
        case (.minute, .english): "min"
        case (.second, .kazakh), (.second, .russian): "с"
        case (.second, .english): "s"
        case (.millisecond, .kazakh), (.millisecond, .russian): "мс"
        case (.millisecond, .english): "ms"
        }
    }

    private func leading(_ milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1000
        if seconds >= 3600 {
            return unit(seconds / 3600, .hour) + Formatting.space
                + unit(seconds / 60 % 60, .minute, width: 2)
        }
        if seconds >= 60 {
            return unit(seconds / 60, .minute) + Formatting.space
                + unit(seconds % 60, .second, width: 2)
        }
        let decimals = milliseconds < 1000 ? 3 : 1
        let number =
            milliseconds % 1000 == 0
            ? integer(Int64(seconds))
            : decimal(Int64(milliseconds), scale: 3, decimals: decimals)
        return number + Formatting.space + symbol(.second)
    }

    private func exact(_ milliseconds: UInt64) -> String {
        let seconds = milliseconds / 1000
        var parts: [String] = []
        if seconds >= 3600 { parts.append(unit(seconds / 3600, .hour)) }
        if seconds >= 60 {
            parts.append(unit(seconds / 60 % 60, .minute, width: parts.isEmpty ? 1 : 2))
        }
        let whole = Formatting.padded(seconds % 60, parts.isEmpty ? 1 : 2)
        let part = decimalSeparator + Formatting.padded(milliseconds % 1000, 3)
        parts.append(whole + part + Formatting.space + symbol(.second))
        return parts.joined(separator: Formatting.space)
    }

    private func unit(_ number: UInt64, _ unit: TimeUnit, width: Int = 1) -> String {
        let digits = width > 1 ? Formatting.padded(number, width) : Formatting.grouped(number)
        return digits + Formatting.space + symbol(unit)
    }
}
