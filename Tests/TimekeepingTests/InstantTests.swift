// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct InstantTests {
    static let second: Int64 = 1_000_000_000

    /// Seconds and nanoseconds since the epoch, and the text.
    static let texts: [(Int64, Int64, String)] = [
        (0, 0, "1970-01-01T00:00:00.000000000Z"),
        (0, 1, "1970-01-01T00:00:00.000000001Z"),
        (0, -1, "1969-12-31T23:59:59.999999999Z"),
        (-86_400, 0, "1969-12-31T00:00:00.000000000Z"),
        // The day before and the days around leap days.
        (951_782_399, 0, "2000-02-28T23:59:59.000000000Z"),
        (951_782_400, 0, "2000-02-29T00:00:00.000000000Z"),
        (951_868_800, 0, "2000-03-01T00:00:00.000000000Z"),
        (1_709_164_800, 0, "2024-02-29T00:00:00.000000000Z"),
        (1_740_700_799, 0, "2025-02-27T23:59:59.000000000Z"),
        (1_740_787_200, 0, "2025-03-01T00:00:00.000000000Z"),
        // 1900 and 2100 have no leap day; 2000 had one.
        (-2_203_977_600, 0, "1900-02-28T00:00:00.000000000Z"),
        (-2_203_891_200, 0, "1900-03-01T00:00:00.000000000Z"),
        (4_107_456_000, 0, "2100-02-28T00:00:00.000000000Z"),
        (4_107_542_400, 0, "2100-03-01T00:00:00.000000000Z"),
        // Where 32-bit seconds and NTP's era end.
        (2_147_483_648, 0, "2038-01-19T03:14:08.000000000Z"),
        (2_085_978_496, 0, "2036-02-07T06:28:16.000000000Z"),
        (4_294_967_296, 0, "2106-02-07T06:28:16.000000000Z"),
        (1_735_689_599, 999_999_999, "2024-12-31T23:59:59.999999999Z"),
        (9_223_372_036, 854_775_807, "2262-04-11T23:47:16.854775807Z"),
        (-9_223_372_036, -854_775_808, "1677-09-21T00:12:43.145224192Z"),
    ]

    @Test(arguments: texts)
    func `an instant is written as RFC 3339 text in UTC`(
        seconds: Int64, nanoseconds: Int64, text: String
    ) {
        let instant = Instant(nanoseconds: seconds * Self.second + nanoseconds)
        #expect(instant.description == text)
    }

    @Test(arguments: [
        (0, "2024-12-31T23:59:59Z"), (1, "2024-12-31T23:59:59.9Z"),
        (3, "2024-12-31T23:59:59.999Z"), (9, "2024-12-31T23:59:59.999999999Z"),
    ])
    func `decimals are cut, so that no instant is printed as a later one`(
        decimals: Int, text: String
    ) {
        let instant = Instant(nanoseconds: 1_735_689_599 * Self.second + 999_999_999)
        #expect(instant.text(decimals: decimals) == text)
    }

    @Test func `every day of eight centuries follows the day before`() {
        // An independent count: walk the calendar with the rule of leap years.
        var (year, month, day) = (1678, 1, 1)
        var midnight: Int64 = -106_650  // days from 1970-01-01 back to 1678-01-01
        while midnight <= 106_650 {
            let text = Instant(nanoseconds: midnight * 86_400 * Self.second).text(decimals: 0)
            let date = [(year, 4), (month, 2), (day, 2)].map { number, width in
                String(String(number + 10_000).suffix(width))
            }
            guard text == date.joined(separator: "-") + "T00:00:00Z" else {
                Issue.record("day \(midnight): \(text)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
            midnight += 1
        }
    }

    @Test func `arithmetic sticks to the ends of the range`() {
        let first = Instant(nanoseconds: .min)
        let last = Instant(nanoseconds: .max)
        #expect(last.advanced(byNanoseconds: 1) == last)
        #expect(first.advanced(byNanoseconds: -1) == first)
        #expect(last.nanoseconds(since: first) == .max)
        #expect(first.nanoseconds(since: last) == .min)
        #expect(last.advanced(byNanoseconds: .min).nanoseconds == -1)
    }

    @Test(arguments: [
        (25, 20), (20, 20), (19, 10), (0, 0), (-1, -10), (-10, -10), (-11, -20),
    ])
    func `an instant is floored towards the past, before 1970 too`(
        nanoseconds: Int64, floor: Int64
    ) {
        #expect(
            Instant(nanoseconds: nanoseconds).floored(toNanoseconds: 10)
                == Instant(nanoseconds: floor))
    }

    @Test func `flooring at the beginning of the range sticks to it`() {
        let first = Instant(nanoseconds: .min)
        #expect(first.floored(toNanoseconds: 10 * Self.second) == first)
    }

    @Test func `instants are ordered by time`() {
        #expect(Instant(nanoseconds: -1) < Instant(nanoseconds: 0))
        #expect(!(Instant(nanoseconds: 0) < Instant(nanoseconds: 0)))
        #expect(Instant(nanoseconds: .min) < Instant(nanoseconds: .max))
    }
}
