// SPDX-License-Identifier: Apache-2.0

/// A row of small bars, one for each value: the course of a figure at a glance.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let letters: [Character] = ["_", ".", ":", "-", "=", "+", "*", "#"]

    /// Bars from zero to the greatest value; what is unknown is a gap.
    ///
    /// From zero, because a scale from the least would draw a quiet stream as a mountain range.
    static func text(_ values: some Collection<Double?>, ascii: Bool) -> String {
        let marks = ascii ? letters : blocks
        let greatest = values.compactMap(\.self).filter(\.isFinite).max() ?? 0
        return String(
            values.map { value -> Character in
                guard let value, value.isFinite else { return " " }
                guard greatest > 0, value > 0 else { return marks[0] }
                let step = Int((value / greatest * Double(marks.count - 1)).rounded())
                return marks[min(max(step, 0), marks.count - 1)]
            })
    }
}
