// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct DifferencePartTests {
    @Test func `every figure that is compared has a name in every language`() {
        let codes = Set(StatementFigures(MadeUpSystem.statement()).figures.map(\.name))
        #expect(codes.count > 20)
        for code in codes {
            let figure = DifferenceFigure(code)
            #expect(figure != nil, "\(code)")
            let names = Language.allCases.compactMap { figure?.name($0) }
            #expect(Set(names).count == 3, "\(names)")
            #expect(!names.contains { $0.contains("-ns") || $0.contains("-verdict") })
        }
        #expect(Set(DifferenceFigure.codes).isSubset(of: codes), "none for what is not compared")
        #expect(DifferenceFigure("of-another-version") == nil)
    }

    static func shown(_ code: String, _ value: String?, _ language: Language = .english) -> String?
    {
        let text = FigureText(language, zone: MadeUpSystem.zone)
        return DifferenceFigure(code).map { FormattingTests.plain($0.shown(value, text)) }
    }

    @Test func `values stand with their units`() {
        #expect(Self.shown("up-ns", "172799999999995") == "47 h 59 min 59.999 s")
        #expect(Self.shown("down-failure-ns", "10800000000000", .russian) == "3 ч 00 мин 00,000 с")
        #expect(Self.shown("budget-verdict", "breached", .russian) == "нарушено")
        #expect(Self.shown("bitrate-verdict", "undecidable", .kazakh) == "анықталмады")
        #expect(Self.shown("packets-lost", "1234567") == "1 234 567")
        #expect(Self.shown("octets", "12000", .russian) == "12 000 окт.")
        #expect(Self.shown("end", "2026-10-31T19:00:00Z") == "2026-11-01 00:00:00")
        #expect(Self.shown("provisional", "period-open") == "the period has not ended")
        #expect(Self.shown("software-version", "1.2.3") == "1.2.3")
    }

    @Test func `what is not there is a dash, what is of another form stands as it is`() {
        #expect(Self.shown("up-ns", nil) == "–")
        #expect(Self.shown("revoked", "") == "–")
        #expect(Self.shown("up-ns", "many") == "many")
        #expect(Self.shown("end", "soon") == "soon")
    }

    static func page(_ rows: [StatementDifference]?, _ language: Language = .english) -> String {
        var statement = MadeUpSystem.statement()
        statement.header.revision = 2
        statement.differences = Statement.Differences(
            previousRevision: 1, previousDigest: "0badc0de", rows: rows)
        return StatementPageTests.html(statement, language)
    }

    @Test func `the table names things and figures, and leaves what it does not know`() {
        let figures = [
            StatementFigures.Figure(subject: "camera:k1-hall", name: "up-ns", value: ""),
            StatementFigures.Figure(subject: "camera:gone", name: "outages", value: ""),
            StatementFigures.Figure(subject: "work:w-17", name: "later-figure", value: ""),
        ]
        let page = Self.page(figures.map { StatementDifference($0, from: "1", to: "2") }, .russian)
        #expect(page.contains("Видеокамера <span class=\"id\"><a href=\"#c-k1-hall\">k1-hall"))
        #expect(
            page.contains("Видеокамера <span class=\"id\">gone"), "no link to what is not there")
        #expect(page.contains("Число простоев"))
        #expect(page.contains("later-figure"))
        #expect(!page.contains("camera:k1-hall") && !page.contains("up-ns"))
    }

    @Test func `a revision without changed figures says what else it is, one without a table too`()
    {
        #expect(Self.page([]).contains(Sentence.differencesElsewhere.text(.english)))
        #expect(Self.page(nil).contains(Sentence.differencesUnknown.text(.english)))
    }
}
