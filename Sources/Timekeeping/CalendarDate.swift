// SPDX-License-Identifier: Apache-2.0

/// A day of the proleptic Gregorian calendar, without a zone: the years 1 to 9999, which is what
/// RFC 3339 can write.
///
/// When such a day begins and ends is a question for `ZoneRules`.
public struct CalendarDate: Hashable, Sendable {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// The years that have dates: those of four digits (RFC 3339 section 5.6), but not year 0.
    public static let years = 1...9999
    /// 0001-01-01.
    public static let first = CalendarDate(year: 1, month: 1, dayOfMonth: 1)
    /// 9999-12-31.
    public static let last = CalendarDate(year: 9999, month: 12, dayOfMonth: 31)

    /// Makes a date, or nil if the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard CalendarDate.years.contains(year), (1...12).contains(month), day >= 1,
            day <= CalendarDate.days(inMonth: month, of: year)
        else { return nil }
        self.init(year: year, month: month, dayOfMonth: day)
    }

    /// Makes the date `daysSinceEpoch` days after 1970-01-01, held inside the years 1 to 9999.
    public init(daysSinceEpoch: Int) {
        let (first, last) = (CalendarDate.first, CalendarDate.last)
        let held = min(max(daysSinceEpoch, first.daysSinceEpoch), last.daysSinceEpoch)
        let (year, month, day) = civilDate(daysSinceEpoch: Int64(held))
        self.init(year: Int(year), month: Int(month), dayOfMonth: Int(day))
    }

    /// Makes a date that is known to exist.
    private init(year: Int, month: Int, dayOfMonth: Int) {
        self.year = year
        self.month = month
        self.day = dayOfMonth
    }

    /// Whether `year` has a 29 February.
    public static func isLeap(year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// How many days `month` (1 to 12) of `year` has: 28 to 31.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year: year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of ISO weeks of a week year: 52 or 53.
    ///
    /// 28 December always lies in the last one (ISO 8601).
    public static func weeks(of weekYear: Int) -> Int {
        CalendarDate(year: weekYear, month: 12, day: 28)?.isoWeek.week ?? 52
    }

    /// The Monday of an ISO week, or nil if that year has no such week.
    public init?(mondayOf week: Int, weekYear: Int) {
        // 4 January always lies in the first week (ISO 8601).
        guard let inFirst = CalendarDate(year: weekYear, month: 1, day: 4),
            (1...CalendarDate.weeks(of: weekYear)).contains(week)
        else { return nil }
        self = inFirst.adding(days: 7 * (week - 1) - (inFirst.weekday - 1))
    }

    /// Days since 1970-01-01; negative before.
    public var daysSinceEpoch: Int {
        Int(civilDay(year: Int64(year), month: Int64(month), day: Int64(day)))
    }

    /// The day of the week as ISO 8601 counts: 1 is Monday, 7 is Sunday.
    public var weekday: Int {
        // 1970-01-01 was a Thursday.
        let fromMonday = (daysSinceEpoch + 3) % 7
        return (fromMonday < 0 ? fromMonday + 7 : fromMonday) + 1
    }

    /// The ISO week that holds this day, and the year that the week counts to.
    ///
    /// A week belongs to the year of its Thursday (ISO 8601), so that 2027-01-01 lies in week 53
    /// of 2026.
    public var isoWeek: (weekYear: Int, week: Int) {
        let day = daysSinceEpoch
        let (thursdaysYear, _, _) = civilDate(daysSinceEpoch: Int64(day + 4 - weekday))
        let newYear = Int(civilDay(year: thursdaysYear, month: 1, day: 1))
        return (Int(thursdaysYear), (day + 4 - weekday - newYear) / 7 + 1)
    }

    /// The date `days` later (or, if negative, earlier), held inside the years 1 to 9999.
    public func adding(days: Int) -> CalendarDate {
        let (sum, overflow) = daysSinceEpoch.addingReportingOverflow(days)
        return CalendarDate(daysSinceEpoch: overflow ? (days > 0 ? .max : .min) : sum)
    }
}

extension CalendarDate: Comparable {
    /// Whether `earlier` lies before `later`.
    public static func < (earlier: CalendarDate, later: CalendarDate) -> Bool {
        (earlier.year, earlier.month, earlier.day) < (later.year, later.month, later.day)
    }
}

extension CalendarDate: CustomStringConvertible {
    /// Reads `2026-10-31`: four, two and two digits, nothing else (RFC 3339 `full-date`).
    public init?(parsing text: String) {
        var digits = DigitReader(text)
        guard let year = digits.number(4), digits.take("-"), let month = digits.number(2),
            digits.take("-"), let day = digits.number(2), digits.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The date as `2026-10-31` (RFC 3339 `full-date`).
    public var description: String {
        "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
    }
}

/// The number in decimal with zeros in front, so that it takes at least `width` digits.
func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Year, month and day of a day number in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years that begin on 1 March, where the leap day is the last of a year.
func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysPerEra: Int64 = 146_097
    let shifted = daysSinceEpoch + 719_468  // days since 0000-03-01
    let era = (shifted >= 0 ? shifted : shifted - daysPerEra + 1) / daysPerEra
    let dayOfEra = shifted - era * daysPerEra
    let yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// The day number of a date in the proleptic Gregorian calendar: `civilDate` backwards.
func civilDay(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
