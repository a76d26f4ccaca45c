// SPDX-License-Identifier: Apache-2.0
import Registry

@testable import Reports
@testable import Timekeeping

/// Pictures with long labels and awkward data, for the golden files and for eyes.
enum ChartSamples {
    static let hour: Int64 = 3_600_000_000_000
    static let minute: Int64 = 60_000_000_000
    /// 1 October 2026, midnight, where clocks are 5 hours ahead of UTC.
    static let october = Instant(nanoseconds: 1_790_794_800_000_000_000)
    static let month = TimeRange(start: october, nanoseconds: 31 * 24 * hour)

    static func at(_ hours: Int64, minutes: Int64 = 0) -> Instant {
        october.advanced(byNanoseconds: hours * hour + minutes * minute)
    }

    static func span(_ start: Int64, _ length: Int64, _ state: StatusStrip.State)
        -> StatusStrip.Span
    {
        .init(TimeRange(start: at(start), nanoseconds: length * minute), state)
    }

    /// A zone 5 hours ahead of UTC for good.
    static let zone = ZoneRules(
        name: "Asia/Almaty", version: "",
        first: .init(at: october, offset: 18_000, isDaylight: false, abbreviation: "+05"),
        later: [], footer: nil)

    static func axis(_ language: Language) -> TimeAxis {
        TimeAxis(month, in: zone, language, name: Formatting(language).month(10, of: 2026))
    }

    static func strip(_ language: Language, isBare: Bool = false) -> StatusStrip {
        StatusStrip(
            period: month,
            spans: [
                span(0, 31 * 24 * 60, .up), span(50, 7 * 60, .downFailure),
                span(120, 1, .downFailure), span(130, 30 * 60, .degraded),
                span(200, 12 * 60, .downMaintenance), span(260, 40 * 60, .unknown),
                span(340, 24 * 60, .excluded), span(400, 2, .downFailure),
                span(403, 2, .downFailure), span(406, 2, .downFailure),
                span(500, 4 * 60, .degraded), span(504, 4 * 60, .downFailure),
                span(600, 1, .degraded), span(743, 60, .downFailure),
            ],
            title: "КБ-0417 «Достық даңғылы – Абай көшесі қиылысы»",
            summary: "12 сағ 07 мин", axis: isBare ? nil : axis(language),
            names: isBare ? [:] : StateName.legend(language), width: isBare ? 360_00 : 680_00,
            height: isBare ? 12_00 : 18_00)
    }

    static func bar(_ language: Language, used: Int64, isBare: Bool = false) -> BudgetBar {
        BudgetBar(
            limit: 50 * hour, failure: used * hour, maintenance: 6 * hour + 30 * minute,
            unknown: 9 * hour, projection: used > 45 ? nil : 58 * hour, title: "Budget",
            summary: "",
            labels: isBare
                ? nil
                : .init(
                    language, limit: 50 * hour,
                    projection: BudgetBar.projection(58 * hour, language)),
            width: isBare ? 160_00 : 680_00, height: isBare ? 10_00 : 18_00)
    }

    static func calendar(_ language: Language, from first: CalendarDate, days: Int)
        -> AvailabilityCalendar
    {
        let form = Formatting(language)
        return AvailabilityCalendar(
            days: (0..<days).map { index in
                let lost: Int64 =
                    switch index % 29 {
                    case 3: 5 * minute
                    case 7, 8: 45 * minute + 12_000_000_000
                    case 12: 3 * hour + 20 * minute
                    case 19: 11 * hour + 5 * minute
                    default: 0
                    }
                let unknown: Int64 =
                    switch index % 41 {
                    case 5: 24 * hour - lost
                    case 12, 14: 2 * hour
                    default: 0
                    }
                return .init(
                    date: first.adding(days: index), downtime: lost, unknown: unknown,
                    length: 24 * hour, note: lost == 0 ? "" : form.duration(lost))
            },
            labels: .init(language), title: "calendar", summary: "")
    }

    static func trend(_ language: Language, shape: TrendChart.Shape) -> TrendChart {
        let form = Formatting(language)
        var points: [TrendChart.Point] = []
        for hour in Int64(0)..<744 where !(100...160).contains(hour) && hour != 400 {
            let wave = (hour * 7919 % 24 - 12) * 900
            let value = 60_000 + wave + (hour > 300 && hour < 320 ? 190_000 : 0)
            points.append(
                .init(
                    TimeRange(start: at(hour), nanoseconds: Self.hour), value,
                    low: value / 2, high: value * 13 / 10))
        }
        let second = stride(from: Int64(0), to: 744, by: 24).map { hour in
            TrendChart.Point(
                TimeRange(start: at(hour), nanoseconds: 24 * Self.hour), 20_000 + hour * 50)
        }.filter { !(96...167).contains($0.range.start.nanoseconds(since: october) / Self.hour) }
        let percent = ValueAxis(from: 0, through: 320_000, base: 10_000, unit: "%") {
            form.integer($0 / 10_000)
        }
        return TrendChart(
            time: axis(language), amount: percent,
            series: [
                .init(name: CriterionName.loss.text(language), points: points),
                .init(name: Term.nationalSystem.text(language), points: second),
            ],
            shape: shape,
            limits: [
                .init(
                    .loss, 200_000, figure: form.share(partsPerMillion: 200_000, decimals: 0),
                    language)
            ],
            labels: .init(language, band: 5...95),
            title: "trend", summary: "")
    }

    static func ranked(_ language: Language) -> RankedBars {
        let form = Formatting(language)
        let rows: [(String, Int64, Int64, Int64)] = [
            (
                "КБ-0417 «Достық даңғылы – Абай көшесі қиылысы, солтүстік бағыт, кіру тобы, үшінші тірек»",
                61, 4, 12
            ),
            (
                "Видеокамера стационарная уличная – обзорная, контрольно-пропускной пункт № 12", 38,
                11, 0
            ),
            ("cam-0007", 22, 0, 3),
            ("Бейнебақылау жүйесі «Орталық саябақ»", 9, 9, 0),
            ("cam-0003", 0, 0, 2),
        ]
        return RankedBars(
            rows: rows.map { label, failure, works, unknown in
                .init(
                    label: label,
                    parts: [
                        .init(.failure, failure * hour), .init(.maintenance, works * hour),
                        .init(.unknown, unknown * hour),
                    ], value: form.duration((failure + works) * hour))
            },
            axis: ValueAxis(
                from: 0, through: 77 * hour, base: hour, unit: form.symbol(.hour)
            ) { form.integer($0 / hour) },
            names: RankedBars.names(language), title: "worst", summary: "")
    }
}
