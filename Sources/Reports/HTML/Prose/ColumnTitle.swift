// SPDX-License-Identifier: Apache-2.0

/// What stands over a column, and which definition explains it.
enum ColumnTitle: Phrase {
    case identity, name, cameras, availability, coverage, downtime, outages, longest
    case used, left, verdict, runsOut, basis
    case site, channel, limit, met, breached, notJudged, timeInBreach, worst
    case loss, lossyIntervals, bitrate, frameRate, resolution, clockLeast, clockGreatest
    case jitter, gap, subject, when, duration, cause, responsible, touched
    case count, time, what, enteredBy, mark, reason, document, camera
    case state, evidence, figure, before, after, event, actor, about, strip, criterion, value, part
    case stalls

    var wording: Wording {
        switch self {
        case .identity, .name, .cameras, .site, .channel, .camera, .subject:
            things
        case .availability, .coverage, .downtime, .outages, .longest, .used, .left,
            .verdict, .runsOut, .basis, .limit, .met, .breached, .notJudged, .timeInBreach, .worst:
            account
        case .loss, .lossyIntervals, .bitrate, .frameRate, .resolution, .clockLeast,
            .clockGreatest, .jitter, .gap, .criterion:
            quality
        default: events
        }
    }

    private var things: Wording {
        switch self {
        case .identity: Wording(kk: "Белгісі", ru: "Обозначение", en: "Identity")
        case .name: Wording(kk: "Атауы", ru: "Наименование", en: "Name")
        case .cameras: Wording(kk: "Камералар саны", ru: "Число камер", en: "Cameras")
        case .site: Wording(kk: "Объект", ru: "Объект", en: "Site")
        case .channel: Wording(kk: "Байланыс арнасы", ru: "Канал связи", en: "Channel")
        case .camera: Wording(kk: "Бейнекамера", ru: "Видеокамера", en: "Camera")
        default: Wording(kk: "Жүйе элементі", ru: "Элемент системы", en: "Subject")
        }
    }

    private var account: Wording {
        switch self {
        case .availability: Wording(kk: "Қолжетімділік", ru: "Доступность", en: "Availability")
        case .coverage: Wording(kk: "Қамтылу", ru: "Охват", en: "Coverage")
        case .downtime: Wording(kk: "Тұрып қалу", ru: "Простой", en: "Downtime")
        case .outages:
            Wording(kk: "Тұрып қалу саны", ru: "Число простоев", en: "Outages")
        case .longest: Wording(kk: "Ең ұзағы", ru: "Самый долгий", en: "Longest")
        case .used: Wording(kk: "Жыл басынан", ru: "С начала года", en: "Used in year")
        case .left: Wording(kk: "Қалды", ru: "Остаток", en: "Left")
        case .verdict: Wording(kk: "Қорытынды", ru: "Заключение", en: "Verdict")
        case .runsOut: Wording(kk: "Таусылатын күні", ru: "Дата исчерпания", en: "Runs out")
        case .basis: Wording(kk: "Есептеу кезеңі", ru: "По данным за", en: "At the rate of")
        case .limit: Wording(kk: "Шек", ru: "Норма", en: "Limit")
        case .met: Wording(kk: "Сақталды", ru: "Соблюдено", en: "Met")
        case .breached: Wording(kk: "Бұзылды", ru: "Нарушено", en: "Breached")
        case .notJudged: Wording(kk: "Бағаланбады", ru: "Не оценено", en: "Not judged")
        case .timeInBreach:
            Wording(kk: "Бұзылу уақыты", ru: "Время нарушения", en: "Time in breach")
        default: Wording(kk: "Ең нашарлары", ru: "Наихудшие", en: "Worst")
        }
    }

    private var quality: Wording {
        switch self {
        case .loss: Wording(kk: "Жоғалу", ru: "Потери", en: "Loss")
        case .lossyIntervals:
            Wording(
                kk: "Шектен асқан аралықтар", ru: "Интервалов сверх нормы", en: "Intervals above")
        case .bitrate: Wording(kk: "Битрейт", ru: "Битрейт", en: "Bitrate")
        case .frameRate: Wording(kk: "Кадр жиілігі", ru: "Частота кадров", en: "Frame rate")
        case .resolution: Wording(kk: "Айыру қабілеті", ru: "Разрешение", en: "Resolution")
        case .clockLeast:
            Wording(kk: "Ең аз ауытқу", ru: "Наименьшее отклонение", en: "Least offset")
        case .clockGreatest:
            Wording(kk: "Ең көп ауытқу", ru: "Наибольшее отклонение", en: "Greatest offset")
        case .jitter:
            Wording(kk: "Джиттер 50/95/99 %", ru: "Джиттер 50/95/99 %", en: "Jitter 50/95/99 %")
        case .gap: Wording(kk: "Ең үлкен үзіліс", ru: "Наибольший разрыв", en: "Largest gap")
        default: Wording(kk: "Талап", ru: "Требование", en: "Criterion")
        }
    }

    private var events: Wording {
        switch self {
        case .when: Wording(kk: "Күні мен уақыты", ru: "Дата и время", en: "When")
        case .duration: Wording(kk: "Ұзақтығы", ru: "Длительность", en: "Duration")
        case .cause: Wording(kk: "Себебі", ru: "Причина", en: "Cause")
        case .responsible: Wording(kk: "Жауапты", ru: "Ответственный", en: "Responsible")
        case .touched: Wording(kk: "Камералар", ru: "Камеры", en: "Cameras")
        case .count: Wording(kk: "Саны", ru: "Число", en: "Count")
        case .time: Wording(kk: "Уақыты", ru: "Время", en: "Time")
        case .what: Wording(kk: "Мазмұны", ru: "Содержание", en: "What")
        case .enteredBy: Wording(kk: "Кім енгізді", ru: "Кем внесено", en: "Entered by")
        case .mark: Wording(kk: "Белгі", ru: "Отметка", en: "Mark")
        case .reason: Wording(kk: "Негізі", ru: "Основание", en: "Reason")
        case .document: Wording(kk: "Құжат", ru: "Документ", en: "Document")
        case .state: Wording(kk: "Күйі", ru: "Состояние", en: "State")
        case .evidence: Wording(kk: "Дерек түрі", ru: "Вид данных", en: "Evidence")
        case .figure: Wording(kk: "Көрсеткіш", ru: "Показатель", en: "Figure")
        case .before: Wording(kk: "Бұрын", ru: "Было", en: "Before")
        case .after: Wording(kk: "Қазір", ru: "Стало", en: "Now")
        case .event: Wording(kk: "Оқиға", ru: "Событие", en: "Event")
        case .actor: Wording(kk: "Орындаушы", ru: "Исполнитель", en: "Who")
        case .about: Wording(kk: "Неге қатысты", ru: "К чему относится", en: "About")
        case .strip: Wording(kk: "Кезең бойынша", ru: "По периоду", en: "Over the period")
        case .stalls:
            Wording(kk: "Аралықтар саны", ru: "Число интервалов", en: "Intervals")
        case .value: Wording(kk: "Мәні", ru: "Значение", en: "Value")
        default: Wording(kk: "Үлесі", ru: "Доля", en: "Part")
        }
    }

    /// The definition in section 9 that the heading leads to.
    var definition: Definition? {
        switch self {
        case .availability: .availability
        case .coverage: .coverage
        case .downtime: .downtime
        case .outages, .longest: .outage
        case .used, .left: .budget
        case .verdict, .met, .breached, .notJudged: .verdict
        case .runsOut, .basis: .runsOut
        case .timeInBreach: .breach
        case .loss: .loss
        case .lossyIntervals: .lossyIntervals
        case .bitrate: .bitrate
        case .frameRate: .frameRate
        case .resolution: .resolution
        case .clockLeast, .clockGreatest: .clockOffset
        case .jitter: .jitter
        case .gap: .gap
        case .responsible: .responsible
        case .state: .states
        case .evidence: .evidence
        case .mark: .afterTheFact
        default: nil
        }
    }
}
