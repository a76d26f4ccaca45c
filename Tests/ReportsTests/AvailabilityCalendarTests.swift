// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct AvailabilityCalendarTests {
    @Test(arguments: [
        (0, 0), (1, 1), (480_000_000_000, 1), (480_000_000_001, 2), (3_600_000_000_000, 2),
        (14_400_000_000_000, 3), (14_400_000_000_001, 4), (Int64.max, 4),
    ])
    func `downtime falls into classes`(_ downtime: Int64, _ expected: Int) {
        #expect(AvailabilityCalendar.downtimeClass(downtime) == expected)
    }

    @Test func `fifty hours a year are days of the first class`() {
        let day = 50 * ChartSamples.hour / 366
        #expect(AvailabilityCalendar.thresholds[0] <= day + 60_000_000_000)
        #expect(AvailabilityCalendar.thresholds[0] <= day)
    }

    @Test func `every day of a leap year has a cell`() throws {
        let first = try #require(CalendarDate(year: 2024, month: 1, day: 1))
        let svg = ChartSamples.calendar(.kazakh, from: first, days: 366).svg(prefix: "c")
        let cells = svg.ranges(of: "h11v11h-11z").count
        #expect(cells == 366)
    }

    @Test func `a period over new year has a band for each year`() throws {
        let first = try #require(CalendarDate(year: 2026, month: 12, day: 20))
        let svg = ChartSamples.calendar(.english, from: first, days: 30).svg(prefix: "c")
        #expect(svg.contains(">2026<") && svg.contains(">2027<"))
    }

    @Test func `no days make an empty picture and no trap`() {
        let calendar = AvailabilityCalendar(
            days: [], labels: .init(.russian), title: "t", summary: "s")
        #expect(calendar.svg(prefix: "c").hasSuffix("</svg>\n"))
    }
}
