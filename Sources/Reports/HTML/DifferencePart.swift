// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// What this revision says otherwise than the one before.
    func writeDifferences() {
        guard let differences = statement.differences else { return }
        html.raw("<section class=\"page\">\n")
        html.element("h2", text(Sentence.differences) + " (\(differences.previousRevision))")
        html.raw("<p class=\"soft\">SHA-256 <span class=\"id\">")
        html.text(differences.previousDigest)
        html.raw("</span></p>\n")
        if !differences.isTableKnown {
            html.element("p", text(Sentence.differencesUnknown))
        } else if differences.rows.isEmpty {
            html.element("p", text(Sentence.differencesElsewhere))
        } else {
            writeDifferenceTable(differences)
        }
        html.raw("</section>\n")
    }

    private func writeDifferenceTable(_ differences: Statement.Differences) {
        let hidden = max(0, differences.rows.count - StatementPage.differenceLimit)
        table(
            [(.subject, ""), (.figure, ""), (.before, "n"), (.after, "n")],
            differences.rows.prefix(StatementPage.differenceLimit)
        ) { row in
            let figure = DifferenceFigure(row.figure)
            return [
                subject(ofCode: row.subject),
                .text(
                    figure.map { text.formatting.capitalised($0.name(language)) } ?? row.figure),
                .figure(figure.map { $0.shown(row.from, text) } ?? row.from ?? FigureText.none),
                .figure(figure.map { $0.shown(row.to, text) } ?? row.to ?? FigureText.none),
            ]
        }
        if hidden + differences.omitted > 0 {
            html.element(
                "p",
                "\(text(Sentence.more)): \(text.count(hidden + differences.omitted)) – "
                    + "figures.tsv", style: "soft")
        }
    }

    /// A subject of `figures.tsv`, such as `camera:ID`, as people call it.
    private func subject(ofCode code: String) -> Cell {
        let parts = code.split(separator: ":", maxSplits: 1).map(String.init)
        let id = parts.count == 2 ? parts[1] : ""
        switch parts.first {
        case "header": return .text(text(Sentence.wholeReport))
        case "system": return .text(text(Sentence.system))
        case "camera":
            return .lined(text.capital(Term.camera), id, link: CameraID(id).flatMap(known))
        case "site": return .lined(text.capital(Term.site), id)
        case "channel": return .lined(text.capital(Term.channel), id)
        case "network-operator": return .lined(text.capital(Term.networkOperator), id)
        case "subscriber": return .lined(text.capital(Term.subscriber), id)
        case "work": return .lined(text.capital(Term.plannedWork), id)
        case "exclusion": return .lined(text.capital(Term.exclusion), id)
        default: return .code(code)
        }
    }

    /// Where the page tells of a camera; nil if it no longer does.
    private func known(_ camera: CameraID) -> String? {
        let isListed = statement.cameras.contains { $0.id == camera && !$0.intervals.isEmpty }
        return isListed ? anchor(camera) : nil
    }
}

/// A figure of `figures.tsv` as people call and read it.
struct DifferenceFigure {
    /// What its value is.
    private enum Form {
        case duration, count, octets, moment, verdict, provisional, text
    }

    private let wording: Wording
    private let criterion: Statement.CriterionCode?
    private let form: Form

    /// Knows the figure of a code; nil for one of another version of the program.
    init?(_ code: String) {
        for criterion in Statement.CriterionCode.allCases {
            if code == criterion.rawValue + "-verdict" {
                self.init(.verdict, Self.verdict, of: criterion)
                return
            }
            if code == criterion.rawValue + "-breached-ns" {
                self.init(.duration, Self.breached, of: criterion)
                return
            }
        }
        guard let (form, wording) = Self.list[code] else { return nil }
        self.init(form, wording, of: nil)
    }

    private init(_ form: Form, _ wording: Wording, of criterion: Statement.CriterionCode?) {
        self.form = form
        self.wording = wording
        self.criterion = criterion
    }

    /// The codes that are known besides the criteria's.
    static var codes: [String] { list.keys.sorted() }

    func name(_ language: Language) -> String {
        guard let criterion else { return wording[language] }
        return "\(criterion.name.text(language)): \(wording[language])"
    }

    /// A value as people read it; what is no value of this form stands as it is.
    func shown(_ value: String?, _ text: FigureText) -> String {
        guard let value, !value.isEmpty else { return FigureText.none }
        switch form {
        case .duration:
            return Int64(value).map { text.formatting.duration($0, .exact) }
                ?? Int128(value).map(text.duration) ?? value
        case .count: return Int64(value).map(text.formatting.integer) ?? value
        case .octets:
            let unit = Wording(kk: "октет", ru: "окт.", en: "octets")[text.language]
            return Int64(value).map { text.formatting.integer($0) + Formatting.space + unit }
                ?? value
        case .moment: return (try? Instant(parsing: value)).map(text.moment) ?? value
        case .verdict: return Statement.VerdictCode(rawValue: value).map(text.verdict) ?? value
        case .provisional:
            return value.split(separator: " ").map { code in
                switch Statement.ProvisionalReason(rawValue: String(code)) {
                case .periodOpen: text(Sentence.periodOpen)
                case .dataIncomplete: text(Sentence.dataIncomplete)
                case nil: String(code)
                }
            }.joined(separator: ", ")
        case .text: return value
        }
    }

    private static let verdict = Wording(kk: "қорытынды", ru: "заключение", en: "verdict")
    private static let breached = Wording(
        kk: "бұзылу уақыты", ru: "время нарушения", en: "time in breach")

    private static let list: [String: (Form, Wording)] = [
        "software-version": (
            .text,
            Wording(kk: "бағдарлама нұсқасы", ru: "версия программы", en: "version of the program")
        ),
        "tzdata-version": (
            .text,
            Wording(
                kk: "сағат белдеулері деректерінің нұсқасы", ru: "версия данных о часовых поясах",
                en: "version of the time zone data")
        ),
        "start": (.moment, Wording(kk: "басталуы", ru: "начало", en: "start")),
        "end": (.moment, Wording(kk: "аяқталуы", ru: "окончание", en: "end")),
        "revoked": (
            .moment, Wording(kk: "күші жойылған уақыты", ru: "время отзыва", en: "revoked at")
        ),
        "data-complete-until": (
            .moment,
            Wording(
                kk: "деректер толық болатын мерзім", ru: "данные полны до",
                en: "data complete until")
        ),
        "provisional": (
            .provisional,
            Wording(
                kk: "есептің алдын ала болу себебі", ru: "причина предварительности отчёта",
                en: "why the report is provisional")
        ),
        "up-ns": (.duration, StateName.up.wording),
        "degraded-ns": (.duration, StateName.degraded.wording),
        "down-failure-ns": (.duration, StateName.downFailure.wording),
        "down-maintenance-ns": (.duration, StateName.downMaintenance.wording),
        "unknown-ns": (.duration, StateName.unknown.wording),
        "excluded-ns": (.duration, StateName.excluded.wording),
        "downtime-ns": (
            .duration, Wording(kk: "тұрып қалу уақыты", ru: "время простоя", en: "downtime")
        ),
        "own-downtime-ns": (
            .duration,
            Wording(
                kk: "элементтің өзінің тұрып қалу уақыты", ru: "время простоя самого элемента",
                en: "downtime of its own")
        ),
        "longest-outage-ns": (
            .duration,
            Wording(kk: "ең ұзақ тұрып қалу", ru: "самый долгий простой", en: "longest outage")
        ),
        "outages": (
            .count, Wording(kk: "тұрып қалу саны", ru: "число простоев", en: "number of outages")
        ),
        "budget-used-ns": (
            .duration,
            Wording(
                kk: "жыл басынан жұмсалған лимит", ru: "израсходовано лимита с начала года",
                en: "budget used in the year")
        ),
        "budget-unknown-ns": (
            .duration,
            Wording(
                kk: "жыл басынан дерек жоқ уақыт", ru: "время без данных с начала года",
                en: "unknown time in the year")
        ),
        "budget-limit-ns": (
            .duration,
            Wording(kk: "жылдық лимит", ru: "годовой лимит", en: "budget of the year")
        ),
        "budget-verdict": (
            .verdict,
            Wording(
                kk: "лимит бойынша қорытынды", ru: "заключение по лимиту",
                en: "verdict on the budget")
        ),
        "packets-expected": (
            .count,
            Wording(kk: "күтілген пакеттер", ru: "ожидалось пакетов", en: "packets expected")
        ),
        "packets-lost": (
            .count, Wording(kk: "жоғалған пакеттер", ru: "потеряно пакетов", en: "packets lost")
        ),
        "octets": (
            .octets, Wording(kk: "деректер көлемі", ru: "объём данных", en: "amount of data")
        ),
        "frames": (.count, Wording(kk: "кадрлар", ru: "кадры", en: "frames")),
    ]
}
