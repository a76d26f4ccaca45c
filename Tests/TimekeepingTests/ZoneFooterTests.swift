// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Timekeeping

@Suite struct ZoneFooterTests {
    /// The rules of a zone that has nothing but a rule.
    private func rules(_ text: String) throws -> ZoneRules {
        let footer = try #require(ZoneFooter(parsing: text))
        let first = ZoneRules.Transition(
            at: Instant(nanoseconds: .min), offset: footer.standard.offset, isDaylight: false,
            abbreviation: footer.standard.abbreviation)
        return ZoneRules(name: text, version: "", first: first, later: [], footer: footer)
    }

    static let offsets: [(String, String, Int, String)] = [
        ("<+05>-5", "2050-07-01T00:00:00Z", 18_000, "+05"),
        ("EST5", "2050-07-01T00:00:00Z", -18_000, "EST"),
        ("<-0330>3:30", "2050-07-01T00:00:00Z", -12_600, "-0330"),
        ("LMT-5:07:48", "2050-07-01T00:00:00Z", 18_468, "LMT"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T00:59:59Z", 3600, "CET"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T01:00:00Z", 7200, "CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T00:59:59Z", 7200, "CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T01:00:00Z", 3600, "CET"),
        // South of the equator the year begins in daylight saving time.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00Z", 39_600, "AEDT"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-04-02T16:00:00Z", 36_000, "AEST"),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-12-31T23:00:00Z", 39_600, "AEDT"),
        // Ireland tells winter time as negative daylight saving time.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01T00:00:00Z", 0, "GMT"),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01T00:00:00Z", 3600, "IST"),
        // Half an hour of daylight saving time.
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-01-01T00:00:00Z", 39_600, "+11"),
        // Times before and far after midnight (RFC 9636 section 3.3.1).
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59Z", -7200, "-02"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00:00Z", -3600, "-01"),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2024-03-28T23:59:59Z", 7200, "IST"),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2024-03-29T00:00:00Z", 10_800, "IDT"),
        // Daylight saving time all year.
        ("EST5EDT,0/0,J365/25", "2050-01-01T04:59:59Z", -14_400, "EDT"),
        ("EST5EDT,0/0,J365/25", "2050-01-01T05:00:00Z", -14_400, "EDT"),
        ("EST5EDT,0/0,J365/25", "2050-07-01T00:00:00Z", -14_400, "EDT"),
        // J60 is 1 March, 59 is 29 February of a leap year and else 1 March.
        ("AAA0BBB,J60/0,J300", "2024-02-29T23:59:59Z", 0, "AAA"),
        ("AAA0BBB,J60/0,J300", "2024-03-01T00:00:00Z", 3600, "BBB"),
        ("AAA0BBB,J60/0,J300", "2023-03-01T00:00:00Z", 3600, "BBB"),
        ("AAA0BBB,59/0,J300", "2024-02-29T00:00:00Z", 3600, "BBB"),
        ("AAA0BBB,59/0,J300", "2023-02-28T23:59:59Z", 0, "AAA"),
        ("AAA0BBB,59/0,J300", "2023-03-01T00:00:00Z", 3600, "BBB"),
        // A fifth week where the month has four of that weekday, and where it has five.
        ("AAA0BBB,M2.5.0/0,M10.1.0", "2026-02-22T00:00:00Z", 3600, "BBB"),
        ("AAA0BBB,M2.5.0/0,M10.1.0", "2026-02-21T23:59:59Z", 0, "AAA"),
        ("AAA0BBB,M3.5.0/0,M10.1.0", "2026-03-29T00:00:00Z", 3600, "BBB"),
        // At both ends of time.
        ("CET-1CEST,M3.5.0,M10.5.0/3", "1677-09-22T00:00:00Z", 7200, "CEST"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2262-04-11T00:00:00Z", 7200, "CEST"),
    ]

    @Test(arguments: offsets)
    func `a rule tells the offset of every instant`(
        text: String, instant: String, offset: Int, abbreviation: String
    ) throws {
        let found = try rules(text).transition(at: try Instant(parsing: instant))
        #expect(found.offset == offset)
        #expect(found.abbreviation == abbreviation)
    }

    @Test(arguments: [
        "", "CET", "CE-1", "-1", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J10", "CET-1CEST,J366,J10", "CET-1CEST,366,J10", "CET-1CEST,M3.5.0/168,J10",
        "CET-1CEST,M3.5.0/2:60,J10", "<+05-5", "<+0\u{e9}>-5", "+05-5", "CET-1 ", " CET-1",
        "CET--1", "CET-1:", "CET-1:0", "ABCDEFGHIJKLMNOPQ-1", "<>-1",
    ])
    func `what is no rule is refused`(text: String) {
        #expect(ZoneFooter(parsing: text) == nil)
    }

    @Test func `a year of all daylight saving time has no change`() throws {
        let range = try Period(parsing: "2050").range(in: .utc)
        #expect(try rules("EST5EDT,0/0,J365/25").changes(in: range).isEmpty)
    }

    @Test func `the rule goes on for centuries`() throws {
        let berlin = try rules("CET-1CEST,M3.5.0,M10.5.0/3")
        let range = try #require(
            TimeRange(
                start: try Instant(parsing: "1700-01-01T00:00:00Z"),
                end: try Instant(parsing: "2200-01-01T00:00:00Z")))
        let changes = berlin.changes(in: range)
        #expect(changes.count == 1000)
        for (index, change) in changes.enumerated() {
            let local = berlin.local(at: change.at)
            #expect(local.date.weekday == 7)
            #expect(local.date.day >= 25)
            #expect((local.date.month, local.hour) == (index % 2 == 0 ? (3, 3) : (10, 2)))
        }
    }
}
