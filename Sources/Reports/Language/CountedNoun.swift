// SPDX-License-Identifier: Apache-2.0
public import Registry

/// A thing that is counted, with the forms that its number asks for.
///
/// Russian has three after a number (one, few, many: CLDR's cardinal rules), English two; in
/// Kazakh a noun stays in the singular after any number.
public enum CountedNoun: CaseIterable, Hashable, Sendable {
    case camera, site, channel, subscriber, outage, incident, plannedWork, exclusion
    case stream, measurement, interval, record, difference, certificate, event
    case day, hour, minute, second, page

    /// Forms in one language; Kazakh uses `one` alone, English `one` and `many`.
    struct Forms {
        let one: String
        var few = ""
        let many: String
    }

    /// The form after `number`.
    public func form(after number: Int64, _ language: Language) -> String {
        switch language {
        case .kazakh: return kazakh
        case .english:
            let forms = english
            return number == 1 || number == -1 ? forms.one : forms.many
        case .russian:
            let forms = russian
            let (tens, ones) = (number.magnitude % 100, number.magnitude % 10)
            if (11...14).contains(tens) { return forms.many }
            if ones == 1 { return forms.one }
            return (2...4).contains(ones) ? forms.few : forms.many
        }
    }

    var kazakh: String {
        switch self {
        case .camera: "бейнекамера"
        case .site: "объект"
        case .channel: "байланыс арнасы"
        case .subscriber: "абонент"
        case .outage: "тұрып қалу"
        case .incident: "инцидент"
        case .plannedWork: "жоспарлы жұмыс"
        case .exclusion: "есепке алмау жазбасы"
        case .stream: "бейнеағын"
        case .measurement: "өлшем"
        case .interval: "аралық"
        case .record: "жазба"
        case .difference: "айырмашылық"
        case .certificate: "сертификат"
        case .event: "оқиға"
        case .day: "тәулік"
        case .hour: "сағат"
        case .minute: "минут"
        case .second: "секунд"
        case .page: "бет"
        }
    }

    var russian: Forms {
        switch self {
        case .camera: Forms(one: "видеокамера", few: "видеокамеры", many: "видеокамер")
        case .site: Forms(one: "объект", few: "объекта", many: "объектов")
        case .channel: Forms(one: "канал связи", few: "канала связи", many: "каналов связи")
        case .subscriber: Forms(one: "абонент", few: "абонента", many: "абонентов")
        case .outage: Forms(one: "простой", few: "простоя", many: "простоев")
        case .incident: Forms(one: "инцидент", few: "инцидента", many: "инцидентов")
        case .plannedWork:
            Forms(one: "плановая работа", few: "плановые работы", many: "плановых работ")
        case .exclusion: Forms(one: "исключение", few: "исключения", many: "исключений")
        case .stream: Forms(one: "видеопоток", few: "видеопотока", many: "видеопотоков")
        case .measurement: Forms(one: "измерение", few: "измерения", many: "измерений")
        case .interval: Forms(one: "интервал", few: "интервала", many: "интервалов")
        case .record: Forms(one: "запись", few: "записи", many: "записей")
        case .difference: Forms(one: "расхождение", few: "расхождения", many: "расхождений")
        case .certificate: Forms(one: "сертификат", few: "сертификата", many: "сертификатов")
        case .event: Forms(one: "событие", few: "события", many: "событий")
        case .day: Forms(one: "сутки", few: "суток", many: "суток")
        case .hour: Forms(one: "час", few: "часа", many: "часов")
        case .minute: Forms(one: "минута", few: "минуты", many: "минут")
        case .second: Forms(one: "секунда", few: "секунды", many: "секунд")
        case .page: Forms(one: "страница", few: "страницы", many: "страниц")
        }
    }

    var english: Forms {
        switch self {
        case .camera: Forms(one: "camera", many: "cameras")
        case .site: Forms(one: "site", many: "sites")
        case .channel: Forms(one: "channel", many: "channels")
        case .subscriber: Forms(one: "subscriber", many: "subscribers")
        case .outage: Forms(one: "outage", many: "outages")
        case .incident: Forms(one: "incident", many: "incidents")
        case .plannedWork: Forms(one: "planned work", many: "planned works")
        case .exclusion: Forms(one: "exclusion", many: "exclusions")
        case .stream: Forms(one: "video stream", many: "video streams")
        case .measurement: Forms(one: "measurement", many: "measurements")
        case .interval: Forms(one: "interval", many: "intervals")
        case .record: Forms(one: "record", many: "records")
        case .difference: Forms(one: "difference", many: "differences")
        case .certificate: Forms(one: "certificate", many: "certificates")
        case .event: Forms(one: "event", many: "events")
        case .day: Forms(one: "day", many: "days")
        case .hour: Forms(one: "hour", many: "hours")
        case .minute: Forms(one: "minute", many: "minutes")
        case .second: Forms(one: "second", many: "seconds")
        case .page: Forms(one: "page", many: "pages")
        }
    }
}
