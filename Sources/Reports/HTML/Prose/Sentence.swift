// SPDX-License-Identifier: Apache-2.0

/// Fixed sentences and labels of the page.
enum Sentence: Phrase {
    case met, breached, undecidable
    case provisional, revision, forWhom, dataUntil, zone, issuedBy
    case keyAvailability, keyDowntime, keyOutages, keyCoverage, keyCameras
    case brokenCriteria, noBrokenCriteria, changes, noChanges, worst, noWorst, identity
    case budgetOf, perYear, more, none, parties, channels, sites, cameras, system
    case criteriaTable, camerasQuality, incidentCounts, causes, byResponsible, longest, notYet
    case acknowledgedUnknown, afterTheFact, countsAnyway, revoked, clocksOf, noClock
    case unencrypted, encrypted, unseen, openChannels, certificates, certificatesUnknown
    case journalEvents, method, definitions, rules, rulesChanged, versions, confirm, clear, window
    case silence, interval, ok, wrong, outlookNone, exhausted, annexTable, annexLost, annexElsewhere
    case differences, differencesUnknown, contents, page, withinYear, everyone
    case overdrawn, calendar, breachTrends, issue, wholeReport, differencesElsewhere
    case periodOpen, dataIncomplete, runsOutOn, annexStalls, stallsExplained, stall

    var wording: Wording {
        switch self {
        case .met, .breached, .undecidable, .provisional, .revision, .forWhom, .dataUntil, .zone,
            .issuedBy,
            .contents, .page, .everyone, .issue, .wholeReport, .periodOpen, .dataIncomplete:
            heading
        case .keyAvailability, .keyDowntime, .keyOutages, .keyCoverage, .keyCameras, .overdrawn,
            .brokenCriteria, .noBrokenCriteria, .changes, .noChanges, .worst, .noWorst, .identity:
            summary
        case .budgetOf, .perYear, .more, .none, .parties, .channels, .sites,
            .cameras, .system, .criteriaTable, .camerasQuality, .withinYear, .calendar,
            .breachTrends, .runsOutOn:
            tables
        case .incidentCounts, .causes, .byResponsible, .longest, .notYet, .acknowledgedUnknown,
            .afterTheFact, .countsAnyway, .revoked, .clocksOf, .noClock, .unencrypted, .encrypted,
            .unseen, .openChannels, .certificates, .certificatesUnknown, .journalEvents:
            events
        default: method
        }
    }

    private var heading: Wording {
        switch self {
        case .met:
            Wording(
                kk: "Тұрып қалу уақытына қойылатын талап орындалды",
                ru: "Требование к времени простоя соблюдено",
                en: "The requirement on downtime was met")
        case .breached:
            Wording(
                kk: "Тұрып қалу уақытына қойылатын талап бұзылды",
                ru: "Требование к времени простоя нарушено",
                en: "The requirement on downtime was breached")
        case .undecidable:
            Wording(
                kk: "Қорытынды жасау мүмкін емес: бақылау деректері жеткіліксіз",
                ru: "Заключение невозможно: данных наблюдения недостаточно",
                en: "No verdict can be given: too little was observed")
        case .provisional:
            Wording(kk: "Алдын ала есеп", ru: "Предварительный отчёт", en: "Provisional report")
        case .revision: Wording(kk: "Басылым", ru: "Выпуск", en: "Revision")
        case .forWhom: Wording(kk: "Алушы", ru: "Получатель", en: "For")
        case .dataUntil:
            Wording(
                kk: "Деректер осы уақытқа дейін толық", ru: "Данные полны до",
                en: "Data complete until")
        case .zone: Wording(kk: "Сағат белдеуі", ru: "Часовой пояс", en: "Time zone")
        case .issuedBy: Wording(kk: "Бағдарлама", ru: "Программа", en: "Program")
        case .contents: Wording(kk: "Мазмұны", ru: "Содержание", en: "Contents")
        case .issue: Wording(kk: "шығарылым", ru: "издание", en: "issue")
        case .wholeReport: Wording(kk: "Есеп", ru: "Отчёт", en: "The report")
        case .periodOpen:
            Wording(
                kk: "кезең аяқталған жоқ", ru: "период не завершён", en: "the period has not ended")
        case .dataIncomplete:
            Wording(
                kk: "деректер толық түскен жоқ", ru: "данные поступили не полностью",
                en: "data are still awaited")
        case .everyone: Wording(kk: "бүкіл жүйе", ru: "вся система", en: "the whole system")
        default: Wording(kk: "бет", ru: "стр.", en: "page")
        }
    }

    private var summary: Wording {
        switch self {
        case .keyAvailability: Wording(kk: "Қолжетімділік", ru: "Доступность", en: "Availability")
        case .keyDowntime:
            Wording(
                kk: "Тұрып қалу (камералар бойынша жиыны)", ru: "Простой (сумма по камерам)",
                en: "Downtime (sum over cameras)")
        case .keyOutages: Wording(kk: "Инциденттер", ru: "Инциденты", en: "Incidents")
        case .keyCoverage:
            Wording(kk: "Бақылаумен қамтылу", ru: "Охват наблюдением", en: "Coverage")
        case .keyCameras:
            Wording(
                kk: "Лимиттен аспаған камералар", ru: "Камеры в пределах лимита",
                en: "Cameras within budget")
        case .overdrawn: Wording(kk: "Лимиттен асқандар", ru: "Превысили лимит", en: "Exceeded")
        case .brokenCriteria:
            Wording(
                kk: "2-қосымшаның бұзылған талаптары", ru: "Нарушены требования приложения 2",
                en: "Requirements of annex 2 that were broken")
        case .noBrokenCriteria:
            Wording(
                kk: "Бағаланған бейнекамералардың сапасы 2-қосымшаның талаптарына сай.",
                ru: "Качество у оценённых видеокамер соответствует требованиям приложения 2.",
                en: "The cameras judged kept the quality requirements of annex 2.")
        case .changes:
            Wording(
                kk: "Алдыңғы кезеңмен салыстыру", ru: "По сравнению с предыдущим периодом",
                en: "Against the last period")
        case .noChanges:
            Wording(
                kk: "Алдыңғы кезеңнің деректері жоқ.", ru: "Данных за предыдущий период нет.",
                en: "There are no data of the last period.")
        case .worst:
            Wording(
                kk: "Ең нашар бес бейнекамера", ru: "Пять худших видеокамер",
                en: "The five worst cameras")
        case .noWorst:
            Wording(
                kk: "Тұрып қалған немесе бақылаусыз қалған бейнекамера жоқ.",
                ru: "Видеокамер с простоем или без наблюдения нет.",
                en: "No camera was down or unobserved.")
        default:
            Wording(
                kk: "Күйлердің қосындысы кезеңге тең", ru: "Сумма состояний равна периоду",
                en: "The states add up to the period")
        }
    }

    private var tables: Wording {
        switch self {
        case .budgetOf:
            Wording(
                kk: "Күнтізбелік жылғы тұрып қалу лимиті",
                ru: "Лимит простоя на календарный год", en: "Downtime budget of the calendar year")
        case .perYear: Wording(kk: "жылына", ru: "в год", en: "a year")
        case .more: Wording(kk: "Тағы", ru: "Ещё", en: "Further")
        case .none: Wording(kk: "Жоқ.", ru: "Нет.", en: "None.")
        case .parties:
            Wording(
                kk: "Қатысушылар бойынша (камералар жиыны)",
                ru: "По участникам (сумма по камерам)", en: "By party (sum over cameras)")
        case .channels: Wording(kk: "Байланыс арналары", ru: "Каналы связи", en: "Channels")
        case .sites: Wording(kk: "Объектілер", ru: "Объекты", en: "Sites")
        case .cameras: Wording(kk: "Бейнекамералар", ru: "Видеокамеры", en: "Cameras")
        case .system: Wording(kk: "Барлығы", ru: "Всего", en: "All together")
        case .criteriaTable:
            Wording(
                kk: "Талаптар бойынша", ru: "По требованиям", en: "Criterion by criterion")
        case .camerasQuality:
            Wording(
                kk: "Бейнекамералар бойынша көрсеткіштер", ru: "Показатели видеокамер",
                en: "Figures of the cameras")
        case .calendar:
            Wording(
                kk: "Күндер бойынша тұрып қалу (бір бейнекамераға шаққанда)",
                ru: "Простой по дням (в среднем на видеокамеру)",
                en: "Downtime day by day (mean of a camera)")
        case .runsOutOn:
            Wording(kk: "таусылады:", ru: "исчерпается:", en: "runs out:")
        case .breachTrends:
            Wording(
                kk: "Бір бейнекамераға шаққандағы бұзылу уақыты",
                ru: "Время нарушения в среднем на видеокамеру",
                en: "Time in breach of a mean camera")
        default:
            Wording(
                kk: "Жыл басынан кезең соңына дейін", ru: "С начала года до конца периода",
                en: "From the year's start to the period's end")
        }
    }

    private var events: Wording {
        switch self {
        case .incidentCounts:
            Wording(kk: "Инциденттер саны", ru: "Число инцидентов", en: "Number of incidents")
        case .causes: Wording(kk: "Себептері бойынша", ru: "По причинам", en: "By root cause")
        case .byResponsible:
            Wording(kk: "Жауаптылар бойынша", ru: "По ответственным", en: "By responsible party")
        case .longest: Wording(kk: "Ең ұзақтары", ru: "Самые долгие", en: "The longest")
        case .notYet: Wording(kk: "жалғасуда", ru: "продолжается", en: "still open")
        case .acknowledgedUnknown:
            Wording(
                kk: "Қабылдау уақыты тіркелмейді: бұл тізім өлшемдерден алынған тұрып қалулар.",
                ru:
                    "Время принятия в работу не фиксируется: приведены простои по данным измерений.",
                en: "Acknowledgement is not recorded: these are outages taken from measurements.")
        case .afterTheFact:
            Wording(
                kk: "жұмыс басталғаннан кейін енгізілген", ru: "внесено после начала работ",
                en: "declared after the fact")
        case .countsAnyway:
            Wording(
                kk:
                    "Жоспарлы жұмыстар кезіндегі тұрып қалу да лимитке кіреді (2-қосымша, 7-тармақ, "
                    + "5) тармақша).",
                ru:
                    "Простой при плановых работах также входит в лимит (приложение 2, п. 7, подп. 5).",
                en: "Downtime under planned works counts against the budget too (annex 2, point 7, "
                    + "sub-point 5).")
        case .revoked: Wording(kk: "күші жойылған", ru: "отозвано", en: "revoked")
        case .clocksOf:
            Wording(
                kk: "Сағатының ауытқуы ең көп бейнекамералар",
                ru: "Видеокамеры с наибольшим отклонением часов",
                en: "Cameras whose clocks were furthest off")
        case .noClock:
            Wording(
                kk: "Сағаты туралы дерегі жоқ бейнекамералар саны",
                ru: "Видеокамер без данных о часах", en: "Cameras that told nothing of their clock")
        case .unencrypted:
            Wording(
                kk: "Шифрланбай берілген бейнеағындар", ru: "Видеопотоки без шифрования",
                en: "Video streams seen unencrypted")
        case .encrypted:
            Wording(
                kk: "Тек шифрланып берілген бейнеағындар",
                ru: "Видеопотоки, передававшиеся только с шифрованием",
                en: "Video streams always encrypted")
        case .unseen:
            Wording(
                kk: "Бақыланбаған немесе шифрлануы белгісіз бейнеағындар",
                ru: "Видеопотоки без наблюдения или без полных данных о шифровании",
                en: "Video streams not seen, or of which it is not known")
        case .openChannels:
            Wording(
                kk: "Тізілім бойынша шифрланбаған байланыс арналары",
                ru: "Каналы связи без шифрования по реестру",
                en: "Channels that the registry says are not encrypted")
        case .certificates:
            Wording(
                kk: "Қолданылу мерзімі аяқталатын сертификаттар",
                ru: "Сертификаты с истекающим сроком действия",
                en: "Expiring certificates")
        case .certificatesUnknown:
            Wording(
                kk: "сертификаттар тексерілген жоқ", ru: "сертификаты не проверялись",
                en: "no certificate was checked")
        default:
            Wording(
                kk: "Журналдағы оқиғалар", ru: "События журнала", en: "Events in the journal")
        }
    }

    private var method: Wording {
        switch self {
        case .method: Wording(kk: "Қамтылу", ru: "Охват", en: "Coverage")
        case .definitions:
            Wording(
                kk: "Көрсеткіштердің анықтамасы", ru: "Определения показателей",
                en: "Definitions of the figures")
        case .rules:
            Wording(kk: "Қолданылған ережелер", ru: "Действовавшие правила", en: "Rules in force")
        case .rulesChanged:
            Wording(
                kk: "Шекті мәндердің бірнеше жиыны қолданылды: келісімдер немесе мерзімдер бойынша",
                ru: "Действовало несколько наборов норм: по соглашениям или по срокам",
                en: "There are several sets of limits, by agreement or by time")
        case .versions: Wording(kk: "Нұсқалар", ru: "Версии", en: "Versions")
        case .confirm:
            Wording(kk: "Бұзылуды растау", ru: "Подтверждение нарушения", en: "Confirmed after")
        case .clear:
            Wording(
                kk: "Қалпына келуді растау", ru: "Подтверждение восстановления", en: "Cleared after"
            )
        case .window:
            Wording(
                kk: "Битрейт пен кадр жиілігін орташалау терезесі",
                ru: "Окно усреднения битрейта и частоты кадров",
                en: "Window of bitrate and frame rate")
        case .silence: Wording(kk: "Деректердің болмауы", ru: "Отсутствие данных", en: "Silence")
        case .interval:
            Wording(kk: "Өлшеу аралығы", ru: "Интервал измерения", en: "Measuring interval")
        case .ok: Wording(kk: "тең", ru: "сходится", en: "they do")
        case .wrong: Wording(kk: "тең емес", ru: "не сходится", en: "they do not")
        case .outlookNone:
            Wording(
                kk: "Қазіргі қарқын сақталса, жыл соңына дейін ешбір лимит таусылмайды.",
                ru: "При нынешнем темпе ни один лимит до конца года не будет исчерпан.",
                en: "At the present rate nobody runs out of budget within the year.")
        case .exhausted: Wording(kk: "таусылған", ru: "исчерпан", en: "used up")
        case .annexTable:
            Wording(
                kk: "Әр бейнекамера бойынша", ru: "По каждой видеокамере", en: "Camera by camera")
        case .annexLost:
            Wording(
                kk: "Жоғалған уақыт аралықтары", ru: "Интервалы потерянного времени",
                en: "The interval of every lost second")
        case .annexStalls:
            Wording(
                kk: "Кескіннің тоқтап қалуы", ru: "Остановки изображения",
                en: "Stalls of the picture")
        case .stallsExplained:
            Wording(
                kk: "Екі кадр арасында 1 секундтан 30 секундқа дейін уақыт өткен: бұл тұрып қалу "
                    + "уақытына жатпайды. Әр тәуліктегі (қысқа кезеңде әр сағаттағы) ең ұзағы, "
                    + "кескін қайта жүрген өлшеу аралығы және тоқтап қалу болған аралықтардың саны "
                    + "көрсетілген.",
                ru: "Между двумя кадрами прошло от 1 до 30 секунд: простоем это не считается. "
                    + "За каждые сутки (в коротком периоде за каждый час) указаны самая долгая "
                    + "остановка, интервал измерения, в котором изображение возобновилось, и число "
                    + "интервалов с остановками.",
                en: "Between two frames 1 to 30 seconds passed, which is no downtime. Of each day "
                    + "(of each hour in a short period) the longest is given, with the interval of "
                    + "measurement in which the picture went on, and the number of intervals with "
                    + "a stall.")
        case .stall:
            Wording(kk: "Кескін тоқтап қалды:", ru: "Остановка изображения:", en: "Stall of")
        case .annexElsewhere:
            Wording(
                kk: "Жүйе үлкен: бейнекамералар мен аралықтардың тізімі CSV файлдарында берілген",
                ru: "Система велика: перечень видеокамер и интервалов приведён в файлах CSV",
                en: "The system is large: cameras and intervals are listed in the CSV files")
        case .differences:
            Wording(
                kk: "Алдыңғы басылымнан айырмашылығы", ru: "Отличия от предыдущего выпуска",
                en: "Differences from the revision before")
        case .differencesElsewhere:
            Wording(
                kk: "Көрсеткіштер өзгерген жоқ: айырмашылық атауларда, себептерде немесе журнал "
                    + "жазбаларында.",
                ru: "Показатели не изменились: отличия в наименованиях, причинах или записях "
                    + "журнала.",
                en: "No figure changed: what differs are names, reasons or entries of the journal.")
        default:
            Wording(
                kk: "Алдыңғы басылымның көрсеткіштері жоқ; кесте жасалмады.",
                ru: "Показатели предыдущего выпуска отсутствуют; таблица не составлена.",
                en: "The figures of the revision before are not at hand; there is no table.")
        }
    }
}

/// How a verdict is printed in a table's cell.
extension Statement.VerdictCode {
    var name: Wording {
        switch self {
        case .met: Wording(kk: "сақталды", ru: "соблюдено", en: "met")
        case .breached: Wording(kk: "бұзылды", ru: "нарушено", en: "breached")
        case .undecidable: Wording(kk: "анықталмады", ru: "невозможно", en: "undecidable")
        }
    }
}
