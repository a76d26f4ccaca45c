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
}
