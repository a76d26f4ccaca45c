// SPDX-License-Identifier: Apache-2.0
public import Registry

/// What is measured against annex 2, and how the order puts its limit.
public enum CriterionName: Phrase {
    /// A2.1.1.
    case resolution
    /// A2.1.2.
    case bitrate
    /// A2.1.3.
    case frameRate
    /// A2.1.4.
    case loss
    /// A2.6.2.
    case clockOffset
    /// A2.7.5.
    case downtime

    /// The name alone.
    public var wording: Wording {
        switch self {
        case .resolution:
            Wording(kk: "айыру қабілеті", ru: "разрешающая способность", en: "resolution")
        case .bitrate: Wording(kk: "битрейт", ru: "битрейт", en: "bitrate")
        case .frameRate:
            Wording(
                kk: "бейнесигналды түрлендіру жылдамдығы",
                ru: "скорость преобразования видеосигнала", en: "frame rate")
        case .loss: Wording(kk: "пакеттердің жоғалуы", ru: "потери пакетов", en: "packet loss")
        case .clockOffset:
            Wording(
                kk: "сағаттың дәл уақыттан ауытқуы", ru: "отклонение часов от точного времени",
                en: "clock offset")
        case .downtime:
            Wording(
                kk: "жылдық тұрып қалу уақыты", ru: "время простоя за год", en: "yearly downtime")
        }
    }

    /// A name short enough for the head of a narrow column.
    public var short: Wording {
        switch self {
        case .resolution: Wording(kk: "айыру", ru: "разреш.", en: "resolution")
        case .bitrate: Wording(kk: "битрейт", ru: "битрейт", en: "bitrate")
        case .frameRate: Wording(kk: "кадр/с", ru: "кадр/с", en: "frames/s")
        case .loss: Wording(kk: "жоғалу", ru: "потери", en: "loss")
        case .clockOffset: Wording(kk: "сағат", ru: "часы", en: "clock")
        case .downtime: Wording(kk: "тұрып қалу", ru: "простой", en: "downtime")
        }
    }

    /// Where the order says so.
    public var citation: Citation {
        switch self {
        case .resolution: Citation(annex: 2, point: 1, subpoint: 1)
        case .bitrate: Citation(annex: 2, point: 1, subpoint: 2)
        case .frameRate: Citation(annex: 2, point: 1, subpoint: 3)
        case .loss: Citation(annex: 2, point: 1, subpoint: 4)
        case .clockOffset: Citation(annex: 2, point: 6, subpoint: 2)
        case .downtime: Citation(annex: 2, point: 7, subpoint: 5)
        }
    }

    /// The rule with `limit`, a figure with its unit: `packet loss not above 20 %`.
    public func rule(limit: String, _ language: Language) -> String {
        let name = text(language)
        let isLowest =
            switch self {
            case .resolution, .bitrate, .frameRate: true
            case .loss, .clockOffset, .downtime: false
            }
        return switch (language, isLowest) {
        case (.kazakh, true): "\(name) – кемінде \(limit)"
        case (.kazakh, false): "\(name) – ең көбі \(limit)"
        case (.russian, true): "\(name) – не менее \(limit)"
        case (.russian, false): "\(name) – не более \(limit)"
        case (.english, true): "\(name) not below \(limit)"
        case (.english, false): "\(name) not above \(limit)"
        }
    }
}
