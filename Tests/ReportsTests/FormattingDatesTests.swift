// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct FormattingDatesTests {
    static func date(_ year: Int, _ month: Int, _ day: Int) throws -> CalendarDate {
        try #require(CalendarDate(year: year, month: month, day: day))
    }

    static func texts(_ write: (Formatting) -> String) -> [String] {
        Language.allCases.map { FormattingTests.plain(write(Formatting($0))) }
    }

    @Test func `a date is written as documents of each language do`() throws {
        let day = try Self.date(2026, 10, 31)
        #expect(
            Self.texts { $0.date(day) }
                == ["2026 жылғы 31 қазан", "31 октября 2026 г.", "31 October 2026"])
        #expect(Self.texts { $0.shortDate(day) } == ["31.10.2026", "31.10.2026", "2026-10-31"])
        #expect(
            Self.texts { $0.onDate(day) }
                == ["2026 жылғы 31 қазанда", "31 октября 2026 г.", "on 31 October 2026"])
    }

    @Test func `periods are named`() {
        #expect(
            Self.texts { $0.month(10, of: 2026) }
                == ["2026 жылғы қазан", "октябрь 2026 г.", "October 2026"])
        #expect(
            Self.texts { $0.quarter(3, of: 2026) }
                == ["2026 жылғы III тоқсан", "III квартал 2026 г.", "Q3 2026"])
        #expect(
            Self.texts { $0.week(40, of: 2026) }
                == ["2026 жылғы 40-апта", "40-я неделя 2026 г.", "week 40 of 2026"])
        #expect(Self.texts { $0.year(2026) } == ["2026 жыл", "2026 г.", "2026"])
    }

    @Test func `two dates share what they have in common`() throws {
        let (first, last) = (try Self.date(2026, 10, 1), try Self.date(2026, 10, 31))
        #expect(
            Self.texts { $0.dates(from: first, through: last) }
                == ["2026 жылғы 1–31 қазан", "1–31 октября 2026 г.", "1–31 October 2026"])
        let earlier = try Self.date(2026, 9, 28)
        #expect(
            Self.texts { $0.dates(from: earlier, through: first) } == [
                "2026 жылғы 28 қыркүйек – 1 қазан", "28 сентября – 1 октября 2026 г.",
                "28 September – 1 October 2026",
            ])
        let next = try Self.date(2027, 1, 3)
        #expect(
            Self.texts { $0.dates(from: last, through: next) }[2]
                == "31 October 2026 – 3 January 2027")
        #expect(Self.texts { $0.dates(from: last, through: last) }[1] == "31 октября 2026 г.")
    }

    @Test func `a period prints as its kind does`() throws {
        let zone = ChartSamples.zone
        for (text, expected) in [
            ("2026", "2026 г."), ("2026-Q3", "III квартал 2026 г."),
            ("2026-10", "октябрь 2026 г."), ("2026-W40", "40-я неделя 2026 г."),
            ("2026-10-05", "5 октября 2026 г."),
            ("2026-10-01..2026-11-01", "1–31 октября 2026 г."),
        ] {
            let period = try Period(parsing: text)
            #expect(
                FormattingTests.plain(Formatting(.russian).period(period, in: zone)) == expected)
        }
    }

    @Test func `a moment says its zone and is cut off, not rounded`() {
        let instant = Instant(nanoseconds: 1_790_794_799_999_999_999)
        let local = ChartSamples.zone.local(at: instant)
        #expect(
            Self.texts { $0.zonedMoment(local, to: .millisecond) } == [
                "30.09.2026 23:59:59,999 (UTC+05:00)", "30.09.2026 23:59:59,999 (UTC+05:00)",
                "2026-09-30 23:59:59.999 (UTC+05:00)",
            ])
        #expect(Formatting(.english).time(local, to: .minute) == "23:59")
        #expect(Formatting(.english).utcOffset(-12_600) == "UTC−03:30")
        #expect(Formatting(.english).utcOffset(0) == "UTC")
        let later = ChartSamples.zone.local(at: instant.advanced(byNanoseconds: 1))
        #expect(
            FormattingTests.plain(Formatting(.russian).moments(local, later))
                == "30.09.2026 23:59:59 – 01.10.2026 00:00:00")
        #expect(
            FormattingTests.plain(Formatting(.russian).moments(later, later, to: .minute))
                == "01.10.2026 00:00 – 00:00")
    }

    @Test func `names of months and weekdays are all there and all different`() {
        for language in Language.allCases {
            let months = (1...12).map { CalendarNames.month($0, language) }
            let short = (1...12).map { CalendarNames.shortMonth($0, language) }
            let days = (1...7).map { CalendarNames.weekday($0, language) }
            let shortDays = (1...7).map { CalendarNames.shortWeekday($0, language) }
            #expect(Set(months).count == 12 && Set(short).count == 12)
            #expect(Set(days).count == 7 && Set(shortDays).count == 7)
            for (long, brief) in zip(months, short) {
                #expect(long.lowercased().hasPrefix(brief.lowercased()))
            }
        }
        for month in 1...12 {
            let name = CalendarNames.month(month, .kazakh)
            #expect(CalendarNames.monthOfEvent(month).hasPrefix(name))
        }
    }
}
