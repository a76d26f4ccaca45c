// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a period that somebody asked for.
public struct PeriodFault: Error, Hashable, Sendable {
    /// What kind of wrong.
    public enum Kind: Hashable, Sendable {
        /// None of the forms of a period.
        case malformed
        /// A year outside `Period.years`.
        case year
        /// No such month.
        case month
        /// No such day in a month of so many days.
        case day(Int)
        /// No such quarter.
        case quarter
        /// No such week in a year of so many weeks.
        case week(year: Int, weeks: Int)
        /// FROM lies after TO.
        case backwards
        /// FROM is TO: the period would hold no instant.
        case empty
        /// Longer than `Period.mostDays`.
        case tooLong
        /// A date and a time stamp: where the date begins depends on a zone, the time stamp not.
        case mixed
        /// A time stamp that does not say how far it is from UTC.
        case noOffset
        /// The same, and what it would be in the zone.
        case offsetNeeded(zone: String, String)
        /// The same, and clocks of the zone show it twice.
        case ambiguous(zone: String, String, String)
        /// The same, and clocks of the zone never show it.
        case never(zone: String)
        /// A time stamp that RFC 3339 does not allow.
        case timestamp(TimestampFault)
    }

    /// What kind of wrong.
    public let kind: Kind
    /// The text that is wrong: the whole, or FROM, or TO.
    public let text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    private static let forms =
        "2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-05 or FROM..TO"
}

extension PeriodFault: CustomStringConvertible {
    /// One line: what is wrong, what was given, and what was expected.
    public var description: String {
        let shown = shown(text)
        return switch kind {
        case .malformed: "not a period (got \(shown); expected \(PeriodFault.forms))"
        case .year:
            "year out of range (got \(shown); expected \(Period.years.lowerBound) to "
                + "\(Period.years.upperBound))"
        case .month: "no such month (got \(shown); expected 01 to 12)"
        case .day(let days): "no such day (got \(shown); expected 01 to \(days))"
        case .quarter: "no such quarter (got \(shown); expected Q1 to Q4)"
        case .week(let year, let weeks):
            "no such week (got \(shown); expected W01 to W\(weeks), which is all that \(year) has)"
        case .backwards: "the period ends before it starts (got \(shown); expected FROM before TO)"
        case .empty: "the period is empty (got \(shown); expected FROM before TO)"
        case .tooLong: "the period is too long (got \(shown); expected at most 50 years)"
        case .mixed:
            "a date and a time stamp (got \(shown); expected two dates, or two time stamps)"
        case .noOffset:
            "time stamp without an offset from UTC (got \(shown); expected one such as +05:00, or Z,"
                + " at its end)"
        case .offsetNeeded(let zone, let stamp):
            "time stamp without an offset from UTC (got \(shown); expected one, in \(zone) \(stamp))"
        case .ambiguous(let zone, let first, let second):
            "time stamp without an offset from UTC, and this time happens twice in \(zone) "
                + "(got \(shown); expected \(first) or \(second))"
        case .never(let zone):
            "time stamp without an offset from UTC, and this time never happens in \(zone) "
                + "(got \(shown); expected one such as +05:00, or Z, at its end)"
        case .timestamp(let fault):
            "\(fault.finding) (got \(shown); expected \(fault.expected))"
        }
    }

    /// The text in quotes, its odd characters escaped, at most 64 characters of it.
    private func shown(_ text: String) -> String {
        let longest = 64
        var result = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < longest else { return "\"\(result)…\"" }
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : "\(scalar)"
            }
        }
        return "\"\(result)\""
    }
}
