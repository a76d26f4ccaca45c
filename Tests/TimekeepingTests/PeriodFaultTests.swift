// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct PeriodFaultTests {
    static let sentences: [(String, String)] = [
        (
            "last month",
            "not a period (got \"last month\"; "
                + "expected 2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-05 or FROM..TO)"
        ),
        ("1969", "year out of range (got \"1969\"; expected 1970 to 2261)"),
        ("2026-13", "no such month (got \"2026-13\"; expected 01 to 12)"),
        ("2023-02-29", "no such day (got \"2023-02-29\"; expected 01 to 28)"),
        ("2026-Q5", "no such quarter (got \"2026-Q5\"; expected Q1 to Q4)"),
        (
            "2025-W53",
            "no such week (got \"2025-W53\"; expected W01 to W52, which is all that 2025 has)"
        ),
        (
            "2026-10-05..2026-10-01",
            "the period ends before it starts (got \"2026-10-05..2026-10-01\"; "
                + "expected FROM before TO)"
        ),
        (
            "2026-10-05..2026-10-05",
            "the period is empty (got \"2026-10-05..2026-10-05\"; expected FROM before TO)"
        ),
        (
            "1971-01-01..2026-10-05",
            "the period is too long (got \"1971-01-01..2026-10-05\"; expected at most 50 years)"
        ),
        (
            "2026-10-05..2026-10-05T12:00:00Z",
            "a date and a time stamp (got \"2026-10-05..2026-10-05T12:00:00Z\"; "
                + "expected two dates, or two time stamps)"
        ),
        (
            "2024-02-29T22:30:00..2024-03-01T00:00:00Z",
            "time stamp without an offset from UTC (got \"2024-02-29T22:30:00\"; "
                + "expected one, in Asia/Almaty 2024-02-29T22:30:00+06:00)"
        ),
        (
            "2024-02-29T23:30:00..2024-03-01T00:00:00Z",
            "time stamp without an offset from UTC, and this time happens twice in Asia/Almaty "
                + "(got \"2024-02-29T23:30:00\"; "
                + "expected 2024-02-29T23:30:00+06:00 or 2024-02-29T23:30:00+05:00)"
        ),
        (
            "2024-02-29T24:00:00Z..2024-03-01T01:00:00Z",
            "no hour 24 (got \"2024-02-29T24:00:00Z\"; expected 00:00:00 of the day that follows)"
        ),
        (
            "\u{1b}[2J\"\\\u{202e}",
            "not a period (got \"\\u{1b}[2J\\\"\\\\\\u{202e}\"; "
                + "expected 2026, 2026-Q3, 2026-10, 2026-W40, 2026-10-05 or FROM..TO)"
        ),
    ]

    @Test(arguments: sentences)
    func `a fault is one sentence`(text: String, sentence: String) throws {
        let almaty = try rules("Asia/Almaty")
        let fault = #expect(throws: PeriodFault.self) { try Period(parsing: text, zone: almaty) }
        #expect(fault?.description == sentence)
    }

    @Test func `without a zone a missing offset is asked for`() {
        let fault = #expect(throws: PeriodFault.self) {
            try Period(parsing: "2024-02-29T23:30:00..2024-03-01T00:00:00Z")
        }
        #expect(
            fault?.description == "time stamp without an offset from UTC "
                + "(got \"2024-02-29T23:30:00\"; expected one such as +05:00, or Z, at its end)")
    }

    @Test func `a time that clocks skip is named as such`() throws {
        let berlin = try rules("Europe/Berlin")
        let fault = #expect(throws: PeriodFault.self) {
            try Period(parsing: "2024-03-31T02:30:00..2024-04-01T00:00:00Z", zone: berlin)
        }
        #expect(
            fault?.description
                == "time stamp without an offset from UTC, and this time never happens in "
                + "Europe/Berlin (got \"2024-03-31T02:30:00\"; "
                + "expected one such as +05:00, or Z, at its end)")
    }

    @Test func `a text of any length is shown in 64 characters`() {
        let fault = #expect(throws: PeriodFault.self) {
            try Period(parsing: String(repeating: "9", count: 100_000))
        }
        let shown = String(repeating: "9", count: 64)
        #expect(fault?.description.hasPrefix("not a period (got \"\(shown)…\"; expected") == true)
    }
}
