// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// What the live screen shows of one moment.
struct LiveMoment<Reports: RandomAccessCollection<StreamReport>> where Reports.Index == Int {
    /// The streams; a collection may make its reports when asked.
    var reports: Reports
    var input: AnalysisInput
    /// A stream's last intervals, oldest first, for the details.
    var history: (StreamIdentity) -> [Measurement]
}

/// The screen of a live analysis: what is chosen and how it is sorted, and from it and a moment
/// the lines to show.
///
/// It knows no terminal: keys come in as values, lines go out as values, so that a test can press
/// keys and read the screen.
struct LiveTable {
    enum View: Equatable { case table, details }

    var style: TerminalStyle
    var criteria = Criteria()
    private(set) var sort: StreamSort
    private(set) var view = View.table
    private(set) var showsAll: Bool
    /// The chosen stream: it stays chosen while rows change places around it.
    private(set) var selected: StreamIdentity?
    /// Rows, or lines of the details, above the screen's top.
    private var scroll = 0
    /// Moves to make when the order of rows is known again.
    private var pendingMove = 0
    private var page = 10

    init(style: TerminalStyle, sort: StreamSort = .worst, showsAll: Bool = false) {
        self.style = style
        self.sort = sort
        self.showsAll = showsAll
    }

    /// Takes a key; false if it asks to end.
    mutating func press(_ key: TerminalKey) -> Bool {
        switch key {
        case .character("q"), .character("Q"): return false
        case .escape:
            view = .table
            scroll = 0
        case .enter where view == .table && selected != nil:
            view = .details
            scroll = 0
        case .up: move(-1)
        case .down: move(1)
        case .pageUp: move(-page)
        case .pageDown: move(page)
        case .home: move(-1_000_000)
        case .end: move(1_000_000)
        case .character(let letter) where view == .table: choose(letter)
        default: break
        }
        return true
    }

    private mutating func choose(_ letter: Character) {
        switch letter {
        case "s": sort = sort.next
        case "w": sort = .worst
        case "l": sort = .loss
        case "b": sort = .bitrate
        case "f": sort = .fps
        case "j": sort = .jitter
        case "n": sort = .name
        case "a": showsAll.toggle()
        default: break
        }
    }

    private mutating func move(_ rows: Int) {
        if view == .details { scroll = max(0, scroll + rows) } else { pendingMove += rows }
    }

    /// The lines of the screen, from the top, at most as many as it has rows.
    mutating func lines<Reports>(_ moment: LiveMoment<Reports>, size: TerminalSize)
        -> [StyledLine]
    {
        let ranking = StreamRanking(moment.reports, sort: sort, criteria: criteria)
        let count = showsAll ? ranking.order.count : ranking.videoCount
        let order = ranking.order.prefix(count).map { $0 + moment.reports.startIndex }
        let place = settle(order, moment.reports)
        var lines = [header(ranking.tally, moment.input, size)]
        if view == .details, let place {
            let report = moment.reports[order[place]]
            lines += details(report, moment.history(report.identity), size: size)
        } else {
            view = .table
            lines += table(order, place, moment.reports, ranking.longestName, size: size)
        }
        while lines.count < size.rows - 1 { lines.append(StyledLine()) }
        lines = Array(lines.prefix(max(1, size.rows - 1)))
        lines.append(help)
        return lines.suffix(size.rows).map { $0.clipped(to: size.columns) }
    }

    /// Finds the chosen stream's place, moves it as keys asked, and remembers who is there.
    private mutating func settle<Reports: RandomAccessCollection<StreamReport>>(
        _ order: [Int], _ reports: Reports
    ) -> Int? where Reports.Index == Int {
        guard !order.isEmpty else {
            selected = nil
            pendingMove = 0
            return nil
        }
        let before = order.firstIndex { reports[$0].identity == selected } ?? 0
        let place = min(max(before + pendingMove, 0), order.count - 1)
        pendingMove = 0
        selected = reports[order[place]].identity
        return place
    }

    private func header(_ tally: StreamTally, _ input: AnalysisInput, _ size: TerminalSize)
        -> StyledLine
    {
        let seconds = (input.durationNanoseconds ?? 0) / 1_000_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { ($0 < 10 ? "0" : "") + String($0) }
            .joined(separator: ":")
        var line = StyledLine(
            "kuzet \(PrintableText.shown(input.name, ascii: style.ascii)) \(clock)", .title)
        let drops = input.kernelDrops ?? 0
        line.append("  ")
        line.append("kernel drops \(DecimalText.grouped(drops))", drops > 0 ? .broken : .plain)
        line.append("  \(tally.count) streams, ")
        line.append(
            "\(tally[.broken]) breach", tally[.broken] > 0 ? .broken : .good)
        line.append(", ")
        line.append("\(tally[.near]) near", tally[.near] > 0 ? .near : .plain)
        line.append(", ")
        line.append(
            "\(tally[.undecidable]) unsure", tally[.undecidable] > 0 ? .unknown : .plain)
        line.append("  \(DecimalText.fixed(tally.bitrate / 1e6, decimals: 1)) Mbit/s")
        if let note = input.notes.last {
            line.append("  " + PrintableText.shown(note, ascii: style.ascii), .near)
        }
        return line
    }

    private var help: StyledLine {
        let arrows = style.ascii ? "up/down" : "↑↓"
        return view == .details
            ? StyledLine("Esc back  \(arrows) scroll  q quit", .dim)
            : StyledLine(
                "q quit  \(arrows) select  Enter details  a all  "
                    + "sort: s next, worst loss bitrate fps jitter name", .dim)
    }

    private mutating func table<Reports: RandomAccessCollection<StreamReport>>(
        _ order: [Int], _ place: Int?, _ reports: Reports, _ longestName: Int, size: TerminalSize
    ) -> [StyledLine] where Reports.Index == Int {
        // One column is the gutter that shows what is chosen without colour too.
        let layout = StreamLayout(
            width: size.columns - 1, longestName: longestName, ascii: style.ascii)
        var lines = [StyledLine(" ").joined(layout.heading(sorted: sortedColumn))]
        guard let place else {
            return lines + [StyledLine(" no stream seen yet", .dim)]
        }
        // Header, heading, two of why, help.
        let room = max(1, size.rows - 5)
        page = max(1, room - 1)
        scroll = min(scroll, max(0, order.count - room))
        if place < scroll { scroll = place }
        if place >= scroll + room { scroll = place - room + 1 }
        for position in scroll..<min(scroll + room, order.count) {
            let report = reports[order[position]]
            let figures = StreamFigures(report)
            let verdict = StreamVerdict(figures, by: criteria)
            let row = layout.row(figures, verdict, dim: report.medium.kind != .video)
            lines.append(
                position == place
                    ? StyledLine(">" + row.plainText, .selected) : StyledLine(" ").joined(row))
        }
        while lines.count < size.rows - 4 { lines.append(StyledLine()) }
        return lines + why(reports[order[place]], place, of: order.count, size)
    }

    private var sortedColumn: StreamColumn {
        switch sort {
        case .worst: .state
        case .loss: .loss
        case .bitrate: .bitrate
        case .fps: .frameRate
        case .jitter: .jitter
        case .name: .camera
        }
    }

    /// Two lines on the chosen stream: its place, and what its verdict rests upon.
    private func why(_ report: StreamReport, _ place: Int, of count: Int, _ size: TerminalSize)
        -> [StyledLine]
    {
        let verdict = StreamVerdict(StreamFigures(report), by: criteria)
        let texts = verdict.findings.filter { $0.judgement != .met }.map(\.text)
        let parts =
            [texts.isEmpty ? verdict.state.word : verdict.state.word + ":"]
            + texts.enumerated().map { $1 + ($0 < texts.count - 1 ? ";" : "") }
        let lines = StyledLine.wrapped(
            ["\(place + 1)/\(count)"] + parts, verdict.state == .met ? .dim : verdict.state.ink,
            limit: size.columns, indent: 0)
        return Array((lines + [StyledLine()]).prefix(2))
    }

    /// The lines of the details that fit, scrolled.
    private mutating func details(
        _ report: StreamReport, _ history: [Measurement], size: TerminalSize
    ) -> [StyledLine] {
        let all = StreamDetails(
            report: report, history: history, criteria: criteria, ascii: style.ascii
        ).lines(columns: size.columns)
        let room = max(1, size.rows - 2)
        page = max(1, room - 1)
        scroll = min(scroll, max(0, all.count - room))
        return Array(all.dropFirst(scroll).prefix(room))
    }
}
