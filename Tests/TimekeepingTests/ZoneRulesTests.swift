// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct ZoneRulesTests {
    private static let second: Int64 = 1_000_000_000
    private static let hour: Int64 = 3600 * second

    private func date(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(parsing: text))
    }

    static let lengths: [(String, String, Int64)] = [
        ("Asia/Almaty", "2024", 8785 * 3600), ("Asia/Aqtobe", "2024", 8784 * 3600),
        ("Asia/Qyzylorda", "2024", 8784 * 3600), ("UTC", "2024", 8784 * 3600),
        ("Asia/Almaty", "2024-02", 2_509_200), ("Asia/Qyzylorda", "2024-02", 2_505_600),
        ("Asia/Aqtobe", "2024-02", 2_505_600), ("Asia/Almaty", "2024-02-29", 90_000),
        ("Asia/Almaty", "2024-02-28", 86_400), ("Asia/Almaty", "2024-03-01", 86_400),
        ("Asia/Aqtobe", "2024-02-29", 86_400), ("Europe/Berlin", "2024-03", 743 * 3600),
        ("Europe/Berlin", "2024-10", 745 * 3600), ("Europe/Berlin", "2024", 8784 * 3600),
        ("Europe/Berlin", "2050-03", 743 * 3600), ("Europe/Berlin", "2050-10", 745 * 3600),
        ("Europe/Berlin", "2037-10", 745 * 3600), ("Europe/Berlin", "2038-03", 743 * 3600),
        ("Europe/Berlin", "2050-03-27", 23 * 3600), ("Europe/Berlin", "2050-10-30", 25 * 3600),
        ("Asia/Almaty", "2050", 8760 * 3600), ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12", 720 * 3600), ("America/Havana", "2024-03-10", 23 * 3600),
        ("America/Havana", "2024-11-03", 25 * 3600),
        // One minute of the day had passed when clocks went back into the day before.
        ("America/St_Johns", "2010-11-07", 90_000),
    ]

    @Test(arguments: lengths)
    func `a period is as long as the clocks of its zone made it`(
        zone: String, text: String, seconds: Int64
    ) throws {
        let rules = zone == "UTC" ? ZoneRules.utc : try rules(zone)
        let range = try Period(parsing: text).range(in: rules)
        #expect(range.nanoseconds == seconds * Self.second)
    }

    @Test func `the doubled hour of Almaty happens twice and its midnight once`() throws {
        let almaty = try rules("Asia/Almaty")
        let day = try date("2024-02-29")
        #expect(
            almaty.instants(ofLocal: day, hour: 23, minute: 30)
                == .twice(
                    try Instant(parsing: "2024-02-29T23:30:00+06:00"),
                    try Instant(parsing: "2024-02-29T23:30:00+05:00")))
        #expect(
            almaty.instants(ofLocal: day, hour: 22, minute: 59, second: 59)
                == .one(try Instant(parsing: "2024-02-29T22:59:59+06:00")))
        let midnight = try Instant(parsing: "2024-02-29T19:00:00Z")
        #expect(almaty.startOfDay(try date("2024-03-01")) == midnight)
        #expect(almaty.instants(ofLocal: try date("2024-03-01")) == .one(midnight))
        let before = midnight.advanced(byNanoseconds: -Self.hour)
        #expect(almaty.local(at: before).description == "2024-02-29T23:00:00+05:00")
        #expect(
            almaty.local(at: before.advanced(byNanoseconds: -1)).description
                == "2024-02-29T23:59:59+06:00")
    }

    @Test func `an hour that clocks skip never happens`() throws {
        let berlin = try rules("Europe/Berlin")
        let day = try date("2024-03-31")
        #expect(berlin.instants(ofLocal: day, hour: 2, minute: 30) == .none)
        #expect(
            berlin.instants(ofLocal: day, hour: 3)
                == .one(try Instant(parsing: "2024-03-31T01:00:00Z")))
        #expect(
            berlin.instants(ofLocal: try date("2050-03-27"), hour: 2, minute: 30) == .none)
        #expect(
            berlin.instants(ofLocal: try date("2050-10-30"), hour: 2)
                == .twice(
                    try Instant(parsing: "2050-10-30T02:00:00+02:00"),
                    try Instant(parsing: "2050-10-30T02:00:00+01:00")))
    }

    @Test(arguments: [(24, 0, 0), (-1, 0, 0), (0, 60, 0), (0, 0, 60), (0, -1, 0)])
    func `a time that no clock shows never happens`(hour: Int, minute: Int, second: Int) throws {
        #expect(
            ZoneRules.utc.instants(
                ofLocal: try date("2024-03-31"), hour: hour, minute: minute, second: second)
                == .none)
    }

    @Test func `a day starts with the first instant of its date`() throws {
        let havana = try rules("America/Havana")
        // Clocks went from 00:00 to 01:00, and in autumn from 01:00 back to 00:00.
        #expect(
            havana.startOfDay(try date("2024-03-10"))
                == (try Instant(parsing: "2024-03-10T01:00:00-04:00")))
        #expect(
            havana.startOfDay(try date("2024-11-03"))
                == (try Instant(parsing: "2024-11-03T00:00:00-04:00")))
        let apia = try rules("Pacific/Apia")
        let skipped = try date("2011-12-30")
        #expect(apia.day(skipped).nanoseconds == 0)
        #expect(apia.startOfDay(skipped) == apia.startOfDay(try date("2011-12-31")))
        #expect(apia.instants(ofLocal: skipped, hour: 12) == .none)
        let stJohns = try rules("America/St_Johns")
        #expect(
            stJohns.startOfDay(try date("2010-11-07"))
                == (try Instant(parsing: "2010-11-07T00:00:00-02:30")))
    }

    @Test(arguments: [
        "Asia/Almaty", "Asia/Qyzylorda", "Europe/Berlin", "America/Havana", "America/St_Johns",
        "Pacific/Apia",
    ])
    func `days follow each other without gap or overlap`(zone: String) throws {
        let rules = try rules(zone)
        let (first, end) = (try date("1910-01-01"), try date("2050-01-01"))
        var day = first
        var range = rules.day(day)
        while day < end {
            // The first instant shows the date, unless the date was left out.
            let isStart =
                range.nanoseconds == 0
                || rules.local(at: range.start).date == day
                    && rules.local(at: range.start.advanced(byNanoseconds: -1)).date < day
            let next = rules.day(day.adding(days: 1))
            guard isStart, next.start == range.end else {
                Issue.record("\(zone): \(day)")
                return
            }
            (day, range) = (day.adding(days: 1), next)
        }
        #expect(range.start == rules.days(from: first, to: end).end)
    }

    @Test(arguments: ["Asia/Almaty", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"])
    func `what clocks show leads back to the instant`(zone: String) throws {
        let rules = try rules(zone)
        var random = SeededRandom(seed: 71)
        var doubled = 0
        for _ in 0..<5_000 {
            let instant = Instant(
                nanoseconds: Int64.random(in: -3_000_000_000...6_000_000_000, using: &random)
                    * Self.second)
            let local = rules.local(at: instant)
            switch rules.instants(
                ofLocal: local.date, hour: local.hour, minute: local.minute, second: local.second)
            {
            case .none: Issue.record("seed 71: \(zone) \(instant)")
            case .one(let found):
                if found != instant { Issue.record("seed 71: \(zone) \(instant)") }
            case .twice(let first, let second):
                doubled += 1
                if first >= second || (first != instant && second != instant) {
                    Issue.record("seed 71: \(zone) \(instant)")
                }
            }
        }
        #expect(doubled < 20)
    }

    @Test func `changes are those on record and then those of the rule`() throws {
        let berlin = try rules("Europe/Berlin")
        // The fixture's record ends in 2037.
        let range = try Period(parsing: "2037-01-01..2039-01-01").range(in: berlin)
        let changes = berlin.changes(in: range)
        #expect(
            changes.map { berlin.text($0.at) } == [
                "2037-03-29T03:00:00+02:00", "2037-10-25T02:00:00+01:00",
                "2038-03-28T03:00:00+02:00", "2038-10-31T02:00:00+01:00",
            ])
        #expect(changes.map(\.abbreviation) == ["CEST", "CET", "CEST", "CET"])
        #expect(changes.map(\.isDaylight) == [true, false, true, false])
        let first = changes[0].at
        let atStart = TimeRange(start: first, nanoseconds: 1)
        #expect(berlin.changes(in: atStart) == [changes[0]])
        let before = TimeRange(start: first.advanced(byNanoseconds: -1), nanoseconds: 1)
        #expect(berlin.changes(in: before).isEmpty)
        let whole = try #require(
            TimeRange(start: Instant(nanoseconds: .min), end: Instant(nanoseconds: .max)))
        let all = berlin.changes(in: whole)
        #expect(all.first?.at == (try Instant(parsing: "1893-03-31T23:06:32Z")))
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.at < $1.at })
    }

    @Test func `UTC never changes`() throws {
        let utc = ZoneRules.utc
        #expect(utc.offset(at: Instant(nanoseconds: .min)) == 0)
        #expect(utc.offset(at: Instant(nanoseconds: .max)) == 0)
        #expect(utc.description == "UTC")
        #expect(utc.transitions.count == 1)
        #expect(utc.text(Instant(nanoseconds: 0)) == "1970-01-01T00:00:00+00:00")
        #expect(utc.instants(ofLocal: CalendarDate.last) == .none)
        #expect(utc.startOfDay(CalendarDate.last) == Instant(nanoseconds: .max))
        #expect(utc.startOfDay(CalendarDate.first) == Instant(nanoseconds: .min))
        #expect(utc.day(CalendarDate.last).nanoseconds == 0)
    }

    @Test func `rules name their zone and the version of its data`() throws {
        #expect(try rules("Asia/Almaty").description == "Asia/Almaty (tzdata 2025b)")
    }
}
