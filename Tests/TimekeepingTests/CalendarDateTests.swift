// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct CalendarDateTests {
    private func date(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(parsing: text))
    }

    static let wrong: [(Int, Int, Int)] = [
        (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 32), (2026, 4, 31), (2025, 2, 29),
        (1900, 2, 29), (2100, 2, 29), (0, 1, 1), (10_000, 1, 1), (.max, 1, 1), (2026, .min, 1),
    ]

    @Test(arguments: wrong)
    func `a day that the calendar does not have is no date`(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2024-02-29", 19_782),
        ("2024-03-01", 19_783), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
    ])
    func `a date is a number of days and back`(text: String, days: Int) throws {
        let date = try self.date(text)
        #expect(date.daysSinceEpoch == days)
        #expect(CalendarDate(daysSinceEpoch: days) == date)
        #expect(date.description == text)
    }

    @Test(arguments: [(1, 401), (1600, 2400), (9599, 9999)])
    func `every date of an era follows the one before it`(from: Int, to: Int) throws {
        var before = try #require(CalendarDate(year: from, month: 1, day: 1))
        let end = try #require(CalendarDate(year: to, month: 12, day: 31))
        for day in before.daysSinceEpoch + 1...end.daysSinceEpoch {
            let date = CalendarDate(daysSinceEpoch: day)
            let isNext =
                date.day == before.day + 1 && date.month == before.month
                || date.day == 1 && date.month == before.month + 1
                || date.day == 1 && date.month == 1 && date.year == before.year + 1
            guard date.daysSinceEpoch == day, before < date, isNext,
                date.weekday == before.weekday % 7 + 1
            else {
                Issue.record("day \(day): \(date) behind \(before)")
                return
            }
            before = date
        }
        #expect(before == end)
    }

    @Test(arguments: [
        ("2026-10-31", 6), ("1970-01-01", 4), ("2024-02-29", 4), ("0001-01-01", 1),
        ("9999-12-31", 5), ("1969-12-28", 7),
    ])
    func `Monday is the first weekday and Sunday the seventh`(text: String, weekday: Int) throws {
        #expect(try date(text).weekday == weekday)
    }

    static let weeks: [(String, Int, Int)] = [
        ("2026-12-31", 2026, 53), ("2027-01-03", 2026, 53), ("2027-01-04", 2027, 1),
        ("2024-12-30", 2025, 1), ("2021-01-03", 2020, 53), ("2016-01-03", 2015, 53),
        ("2026-10-05", 2026, 41), ("2026-01-01", 2026, 1), ("2023-01-01", 2022, 52),
        ("2008-12-29", 2009, 1), ("0001-01-01", 1, 1), ("9999-12-31", 9999, 52),
    ]

    @Test(arguments: weeks)
    func `a week counts to the year of its Thursday`(
        text: String, weekYear: Int, week: Int
    ) throws {
        #expect(try date(text).isoWeek == (weekYear, week))
    }

    @Test func `weeks of four centuries follow each other from Monday to Monday`() {
        // 400 years hold 20,871 weeks exactly; the calendar repeats behind them.
        var monday = CalendarDate(mondayOf: 1, weekYear: 1800)
        var count = 0
        for weekYear in 1800..<2200 {
            #expect([52, 53].contains(CalendarDate.weeks(of: weekYear)))
            for week in 1...CalendarDate.weeks(of: weekYear) {
                guard let found = CalendarDate(mondayOf: week, weekYear: weekYear),
                    found == monday, found.weekday == 1, found.isoWeek == (weekYear, week),
                    found.adding(days: 6).isoWeek == (weekYear, week)
                else {
                    Issue.record("\(weekYear)-W\(week)")
                    return
                }
                monday = found.adding(days: 7)
                count += 1
            }
        }
        #expect(count == 20_871)
    }

    @Test(arguments: [(2025, 53), (2026, 54), (2026, 0), (0, 1), (10_000, 1)])
    func `a week that a year does not have has no Monday`(weekYear: Int, week: Int) {
        #expect(CalendarDate(mondayOf: week, weekYear: weekYear) == nil)
    }

    @Test func `adding days sticks to the ends of the calendar`() throws {
        #expect(try date("2024-02-28").adding(days: 2) == date("2024-03-01"))
        #expect(try date("2024-03-01").adding(days: -1) == date("2024-02-29"))
        #expect(CalendarDate.last.adding(days: 1) == CalendarDate.last)
        #expect(CalendarDate.first.adding(days: -1) == CalendarDate.first)
        #expect(CalendarDate.last.adding(days: .max) == CalendarDate.last)
        #expect(CalendarDate.first.adding(days: .min) == CalendarDate.first)
        #expect(CalendarDate(daysSinceEpoch: .min) == CalendarDate.first)
    }

    @Test(arguments: [
        "", "2026", "2026-10", "2026-10-5", "2026-1-05", "26-10-05", "2026-10-05 ", " 2026-10-05",
        "2026-10-05Z", "2026/10/05", "2026-13-01", "2025-02-29", "+026-10-05", "２026-10-05",
        "20261005", "-2026-10-05",
    ])
    func `only four, two and two digits are a date`(text: String) {
        #expect(CalendarDate(parsing: text) == nil)
    }

    @Test func `dates are ordered by year, then month, then day`() throws {
        #expect(try date("2025-12-31") < date("2026-01-01"))
        #expect(try date("2026-01-31") < date("2026-02-01"))
        #expect(try date("2026-02-01") < date("2026-02-02"))
        #expect(try !(date("2026-02-01") < date("2026-02-01")))
    }
}
