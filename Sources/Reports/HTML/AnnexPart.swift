// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Intervals that the page lists in all; the rest is in `intervals.csv` (chosen).
    static let intervalLimit = 2_000

    /// The annex: a table of all cameras, and for every lost second its interval.
    ///
    /// Of a large system both are in the CSV files alone.
    func writeAnnex() {
        section(.annex, onNewPage: isSmall) {
            guard isSmall else {
                html.element(
                    "p",
                    text(Sentence.annexElsewhere) + ": cameras.csv, intervals.csv, stalls.csv.")
                return
            }
            writeCameraTable()
            writeIntervals()
            writeStalls()
        }
    }

    /// Stalls of the picture, each as what it is and under its clause.
    private func writeStalls() {
        let stalls = statement.cameras.flatMap { line in line.quality.stalls.map { (line, $0) } }
        guard !stalls.isEmpty else { return }
        let clause = Citation(annex: 2, point: 7, subpoint: 2).text(language)
        html.element("h3", "\(text(Sentence.annexStalls)) (\(clause))")
        html.element("p", text(Sentence.stallsExplained), style: "soft")
        table(
            [(.camera, ""), (.event, ""), (.when, ""), (.stalls, "n")], stalls,
            limit: StatementPage.intervalLimit, file: "stalls.csv"
        ) { line, stall in
            let length = text.formatting.duration(stall.nanoseconds, .exact)
            return [
                .lined(line.name, line.id.text), .text("\(text(Sentence.stall)) \(length)"),
                .when(text.exactMoments(stall.range)), .figure(text.count(Int(stall.count))),
            ]
        }
    }

    private func writeCameraTable() {
        heading(.annexTable)
        table(
            [
                (.camera, ""), (.site, ""), (.channel, ""), (.availability, "n"),
                (.downtime, "n"), (.coverage, "n"), (.strip, ""),
            ], statement.cameras
        ) { line in
            [
                .lined(line.name, line.id.text), .code(line.site.text),
                .code(line.channel?.text ?? FigureText.none),
                .figure(text.availability(line.totals)),
                .figure(text.duration(line.totals.down)),
                .figure(text.percent(line.totals.coverage)), .picture(strip(line, prefix: "a")),
            ]
        }
    }

    private func writeIntervals() {
        writeLegend(prefix: "al")
        heading(.annexLost)
        /// A row of the table: a camera's heading, or one of its intervals.
        enum Row {
            case camera(Statement.CameraLine)
            case interval(Statement.Interval)
        }
        var rows: [Row] = []
        var left = StatementPage.intervalLimit
        var omitted = 0
        for line in statement.cameras where !line.intervals.isEmpty {
            let shown = line.intervals.prefix(left)
            left -= shown.count
            omitted += line.intervals.count - shown.count
            if !shown.isEmpty { rows.append(.camera(line)) }
            rows += shown.map { .interval($0) }
        }
        let columns: [(ColumnTitle, String)] = [
            (.when, ""), (.duration, "n"), (.state, ""), (.reason, ""), (.responsible, ""),
            (.evidence, ""),
        ]
        table(columns, rows) { row in
            switch row {
            case .camera(let line):
                let title = line.name.isEmpty ? line.id.text : "\(line.id.text) · \(line.name)"
                return [
                    .subheading(title, columns: columns.count, id: "c-" + line.id.text)
                ]
            case .interval(let interval):
                return [
                    .when(text.exactMoments(interval.range)),
                    .figure(text.formatting.duration(interval.range.nanoseconds, .exact)),
                    .text(text.state(interval.state)), .text(text.reason(interval)),
                    .code(interval.responsible), .text(text.evidence(interval.evidence)),
                ]
            }
        }
        if omitted > 0 {
            html.element(
                "p", "\(text(Sentence.more)): \(text.count(omitted)) – intervals.csv",
                style: "soft")
        }
    }
}
