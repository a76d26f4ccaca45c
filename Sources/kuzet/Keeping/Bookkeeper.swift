// SPDX-License-Identifier: Apache-2.0
import Agreements
import Ledger
import Measurements
import Registry
import Timekeeping

/// Takes measurements in, has them judged, and keeps both: the road from a measurement to the
/// account, the same for a live node, a capture and a simulation.
///
/// Measurements in order of time are judged as they come, by a judge held in memory for each
/// camera. One that comes late sends its camera's judge back to the checkpoint before it. What is
/// kept is the same whatever the order: only the work differs.
final class Bookkeeper {
    private let ledger: Ledger
    private let registry: Registry
    private let rules: JudgingRules
    /// Whether this node's own measurements may lie beyond the ledger's clock.
    private let takesFuture: Bool
    private var judges: [CameraID: OpenJudge] = [:]
    /// Cameras judged again from a checkpoint because something came late.
    private(set) var rejudged = 0
    /// Measurements judged, repeated judgements included.
    private(set) var judged = 0
    /// What holds of each camera at the end of what was measured of it.
    private(set) var latest: [CameraID: CameraCondition] = [:]
    /// The same at the end of what no later measurement can change.
    private var settled: [CameraID: CameraCondition] = [:]

    /// A judge and where its next checkpoint is due.
    private struct OpenJudge {
        var judge: Judge
        var nextCheckpoint: Int64
    }

    /// How far apart checkpoints lie: judging a day again takes a millisecond.
    static let checkpointDistance: Int64 = 86_400_000_000_000

    /// - Parameter takesFuture: whether own measurements may lie beyond the ledger's clock, as those
    ///   of a capture or a simulation may; a node that runs has them put aside.
    init(
        _ ledger: Ledger, _ registry: Registry, rules: JudgingRules = .standard,
        takesFuture: Bool = true
    ) {
        self.ledger = ledger
        self.registry = registry
        self.rules = rules
        self.takesFuture = takesFuture
    }

    /// Keeps this node's own measurements and judges them.
    func append(_ records: [NewObservation]) throws {
        try judge(try keep(records))
    }

    /// Keeps this node's own measurements; gives back those that are to be judged.
    ///
    /// What was put aside is not among them; what was of the future and no longer is, is.
    func keep(_ records: [NewObservation]) throws -> [NewObservation] {
        guard !records.isEmpty else { return [] }
        let aside = try ledger.keep(records, takesFuture: takesFuture).aside
        var kept = records
        if !aside.isEmpty {
            kept = records.enumerated().filter { aside[$0.offset] == nil }.map(\.element)
        }
        guard !takesFuture else { return kept }
        return kept
            + (try ledger.admitDue()).map {
                NewObservation(
                    camera: $0.camera, vantage: $0.vantage, observation: $0.observation)
            }
    }

    /// Judges measurements that were kept.
    ///
    /// If it throws, `catchUp` with their cameras does what remains.
    func judge(_ records: [NewObservation]) throws {
        try judge(
            Dictionary(grouping: records, by: \.camera).mapValues {
                $0.map { ($0.vantage, $0.observation.kept) }
            })
    }

    /// Keeps measurements of other nodes and judges those that are new.
    func accept(_ records: [KeptObservation]) throws -> Acceptance {
        let acceptance = try ledger.accept(records)
        // What was put aside is not judged; but what was of the future and no longer is.
        let aside = Set(acceptance.conflicting.map(\.identity))
        var taken = try ledger.admitDue()
        // What was known before was judged before.
        if acceptance.new > 0 { taken += records.filter { !aside.contains($0.identity) } }
        guard !taken.isEmpty else { return acceptance }
        try judge(
            Dictionary(grouping: taken, by: \.camera).mapValues {
                $0.map { ($0.vantage, $0.observation.kept) }
            })
        return acceptance
    }

    /// Judges what was kept of each camera after its last checkpoint, and is ready for more.
    ///
    /// For a ledger whose last writer ended between keeping and judging.
    func catchUp(_ cameras: [CameraID]) throws {
        var changes: [ConditionChange] = []
        for camera in cameras.sorted() {
            if let change = try judgeAgain(camera, from: Judge.instants.end) {
                changes.append(change)
            }
        }
        try ledger.replaceConditions(changes)
    }

    private func judge(_ records: [CameraID: [(VantageID, Observation)]]) throws {
        var changes: [ConditionChange] = []
        for (camera, observations) in records.sorted(by: { $0.key < $1.key }) {
            let inOrder = observations.sorted(by: Judge.precedes)
            guard let first = inOrder.first?.1.range.start else { continue }
            let change: ConditionChange?
            if var open = judges[camera] {
                let from = open.judge.settledUntil ?? first
                var checkpoints: [JudgeCheckpoint] = []
                if take(inOrder, of: camera, &open, &checkpoints) {
                    judges[camera] = open
                    change = self.change(of: camera, from: from, &open, checkpoints)
                    judges[camera] = open
                } else {
                    rejudged += 1
                    change = try judgeAgain(camera, from: first)
                }
            } else {
                change = try judgeAgain(camera, from: first)
            }
            if let change { changes.append(change) }
        }
        try ledger.replaceConditions(changes)
    }

    /// Judges a camera from its last checkpoint at or before `instant` with all that is kept.
    private func judgeAgain(_ camera: CameraID, from instant: Instant) throws -> ConditionChange? {
        let found = try ledger.checkpoint(of: camera, atOrBefore: instant)
        var open = OpenJudge(judge: Judge(rules: rules), nextCheckpoint: .min)
        var start = Judge.instants.start
        // A checkpoint of other rules is of no use: then all that is kept is judged.
        if let found, let judge = Judge(checkpoint: found.1, rules: rules) {
            open.judge = judge
            open.nextCheckpoint = found.0.nanoseconds + Self.checkpointDistance
            start = found.0
        }
        guard let range = TimeRange(start: start, end: Judge.instants.end) else { return nil }
        let kept = try ledger.observations(of: camera, in: range)
            .filter { $0.1.range.start >= start }
            .sorted(by: Judge.precedes)
        let from = open.judge.settledUntil ?? kept.first?.1.range.start
        var checkpoints: [JudgeCheckpoint] = []
        _ = take(kept, of: camera, &open, &checkpoints)
        defer { judges[camera] = open }
        guard let from else { return nil }
        return change(of: camera, from: from, &open, checkpoints)
    }

    /// Has observations in order judged; false if one lies before what is settled.
    private func take(
        _ observations: [(VantageID, Observation)], of camera: CameraID, _ open: inout OpenJudge,
        _ checkpoints: inout [JudgeCheckpoint]
    ) -> Bool {
        for (vantage, observation) in observations {
            let start = observation.range.start
            if start.nanoseconds >= open.nextCheckpoint {
                let at = start.floored(toNanoseconds: Self.checkpointDistance)
                if open.nextCheckpoint != .min, open.judge.settledUntil != nil {
                    checkpoints.append(JudgeCheckpoint(at: at, bytes: open.judge.checkpoint))
                }
                open.nextCheckpoint = at.nanoseconds + Self.checkpointDistance
            }
            let taking = open.judge.take(
                observation, from: vantage,
                thresholds: registry.thresholds(for: camera, at: start))
            if taking == .late { return false }
            judged += 1
        }
        return true
    }

    private func noteLatest(
        of camera: CameraID, settled: [ConditionSpan], open: [ConditionSpan],
        standing: CriterionSet
    ) {
        var now = self.settled[camera]
        for span in settled { now = CameraCondition(span, after: now) }
        self.settled[camera] = now
        for span in open { now = CameraCondition(span, after: now) }
        if let now { latest[camera] = now.holding(standing, after: latest[camera]) }
    }

    /// What is to be kept in place of what was believed from `from` on.
    private func change(
        of camera: CameraID, from: Instant, _ open: inout OpenJudge,
        _ checkpoints: [JudgeCheckpoint]
    ) -> ConditionChange? {
        let settled = open.judge.drain()
        let unsettled = open.judge.provisional()
        noteLatest(
            of: camera, settled: settled, open: unsettled, standing: open.judge.standing)
        let spans = settled + unsettled
        guard let end = spans.last?.range.end, let range = TimeRange(start: from, end: end) else {
            return nil
        }
        let inside = spans.compactMap { span -> ConditionSpan? in
            guard let part = span.range.intersection(range) else { return nil }
            return ConditionSpan(range: part, condition: span.condition, evidence: span.evidence)
        }
        return ConditionChange(
            camera: camera, range: range, spans: inside,
            checkpoints: checkpoints.filter { range.start < $0.at && $0.at <= range.end })
    }
}
