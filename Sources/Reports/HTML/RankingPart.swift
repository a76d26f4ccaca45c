// SPDX-License-Identifier: Apache-2.0
import Registry

extension StatementPage {
    /// Cameras that are drawn as the worst (chosen; the table has more).
    private static let worstBars = 10
    /// Width of the pictures that stand beside a table.
    private static let barsWidth = 330_00

    /// The cameras with the longest downtime as bars, failure and planned works told apart.
    func writeWorstBars(_ sorted: [Statement.CameraLine]) {
        let shown = sorted.prefix(StatementPage.worstBars).filter { $0.totals.down > 0 }
        guard shown.count > 1 else { return }
        let rows = shown.map { line in
            let name = line.name.isEmpty ? "" : line.name + " · "
            return RankedBars.Row(
                label: name + line.id.text,
                parts: [
                    .init(.failure, Int64(clamping: line.totals.downFailure)),
                    .init(.maintenance, Int64(clamping: line.totals.downMaintenance)),
                ], value: text.duration(line.totals.down))
        }
        write(.worst, Array(rows), "rkw", names: RankedBars.names(language))
    }

    /// The causes of incidents as bars of their time.
    func writeCauseBars() {
        let rows = statement.incidents.causes.sorted { $0.time > $1.time }.map { line in
            RankedBars.Row(
                label: text.formatting.capitalised(text.cause(line.cause)),
                parts: [
                    .init(
                        line.cause == .maintenance ? .maintenance : .failure,
                        Int64(clamping: line.time))
                ], value: text.duration(line.time))
        }
        write(.causes, rows, "rkc", width: StatementPage.barsWidth)
    }

    /// The parties that answer for most of the time.
    func writeResponsibleBars() {
        let sorted = statement.incidents.responsible.sorted { $0.time > $1.time }
        let rows = sorted.prefix(StatementPage.worstBars).map { line in
            RankedBars.Row(
                label: party(line.party), parts: [.init(.plain, Int64(clamping: line.time))],
                value: text.duration(line.time))
        }
        write(.responsible, rows, "rkr", width: StatementPage.barsWidth)
    }

    /// A party by its name, or by its identity where the reader does not see its name.
    func party(_ party: PartyID?) -> String {
        guard let party else { return FigureText.none }
        let line = statement.parties.first { $0.subject.id == party.text && !$0.name.isEmpty }
        return line?.name ?? party.text
    }

    private func write(
        _ title: ChartTitle, _ rows: [RankedBars.Row], _ prefix: String,
        names: [RankedBars.Kind: String] = [:], width: Int = ChartStyle.pageWidth
    ) {
        let sums = rows.map { row in row.parts.reduce(Int128(0)) { $0 + Int128($1.amount) } }
        guard let most = sums.max(), most > 0 else { return }
        let chart = RankedBars(
            rows: rows, axis: text.durationAxis(through: Int64(clamping: most), atMost: 4),
            names: names, title: text(title),
            summary: rows.map { "\($0.label): \($0.value)" }.joined(separator: "; "), width: width)
        html.raw("<figure><figcaption>")
        html.text(text(title))
        html.raw("</figcaption>")
        html.raw(chart.svg(prefix: prefix))
        html.raw("</figure>\n")
    }
}
