// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct ChartsTests {
    @Test(arguments: Language.allCases)
    func `charts look as they did when they were looked at`(_ language: Language) throws {
        let first = try #require(CalendarDate(year: 2026, month: 10, day: 1))
        let newYear = try #require(CalendarDate(year: 2026, month: 1, day: 1))
        let tail = "-\(language.rawValue).svg"
        expectGolden(ChartSamples.strip(language).svg(prefix: "a"), "strip" + tail)
        expectGolden(ChartSamples.bar(language, used: 31).svg(prefix: "b"), "budget" + tail)
        expectGolden(
            ChartSamples.calendar(language, from: first, days: 31).svg(prefix: "c"),
            "month" + tail)
        expectGolden(
            ChartSamples.calendar(language, from: newYear, days: 365).svg(prefix: "d"),
            "year" + tail)
        expectGolden(
            ChartSamples.trend(language, shape: .line).svg(prefix: "e"), "trend" + tail)
        expectGolden(ChartSamples.ranked(language).svg(prefix: "g"), "ranked" + tail)
    }

    @Test func `small charts for tables look as they did when they were looked at`() {
        expectGolden(ChartSamples.strip(.english, isBare: true).svg(prefix: "a"), "strip-bare.svg")
        expectGolden(ChartSamples.bar(.english, used: 64, isBare: true).svg(prefix: "a"), "bar-bare.svg")
        expectGolden(ChartSamples.bar(.russian, used: 64).svg(prefix: "a"), "bar-breached.svg")
        expectGolden(ChartSamples.trend(.russian, shape: .step).svg(prefix: "f"), "trend-step.svg")
    }
}
