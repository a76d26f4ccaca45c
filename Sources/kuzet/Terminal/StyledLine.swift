// SPDX-License-Identifier: Apache-2.0

/// What a piece of text means; how it looks is the terminal's matter.
enum Ink: Sendable {
    case plain, title, dim, good, near, broken, selected, unknown

    /// The terminal's instruction (ECMA-48 section 8.3.117), of the eight colours that every
    /// palette defines: the reader's own theme decides the shade.
    var instruction: String {
        switch self {
        case .plain: ""
        case .title: "\u{1b}[1m"
        case .dim: "\u{1b}[2m"
        case .good: "\u{1b}[32m"
        case .near: "\u{1b}[33m"
        case .broken: "\u{1b}[1;31m"
        case .selected: "\u{1b}[7m"
        case .unknown: "\u{1b}[35m"
        }
    }
}

/// One line of text in pieces, each with its meaning.
struct StyledLine: Equatable, Sendable {
    struct Piece: Equatable, Sendable {
        var text: String
        var ink: Ink
    }

    var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ ink: Ink = .plain) {
        pieces = [Piece(text: text, ink: ink)]
    }

    /// Columns that the line takes.
    var width: Int { pieces.reduce(0) { $0 + PrintableText.width($1.text) } }

    /// The text alone.
    var plainText: String { pieces.reduce(into: "") { $0 += $1.text } }

    /// Appends a piece.
    mutating func append(_ text: String, _ ink: Ink = .plain) {
        if let last = pieces.indices.last, pieces[last].ink == ink {
            pieces[last].text += text
        } else if !text.isEmpty {
            pieces.append(Piece(text: text, ink: ink))
        }
    }

    /// Appends `text` in `width` columns, at the right edge if `rightwards`.
    mutating func append(_ text: String, _ ink: Ink, width: Int, rightwards: Bool) {
        let space = String(repeating: " ", count: max(0, width - PrintableText.width(text)))
        if rightwards { append(space) }
        append(text, ink)
        if !rightwards { append(space) }
    }

    /// The line cut to at most `limit` columns.
    func clipped(to limit: Int) -> StyledLine {
        guard width > limit else { return self }
        var result = StyledLine()
        var used = 0
        for piece in pieces {
            var kept = ""
            for character in piece.text {
                let columns = PrintableText.width(character)
                guard used + columns <= limit else { break }
                used += columns
                kept.append(character)
            }
            result.append(kept, piece.ink)
            if kept.count < piece.text.count { break }
        }
        return result
    }

    /// The text with the terminal's instructions if `colour`, without spaces at the end.
    func rendered(colour: Bool) -> String {
        guard colour else {
            var text = Substring(plainText)
            while text.last == " " { text.removeLast() }
            return String(text)
        }
        return pieces.reduce(into: "") { line, piece in
            let instruction = piece.ink.instruction
            line += instruction.isEmpty ? piece.text : instruction + piece.text + "\u{1b}[0m"
        }
    }

    /// This line with `other` behind it.
    func joined(_ other: StyledLine) -> StyledLine {
        var line = self
        for piece in other.pieces { line.append(piece.text, piece.ink) }
        return line
    }

    /// `parts` on as few lines as fit into `limit` columns, none of them broken, each line but
    /// perhaps the first behind `indent` spaces.
    static func wrapped(
        _ parts: [String], _ ink: Ink, limit: Int?, indent: Int, indentsFirst: Bool = false
    ) -> [StyledLine] {
        let margin = String(repeating: " ", count: indent)
        var lines = [indentsFirst ? margin : ""]
        var used = lines[0].count
        var isFresh = true
        for part in parts {
            let width = PrintableText.width(part)
            if isFresh {
                lines[lines.count - 1] += part
                used += width
                isFresh = false
            } else if used + 1 + width <= limit ?? Int.max {
                lines[lines.count - 1] += " " + part
                used += 1 + width
            } else {
                lines.append(margin + part)
                used = indent + width
            }
        }
        return lines.map { StyledLine($0, ink) }
    }
}
