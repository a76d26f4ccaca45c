// SPDX-License-Identifier: Apache-2.0
public import Registry

/// Names of months and days of the week.
public enum CalendarNames {
    /// The month alone, as a heading of a calendar has it (1 to 12).
    public static func month(_ month: Int, _ language: Language) -> String {
        named(month, in: months(language))
    }

    /// The month after a day, as a date has it: the genitive in Russian.
    public static func monthOfDate(_ month: Int, _ language: Language) -> String {
        language == .russian ? named(month, in: russianGenitives) : self.month(month, language)
    }

    /// The Kazakh month when something happens in it: the locative.
    static func monthOfEvent(_ month: Int) -> String { named(month, in: kazakhLocatives) }

    /// The month in at most four letters, for a tick of an axis.
    public static func shortMonth(_ month: Int, _ language: Language) -> String {
        named(month, in: shortMonths(language))
    }

    /// The day of the week (1 is Monday) in two letters, three in English.
    public static func shortWeekday(_ weekday: Int, _ language: Language) -> String {
        let names =
            switch language {
            // Дүйсенбі, сейсенбі, сәрсенбі, бейсенбі, жұма, сенбі, жексенбі.
            case .kazakh: ["Дс", "Сс", "Ср", "Бс", "Жм", "Сн", "Жк"]
            case .russian: ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]
            case .english: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            }
        return named(weekday, in: names)
    }

    /// The day of the week (1 is Monday) in full.
    public static func weekday(_ weekday: Int, _ language: Language) -> String {
        let names =
            switch language {
            case .kazakh:
                ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"]
            case .russian:
                [
                    "понедельник", "вторник", "среда", "четверг", "пятница", "суббота",
                    "воскресенье",
                ]
            case .english:
                [
                    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
                ]
            }
        return named(weekday, in: names)
    }

    private static func named(_ number: Int, in names: [String]) -> String {
        precondition(names.indices.contains(number - 1), "months and weekdays count from 1")
        return names[number - 1]
    }

    private static func months(_ language: Language) -> [String] {
        switch language {
        case .kazakh:
            [
                "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз",
                "қыркүйек", "қазан", "қараша", "желтоқсан",
            ]
        case .russian:
            [
                "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
                "октябрь", "ноябрь", "декабрь",
            ]
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December",
            ]
        }
    }

    private static let russianGenitives = [
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
        "октября", "ноября", "декабря",
    ]

    private static let kazakhLocatives = [
        "қаңтарда", "ақпанда", "наурызда", "сәуірде", "мамырда", "маусымда", "шілдеде", "тамызда",
        "қыркүйекте", "қазанда", "қарашада", "желтоқсанда",
    ]

    private static func shortMonths(_ language: Language) -> [String] {
        switch language {
        case .kazakh:
            [
                "қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел",
            ]
        case .russian:
            [
                "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
            ]
        case .english:
            [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ]
        }
    }
}
