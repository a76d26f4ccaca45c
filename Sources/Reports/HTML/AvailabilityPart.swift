// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension StatementPage {
    /// Section 2: availability and budget of channels, sites, cameras; worst first.
    func writeAvailability() {
        section(.availability, onNewPage: true) {
            html.raw("<p>")
            html.text(text(Sentence.budgetOf))
            html.raw(" <strong>\(statement.header.budgetYear)</strong> ")
            html.text(text.clause(Statement.CriterionCode.downtime))
            html.raw(": <strong>")
            html.text(limits)
            html.raw("</strong>. ")
            html.text(text(Sentence.withinYear))
            html.raw(".</p>\n")
            writeCalendar()
            writeTimeTrends()
            heading(.parties)
            table(
                [
                    (.name, ""), (.cameras, "n"), (.availability, "n"), (.downtime, "n"),
                    (.coverage, "n"),
                ], [statement.system] + parties, limit: isSmall ? nil : StatementPage.rowLimit,
                file: "parties.csv"
            ) { line in
                [
                    line.subject == .system
                        ? .text(text(Sentence.system)) : .lined(line.name, line.subject.id),
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

    /// The parties by identity; of a large system, which may have too many, worst first.
    private var parties: [Statement.ThingLine] {
        guard !isSmall else { return statement.parties }
        return statement.parties.sorted { one, other in
            one.totals.down == other.totals.down
                ? one.subject < other.subject : one.totals.down > other.totals.down
        }
    }

    /// Every limit of downtime that holds for some camera.
    private var limits: String {
        let found = Set(statement.header.rules.limits.map(\.thresholds.annualDowntime)).sorted()
        let shown = found.map { text.formatting.duration($0, .brief) }.joined(separator: ", ")
        let year = text(Sentence.perYear)
        return found.isEmpty
            ? FigureText.none : language == .kazakh ? "\(year) \(shown)" : "\(shown) \(year)"
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
                (.longest, "n"), (.used, ""), (.left, "n"), (.verdict, "c"),
            ], sorted, limit: isSmall ? nil : StatementPage.rowLimit, file: file
        ) { line in
            [
                .named(line.name, line.subject.id, note: line.line.map(text.channel)),
                .figure(text.count(line.cameras)), .figure(text.availability(line.totals)),
                .figure(text.count(line.outages)),
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
        writeWorstBars(sorted)
        table(
            [
                (.camera, ""), (.availability, "n"), (.coverage, "n"), (.downtime, "n"),
                (.outages, "n"), (.used, ""), (.left, "n"), (.verdict, "c"),
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
        guard let budget else { return [Cell](repeating: .figure(FigureText.none), count: 3) }
        return [
            used(budget, prefix: prefix), left(budget),
            .verdict(budget.verdict, text.verdict(budget.verdict)),
        ]
    }
}

extension StatementPage {
    /// What is left of a budget, and under it when that runs out.
    fileprivate func left(_ budget: Statement.BudgetFigures) -> Cell {
        var markup = Markup.escaped(text.left(budget))
        if let runsOut = budget.runsOut {
            markup +=
                "<br><a class=\"share\" href=\"#\(Definition.runsOut.anchor)\">"
                + Markup.escaped("\(text(Sentence.runsOutOn)) \(text.date(runsOut.at))") + "</a>"
        }
        return Cell(markup: markup, style: budget.leftUpper < 0 ? "n wrap bad" : "n wrap")
    }

    /// What is used of a budget, its share, and a bar of both.
    fileprivate func used(_ budget: Statement.BudgetFigures, prefix: String) -> Cell {
        let share = text.percent(budget.usedShare, decimals: 1)
        let bar = BudgetBar(
            limit: budget.limit, failure: budget.used - budget.maintenance,
            maintenance: budget.maintenance, unknown: budget.unknown, title: share,
            summary: text.duration(budget.used), width: 110_00, height: 10_00)
        let figure = Markup.escaped(text.duration(budget.used))
        return Cell(
            markup: "\(figure) <span class=\"share\">\(Markup.escaped(share))</span>"
                + bar.svg(prefix: prefix), style: "used")
    }

    /// The days of the period as a calendar: what a camera lost of each, in the mean.
    func writeCalendar() {
        let cameras = Int128(statement.cameras.count)
        guard cameras > 0, statement.days.count > 1 else { return }
        func each(_ time: Int128) -> Int64 {
            // What is not zero stays so, however many cameras share it.
            time == 0 ? 0 : Int64(clamping: max(1, time / cameras))
        }
        let days = statement.days.map { day in
            AvailabilityCalendar.Day(
                date: day.date, downtime: each(day.down), unknown: each(day.unknown),
                length: each(day.length),
                note: day.down == 0 ? "" : text.duration(each(day.down)))
        }
        let calendar = AvailabilityCalendar(
            days: days, labels: AvailabilityCalendar.Labels(language),
            title: text(Sentence.calendar),
            summary: text.duration(statement.system.totals.down))
        html.raw("<figure><figcaption>")
        html.text(text(Sentence.calendar))
        html.raw("</figcaption>")
        html.raw(calendar.svg(prefix: "cal"))
        html.raw("</figure>\n")
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
