// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Reports

@Suite struct TrendPlotTests {
    static let range = TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 1000)

    static func plot(_ shape: TrendChart.Shape) -> TrendPlot {
        TrendPlot(
            time: range,
            amount: ValueAxis(from: 0, through: 100, base: 1, unit: "") { "\($0)" }, shape: shape,
            data: Box(x: 0, y: 0, width: 100_00, height: 100_00))
    }

    static func point(_ start: Int64, _ end: Int64, _ value: Int64) -> TrendChart.Point {
        .init(
            TimeRange(start: Instant(nanoseconds: start), nanoseconds: end - start), value,
            low: value / 2, high: value)
    }

    @Test func `a gap interrupts the line`() {
        let points = [Self.point(0, 100, 10), Self.point(100, 200, 20), Self.point(300, 400, 30)]
        for shape in [TrendChart.Shape.line, .step] {
            #expect(Self.plot(shape).path(points).filter { $0 == "M" }.count == 2)
            #expect(Self.plot(shape).band(points).filter { $0 == "z" }.count == 2)
        }
    }

    @Test func `a gap lies exactly where no series has a value`() {
        let one = [Self.point(0, 250, 10), Self.point(500, 1000, 10)]
        let other = [Self.point(200, 300, 5)]
        #expect(
            Self.plot(.line).gaps([one, other]) == [
                Box(x: 30_00, y: 0, width: 20_00, height: 100_00)
            ])
        #expect(Self.plot(.line).gaps([]).map(\.width) == [100_00])
    }

    @Test func `a line begins and ends where its data do`() {
        let path = Self.plot(.line).path([Self.point(100, 200, 50), Self.point(200, 400, 100)])
        #expect(path == "M10 50l30-50")
        #expect(Self.plot(.step).path([Self.point(100, 300, 25)]) == "M10 75l20 0")
    }

    @Test func `of many points the peaks stay`() {
        var points = (Int64(0)..<1000).map { Self.point($0, $0 + 1, 10) }
        points[537].value = 99
        points[538].value = 1
        let drawn = Self.plot(.line).drawn(points)
        #expect(drawn.count <= 200)
        #expect(drawn.contains { $0.value == 99 } && drawn.contains { $0.value == 1 })
        for (left, right) in zip(drawn, drawn.dropFirst()) {
            #expect(left.range.end == right.range.start)
        }
    }

    @Test func `what lies outside the chart's time is cut off`() {
        let points = [Self.point(-500, 500, 10), Self.point(900, 2000, 20)]
        let drawn = Self.plot(.step).drawn(points)
        #expect(drawn.map(\.range.nanoseconds) == [500, 100])
    }
}
