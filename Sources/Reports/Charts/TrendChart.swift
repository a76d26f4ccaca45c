// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Amounts over time, as lines or steps, with the band between two percentiles and the limits.
///
/// Where a series has no point its line is interrupted, never drawn across; where none has, the
/// background is hatched. What lies beyond the scale is drawn at its edge.
public struct TrendChart: Hashable, Sendable {
    /// How points are joined.
    public enum Shape: Hashable, Sendable {
        /// From middle to middle of neighbouring stretches.
        case line
        /// Level over each stretch.
        case step
    }

    /// An amount that holds for a stretch of time.
    public struct Point: Hashable, Sendable {
        /// When.
        public var range: TimeRange
        /// How much, in the axis's unit.
        public var value: Int64
        /// The band's lower edge.
        public var low: Int64?
        /// The band's upper edge.
        public var high: Int64?

        /// Makes a point.
        public init(_ range: TimeRange, _ value: Int64, low: Int64? = nil, high: Int64? = nil) {
            self.range = range
            self.value = value
            self.low = low
            self.high = high
        }
    }

    /// A line and its name.
    public struct Series: Hashable, Sendable {
        /// For the legend.
        public var name: String
        /// In order of time, not overlapping.
        public var points: [Point]

        /// Makes a series.
        public init(name: String, points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// A level that must not be passed.
    public struct Limit: Hashable, Sendable {
        /// The level, in the axis's unit.
        public var value: Int64
        /// What it is and where it is written.
        public var label: String

        /// Makes a limit.
        public init(_ value: Int64, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// Texts of the legend that belong to no line.
    public struct Labels: Hashable, Sendable {
        /// The band: `from the 5th to the 95th percentile`.
        public var band: String
        /// Stretches without a value.
        public var unknown: String

        /// Makes the texts.
        public init(band: String, unknown: String) {
            self.band = band
            self.unknown = unknown
        }
    }

    /// The scale from left to right.
    public var time: TimeAxis
    /// The scale from below upwards.
    public var amount: ValueAxis
    /// At most `mostSeries` are drawn; the band is that of the first.
    public var series: [Series]
    /// How points are joined.
    public var shape: Shape
    /// Levels, each with its text; two at most.
    public var limits: [Limit]
    /// Texts of the legend.
    public var labels: Labels
    /// Names the picture to those who cannot see it.
    public var title: String
    /// Says what is to be seen to those who cannot see it.
    public var summary: String
    /// Hundredths of a pixel.
    public var width: Int
    /// Height of the part with the data, hundredths of a pixel.
    public var height: Int

    /// Whether lines and areas are named beneath; pictures of a row have one legend for all.
    public var hasLegend = true

    /// More lines cannot be told apart (chosen; there are as many looks).
    public static let mostSeries = 4

    /// Makes a chart; sizes in hundredths of a pixel.
    public init(
        time: TimeAxis, amount: ValueAxis, series: [Series], shape: Shape = .line,
        limits: [Limit] = [], labels: Labels, title: String, summary: String,
        width: Int = ChartStyle.pageWidth, height: Int = 150_00
    ) {
        self.time = time
        self.amount = amount
        self.series = series
        self.shape = shape
        self.limits = limits
        self.labels = labels
        self.title = title
        self.summary = summary
        self.width = width
        self.height = height
    }

    /// The picture as an `<svg>` element; `prefix` begins its identifiers, `[A-Za-z][A-Za-z0-9_-]*`.
    public func svg(prefix: String) -> String {
        var drawing = Drawing(prefix: prefix)
        let left = amount.labelWidth() + 12_00
        let shownLimits = limits.prefix(2)
        let top = 22_00 + max(0, shownLimits.count - 1) * 15_00
        let data = Box(x: left, y: top, width: width - left - 14_00, height: height)
        let plot = TrendPlot(time: time.range, amount: amount, shape: shape, data: data)
        let shown = series.prefix(TrendChart.mostSeries)
        drawAmounts(on: &drawing, data: data)
        let gaps = plot.gaps(shown.map(\.points))
        drawing.boxes(gaps, paint: ChartStyle.paint(.unknown))
        let band = plot.band(shown.first?.points ?? [])
        if !band.isEmpty { drawing.area(band, colour: ChartStyle.band.colour) }
        for (index, one) in shown.enumerated().reversed() {
            let (colour, dashes) = ChartStyle.line(index)
            let path = plot.path(one.points)
            if !path.isEmpty { drawing.line(path, colour: colour, width: 1_75, dashes: dashes) }
        }
        for (row, limit) in shownLimits.enumerated() {
            draw(limit, row: row, on: &drawing, data: data)
        }
        let frame =
            "M\(number(data.x)) \(number(data.y))v\(number(data.height))"
            + "h\(number(data.width))"
        drawing.line(frame, colour: ChartStyle.frame, width: 1_00)
        time.draw(on: &drawing, under: data, width: width)
        guard hasLegend else {
            let bottom = data.bottom + TimeAxis.height
            return drawing.finished(width: width, height: bottom, title: title, summary: summary)
        }
        var entries = shown.enumerated().map { index, one in
            let (colour, dashes) = ChartStyle.line(index)
            return Legend.Entry(look: .line(colour, dashes: dashes), label: one.name)
        }
        if !band.isEmpty { entries.append(.init(look: .area(ChartStyle.band), label: labels.band)) }
        if !gaps.isEmpty {
            entries.append(.init(look: .area(ChartStyle.paint(.unknown)), label: labels.unknown))
        }
        let foot = data.bottom + TimeAxis.height + 4_00
        let legend = Legend(entries: entries)
        let bottom = foot + legend.draw(on: &drawing, x: 1_00, y: foot, width: width - 2_00)
        return drawing.finished(width: width, height: bottom, title: title, summary: summary)
    }

    /// The legend of charts that have none of their own: the names of lines, and of gaps if given.
    public static func legend(
        _ names: [String], gap: String? = nil, title: String, width: Int = ChartStyle.pageWidth,
        prefix: String
    ) -> String {
        var drawing = Drawing(prefix: prefix)
        var entries = names.prefix(mostSeries).enumerated().map { index, name in
            let (colour, dashes) = ChartStyle.line(index)
            return Legend.Entry(look: .line(colour, dashes: dashes), label: name)
        }
        if let gap {
            entries.append(.init(look: .area(ChartStyle.paint(.unknown)), label: gap))
        }
        let height = Legend(entries: entries).draw(
            on: &drawing, x: 50, y: 0, width: width - 1_00)
        return drawing.finished(
            width: width, height: height, title: title,
            summary: entries.map(\.label).joined(separator: "; "))
    }

    /// Lines and figures of the scale, the unit above.
    private func drawAmounts(on drawing: inout Drawing, data: Box) {
        var look = Drawing.TextLook(
            size: ChartStyle.smallTextSize, colour: ChartStyle.mutedInk, anchor: .end)
        var grid = ""
        var labels: [(String, Int, Int)] = []
        for tick in amount.ticks {
            let y = data.bottom - amount.offset(of: tick.value, length: data.height)
            if tick.value > amount.low {
                grid += "M\(number(data.x)) \(number(y))h\(number(data.width))"
            }
            labels.append((tick.label, data.x - 6_00, y + 3_50))
        }
        if !grid.isEmpty { drawing.line(grid, colour: ChartStyle.grid, width: 75) }
        drawing.texts(labels, look)
        look.anchor = .start
        drawing.text(amount.unit, x: 0, y: data.y - 11_00, look)
    }

    /// A dashed line through the data, and above them its text behind a piece of such a line: a
    /// text beside the line would hide what passes the limit.
    private func draw(_ limit: Limit, row: Int, on drawing: inout Drawing, data: Box) {
        let (colour, dashes) = (ChartStyle.limit, row == 0 ? "7 3" : "2 3")
        let y = data.bottom - amount.offset(of: limit.value, length: data.height)
        if (amount.low...amount.high).contains(limit.value) {
            let path = "M\(number(data.x)) \(number(y))h\(number(data.width))"
            drawing.line(path, colour: colour, width: 1_25, dashes: dashes)
        }
        let size = ChartStyle.textSize
        let unit = Lettering.width(amount.unit, size: ChartStyle.smallTextSize)
        let start = max(data.x, unit + 12_00)
        let text = Lettering.fitted(limit.label, to: data.end - start - 36_00, size: size)
        let base = 11_00 + row * 15_00
        drawing.line(
            "M\(number(start)) \(number(base - 4_00))h30", colour: colour, width: 1_25,
            dashes: dashes)
        drawing.text(text, x: start + 36_00, y: base)
    }
}
