// SPDX-License-Identifier: Apache-2.0
import Measurements
import Streams
import Timekeeping

/// The answer as comma-separated values (RFC 4180).
///
/// A header, then a line for each stream, or with series a line for each interval. Unknown is an
/// empty cell, its reason in the column `unknown`.
struct CSVAnswer: AnswerWriter {
    let sink: ByteSink
    private let series: Bool

    init(to sink: ByteSink, series: Bool) {
        self.sink = sink
        self.series = series
    }

    mutating func begin() {
        let names =
            series
            ? Figure.identity.map(\.rawValue) + ["start", "end"]
                + Figure.ofInterval.map(\.rawValue) + ["unknown"]
            : Figure.allCases.map(\.rawValue) + ["verdict", "broken", "unknown"]
        line(names)
    }

    mutating func interval(_ interval: IntervalReport) {
        guard series else { return }
        let figures = interval.figures
        let range = interval.measurement.range
        line(
            Figure.identity.map { cell(figures[$0]) } + [range.start.text(), range.end.text()]
                + Figure.ofInterval.map { cell(figures[$0]) }
                + [text(reasons(figures, Figure.ofInterval))])
    }

    mutating func input(_ input: AnalysisInput) {}

    mutating func stream(_ figures: StreamFigures, _ verdict: StreamVerdict) {
        guard !series else { return }
        let broken = verdict.findings.filter { $0.judgement == .broken }.map(\.text)
        line(
            Figure.allCases.map { cell(figures[$0]) }
                + [
                    text(verdict.state.rawValue), text(broken.joined(separator: "; ")),
                    text(reasons(figures, Figure.allCases)),
                ])
    }

    mutating func end(_ faults: [FaultCount]) {}

    private func reasons(_ figures: StreamFigures, _ wanted: [Figure]) -> String {
        wanted
            .compactMap { figure in
                figures.reason(figure).map { "\(figure.rawValue): \($0.rawValue)" }
            }
            .joined(separator: "; ")
    }

    private func line(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { sink.write(byte: 0x2c) }
            sink.write(cell)
        }
        sink.write("\r\n")
    }

    private func cell(_ value: FigureValue) -> String {
        switch value {
        case .none: ""
        case .text(let word): text(word)
        case .count(let count): String(count)
        case .number(let number): DecimalText.exact(number) ?? ""
        case .flag(let flag): flag ? "true" : "false"
        case .list(let numbers): numbers.map { String($0) }.joined(separator: "/")
        case .tally, .receptions: quoted(inJSON(value))
        }
    }

    private func inJSON(_ value: FigureValue) -> String {
        let memory = ByteSink()
        var json = JSONWriter(to: memory)
        json.value(value)
        return memory.text
    }

    /// A cell of words: neutral to spreadsheets, which take a leading `=`, `+`, `-`, `@`, tab or
    /// return for a formula and would run what a camera sent.
    private func text(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        let isFormula = "=+-@\t\r".unicodeScalars.contains(first)
        return quoted((isFormula ? "'" : "") + PrintableText.shown(text, ascii: false))
    }

    private func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else {
            return text
        }
        var result = "\""
        for character in text.unicodeScalars {
            if character == "\"" { result += "\"" }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }
}
