// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// A camera's states over a period, as one strip: left is the beginning, right the end.
///
/// Edges lie where they belong, to a hundredth of a pixel. What is shorter than a pixel is drawn a
/// pixel wide, so that no outage hides; where such marks and their neighbours overlap, the worse
/// state wins. Time that no span covers is `unknown`: nobody watched.
public struct StatusStrip: Hashable, Sendable {
    /// What a camera was, from the best to the worst.
    public enum State: Int, CaseIterable, Comparable, Sendable {
        /// Video arrived, and every criterion held.
        case up
        /// Time that does not count, for a documented reason.
        case excluded
        /// Nobody watched, or what was seen does not tell.
        case unknown
        /// Video arrived, and a criterion was broken.
        case degraded
        /// No video, under works that were announced.
        case downMaintenance
        /// No video, by a failure.
        case downFailure

        /// As a legend lists them: what was seen, then what was not.
        static let legendOrder: [State] = [
            .up, .degraded, .downFailure, .downMaintenance, .unknown, .excluded,
        ]

        /// Whether `better` is better than `worse`.
        public static func < (better: State, worse: State) -> Bool {
            better.rawValue < worse.rawValue
        }
    }

    /// A stretch of one state.
    public struct Span: Hashable, Sendable {
        /// When.
        public var range: TimeRange
        /// What.
        public var state: State

        /// Makes a span.
        public init(_ range: TimeRange, _ state: State) {
            self.range = range
            self.state = state
        }
    }

    /// What the strip spans from edge to edge.
    public var period: TimeRange
    /// The states, in any order; what lies outside the period is not drawn.
    public var spans: [Span]
    /// Names the picture to those who cannot see it.
    public var title: String
    /// Says what is to be seen to those who cannot see it.
    public var summary: String
    /// Marks beneath the strip; nil for a strip inside a table.
    public var axis: TimeAxis?
    /// What the states that occur are called; empty for no legend.
    public var names: [State: String]
    /// Hundredths of a pixel.
    public var width: Int
    /// Height of the strip alone, hundredths of a pixel.
    public var height: Int

    /// Makes a strip; sizes in hundredths of a pixel.
    public init(
        period: TimeRange, spans: [Span], title: String, summary: String, axis: TimeAxis? = nil,
        names: [State: String] = [:], width: Int = ChartStyle.pageWidth, height: Int = 18_00
    ) {
        self.period = period
        self.spans = spans
        self.title = title
        self.summary = summary
        self.axis = axis
        self.names = names
        self.width = width
        self.height = height
    }

    /// The picture as an `<svg>` element; `prefix` begins its identifiers, `[A-Za-z][A-Za-z0-9_-]*`.
    public func svg(prefix: String) -> String {
        var drawing = Drawing(prefix: prefix)
        // Labels at the ends of an axis stand out by half their width.
        let margin = axis == nil ? 0 : 10_00
        let strip = Box(x: margin, y: 0, width: max(1_00, width - 2 * margin), height: height)
        let runs = runs(width: strip.width)
        for state in State.allCases {
            let boxes = runs.filter { $0.state == state }.map { run in
                Box(x: strip.x + run.start, y: 0, width: run.end - run.start, height: height)
            }
            drawing.boxes(boxes, paint: ChartStyle.paint(state))
        }
        // Above and below only: at the ends it would hide an outage a pixel wide. Half a stroke
        // inwards, where the picture's edge does not cut it.
        let across = "h\(number(strip.width))"
        let edges = "M\(number(strip.x)) .38\(across)M\(number(strip.x)) "
        drawing.line(
            edges + number(height - 38) + across, colour: ChartStyle.frame, width: 75)
        var bottom = strip.bottom
        if let axis {
            axis.draw(on: &drawing, under: strip, width: width)
            bottom += TimeAxis.height
        }
        let shown = Set(runs.map(\.state))
        let legend = Legend(
            entries: State.legendOrder.compactMap { state in
                guard shown.contains(state), let name = names[state] else { return nil }
                return .init(look: .area(ChartStyle.paint(state)), label: name)
            })
        bottom += legend.draw(on: &drawing, x: margin, y: bottom + 4_00, width: strip.width)
        return drawing.finished(
            width: width, height: bottom + (legend.entries.isEmpty ? 0 : 4_00), title: title,
            summary: summary)
    }

    /// What the colours of many bare strips mean, as a picture of its own: all states that have a
    /// name, what was seen first.
    public static func legend(
        _ names: [State: String], title: String, width: Int = ChartStyle.pageWidth, prefix: String
    ) -> String {
        var drawing = Drawing(prefix: prefix)
        let legend = Legend(
            entries: State.legendOrder.compactMap { state in
                names[state].map { .init(look: .area(ChartStyle.paint(state)), label: $0) }
            })
        let height = legend.draw(on: &drawing, x: 50, y: 0, width: width - 1_00)
        let summary = legend.entries.map(\.label).joined(separator: "; ")
        return drawing.finished(width: width, height: height, title: title, summary: summary)
    }

    /// One stretch of the drawn strip, in hundredths of a pixel from its left edge.
    struct Run: Hashable {
        var start: Int
        var end: Int
        let state: State
    }

    /// What is drawn: neighbouring runs of different states that fill `width` without a gap.
    func runs(width: Int) -> [Run] {
        // Each span to its place; a worse one is laid over the better ones later.
        var marks: [Run] = []
        for span in spans {
            guard let range = span.range.intersection(period) else { continue }
            var start = TimeAxis.offset(of: range.start, in: period, width: width)
            var end = TimeAxis.offset(of: range.end, in: period, width: width)
            if end - start < ChartStyle.leastMark, span.state != .up {
                start = max(0, min(start, width - ChartStyle.leastMark))
                end = min(width, start + ChartStyle.leastMark)
            }
            if start < end { marks.append(Run(start: start, end: end, state: span.state)) }
        }
        return StatusStrip.overlaid(marks, width: width)
    }

    /// The worst mark at every place, `unknown` where there is none.
    private static func overlaid(_ marks: [Run], width: Int) -> [Run] {
        /// Where a mark begins or ends.
        struct Edge {
            let place: Int
            let state: State
            let step: Int
        }
        let edges = marks.flatMap { mark in
            [
                Edge(place: mark.start, state: mark.state, step: 1),
                Edge(place: mark.end, state: mark.state, step: -1),
            ]
        }.sorted { $0.place < $1.place }
        var open = [Int](repeating: 0, count: State.allCases.count)
        var runs: [Run] = []
        var place = 0
        for edge in edges + [Edge(place: width, state: .up, step: 0)] {
            if edge.place > place {
                let state = State.allCases.last { open[$0.rawValue] > 0 } ?? .unknown
                if let last = runs.indices.last, runs[last].state == state {
                    runs[last].end = edge.place
                } else {
                    runs.append(Run(start: place, end: edge.place, state: state))
                }
                place = edge.place
            }
            open[edge.state.rawValue] += edge.step
        }
        return runs
    }
}
