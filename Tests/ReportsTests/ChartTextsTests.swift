// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct ChartTextsTests {
    @Test func `a limit carries its rule and its clause`() {
        let limit = TrendChart.Limit(.loss, 200_000, figure: "20 %", .russian)
        #expect(
            FormattingTests.plain(limit.label)
                == "потери пакетов – не более 20 %; приложение 2, п. 1, подп. 4)")
        #expect(
            CriterionName.frameRate.rule(limit: "25 кадр/с", .kazakh)
                == "бейнесигналды түрлендіру жылдамдығы – кемінде 25 кадр/с")
        #expect(
            CriterionName.bitrate.rule(limit: "5000 kbit/s", .english)
                == "bitrate not below 5000 kbit/s")
    }

    @Test func `who cannot see a strip hears its times`() {
        let summary = StatusStrip.summary(
            [(.up, 720 * ChartSamples.hour), (.downFailure, 0), (.unknown, ChartSamples.minute)],
            .english)
        #expect(FormattingTests.plain(summary) == "up – 720 h 00 min; unknown – 1 min 00 s")
    }

    @Test(arguments: Language.allCases)
    func `a legend for strips in a table names every state once`(_ language: Language) {
        let svg = StatusStrip.legend(StateName.legend(language), title: "t", prefix: "l")
        for state in StatusStrip.State.allCases {
            #expect(svg.ranges(of: ">\(StateName(state).text(language))<").count == 1)
        }
    }

    @Test func `labels of charts are there in every language`() {
        for language in Language.allCases {
            let calendar = AvailabilityCalendar.Labels(language)
            #expect(calendar.classes.allSatisfy { !$0.isEmpty } && Set(calendar.classes).count == 5)
            #expect(StateName.legend(language).count == StatusStrip.State.allCases.count)
            #expect(RankedBars.names(language).count == 3)
            let bar = BudgetBar.Labels(language, limit: 50 * ChartSamples.hour)
            #expect(bar.limit.contains("50") && !bar.failure.isEmpty)
            #expect(TrendChart.Labels(language, band: 5...95).band.contains("95"))
        }
    }
}
