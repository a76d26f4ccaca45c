// SPDX-License-Identifier: Apache-2.0
public import Registry

/// What a report is called and which paragraph of the Rules asks for it.
public enum ReportTitle: Phrase {
    /// The technical operator's to the coordinator (¶16.2).
    case system
    /// A network operator's to the technical operator (¶17.2).
    case channels
    /// About one subscriber's video systems (¶18.2).
    case videoSystems

    /// The title in full.
    public var wording: Wording {
        switch self {
        case .system:
            Wording(
                kk: "Ұлттық бейнемониторинг жүйесінің жұмыс істеуі туралы кешенді есеп",
                ru: "Комплексный отчёт о функционировании Национальной системы видеомониторинга",
                en: "Comprehensive report on the functioning of the National Video Monitoring "
                    + "System")
        case .channels:
            Wording(
                kk: "Байланыс арналарының жұмыс істеуі туралы кешенді есеп",
                ru: "Комплексный отчёт о функционировании каналов связи",
                en: "Comprehensive report on the functioning of channels")
        case .videoSystems:
            Wording(
                kk: "Абоненттің бейнебақылау жүйелерінің жұмыс істеуі туралы есеп",
                ru: "Отчёт о функционировании систем видеонаблюдения абонента",
                en: "Report on the functioning of a subscriber's video systems")
        }
    }

    /// The paragraph of the Rules that the report answers to.
    public var citation: Citation {
        switch self {
        case .system: Citation(point: 16, subpoint: 2)
        case .channels: Citation(point: 17, subpoint: 2)
        case .videoSystems: Citation(point: 18, subpoint: 2)
        }
    }

    /// One sentence: under which paragraph the report was made.
    public func basis(_ language: Language) -> String {
        let (point, subpoint) = (citation.point, citation.subpoint ?? 0)
        return language.choose(
            kk: "Есеп Қағидалардың \(point)-тармағының \(subpoint)) тармақшасына сәйкес жасалды.",
            ru: "Отчёт составлен в соответствии с подпунктом \(subpoint)) пункта \(point) Правил.",
            en: "Made under paragraph \(point), sub-paragraph \(subpoint), of the Rules.")
    }

    /// What "the Rules" and "annex 2" in a report refer to.
    public static let rules = Wording(
        kk: "Қағидалар – Қазақстан Республикасы Ұлттық қауіпсіздік комитеті Төрағасының 2020 жылғы "
            + "27 қазандағы №\u{a0}69-қе бұйрығымен бекітілген Ұлттық бейнемониторинг жүйесінің жұмыс "
            + "істеу қағидалары (Қазақстан Республикасының Әділет министрлігінде 2020 жылғы "
            + "30 қарашада №\u{a0}21693 болып тіркелген). 2-қосымша – Қағидаларға 2-қосымша, "
            + "«Бейнебақылау жүйелерінің минималды техникалық шарттары».",
        ru:
            "Правила – Правила функционирования Национальной системы видеомониторинга, утверждённые "
            + "приказом Председателя Комитета национальной безопасности Республики Казахстан от "
            + "27 октября 2020 года №\u{a0}69-қе (зарегистрирован в Министерстве юстиции Республики "
            + "Казахстан 30 ноября 2020 года под №\u{a0}21693). Приложение 2 – приложение 2 к Правилам, "
            + "«Минимальные технические условия систем видеонаблюдения».",
        en: "The Rules are the Rules for the functioning of the National Video Monitoring System, "
            + "approved by Order No.\u{a0}69-қе of the Chairman of the National Security Committee of "
            + "the Republic of Kazakhstan of 27 October 2020 (registered by the Ministry of Justice "
            + "on 30 November 2020 under No.\u{a0}21693). Annex 2 is annex 2 to the Rules, \"Minimum "
            + "technical conditions of video surveillance systems\".")
}
