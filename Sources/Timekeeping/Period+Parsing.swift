// SPDX-License-Identifier: Apache-2.0

extension Period {
    /// Octets of a period's text: twice what two time stamps with nine decimals take (chosen).
    static let longestText = 160

    /// Reads `2026`, `2026-Q3`, `2026-10`, `2026-W40`, `2026-10-05` or `FROM..TO`.
    ///
    /// FROM and TO are two dates, or two time stamps of RFC 3339, which must say how far they are
    /// from UTC. Where one does not, `zone` helps the fault to say which offsets it could have.
    public init(parsing text: String, zone: ZoneRules? = nil) throws(PeriodFault) {
        guard text.utf8.count <= Period.longestText else { throw PeriodFault(.malformed, text) }
        if let (from, to) = Period.ends(of: text) {
            try self.init(from: from, to: to, text: text, zone: zone)
        } else {
            try self.init(calendar: text)
        }
    }

    /// The texts in front of and behind `..`, or nil if there is none.
    private static func ends(of text: String) -> (String, String)? {
        let octets = Array(text.utf8)
        let dot = UInt8(ascii: ".")
        guard
            let place = octets.indices.dropLast().first(where: {
                octets[$0] == dot && octets[$0 + 1] == dot
            })
        else { return nil }
        return (
            String(decoding: octets[..<place], as: UTF8.self),
            String(decoding: octets[(place + 2)...], as: UTF8.self)
        )
    }

    private init(from: String, to: String, text: String, zone: ZoneRules?) throws(PeriodFault) {
        let ends = (try Period.date(from), try Period.date(to))
        switch ends {
        case (let from?, let to?):
            try self.init(from: from, to: to)
        case (nil, nil):
            let start = try Period.instant(from, zone: zone)
            let end = try Period.instant(to, zone: zone)
            guard let range = TimeRange(start: start, end: end) else {
                throw PeriodFault(.backwards, text)
            }
            try self.init(range, shown: text)
        case (nil, _):
            _ = try Period.instant(from, zone: zone)
            throw PeriodFault(.mixed, text)
        case (_, nil):
            _ = try Period.instant(to, zone: zone)
            throw PeriodFault(.mixed, text)
        }
    }

    private init(calendar text: String) throws(PeriodFault) {
        var reader = DigitReader(text)
        guard let year = reader.number(4) else { throw PeriodFault(.malformed, text) }
        let kind: Kind
        if reader.isAtEnd {
            kind = .year(year)
        } else if reader.take("-"), !reader.isAtEnd {
            if reader.take("Q") {
                guard let quarter = reader.number(1), reader.isAtEnd else {
                    throw PeriodFault(.malformed, text)
                }
                guard (1...4).contains(quarter) else { throw PeriodFault(.quarter, text) }
                kind = .quarter(year: year, quarter: quarter)
            } else if reader.take("W") {
                guard let week = reader.number(2), reader.isAtEnd else {
                    throw PeriodFault(.malformed, text)
                }
                let weeks = CalendarDate.weeks(of: year)
                guard (1...weeks).contains(week) else {
                    throw PeriodFault(.week(year: year, weeks: weeks), text)
                }
                kind = .week(weekYear: year, week: week)
            } else if let month = reader.number(2), reader.isAtEnd {
                guard (1...12).contains(month) else { throw PeriodFault(.month, text) }
                kind = .month(year: year, month: month)
            } else if let day = try Period.date(text) {
                kind = .day(day)
            } else {
                throw PeriodFault(.malformed, text)
            }
        } else {
            throw PeriodFault(.malformed, text)
        }
        guard Period.years.contains(year) else { throw PeriodFault(.year, text) }
        self.init(known: kind)
    }

    /// The date that `text` is, or nil if it is not of the form of a date.
    private static func date(
        _ text: String
    ) throws(PeriodFault) -> CalendarDate? {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
            reader.take("-"), let day = reader.number(2), reader.isAtEnd
        else { return nil }
        guard (1...12).contains(month) else { throw PeriodFault(.month, text) }
        guard year >= 1 else { throw PeriodFault(.year, text) }
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            throw PeriodFault(.day(CalendarDate.days(inMonth: month, of: year)), text)
        }
        return date
    }

    private static func instant(_ text: String, zone: ZoneRules?) throws(PeriodFault) -> Instant {
        do {
            return try Instant(parsing: text)
        } catch .noOffset {
            throw PeriodFault(Period.candidates(text, zone), text)
        } catch {
            throw PeriodFault(.timestamp(error), text)
        }
    }

    /// What a time stamp without an offset could mean in `zone`.
    private static func candidates(_ text: String, _ zone: ZoneRules?) -> PeriodFault.Kind {
        guard let zone, let parts = try? Instant.parts(of: text), !parts.0.isLeapSecond else {
            return .noOffset
        }
        let local = LocalTime(Instant(seconds: parts.0.seconds), offset: 0)
        func stamp(_ instant: Instant) -> String {
            let start = instant.advanced(byNanoseconds: Int64(parts.nanosecond))
            let written = zone.text(start)
            // The offset alone is added; decimals stay as they were written.
            return text + written.utf8.suffix(6).map { String(Unicode.Scalar($0)) }.joined()
        }
        return
            switch zone.instants(
                ofLocal: local.date, hour: local.hour, minute: local.minute, second: local.second)
        {
        case .none: .never(zone: zone.name)
        case .one(let instant): .offsetNeeded(zone: zone.name, stamp(instant))
        case .twice(let first, let second):
            .ambiguous(zone: zone.name, stamp(first), stamp(second))
        }
    }
}
