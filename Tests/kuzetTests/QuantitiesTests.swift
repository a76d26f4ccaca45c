// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Testing

@testable import kuzet

@Suite struct QuantitiesTests {
    @Test(
        arguments: [
            ("3.2s", 3_200_000_000), ("500ms", 500_000_000), ("60", 60_000_000_000),
            ("5min", 300_000_000_000), ("-3.2s", -3_200_000_000), ("1h", 3_600_000_000_000),
            ("250us", 250_000), ("7ns", 7), ("0s", 0),
        ] as [(String, Int64)])
    func `durations are read with their unit`(text: String, nanoseconds: Int64) {
        #expect(DurationArgument(argument: text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: ["", "s", "3.2 s", "1e9s", "3x", "99999999999d", "nan", "inf", "1..2s", "--1"])
    func `what is no duration is refused`(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        ("5M", 5_000_000), ("512k", 512_000), ("5Mbit/s", 5_000_000), ("1.5Gbps", 1_500_000_000),
        ("800", 800),
    ])
    func `bit rates are read with their unit`(text: String, bits: Int) {
        #expect(BitRateArgument(argument: text)?.bitsPerSecond == bits)
    }

    @Test(arguments: ["-5M", "5m", "M", "5MB"])
    func `what is no bit rate is refused`(text: String) {
        #expect(BitRateArgument(argument: text) == nil)
    }

    @Test(arguments: [("8%", 0.08), ("0.08", 0.08), ("100%", 1), ("0", 0)] as [(String, Double)])
    func `shares are read as per cent or as a ratio`(text: String, ratio: Double) {
        #expect(PercentArgument(argument: text)?.ratio == ratio)
    }

    @Test(arguments: ["101%", "8", "-1%", "%"])
    func `what is no share is refused`(text: String) {
        #expect(PercentArgument(argument: text) == nil)
    }

    @Test func `the error names what was found and what was expected`() {
        let error = #expect(throws: ValidationError.self) { try DurationArgument.parse("soon") }
        #expect(
            error?.message == "found \"soon\"; expected a duration such as 500ms, 3.2s, 5min")
    }
}
