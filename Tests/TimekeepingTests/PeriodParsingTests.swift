// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct PeriodParsingTests {
    static let faults: [(String, PeriodFault.Kind)] = [
        ("", .malformed), ("2026-", .malformed), ("26", .malformed), ("2026-1", .malformed),
        ("2026-Q", .malformed), ("2026-Q12", .malformed), ("2026-q3", .malformed),
        ("2026-W4", .malformed), ("2026-W040", .malformed), ("2026-10-5", .malformed),
        ("2026-10-05 ", .malformed), ("2026 ", .malformed), ("last month", .malformed),
        ("2026/10", .malformed), ("20261005", .malformed), ("2026-W40-1", .malformed),
        ("2026-13", .month), ("2026-00", .month), ("2026-13-01", .month),
        ("2025-02-29", .day(28)), ("2026-10-32", .day(31)), ("2026-10-00", .day(31)),
        ("2026-Q5", .quarter), ("2026-Q0", .quarter),
        ("2025-W53", .week(year: 2025, weeks: 52)), ("2026-W54", .week(year: 2026, weeks: 53)),
        ("2026-W00", .week(year: 2026, weeks: 53)),
        ("1969", .year), ("2262", .year), ("0000", .year), ("0000-01-01", .year),
        ("1969-12", .year), ("2262-W01", .year), ("1969-12-31", .year),
        ("2026-10-05..2026-10-01", .backwards), ("2026-10-05..2026-10-05", .empty),
        ("2026-10-05T00:00:00Z..2026-10-04T00:00:00Z", .backwards),
        ("2026-10-05T00:00:00Z..2026-10-05T05:00:00+05:00", .empty),
        ("2000-01-01..2050-01-02", .tooLong), ("1970-01-01..2261-01-01", .tooLong),
        ("2000-01-01T00:00:00Z..2050-01-01T00:00:01Z", .tooLong),
        ("1970-01-01T00:00:00Z..2261-01-01T00:00:00Z", .tooLong),
        ("1960-01-01..1970-01-02", .year), ("1960-01-01T00:00:00Z..1970-01-02T00:00:00Z", .year),
        ("2026-10-05..2026-10-05T00:00:00Z", .mixed),
        ("2026-10-05T00:00:00Z..2026-10-06", .mixed),
        ("2026-10-05T00:00:00..2026-10-06T00:00:00Z", .noOffset),
        ("2026-10-05T00:00:00Z..2026-10-06T00:00:00", .noOffset),
        ("2026-10-05..2026-10-06T00:00:00", .noOffset),
        ("2026-10-05T24:00:00Z..2026-10-06T00:00:00Z", .timestamp(.hour24)),
        ("2026-10-05T24:00..2026-10-06T00:00", .timestamp(.hour24)),
        ("2026-10-05T00:00:00Z..2026-13-06T00:00:00Z", .timestamp(.month(13))),
        ("2026..2027", .timestamp(.malformed)), ("..", .timestamp(.malformed)),
        ("2026-10-05..", .timestamp(.malformed)), ("..2026-10-05", .timestamp(.malformed)),
        ("2026-10-05..now", .timestamp(.malformed)),
        ("2026-10-05...2026-10-06", .timestamp(.malformed)),
        ("2026-10-05..2026-13-06", .month), ("2026-02-30..2026-03-06", .day(28)),
    ]

    @Test(arguments: faults)
    func `what is wrong with a period is told`(text: String, kind: PeriodFault.Kind) {
        let fault = #expect(throws: PeriodFault.self) { try Period(parsing: text) }
        #expect(fault?.kind == kind)
    }

    @Test func `fifty years are just not too long`() throws {
        #expect(try Period(parsing: "2000-01-01..2050-01-01").dates != nil)
        #expect(
            try Period(parsing: "2000-01-01T00:00:00Z..2050-01-01T00:00:00Z").range(in: .utc)
                .nanoseconds == Int64(Period.mostDays) * 86_400_000_000_000)
    }

    static let candidates: [(String, String, PeriodFault.Kind)] = [
        (
            "Asia/Almaty", "2024-02-29T23:30:00",
            .ambiguous(
                zone: "Asia/Almaty", "2024-02-29T23:30:00+06:00", "2024-02-29T23:30:00+05:00")
        ),
        (
            "Asia/Almaty", "2024-02-29T23:30:00.25",
            .ambiguous(
                zone: "Asia/Almaty", "2024-02-29T23:30:00.25+06:00", "2024-02-29T23:30:00.25+05:00")
        ),
        (
            "Asia/Almaty", "2024-02-29T22:30:00",
            .offsetNeeded(zone: "Asia/Almaty", "2024-02-29T22:30:00+06:00")
        ),
        ("Europe/Berlin", "2024-03-31T02:30:00", .never(zone: "Europe/Berlin")),
        ("Europe/Berlin", "2024-06-30T23:59:60", .noOffset),
        ("Europe/Berlin", "2024-03-31T24:30:00", .timestamp(.hour24)),
    ]

    @Test(arguments: candidates)
    func `a time stamp without an offset is refused, with what it could be`(
        zone: String, text: String, kind: PeriodFault.Kind
    ) throws {
        let rules = try rules(zone)
        let fault = #expect(throws: PeriodFault.self) {
            try Period(parsing: "\(text)..2024-12-01T00:00:00Z", zone: rules)
        }
        #expect(fault?.kind == kind)
        #expect(fault?.text == text)
    }

    @Test func `every period is read back from its text`() throws {
        var random = SeededRandom(seed: 59)
        for _ in 0..<5_000 {
            let year = Int.random(in: Period.years, using: &random)
            let start = Int64.random(in: 0...9_000_000_000_000_000_000, using: &random)
            let length = Int64.random(in: 1...200_000_000_000_000_000, using: &random)
            let range = TimeRange(start: Instant(nanoseconds: start), nanoseconds: length)
            let day = CalendarDate(daysSinceEpoch: Int.random(in: 0...106_000, using: &random))
            let periods = [
                Period(year: year),
                Period(year: year, quarter: Int.random(in: 1...4, using: &random)),
                Period(year: year, month: Int.random(in: 1...12, using: &random)),
                Period(weekYear: year, week: Int.random(in: 1...53, using: &random)),
                Period(day: day), try? Period(range),
                try? Period(from: day, to: day.adding(days: Int(length % 18_000) + 1)),
            ]
            for period in periods.compactMap(\.self) {
                guard try Period(parsing: period.description) == period else {
                    Issue.record("seed 59: \(period)")
                    return
                }
            }
        }
    }

    @Test func `no text stops the reader`() throws {
        let good = [
            "2026", "2026-Q3", "2026-10", "2026-W40", "2026-10-05", "2026-10-01..2026-10-15",
            "2024-02-29T23:00:00+06:00..2024-02-29T23:30:00.25+05:00",
            "2024-02-29T23:00:00..2024-02-29T23:30:00",
        ].map { Array($0.utf8) }
        let almaty = try rules("Asia/Almaty")
        var random = SeededRandom(seed: 60)
        for _ in 0..<20_000 {
            var octets = good.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<octets.count, using: &random)
                octets[place] =
                    Array("0123456789-.:TZ+WQ\"\u{1b}".utf8)
                    .randomElement(using: &random) ?? 0
            }
            let text = String(decoding: octets, as: UTF8.self)
            do {
                _ = try Period(parsing: text, zone: almaty).range(in: almaty)
            } catch {
                #expect(error.description.utf8.count < 400)
            }
        }
    }
}
