// SPDX-License-Identifier: Apache-2.0
public import Measurements
public import Registry
public import Timekeeping

/// What observations say of one camera, by the rules of `docs/decisions/0006-when-down.md`.
///
/// Observations come in the order of `Judge.precedes`. What they settle is handed out by `drain`;
/// what may still change by what comes next is told by `provisional`, which changes nothing. A
/// value: whoever keeps a copy can go back to it, and `checkpoint` is the copy as bytes.
public struct Judge: Hashable, Sendable {
    /// What became of an observation.
    public enum Taking: Hashable, Sendable {
        /// It was judged.
        case taken
        /// It begins before what was settled already: the camera must be judged again from an
        /// earlier checkpoint.
        case late
        /// All of its time was covered by one from the same vantage before: nothing changed.
        case covered
        /// Its instants lie outside `Judge.instants`: nothing changed.
        case outOfRange
        /// The camera is being watched from `Judge.mostVantages` others: nothing changed.
        case tooManyVantages
    }

    /// The rules that are judged by.
    public let rules: JudgingRules
    /// Nothing that begins before this instant is to come.
    private(set) var watermark: Int64 = .min
    /// The last vantage taken at `watermark`.
    private(set) var lastVantage: VantageID?
    /// One for each vantage that matters at present, by id.
    var lanes: [Lane] = []
    /// Until when it is settled what the vantages together say.
    private(set) var merged: Int64 = .min
    var confirmation = Confirmation()
    /// Settled stretches of up, down and unknown, not yet told.
    var base = Line<Segment>()
    var windows = Windows()
    /// Until when everything is settled.
    private(set) var told: Int64 = .min
    private var output: [ConditionSpan] = []

    /// Instants that can be judged: from 1970 to 2199, so that no difference of two runs over.
    public static let instants = TimeRange(
        start: Instant(nanoseconds: 0), nanoseconds: 7_258_118_400_000_000_000)
    /// Vantages of one camera at a time: more than mirror ports and probes give (chosen).
    public static let mostVantages = 64

    /// Makes a judge that has seen nothing.
    public init(rules: JudgingRules = .standard) {
        precondition(rules.isValid)
        self.rules = rules
    }

    /// Whether `left` comes before `right`: by start, vantage, then the longer first.
    ///
    /// Of two records of the same vantage and time, whose bodies differ, the one with more
    /// packets, frames and octets comes first, so that the order of arrival is no matter.
    public static func precedes(
        _ left: (VantageID, Observation), _ right: (VantageID, Observation)
    ) -> Bool {
        let (mine, theirs) = (left.1.range, right.1.range)
        if mine.start != theirs.start { return mine.start < theirs.start }
        if left.0 != right.0 { return left.0 < right.0 }
        if mine.end != theirs.end { return mine.end > theirs.end }
        return left.1.weight.lexicographicallyPrecedes(right.1.weight)
    }

    /// The conditions that `observations`, in any order, give; nothing before the first and after
    /// the last of them.
    public static func spans(
        of observations: [(VantageID, Observation)],
        thresholds: (Instant) -> Thresholds = { _ in .annex2 }, rules: JudgingRules = .standard
    ) -> [ConditionSpan] {
        var judge = Judge(rules: rules)
        for (vantage, observation) in observations.sorted(by: precedes) {
            _ = judge.take(
                observation, from: vantage, thresholds: thresholds(observation.range.start))
        }
        var spans = judge.drain()
        spans.join(judge.provisional())
        return spans
    }

    // MARK: - Events

    /// Takes an observation; `thresholds` are those in force when it began.
    public mutating func take(
        _ observation: borrowing Observation, from vantage: VantageID, thresholds: Thresholds
    ) -> Taking {
        let range = observation.measurement.range
        guard range.start >= Judge.instants.start, range.end <= Judge.instants.end else {
            return .outOfRange
        }
        let start = range.start.nanoseconds
        if start <= watermark {
            guard start == watermark, lastVantage.map({ $0 <= vantage }) ?? true else {
                return .late
            }
        } else {
            pass(to: start)
        }
        guard let place = lane(of: vantage, at: start) else { return .tooManyVantages }
        let from = max(start, lanes[place].end)
        guard from < range.end.nanoseconds else { return .covered }
        lastVantage = vantage
        let look = Look(observation, from: from, thresholds.maximumLoss, rules)
        lanes[place].take(look, rules)
        if from == start, look.unknown != .noEvidence {
            lanes[place].picture = observation.picture ?? lanes[place].picture
            settle()
            // It ends after the watermark: nothing of it could have been settled yet.
            lanes[place].figures.append(
                Figure(observation, picture: lanes[place].picture, thresholds))
        } else {
            settle()
        }
        forgetLanes()
        return .taken
    }

    /// Learns that nothing that begins before `instant` is to come.
    public mutating func advance(to instant: Instant) {
        let time = min(max(instant, Judge.instants.start), Judge.instants.end).nanoseconds
        guard time > watermark, watermark != .min else { return }
        pass(to: time)
        settle()
        forgetLanes()
    }

    /// Hands out what was settled since the last call; it follows what was handed out before.
    public mutating func drain() -> [ConditionSpan] {
        let spans = output
        output.removeAll(keepingCapacity: true)
        return spans
    }

    // MARK: - Queries

    /// Until when everything is settled: what is still to come changes nothing before.
    ///
    /// Nil before the first observation.
    public var settledUntil: Instant? { told == .min ? nil : Instant(nanoseconds: told) }

    /// The criteria that are broken by the last that could be judged of each: what holds now, while
    /// a window that would say otherwise is still open.
    public var standing: CriterionSet {
        var set: CriterionSet = []
        for (criterion, confirmation) in zip(Criterion.degrading, windows.confirmations)
        where confirmation.isRaised {
            set.insert(CriterionSet(criterion))
        }
        return set
    }

    /// What would follow what is settled if nothing were to come.
    public func provisional() -> [ConditionSpan] {
        guard told != .min else { return [] }
        var rest = self
        rest.output.removeAll()
        rest.finish()
        return rest.output
    }

    // MARK: - Checkpoint

    /// Every instant in the state but those of segments and figures.
    var stateInstants: [Int64] {
        var times = [watermark, merged, told]
        for lane in lanes { times += lane.instants }
        for open in [windows.short, windows.long] {
            times += [open.start] + open.stretches.live.flatMap { [$0.start, $0.end] }
        }
        for confirmation in windows.confirmations {
            times.append(confirmation.end)
            times += confirmation.pending.live.flatMap { [$0.start, $0.end] }
            times += confirmation.broken.live.flatMap { [$0.start, $0.end] }
        }
        return times
    }

    mutating func restore(
        watermark: Int64, lastVantage: VantageID?, merged: Int64, told: Int64
    ) {
        self.watermark = watermark
        self.lastVantage = lastVantage
        self.merged = merged
        self.told = told
    }

    // MARK: - Steps

    private mutating func lane(of vantage: VantageID, at start: Int64) -> Int? {
        for index in lanes.indices where lanes[index].vantage == vantage { return index }
        guard lanes.count < Judge.mostVantages else { return nil }
        if merged == .min {
            merged = start
            told = start
        }
        let place = lanes.firstIndex { $0.vantage > vantage } ?? lanes.count
        lanes.insert(Lane(vantage, at: start), at: place)
        return place
    }

    /// Moves the watermark and ends the runs that did not go on.
    private mutating func pass(to instant: Int64) {
        watermark = instant
        lastVantage = nil
        for index in lanes.indices where lanes[index].end < instant {
            lanes[index].close(rules)
        }
    }

    private mutating func finish() {
        for index in lanes.indices {
            watermark = max(watermark, lanes[index].end)
            lanes[index].close(rules)
        }
        merge(until: watermark)
        confirmation.refuse(&base)
        judgeFigures(until: watermark)
        windows.finish(rules)
        tell(until: watermark)
    }

    private mutating func settle() {
        var until = watermark
        for index in lanes.indices { until = min(until, lanes[index].final(watermark, rules)) }
        if until > merged { merge(until: until) }
        let settled = confirmation.pending.first?.start ?? merged
        judgeFigures(until: settled)
        let firstFigure = earliestFigure.map { lanes[$0].figures.first?.start ?? .max } ?? .max
        var next = min(settled, firstFigure)
        if let sample = windows.sample, let spacing = rules.sampleSpacing,
            min(firstFigure, watermark) - sample.end <= spacing
        {
            // The next sample may tell of the time since this one.
            next = min(next, sample.end)
        }
        windows.advance(to: next, rules)
        let limit = min(next, windows.unsettled ?? .max)
        if limit > told { tell(until: limit) }
    }

    private mutating func forgetLanes() {
        for index in lanes.indices.reversed()
        where lanes[index].isForgotten(at: merged, watermark, rules) {
            lanes.remove(at: index)
        }
    }

    /// Hands to the criteria the observations in all of whose time the camera was up.
    private mutating func judgeFigures(until settled: Int64) {
        while let place = earliestFigure, let figure = lanes[place].figures.first,
            figure.end <= settled
        {
            if isUp(from: figure.start, until: figure.end) {
                var isBridged = false
                if figure.isSampled, let sample = windows.sample,
                    let spacing = rules.sampleSpacing, figure.start - sample.end <= spacing
                {
                    isBridged = isUp(from: sample.end, until: figure.start)
                }
                windows.take(figure, from: lanes[place].vantage, isBridged: isBridged, rules)
            }
            lanes[place].figures.removeFirst()
        }
    }

    /// The lane whose first observation not yet settled begins first; of equals the first.
    private var earliestFigure: Int? {
        var best: Int?
        var start = Int64.max
        for index in lanes.indices {
            if let first = lanes[index].figures.first?.start, first < start {
                best = index
                start = first
            }
        }
        return best
    }

    private func isUp(from start: Int64, until end: Int64) -> Bool {
        guard start >= told else { return false }
        if let first = base.first, first.end >= end, first.start <= start {
            return first.kind == .good
        }
        var covered = start
        for segment in base.live {
            if segment.end <= covered { continue }
            if segment.kind != .good || segment.start > covered { return false }
            covered = segment.end
            if covered >= end { return true }
        }
        return covered >= end
    }

    /// Puts together what is settled: up, down and unknown, and the criteria broken while up.
    private mutating func tell(until limit: Int64) {
        while told < limit, let segment = base.first {
            var end = min(segment.end, limit)
            var broken = CriterionSet()
            if segment.kind == .good, windows.isAnythingBroken {
                for (index, criterion) in Criterion.degrading.enumerated() {
                    while let stretch = windows.confirmations[index].broken.first,
                        stretch.end <= told
                    {
                        windows.confirmations[index].broken.removeFirst()
                    }
                    guard let stretch = windows.confirmations[index].broken.first else { continue }
                    if stretch.start <= told {
                        broken.insert(CriterionSet(criterion))
                        end = min(end, stretch.end)
                    } else {
                        end = min(end, stretch.start)
                    }
                }
            }
            say(broken.isEmpty ? segment.condition : .degraded(broken), segment.evidence, end)
            if end == segment.end { base.removeFirst() } else { base.first?.start = end }
        }
        windows.forget(before: told)
    }

    private mutating func say(_ condition: Condition, _ evidence: Evidence, _ end: Int64) {
        let start = told
        told = end
        if let last = output.last, last.condition == condition, last.evidence == evidence,
            let range = TimeRange(start: last.range.start, end: Instant(nanoseconds: end))
        {
            output[output.count - 1].range = range
        } else if let range = TimeRange(
            start: Instant(nanoseconds: start), end: Instant(nanoseconds: end))
        {
            output.append(ConditionSpan(range: range, condition: condition, evidence: evidence))
        }
    }
}

// MARK: - Several vantages

extension Judge {
    /// Takes what the vantages together say until `limit`.
    private mutating func merge(until limit: Int64) {
        if lanes.count == 1 { mergeOne(until: limit) } else { mergeSeveral(until: limit) }
        feed(.unknown, UnknownCause.notObserved.rawValue, .observed, until: limit)
    }

    private mutating func mergeOne(until limit: Int64) {
        while let segment = lanes[0].segments.first, segment.start < limit {
            feed(.unknown, UnknownCause.notObserved.rawValue, .observed, until: segment.start)
            feed(segment.kind, segment.detail, segment.evidence, until: min(segment.end, limit))
            if segment.end <= limit {
                lanes[0].segments.removeFirst()
            } else {
                lanes[0].segments.first?.start = limit
            }
        }
    }

    /// At every instant the best: good, then bad, then unknown; watched before sampled; then the
    /// vantage that comes first.
    private mutating func mergeSeveral(until limit: Int64) {
        while merged < limit {
            var best: Segment?
            var until = limit
            for index in lanes.indices {
                while let segment = lanes[index].segments.first, segment.end <= merged {
                    lanes[index].segments.removeFirst()
                }
                guard let segment = lanes[index].segments.first else { continue }
                if segment.start > merged {
                    until = min(until, segment.start)
                    continue
                }
                until = min(until, segment.end)
                if best.map({ segment.isBetter(than: $0) }) ?? true { best = segment }
            }
            if let best {
                feed(best.kind, best.detail, best.evidence, until: until)
            } else {
                feed(.unknown, UnknownCause.notObserved.rawValue, .observed, until: until)
            }
        }
        for index in lanes.indices {
            while let segment = lanes[index].segments.first, segment.start < limit {
                if segment.end <= limit {
                    lanes[index].segments.removeFirst()
                } else {
                    lanes[index].segments.first?.start = limit
                }
            }
        }
    }

    private mutating func feed(
        _ kind: Segment.Kind, _ detail: UInt8, _ evidence: Evidence, until end: Int64
    ) {
        guard end > merged else { return }
        let segment = Segment(
            start: merged, end: end, kind: kind, detail: detail, evidence: evidence)
        merged = end
        confirmation.take(segment, rules, &base)
    }
}

extension Segment {
    fileprivate func isBetter(than other: Segment) -> Bool {
        if kind != other.kind { return kind.rawValue < other.kind.rawValue }
        return kind != .unknown && evidence.rawValue < other.evidence.rawValue
    }
}

extension Observation {
    /// What puts two records of the same vantage and time in order: all that is judged by, more
    /// first.
    fileprivate var weight: [Int64] {
        let counts = [
            measurement.packets.received, measurement.frames.count, measurement.octets.ip,
            measurement.packets.unique, measurement.packets.expected,
            measurement.trust.probeDrops ?? 0,
        ].map { -Int64(clamping: $0) }
        let times = [
            measurement.frames.firstArrival, measurement.frames.lastArrival,
            measurement.firstPacket, measurement.lastPacket,
        ].map { $0?.nanoseconds ?? .max }
        return counts + times + [
            measurement.frames.largestGapNanoseconds, Int64(picture?.width ?? 0),
            Int64(picture?.height ?? 0), clock?.offsetNanoseconds ?? .max,
            clock?.uncertaintyNanoseconds ?? .max, Int64(evidence.rawValue), isReleased ? 1 : 0,
            Int64(Transport.allCases.firstIndex(of: transport) ?? 0),
        ]
    }
}
