// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

/// How many random histories the property tests go through: few in the daily run, a million where
/// `KUZET_LONG=1` is set.
enum Histories {
    static func count(_ few: Int, of many: Int) -> Int { isLong ? many : few }
}

@Suite struct JudgePropertyTests {
    static let firstSeed: UInt64 = 1

    @Test func `random histories are judged as the slow rule judges them, however cut`() {
        let count = Histories.count(4_000, of: 1_000_000)
        var wrong = 0
        for seed in Self.firstSeed..<Self.firstSeed + UInt64(count) where wrong < 5 {
            if let fault = Self.fault(seed) {
                wrong += 1
                Issue.record("seed \(seed): \(fault)")
            }
        }
    }

    /// What is wrong with the history of `seed`, if anything.
    static func fault(_ seed: UInt64) -> String? {
        let history = RandomHistory(seed: seed)
        let expected = Oracle(rules: history.rules).spans(of: history.observations)
        let spans = Judge.spans(of: history.observations, rules: history.rules)
        if spans != expected { return difference(spans, expected) }
        if let fault = gaps(spans, history) { return fault }
        var random = SeededRandom(seed: seed &* 31)
        if cut(history, &random) != spans { return "cut into parts it is another" }
        var shuffled = history.observations.shuffled(using: &random)
        if let again = shuffled.first { shuffled.append(again) }
        if Judge.spans(of: shuffled, rules: history.rules) != spans {
            return "in another order, with one sent again, it is another"
        }
        return nil
    }

    static func difference(_ spans: [ConditionSpan], _ expected: [ConditionSpan]) -> String {
        let index = zip(spans, expected).prefix { $0 == $1 }.count
        func show(_ spans: [ConditionSpan]) -> String {
            guard index < spans.count else { return "nothing" }
            let span = spans[index]
            let (start, end) = (
                span.range.start.nanoseconds(since: newYear),
                span.range.end.nanoseconds(since: newYear)
            )
            return "\(Double(start) / 1e9)–\(Double(end) / 1e9) \(span.condition) \(span.evidence)"
        }
        return "span \(index) is \(show(spans)), should be \(show(expected))"
    }

    /// Whether the spans leave nothing out and nothing is negative.
    static func gaps(_ spans: [ConditionSpan], _ history: RandomHistory) -> String? {
        let starts = history.observations.map(\.1.range.start)
        let ends = history.observations.map(\.1.range.end)
        guard let start = starts.min(), let end = ends.max() else {
            return spans.isEmpty ? nil : "something of nothing"
        }
        guard spans.first?.range.start == start, spans.last?.range.end == end else {
            return "spans do not reach from the first to the last observation"
        }
        for (left, right) in zip(spans, spans.dropFirst()) {
            if left.range.end != right.range.start { return "a hole or an overlap" }
            if left.condition == right.condition, left.evidence == right.evidence {
                return "two spans that are one"
            }
        }
        return spans.contains { $0.range.nanoseconds <= 0 } ? "an empty span" : nil
    }

    /// The same history drained, written down and read back at random moments.
    static func cut(_ history: RandomHistory, _ random: inout SeededRandom) -> [ConditionSpan] {
        var judge = Judge(rules: history.rules)
        var spans: [ConditionSpan] = []
        for (vantage, observation) in history.observations {
            if random.chance(20) { judge.advance(to: observation.range.start) }
            if random.chance(30) { spans.join(judge.drain()) }
            if random.chance(20) {
                spans.join(judge.drain())
                let bytes = judge.checkpoint
                guard let again = Judge(checkpoint: bytes, rules: history.rules), again == judge
                else { return [] }
                judge = again
            }
            if random.chance(5) { _ = judge.provisional() }
            _ = judge.take(observation, from: vantage, thresholds: .annex2)
        }
        spans.join(judge.drain())
        spans.join(judge.provisional())
        return spans
    }
}
