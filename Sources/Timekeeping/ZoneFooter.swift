// SPDX-License-Identifier: Apache-2.0

/// The rule of a zone for the time after its last change on record: a POSIX `TZ` string, such as
/// `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 9636 section 3.3).
struct ZoneFooter: Hashable, Sendable {
    /// What clocks show in one half of the year.
    struct Half: Hashable, Sendable {
        /// Such as `CET`.
        var abbreviation: String
        /// Seconds ahead of UTC: the opposite of what the text says.
        var offset: Int
    }

    /// A day of every year, by one of three ways of counting.
    enum Day: Hashable, Sendable {
        /// `Jn`: 1 to 365, where 29 February never counts.
        case ofYearWithoutLeapDay(Int)
        /// `n`: 0 to 365, where 29 February counts.
        case ofYear(Int)
        /// `Mm.w.d`: a weekday, 0 being Sunday, in its first to fourth or (5) last week of a month.
        case ofMonth(Int, week: Int, weekday: Int)
    }

    /// When one half of the year begins, as clocks show that still have the time of the other.
    struct Change: Hashable, Sendable {
        var day: Day
        /// Seconds after midnight of that day, -167 h to 167 h.
        var seconds: Int
    }

    /// Daylight saving time, and when it begins and ends.
    struct Daylight: Hashable, Sendable {
        var half: Half
        var begin: Change
        var end: Change
    }

    /// Standard time.
    var standard: Half
    /// Nil where standard time holds all year.
    var daylight: Daylight?

    /// What holds at `instant`, and since when, but not before `earliest`.
    func transition(at instant: Instant, notBefore earliest: Instant) -> ZoneRules.Transition {
        guard let daylight else { return transition(at: earliest, standard, isDaylight: false) }
        let seconds = instant.seconds
        let year = ZoneFooter.year(of: seconds)
        var latest = (at: Int64.min, isDaylight: false)
        // A change may be told as up to a week away from its year.
        for change in changes(inYears: year - 1...year + 1, daylight) where change.at <= seconds {
            latest = change
        }
        let since = max(earliest, Instant(seconds: latest.at))
        return transition(
            at: since, latest.isDaylight ? daylight.half : standard, isDaylight: latest.isDaylight)
    }

    /// Every change after `start` and before `end`, earliest first.
    func changes(after start: Instant, before end: Instant) -> [ZoneRules.Transition] {
        guard let daylight, start < end else { return [] }
        let years = ZoneFooter.year(of: start.seconds) - 1...ZoneFooter.year(of: end.seconds) + 1
        return changes(inYears: years, daylight).compactMap { at, isDaylight in
            let instant = Instant(seconds: at)
            guard start < instant, instant < end else { return nil }
            return transition(
                at: instant, isDaylight ? daylight.half : standard, isDaylight: isDaylight)
        }
    }

    private func transition(
        at instant: Instant, _ half: Half, isDaylight: Bool
    ) -> ZoneRules.Transition {
        ZoneRules.Transition(
            at: instant, offset: half.offset, isDaylight: isDaylight,
            abbreviation: half.abbreviation)
    }

    /// Both changes of each year, in seconds since the epoch, in the order of time; where two fall
    /// together, the one of the later year is last and so holds.
    private func changes(
        inYears years: ClosedRange<Int>, _ daylight: Daylight
    ) -> [(at: Int64, isDaylight: Bool)] {
        var changes: [(at: Int64, isDaylight: Bool, year: Int)] = []
        for year in years {
            let begin = daylight.begin.wallSeconds(in: year) - Int64(standard.offset)
            let end = daylight.end.wallSeconds(in: year) - Int64(daylight.half.offset)
            changes.append((begin, true, year))
            changes.append((end, false, year))
        }
        changes.sort { ($0.at, $0.year) < ($1.at, $1.year) }
        var kept: [(at: Int64, isDaylight: Bool)] = []
        for change in changes {
            if kept.last?.at == change.at { kept.removeLast() }
            kept.append((change.at, change.isDaylight))
        }
        return kept
    }

    private static func year(of seconds: Int64) -> Int {
        Int(civilDate(daysSinceEpoch: floorDivided(seconds, by: 86_400)).year)
    }
}

extension ZoneFooter.Change {
    /// The seconds since 1970-01-01T00:00:00 that clocks show when it happens.
    func wallSeconds(in year: Int) -> Int64 {
        let newYear = civilDay(year: Int64(year), month: 1, day: 1)
        let day: Int64
        switch self.day {
        case .ofYear(let count):
            day = newYear + Int64(count)
        case .ofYearWithoutLeapDay(let count):
            let isPastLeapDay = CalendarDate.isLeap(year: year) && count >= 60
            day = newYear + Int64(count - 1) + (isPastLeapDay ? 1 : 0)
        case .ofMonth(let month, let week, let weekday):
            let first = civilDay(year: Int64(year), month: Int64(month), day: 1)
            // 1970-01-01 was a Thursday, which is 4 where Sunday is 0.
            let firstWeekday = (first + 4) - floorDivided(first + 4, by: 7) * 7
            let ahead = (Int64(weekday) - firstWeekday + 7) % 7
            let length = Int64(CalendarDate.days(inMonth: month, of: year))
            var ofMonth = ahead + Int64(week - 1) * 7
            if ofMonth >= length { ofMonth -= 7 }
            day = first + ofMonth
        }
        return day * 86_400 + Int64(seconds)
    }
}

extension ZoneFooter {
    /// Reads a `TZ` string, or nil if it is none: POSIX with the extension of RFC 9636
    /// section 3.3.1 (times of -167 h to 167 h).
    init?(parsing text: String) {
        var reader = DigitReader(text)
        guard let abbreviation = ZoneFooter.abbreviation(&reader),
            let west = ZoneFooter.time(&reader, hours: 24)
        else { return nil }
        standard = Half(abbreviation: abbreviation, offset: -west)
        guard !reader.isAtEnd else { return }
        guard let name = ZoneFooter.abbreviation(&reader) else { return nil }
        // Without an offset, an hour ahead of standard time (POSIX.1-2024 section 8.3).
        var offset = 3600 - west
        if reader.next != UInt8(ascii: ",") {
            guard let daylightWest = ZoneFooter.time(&reader, hours: 24) else { return nil }
            offset = -daylightWest
        }
        guard reader.take(","), let begin = ZoneFooter.change(&reader), reader.take(","),
            let end = ZoneFooter.change(&reader), reader.isAtEnd
        else { return nil }
        daylight = Daylight(
            half: Half(abbreviation: name, offset: offset), begin: begin, end: end)
    }

    /// A name of three letters or more, or of letters, digits and signs between `<` and `>`.
    private static func abbreviation(_ reader: inout DigitReader) -> String? {
        let isQuoted = reader.take("<")
        var name = ""
        while let octet = reader.next {
            let scalar = Unicode.Scalar(octet)
            let isLetter = scalar.properties.isAlphabetic && scalar.isASCII
            let isMark = scalar == "+" || scalar == "-" || ("0"..."9").contains(scalar)
            guard isLetter || (isQuoted && isMark), reader.take(scalar) else { break }
            name.unicodeScalars.append(scalar)
        }
        guard name.utf8.count >= 3, name.utf8.count <= ZoneRules.longestAbbreviation,
            !isQuoted || reader.take(">")
        else { return nil }
        return name
    }

    /// `[+-]h[h][h][:mm[:ss]]` in seconds.
    private static func time(_ reader: inout DigitReader, hours most: Int) -> Int? {
        let isNegative = reader.take("-")
        if !isNegative { _ = reader.take("+") }
        guard let hours = reader.number(atMost: 3), hours <= most else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] {
            guard reader.take(":") else { break }
            guard let part = reader.number(2), part <= 59 else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// A day, and the time on it: 02:00:00 unless told.
    private static func change(_ reader: inout DigitReader) -> Change? {
        guard let day = day(&reader) else { return nil }
        guard reader.take("/") else { return Change(day: day, seconds: 7200) }
        guard let seconds = time(&reader, hours: 167) else { return nil }
        return Change(day: day, seconds: seconds)
    }

    private static func day(_ reader: inout DigitReader) -> Day? {
        if reader.take("J") {
            guard let count = reader.number(atMost: 3), (1...365).contains(count) else {
                return nil
            }
            return .ofYearWithoutLeapDay(count)
        }
        guard reader.take("M") else {
            guard let count = reader.number(atMost: 3), count <= 365 else { return nil }
            return .ofYear(count)
        }
        guard let month = reader.number(atMost: 2), (1...12).contains(month), reader.take("."),
            let week = reader.number(1), (1...5).contains(week), reader.take("."),
            let weekday = reader.number(1), weekday <= 6
        else { return nil }
        return .ofMonth(month, week: week, weekday: weekday)
    }
}
