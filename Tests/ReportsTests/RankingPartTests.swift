// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct RankingPartTests {
    @Test(arguments: Language.allCases)
    func `the worst cameras, the causes and the responsible are drawn`(language: Language) {
        let page = StatementPageTests.html(MadeUpSystem.statement(), language)
        for prefix in ["rkw", "rkc", "rkr"] {
            #expect(page.contains("id=\"\(prefix)-t\""), "\(prefix)")
        }
        for title in [ChartTitle.worst, .causes, .responsible] {
            #expect(page.contains(title.text(language)))
        }
    }

    @Test func `a party is named where the reader sees its name, else by its identity`() throws {
        let sink = DocumentSink { _ in }
        let all = StatementPage(MadeUpSystem.statement(), .english, sink)
        #expect(all.party(MadeUpSystem.id("net-north")) == "Net North")
        #expect(all.party(nil) == FigureText.none)
        let recipient = try #require(Statement.Recipient("subscriber:school-board"))
        let own = StatementPage(MadeUpSystem.statement(recipient), .english, sink)
        #expect(own.party(MadeUpSystem.id("net-north")) == "net-north")
    }
}
