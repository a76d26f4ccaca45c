// SPDX-License-Identifier: Apache-2.0

/// Words of the order (paragraph 2 of the Rules) and of this report, as a table or a sentence's
/// subject names them: in the nominative, in small letters unless a name.
public enum Term: Phrase {
    /// ¶2.5.
    case nationalSystem
    /// ¶2.4.
    case coordinator
    /// ¶2.11.
    case technicalOperator
    /// ¶2.6.
    case networkOperator
    /// ¶2.1.
    case subscriber
    /// ¶2.7.
    case user
    /// ¶2.8.
    case registry
    /// A subscriber's cameras and servers at one object.
    case videoSystem
    /// A video system, where there is room for one word.
    case site
    /// ¶10.
    case channel
    case camera
    /// ¶2.13.
    case dataCentre
    /// ¶9.
    case connectionAct
    /// ¶10, ¶25.
    case agreement
    /// ¶16.6, ¶17.4.
    case dutyService
    /// Where a probe listens.
    case vantage
    case probe
    case ledger
    case journal
    case measurement
    case interval
    case period
    case downtime
    case availability
    case coverage
    case budget
    case verdict
    case outage
    case incident
    case plannedWork
    case exclusion
    case party
    case responsible
    case address
    case objectClass
    case fibre
    case wireless
    case mainLine
    case reserveLine

    /// The text in every language.
    public var wording: Wording {
        switch self {
        case .nationalSystem:
            Wording(
                kk: "Ұлттық бейнемониторинг жүйесі", ru: "Национальная система видеомониторинга",
                en: "National Video Monitoring System")
        case .coordinator: Wording(kk: "үйлестіруші", ru: "координатор", en: "coordinator")
        case .technicalOperator:
            Wording(
                kk: "техникалық оператор", ru: "технический оператор", en: "technical operator")
        case .networkOperator:
            Wording(
                kk: "деректерді беру желісінің операторы", ru: "оператор сети передачи данных",
                en: "network operator")
        case .subscriber: Wording(kk: "абонент", ru: "абонент", en: "subscriber")
        case .user: Wording(kk: "пайдаланушы", ru: "пользователь", en: "user")
        case .registry: Wording(kk: "тізілім", ru: "реестр", en: "registry")
        case .videoSystem:
            Wording(kk: "бейнебақылау жүйесі", ru: "система видеонаблюдения", en: "video system")
        case .site: Wording(kk: "объект", ru: "объект", en: "site")
        case .channel: Wording(kk: "байланыс арнасы", ru: "канал связи", en: "channel")
        case .camera: Wording(kk: "бейнекамера", ru: "видеокамера", en: "camera")
        case .dataCentre:
            Wording(
                kk: "деректерді өңдеу орталығы", ru: "центр обработки данных", en: "data centre")
        case .connectionAct: Wording(kk: "қосу актісі", ru: "акт подключения", en: "connection act")
        case .agreement:
            Wording(
                kk: "өзара іс-қимыл туралы келісім", ru: "соглашение о взаимодействии",
                en: "agreement")
        case .dutyService:
            Wording(kk: "кезекшілік қызметі", ru: "дежурная служба", en: "duty service")
        case .vantage: Wording(kk: "өлшеу нүктесі", ru: "точка измерения", en: "vantage")
        case .probe: Wording(kk: "өлшеу құралы", ru: "средство измерения", en: "probe")
        case .ledger: Wording(kk: "өлшемдер қоймасы", ru: "хранилище измерений", en: "ledger")
        case .journal: Wording(kk: "оқиғалар журналы", ru: "журнал событий", en: "journal")
        case .measurement: Wording(kk: "өлшем", ru: "измерение", en: "measurement")
        case .interval: Wording(kk: "өлшеу аралығы", ru: "интервал измерения", en: "interval")
        case .period: Wording(kk: "есепті кезең", ru: "отчётный период", en: "period")
        case .downtime: Wording(kk: "тұрып қалу уақыты", ru: "время простоя", en: "downtime")
        case .availability: Wording(kk: "қолжетімділік", ru: "доступность", en: "availability")
        case .coverage:
            Wording(kk: "бақылаумен қамтылу", ru: "охват наблюдением", en: "coverage")
        case .budget:
            Wording(
                kk: "тұрып қалу уақытының лимиті", ru: "лимит времени простоя",
                en: "downtime budget")
        case .verdict: Wording(kk: "қорытынды", ru: "заключение", en: "verdict")
        case .outage: Wording(kk: "тұрып қалу", ru: "простой", en: "outage")
        case .incident: Wording(kk: "инцидент", ru: "инцидент", en: "incident")
        case .plannedWork:
            Wording(
                kk: "жоспарлы регламенттік жұмыстар", ru: "плановые регламентные работы",
                en: "planned works")
        case .exclusion: Wording(kk: "есепке алмау", ru: "исключение из учёта", en: "exclusion")
        case .party: Wording(kk: "қатысушы", ru: "участник", en: "party")
        case .responsible: Wording(kk: "жауапты", ru: "ответственный", en: "responsible")
        case .address: Wording(kk: "мекенжай", ru: "адрес", en: "address")
        case .objectClass:
            Wording(kk: "объектінің сыныбы", ru: "класс объекта", en: "object class")
        case .fibre:
            Wording(
                kk: "оптикалық-талшықты желі", ru: "волоконно-оптическая линия",
                en: "optical fibre")
        case .wireless:
            Wording(kk: "сымсыз желі", ru: "беспроводная сеть", en: "wireless")
        case .mainLine: Wording(kk: "негізгі", ru: "основной", en: "main")
        case .reserveLine: Wording(kk: "резервтік", ru: "резервный", en: "reserve")
        }
    }
}
