// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Reports

@Suite struct ExactTextTests {
    @Test(
        arguments: [
            (99_995, 100_000, 2, "99.99"), (999_999, 1_000_000, 3, "99.999"), (1, 1, 3, "100.000"),
            (0, 7, 1, "0.0"), (2, 3, 4, "66.6666"), (-1, 3, 2, "-33.33"), (5, 1, 0, "500"),
        ] as [(Int128, Int128, Int, String)])
    func `a percentage is cut off and never rounded up`(
        part: Int128, whole: Int128, decimals: Int, expected: String
    ) {
        #expect(ExactText.percent(.init(part, of: whole), decimals: decimals) == expected)
    }

    @Test func `one second of a month is not nothing and the rest not all`() {
        let month: Int128 = 31 * 86_400 * 1_000_000_000
        let up = month - 1_000_000_000
        #expect(ExactText.percent(.init(up, of: month), decimals: 3) == "99.999")
        #expect(ExactText.percent(.init(month - 1, of: month), decimals: 9) == "99.999999999")
    }

    @Test func `nothing of nothing has no percentage`() {
        #expect(ExactText.percent(.init(0, of: 0), decimals: 3) == nil)
    }

    @Test func `camera time of a large system keeps every nanosecond`() {
        // 300,000 cameras over a leap year: beyond 2⁶³.
        let whole: Int128 = 300_000 * 366 * 86_400 * 1_000_000_000
        #expect(ExactText.seconds(whole - 1) == "9486719999999.999999999")
        #expect(ExactText.percent(.init(whole - 1, of: whole), decimals: 3) == "99.999")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000000001"), (1_500_000_000, "1.5"), (-2_000_000_000, "-2"),
            (10_000_000_000, "10"),
        ] as [(Int128, String)])
    func `seconds have all decimals there are and none that say nothing`(
        nanoseconds: Int128, expected: String
    ) {
        #expect(ExactText.seconds(nanoseconds) == expected)
    }

    @Test func `an instant is written in UTC as short as it is exact`() {
        #expect(ExactText.instant(MadeUpSystem.october) == "2026-09-30T19:00:00Z")
        #expect(
            ExactText.instant(MadeUpSystem.at(1, plus: 120_000_000)) == "2026-09-30T19:00:00.12Z")
    }
}
