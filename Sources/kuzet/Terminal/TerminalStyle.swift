// SPDX-License-Identifier: Apache-2.0
import Glibc

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
