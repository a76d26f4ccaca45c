// SPDX-License-Identifier: Apache-2.0
public import Measurements
public import Registry
public import Timekeeping

/// A judge's state at an instant: all that begins before it was taken, nothing that begins at it
/// or after.
public struct JudgeCheckpoint: Hashable, Sendable {
    /// The instant, a whole multiple of the step.
    public var at: Instant
    /// `Judge.checkpoint`.
    public var bytes: [UInt8]

    /// Makes a checkpoint.
    public init(at: Instant, bytes: [UInt8]) {
        self.at = at
        self.bytes = bytes
    }
}

/// What judging one camera again needs of whoever keeps its records.
public protocol JudgedHistory {
    /// What can go wrong in reading.
    associatedtype Failure: Error
    /// When the earliest observation begins; nil if there is none.
    func beginning() throws(Failure) -> Instant?
    /// The latest checkpoint kept that is not later than `instant`.
    func checkpoint(atOrBefore instant: Instant) throws(Failure) -> JudgeCheckpoint?
    /// The observations that begin in `range`, in the order of `Judge.precedes`.
    func observations(startingIn range: TimeRange) throws(Failure) -> [(VantageID, Observation)]
    /// The thresholds in force at an instant.
    func thresholds(at instant: Instant) throws(Failure) -> Thresholds
}

/// What is to be written down of a stretch that was judged.
public struct Judgement: Sendable {
    /// The stretch whose conditions are replaced by `spans`; outside it nothing changed.
    public var range: TimeRange
    /// The conditions in `range`; where there is none, nobody watched.
    public var spans: [ConditionSpan]
    /// Checkpoints to keep in place of those of the same instants.
    public var checkpoints: [JudgeCheckpoint]
    /// The judge at the end, with which live judging goes on, if all until then was judged again.
    ///
    /// Nil if from some checkpoint on nothing had changed.
    public var judge: Judge?
}

extension Judge {
    /// Advances to `instant` and says what is to be written down: what was settled since it was
    /// last drained, and what may follow; nil before the first observation.
    ///
    /// With a checkpoint where `instant` is one to be kept. `judge` is nil: this one goes on.
    public mutating func judgement(at instant: Instant, keepsCheckpoint: Bool) -> Judgement? {
        advance(to: instant)
        guard let settled = settledUntil else { return nil }
        var spans = drain()
        let from = spans.first?.range.start ?? settled
        spans.join(provisional())
        guard let range = TimeRange(start: from, end: spans.last?.range.end ?? from) else {
            return nil
        }
        let checkpoints = keepsCheckpoint ? [JudgeCheckpoint(at: instant, bytes: checkpoint)] : []
        return Judgement(range: range, spans: spans, checkpoints: checkpoints, judge: nil)
    }
}

/// Judging again after late data: from the checkpoint before it until the state is again what it
/// was, so that the order of arrival never matters.
public struct Rejudging: Sendable {
    /// The rules.
    public var rules: JudgingRules
    /// From one checkpoint to the next, ns: an hour.
    public var step: Int64

    /// Makes it with rules and a step.
    public init(rules: JudgingRules = .standard, step: Int64 = 3_600_000_000_000) {
        precondition(rules.isValid && step > 0)
        self.rules = rules
        self.step = step
    }

    /// What late observations, which begin at the instants `starts`, change; `until` is the
    /// watermark of live judging, or the end of the data.
    ///
    /// The records already hold the late observations. Several answers come where the changes lie
    /// far apart; they do not overlap, and come in the order of time.
    public func judgements<History: JudgedHistory>(
        of history: History, changedAt starts: [Instant], until: Instant
    ) throws(History.Failure) -> [Judgement] {
        var judgements: [Judgement] = []
        var rest = starts.sorted()[...]
        while let first = rest.first {
            let judgement = try judgement(of: history, changes: &rest, first, until)
            guard let judgement else { break }
            judgements.append(judgement)
            if judgement.judge != nil { break }
        }
        return judgements
    }

    private func judgement<History: JudgedHistory>(
        of history: History, changes: inout ArraySlice<Instant>, _ first: Instant, _ until: Instant
    ) throws(History.Failure) -> Judgement? {
        guard var (judge, time) = try start(history, before: first) else { return nil }
        let from = judge.settledUntil ?? time
        var (spans, checkpoints): ([ConditionSpan], [JudgeCheckpoint]) = ([], [])
        while true {
            let next = time.floored(toNanoseconds: step).advanced(byNanoseconds: step)
            guard let range = TimeRange(start: time, end: next) else { return nil }
            for (vantage, observation) in try history.observations(startingIn: range) {
                let thresholds = try history.thresholds(at: observation.range.start)
                _ = judge.take(observation, from: vantage, thresholds: thresholds)
            }
            while let change = changes.first, change < next { changes.removeFirst() }
            time = next
            guard next <= until else { break }
            judge.advance(to: next)
            spans.join(judge.drain())
            let bytes = judge.checkpoint
            let kept = try history.checkpoint(atOrBefore: next)
            if let kept, kept.at == next, kept.bytes == bytes, (changes.first ?? next) >= next,
                let range = TimeRange(start: from, end: judge.settledUntil ?? next)
            {
                // What was settled and what follows from here is as it was.
                return Judgement(range: range, spans: spans, checkpoints: checkpoints, judge: nil)
            }
            checkpoints.append(JudgeCheckpoint(at: next, bytes: bytes))
        }
        judge.advance(to: until)
        spans.join(judge.drain())
        var all = spans
        all.join(judge.provisional())
        let end = max(until, all.last?.range.end ?? until, from)
        changes = []
        return TimeRange(start: from, end: end).map {
            Judgement(range: $0, spans: all, checkpoints: checkpoints, judge: judge)
        }
    }

    /// The judge at the last usable checkpoint before `instant`, or at the beginning.
    private func start<History: JudgedHistory>(
        _ history: History, before instant: Instant
    ) throws(History.Failure) -> (Judge, Instant)? {
        var limit = instant
        while let kept = try history.checkpoint(atOrBefore: limit) {
            // One that is damaged, or of other rules, is passed over.
            if let judge = Judge(checkpoint: kept.bytes, rules: rules) { return (judge, kept.at) }
            guard kept.at > Judge.instants.start else { break }
            limit = kept.at.advanced(byNanoseconds: -1)
        }
        guard let beginning = try history.beginning() else { return nil }
        return (Judge(rules: rules), max(min(beginning, instant), Judge.instants.start))
    }
}

/// Records that came, by what is known of them already.
public struct SortedArrivals<Record> {
    /// Never seen before.
    public var new: [(RecordIdentity, Record)] = []
    /// Sent again: nothing changes.
    public var known: [RecordIdentity] = []
    /// Of a known identity with another body: the first one is kept, and this is to be reported.
    public var conflicting: [(RecordIdentity, Record)] = []

    /// Sorts `records` by what `keep` holds for each identity, and by those before in the list.
    public init(
        _ records: [(RecordIdentity, Record)], kept: (RecordIdentity) -> Record?
    ) where Record: Equatable {
        var first: [RecordIdentity: Record] = [:]
        for (identity, record) in records {
            if let before = first[identity] ?? kept(identity) {
                if before == record {
                    known.append(identity)
                } else {
                    conflicting.append((identity, record))
                }
            } else {
                first[identity] = record
                new.append((identity, record))
            }
        }
    }
}
