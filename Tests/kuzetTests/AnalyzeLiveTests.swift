// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import kuzet

@Suite struct AnalyzeLiveTests {
    private let style = TerminalStyle(colour: true, ascii: false, columns: 100, isTerminal: true)

    private var moment: LiveMoment<[StreamReport]> {
        var input = SampleReports.input
        input.origin = .interface("eth1")
        input.kernelDrops = 12
        return LiveMoment(reports: SampleReports.all, input: input) { identity in
            SampleReports.all.first { $0.identity == identity }
                .map { SampleReports.history($0) } ?? []
        }
    }

    private func screen(_ table: inout LiveTable, _ columns: Int, _ rows: Int) -> String {
        let lines = table.lines(moment, size: TerminalSize(columns: columns, rows: rows))
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { $0.width <= columns })
        return lines.map { $0.rendered(colour: false) + "\n" }.joined()
    }

    /// Presses the keys; whether the screen goes on.
    private func press(_ table: inout LiveTable, _ keys: TerminalKey...) -> Bool {
        var goesOn = true
        for key in keys { goesOn = table.press(key) && goesOn }
        return goesOn
    }

    @Test func `the live table fills the screen`() {
        var table = LiveTable(style: style)
        expectGolden(screen(&table, 100, 30), "live-100x30.txt")
        expectGolden(screen(&table, 80, 24), "live-80x24.txt")
    }

    @Test func `enter shows all of one stream and escape goes back`() {
        var table = LiveTable(style: style)
        let before = screen(&table, 100, 50)
        #expect(press(&table, .down, .enter))
        expectGolden(screen(&table, 100, 50), "live-details-100x50.txt")
        #expect(press(&table, .escape, .up))
        #expect(screen(&table, 100, 50) == before)
    }
}
