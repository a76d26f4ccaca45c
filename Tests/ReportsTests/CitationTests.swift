// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Testing

@testable import Reports

@Suite struct CitationTests {
    @Test(arguments: [
        (
            "A2.1.4", "2-қосымша, 1-тармақ, 4) тармақша", "приложение 2, п. 1, подп. 4)",
            "annex 2, point 1, sub-point 4"
        ),
        ("A2.4", "2-қосымша, 4-тармақ", "приложение 2, п. 4", "annex 2, point 4"),
        ("¶17.2", "17-тармақ, 2) тармақша", "п. 17, подп. 2)", "paragraph 17, sub-paragraph 2"),
        ("¶9", "9-тармақ", "п. 9", "paragraph 9"),
    ])
    func `a clause is cited as legal texts of each language do`(
        _ code: String, _ kk: String, _ ru: String, _ en: String
    ) throws {
        let citation = try #require(Citation(parsing: code))
        #expect(citation.code == code)
        for (language, expected) in zip(Language.allCases, [kk, ru, en]) {
            #expect(citation.text(language).replacing("\u{a0}", with: " ") == expected)
        }
    }

    @Test func `what is no clause is none`() {
        for wrong in [
            "", "A", "¶", "A2", "A2.", "A2.1.4.1", "B2.1", "A2.x", "A2.-1", "¶1.2.3", "A9999.1",
        ] {
            #expect(Citation(parsing: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `criteria cite what the account says`() {
        for criterion in Criterion.allCases {
            #expect(CriterionName(criterion).citation.code == criterion.clause)
        }
        for kind in CameraKind.allCases { #expect(Citation(parsing: kind.clause) != nil) }
    }
}
