// SPDX-License-Identifier: Apache-2.0
public import Agreements
public import Registry
public import Timekeeping

/// Sentences about figures of the account: typed figures in, one whole sentence out, so that each
/// language has its own order of words.
public struct AccountSentences: Hashable, Sendable {
    /// How figures are written.
    public let formatting: Formatting

    /// Makes the sentences of a language.
    public init(_ language: Language) { formatting = Formatting(language) }

    private var language: Language { formatting.language }

    private func time(_ nanoseconds: Int64) -> String { formatting.duration(nanoseconds, .brief) }

    /// A sentence with one full stop, though its last word be an abbreviation.
    private func closed(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

    /// The verdict on one budget and why; times in nanoseconds.
    public func verdict(
        _ finding: Verdict.Finding, used: Int64, unknown: Int64, limit: Int64
    ) -> String {
        let (down, open, most) = (time(used), time(unknown), time(limit))
        switch finding {
        case .met:
            let tail =
                unknown == 0
                ? ""
                : language.choose(
                    kk: ", дерек жоқ уақыт – \(open)", ru: ", время без данных – \(open)",
                    en: ", unknown time – \(open)")
            return language.choose(
                kk: "Талап орындалды: тұрып қалу уақыты – \(down)\(tail); лимит – \(most).",
                ru: "Требование соблюдено: время простоя – \(down)\(tail); лимит – \(most).",
                en: "Met: downtime – \(down)\(tail); limit – \(most).")
        case .breached:
            let over = time(used &- limit)
            return language.choose(
                kk:
                    "Талап бұзылды: тұрып қалу уақыты – \(down), бұл \(most) лимитінен \(over) артық.",
                ru: "Требование нарушено: время простоя – \(down), что превышает лимит \(most) на "
                    + "\(over).",
                en: "Breached: downtime – \(down), which is \(over) above the limit of \(most).")
        case .undecidable(.unknownTimeCouldTip):
            return language.choose(
                kk:
                    "Қорытынды жасау мүмкін емес: тұрып қалу уақыты – \(down), тағы \(open) бойынша "
                    + "дерек жоқ, осы уақыт қосылса, \(most) лимитінен асып кетуі мүмкін.",
                ru:
                    "Заключение невозможно: время простоя – \(down), ещё за \(open) данных нет, и с их "
                    + "учётом лимит \(most) мог быть превышен.",
                en: "Undecidable: downtime – \(down); a further \(open) are unknown and could take "
                    + "it above the limit of \(most).")
        case .undecidable(.coverageTooLow(let share)):
            let covered = formatting.percentage(share.numerator, of: share.denominator)
            let least = formatting.percentage(99, of: 100, decimals: 0)
            return language.choose(
                kk: "Қорытынды жасау мүмкін емес: бақылаумен қамтылу – \(covered), ал кемінде "
                    + "\(least) қажет.",
                ru: "Заключение невозможно: охват наблюдением – \(covered), а требуется не менее "
                    + "\(least).",
                en: "Undecidable: coverage – \(covered), while at least \(least) is required.")
        }
    }

    /// Of how many things the requirement was kept, broken, or cannot be judged.
    public func verdicts(
        _ noun: CountedNoun, met: Int, breached: Int, undecidable: Int
    ) -> String {
        let all = formatting.count(met + breached + undecidable, noun)
        let (kept, broken, open) = (
            formatting.integer(met), formatting.integer(breached), formatting.integer(undecidable)
        )
        return language.choose(
            kk:
                "Барлығы \(all): талап орындалғаны – \(kept), бұзылғаны – \(broken), қорытынды жасау "
                + "мүмкін болмағаны – \(open).",
            ru: "Всего \(all): требование соблюдено – \(kept), нарушено – \(broken), заключение "
                + "невозможно – \(open).",
            en: "\(all) in all: requirement met – \(kept), breached – \(broken), undecidable – "
                + "\(open).")
    }

    /// A figure now and in the period before; `difference` carries its sign.
    public func change(_ figure: String, before: String, now: String, difference: String) -> String
    {
        language.choose(
            kk: "\(figure): \(now) (алдыңғы кезеңде – \(before), айырмасы \(difference)).",
            ru: "\(figure): \(now) (в предыдущем периоде – \(before), изменение \(difference)).",
            en: "\(figure): \(now) (in the period before – \(before), change \(difference)).")
    }

    /// When nothing will be left if things go on as in the last `window` nanoseconds.
    public func runsOut(on date: CalendarDate, window: Int64) -> String {
        let (rate, day) = (self.rate(window), formatting.onDate(date))
        return closed(
            language.choose(
                kk: "\(rate) қарқын сақталса, лимит \(day) таусылады",
                ru: "При темпе \(rate) лимит будет исчерпан \(day)",
                en: "At the rate of \(rate) nothing is left \(day)"))
    }

    /// That the limit lasts for the year if things go on as in the last `window` nanoseconds.
    public func lastsTheYear(window: Int64) -> String {
        let rate = rate(window)
        return language.choose(
            kk: "\(rate) қарқын сақталса, лимит жыл соңына дейін жетеді.",
            ru: "При темпе \(rate) лимита хватит до конца года.",
            en: "At the rate of \(rate) the budget lasts to the end of the year.")
    }

    /// The stretch a rate was taken over, in whole days or hours, as it stands in a sentence.
    private func rate(_ window: Int64) -> String {
        let hours = window / 3_600_000_000_000
        let (number, isDays) = hours >= 24 && hours % 24 == 0 ? (hours / 24, true) : (hours, false)
        let figure = formatting.integer(number)
        let counted = formatting.count(number, isDays ? .day : .hour)
        return language.choose(
            kk: "Соңғы \(figure) \(isDays ? "тәуліктегі" : "сағаттағы")",
            ru: number == 1
                ? (isDays ? "последних суток" : "последнего часа")
                : "последних \(figure) \(isDays ? "суток" : "часов")",
            en: number == 1 ? "the last \(isDays ? "day" : "hour")" : "the last \(counted)")
    }

    /// How much of the time was watched, and what part of that between samples only.
    public func coverage(known: Int64, sampled: Int64, of all: Int64) -> String {
        let covered = formatting.percentage(known, of: all)
        if sampled == 0 {
            return language.choose(
                kk: "Кезеңнің \(covered)-ы бақылаумен қамтылды.",
                ru: "Наблюдением охвачено \(covered) времени.",
                en: "\(covered) of the time was observed.")
        }
        let part = formatting.percentage(sampled, of: all)
        return language.choose(
            kk: "Кезеңнің \(covered)-ы бақылаумен қамтылды, оның ішінде іріктеп өлшеу арқылы – "
                + "\(part).",
            ru: "Наблюдением охвачено \(covered) времени, в том числе выборочно – \(part).",
            en: "\(covered) of the time was observed, of which \(part) by samples.")
    }

    /// That figures may yet change, and why.
    public func provisional(isPeriodOpen: Bool, dataUntil: String?) -> String {
        let why =
            isPeriodOpen
            ? language.choose(
                kk: "есепті кезең аяқталған жоқ", ru: "отчётный период не завершён",
                en: "the period has not ended")
            : language.choose(
                kk: "кезеңнің деректері толық түскен жоқ",
                ru: "данные за период поступили не полностью",
                en: "data of the period are still awaited")
        let until =
            dataUntil.map {
                language.choose(
                    kk: "; деректер \($0) дейін толық", ru: "; данные полны до \($0)",
                    en: "; data are complete until \($0)")
            } ?? ""
        return closed(
            language.choose(
                kk: "Есеп алдын ала жасалды: \(why)\(until)",
                ru: "Отчёт предварительный: \(why)\(until)",
                en: "Provisional: \(why)\(until)"))
    }

    /// That an issue says the same as the first of its revision, in another form.
    public func reissue(_ issue: Int, of revision: Int, software: String) -> String {
        language.choose(
            kk: "Қайта шығарылым \(issue): көрсеткіштер \(revision)-басылымның бірінші "
                + "шығарылымындағыдай, тек есептің түрі өзгерді (kuzet \(software) бағдарламасы).",
            ru: "Переиздание \(issue): показатели те же, что в первом издании выпуска "
                + "\(revision), изменилась только форма отчёта (программа kuzet \(software)).",
            en: "Issue \(issue): the figures are those of the first issue of revision "
                + "\(revision), only the report's form has changed (kuzet \(software)).")
    }
}
