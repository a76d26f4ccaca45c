// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// Points of a trend as paths on a drawing.
struct TrendPlot {
    let time: TimeRange
    let amount: ValueAxis
    let shape: TrendChart.Shape
    let data: Box

    /// Points of a series without a gap between them.
    private func stretches(_ points: [TrendChart.Point]) -> [ArraySlice<TrendChart.Point>] {
        var stretches: [ArraySlice<TrendChart.Point>] = []
        var start = points.startIndex
        for index in points.indices
        where index + 1 == points.endIndex
            || points[index].range.end < points[index + 1].range.start
        {
            stretches.append(points[start...index])
            start = index + 1
        }
        return stretches
    }

    /// The points inside the chart's time, at most two to a pixel: of more, those of the least and
    /// of the greatest amount, so that no peak is lost.
    func drawn(_ points: [TrendChart.Point]) -> [TrendChart.Point] {
        let inside = points.compactMap { point -> TrendChart.Point? in
            guard let range = point.range.intersection(time) else { return nil }
            return TrendChart.Point(range, point.value, low: point.low, high: point.high)
        }
        guard inside.count > 2 * data.width / ChartStyle.leastMark else { return inside }
        var kept: [TrendChart.Point] = []
        for stretch in stretches(inside) {
            var rest = stretch
            while let first = rest.first {
                let column = x(first.range.start) / ChartStyle.leastMark
                let cell = rest.prefix { x($0.range.start) / ChartStyle.leastMark == column }
                rest = rest.dropFirst(cell.count)
                kept += TrendPlot.extremes(cell)
            }
        }
        return kept
    }

    /// One or two points that stand for all of `cell`, which has no gap.
    private static func extremes(_ cell: ArraySlice<TrendChart.Point>) -> [TrendChart.Point] {
        guard let first = cell.first, let last = cell.last, cell.count > 2 else {
            return Array(cell)
        }
        let least = cell.indices.min { cell[$0].value < cell[$1].value } ?? cell.startIndex
        let most = cell.indices.max { cell[$0].value < cell[$1].value } ?? cell.startIndex
        let low = cell.compactMap(\.low).min()
        let high = cell.compactMap(\.high).max()
        let middle = cell[max(least, most)].range.start
        guard least != most, let before = TimeRange(start: first.range.start, end: middle),
            let after = TimeRange(start: middle, end: last.range.end), before.nanoseconds > 0
        else {
            guard let all = TimeRange(start: first.range.start, end: last.range.end) else {
                return []
            }
            return [TrendChart.Point(all, cell[most].value, low: low, high: high)]
        }
        let values = [cell[min(least, most)].value, cell[max(least, most)].value]
        return zip([before, after], values).map { range, value in
            TrendChart.Point(range, value, low: low, high: high)
        }
    }

    /// The line of a series, interrupted at gaps.
    func path(_ points: [TrendChart.Point]) -> String {
        var path = ""
        for stretch in stretches(drawn(points)) {
            path += trace(stretch.map { ($0.range, $0.value) }, begin: "M")
        }
        return path
    }

    /// The area between the edges of the band, interrupted where a point has none.
    func band(_ points: [TrendChart.Point]) -> String {
        var path = ""
        let banded = drawn(points).filter { $0.low != nil && $0.high != nil }
        for stretch in stretches(banded) {
            let highs = stretch.map { ($0.range, $0.high ?? $0.value) }
            let lows = stretch.map { ($0.range, $0.low ?? $0.value) }
            path += trace(highs, begin: "M") + trace(lows, begin: "L", isBackwards: true) + "z"
        }
        return path
    }

    /// The areas in which no series has a point, from top to bottom.
    func gaps(_ series: [[TrendChart.Point]]) -> [Box] {
        let ranges = series.joined().compactMap { $0.range.intersection(time) }
            .sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        var gaps: [Box] = []
        var end = time.start
        let behind = TimeRange(start: time.end, nanoseconds: 0)
        for range in ranges + [behind] {
            if range.start > end {
                let width = max(x(range.start) - x(end), ChartStyle.leastMark)
                gaps.append(Box(x: x(end), y: data.y, width: width, height: data.height))
            }
            end = max(end, range.end)
        }
        return gaps
    }

    /// Corners of a line without a gap.
    ///
    /// A lone point of a line is drawn level over its stretch.
    private func trace(
        _ points: [(range: TimeRange, value: Int64)], begin: String, isBackwards: Bool = false
    ) -> String {
        var corners: [(Int, Int)] = []
        for (index, point) in points.enumerated() {
            let (left, right) = (x(point.range.start), x(point.range.end))
            let y = data.bottom - amount.offset(of: point.value, length: data.height)
            switch shape {
            case .step: corners += [(left, y), (right, y)]
            case .line:
                // The ends reach to the edges, so that a gap begins where data ends.
                if index == 0 { corners.append((left, y)) }
                if index > 0, index < points.count - 1 { corners.append(((left + right) / 2, y)) }
                if index == points.count - 1 { corners.append((right, y)) }
            }
        }
        if isBackwards { corners.reverse() }
        // Steps in tenths of a pixel from corner to corner: half the octets, and no error adds up.
        var path = ""
        var (lastX, lastY) = (0, 0)
        for (index, corner) in corners.enumerated() {
            let (x, y) = (corner.0 / 10 * 10, corner.1 / 10 * 10)
            if index == 0 {
                path += "\(begin)\(number(x)) \(number(y))"
            } else {
                let (across, down) = (number(x - lastX), number(y - lastY))
                if index == 1 { path += "l" } else if !across.hasPrefix("-") { path += " " }
                path += across + (down.hasPrefix("-") ? down : " " + down)
            }
            (lastX, lastY) = (x, y)
        }
        return path
    }

    private func x(_ instant: Instant) -> Int {
        data.x + TimeAxis.offset(of: instant, in: time, width: data.width)
    }
}
