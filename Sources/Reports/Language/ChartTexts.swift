// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

extension TimeAxis {
    /// The axis of `range` with the boundaries of `zone`'s calendar: hours up to two days, days up
    /// to six weeks, Mondays up to half a year, months up to three years, else years.
    public init(_ range: TimeRange, in zone: ZoneRules, _ language: Language, name: String) {
        let form = Formatting(language)
        let last = zone.local(at: range.end.advanced(byNanoseconds: -1)).date
        let first = zone.local(at: range.start).date
        let days = last.daysSinceEpoch - first.daysSinceEpoch + 1
        var ticks: [Tick] = []
        if days <= 2 {
            let hour: Int64 = 3_600_000_000_000
            var instant = zone.startOfDay(first)
            while instant <= range.end {
                ticks.append(Tick(instant, form.time(zone.local(at: instant), to: .minute)))
                instant = instant.advanced(byNanoseconds: hour)
            }
        } else {
            for index in 0...min(days, TimeAxis.mostDays) {
                let date = first.adding(days: index)
                guard let label = TimeAxis.label(date, days: days, language) else { continue }
                let instant = zone.startOfDay(date)
                // The boundary at the end belongs to what comes after.
                ticks.append(Tick(instant, instant >= range.end ? "" : label))
            }
        }
        let offset = form.utcOffset(zone.offset(at: range.start))
        self.init(range: range, ticks: ticks, caption: "\(name), \(offset)")
    }

    /// As many days as the longest period has.
    private static let mostDays = Period.mostDays

    /// What stands at the beginning of `date` on an axis of `days` days; nil for no mark.
    private static func label(_ date: CalendarDate, days: Int, _ language: Language) -> String? {
        let month = CalendarNames.shortMonth(date.month, language)
        switch days {
        case ...42: return "\(date.day)"
        case ...184:
            guard date.weekday == 1 else { return nil }
            return language.choose(
                kk: "\(date.day)\u{a0}\(month)", ru: "\(date.day)\u{a0}\(month)",
                en: "\(date.day)\u{a0}\(month)")
        case ...1100:
            guard date.day == 1 else { return nil }
            return date.month == 1 ? "\(date.year)" : month
        default: return date.day == 1 && date.month == 1 ? "\(date.year)" : nil
        }
    }
}

extension StatusStrip {
    /// What is said aloud in place of a strip: each state that occurs with its time.
    public static func summary(
        _ times: [(state: State, nanoseconds: Int64)], _ language: Language
    ) -> String {
        let form = Formatting(language)
        return times.filter { $0.nanoseconds > 0 }.map { time in
            "\(StateName(time.state).text(language)) – \(form.duration(time.nanoseconds))"
        }.joined(separator: "; ")
    }
}

extension BudgetBar.Labels {
    /// The texts of a bar about `limit` nanoseconds, with what the projection says if there is one.
    public init(_ language: Language, limit: Int64, projection: String = "") {
        let form = Formatting(language)
        let citation = CriterionName.downtime.citation.text(language)
        self.init(
            failure: StateName.downFailure.text(language),
            maintenance: StateName.downMaintenance.text(language),
            unknown: StateName.unknown.text(language),
            limit: "\(form.duration(limit, .brief)) – \(citation)", projection: projection,
            hour: form.symbol(.hour))
    }
}

extension BudgetBar {
    /// What a projection says: how much at the year's end at the present rate.
    public static func projection(_ nanoseconds: Int64, _ language: Language) -> String {
        let time = Formatting(language).duration(nanoseconds, .brief)
        return language.choose(
            kk: "осы қарқынмен жыл соңына қарай – \(time)",
            ru: "при нынешнем темпе к концу года – \(time)",
            en: "by the end of the year at the present rate – \(time)")
    }
}

extension AvailabilityCalendar.Labels {
    /// The texts of a calendar.
    public init(_ language: Language) {
        let form = Formatting(language)
        let bounds = AvailabilityCalendar.thresholds.map { form.duration($0, .brief) }
        let none = language.choose(kk: "тұрып қалу жоқ", ru: "простоя нет", en: "no downtime")
        // Signs, not words: "up to" asks for another ending after each unit in Kazakh.
        let upTo = bounds.map { "≤\u{a0}\($0)" }
        let above = bounds.last.map { ">\u{a0}\($0)" } ?? ""
        self.init(
            weekdays: (1...7).map { CalendarNames.shortWeekday($0, language) },
            months: (1...12).map { CalendarNames.shortMonth($0, language) },
            classes: [none] + upTo + [above], unknown: StateName.unknown.text(language),
            partlyUnknown: language.choose(
                kk: "дерек толық емес", ru: "данные неполны", en: "unknown in part"))
    }
}

extension TrendChart.Labels {
    /// The texts of a trend whose band reaches between two percentiles.
    public init(_ language: Language, band: ClosedRange<Int>) {
        let (low, high) = (band.lowerBound, band.upperBound)
        self.init(
            band: language.choose(
                kk: "\(low)–\(high)-процентиль аралығы",
                ru: "от \(low)-го до \(high)-го процентиля",
                en: "percentiles \(low) to \(high)"),
            unknown: StateName.unknown.text(language))
    }
}

extension TrendChart.Limit {
    /// A limit of the order with its rule and clause; `figure` is the value with its unit.
    public init(_ criterion: CriterionName, _ value: Int64, figure: String, _ language: Language) {
        let rule = criterion.rule(limit: figure, language)
        self.init(value, "\(rule); \(criterion.citation.text(language))")
    }
}

extension RankedBars {
    /// What the parts of bars about downtime are called.
    public static func names(_ language: Language) -> [Kind: String] {
        [
            .failure: StateName.downFailure.text(language),
            .maintenance: StateName.downMaintenance.text(language),
            .unknown: StateName.unknown.text(language),
        ]
    }
}

/// What pictures are called.
public enum ChartTitle: Phrase {
    case worst, causes, responsible, availabilityTrend, downtimeTrend, coverageTrend

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .worst:
            Wording(
                kk: "Тұрып қалу уақыты ең көп бейнекамералар",
                ru: "Видеокамеры с наибольшим временем простоя",
                en: "Cameras with the longest downtime")
        case .causes:
            Wording(
                kk: "Тұрып қалу уақыты себептері бойынша", ru: "Время простоя по причинам",
                en: "Downtime by cause")
        case .responsible:
            Wording(
                kk: "Тұрып қалу уақыты жауаптылар бойынша", ru: "Время простоя по ответственным",
                en: "Downtime by responsible party")
        case .availabilityTrend:
            Wording(kk: "Қолжетімділік", ru: "Доступность", en: "Availability")
        case .downtimeTrend:
            Wording(
                kk: "Бір бейнекамераға шаққандағы тұрып қалу",
                ru: "Простой в среднем на видеокамеру", en: "Downtime of a mean camera")
        case .coverageTrend:
            Wording(kk: "Бақылаумен қамтылу", ru: "Охват наблюдением", en: "Coverage")
        }
    }
}

/// Words that belong to trends.
public enum ChartWord: Phrase {
    case byDay, byWeek, thisPeriod, lastPeriod, bounds, legend

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .byDay: Wording(kk: "күндер бойынша", ru: "по дням", en: "by day")
        case .byWeek: Wording(kk: "апталар бойынша", ru: "по неделям", en: "by week")
        case .thisPeriod:
            Wording(kk: "есепті кезең", ru: "отчётный период", en: "this period")
        case .lastPeriod:
            Wording(kk: "алдыңғы кезең", ru: "предыдущий период", en: "the period before")
        case .legend:
            Wording(kk: "шартты белгілер", ru: "условные обозначения", en: "legend")
        case .bounds:
            Wording(
                kk: "төменгі және жоғарғы шектің арасы", ru: "между нижней и верхней границей",
                en: "between lower and upper bound")
        }
    }
}
