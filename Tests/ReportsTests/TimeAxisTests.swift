// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct TimeAxisTests {
    @Test func `an instant lies where its share of the range is, also over a century`() {
        let range = TimeRange(
            start: Instant(nanoseconds: 0), nanoseconds: 3_000_000_000_000_000_000)
        let middle = Instant(nanoseconds: 1_500_000_000_000_000_000)
        #expect(TimeAxis.offset(of: middle, in: range, width: 680_00) == 340_00)
        #expect(TimeAxis.offset(of: range.end, in: range, width: 680_00) == 680_00)
        #expect(TimeAxis.offset(of: Instant(nanoseconds: -5), in: range, width: 680_00) == 0)
        let none = TimeRange(start: middle, nanoseconds: 0)
        #expect(TimeAxis.offset(of: middle, in: none, width: 680_00) == 0)
    }

    @Test func `a month has its days, a quarter its Mondays, a year its months`() {
        let month = ChartSamples.axis(.russian)
        #expect(month.ticks.count == 32)
        #expect(month.ticks.map(\.label).prefix(3) == ["1", "2", "3"])
        #expect(month.ticks.last?.label == "")
        #expect(month.caption == "октябрь\u{a0}2026\u{a0}г., UTC+05:00")
        let zone = ChartSamples.zone
        let quarter = TimeAxis(
            Period(year: 2026, quarter: 3)?.range(in: zone) ?? month.range, in: zone, .kazakh,
            name: "")
        #expect(quarter.ticks.first?.label == "6\u{a0}шіл")
        #expect(quarter.ticks.count == 13)
        let year = TimeAxis(
            Period(year: 2026)?.range(in: zone) ?? month.range, in: zone, .english, name: "2026")
        #expect(year.ticks.map(\.label).prefix(2) == ["2026", "Feb"])
        #expect(year.ticks.count == 13)
    }

    @Test func `a day has its hours`() throws {
        let zone = ChartSamples.zone
        let date = try #require(CalendarDate(year: 2026, month: 10, day: 5))
        let day = TimeAxis(zone.day(date), in: zone, .english, name: "")
        #expect(day.ticks.count == 25)
        #expect(day.ticks.first?.label == "00:00")
        #expect(day.ticks[13].label == "13:00")
    }

    @Test func `half a century has its years`() throws {
        let zone = ChartSamples.zone
        let first = try #require(CalendarDate(year: 1980, month: 1, day: 1))
        let end = try #require(CalendarDate(year: 2030, month: 1, day: 1))
        let axis = TimeAxis(zone.days(from: first, to: end), in: zone, .english, name: "")
        #expect(axis.ticks.count == 51)
    }
}
