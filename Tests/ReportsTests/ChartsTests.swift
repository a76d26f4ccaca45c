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
        expectGolden(
            ChartSamples.bar(.english, used: 64, isBare: true).svg(prefix: "a"), "bar-bare.svg")
        expectGolden(ChartSamples.bar(.russian, used: 64).svg(prefix: "a"), "bar-breached.svg")
        expectGolden(ChartSamples.trend(.russian, shape: .step).svg(prefix: "f"), "trend-step.svg")
    }

    static func all(_ language: Language) throws -> [String] {
        let october = try #require(CalendarDate(year: 2026, month: 10, day: 1))
        let newYear = try #require(CalendarDate(year: 2026, month: 1, day: 1))
        let zone = ChartSamples.zone
        var charts = [
            ChartSamples.strip(language).svg(prefix: "p"),
            ChartSamples.strip(language, isBare: true).svg(prefix: "p"),
            ChartSamples.calendar(language, from: october, days: 31).svg(prefix: "p"),
            ChartSamples.calendar(language, from: newYear, days: 365).svg(prefix: "p"),
            ChartSamples.calendar(language, from: october, days: 200).svg(prefix: "p"),
            ChartSamples.trend(language, shape: .line).svg(prefix: "p"),
            ChartSamples.ranked(language).svg(prefix: "p"),
        ]
        for used in [0, 1, 12, 31, 44, 64, 300] {
            charts.append(ChartSamples.bar(language, used: Int64(used)).svg(prefix: "p"))
        }
        for period in [
            "2026-10-05", "2026-W40", "2026-10", "2026-Q3", "2026", "2020-01-01..2026-01-01",
        ] {
            let range = try Period(parsing: period).range(in: zone)
            let axis = TimeAxis(range, in: zone, language, name: period)
            var strip = StatusStrip(period: range, spans: [], title: "", summary: "", axis: axis)
            charts.append(strip.svg(prefix: "p"))
            strip.width = 240_00
            charts.append(strip.svg(prefix: "p"))
            var trend = ChartSamples.trend(language, shape: .step)
            trend.time = axis
            trend.limits.append(.init(100_000, trend.limits[0].label + trend.limits[0].label))
            charts.append(trend.svg(prefix: "p"))
        }
        return charts
    }

    @Test(arguments: Language.allCases)
    func `no two texts touch and none leaves the picture`(_ language: Language) throws {
        for svg in try Self.all(language) {
            let size = svg.split(separator: "viewBox=\"0 0 ")[1].prefix { $0 != "\"" }
                .split(separator: " ").map { HatchingTests.hundredths(String($0)) }
            let texts = SVGText.all(in: svg)
            for (index, one) in texts.enumerated() {
                #expect(one.box.x >= -1_00 && one.box.end <= size[0] + 1_00, "\(one) \(size)")
                #expect(one.box.y >= 0 && one.box.bottom + 1_50 <= size[1], "\(one) \(size)")
                for other in texts[(index + 1)...] where one.overlaps(other) {
                    Issue.record("\(one) and \(other)")
                }
            }
        }
    }

    @Test(arguments: Language.allCases)
    func `every element is closed and nothing comes from elsewhere`(_ language: Language) throws {
        for svg in try Self.all(language) {
            var open: [String] = []
            for element in svg.split(separator: "<") {
                let tag = element.prefix { $0 != ">" }
                let name = String(tag.prefix { $0 != " " && $0 != "/" })
                if tag.hasPrefix("/") {
                    #expect(open.popLast() == String(tag.dropFirst()))
                } else if !tag.hasSuffix("/") {
                    open.append(name)
                }
            }
            #expect(open.isEmpty)
            for banned in ["href", "url(", "style=", "<script", "@import", "class="] {
                #expect(!svg.contains(banned), "\(banned)")
            }
            #expect(svg.ranges(of: "http").count == 1)
            #expect(svg.ranges(of: " id=\"").count == svg.ranges(of: " id=\"p-").count)
        }
    }

    @Test func `the same picture has the same bytes, and only its identifiers know the prefix`() {
        let one = ChartSamples.trend(.kazakh, shape: .step).svg(prefix: "one")
        #expect(one == ChartSamples.trend(.kazakh, shape: .step).svg(prefix: "one"))
        let other = ChartSamples.trend(.kazakh, shape: .step).svg(prefix: "other")
        #expect(one.replacing("one-", with: "other-") == other)
    }
}
