// SPDX-License-Identifier: Apache-2.0

/// A few things in order of an amount, the largest above: the five worst, the causes.
public struct RankedBars: Hashable, Sendable {
    /// What a part of a bar is.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// A plain amount.
        case plain
        /// Downtime by failures.
        case failure
        /// Downtime under planned works.
        case maintenance
        /// Time that nobody watched.
        case unknown

        var paint: Paint {
            switch self {
            case .plain: Paint(ChartStyle.line(0).colour)
            case .failure: ChartStyle.paint(.downFailure)
            case .maintenance: ChartStyle.paint(.downMaintenance)
            case .unknown: ChartStyle.paint(.unknown)
            }
        }
    }

    /// A part of a bar.
    public struct Part: Hashable, Sendable {
        /// What it is.
        public var kind: Kind
        /// How much, in the axis's unit; not negative.
        public var amount: Int64

        /// Makes a part.
        public init(_ kind: Kind, _ amount: Int64) {
            self.kind = kind
            self.amount = amount
        }
    }

    /// One bar.
    public struct Row: Hashable, Sendable {
        /// What it is of; takes up to three lines.
        public var label: String
        /// From left to right.
        public var parts: [Part]
        /// The figure behind the bar, with its unit.
        public var value: String

        /// Makes a row.
        public init(label: String, parts: [Part], value: String) {
            self.label = label
            self.parts = parts
            self.value = value
        }
    }

    /// From top to bottom; at most `mostRows` are drawn.
    public var rows: [Row]
    /// The scale of the bars, from zero.
    public var axis: ValueAxis
    /// What the kinds that occur are called; empty for no legend.
    public var names: [Kind: String]
    /// Names the picture to those who cannot see it.
    public var title: String
    /// Says what is to be seen to those who cannot see it.
    public var summary: String
    /// Hundredths of a pixel.
    public var width: Int

    /// More is a table's task (chosen).
    public static let mostRows = 20

    /// Makes a chart; width in hundredths of a pixel.
    public init(
        rows: [Row], axis: ValueAxis, names: [Kind: String] = [:], title: String, summary: String,
        width: Int = ChartStyle.pageWidth
    ) {
        self.rows = rows
        self.axis = axis
        self.names = names
        self.title = title
        self.summary = summary
        self.width = width
    }

    private static let barHeight = 16_00

    /// The picture as an `<svg>` element; `prefix` begins its identifiers, `[A-Za-z][A-Za-z0-9_-]*`.
    public func svg(prefix: String) -> String {
        var drawing = Drawing(prefix: prefix)
        let shown = rows.prefix(RankedBars.mostRows)
        let size = ChartStyle.textSize
        let widest = shown.map { Lettering.width($0.label, size: size) }.max() ?? 0
        let labelWidth = min(widest, width * 2 / 5)
        let valueWidth =
            shown.map { Lettering.width($0.value, size: size, isBold: true) }.max() ?? 0
        let left = labelWidth + 10_00
        let lines = shown.map {
            Lettering.wrapped($0.label, to: labelWidth, size: size, limit: 3)
        }
        let rowHeight = 8_00 + max(RankedBars.barHeight, 12_00 * (lines.map(\.count).max() ?? 0))
        let data = Box(
            x: left, y: 2_00,
            width: max(40_00, width - left - max(valueWidth + 10_00, axis.overhang())),
            height: shown.count * rowHeight)
        axis.draw(on: &drawing, under: data, hasGrid: true)
        for (index, row) in shown.enumerated() {
            let middle = data.y + index * rowHeight + rowHeight / 2
            for (line, text) in lines[index].enumerated() {
                // Base lines lie a third of the height beneath the middle of their line.
                let y = middle + 4_00 + (2 * line - lines[index].count + 1) * 12_00 / 2
                drawing.text(text, x: labelWidth, y: y, .init(anchor: .end))
            }
            let end = draw(row, on: &drawing, data: data, middle: middle)
            drawing.text(row.value, x: end + 6_00, y: middle + 4_00, .init(isBold: true))
        }
        let base = "M\(number(data.x)) \(number(data.y))v\(number(data.height))"
        drawing.line(base, colour: ChartStyle.frame, width: 1_00)
        var bottom = data.bottom + ValueAxis.height
        let kinds = Set(shown.flatMap { $0.parts.map(\.kind) })
        let legend = Legend(
            entries: Kind.allCases.compactMap { kind in
                guard kinds.contains(kind), let name = names[kind] else { return nil }
                return .init(look: .area(kind.paint), label: name)
            })
        bottom += legend.draw(on: &drawing, x: 1_00, y: bottom + 4_00, width: width - 2_00)
        return drawing.finished(width: width, height: bottom + 6_00, title: title, summary: summary)
    }

    /// Draws one bar; returns where it ends.
    private func draw(_ row: Row, on drawing: inout Drawing, data: Box, middle: Int) -> Int {
        var (amount, end) = (Int64(0), data.x)
        for part in row.parts where part.amount > 0 {
            let (sum, overflow) = amount.addingReportingOverflow(part.amount)
            amount = overflow ? .max : sum
            let start = end
            end = data.x + axis.offset(of: amount, length: data.width)
            end = min(max(end, start + ChartStyle.leastMark), data.end)
            let place = Box(
                x: start, y: middle - RankedBars.barHeight / 2, width: end - start,
                height: RankedBars.barHeight)
            drawing.rectangle(
                place, paint: part.kind.paint,
                frame: part.kind == .unknown ? ChartStyle.frame : nil)
        }
        return end
    }
}
