// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct TrendPartTests {
    /// The made-up system over any period of its year.
    static func statement(_ name: String) throws -> Statement {
        let zone = MadeUpSystem.zone
        let period = try Period(parsing: name, zone: zone).range(in: zone)
        var sources = MadeUpSystem.sources()
        sources.periodName = name
        sources.account = MadeUpSystem.account(of: period)
        sources.previous = nil
        return Statement.make(sources)
    }

    static func page(_ statement: Statement, _ language: Language) -> String {
        StatementPageTests.html(statement, language)
    }

    static let prefixes = ["tra", "trd", "trc", "trb-loss", "trb-frame-rate", "trl", "trk"]

    @Test(arguments: Language.allCases)
    func `a month has its trends beside those of the last, each with its names and units`(
        language: Language
    ) throws {
        let page = Self.page(MadeUpSystem.statement(), language)
        for prefix in Self.prefixes { #expect(page.contains("id=\"\(prefix)-t\""), "\(prefix)") }
        #expect(!page.contains("id=\"trb-bitrate-t\""), "what nobody broke has no picture")
        for word in [ChartWord.thisPeriod, .lastPeriod, .bounds] {
            #expect(page.contains(">\(word.text(language))</text>"))
        }
        #expect(page.contains(ChartTitle.downtimeTrend.text(language)))
        #expect(page.contains(ChartWord.byDay.text(language)))
        #expect(page.contains(">%</text>"))
    }

    @Test func `a single day is no trend`() throws {
        let page = Self.page(try Self.statement("2026-10-05"), .english)
        for prefix in Self.prefixes { #expect(!page.contains("id=\"\(prefix)-t\""), "\(prefix)") }
    }

    @Test func `a long period is drawn by weeks`() throws {
        let statement = try Self.statement("2026-Q3")
        let points = TrendPoints(statement)
        #expect(points.step == 7)
        let series = points.series(("now", "before")) { TrendChart.Point($0, Int64($1.length)) }
        #expect(series.map(\.name) == ["now"], "there is no period before")
        #expect(series[0].points.count == 14)
        let week = 7 * 24 * MadeUpSystem.hour
        #expect(series[0].points[0].range.nanoseconds == week)
        #expect(series[0].points[0].value == 8 * week)
        #expect(series[0].points[13].range.nanoseconds == week / 7, "92 days")
        #expect(Self.page(statement, .english).contains(ChartWord.byWeek.text(.english)))
    }

    @Test func `the period before is laid over this one by its beginning`() {
        let points = TrendPoints(MadeUpSystem.statement())
        let series = points.series(("now", "before")) { TrendChart.Point($0, Int64($1.down)) }
        #expect(series.map(\.points.count) == [31, 30])
        #expect(series[1].points[0].range == series[0].points[0].range)
    }

    @Test func `of a period that goes on the days to come are a gap`() {
        var sources = MadeUpSystem.sources()
        let now = MadeUpSystem.at(11)
        sources.account = Account.make(
            registry: MadeUpSystem.registry, zone: { _ in MadeUpSystem.zone },
            systemZone: MadeUpSystem.zone,
            conditions: { MadeUpSystem.conditions($0, until: now) }, works: [], exclusions: [],
            period: MadeUpSystem.month, now: now)
        sources.previous = nil
        let statement = Statement.make(sources)
        let points = TrendPoints(statement)
        #expect(points.hasGap)
        let series = points.series(("now", "before")) { TrendChart.Point($0, Int64($1.down)) }
        #expect(series.map(\.points.count) == [10])
        let page = Self.page(statement, .english)
        #expect(page.contains("id=\"trd-t\""))
    }

    @Test func `scales are of whole hours, minutes or seconds`() {
        let text = FigureText(.english, zone: MadeUpSystem.zone)
        func ticks(_ seconds: Int64) -> String {
            let axis = text.durationAxis(through: seconds * MadeUpSystem.second, atMost: 4)
            return axis.ticks.map(\.label).joined(separator: " ") + " " + axis.unit
        }
        #expect(ticks(0) == "0 1 s")
        #expect(ticks(100) == "0 50 100 s")
        #expect(ticks(1_000) == "0 5 10 15 20 min")
        #expect(ticks(36_000) == "0 5 10 h")
    }
}
