// SPDX-License-Identifier: Apache-2.0
import Registry
public import Timekeeping

extension Formatting {
    /// A date as a document writes it: `31 October 2026`, `31 октября 2026 г.`, `2026 жылғы 31
    /// қазан`.
    public func date(_ date: CalendarDate) -> String {
        let month = CalendarNames.monthOfDate(date.month, language)
        return joined(
            language.choose(
                kk: ["\(date.year)", "жылғы", "\(date.day)", month],
                ru: ["\(date.day)", month, "\(date.year)", "г."],
                en: ["\(date.day)", month, "\(date.year)"]))
    }

    /// A date as the time of an event in a sentence: `on 31 October 2026`, `31 октября 2026 г.`,
    /// `2026 жылғы 31 қазанда`.
    public func onDate(_ date: CalendarDate) -> String {
        switch language {
        case .kazakh:
            let month = CalendarNames.monthOfEvent(date.month)
            return joined(["\(date.year)", "жылғы", "\(date.day)", month])
        case .russian: return self.date(date)
        case .english: return "on" + Formatting.space + self.date(date)
        }
    }

    /// A date in digits for a table: `31.10.2026`; in English as ISO 8601 has it, since the order
    /// of day and month in digits is not the same to all who read English.
    public func shortDate(_ date: CalendarDate) -> String {
        if language == .english { return date.description }
        let day = Formatting.padded(UInt64(date.day.magnitude), 2)
        return "\(day).\(Formatting.padded(UInt64(date.month.magnitude), 2)).\(date.year)"
    }

    /// A month: `October 2026`, `октябрь 2026 г.`, `2026 жылғы қазан`.
    public func month(_ month: Int, of year: Int) -> String {
        let name = CalendarNames.month(month, language)
        return joined(
            language.choose(
                kk: ["\(year)", "жылғы", name],
                ru: [name, "\(year)", "г."],
                en: [name, "\(year)"]))
    }

    /// A year: `2026`, `2026 г.`, `2026 жыл`.
    public func year(_ year: Int) -> String {
        joined(
            language.choose(
                kk: ["\(year)", "жыл"],
                ru: ["\(year)", "г."],
                en: ["\(year)"]))
    }

    /// A quarter: `Q3 2026`, `III квартал 2026 г.`, `2026 жылғы III тоқсан`.
    public func quarter(_ quarter: Int, of year: Int) -> String {
        precondition((1...4).contains(quarter))
        let roman = ["I", "II", "III", "IV"][quarter - 1]
        return joined(
            language.choose(
                kk: ["\(year)", "жылғы", roman, "тоқсан"],
                ru: [roman, "квартал", "\(year)", "г."],
                en: ["Q\(quarter)", "\(year)"]))
    }

    /// An ISO week: `week 40 of 2026`, `40-я неделя 2026 г.`, `2026 жылғы 40-апта`.
    public func week(_ week: Int, of weekYear: Int) -> String {
        joined(
            language.choose(
                kk: ["\(weekYear)", "жылғы", "\(week)-апта"],
                ru: ["\(week)-я", "неделя", "\(weekYear)", "г."],
                en: ["week", "\(week)", "of", "\(weekYear)"]))
    }

    /// Two dates, both counted in, that share what they have in common: `1–31 October 2026`,
    /// `2026 жылғы 28 қыркүйек – 4 қазан`.
    public func dates(from first: CalendarDate, through last: CalendarDate) -> String {
        if first == last { return date(first) }
        let months = [first, last].map { CalendarNames.monthOfDate($0.month, language) }
        guard first.year == last.year else { return "\(date(first)) – \(date(last))" }
        var days = "\(first.day)–\(last.day)\(Formatting.space)\(months[1])"
        if first.month != last.month {
            days =
                "\(first.day)\(Formatting.space)\(months[0]) – "
                + "\(last.day)\(Formatting.space)\(months[1])"
        }
        return joined(
            language.choose(
                kk: ["\(first.year)", "жылғы", days],
                ru: [days, "\(first.year)", "г."],
                en: [days, "\(first.year)"]))
    }

    /// A period as a title names it; one told in instants with its times in `zone`.
    public func period(_ period: Period, in zone: ZoneRules) -> String {
        switch period.kind {
        case .year(let year): return self.year(year)
        case .quarter(let year, let quarter): return self.quarter(quarter, of: year)
        case .month(let year, let month): return self.month(month, of: year)
        case .week(let weekYear, let week): return self.week(week, of: weekYear)
        case .day(let day): return date(day)
        case .dates(let from, let to): return dates(from: from, through: to.adding(days: -1))
        case .instants(let range):
            let (start, end) = (zone.local(at: range.start), zone.local(at: range.end))
            return "\(zonedMoment(start)) – \(zonedMoment(end))"
        }
    }

    /// How finely a moment is written.
    public enum Moment: Hashable, Sendable {
        case minute, second, millisecond
    }

    /// The time of day on a wall: `14:03`, `14:03:07`, `14:03:07.250`; cut off, not rounded.
    public func time(_ local: LocalTime, to fineness: Moment = .second) -> String {
        let parts = [local.hour, local.minute].map { Formatting.padded(UInt64($0.magnitude), 2) }
        var text = parts.joined(separator: ":")
        if fineness == .minute { return text }
        text += ":" + Formatting.padded(UInt64(local.second.magnitude), 2)
        if fineness == .second { return text }
        let thousandths = UInt64(local.nanosecond.magnitude) / 1_000_000
        return text + decimalSeparator + Formatting.padded(thousandths, 3)
    }

    /// Date in digits and time of day, for a table whose head names the zone.
    public func moment(_ local: LocalTime, to fineness: Moment = .second) -> String {
        shortDate(local.date) + Formatting.space + time(local, to: fineness)
    }

    /// Date in digits, time of day and how far it is from UTC: nothing is left to guess.
    public func zonedMoment(_ local: LocalTime, to fineness: Moment = .second) -> String {
        moment(local, to: fineness) + Formatting.space + "(\(utcOffset(local.offset)))"
    }

    /// From when to when, in a table: the date once if both lie on the same day.
    public func moments(
        _ start: LocalTime, _ end: LocalTime, to fineness: Moment = .second
    ) -> String {
        if start.date == end.date {
            return "\(moment(start, to: fineness)) – \(time(end, to: fineness))"
        }
        return "\(moment(start, to: fineness)) – \(moment(end, to: fineness))"
    }

    /// Seconds ahead of UTC: `UTC+05:00`, `UTC−03:30`, `UTC`.
    public func utcOffset(_ seconds: Int) -> String {
        if seconds == 0 { return "UTC" }
        let minutes = UInt64(seconds.magnitude) / 60
        return "UTC" + (seconds < 0 ? "−" : "+") + Formatting.padded(minutes / 60, 2) + ":"
            + Formatting.padded(minutes % 60, 2)
    }

    private func joined(_ parts: [String]) -> String {
        parts.joined(separator: Formatting.space)
    }
}
