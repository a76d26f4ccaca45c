// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

/// What a ledger keeps of one camera, in memory.
struct KeptHistory: JudgedHistory {
    var kept: [(VantageID, Observation)] = []
    var spans: [ConditionSpan] = []
    var checkpoints: [Instant: [UInt8]] = [:]

    func beginning() throws(Never) -> Instant? { kept.map(\.1.range.start).min() }

    func checkpoint(atOrBefore instant: Instant) throws(Never) -> JudgeCheckpoint? {
        let at = checkpoints.keys.filter { $0 <= instant }.max()
        return at.flatMap { at in checkpoints[at].map { JudgeCheckpoint(at: at, bytes: $0) } }
    }

    func observations(startingIn range: TimeRange) throws(Never) -> [(VantageID, Observation)] {
        kept.filter { range.contains($0.1.range.start) }.sorted(by: Judge.precedes)
    }

    func thresholds(at instant: Instant) throws(Never) -> Thresholds { .annex2 }

    /// Writes down what a judgement says: in its range, and nowhere else.
    mutating func write(_ judgement: Judgement) {
        let range = judgement.range
        var next: [ConditionSpan] = []
        for span in spans {
            if let before = TimeRange(
                start: span.range.start, end: min(span.range.end, range.start)),
                before.nanoseconds > 0
            {
                next.append(
                    ConditionSpan(range: before, condition: span.condition, evidence: span.evidence)
                )
            }
            if let after = TimeRange(start: max(span.range.start, range.end), end: span.range.end),
                after.nanoseconds > 0
            {
                next.append(
                    ConditionSpan(range: after, condition: span.condition, evidence: span.evidence))
            }
        }
        next += judgement.spans
        next.sort { $0.range.start < $1.range.start }
        spans = []
        spans.join(next)
        for checkpoint in judgement.checkpoints { checkpoints[checkpoint.at] = checkpoint.bytes }
    }
}

@Suite struct RejudgingTests {
    @Test func `late, duplicate and re-ordered input ends in the same account`() {
        let count = Histories.count(600, of: 100_000)
        var wrong = 0
        for seed in 1...UInt64(count) where wrong < 5 {
            if let fault = Self.fault(seed) {
                wrong += 1
                Issue.record("seed \(seed): \(fault)")
            }
        }
    }

    /// Delivers a history in disorder, and looks after every part whether what is written down is
    /// what the records say.
    static func fault(_ seed: UInt64) -> String? {
        let history = RandomHistory(seed: seed)
        var random = SeededRandom(seed: seed &* 17)
        let rejudging = Rejudging(rules: history.rules, step: 60 * second)
        var ledger = KeptHistory()
        var rest = history.observations
        var until = newYear
        while !rest.isEmpty {
            // Mostly in order, some late, some from the very end.
            var batch: [(VantageID, Observation)] = []
            for _ in 0...random.below(12) where !rest.isEmpty {
                let place = random.chance(80) ? 0 : Int(random.below(Int64(rest.count)))
                batch.append(rest.remove(at: place))
            }
            ledger.kept += batch
            for (_, observation) in batch { until = max(until, observation.range.start) }
            let judgements = rejudging.judgements(
                of: ledger, changedAt: batch.map(\.1.range.start), until: until)
            for judgement in judgements { ledger.write(judgement) }
            if random.chance(30) || rest.isEmpty {
                let right = Judge.spans(of: ledger.kept, rules: history.rules)
                if ledger.spans != right {
                    return JudgePropertyTests.difference(ledger.spans, right)
                }
            }
        }
        return nil
    }

    @Test func `late data stops changing things where the state is again what it was`() {
        var feed = Feed()
        feed.add(0, 7200)
        var ledger = KeptHistory(kept: feed.observations)
        let late = ledger.kept.remove(at: 100)
        let rejudging = Rejudging(step: 600 * second)
        let first = rejudging.judgements(of: ledger, changedAt: [at(0)], until: at(7200))
        #expect(first.count == 1)
        #expect(first[0].judge != nil)
        for judgement in first { ledger.write(judgement) }
        #expect(Feed.show(ledger.spans).count == 3)
        ledger.kept.append(late)
        let again = rejudging.judgements(of: ledger, changedAt: [at(1000)], until: at(7200))
        #expect(again.count == 1)
        #expect(again[0].judge == nil)
        // From what the checkpoint at 600 s had settled to what that at 1,200 s had.
        #expect(again[0].range.start >= at(480))
        #expect(again[0].range.end <= at(1800))
        for judgement in again { ledger.write(judgement) }
        #expect(Feed.show(ledger.spans) == ["0–7200 up"])
    }

    @Test func `live judging and judging again write down the same`() {
        for seed in 1...200 as ClosedRange<UInt64> {
            let history = RandomHistory(seed: seed)
            var ledger = KeptHistory(kept: history.observations)
            var judge = Judge(rules: history.rules)
            var next = newYear
            for (vantage, observation) in history.observations {
                while observation.range.start >= next {
                    if let judgement = judge.judgement(at: next, keepsCheckpoint: true) {
                        ledger.write(judgement)
                    }
                    next = next.advanced(byNanoseconds: 60 * second)
                }
                _ = judge.take(observation, from: vantage, thresholds: .annex2)
            }
            if let judgement = judge.judgement(at: newYear, keepsCheckpoint: false) {
                ledger.write(judgement)
            }
            #expect(ledger.spans == Judge.spans(of: history.observations, rules: history.rules))
            // Judging again from any checkpoint finds nothing to change.
            let again = Rejudging(rules: history.rules, step: 60 * second).judgements(
                of: ledger, changedAt: [at(120)],
                until: history.observations.map(\.1.range.start).max() ?? newYear)
            let before = ledger.spans
            for judgement in again { ledger.write(judgement) }
            #expect(ledger.spans == before, "seed \(seed)")
        }
    }

    @Test func `a damaged checkpoint is passed over`() {
        var feed = Feed()
        feed.add(0, 3600, holes: [(1000, 1100)])
        var ledger = KeptHistory(kept: feed.observations)
        let rejudging = Rejudging(step: 600 * second)
        for judgement in rejudging.judgements(of: ledger, changedAt: [at(0)], until: at(3600)) {
            ledger.write(judgement)
        }
        let spans = ledger.spans
        ledger.checkpoints[at(1200)] = [1, 2, 3]
        ledger.checkpoints[at(600)] = []
        let again = rejudging.judgements(of: ledger, changedAt: [at(1300)], until: at(3600))
        for judgement in again { ledger.write(judgement) }
        #expect(ledger.spans == spans)
        #expect(again[0].range.start == at(0))
    }

    @Test func `records sent again are known, others of the same identity conflict`() throws {
        let node = try #require(NodeID("node-1"))
        func identity(_ sequence: UInt64) -> RecordIdentity {
            RecordIdentity(node: node, epoch: Epoch(high: 1, low: 2), sequence: sequence)
        }
        let sorted = SortedArrivals(
            [
                (identity(1), "a"), (identity(2), "b"), (identity(2), "b"), (identity(2), "c"),
                (identity(3), "d"),
            ]
        ) { $0 == identity(1) ? "a" : $0 == identity(3) ? "x" : nil }
        #expect(sorted.new.map(\.1) == ["b"])
        #expect(sorted.known == [identity(1), identity(2)])
        #expect(sorted.conflicting.map(\.1) == ["c", "d"])
    }
}
