// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

@testable import Agreements

/// Observations of a camera that behaves as told, in intervals of 10 s, at 25 frames/s.
struct Feed {
    var vantage = RandomHistory.vantages[0]
    var observations: [(VantageID, Observation)] = []
    private let step: Int64 = 40_000_000

    /// Adds the intervals from `start` to `end` (seconds), in which frames come except in `holes`
    /// (from the first moment without to the first with), and packets except in `cuts`.
    mutating func add(
        _ start: Int64, _ end: Int64, holes: [(Double, Double)] = [],
        isFrozen: Bool = false, _ change: (inout Observation) -> Void = { _ in }
    ) {
        var time = start
        while time < end {
            let until = min(end, (time / 10 + 1) * 10)
            var observation = interval(time, until, holes, isFrozen)
            change(&observation)
            observations.append((vantage, observation))
            time = until
        }
    }

    /// A frame comes at every whole multiple of 40 ms, but not inside a hole; the last before it
    /// and the first after come at its very edges.
    private func interval(
        _ start: Int64, _ end: Int64, _ holes: [(Double, Double)], _ isFrozen: Bool
    ) -> Observation {
        var measurement = Measurement(
            range: TimeRange(start: at(start), nanoseconds: (end - start) * second))
        let (from, until) = (start * second, end * second)
        var frames: [Int64] = []
        var time = from
        let edges = holes.map { (Int64($0.0 * 1e9), Int64($0.1 * 1e9)) }
        while time < until {
            if !edges.contains(where: { $0.0 < time && time < $0.1 }) { frames.append(time) }
            time += step
        }
        for (left, right) in edges {
            for edge in [left, right] where from <= edge && edge < until && !frames.contains(edge) {
                frames.append(edge)
            }
        }
        frames.sort()
        measurement.frames.count = UInt64(frames.count)
        measurement.frames.firstArrival = frames.first.map { newYear.advanced(byNanoseconds: $0) }
        measurement.frames.lastArrival = frames.last.map { newYear.advanced(byNanoseconds: $0) }
        measurement.packets.received = UInt64(frames.count) * 20
        measurement.packets.unique = measurement.packets.received
        measurement.packets.expected = measurement.packets.received
        measurement.octets.ip = UInt64(frames.count) * 28_000
        measurement.firstPacket = measurement.frames.firstArrival
        measurement.lastPacket = measurement.frames.lastArrival
        if isFrozen {
            measurement.firstPacket = at(start)
            measurement.lastPacket = at(end).advanced(byNanoseconds: -1)
            measurement.octets.ip = UInt64(end - start) * 700_000
        }
        return Observation(
            measurement: measurement, picture: PictureSize(width: 1920, height: 1080),
            clock: ClockReading(offsetNanoseconds: 0, uncertaintyNanoseconds: 1_000_000))
    }

    func spans(_ rules: JudgingRules = .standard) -> [String] {
        Feed.show(Judge.spans(of: observations, rules: rules))
    }

    /// The same where arrival alone is agreed on: a short outage spoils no mean.
    func arrivals() -> [String] {
        var thresholds = Thresholds.annex2
        thresholds.minimumBitrate = 0
        thresholds.minimumFrameRate = 0
        return Feed.show(Judge.spans(of: observations, thresholds: { _ in thresholds }))
    }

    /// Spans as `0–60 up`, in seconds.
    static func show(_ spans: [ConditionSpan]) -> [String] {
        spans.map { span in
            let edges = [span.range.start, span.range.end].map { edge -> String in
                let seconds = Double(edge.nanoseconds(since: newYear)) / 1e9
                return seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
            }
            let what: String
            switch span.condition {
            case .up: what = "up"
            case .degraded(let set): what = set.criteria.map { "\($0)" }.joined(separator: "+")
            case .down(let reason): what = "down \(reason)"
            case .unknown(let cause): what = "unknown \(cause)"
            }
            let mark = span.evidence == .observed ? "" : " (\(span.evidence))"
            return "\(edges[0])–\(edges[1]) \(what)\(mark)"
        }
    }
}
