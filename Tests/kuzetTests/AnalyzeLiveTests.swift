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

    @Test func `the chosen stream stays chosen while rows change places`() {
        var table = LiveTable(style: style)
        _ = screen(&table, 100, 30)
        #expect(press(&table, .down, .down))
        _ = screen(&table, 100, 30)
        let chosen = table.selected
        for key in "lbfjnws" {
            #expect(press(&table, .character(key)))
            _ = screen(&table, 100, 30)
            #expect(table.selected == chosen)
        }
    }

    @Test func `s goes through every order and letters choose one`() {
        var table = LiveTable(style: style)
        var seen: [StreamSort] = []
        for _ in StreamSort.allCases {
            seen.append(table.sort)
            #expect(press(&table, .character("s")))
        }
        #expect(seen == StreamSort.allCases)
        #expect(press(&table, .character("j")))
        #expect(table.sort == .jitter)
    }

    @Test func `the ends of the list are where moves stop, and the screen scrolls along`() {
        var table = LiveTable(style: style)
        _ = screen(&table, 80, 10)
        #expect(press(&table, .end, .down, .pageDown))
        #expect(screen(&table, 80, 10).contains("10/10"))
        #expect(press(&table, .pageUp))
        #expect(screen(&table, 80, 10).contains("6/10"))
        #expect(press(&table, .home, .up))
        #expect(screen(&table, 80, 10).contains("1/10"))
    }

    @Test func `a shows audio and others too, and q ends`() {
        var table = LiveTable(style: style)
        #expect(!screen(&table, 100, 30).contains("pcma"))
        #expect(press(&table, .character("a")))
        #expect(screen(&table, 100, 30).contains("pcma"))
        #expect(!press(&table, .character("q")))
    }

    @Test func `a stream that vanishes under its details leads back to the table`() {
        var table = LiveTable(style: style)
        _ = screen(&table, 100, 30)
        #expect(press(&table, .enter))
        _ = screen(&table, 100, 30)
        #expect(table.view == .details)
        let empty = LiveMoment(reports: [StreamReport](), input: SampleReports.input) { _ in [] }
        let lines = table.lines(empty, size: TerminalSize(columns: 80, rows: 24))
        #expect(lines.count == 24)
        #expect(lines[2].plainText == " no stream seen yet")
        #expect(table.view == .table)
    }

    @Test func `any size and any keys make a screen of that size`() {
        var random = SeededGenerator(state: 11)
        let keys: [TerminalKey] = [
            .up, .down, .pageUp, .pageDown, .home, .end, .enter, .escape, .character("a"),
            .character("s"), .character("x"),
        ]
        var table = LiveTable(
            style: TerminalStyle(colour: false, ascii: true, columns: nil, isTerminal: true))
        for _ in 0..<400 {
            if let key = keys.randomElement(using: &random) { _ = press(&table, key) }
            _ = screen(
                &table, Int.random(in: 1...210, using: &random),
                Int.random(in: 1...60, using: &random))
        }
    }
}
