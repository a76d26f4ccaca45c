// SPDX-License-Identifier: Apache-2.0
import Glibc

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
}

/// What the place that output goes to can show.
struct TerminalStyle: Equatable, Sendable {
    /// Whether instructions for colour are understood and wanted.
    var colour: Bool
    /// Whether only ASCII can be shown.
    var ascii: Bool
    /// Columns; nil where lines may be as long as they like: a pipe or a file.
    var columns: Int?
    /// Whether the output is a terminal that can be drawn upon.
    var isTerminal: Bool

    /// Pure text for a pipe.
    static let pipe = TerminalStyle(colour: false, ascii: false, columns: nil, isTerminal: false)

    /// Judges by the environment's words.
    ///
    /// `NO_COLOR` of any value but none turns colour off (no-color.org), as do `TERM=dumb`, no
    /// `TERM`, a pipe, and `wantsColour` false. The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is
    /// not empty must name UTF-8, or only ASCII is shown (POSIX base definitions, section 8.2).
    init(
        isTerminal: Bool, windowColumns: Int?, wantsColour: Bool,
        environment: (String) -> String?
    ) {
        func set(_ name: String) -> String? {
            environment(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        let isDumb = set("TERM").map { $0 == "dumb" } ?? true
        self.isTerminal = isTerminal && !isDumb
        colour = isTerminal && !isDumb && wantsColour && set("NO_COLOR") == nil
        let locale = (set("LC_ALL") ?? set("LC_CTYPE") ?? set("LANG") ?? "").lowercased()
        ascii = !(locale.hasSuffix("utf-8") || locale.hasSuffix("utf8"))
        columns = set("COLUMNS").flatMap { Int($0) } ?? (isTerminal ? windowColumns ?? 80 : nil)
    }

    init(colour: Bool, ascii: Bool, columns: Int?, isTerminal: Bool) {
        self.colour = colour
        self.ascii = ascii
        self.columns = columns
        self.isTerminal = isTerminal
    }

    /// Judges the descriptor of this process.
    static func of(descriptor: Int32, wantsColour: Bool = true) -> TerminalStyle {
        TerminalStyle(
            isTerminal: isatty(descriptor) == 1,
            windowColumns: TerminalSize.of(descriptor: descriptor)?.columns,
            wantsColour: wantsColour
        ) { name in
            unsafe getenv(name).map { unsafe String(cString: $0) }
        }
    }
}

/// Columns and rows of a terminal.
struct TerminalSize: Equatable, Sendable {
    var columns: Int
    var rows: Int

    /// The window's size, or nil if `descriptor` is no terminal or does not say.
    static func of(descriptor: Int32) -> TerminalSize? {
        var window = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
            window.ws_row > 0
        else { return nil }
        return TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}
