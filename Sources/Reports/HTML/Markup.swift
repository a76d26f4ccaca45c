// SPDX-License-Identifier: Apache-2.0

/// Writes HTML as it comes; every text goes through an escape, whoever wrote it.
struct Markup {
    let sink: DocumentSink

    /// Writes markup of our own.
    func raw(_ markup: String) { sink.write(markup) }

    /// Writes a text of anybody's.
    func text(_ text: String) { sink.write(Markup.escaped(text)) }

    /// Writes an element with a text inside.
    func element(_ tag: String, _ text: String, style: String = "", id: String = "") {
        var open = "<" + tag
        if !style.isEmpty { open += " class=\"\(style)\"" }
        if !id.isEmpty { open += " id=\"\(Markup.escaped(id))\"" }
        raw(open + ">")
        self.text(text)
        raw("</\(tag)>\n")
    }

    /// A text with what HTML takes for its own replaced; control characters become spaces.
    static func escaped(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { octet in
            octet >= 0x20 && octet != 0x26 && octet != 0x3c && octet != 0x3e && octet != 0x22
                && octet != 0x27
        }
        if isPlain { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// One cell of a table.
struct Cell {
    /// What stands in it, escaped.
    let markup: String
    /// How it looks: classes of the page's style sheet.
    var style = ""
    /// How many columns it takes.
    var span = 1
    /// Its anchor; empty for none.
    var id = ""

    /// A heading within a table, over all its columns.
    static func subheading(_ text: String, columns: Int, id: String) -> Cell {
        Cell(markup: Markup.escaped(text), style: "sub", span: columns, id: id)
    }

    /// Two texts, the second small under the first.
    static func stacked(_ first: String, _ second: String) -> Cell {
        Cell(
            markup: Markup.escaped(first) + "<br><span class=\"soft\">"
                + Markup.escaped(second) + "</span>")
    }

    /// The cell as a table's row has it.
    var element: String {
        var open = "<td"
        if !style.isEmpty { open += " class=\"\(style)\"" }
        if span > 1 { open += " colspan=\"\(span)\"" }
        if !id.isEmpty { open += " id=\"\(Markup.escaped(id))\"" }
        return "\(open)>\(markup)</td>"
    }

    /// A text.
    static func text(_ text: String) -> Cell {
        Cell(markup: Markup.escaped(text), style: "")
    }

    /// From when to when.
    static func when(_ text: String) -> Cell {
        Cell(markup: Markup.escaped(text), style: "when")
    }

    /// An identity: small, in letters of one width.
    static func code(_ text: String) -> Cell {
        Cell(markup: Markup.escaped(text), style: "id")
    }

    /// A figure: to the right, never broken.
    static func figure(_ text: String) -> Cell {
        Cell(markup: Markup.escaped(text), style: "n")
    }

    /// A figure that calls for attention.
    static func alarm(_ text: String, _ isAlarming: Bool) -> Cell {
        Cell(markup: Markup.escaped(text), style: isAlarming ? "n bad" : "n")
    }

    /// A verdict.
    static func verdict(_ verdict: Statement.VerdictCode, _ name: String) -> Cell {
        Cell(
            markup: "<span class=\"v \(verdict.rawValue)\">\(Markup.escaped(name))</span>",
            style: "c")
    }

    /// A link within the page, with its text.
    static func link(_ text: String, to anchor: String) -> Cell {
        Cell(
            markup: "<a href=\"#\(Markup.escaped(anchor))\">\(Markup.escaped(text))</a>",
            style: "id")
    }

    /// A name with its identity under it, or with both beside each other above a note.
    static func named(
        _ name: String, _ id: String, link: String? = nil, note: String? = nil
    ) -> Cell {
        let code =
            link.map { "<a href=\"#\(Markup.escaped($0))\">\(Markup.escaped(id))</a>" }
            ?? Markup.escaped(id)
        return Cell(
            markup: (name.isEmpty ? "" : Markup.escaped(name) + (note == nil ? "<br>" : " "))
                + "<span class=\"id\">\(code)</span>"
                + (note.map { "<br><span class=\"share\">\(Markup.escaped($0))</span>" } ?? ""),
            style: note == nil ? "name" : "name noted")
    }

    /// A name with its identity beside it: for tables of few columns, in half the height.
    static func lined(_ name: String, _ id: String, link: String? = nil) -> Cell {
        let code =
            link.map { "<a href=\"#\(Markup.escaped($0))\">\(Markup.escaped(id))</a>" }
            ?? Markup.escaped(id)
        return Cell(
            markup: (name.isEmpty ? "" : Markup.escaped(name) + " ")
                + "<span class=\"id\">\(code)</span>", style: "lined")
    }

    /// A picture of ours.
    static func picture(_ svg: String) -> Cell { Cell(markup: svg, style: "pic") }
}
