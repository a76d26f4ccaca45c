// SPDX-License-Identifier: Apache-2.0

/// How much of the downtime allowed in a year is used: failure, then maintenance, then the time
/// that nobody knows about as a hatched possibility, against the line of the limit.
public struct BudgetBar: Hashable, Sendable {
    /// Texts of a bar that stands alone; inside a table there is none.
    public struct Labels: Hashable, Sendable {
        /// Names of the three parts, for the legend.
        public var failure: String
        /// Downtime under planned works.
        public var maintenance: String
        /// Time that nobody watched.
        public var unknown: String
        /// What the limit is and where it is written: `50 h – annex 2, point 7, sub-point 5)`.
        public var limit: String
        /// What the tick of the projection says: `at the present rate: 61 h by 31 December`.
        public var projection: String
        /// The unit of the ticks, hours.
        public var hour: String

        /// Makes the texts.
        public init(
            failure: String, maintenance: String, unknown: String, limit: String,
            projection: String, hour: String
        ) {
            self.failure = failure
            self.maintenance = maintenance
            self.unknown = unknown
            self.limit = limit
            self.projection = projection
            self.hour = hour
        }
    }

    /// Downtime allowed, in nanoseconds as all that follow.
    public var limit: Int64
    /// Downtime by failures.
    public var failure: Int64
    /// Downtime under planned works.
    public var maintenance: Int64
    /// Time that may have been downtime.
    public var unknown: Int64
    /// Downtime at the end of the year at the present rate, if there is a projection.
    public var projection: Int64?
    /// Names the picture to those who cannot see it.
    public var title: String
    /// Says what is to be seen to those who cannot see it.
    public var summary: String
    /// Texts, or nil for a bare bar.
    public var labels: Labels?
    /// Hundredths of a pixel.
    public var width: Int
    /// Height of the bar alone, hundredths of a pixel.
    public var height: Int

    /// Makes a bar; times in nanoseconds, sizes in hundredths of a pixel.
    public init(
        limit: Int64, failure: Int64, maintenance: Int64, unknown: Int64, projection: Int64? = nil,
        title: String, summary: String, labels: Labels? = nil, width: Int = ChartStyle.pageWidth,
        height: Int = 18_00
    ) {
        self.limit = limit
        self.failure = failure
        self.maintenance = maintenance
        self.unknown = unknown
        self.projection = projection
        self.title = title
        self.summary = summary
        self.labels = labels
        self.width = width
        self.height = height
    }

    private static let hour: Int64 = 3_600_000_000_000

    /// What one part takes on the bar, in hundredths of a pixel from its left end.
    struct Part: Hashable {
        let start: Int
        let end: Int
        let state: StatusStrip.State
    }

    /// The scale: round hours that hold everything drawn and a tenth beyond the limit.
    var scale: ValueAxis {
        let all = [failure, maintenance, unknown].reduce(Int128(0)) { $0 + Int128($1) }
        let most = [Int128(limit) + Int128(limit / 10), all, Int128(projection ?? 0)].max() ?? 0
        return ValueAxis(
            from: 0, through: Int64(clamping: most), base: BudgetBar.hour, atMost: 8,
            unit: labels?.hour ?? ""
        ) { String($0 / BudgetBar.hour) }
    }

    /// Neighbouring parts; each begins where the one before ends, a part that is not zero takes a
    /// pixel at least.
    func parts(scale: ValueAxis, width: Int) -> [Part] {
        var parts: [Part] = []
        var (amount, end) = (Int64(0), 0)
        let shares: [(Int64, StatusStrip.State)] = [
            (failure, .downFailure), (maintenance, .downMaintenance), (unknown, .unknown),
        ]
        for (share, state) in shares where share > 0 {
            let (sum, overflow) = amount.addingReportingOverflow(share)
            amount = overflow ? .max : sum
            let start = end
            end = max(scale.offset(of: amount, length: width), start + ChartStyle.leastMark)
            end = min(end, width)
            parts.append(Part(start: start, end: end, state: state))
        }
        return parts
    }

    /// The picture as an `<svg>` element; `prefix` begins its identifiers, `[A-Za-z][A-Za-z0-9_-]*`.
    public func svg(prefix: String) -> String {
        var drawing = Drawing(prefix: prefix)
        let scale = scale
        let margin = labels == nil ? 50 : scale.overhang() + 2_00
        let top = labels == nil ? 2_50 : projection == nil ? 20_00 : 36_00
        let bar = Box(x: margin, y: top, width: width - 2 * margin, height: height)
        drawing.rectangle(bar, paint: Paint(ChartStyle.paper))
        for part in parts(scale: scale, width: bar.width) {
            let place = Box(
                x: bar.x + part.start, y: bar.y, width: part.end - part.start, height: bar.height)
            drawing.rectangle(place, paint: ChartStyle.paint(part.state))
        }
        drawing.rectangle(bar, paint: nil, frame: ChartStyle.frame)
        let limitPlace = bar.x + scale.offset(of: limit, length: bar.width)
        let overhang = labels == nil ? 2_00 : 6_00
        let line =
            "M\(number(limitPlace)) \(number(bar.y - overhang))"
            + "v\(number(bar.height + (labels == nil ? 2 : 1) * overhang))"
        // Light beside dark: it is seen on every fill.
        drawing.line(line, colour: ChartStyle.paper, width: 5_00)
        drawing.line(line, colour: ChartStyle.limit, width: 2_00)
        drawProjection(on: &drawing, bar: bar, scale: scale)
        guard let labels else {
            return drawing.finished(
                width: width, height: bar.bottom + 2_50, title: title, summary: summary)
        }
        label(labels.limit, at: limitPlace, y: bar.y - 9_00, on: &drawing, bar: bar, isBold: true)
        scale.draw(on: &drawing, under: bar, hasGrid: false)
        let legend = Legend(entries: [
            .init(look: .area(ChartStyle.paint(.downFailure)), label: labels.failure),
            .init(look: .area(ChartStyle.paint(.downMaintenance)), label: labels.maintenance),
            .init(look: .area(ChartStyle.paint(.unknown)), label: labels.unknown),
        ])
        let foot = bar.bottom + ValueAxis.height + 4_00
        let height = foot + legend.draw(on: &drawing, x: bar.x, y: foot, width: bar.width)
        return drawing.finished(width: width, height: height, title: title, summary: summary)
    }

    /// A small triangle above the bar, and its text in a line of its own above the limit's.
    private func drawProjection(on drawing: inout Drawing, bar: Box, scale: ValueAxis) {
        guard let projection else { return }
        let place = bar.x + scale.offset(of: projection, length: bar.width)
        if let labels {
            let tip = "M\(number(place)) \(number(bar.y))"
            drawing.line(
                tip + "v-24", colour: ChartStyle.line(0).colour, width: 1_00, dashes: "2 2")
            drawing.area(tip + "l-4-7h8z", colour: ChartStyle.line(0).colour)
            label(labels.projection, at: place, y: bar.y - 25_00, on: &drawing, bar: bar)
        } else {
            let tip = "M\(number(place)) \(number(bar.y + bar.height / 2))"
            drawing.area(tip + "l-3-6h6z", colour: ChartStyle.line(0).colour)
        }
    }

    /// A text at a place above the bar, on the side where there is more room.
    private func label(
        _ text: String, at place: Int, y: Int, on drawing: inout Drawing, bar: Box,
        isBold: Bool = false
    ) {
        let isRight = place - bar.x > bar.width / 2
        let room = (isRight ? place : width - place) - 4_00
        drawing.text(
            Lettering.fitted(text, to: room * (isBold ? 20 : 23) / 23, size: ChartStyle.textSize),
            x: isRight ? place - 5_00 : place + 5_00, y: y,
            .init(anchor: isRight ? .end : .start, isBold: isBold))
    }
}
