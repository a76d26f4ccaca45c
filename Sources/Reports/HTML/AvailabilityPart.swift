// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 2: availability and budget of channels, sites, cameras; worst first.
    func writeAvailability() {
        section(.availability, onNewPage: true) {
            html.raw("<p>")
            html.text(text(Sentence.budgetOf))
            html.raw(" <strong>\(statement.header.budgetYear)</strong> (")
            html.text(CriterionName.downtime.citation.text(language))
            html.raw("): <strong>")
            html.text(limits)
            html.raw("</strong>. ")
            html.text(text(Sentence.withinYear))
            html.raw(".</p>\n")
            heading(.parties)
            table(
                [
                    (.name, ""), (.cameras, "n"), (.availability, "n"), (.downtime, "n"),
                    (.coverage, "n"),
                ], [statement.system] + statement.parties
            ) { line in
                [
                    line.subject == .system
                        ? .text(text(Sentence.system)) : .named(line.name, line.subject.id),
                    .figure(text.count(line.cameras)), .figure(text.availability(line.totals)),
                    .figure(text.duration(line.totals.down)),
                    .figure(text.percent(line.totals.coverage)),
                ]
            }
            if !statement.channels.isEmpty { writeThings(.channels, statement.channels) }
            if !statement.sites.isEmpty { writeThings(.sites, statement.sites) }
            writeCameras()
        }
    }

    /// Every limit of downtime that holds for some camera.
    private var limits: String {
        let found = Set(statement.header.rules.limits.map(\.thresholds.annualDowntime)).sorted()
        let shown = found.map { text.duration($0) }.joined(separator: ", ")
        return found.isEmpty ? FigureText.none : "\(shown) \(text(Sentence.perYear))"
    }

    private func writeThings(_ title: Sentence, _ lines: [Statement.ThingLine]) {
        heading(title)
        let file = title == .channels ? "channels.csv" : "sites.csv"
        let sorted = lines.sorted { one, other in
            let keys = (one.rank, other.rank)
            return keys.0 == keys.1
                ? one.subject < other.subject : keys.1.lexicographicallyPrecedes(keys.0)
        }
        table(
            [
                (.name, ""), (.cameras, "n"), (.availability, "n"), (.outages, "n"),
                (.longest, "n"), (.used, "n"), (.left, "n"), (.usedShare, ""), (.verdict, "c"),
                (.runsOut, "n"),
            ], sorted, limit: isSmall ? nil : StatementPage.rowLimit, file: file
        ) { line in
            [
                .named(line.name, line.subject.id), .figure(text.count(line.cameras)),
                .figure(text.availability(line.totals)), .figure(text.count(line.outages)),
                .figure(text.duration(line.longestOutage)),
            ] + budgetCells(line.budget, prefix: "t" + line.subject.kind + line.subject.id)
        }
    }

    private func writeCameras() {
        heading(.cameras)
        let sorted = statement.cameras.sorted { one, other in
            let keys = (one.rank, other.rank)
            return keys.0 == keys.1 ? one.id < other.id : keys.1.lexicographicallyPrecedes(keys.0)
        }
        table(
            [
                (.camera, ""), (.availability, "n"), (.coverage, "n"), (.downtime, "n"),
                (.outages, "n"), (.used, "n"), (.left, "n"), (.usedShare, ""), (.verdict, "c"),
                (.runsOut, "n"),
            ], sorted, limit: isSmall ? nil : StatementPage.rowLimit, file: "cameras.csv"
        ) { line in
            [
                .named(line.name, line.id.text, link: anchor(line.id)),
                .figure(text.availability(line.totals)),
                .figure(text.percent(line.totals.coverage)),
                .figure(text.duration(line.totals.down)), .figure(text.count(line.outages)),
            ] + budgetCells(line.budget, prefix: "b" + line.id.text)
        }
    }

    private func budgetCells(_ budget: Statement.BudgetFigures?, prefix: String) -> [Cell] {
        guard let budget else { return [Cell](repeating: .figure(FigureText.none), count: 5) }
        return [
            .figure(text.duration(budget.used)),
            .alarm(text.left(budget), budget.leftUpper < 0),
            .picture(BudgetStroke.svg(budget, label: text.percent(budget.usedShare, decimals: 1))),
            .verdict(budget.verdict, text.verdict(budget.verdict)),
            .figure(budget.runsOut.map { text.date($0.at) } ?? FigureText.none),
        ]
    }
}

extension Statement.ThingLine {
    /// Worst first: the most used of the budget, then the most unknown, then the most downtime.
    fileprivate var rank: [Int128] {
        [Int128(budget?.used ?? 0), Int128(budget?.unknown ?? 0), totals.down]
    }
}

extension Statement.CameraLine {
    /// Worst first: the most downtime of the period, then of the year, then the most unknown.
    fileprivate var rank: [Int128] {
        [totals.down, Int128(budget.used), totals.unknown]
    }
}

/// A bar so small that it fits a table's cell: what is used of a budget, and what may be.
enum BudgetStroke {
    /// The bar of `budget` as an `<svg>` element; whole is the limit, what goes beyond is cut.
    static func svg(_ budget: Statement.BudgetFigures, label: String) -> String {
        let width = 90
        func place(_ nanoseconds: Int64) -> Int {
            guard budget.limit > 0 else { return 0 }
            let share = Int128(nanoseconds) * Int128(width) / Int128(budget.limit)
            return Int(clamping: min(Int128(width), max(0, share)))
        }
        let used = max(budget.used > 0 ? 1 : 0, place(budget.used))
        let open = max(used, place(budget.used &+ budget.unknown))
        let colour = budget.used > budget.limit ? "#b23a0e" : "#2f6f9f"
        return "<svg viewBox=\"0 0 92 18\" width=\"92\" height=\"18\" role=\"img\" "
            + "aria-label=\"\(Markup.escaped(label))\">"
            + "<rect x=\".5\" y=\".5\" width=\"91\" height=\"7\" fill=\"#fff\" stroke=\"#9aa5b1\"/>"
            + "<rect x=\"1\" y=\"1\" width=\"\(open)\" height=\"6\" fill=\"#d9dee4\"/>"
            + "<rect x=\"1\" y=\"1\" width=\"\(used)\" height=\"6\" fill=\"\(colour)\"/>"
            + "<text x=\"0\" y=\"16.5\" font-size=\"8\" fill=\"#4b535c\">"
            + "\(Markup.escaped(label))</text></svg>"
    }
}
