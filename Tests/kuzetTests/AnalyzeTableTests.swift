// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import kuzet

@Suite struct AnalyzeTableTests {
    private func table(
        columns: Int?, ascii: Bool = false, colour: Bool = false, sort: StreamSort = .worst,
        all: Bool = false
    ) -> String {
        let sink = ByteSink()
        let style = TerminalStyle(
            colour: colour, ascii: ascii, columns: columns, isTerminal: columns != nil)
        StreamTable(style: style, sort: sort, showsAll: all).write(
            SampleReports.all, input: SampleReports.input, faults: SampleReports.faults, to: sink)
        return sink.text
    }

    @Test(arguments: [80, 100, 140, 200])
    func `the table reads well at every width`(columns: Int) {
        let text = table(columns: columns)
        expectGolden(text, "table-\(columns).txt")
        for line in text.split(separator: "\n") {
            #expect(PrintableText.width(String(line)) <= columns, "\(line)")
        }
    }

    @Test(arguments: [1, 20, 40, 60])
    func `a narrow window cuts rows and breaks none`(columns: Int) {
        let rows = table(columns: columns).split(separator: "\n")
        #expect(rows.allSatisfy { PrintableText.width(String($0)) <= columns })
    }

    @Test func `a pipe has no colour, no cuts and every column`() {
        let text = table(columns: nil)
        #expect(!text.contains("\u{1b}"))
        #expect(text.contains("10.20.0.12/Streaming/Channels/101"))
        #expect(text.contains("10.1.0.5:50112"))
    }

    @Test func `colour marks what breaks annex 2, and without it the marks remain`() {
        let coloured = table(columns: 100, colour: true)
        #expect(coloured.contains("\u{1b}[1;31m23.00!\u{1b}[0m"))
        #expect(coloured.contains("\u{1b}[1;31mBREACH\u{1b}[0m"))
        #expect(table(columns: 100).contains("23.00!"))
    }

    @Test func `an ASCII terminal gets ASCII only`() {
        #expect(table(columns: 80, ascii: true).utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `all lists audio and others behind the cameras`() throws {
        let text = table(columns: 100, all: true)
        let rows = text.split(separator: "\n")
        let audio = try #require(rows.firstIndex { $0.contains("pcma") })
        let last = try #require(rows.firstIndex { $0.contains("10.20.0.20:554") })
        #expect(last < audio)
        #expect(!text.contains("--all"))
    }

    @Test(arguments: [
        (StreamSort.worst, "10.20.0.12"), (.loss, "10.20.0.13"), (.bitrate, "10.20.0.12"),
        (.fps, "10.20.0.12"), (.name, "10.20.0.11"),
    ])
    func `the first row is the one that was asked for`(sort: StreamSort, first: String) {
        let rows = table(columns: 140, sort: sort).split(separator: "\n")
        #expect(rows[1].contains(first))
    }

    @Test func `many kinds of faults are counted, not listed`() {
        let faults = (0..<15).map { _ in SampleReports.faults[0] }
        let table = StreamTable(style: .pipe)
        let lines = table.foot(StreamTally(), input: SampleReports.input, faults: faults)
        #expect(lines.last?.plainText == "fault: 3 more kinds; --format json lists them all")
    }

    @Test(arguments: [
        (0.0, "0.00"), (0.000_01, "<0.01"), (0.0001, "0.01"), (0.2, "20.00"), (1, "100.00"),
    ])
    func `a loss that is there never reads as none`(ratio: Double, text: String) {
        #expect(StreamColumn.percent(ratio) == text)
    }

    @Test(arguments: [
        (12.5, "+0.013"), (-7_265.4, "-7.265"), (-86_400_000, "-86400"),
        (1_600_000_000_000, "+18519d"), (-0.2, "-0.000"), (1e300, "+>99999d"),
    ])
    func `clock offsets fit their column`(milliseconds: Double, text: String) {
        #expect(StreamColumn.clock(milliseconds) == text)
        #expect(text.count <= 8)
    }
}
