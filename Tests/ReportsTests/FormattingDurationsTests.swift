// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct FormattingDurationsTests {
    static func text(
        _ milliseconds: Int64, _ fineness: Formatting.Fineness, _ language: Language
    ) -> String {
        FormattingTests.plain(Formatting(language).duration(milliseconds * 1_000_000, fineness))
    }

    @Test(arguments: [
        (11_100_000, "3 сағ 05 мин", "3 ч 05 мин", "3 h 05 min"),
        (187_620_000, "52 сағ 07 мин", "52 ч 07 мин", "52 h 07 min"),
        (450_000, "7 мин 30 с", "7 мин 30 с", "7 min 30 s"),
        (12_340, "12,3 с", "12,3 с", "12.3 s"), (250, "0,250 с", "0,250 с", "0.250 s"),
        (3_599_999, "59 мин 59 с", "59 мин 59 с", "59 min 59 s"), (0, "0 с", "0 с", "0 s"),
    ])
    func `two leading units say enough`(
        _ milliseconds: Int64, _ kk: String, _ ru: String, _ en: String
    ) {
        #expect(Self.text(milliseconds, .leading, .kazakh) == kk)
        #expect(Self.text(milliseconds, .leading, .russian) == ru)
        #expect(Self.text(milliseconds, .leading, .english) == en)
    }

    @Test func `a limit has no minutes that are zero`() {
        #expect(Self.text(180_000_000, .brief, .kazakh) == "50 сағ")
        #expect(Self.text(480_000, .brief, .russian) == "8 мин")
        #expect(Self.text(5_520_000, .brief, .english) == "1 h 32 min")
    }

    @Test func `days are counted where asked for`() {
        #expect(Self.text(187_200_000, .withDays, .russian) == "2 сут 4 ч")
        #expect(Self.text(187_200_000, .withDays, .kazakh) == "2 тәул. 4 сағ")
        #expect(Self.text(3_600_000, .withDays, .english) == "1 h 00 min")
    }

    @Test func `an exact duration goes down to the millisecond`() {
        #expect(Self.text(3_723_004, .exact, .english) == "1 h 02 min 03.004 s")
        #expect(Self.text(63_004, .exact, .russian) == "1 мин 03,004 с")
        #expect(Self.text(3_004, .exact, .kazakh) == "3,004 с")
    }

    @Test func `what is not zero is not printed as zero`() {
        let form = Formatting(.english)
        #expect(FormattingTests.plain(form.duration(1)) == "< 1 ms")
        #expect(FormattingTests.plain(form.duration(-3_600_000_000_000)) == "−1 h 00 min")
        #expect(FormattingTests.plain(form.duration(Int64.min)) == "−2 562 047 h 47 min")
        #expect(FormattingTests.plain(form.duration(Int64.max)) == "2 562 047 h 47 min")
    }

    @Test func `a clock's offset carries its sign`() {
        #expect(FormattingTests.plain(Formatting(.kazakh).offset(3_204_000_000)) == "+3,204 с")
        #expect(FormattingTests.plain(Formatting(.english).offset(-15_999_999)) == "−0.015 s")
        #expect(FormattingTests.plain(Formatting(.english).offset(999)) == "0.000 s")
    }
}
