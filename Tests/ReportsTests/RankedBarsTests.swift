// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct RankedBarsTests {
    @Test func `more rows than can be read are left to a table`() {
        var chart = ChartSamples.ranked(.english)
        let row = chart.rows[2]
        chart.rows = [RankedBars.Row](repeating: row, count: 100)
        let svg = chart.svg(prefix: "r")
        #expect(svg.ranges(of: ">cam-0007<").count == RankedBars.mostRows)
    }

    @Test func `amounts beyond 64 bits stay on the scale`() {
        var chart = ChartSamples.ranked(.english)
        chart.rows = [
            .init(label: "x", parts: [.init(.failure, .max), .init(.unknown, .max)], value: "∞")
        ]
        #expect(chart.svg(prefix: "r").hasSuffix("</svg>\n"))
    }

    @Test func `no rows make an empty picture and no trap`() {
        var chart = ChartSamples.ranked(.english)
        chart.rows = []
        #expect(chart.svg(prefix: "r").hasSuffix("</svg>\n"))
    }
}
