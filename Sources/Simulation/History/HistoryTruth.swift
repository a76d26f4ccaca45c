// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What a camera truly went through over one stretch, in the words of the account's output.
public struct TrueSpan: Hashable, Sendable {
    /// The stretch.
    public var range: TimeRange
    /// `up`, `degraded`, `down`, `unknown` or `excluded`.
    public var state: String
    /// What is behind it: criteria broken, `failure:silence`, `maintenance`; empty if nothing.
    public var detail: String
    /// Who is responsible for a `down`: `channel` (its operator) or `site` (the subscriber).
    public var responsible: String
}

/// The truth about a simulated history, worked out from its plan alone.
///
/// Deliberately simple and slow, and free of the judge's code: each camera's time is cut at every
/// edge of the plan, and each piece is looked at by itself.
public struct HistoryTruth: Sendable {
    private let plan: HistoryPlan
    private let minute: Int64 = 60_000_000_000

    /// Prepares the truth of a plan.
    public init(_ plan: HistoryPlan) {
        self.plan = plan
    }

    /// When a channel's video truly failed as a whole: while at least 80 %, and at least two, of
    /// its cameras that somebody watched were down.
    public func outages(ofChannel channel: Int) -> TimeRangeSet {
        commonOutage(of: plan.layout.cameras(ofChannel: channel))
    }

    /// When a site's video truly failed as a whole.
    public func outages(ofSite site: Int) -> TimeRangeSet {
        commonOutage(of: plan.layout.cameras(ofSite: site))
    }

    private func commonOutage(of cameras: Range<Int>) -> TimeRangeSet {
        let spans = cameras.map { pieces(of: $0) }
        let edges = Set(spans.joined().flatMap { [$0.range.start, $0.range.end] }).sorted()
        var positions = Array(repeating: 0, count: spans.count)
        var down: [TimeRange] = []
        for (start, end) in zip(edges, edges.dropFirst()) {
            var measured = 0
            var failed = 0
            for index in spans.indices {
                while spans[index][positions[index]].range.end <= start { positions[index] += 1 }
                let state = spans[index][positions[index]].state
                measured += state == "unknown" || state == "excluded" ? 0 : 1
                failed += state == "down" ? 1 : 0
            }
            if failed >= 2, failed * 5 >= measured * 4,
                let range = TimeRange(start: start, end: end)
            {
                down.append(range)
            }
        }
        return TimeRangeSet(down)
    }

    /// A camera's whole history without a gap, neighbours that differ in nothing joined.
    ///
    /// - Parameter channelOutages: what ``outages(ofChannel:)`` gave for its channel.
    public func spans(of camera: Int, channelOutages: TimeRangeSet) -> [TrueSpan] {
        var spans: [TrueSpan] = []
        for piece in pieces(of: camera) {
            guard piece.state == "down" else {
                Self.join(piece, to: &spans)
                continue
            }
            for part in attributed(piece, channelOutages) { Self.join(part, to: &spans) }
        }
        return spans
    }

    /// Cuts a down piece where the responsibility changes.
    ///
    /// The frames of a channel's cameras stop some milliseconds apart: an edge of the channel's
    /// outage within one interval of the piece's own edge is the same edge.
    private func attributed(_ piece: TrueSpan, _ outages: TimeRangeSet) -> [TrueSpan] {
        let interval: Int64 = 10_000_000_000
        var result: [TrueSpan] = []
        var position = piece.range.start
        for outage in outages.ranges {
            guard let shared = outage.intersection(piece.range) else { continue }
            let isNearStart = shared.start.nanoseconds(since: piece.range.start) < interval
            let isNearEnd = piece.range.end.nanoseconds(since: shared.end) < interval
            let start = isNearStart ? piece.range.start : shared.start
            let end = isNearEnd ? piece.range.end : shared.end
            result.append(contentsOf: part(of: piece, from: position, to: start, "site"))
            result.append(
                contentsOf: part(of: piece, from: max(position, start), to: end, "channel"))
            position = max(position, end)
        }
        return result + part(of: piece, from: position, to: piece.range.end, "site")
    }

    private func part(
        of piece: TrueSpan, from start: Instant, to end: Instant, _ responsible: String
    ) -> [TrueSpan] {
        guard let range = TimeRange(start: start, end: end), range.nanoseconds > 0 else {
            return []
        }
        var part = piece
        part.range = range
        part.responsible = responsible
        return [part]
    }

    private static func join(_ span: TrueSpan, to spans: inout [TrueSpan]) {
        if let last = spans.last, last.range.end == span.range.start, last.state == span.state,
            last.detail == span.detail, last.responsible == span.responsible,
            let joined = TimeRange(start: last.range.start, end: span.range.end)
        {
            spans[spans.count - 1].range = joined
        } else {
            spans.append(span)
        }
    }

    /// A camera's history cut at every edge that matters, before anybody is held responsible.
    private func pieces(of camera: Int) -> [TrueSpan] {
        let facts = CameraFacts(plan: plan, camera: camera)
        var edges: Set<Instant> = [plan.options.range.start, plan.options.range.end]
        for range in facts.everyRange { edges.formUnion([range.start, range.end]) }
        let inside = edges.filter {
            plan.options.range.start <= $0 && $0 <= plan.options.range.end
        }.sorted()
        var spans: [TrueSpan] = []
        for (start, end) in zip(inside, inside.dropFirst()) {
            guard let range = TimeRange(start: start, end: end) else { continue }
            let (state, detail) = facts.state(at: start)
            Self.join(
                TrueSpan(range: range, state: state, detail: detail, responsible: ""), to: &spans)
        }
        return spans
    }
}

/// What the plan says about one camera, each trouble already dated as it shows.
private struct CameraFacts {
    var excluded: [TimeRange]
    var works: [TimeRange]
    var dark: [TimeRange]
    var silent: [TimeRange]
    var lossy: [TimeRange]
    var broken: [(range: TimeRange, criteria: [String])] = []

    var everyRange: [TimeRange] {
        excluded + works + dark + silent + lossy + broken.map(\.range)
    }

    init(plan: HistoryPlan, camera: Int) {
        let site = plan.layout.site(ofCamera: camera)
        let channel = plan.layout.channel(ofSite: site)
        let stream = HistoryStream(plan: plan, camera: camera)
        excluded = plan.exclusions.filter { $0.site == site }.map(\.range)
        works = plan.works.filter { $0.channel == channel }.map(\.range)
        dark = plan.darkness[plan.layout.probe(ofChannel: channel)]
        // An outage by silence runs from the last frame that came to the first that comes again.
        silent = stream.silences.ranges.compactMap { silence in
            guard silence.nanoseconds >= 30_000_000_000 else { return nil }
            let earliest = silence.start.advanced(byNanoseconds: -1_000_000_000)
            let last = stream.lastFrame(before: silence.start, notBefore: earliest)
            return TimeRange(
                start: last ?? silence.start, end: stream.firstFrame(notBefore: silence.start))
        }
        lossy = plan.own[camera].filter { $0.kind == .heavyLoss }.map(\.range)
        for trouble in plan.own[camera] {
            switch trouble.kind {
            case .silence, .heavyLoss, .lightLoss: break
            case .slowFrames: breaks(trouble.range, "frame-rate", isMean: true)
            case .lowBitrate: breaks(trouble.range, "bitrate", isMean: true)
            case .smallPicture: breaks(trouble.range, "resolution", isMean: false)
            case .clockStep: breaks(trouble.range, "clock-offset", isMean: false)
            case .pause:
                // The minute around it has too few frames and too few bits.
                let minute = trouble.range.start.floored(toNanoseconds: 60_000_000_000)
                broken.append(
                    (
                        TimeRange(start: minute, nanoseconds: 60_000_000_000),
                        ["bitrate", "frame-rate"]
                    ))
            }
        }
    }

    /// Notes a broken criterion, without the time at the edges of an outage that no window judges:
    /// the rest of an interval of 10 s, and of a minute of means of which less than half is left.
    private mutating func breaks(_ range: TimeRange, _ criterion: String, isMean: Bool) {
        var unjudged: [TimeRange] = []
        let (interval, minute): (Int64, Int64) = (10_000_000_000, 60_000_000_000)
        func floored(_ instant: Instant, _ step: Int64) -> Int64 {
            instant.floored(toNanoseconds: step).nanoseconds
        }
        for (gap, isDown) in silent.map({ ($0, true) }) + dark.map({ ($0, false) }) {
            // What is seen of an interval that a probe's silence cuts is a measurement of its own.
            var start = gap.start.nanoseconds
            var end = gap.end.nanoseconds
            if isDown {
                start = floored(gap.start, interval)
                end = floored(gap.end.advanced(byNanoseconds: interval - 1), interval)
            }
            if isMean {
                let first = floored(gap.start, minute)
                if start - first < minute / 2 { start = first }
                let last = floored(gap.end.advanced(byNanoseconds: minute - 1), minute)
                if last - end < minute / 2 { end = last }
            }
            let cut = TimeRange(start: Instant(nanoseconds: start), nanoseconds: end - start)
            if cut.intersection(range) != nil { unjudged.append(cut) }
        }
        for part in TimeRangeSet(range).subtracting(TimeRangeSet(unjudged)).ranges {
            broken.append((part, [criterion]))
        }
    }

    func state(at instant: Instant) -> (String, String) {
        if excluded.contains(where: { $0.contains(instant) }) { return ("excluded", "") }
        if dark.contains(where: { $0.contains(instant) }) { return ("unknown", "not-observed") }
        let isSilent = silent.contains { $0.contains(instant) }
        if isSilent || lossy.contains(where: { $0.contains(instant) }) {
            if works.contains(where: { $0.contains(instant) }) { return ("down", "maintenance") }
            return ("down", isSilent ? "failure:silence" : "failure:loss")
        }
        let criteria = Set(
            broken.filter { $0.range.contains(instant) }.flatMap(\.criteria))
        // In the order of annex 2.
        let order = ["resolution", "bitrate", "frame-rate", "clock-offset"]
        let listed = order.filter(criteria.contains)
        return listed.isEmpty ? ("up", "") : ("degraded", listed.joined(separator: ","))
    }
}
