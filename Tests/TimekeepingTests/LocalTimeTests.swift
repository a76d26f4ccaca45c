// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct LocalTimeTests {
    static let shown: [(Int64, Int, String)] = [
        (0, 0, "1970-01-01T00:00:00+00:00"), (-1, 0, "1969-12-31T23:59:59+00:00"),
        (1_709_227_800, 21_600, "2024-02-29T23:30:00+06:00"),
        (1_709_231_400, 18_000, "2024-02-29T23:30:00+05:00"),
        (0, -16_200, "1969-12-31T19:30:00-04:30"),
    ]

    @Test(arguments: shown)
    func `clocks show the time of UTC and their offset`(
        seconds: Int64, offset: Int, text: String
    ) {
        let time = LocalTime(Instant(nanoseconds: seconds * 1_000_000_000), offset: offset)
        #expect(time.description == text)
        #expect(time.offset == offset)
    }

    @Test func `an instant has its parts`() throws {
        let instant = try Instant(parsing: "2024-02-29T17:59:58.000000007Z")
        let time = LocalTime(instant, offset: 6 * 3600)
        #expect(time.date == CalendarDate(year: 2024, month: 2, day: 29))
        #expect((time.hour, time.minute, time.second, time.nanosecond) == (23, 59, 58, 7))
    }

    @Test func `the ends of time have room for an offset`() {
        let last = LocalTime(Instant(nanoseconds: .max), offset: 14 * 3600)
        #expect(last.date == CalendarDate(year: 2262, month: 4, day: 12))
        #expect((last.hour, last.minute, last.second) == (13, 47, 16))
        #expect(last.nanosecond == 854_775_807)
        let first = LocalTime(Instant(nanoseconds: .min), offset: -12 * 3600)
        #expect(first.date == CalendarDate(year: 1677, month: 9, day: 20))
        #expect((first.hour, first.minute, first.second) == (12, 12, 43))
        #expect(first.nanosecond == 145_224_192)
    }
}
