// SPDX-License-Identifier: Apache-2.0

/// One line on the terminal that tells how far a long reading has come, redrawn in place.
///
/// It says nothing in the first half second: most files are read by then, and a line that flashes
/// up and vanishes only disturbs.
struct ProgressLine {
    /// Silence at the start, ns.
    static let patience: Int64 = 500_000_000
    /// Time between two drawings, ns.
    static let pace: Int64 = 100_000_000

    private let total: UInt64?
    private let style: TerminalStyle
    private var nextDrawing = ProgressLine.patience
    private var isShown = false

    /// Makes the line for `total` bytes, or for nobody knows how many.
    init(total: UInt64?, style: TerminalStyle) {
        self.total = total
        self.style = style
    }

    /// What to write to the terminal after `done` bytes and `elapsed` ns; nil if nothing.
    mutating func update(done: UInt64, packets: UInt64, elapsed: Int64) -> String? {
        guard style.isTerminal, elapsed >= nextDrawing else { return nil }
        nextDrawing = elapsed + ProgressLine.pace
        isShown = true
        let line = StyledLine(text(done: done, packets: packets, elapsed: elapsed))
        return "\r" + line.clipped(to: max(1, (style.columns ?? 80) - 1)).plainText + "\u{1b}[K"
    }

    /// What to write to remove the line; nil if it was never shown.
    mutating func end() -> String? {
        guard isShown else { return nil }
        isShown = false
        return "\r\u{1b}[K"
    }

    private func text(done: UInt64, packets: UInt64, elapsed: Int64) -> String {
        let seconds = Double(max(1, elapsed)) / 1e9
        let count = "\(DecimalText.grouped(packets)) packets"
        let rate = "\(DecimalText.fixed(Double(done) / 1e6 / seconds, decimals: 0)) MB/s"
        guard let total, total > 0 else { return "\(count), \(rate)" }
        let share = min(1, Double(done) / Double(total))
        let width = 24
        let full = Int(share * Double(width))
        let bar =
            String(repeating: style.ascii ? "#" : "█", count: full)
            + String(repeating: style.ascii ? "." : "░", count: width - full)
        let percent = DecimalText.fixed(share * 100, decimals: 0)
        var text = "\(bar) \(percent) %, \(count), \(rate)"
        if share > 0.01 {
            text += ", \(DecimalText.fixed(seconds / share - seconds, decimals: 0)) s left"
        }
        return text
    }
}
