// SPDX-License-Identifier: Apache-2.0
import Measurements

/// All that is known of one stream, for a person who wants to know why.
struct StreamDetails {
    var report: StreamReport
    /// Last intervals, oldest first.
    var history: [Measurement]
    var criteria: Criteria
    var ascii: Bool

    /// Columns of a figure's name; the longest has 27.
    private static let nameWidth = 27
    /// Columns of a name, its value, and the space to the next.
    private static let cellWidth = 48

    /// The lines, at most `columns` wide.
    func lines(columns: Int) -> [StyledLine] {
        let figures = StreamFigures(report)
        let verdict = StreamVerdict(figures, by: criteria)
        return title(verdict, columns) + findings(verdict, columns) + courses(columns)
            + [StyledLine()] + values(figures, columns) + reasons(figures, columns)
    }

    private func title(_ verdict: StreamVerdict, _ columns: Int) -> [StyledLine] {
        var line = StyledLine(verdict.state.word, verdict.state.ink)
        let name = PrintableText.shown(StreamName.of(report), ascii: ascii)
        line.append(
            " " + PrintableText.shortened(name, to: max(1, columns - line.width - 1), ascii: ascii),
            .title)
        return [line]
    }

    private func findings(_ verdict: StreamVerdict, _ columns: Int) -> [StyledLine] {
        verdict.findings.map { finding in
            let (mark, ink): (String, Ink) =
                switch finding.judgement {
                case .met: ("ok", .good)
                case .near: ("near", .near)
                case .broken: ("BREACH", .broken)
                case .undecidable: ("unsure", .unknown)
                }
            var line = StyledLine("  ")
            line.append(mark, ink, width: 7, rightwards: false)
            line.append(finding.text)
            return line.clipped(to: columns)
        }
    }

    /// The course of four figures over the last intervals.
    private func courses(_ columns: Int) -> [StyledLine] {
        guard !history.isEmpty else { return [] }
        // Behind the course its last and its greatest value.
        let room = max(1, columns - 48)
        let recent = history.suffix(room).map { measurement in
            IntervalReport(
                identity: report.identity, medium: report.medium, measurement: measurement
            ).figures
        }
        func course(_ name: String, _ unit: String, _ value: (StreamFigures) -> Double?)
            -> StyledLine
        {
            let values = recent.map(value)
            var line = StyledLine("  ")
            line.append(name, .dim, width: 11, rightwards: false)
            line.append(Sparkline.text(values, ascii: ascii))
            let shown = { (number: Double?) in
                number.map { StreamColumn.number($0, decimals: 2) } ?? "?"
            }
            let greatest = values.compactMap(\.self).max()
            line.append(" \(shown(values.last ?? nil)) \(unit), max \(shown(greatest))")
            return line
        }
        return [
            StyledLine(),
            course("bit rate", "Mbit/s") { $0.bitrate.map { $0 / 1e6 } },
            course("frame rate", "frames/s") { $0.frameRate },
            course("loss", "%") { $0.lossRatio.map { $0 * 100 } },
            course("jitter", "ms") { $0.jitterMean },
        ]
    }

    /// Every figure with a value, by its name in the JSON output, so that the documentation of
    /// the one is that of the other.
    private func values(_ figures: StreamFigures, _ columns: Int) -> [StyledLine] {
        let perLine = max(1, (columns + 1) / StreamDetails.cellWidth)
        let width = columns / perLine - 1
        var lines: [StyledLine] = []
        var open = StyledLine()
        var cells = 0
        func close() {
            if cells > 0 { lines.append(open) }
            open = StyledLine()
            cells = 0
        }
        for figure in Figure.allCases {
            let text = PrintableText.shown(StreamDetails.text(figures[figure]), ascii: ascii)
            guard !text.isEmpty else { continue }
            let isLong = StreamDetails.nameWidth + 1 + PrintableText.width(text) > width
            if isLong || cells == perLine { close() }
            var cell = StyledLine()
            cell.append(figure.rawValue, .dim, width: StreamDetails.nameWidth, rightwards: false)
            cell.append(" " + text)
            if isLong {
                lines += wrapped(cell, columns)
            } else {
                let space = String(repeating: " ", count: max(0, width - cell.width))
                open = open.joined(cell).joined(StyledLine(space + " "))
                cells += 1
            }
        }
        close()
        return lines
    }

    /// `cell` over as many lines as it takes: here nothing is cut.
    private func wrapped(_ cell: StyledLine, _ columns: Int) -> [StyledLine] {
        var lines = [cell.clipped(to: columns)]
        var rest = Substring(cell.plainText).dropFirst(lines[0].plainText.count)
        let margin = String(repeating: " ", count: StreamDetails.nameWidth + 1)
        let room = max(2, columns - margin.count)
        while !rest.isEmpty {
            let part = StyledLine(String(rest)).clipped(to: room).plainText
            lines.append(StyledLine(margin + part))
            rest = rest.dropFirst(max(1, part.count))
        }
        return lines
    }

    /// What has no value, gathered by reason.
    private func reasons(_ figures: StreamFigures, _ columns: Int) -> [StyledLine] {
        var gathered: [(reason: UnknownReason, figures: [String])] = []
        for figure in Figure.allCases {
            guard let reason = figures.reason(figure) else { continue }
            if let place = gathered.firstIndex(where: { $0.reason == reason }) {
                gathered[place].figures.append(figure.rawValue)
            } else {
                gathered.append((reason, [figure.rawValue]))
            }
        }
        guard !gathered.isEmpty else { return [] }
        var lines = [StyledLine(), StyledLine("unknown", .title)]
        for group in gathered {
            let words = "\(group.reason.rawValue):".split(separator: " ").map(String.init)
            lines += StyledLine.wrapped(
                [" "] + words + group.figures, .unknown, limit: columns, indent: 4)
        }
        return lines
    }

    private static func text(_ value: FigureValue) -> String {
        switch value {
        case .none: ""
        case .text(let text): text
        case .count(let count): DecimalText.grouped(count)
        case .number(let number): number.magnitude < 1e15 ? plain(number) : "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .list(let numbers): numbers.map { String($0) }.joined(separator: "/")
        case .tally(let tallies):
            tallies.map { "\($0.key): \(DecimalText.grouped($0.count))" }.joined(separator: ", ")
        case .receptions(let receptions):
            receptions.map { reception in
                let share = DecimalText.fixed(reception.greatestFractionLost * 100, decimals: 1)
                return "\(reception.reporter) lost \(reception.cumulativeLost), at most \(share) %"
            }.joined(separator: "; ")
        }
    }

    /// A ratio keeps its digits; what has units is read to a thousandth.
    private static func plain(_ number: Double) -> String {
        number.magnitude < 1 ? DecimalText.exact(number) ?? "" : DecimalText.plain(number)
    }
}
