// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct AccountSentencesTests {
    static let hour: Int64 = 3_600_000_000_000

    static func texts(_ write: (AccountSentences) -> String) -> [String] {
        Language.allCases.map { FormattingTests.plain(write(AccountSentences($0))) }
    }

    /// Every sentence holds every figure, ends in a full stop and is its language's own.
    static func check(_ texts: [String], holds figures: [String]) {
        for text in texts {
            #expect(text.hasSuffix(".") && !text.hasSuffix("..") && !text.contains("  "), "\(text)")
            #expect(text.first?.isLowercase != true, "\(text)")
            for figure in figures { #expect(text.contains(figure), "\(figure) in \(text)") }
        }
        #expect(Set(texts).count == 3)
    }

    @Test func `a verdict gives its figures`() {
        let met = Self.texts {
            $0.verdict(.met, used: 12 * Self.hour, unknown: 0, limit: 50 * Self.hour)
        }
        Self.check(met, holds: ["12 ", "50 "])
        #expect(met[1] == "Требование соблюдено: время простоя – 12 ч; лимит – 50 ч.")
        let breached = Self.texts {
            $0.verdict(.breached, used: 53 * Self.hour, unknown: 0, limit: 50 * Self.hour)
        }
        Self.check(breached, holds: ["53 ", "50 ", "3 "])
        #expect(
            breached[0]
                == "Талап бұзылды: тұрып қалу уақыты – 53 сағ, бұл 50 сағ лимитінен 3 сағ артық.")
    }

    @Test func `a verdict that cannot be given says why`() {
        let tip = Self.texts {
            $0.verdict(
                .undecidable(.unknownTimeCouldTip), used: 45 * Self.hour, unknown: 9 * Self.hour,
                limit: 50 * Self.hour)
        }
        Self.check(tip, holds: ["45 ", "9 ", "50 "])
        let low = Self.texts {
            $0.verdict(
                .undecidable(.coverageTooLow(Share(9_721, of: 10_000))), used: 0, unknown: 0,
                limit: 50 * Self.hour)
        }
        Self.check(low, holds: ["99 %"])
        #expect(
            low[1]
                == "Заключение невозможно: охват наблюдением – 97,21 %, а требуется не менее 99 %.")
    }

    @Test func `counts of verdicts follow their noun`() {
        let texts = Self.texts { $0.verdicts(.camera, met: 19, breached: 1, undecidable: 1) }
        Self.check(texts, holds: ["21 ", "19", "1"])
        #expect(texts[1].hasPrefix("Всего 21 видеокамера:"))
    }

    @Test func `a change names both periods`() {
        let texts = Self.texts {
            $0.change("D", before: "3 ч", now: "5 ч", difference: "+2 ч")
        }
        Self.check(texts, holds: ["D", "3 ч", "5 ч", "+2 ч"])
    }

    @Test func `the day on which nothing is left stands in its case`() throws {
        let day = try #require(CalendarDate(year: 2026, month: 11, day: 12))
        let texts = Self.texts { $0.runsOut(on: day, window: 720 * Self.hour) }
        Self.check(texts, holds: ["30", "12", "2026"])
        #expect(
            texts == [
                "Соңғы 30 тәуліктегі қарқын сақталса, лимит 2026 жылғы 12 қарашада таусылады.",
                "При темпе последних 30 суток лимит будет исчерпан 12 ноября 2026 г.",
                "At the rate of the last 30 days nothing is left on 12 November 2026.",
            ])
        let hour = Self.texts { $0.lastsTheYear(window: Self.hour) }
        #expect(hour[1] == "При темпе последнего часа лимита хватит до конца года.")
        #expect(hour[2].contains("the last hour "))
        #expect(
            Self.texts { $0.lastsTheYear(window: 6 * Self.hour) }[0].hasPrefix("Соңғы 6 сағаттағы"))
        #expect(
            Self.texts { $0.lastsTheYear(window: 24 * Self.hour) }[1].contains("последних суток"))
    }

    @Test func `coverage tells what was only sampled`() {
        Self.check(Self.texts { $0.coverage(known: 999, sampled: 0, of: 1000) }, holds: ["99"])
        Self.check(
            Self.texts { $0.coverage(known: 999, sampled: 12, of: 1000) }, holds: ["99", "1"])
    }

    @Test func `what is provisional says why`() {
        let open = Self.texts { $0.provisional(isPeriodOpen: true, dataUntil: nil) }
        let late = Self.texts { $0.provisional(isPeriodOpen: false, dataUntil: "31.10.2026") }
        Self.check(open, holds: [])
        Self.check(late, holds: ["31.10.2026"])
        #expect(zip(open, late).allSatisfy { $0 != $1 })
    }
}
