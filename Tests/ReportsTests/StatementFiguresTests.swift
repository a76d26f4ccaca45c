// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct StatementFiguresTests {
    static func text(_ figures: StatementFigures) -> String {
        DocumentSink.text { figures.write(to: $0) }
    }

    @Test func `what was written is read back`() {
        let figures = StatementFigures(MadeUpSystem.statement())
        #expect(figures.figures.count > 200)
        #expect(StatementFigures(parsing: Self.text(figures)) == figures)
    }

    @Test(arguments: [
        "", "\n", "kuzet.figures/1", "kuzet.figures/2\na\tb\tc\n", "kuzet.figures/1\na\tb\n",
        "kuzet.figures/1\na\tb\tc\td\n", "kuzet.figures/1\nb\ta\tc\na\ta\tc\n",
        "kuzet.figures/1\na\ta\tc\na\ta\tc\n", "kuzet.figures/1\na\tb\tc",
    ])
    func `what is not of the form is refused`(text: String) {
        #expect(StatementFigures(parsing: text) == nil)
    }

    @Test func `the same statement has no differences`() {
        let figures = StatementFigures(MadeUpSystem.statement())
        #expect(figures.differences(from: figures).isEmpty)
    }

    @Test func `late data show as the figures that they changed, from and to`() {
        let earlier = MadeUpSystem.statement()
        var later = earlier
        later.cameras[0].totals.unknown -= 5
        later.cameras[0].totals.up += 5
        let differences = StatementFigures(later).differences(from: StatementFigures(earlier))
        #expect(differences.map(\.figure) == ["unknown-ns", "up-ns"])
        #expect(differences.allSatisfy { $0.subject == "camera:d-fence" })
        #expect(differences.first?.from == "172800000000000")
        #expect(differences.first?.to == "172799999999995")
    }

    @Test func `what came and what went are told apart`() {
        let all = MadeUpSystem.statement()
        var less = all
        let gone = less.works.removeFirst()
        let came = StatementFigures(all).differences(from: StatementFigures(less))
        let went = StatementFigures(less).differences(from: StatementFigures(all))
        #expect(came.count == 3 && went.count == 3)
        #expect(came.allSatisfy { $0.from == nil && $0.to != nil })
        #expect(went.allSatisfy { $0.from != nil && $0.to == nil })
        #expect(came.allSatisfy { $0.subject == "work:" + gone.id })
    }

    @Test func `a table too long is cut and the rest counted`() {
        let earlier = StatementFigures(MadeUpSystem.statement())
        let rows = earlier.figures.map { StatementDifference($0, from: "1", to: "2") }
        let many = Array(repeating: rows, count: 20).flatMap { $0 }
        let table = Statement.Differences(
            previousRevision: 1, previousDigest: "00", rows: many)
        #expect(table.rows.count == Statement.Differences.rowLimit)
        #expect(table.rows.count + table.omitted == many.count)
    }
}
