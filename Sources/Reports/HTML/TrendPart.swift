// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// The days of a period put together to the points of a trend, beside those of the period before.
///
/// A point is a day, or in a long period seven days from its first on. The period before is laid
/// over this one by its beginning: its first day under the first, and so on.
struct TrendPoints {
    /// Days up to which each is a point of its own: two months (chosen).
    static let dailyLimit = 62

    /// Days that make one point.
    let step: Int
    /// What the points stand over: the period's own days.
    private let ranges: [TimeRange]
    private let present: [Statement.DayLine]
    private let before: [Statement.DayLine]

    init(_ statement: Statement) {
        let (period, zone) = (statement.header.period, statement.header.zone)
        var days: [TimeRange] = []
        var date = zone.local(at: period.start).date
        while days.count < Period.mostDays, let day = zone.day(date).intersection(period),
            day.nanoseconds > 0
        {
            days.append(day)
            date = date.adding(days: 1)
        }
        let step = days.count <= TrendPoints.dailyLimit ? 1 : 7
        func grouped<Day, Point>(_ days: [Day], _ join: (ArraySlice<Day>) -> Point?) -> [Point] {
            stride(from: 0, to: days.count, by: step).compactMap { first in
                join(days[first..<min(first + step, days.count)])
            }
        }
        func sum(_ days: ArraySlice<Statement.DayLine>) -> Statement.DayLine? {
            days.dropFirst().reduce(into: days.first) { $0? += $1 }
        }
        self.step = step
        ranges = grouped(days) { days in
            guard let first = days.first, let last = days.last else { return nil }
            return TimeRange(start: first.start, end: last.end)
        }
        present = grouped(statement.days, sum)
        before = grouped(statement.previousDays, sum)
    }

    /// Whether there is anything to draw: a single point is no trend.
    var isTrend: Bool { ranges.count > 1 && !present.isEmpty }

    /// The points of both periods, this one first; an empty one is left out.
    func series(
        _ names: (present: String, before: String),
        _ point: (TimeRange, Statement.DayLine) -> TrendChart.Point?
    ) -> [TrendChart.Series] {
        [(names.present, present), (names.before, before)].map { name, lines in
            TrendChart.Series(
                name: name, points: zip(ranges, lines).compactMap { point($0.0, $0.1) })
        }.filter { !$0.points.isEmpty }
    }

    /// Whether the period has stretches without a point: one that is not over.
    var hasGap: Bool { present.count < ranges.count }

    /// Whether there is a period before.
    var hasBefore: Bool { !before.isEmpty }

    /// Whether either period has time in breach of a criterion.
    func breaks(_ criterion: Statement.CriterionCode) -> Bool {
        (present + before).contains { $0.breached[criterion, default: 0] > 0 }
    }
}

extension StatementPage {
    /// How high the part with the data is: on the summary, and in a section.
    private static let heights = (small: 62_00, plain: 84_00)
    /// Half a page less the space between two pictures.
    private static let halfWidth = 332_00

    /// Availability of this period and the last, with the band up to the upper bound.
    func writeAvailabilityTrend() {
        let series = trend.series(seriesNames) { range, day in
            guard let low = day.availabilityLower.partsPerMillion,
                let high = day.availabilityUpper.partsPerMillion
            else { return nil }
            return TrendChart.Point(
                range, Int64(low), low: Int64(low), high: Int64(high))
        }
        write(
            .availabilityTrend, series, shares(series), "tra", height: StatementPage.heights.small,
            hasLegend: true)
    }

    /// Downtime of a mean camera and coverage, side by side.
    func writeTimeTrends() {
        guard trend.isTrend else { return }
        html.raw("<div class=\"charts\">\n")
        let down = trend.series(seriesNames) { TrendChart.Point($0, each($1.down)) }
        write(.downtimeTrend, down, durations(down), "trd", height: StatementPage.heights.plain)
        let covered = trend.series(seriesNames) { range, day in
            day.coverage.partsPerMillion.map { TrendChart.Point(range, Int64($0)) }
        }
        write(.coverageTrend, covered, shares(covered), "trc", height: StatementPage.heights.plain)
        html.raw("</div>\n")
        writeTrendLegend("trl")
    }

    /// Time in breach of each criterion that was broken in this period or the last.
    func writeBreachTrends() {
        let broken = Statement.CriterionCode.allCases.filter(trend.breaks)
        guard trend.isTrend, !broken.isEmpty else { return }
        heading(.breachTrends)
        html.raw("<div class=\"charts\">\n")
        for criterion in broken {
            let series = trend.series(seriesNames) { range, day in
                TrendChart.Point(range, each(day.breached[criterion, default: 0]))
            }
            write(
                title: text.capital(criterion.name) + " " + text.clause(criterion), series,
                durations(series),
                "trb-" + criterion.rawValue, height: StatementPage.heights.small)
        }
        html.raw("</div>\n")
        writeTrendLegend("trk")
    }

    /// What the lines of several pictures are.
    private func writeTrendLegend(_ prefix: String) {
        let names =
            trend.hasBefore ? [seriesNames.present, seriesNames.before] : [seriesNames.present]
        html.raw("<figure>")
        html.raw(
            TrendChart.legend(
                names, gap: trend.hasGap && !trend.hasBefore ? text(StateName.unknown) : nil,
                title: text(ChartWord.legend), prefix: prefix))
        html.raw("</figure>\n")
    }

    // MARK: - One picture

    private var seriesNames: (present: String, before: String) {
        (text(ChartWord.thisPeriod), text(ChartWord.lastPeriod))
    }

    /// A sum over all cameras as that of a mean camera; what is not zero stays so.
    private func each(_ time: Int128) -> Int64 {
        time == 0
            ? 0 : Int64(clamping: max(1, time / Int128(max(1, statement.cameras.count))))
    }

    private func write(
        _ title: ChartTitle, _ series: [TrendChart.Series], _ axis: ValueAxis, _ prefix: String,
        height: Int, hasLegend: Bool = false
    ) {
        let step = trend.step == 1 ? ChartWord.byDay : .byWeek
        write(
            title: "\(text(title)) \(text(step))", series, axis, prefix, height: height,
            hasLegend: hasLegend)
    }

    private func write(
        title: String, _ series: [TrendChart.Series], _ axis: ValueAxis, _ prefix: String,
        height: Int, hasLegend: Bool = false
    ) {
        guard trend.isTrend, !series.isEmpty else { return }
        let header = statement.header
        var chart = TrendChart(
            time: TimeAxis(
                header.period, in: header.zone, language, name: text.period(header)),
            amount: axis, series: series, shape: .step,
            labels: TrendChart.Labels(
                band: text(ChartWord.bounds), unknown: text(StateName.unknown)),
            title: title, summary: said(series, axis), width: StatementPage.halfWidth,
            height: height)
        chart.hasLegend = hasLegend
        html.raw("<figure><figcaption>")
        html.text(title)
        html.raw("</figcaption>")
        html.raw(chart.svg(prefix: prefix))
        html.raw("</figure>\n")
    }

    /// The least and the greatest value of each line, for who cannot see it.
    private func said(_ series: [TrendChart.Series], _ axis: ValueAxis) -> String {
        series.map { series in
            let values = series.points.map(\.value)
            let ends = [values.min(), values.max()].compactMap { value in
                value.map { axis.unit == "%" ? shown(share: $0) + " %" : text.duration($0) }
            }
            return "\(series.name): \(ends.joined(separator: " – "))"
        }.joined(separator: "; ")
    }

    // MARK: - Scales

    /// From the least share to the whole.
    private func shares(_ series: [TrendChart.Series]) -> ValueAxis {
        let least = series.flatMap(\.points).map { $0.low ?? $0.value }.min() ?? 0
        // A hundredth of a per cent is the finest step.
        return ValueAxis(
            from: min(least, 999_000), through: 1_000_000, base: 100, atMost: 4, unit: "%",
            label: shown(share:))
    }

    /// Millionths in per cent without needless decimals.
    private func shown(share: Int64) -> String {
        var decimals = 4
        var rest = share
        while decimals > 0, rest % 10 == 0 {
            rest /= 10
            decimals -= 1
        }
        return text.formatting.decimal(share, scale: 4, decimals: decimals)
    }

    /// From nothing to the longest time, in whole hours, minutes or seconds.
    private func durations(_ series: [TrendChart.Series]) -> ValueAxis {
        let most = series.flatMap(\.points).map(\.value).max() ?? 0
        return text.durationAxis(through: most, atMost: 4)
    }
}

extension FigureText {
    /// A scale of durations from nothing on, in the largest unit of which there are three.
    func durationAxis(through most: Int64, atMost: Int) -> ValueAxis {
        let second: Int64 = 1_000_000_000
        let units: [(Int64, Formatting.TimeUnit)] = [
            (3600 * second, .hour), (60 * second, .minute), (second, .second),
        ]
        let (base, unit) = units.first { most >= 3 * $0.0 } ?? (second, .second)
        return ValueAxis(
            from: 0, through: most, base: base, atMost: atMost, unit: formatting.symbol(unit)
        ) { formatting.integer($0 / base) }
    }
}
