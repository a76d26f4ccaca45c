// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// Figures of a statement as one language writes them, in the statement's zone.
struct FigureText {
    let language: Language
    let zone: ZoneRules
    let formatting: Formatting

    /// Decimals of a percentage: a thousandth of a month is 43 minutes, of a percent 26 s.
    static let decimals = 3
    /// What stands where there is no figure.
    static let none = "–"

    init(_ language: Language, zone: ZoneRules) {
        self.language = language
        self.zone = zone
        formatting = Formatting(language)
    }

    func callAsFunction(_ phrase: some Phrase) -> String { phrase.text(language) }

    /// A phrase as a heading or a cell begins.
    func capital(_ phrase: some Phrase) -> String {
        formatting.capitalised(phrase.text(language))
    }

    /// A share in per cent, cut off.
    func percent(_ share: Statement.Share, decimals: Int = FigureText.decimals) -> String {
        guard
            let figure = ExactText.percent(
                share, decimals: decimals, separator: formatting.decimalSeparator)
        else { return FigureText.none }
        // What is not nothing is not printed as nothing.
        if share.part > 0, decimals > 0, figure.allSatisfy({ "0.,".contains($0) }) {
            return "<\u{a0}" + figure.dropLast() + "1" + Formatting.space + "%"
        }
        return figure + Formatting.space + "%"
    }

    /// The clause of a criterion in parentheses; the order's own `1)` closes them.
    func clause(_ criterion: Statement.CriterionCode) -> String {
        let citation = criterion.name.citation.text(language)
        return "(" + (citation.hasSuffix(")") ? citation : citation + ")")
    }

    /// What a channel is: its medium, role and whether it is encrypted (A2.7.7–9).
    func channel(_ line: Statement.ChannelLine) -> String {
        let medium = Channel.Medium(rawValue: line.medium)?.text(language) ?? line.medium
        let role = Channel.Role(rawValue: line.role)?.text(language) ?? line.role
        let encrypted = Wording(kk: "шифрланған", ru: "с шифрованием", en: "encrypted")
        let open = Wording(kk: "шифрланбаған", ru: "без шифрования", en: "not encrypted")
        return "\(medium), \(role), \((line.isEncrypted ? encrypted : open)[language])"
    }

    /// Lower and upper bound of availability, as one where they are the same.
    func availability(_ totals: Statement.TimeTotals) -> String {
        formatting.bounds(percent(totals.availabilityLower), percent(totals.availabilityUpper))
    }

    /// A duration in hours at most; camera time beyond 292 years in whole hours.
    func duration(_ nanoseconds: Int128) -> String {
        if let short = Int64(exactly: nanoseconds) { return formatting.duration(short) }
        let hours = Int64(clamping: nanoseconds / 3_600_000_000_000)
        return formatting.integer(hours) + Formatting.space + formatting.symbol(.hour)
    }

    func duration(_ nanoseconds: Int64) -> String { formatting.duration(nanoseconds) }

    /// What is left of a budget, as bounds.
    func left(_ budget: Statement.BudgetFigures) -> String {
        formatting.bounds(duration(budget.leftLower), duration(budget.leftUpper))
    }

    func moment(_ instant: Instant) -> String { formatting.moment(zone.local(at: instant)) }

    /// From when to when; to the second, as tables do.
    func moments(_ range: TimeRange) -> String {
        formatting.moments(zone.local(at: range.start), zone.local(at: range.end))
    }

    /// From when to when, to the millisecond.
    func exactMoments(_ range: TimeRange) -> String {
        formatting.moments(
            zone.local(at: range.start), zone.local(at: range.end), to: .millisecond)
    }

    func date(_ instant: Instant) -> String {
        formatting.shortDate(zone.local(at: instant).date)
    }

    func count(_ number: Int) -> String { formatting.integer(number) }

    func verdict(_ verdict: Statement.VerdictCode) -> String { verdict.name[language] }

    func cause(_ cause: Statement.CauseCode) -> String {
        switch cause {
        case .silence: FailureName.silence.text(language)
        case .loss: FailureName.loss.text(language)
        case .frozen: FailureName.frozen.text(language)
        case .maintenance: Term.plannedWork.text(language)
        }
    }

    /// The clause that a cause of downtime breaks: loss its own, all else that of the downtime.
    func clause(_ cause: Statement.CauseCode) -> String {
        switch cause {
        case .loss: clause(Statement.CriterionCode.loss)
        case .silence, .frozen, .maintenance: clause(Statement.CriterionCode.downtime)
        }
    }

    func state(_ state: Statement.StateCode) -> String {
        let name: StateName =
            switch state {
            case .up: .up
            case .degraded: .degraded
            case .downFailure: .downFailure
            case .downMaintenance: .downMaintenance
            case .unknown: .unknown
            case .excluded: .excluded
            }
        return name.text(language)
    }

    /// The reason of an interval; identities stand as they are.
    func reason(_ interval: Statement.Interval) -> String {
        switch interval.state {
        case .degraded:
            interval.reason.split(separator: " ")
                .compactMap { Statement.CriterionCode(rawValue: String($0)) }
                .map { $0.name.text(language) }.joined(separator: ", ")
        case .downFailure:
            Statement.CauseCode(rawValue: interval.reason).map(cause) ?? interval.reason
        case .unknown:
            UnknownName.allCases.first { $0.code == interval.reason }?.text(language)
                ?? interval.reason
        case .up, .downMaintenance, .excluded: interval.reason
        }
    }

    func evidence(_ code: String) -> String {
        switch code {
        case "sampled":
            Wording(kk: "іріктеліп", ru: "выборочно", en: "sampled")[language]
        case "inferred":
            Wording(kk: "кейін анықталды", ru: "выведено", en: "inferred")[language]
        default: Wording(kk: "бақыланды", ru: "наблюдалось", en: "observed")[language]
        }
    }

    /// The period in words, as its name asks for it.
    func period(_ header: Statement.Header) -> String {
        guard let period = try? Period(parsing: header.periodName, zone: zone),
            let dates = period.dates
        else { return moments(header.period) }
        switch period.kind {
        case .year: return formatting.year(dates.first.year)
        case .quarter:
            return formatting.quarter((dates.first.month + 2) / 3, of: dates.first.year)
        case .month: return formatting.month(dates.first.month, of: dates.first.year)
        case .week:
            let week = dates.first.isoWeek
            return formatting.week(week.week, of: week.weekYear)
        default:
            return formatting.dates(from: dates.first, through: dates.end.adding(days: -1))
        }
    }

    /// Who the report is for.
    func recipient(_ header: Statement.Header) -> String {
        let role: Term =
            switch header.recipient {
            case .coordinator: .coordinator
            case .technicalOperator: .technicalOperator
            case .networkOperator: .networkOperator
            case .subscriber: .subscriber
            }
        let name = header.recipientName
        guard let party = header.recipient.party else { return capital(role) }
        return capital(role) + ": " + (name.isEmpty ? party.text : name)
    }
}

extension Statement.CriterionCode {
    /// The criterion's words.
    var name: CriterionName {
        switch self {
        case .resolution: .resolution
        case .bitrate: .bitrate
        case .frameRate: .frameRate
        case .loss: .loss
        case .clockOffset: .clockOffset
        case .downtime: .downtime
        }
    }
}

extension UnknownName {
    /// The code of JSON and CSV.
    var code: String {
        switch self {
        case .notObserved: "not-observed"
        case .probeDrops: "probe-drops"
        case .betweenSamples: "between-samples"
        case .vantagesDisagree: "vantages-disagree"
        case .noEvidence: "no-evidence"
        case .released: "released"
        }
    }
}
