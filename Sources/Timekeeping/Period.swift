// SPDX-License-Identifier: Apache-2.0

/// A stretch of time that people name, always half open.
///
/// A year, quarter, month, ISO week or day of the calendar, or from one date or instant to another.
/// What is told in dates begins and ends when the zone's days do, and so is as long as the clocks
/// there made it: `range(in:)` is the only way to its length.
public struct Period: Hashable, Sendable {
    /// How the period is told.
    public enum Kind: Hashable, Sendable {
        /// A calendar year.
        case year(Int)
        /// A quarter, 1 to 4, of a year.
        case quarter(year: Int, quarter: Int)
        /// A month, 1 to 12, of a year.
        case month(year: Int, month: Int)
        /// An ISO week, 1 to 53, of a week year.
        case week(weekYear: Int, week: Int)
        /// A day.
        case day(CalendarDate)
        /// From the start of one day to the start of another.
        case dates(from: CalendarDate, to: CalendarDate)
        /// From one instant to another.
        case instants(TimeRange)
    }

    /// How the period is told.
    public let kind: Kind

    /// Years that periods may be of: from the epoch to the last whole year of `Instant`.
    public static let years = 1970...2261
    /// The longest `FROM..TO`: 50 years with 13 leap days, the most that 50 years can have.
    ///
    /// No ledger reaches further; such a range is a slip of the hand (chosen).
    public static let mostDays = 50 * 365 + 13

    /// Makes a period that is known to be valid.
    init(known kind: Kind) {
        self.kind = kind
    }

    /// The calendar year `year`, or nil outside `Period.years`.
    public init?(year: Int) {
        guard Period.years.contains(year) else { return nil }
        kind = .year(year)
    }

    /// A quarter, 1 to 4, or nil if there is none such.
    public init?(year: Int, quarter: Int) {
        guard Period.years.contains(year), (1...4).contains(quarter) else { return nil }
        kind = .quarter(year: year, quarter: quarter)
    }

    /// A month, 1 to 12, or nil if there is none such.
    public init?(year: Int, month: Int) {
        guard Period.years.contains(year), (1...12).contains(month) else { return nil }
        kind = .month(year: year, month: month)
    }

    /// An ISO week, or nil if that week year has none such.
    public init?(weekYear: Int, week: Int) {
        guard Period.years.contains(weekYear),
            (1...CalendarDate.weeks(of: weekYear)).contains(week)
        else { return nil }
        kind = .week(weekYear: weekYear, week: week)
    }

    /// A day, or nil outside `Period.years`.
    public init?(day: CalendarDate) {
        guard Period.years.contains(day.year) else { return nil }
        kind = .day(day)
    }

    /// From the start of `from` to the start of `to`; throws what is wrong with these.
    public init(from: CalendarDate, to: CalendarDate) throws(PeriodFault) {
        let shown = "\(from)..\(to)"
        guard Period.years.contains(from.year), Period.years.contains(to.year) else {
            throw PeriodFault(.year, shown)
        }
        guard from < to else { throw PeriodFault(from == to ? .empty : .backwards, shown) }
        guard to.daysSinceEpoch - from.daysSinceEpoch <= Period.mostDays else {
            throw PeriodFault(.tooLong, shown)
        }
        kind = .dates(from: from, to: to)
    }

    /// From the start of `range` to its end; throws what is wrong with it.
    public init(_ range: TimeRange) throws(PeriodFault) {
        try self.init(range, shown: "\(range.start.briefText)..\(range.end.briefText)")
    }

    init(_ range: TimeRange, shown: String) throws(PeriodFault) {
        let ends = [range.start, range.end].map { LocalTime($0, offset: 0).date.year }
        guard ends.allSatisfy(Period.years.contains) else { throw PeriodFault(.year, shown) }
        guard range.start < range.end else { throw PeriodFault(.empty, shown) }
        guard range.nanoseconds <= Int64(Period.mostDays) * 86_400_000_000_000 else {
            throw PeriodFault(.tooLong, shown)
        }
        kind = .instants(range)
    }

    /// The first day, and the day after the last; nil if the period is told in instants.
    public var dates: (first: CalendarDate, end: CalendarDate)? {
        switch kind {
        case .year(let year): Period.months(fromYear: year, month: 1, count: 12)
        case .quarter(let year, let quarter):
            Period.months(fromYear: year, month: 3 * quarter - 2, count: 3)
        case .month(let year, let month): Period.months(fromYear: year, month: month, count: 1)
        case .week(let weekYear, let week):
            CalendarDate(mondayOf: week, weekYear: weekYear).map { ($0, $0.adding(days: 7)) }
        case .day(let day): (day, day.adding(days: 1))
        case .dates(let from, let to): (from, to)
        case .instants: nil
        }
    }

    /// The instants of the period where the calendar follows `zone`.
    public func range(in zone: ZoneRules) -> TimeRange {
        if case .instants(let range) = kind { return range }
        let (first, end) = dates ?? (.first, .first)
        return zone.days(from: first, to: end)
    }

    /// The period of the same kind that ends where this one starts.
    ///
    /// Of `FROM..TO`, as many days, or as many nanoseconds. It may lie before `Period.years`; at
    /// the beginning of the calendar, or of `Instant`'s range, it sticks to it.
    public func previous() -> Period {
        switch kind {
        case .year(let year): Period(known: .year(max(1, year - 1)))
        case .quarter(let year, let quarter):
            quarter > 1
                ? Period(known: .quarter(year: year, quarter: quarter - 1))
                : Period(known: .quarter(year: max(1, year - 1), quarter: 4))
        case .month(let year, let month):
            month > 1
                ? Period(known: .month(year: year, month: month - 1))
                : Period(known: .month(year: max(1, year - 1), month: 12))
        case .week(let weekYear, let week):
            week > 1
                ? Period(known: .week(weekYear: weekYear, week: week - 1))
                : Period(
                    known: .week(
                        weekYear: max(1, weekYear - 1),
                        week: CalendarDate.weeks(of: max(1, weekYear - 1))))
        case .day(let day): Period(known: .day(day.adding(days: -1)))
        case .dates(let from, let to):
            Period(
                known: .dates(
                    from: from.adding(days: from.daysSinceEpoch - to.daysSinceEpoch), to: from))
        case .instants(let range):
            Period(
                known: .instants(
                    TimeRange(
                        from: range.start.advanced(byNanoseconds: -range.nanoseconds),
                        to: range.start)))
        }
    }

    /// From the first day of a month to the first day of the month `count` (at most 12) later.
    private static func months(
        fromYear year: Int, month: Int, count: Int
    ) -> (first: CalendarDate, end: CalendarDate)? {
        let after = month + count
        guard let first = CalendarDate(year: year, month: month, day: 1),
            let end = CalendarDate(
                year: after > 12 ? year + 1 : year, month: after > 12 ? after - 12 : after, day: 1)
        else { return nil }
        return (first, end)
    }
}

extension Period: CustomStringConvertible {
    /// The canonical text, which reads back as this period: `2026`, `2026-Q3`, `2026-10`,
    /// `2026-W40`, `2026-10-05`, `2026-10-01..2026-10-15`, or two instants in UTC.
    public var description: String {
        switch kind {
        case .year(let year): padded(Int64(year), 4)
        case .quarter(let year, let quarter): "\(padded(Int64(year), 4))-Q\(quarter)"
        case .month(let year, let month): "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))"
        case .week(let weekYear, let week):
            "\(padded(Int64(weekYear), 4))-W\(padded(Int64(week), 2))"
        case .day(let day): day.description
        case .dates(let from, let to): "\(from)..\(to)"
        case .instants(let range): "\(range.start.briefText)..\(range.end.briefText)"
        }
    }

    /// The canonical text in the letters that names of files take: without `:`, and `_` for `..`,
    /// as `2026-10` or `2026-10-01_2026-10-15`.
    public var label: String {
        var label = ""
        var dots = 0
        for character in description where character != ":" {
            guard character == "." else {
                // One dot begins decimals, two stand between FROM and TO.
                label += dots == 0 ? "" : dots == 1 ? "." : "_"
                dots = 0
                label.append(character)
                continue
            }
            dots += 1
        }
        return label
    }
}

extension Instant {
    /// RFC 3339 text in UTC with as many decimals as it takes.
    var briefText: String {
        guard nanoseconds % 1_000_000_000 != 0 else { return text(decimals: 0) }
        var digits = 9
        var rest = nanoseconds
        while rest % 10 == 0 {
            rest /= 10
            digits -= 1
        }
        return text(decimals: digits)
    }
}
