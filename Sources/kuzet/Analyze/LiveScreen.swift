// SPDX-License-Identifier: Apache-2.0
import Measurements

/// The live table on a borrowed terminal.
struct LiveScreen: ~Copyable {
    /// What a wait was ended by.
    enum Outcome: Equatable {
        /// Time went by.
        case nothing
        /// The other descriptor has something to read.
        case readable
        /// A key or a new size changed what is to be seen: `show` again.
        case changed
        /// Somebody asked to end.
        case ended
    }

    private var session: TerminalSession
    private var table: LiveTable

    /// Borrows the terminal; nil if the output is none, or cannot be drawn upon.
    init?(_ options: AnalyzeOptions, criteria: Criteria = Criteria(), style: TerminalStyle) {
        guard options.isLive(style), let session = TerminalSession(style: style) else {
            return nil
        }
        self.session = session
        table = LiveTable(style: style, sort: options.sort, showsAll: options.showsAll)
        table.criteria = criteria
    }

    /// Draws the moment.
    mutating func show<Reports>(_ moment: LiveMoment<Reports>) {
        session.draw(table.lines(moment, size: session.size))
    }

    /// Waits at most `milliseconds`, or less, for keys, signals and `other`.
    mutating func wait(milliseconds: Int32, other: Int32? = nil) -> Outcome {
        var outcome = Outcome.nothing
        for event in session.wait(milliseconds: milliseconds, other: other) {
            switch event {
            case .ended: return .ended
            case .key(let key):
                guard table.press(key) else { return .ended }
                outcome = .changed
            case .resized: outcome = .changed
            case .readable: if outcome == .nothing { outcome = .readable }
            }
        }
        return outcome
    }

    /// Gives the terminal back, and says how large it is now.
    consuming func leave() -> TerminalSize {
        session.leave()
    }
}
