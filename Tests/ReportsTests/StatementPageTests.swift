// SPDX-License-Identifier: Apache-2.0
import Glibc
import Registry
import Testing

@testable import Reports

@Suite struct StatementPageTests {
    static func html(_ statement: Statement, _ language: Language) -> String {
        DocumentSink.text { statement.writeHTML(in: language, to: $0) }
    }

    @Test(arguments: Language.allCases)
    func `the page of a made-up system is as agreed`(language: Language) {
        expectGolden(
            Self.html(MadeUpSystem.statement(), language), "coordinator.\(language.rawValue).html")
    }
}
