// SPDX-License-Identifier: Apache-2.0
public import Registry

/// What the account calls a camera's state, in tables and legends.
public enum StateName: Phrase {
    case up
    case degraded
    case down
    case downFailure
    case downMaintenance
    case unknown
    case excluded

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .up: Wording(kk: "жұмыс істейді", ru: "работает", en: "up")
        case .degraded:
            Wording(kk: "сапасы төмендеген", ru: "качество снижено", en: "degraded")
        case .down: Wording(kk: "тұрып қалу", ru: "простой", en: "down")
        case .downFailure:
            Wording(
                kk: "тұрып қалу: істен шығу", ru: "простой: неисправность", en: "down: failure")
        case .downMaintenance:
            Wording(
                kk: "тұрып қалу: техникалық қызмет көрсету",
                ru: "простой: техническое обслуживание", en: "down: maintenance")
        case .unknown: Wording(kk: "дерек жоқ", ru: "нет данных", en: "unknown")
        case .excluded: Wording(kk: "есепке алынбаған", ru: "исключено из учёта", en: "excluded")
        }
    }

    /// How a status strip's state is called.
    public init(_ state: StatusStrip.State) {
        switch state {
        case .up: self = .up
        case .excluded: self = .excluded
        case .unknown: self = .unknown
        case .degraded: self = .degraded
        case .downMaintenance: self = .downMaintenance
        case .downFailure: self = .downFailure
        }
    }

    /// The names of all states of a status strip, for its legend.
    public static func legend(_ language: Language) -> [StatusStrip.State: String] {
        var names: [StatusStrip.State: String] = [:]
        for state in StatusStrip.State.allCases { names[state] = StateName(state).text(language) }
        return names
    }
}

/// Why video did not arrive.
public enum FailureName: Phrase {
    /// No packet came.
    case silence
    /// More packets were lost than allowed.
    case loss
    /// Packets came, and no new frame.
    case frozen

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .silence:
            Wording(
                kk: "деректер келмеді", ru: "данные не поступали", en: "no data arrived")
        case .loss:
            Wording(
                kk: "пакеттердің жоғалуы шектен асты", ru: "потери пакетов выше предела",
                en: "packet loss above the limit")
        case .frozen:
            Wording(
                kk: "пакеттер келді, бірақ жаңа кадр болмады",
                ru: "пакеты поступали, но новых кадров не было",
                en: "packets arrived, but no new frame")
        }
    }
}

/// Why a state is not known.
public enum UnknownName: Phrase {
    case notObserved
    case probeDrops
    case betweenSamples
    case vantagesDisagree
    case noEvidence
    case released

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .released:
            Wording(
                kk: "сеансты қабылдаушы аяқтады (TEARDOWN)",
                ru: "сеанс завершён получателем (TEARDOWN)",
                en: "ended by the receiver (TEARDOWN)")
        case .notObserved:
            Wording(kk: "бақылау жүргізілмеді", ru: "наблюдение не велось", en: "not observed")
        case .probeDrops:
            Wording(
                kk: "өлшеу құралының өзі пакеттерді жоғалтты",
                ru: "пакеты потеряны самим средством измерения",
                en: "the probe itself dropped packets")
        case .betweenSamples:
            Wording(
                kk: "іріктеп өлшеулер арасындағы уақыт",
                ru: "время между выборочными измерениями", en: "between samples")
        case .vantagesDisagree:
            Wording(
                kk: "өлшеу нүктелерінің деректері бір-біріне қайшы",
                ru: "данные точек измерения противоречат друг другу",
                en: "vantages contradict each other")
        case .noEvidence:
            Wording(
                kk: "қорытынды жасауға дерек жеткіліксіз",
                ru: "данных недостаточно для вывода", en: "not enough evidence to tell")
        }
    }
}
