// SPDX-License-Identifier: Apache-2.0
public import Registry

/// The parts of a report on functioning, in the order in which they stand.
public enum SectionTitle: Int, Phrase {
    /// One page: the verdict in words, what changed, the five worst.
    case summary = 1
    /// The 50 h of every channel, site and camera.
    case availability
    /// Against annex 2, criterion by criterion.
    case quality
    case incidents
    case plannedWorks
    case exclusions
    case clocks
    case security
    /// How the numbers came about.
    case method
    /// Who runs out of the budget when.
    case outlook
    /// Every camera, every lost second.
    case annex

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .summary:
            Wording(kk: "Қысқаша қорытынды", ru: "Краткие итоги", en: "Summary")
        case .availability:
            Wording(
                kk: "Қолжетімділік және 50 сағаттық тұрып қалу лимиті",
                ru: "Доступность и лимит простоя в 50 часов",
                en: "Availability and the 50-hour downtime budget")
        case .quality:
            Wording(
                kk: "Бейнеағындар сапасының 2-қосымша талаптарына сәйкестігі",
                ru: "Соответствие качества видеопотоков требованиям приложения 2",
                en: "Quality of video streams against annex 2")
        case .incidents:
            Wording(
                kk: "Инциденттер және тұрып қалулар", ru: "Инциденты и простои",
                en: "Incidents and outages")
        case .plannedWorks:
            Wording(
                kk: "Жоспарлы регламенттік жұмыстар", ru: "Плановые регламентные работы",
                en: "Planned works")
        case .exclusions:
            Wording(
                kk: "Есепке алынбайтын уақыт", ru: "Время, исключённое из учёта",
                en: "Exclusions")
        case .clocks:
            Wording(
                kk: "Дәл уақытты синхрондау", ru: "Синхронизация точного времени",
                en: "Clock synchronisation")
        case .security:
            Wording(
                kk: "Ақпараттық қауіпсіздік", ru: "Информационная безопасность",
                en: "Information security")
        case .method:
            Wording(
                kk: "Бақылаумен қамтылу, есептеу әдісі және формулалар",
                ru: "Охват наблюдением, метод расчёта и формулы",
                en: "Coverage, method and formulas")
        case .outlook: Wording(kk: "Болжам", ru: "Прогноз", en: "Outlook")
        case .annex:
            Wording(
                kk: "Қосымша. Бейнекамералар бойынша деректер",
                ru: "Приложение. Данные по видеокамерам", en: "Annex. Data by camera")
        }
    }

    /// The heading as printed: the number, a full stop, the title; the annex has no number.
    public func heading(_ language: Language) -> String {
        self == .annex ? text(language) : "\(rawValue). \(text(language))"
    }
}
