// SPDX-License-Identifier: Apache-2.0
public import Registry
import Timekeeping

extension Statement {
    /// Cameras up to which the page lists every one; above, the CSV files do, and the page the
    /// worst alone: 10,000 rows are 300 pages that nobody reads (chosen).
    public static let wholeListLimit = 100

    /// Writes the statement as one HTML page that needs nothing else: style and pictures are in
    /// it, there is no script and no address of anything outside.
    public func writeHTML(in language: Language, to sink: DocumentSink) {
        StatementPage(self, language, sink).write()
    }
}

/// The page of one statement in one language.
struct StatementPage {
    /// Rows of a table that may be long, in a page of a large system (chosen).
    static let rowLimit = 60
    /// Differences that the page lists; `figures.tsv` of both revisions has all (chosen).
    static let differenceLimit = 200

    let statement: Statement
    let text: FigureText
    let html: Markup
    let language: Language
    let trend: TrendPoints

    init(_ statement: Statement, _ language: Language, _ sink: DocumentSink) {
        self.statement = statement
        self.language = language
        text = FigureText(language, zone: statement.header.zone)
        html = Markup(sink: sink)
        trend = TrendPoints(statement)
    }

    var isSmall: Bool { statement.cameras.count <= Statement.wholeListLimit }

    func write() {
        writeHead()
        writeSummary()
        writeDifferences()
        writeAvailability()
        writeQuality()
        writeIncidents()
        writeWorks()
        writeExclusions()
        writeClocks()
        writeSecurity()
        writeMethod()
        writeOutlook()
        writeAnnex()
        html.raw("</main>\n</body>\n</html>\n")
    }

    var title: ReportTitle {
        switch statement.header.recipient {
        case .coordinator, .technicalOperator: .system
        case .networkOperator: .channels
        case .subscriber: .videoSystems
        }
    }

    /// The revision, and from the second on the issue: `2`, `2 (issue 3)`.
    var edition: String {
        let (revision, issue) = (statement.header.revision, statement.header.issue)
        return issue > 1 ? "\(revision) (\(text(Sentence.issue)) \(issue))" : "\(revision)"
    }

    private func writeHead() {
        let header = statement.header
        html.raw("<!DOCTYPE html>\n<html lang=\"\(language.rawValue)\">\n<head>\n")
        html.raw("<meta charset=\"utf-8\">\n")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.element("title", "\(text(title)). \(text.period(header))")
        html.raw("<style>\n\(PageStyle.everywhere)\(PageStyle.narrow)\(PageStyle.paper)</style>\n")
        html.raw("</head>\n<body>\n<div class=\"runner\">")
        let edition =
            "\(text.period(header)) · \(text(Sentence.revision)) \(self.edition)"
            + (header.isProvisional ? " · \(text(Sentence.provisional))" : "")
        for (style, words) in [
            ("r1", text(title)), ("r2", edition), ("r3", "kuzet \(header.softwareVersion)"),
        ] {
            html.raw("<span class=\"\(style)\">")
            html.text(words)
            html.raw("</span>")
        }
        html.raw("</div>\n<main>\n")
    }

    // MARK: - Pieces of every section

    /// Opens a section with its heading; `begin` on a new sheet of paper or not.
    func section(_ title: SectionTitle, onNewPage isNewPage: Bool, _ body: () -> Void) {
        html.raw("<section\(isNewPage ? " class=\"page\"" : "")>\n")
        html.element("h2", title.heading(language), id: "s\(title.rawValue)")
        body()
        html.raw("</section>\n")
    }

    /// Writes a table, or that there is nothing; of more rows than the limit, how many are left
    /// out and in which file they are.
    func table<Rows: Collection>(
        _ columns: [(ColumnTitle, String)], _ rows: Rows, limit: Int? = nil, file: String = "",
        _ cells: (Rows.Element) -> [Cell]
    ) {
        guard !rows.isEmpty else {
            html.element("p", text(Sentence.none), style: "soft")
            return
        }
        html.raw("<div class=\"wide\"><table>\n<thead><tr>")
        for (column, style) in columns {
            html.raw(style.isEmpty ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"\(style)\">")
            if let definition = column.definition {
                html.raw("<a href=\"#\(definition.anchor)\">")
                html.text(text(column))
                html.raw("</a></th>")
            } else {
                html.text(text(column))
                html.raw("</th>")
            }
        }
        html.raw("</tr></thead>\n<tbody>\n")
        for row in rows.prefix(limit ?? rows.count) {
            let cells = cells(row)
            // A heading within the table stays with the row that follows it.
            html.raw((cells.first?.span ?? 1) > 1 ? "<tr class=\"sub\">" : "<tr>")
            for cell in cells { html.raw(cell.element) }
            html.raw("</tr>\n")
        }
        html.raw("</tbody></table></div>\n")
        if let limit, rows.count > limit {
            html.element(
                "p", "\(text(Sentence.more)): \(text.count(rows.count - limit)) – \(file)",
                style: "soft")
        }
    }

    /// A heading of the third rank.
    func heading(_ sentence: Sentence) { html.element("h3", text(sentence)) }

    /// A line `name: value`.
    func fact(_ name: String, _ value: String) {
        html.raw("<div>")
        html.raw("<dt>")
        html.text(name)
        html.raw("</dt><dd>")
        html.text(value)
        html.raw("</dd></div>\n")
    }

    /// Where the page tells of a camera at length; nil in a large system.
    func anchor(_ camera: CameraID) -> String? { isSmall ? "c-" + camera.text : nil }

    /// A subject's identity with its kind.
    func subject(_ subject: Statement.Subject) -> Cell {
        guard let term = subject.term else { return .text(text(Sentence.everyone)) }
        var link: String?
        if case .camera(let id) = subject { link = anchor(id) }
        return .lined(text.capital(term), subject.id, link: link)
    }
}

extension Statement.Subject {
    /// The order's word for its kind; nil for the system.
    var term: Term? {
        switch self {
        case .system: nil
        case .networkOperator: .networkOperator
        case .subscriber: .subscriber
        case .channel: .channel
        case .site: .site
        case .camera: .camera
        }
    }
}
