// SPDX-License-Identifier: Apache-2.0
public import Registry

/// What the journal's events are called in a report; the raw value is the journal's own name.
public enum EventName: String, Phrase {
    case ledgerCreated = "ledger-created"
    case ledgerOpened = "ledger-opened"
    case ledgerClosed = "ledger-closed"
    case ledgerRestored = "ledger-restored"
    case ledgerRepaired = "ledger-repaired"
    case workAdded = "work-added"
    case workEnded = "work-ended"
    case exclusionAdded = "exclusion-added"
    case exclusionRevoked = "exclusion-revoked"
    case reportIssued = "report-issued"
    case registryChanged = "registry-changed"
    case agreementChanged = "agreement-changed"
    case clockStepped = "clock-stepped"
    case conflictQuarantined = "conflict-quarantined"

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .ledgerCreated:
            Wording(
                kk: "өлшемдер қоймасы құрылды", ru: "создано хранилище измерений",
                en: "ledger created")
        case .ledgerOpened:
            Wording(
                kk: "өлшемдер қоймасы жазу үшін ашылды",
                ru: "хранилище измерений открыто для записи", en: "ledger opened for writing")
        case .ledgerClosed:
            Wording(
                kk: "өлшемдер қоймасы тәртіппен жабылды",
                ru: "хранилище измерений закрыто в штатном порядке", en: "ledger closed in order")
        case .ledgerRestored:
            Wording(
                kk: "өлшемдер қоймасы резервтік көшірмеден қалпына келтірілді",
                ru: "хранилище измерений восстановлено из резервной копии",
                en: "ledger restored from a backup")
        case .ledgerRepaired:
            Wording(
                kk: "өлшемдер қоймасының ақауы түзетілді",
                ru: "исправлено повреждение хранилища измерений", en: "ledger repaired")
        case .workAdded:
            Wording(
                kk: "жоспарлы регламенттік жұмыс енгізілді",
                ru: "внесена плановая регламентная работа", en: "planned work entered")
        case .workEnded:
            Wording(
                kk: "жоспарлы регламенттік жұмыс мерзімінен бұрын аяқталды",
                ru: "плановая регламентная работа завершена досрочно",
                en: "planned work ended early")
        case .exclusionAdded:
            Wording(
                kk: "уақытты есепке алмау туралы жазба енгізілді",
                ru: "внесено исключение из учёта", en: "exclusion entered")
        case .exclusionRevoked:
            Wording(
                kk: "уақытты есепке алмау туралы жазбаның күші жойылды",
                ru: "исключение из учёта отозвано", en: "exclusion revoked")
        case .reportIssued: Wording(kk: "есеп шығарылды", ru: "выпущен отчёт", en: "report issued")
        case .registryChanged:
            Wording(kk: "тізілім өзгертілді", ru: "изменён реестр", en: "registry changed")
        case .agreementChanged:
            Wording(
                kk: "шекті мәндер немесе бағалау қағидалары өзгертілді",
                ru: "изменены предельные значения или правила оценки",
                en: "thresholds or judging rules changed")
        case .clockStepped:
            Wording(
                kk: "өлшеу құралының сағаты түзетілді",
                ru: "скорректированы часы средства измерения",
                en: "the probe's clock was set")
        case .conflictQuarantined:
            Wording(
                kk: "бұрынғы деректерге қайшы жазбалар оқшауланды",
                ru: "изолированы записи, противоречащие сохранённым",
                en: "records that contradict kept ones put aside")
        }
    }

    /// The text for a journal's `name`, or the name itself if this version does not know it.
    public static func text(_ name: String, _ language: Language) -> String {
        EventName(rawValue: name)?.text(language) ?? name
    }
}
