// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing

@testable import Reports

@Suite struct LanguageTests {
    @Test func `every phrase is there in three languages`() {
        PhraseChecks.check(Term.self)
        PhraseChecks.check(SectionTitle.self)
        PhraseChecks.check(StateName.self)
        PhraseChecks.check(FailureName.self)
        PhraseChecks.check(UnknownName.self)
        PhraseChecks.check(CriterionName.self)
        PhraseChecks.check(ReportTitle.self)
        PhraseChecks.check(ChartTitle.self)
        PhraseChecks.check(CameraKind.self)
        PhraseChecks.check(ObjectClass.self)
        PhraseChecks.check(Channel.Medium.self)
        PhraseChecks.check(Channel.Role.self)
        PhraseChecks.check(Party.Role.self)
        PhraseChecks.check(EventName.self)
        PhraseChecks.check(Evidence.self)
        PhraseChecks.check(Transport.self)
        PhraseChecks.check(ReportTitle.rules, "ReportTitle.rules")
        for criterion in CriterionName.allCases where criterion != .frameRate {
            PhraseChecks.check(criterion.short, "\(criterion).short")
        }
    }

    @Test func `phrases of the page are there in three languages`() {
        PhraseChecks.check(Sentence.self, mayAgree: true)
        PhraseChecks.check(ColumnTitle.self, mayAgree: true)
        PhraseChecks.check(Definition.self)
        for definition in Definition.allCases {
            PhraseChecks.check(definition.name, "\(definition)")
        }
    }

    @Test func `sections are numbered from one to ten and the annex is not`() {
        #expect(SectionTitle.summary.heading(.russian) == "1. Краткие итоги")
        #expect(SectionTitle.outlook.heading(.kazakh) == "10. Болжам")
        #expect(SectionTitle.annex.heading(.english) == "Annex. Data by camera")
    }

    @Test func `a report says which paragraph asks for it`() {
        #expect(
            ReportTitle.system.basis(.kazakh)
                == "Есеп Қағидалардың 16-тармағының 2) тармақшасына сәйкес жасалды.")
        #expect(ReportTitle.channels.basis(.russian).contains("подпунктом 2) пункта 17 Правил"))
        #expect(ReportTitle.videoSystems.basis(.english).contains("paragraph 18, sub-paragraph 2"))
    }

    @Test func `the terms are those of the order`() {
        #expect(Term.networkOperator.text(.kazakh) == "деректерді беру желісінің операторы")
        #expect(Term.coordinator.text(.kazakh) == "үйлестіруші")
        #expect(Term.registry.text(.russian) == "реестр")
        #expect(Term.dutyService.text(.kazakh) == "кезекшілік қызметі")
    }

    @Test func `an event of a later version keeps its own name`() {
        #expect(EventName.text("report-issued", .kazakh) == "есеп шығарылды")
        #expect(EventName.text("moon-eclipsed", .kazakh) == "moon-eclipsed")
    }
}
