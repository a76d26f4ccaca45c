// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct PeriodTests {
    static let ranges: [(String, String, String)] = [
        ("2026", "2026-01-01T00:00:00+05:00", "2027-01-01T00:00:00+05:00"),
        ("2024", "2024-01-01T00:00:00+06:00", "2025-01-01T00:00:00+05:00"),
        ("2026-Q1", "2026-01-01T00:00:00+05:00", "2026-04-01T00:00:00+05:00"),
        ("2026-Q4", "2026-10-01T00:00:00+05:00", "2027-01-01T00:00:00+05:00"),
        ("2026-10", "2026-10-01T00:00:00+05:00", "2026-11-01T00:00:00+05:00"),
        ("2026-12", "2026-12-01T00:00:00+05:00", "2027-01-01T00:00:00+05:00"),
        ("2024-02", "2024-02-01T00:00:00+06:00", "2024-03-01T00:00:00+05:00"),
        ("2026-W53", "2026-12-28T00:00:00+05:00", "2027-01-04T00:00:00+05:00"),
        ("2026-W01", "2025-12-29T00:00:00+05:00", "2026-01-05T00:00:00+05:00"),
        ("2024-02-29", "2024-02-29T00:00:00+06:00", "2024-03-01T00:00:00+05:00"),
        ("2024-02-01..2024-03-01", "2024-02-01T00:00:00+06:00", "2024-03-01T00:00:00+05:00"),
        (
            "2024-02-29T17:30:00Z..2024-02-29T18:30:00.5Z", "2024-02-29T23:30:00+06:00",
            "2024-02-29T23:30:00.5+05:00"
        ),
    ]

    @Test(arguments: ranges)
    func `a period begins and ends with the days of its zone`(
        text: String, start: String, end: String
    ) throws {
        let period = try Period(parsing: text)
        let range = period.range(in: try rules("Asia/Almaty"))
        #expect(range.start == (try Instant(parsing: start)))
        #expect(range.end == (try Instant(parsing: end)))
        #expect(period.description == text)
    }

    @Test(arguments: [
        ("2026", "2025"), ("2026-Q1", "2025-Q4"), ("2026-Q4", "2026-Q3"), ("2026-01", "2025-12"),
        ("2026-10", "2026-09"), ("2027-W01", "2026-W53"), ("2026-W01", "2025-W52"),
        ("2026-W40", "2026-W39"), ("2024-03-01", "2024-02-29"),
        ("2026-01-01", "2025-12-31"), ("2024-03-01..2024-03-15", "2024-02-16..2024-03-01"),
        (
            "2024-03-01T00:00:00Z..2024-03-01T01:00:00Z",
            "2024-02-29T23:00:00Z..2024-03-01T00:00:00Z"
        ),
    ])
    func `the period before ends where this one starts`(text: String, before: String) throws {
        let period = try Period(parsing: text)
        #expect(period.previous().description == before)
        #expect(period.previous() == (try Period(parsing: before)))
        for zone in ["Asia/Almaty", "Europe/Berlin"] {
            let rules = try rules(zone)
            #expect(period.previous().range(in: rules).end == period.range(in: rules).start)
        }
    }

    @Test func `the first period of the calendar is its own previous`() throws {
        for text in ["1970", "1970-Q1", "1970-01", "1970-W01", "1970-01-01"] {
            var period = try Period(parsing: text)
            for _ in 0..<200 { period = period.previous() }
            #expect(period.range(in: .utc).nanoseconds > 0 || period.dates != nil)
        }
        let first = try Period(parsing: "2000-01-01..2049-12-31")
        var period = first
        for _ in 0..<100 { period = period.previous() }
        #expect(period.range(in: .utc).nanoseconds == 0)
    }

    @Test(arguments: [
        ("2026", "2026"), ("2026-W40", "2026-W40"),
        ("2026-10-01..2026-10-15", "2026-10-01_2026-10-15"),
        (
            "2024-02-29T23:00:00+06:00..2024-02-29T23:30:00.25+05:00",
            "2024-02-29T170000Z_2024-02-29T183000.25Z"
        ),
    ])
    func `a label is fit for the name of a file`(text: String, label: String) throws {
        #expect(try Period(parsing: text).label == label)
    }

    @Test func `what is told in parts is what is told in text`() throws {
        let day = try #require(CalendarDate(parsing: "2026-10-05"))
        #expect(Period(year: 2026) == (try Period(parsing: "2026")))
        #expect(Period(year: 2026, quarter: 3) == (try Period(parsing: "2026-Q3")))
        #expect(Period(year: 2026, month: 10) == (try Period(parsing: "2026-10")))
        #expect(Period(weekYear: 2026, week: 40) == (try Period(parsing: "2026-W40")))
        #expect(Period(day: day) == (try Period(parsing: "2026-10-05")))
        #expect(
            try Period(from: day, to: day.adding(days: 1))
                == Period(parsing: "2026-10-05..2026-10-06"))
        let range = try Period(parsing: "2026-10-05").range(in: .utc)
        #expect(
            try Period(range)
                == Period(parsing: "2026-10-05T00:00:00Z..2026-10-06T03:00:00+03:00"))
    }

    @Test func `there is no period that the calendar does not have`() throws {
        #expect(Period(year: 1969) == nil)
        #expect(Period(year: 2262) == nil)
        #expect(Period(year: 2026, quarter: 0) == nil)
        #expect(Period(year: 2026, quarter: 5) == nil)
        #expect(Period(year: 2026, month: 13) == nil)
        #expect(Period(year: 1969, month: 1) == nil)
        #expect(Period(weekYear: 2025, week: 53) == nil)
        #expect(Period(weekYear: 1969, week: 1) == nil)
        #expect(Period(day: .last) == nil)
        let day = try #require(CalendarDate(parsing: "2026-10-05"))
        #expect(throws: PeriodFault.self) { try Period(from: day, to: day) }
        #expect(throws: PeriodFault.self) { try Period(from: .first, to: day) }
        #expect(throws: PeriodFault.self) {
            try Period(TimeRange(start: Instant(nanoseconds: 5), nanoseconds: 0))
        }
        #expect(throws: PeriodFault.self) {
            try Period(TimeRange(start: Instant(nanoseconds: .min), nanoseconds: 5))
        }
    }

    @Test func `months of a year add up to it in every zone`() throws {
        for zone in ["Asia/Almaty", "Europe/Berlin", "America/Havana", "Pacific/Apia"] {
            let rules = try rules(zone)
            for year in 1990...2050 {
                let whole = try #require(Period(year: year)).range(in: rules)
                let months = (1...12).compactMap { Period(year: year, month: $0)?.range(in: rules) }
                let quarters = (1...4).compactMap {
                    Period(year: year, quarter: $0)?.range(in: rules)
                }
                #expect(TimeRangeSet(months) == TimeRangeSet(whole))
                #expect(TimeRangeSet(quarters) == TimeRangeSet(whole))
                #expect(months.reduce(0) { $0 + $1.nanoseconds } == whole.nanoseconds)
            }
        }
    }
}
