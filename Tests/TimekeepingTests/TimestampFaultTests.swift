// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct TimestampFaultTests {
    static let sentences: [(TimestampFault, String)] = [
        (
            TimestampFault.malformed,
            "not a time stamp (expected one such as 2024-02-29T23:30:00+06:00)"
        ),
        (
            .noOffset,
            "time stamp without an offset from UTC (expected one such as +05:00, or Z, at its end)"
        ),
        (.month(13), "no such month (expected 01 to 12)"),
        (.day(30, year: 2024, month: 2), "no such day (expected 01 to 29)"),
        (.hour24, "no hour 24 (expected 00:00:00 of the day that follows)"),
        (.hour(25), "no such hour (expected 00 to 23)"),
        (.minute(60), "no such minute (expected 00 to 59)"),
        (.second(61), "no such second (expected 00 to 59)"),
        (.second(60), "no leap second there (expected 60 at the end of a month in UTC only)"),
        (.offset, "no such offset from UTC (expected -23:59 to +23:59)"),
        (.beyondRange, "time stamp out of range (expected the years 1678 to 2261)"),
    ]

    @Test(arguments: sentences)
    func `a fault says what was found and what was expected`(
        fault: TimestampFault, text: String
    ) {
        #expect(fault.description == text)
    }
}
