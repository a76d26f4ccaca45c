// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Time from left to right, with marks at the boundaries of a calendar.
///
/// Where days and months begin is a matter of zones, so the boundaries are given, not computed.
/// Of their labels as many are shown as have room, at even steps.
public struct TimeAxis: Hashable, Sendable {
    /// A boundary and what it is called.
    public struct Tick: Hashable, Sendable {
        /// Where it lies.
        public var instant: Instant
        /// What stands beneath it; empty for a mark alone.
        public var label: String

        /// Makes a tick.
        public init(_ instant: Instant, _ label: String) {
            self.instant = instant
            self.label = label
        }
    }

    /// What the axis spans.
    public var range: TimeRange
    /// Boundaries in order of time; those outside the range are not drawn.
    public var ticks: [Tick]
    /// What the numbers beneath are, such as `October 2026, UTC+05:00`.
    public var caption: String

    /// Makes an axis.
    public init(range: TimeRange, ticks: [Tick], caption: String) {
        self.range = range
        self.ticks = ticks
        self.caption = caption
    }

    /// Space beneath the data that the axis takes.
    static let height = 32_00

    /// How far `instant` lies into `width` hundredths, rounded down; held inside.
    static func offset(of instant: Instant, in range: TimeRange, width: Int) -> Int {
        guard range.nanoseconds > 0 else { return 0 }
        let held = min(max(instant, range.start), range.end)
        // A year in nanoseconds times a width does not fit into 64 bits.
        let product = Int128(held.nanoseconds(since: range.start)) * Int128(width)
        return Int(product / Int128(range.nanoseconds))
    }

    /// Draws marks, labels and caption beneath `data` on a picture `width` wide.
    func draw(on drawing: inout Drawing, under data: Box, width: Int) {
        let shown = ticks.filter { range.start <= $0.instant && $0.instant <= range.end }
        let places = shown.map { tick in
            data.x + TimeAxis.offset(of: tick.instant, in: range, width: data.width)
        }
        let step = labelStep(shown, places, data)
        var marks = ""
        var labels: [(String, Int, Int)] = []
        for (index, (tick, place)) in zip(shown, places).enumerated() {
            let isLabelled = index % step == 0 && !tick.label.isEmpty
            marks += "M\(number(place)) \(number(data.bottom))v\(isLabelled ? 5 : 3)"
            // A label at an end stands out by half its width.
            let half = Lettering.width(tick.label, size: ChartStyle.smallTextSize) / 2
            guard isLabelled, place >= half, place + half <= width else { continue }
            labels.append((tick.label, place, data.bottom + 15_00))
        }
        let small = ChartStyle.smallTextSize
        drawing.texts(
            labels, .init(size: small, colour: ChartStyle.mutedInk, anchor: .middle))
        if !marks.isEmpty { drawing.line(marks, colour: ChartStyle.frame, width: 75) }
        let room = Lettering.fitted(caption, to: data.width, size: ChartStyle.smallTextSize)
        drawing.text(
            room, x: data.end, y: data.bottom + 28_00,
            .init(size: ChartStyle.smallTextSize, colour: ChartStyle.mutedInk, anchor: .end))
    }

    /// The least step at which neighbouring labels do not touch.
    private func labelStep(_ shown: [Tick], _ places: [Int], _ data: Box) -> Int {
        // Steps that people count in: days to weeks, months to quarters and half years.
        for step in [1, 2, 3, 5, 6, 7, 10, 12, 14, 28, 30, 60, 90] {
            let labelled = stride(from: 0, to: shown.count, by: step)
            let fits = zip(labelled, labelled.dropFirst()).allSatisfy { left, right in
                let size = ChartStyle.smallTextSize
                let halves =
                    Lettering.width(shown[left].label, size: size)
                    + Lettering.width(shown[right].label, size: size)
                return places[right] - places[left] >= halves / 2 + ChartStyle.textGap
            }
            if fits { return step }
        }
        return max(1, shown.count)
    }
}
