// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

@testable import Agreements

/// The judging rule written a second time: slow, with the whole history before it, stretch by
/// stretch, and sharing nothing with `Judge` but the reading of one observation.
struct Oracle {
    enum Word: Hashable {
        case good
        case bad(FailureReason)
        case unknown(UnknownCause)

        var rank: Int {
            switch self {
            case .good: 0
            case .bad: 1
            case .unknown: 2
            }
        }
    }

    struct Stretch {
        var start: Int64
        var end: Int64
        var word: Word
        var evidence: Evidence
    }

    struct Seen {
        var look: Look
        var observation: Observation
        var isWhole: Bool
    }

    let rules: JudgingRules
    let thresholds = Thresholds.annex2

    func spans(of observations: [(VantageID, Observation)]) -> [ConditionSpan] {
        let sorted = observations.sorted(by: Judge.precedes)
        let vantages = Set(sorted.map(\.0)).sorted()
        var lanes: [[Stretch]] = []
        var figures: [Told] = []
        for vantage in vantages {
            let seen = look(at: sorted.filter { $0.0 == vantage }.map(\.1))
            let lane = self.lane(seen)
            lanes.append(lane)
            figures += self.figures(seen, vantage, lane)
        }
        figures.sort { ($0.start, $0.vantage) < ($1.start, $1.vantage) }
        let states = confirm(merge(lanes))
        return compose(states, broken(figures, states))
    }

    /// Each observation of one vantage, less what an earlier one has covered.
    private func look(at observations: [Observation]) -> [Seen] {
        var seen: [Seen] = []
        for observation in observations {
            let start = observation.range.start.nanoseconds
            let from = max(start, seen.last?.look.end ?? start)
            guard from < observation.range.end.nanoseconds else { continue }
            seen.append(
                Seen(
                    look: Look(observation, from: from, thresholds.maximumLoss, rules),
                    observation: observation, isWhole: from == start))
        }
        return seen
    }

    // MARK: - One vantage

    private func lane(_ seen: [Seen]) -> [Stretch] {
        var stretches: [Stretch] = []
        var index = 0
        while index < seen.count {
            var run = [seen[index].look]
            index += 1
            while index < seen.count, seen[index].look.start == run[run.count - 1].end {
                run.append(seen[index].look)
                index += 1
            }
            let judged = judge(run: run)
            if let before = stretches.last, let after = judged.first, before.end < after.start,
                let spacing = rules.sampleSpacing, after.start - before.end <= spacing,
                before.evidence == .sampled, after.evidence == .sampled
            {
                bridge(before, after, &stretches)
            }
            stretches += judged
        }
        return stretches
    }

    private func bridge(_ before: Stretch, _ after: Stretch, _ stretches: inout [Stretch]) {
        guard before.word.rank < 2, after.word.rank < 2 else { return }
        let word = before.word.rank == after.word.rank ? before.word : .unknown(.betweenSamples)
        stretches.append(
            Stretch(start: before.end, end: after.start, word: word, evidence: .sampled))
    }

    /// A run of known time: cut where an observation tells nothing, then frame by frame.
    private func judge(run: [Look]) -> [Stretch] {
        var stretches: [Stretch] = []
        var part: [Look] = []
        for look in run {
            guard let cause = look.unknown else {
                part.append(look)
                continue
            }
            stretches += judge(part: part)
            part = []
            stretches.append(
                Stretch(
                    start: look.start, end: look.end, word: .unknown(cause),
                    evidence: look.evidence))
        }
        return stretches + judge(part: part)
    }

    private func judge(part looks: [Look]) -> [Stretch] {
        guard let begin = looks.first, let finish = looks.last else { return [] }
        let part = excused(looks, from: begin.start)
        var words: [(start: Int64, end: Int64, word: Word)] = []
        var from = begin.start
        var fromLook: Look?
        for look in part {
            guard let first = look.first, let last = look.last else { continue }
            words += quiet(from, first, fromLook, look, part)
            if last > first { words.append((first, last, look.isLossy ? .bad(.loss) : .good)) }
            from = last
            fromLook = look
        }
        words += quiet(from, finish.end, fromLook, nil, part)
        // Who watched: of the observation in which what is said came to be known.
        return part.flatMap { look in
            words.compactMap { said -> Stretch? in
                let (start, end) = (max(said.start, look.start), min(said.end, look.end))
                guard start < end else { return nil }
                return Stretch(start: start, end: end, word: said.word, evidence: look.evidence)
            }
        }
    }

    /// The looks, without the loss of those in which a silence ended: it is the silence's.
    private func excused(_ looks: [Look], from start: Int64) -> [Look] {
        var from = start
        return looks.map { look in
            guard let first = look.first, let last = look.last else { return look }
            var look = look
            if first - from >= rules.silence { look.isLossy = false }
            from = last
            return look
        }
    }

    /// From a frame (or, without `before`, the edge) to a frame (or, without `after`, the edge).
    private func quiet(
        _ start: Int64, _ end: Int64, _ before: Look?, _ after: Look?, _ part: [Look]
    ) -> [(start: Int64, end: Int64, word: Word)] {
        guard start < end else { return [] }
        var words: [(start: Int64, end: Int64, word: Word)] = []
        var (from, until) = (start, end)
        var (isEdgeBefore, isEdgeAfter) = (before == nil, after == nil)
        if end - start >= rules.silence {
            if let before, before.hasDrops, before.end > start {
                from = min(before.end, end)
                isEdgeBefore = true
                words.append((start, from, .unknown(.probeDrops)))
            }
            if let after, after.hasDrops, after.start < end {
                until = max(after.start, from)
                isEdgeAfter = true
                words.append((until, end, .unknown(.probeDrops)))
            }
        }
        guard from < until else { return words }
        if until - from >= rules.silence {
            let isFrozen = packetsCame(start, from, end, before, after, part)
            words.append((from, until, .bad(isFrozen ? .frozen : .silence)))
            return words
        }
        for look in part {
            let (start, end) = (max(look.start, from), min(look.end, until))
            guard start < end else { continue }
            let rest: Word = isEdgeBefore && isEdgeAfter ? .unknown(.noEvidence) : .good
            words.append((start, end, look.isLossy ? .bad(.loss) : rest))
        }
        return words
    }

    /// Whether packets came in the silence, as far as is looked: until it is confirmed.
    private func packetsCame(
        _ start: Int64, _ from: Int64, _ end: Int64, _ before: Look?, _ after: Look?, _ part: [Look]
    ) -> Bool {
        for look in part where look.end > start && look.start < end || look.start == before?.start {
            if look.start == after?.start {
                guard let packet = look.firstPacket, packet < end else { continue }
                if packet - start >= rules.frameTail { return true }
            } else {
                let packet = look.lastPacket.map { look.first == nil ? min($0, look.end) : $0 }
                if let packet, packet - start >= rules.frameTail { return true }
            }
            let isSilence = look.end - from >= rules.silence
            if isSilence, look.end - from >= rules.confirm { return false }
        }
        return false
    }

    // MARK: - All vantages

    private func merge(_ lanes: [[Stretch]]) -> [Stretch] {
        let edges = Set(lanes.joined().flatMap { [$0.start, $0.end] }).sorted()
        return zip(edges, edges.dropFirst()).map { start, end in
            var best: Stretch?
            for lane in lanes {
                guard let said = lane.first(where: { $0.start <= start && start < $0.end }) else {
                    continue
                }
                guard let known = best else {
                    best = said
                    continue
                }
                let isBetter =
                    said.word.rank < known.word.rank
                    || said.word.rank == known.word.rank && said.word.rank < 2
                        && said.evidence.rawValue < known.evidence.rawValue
                if isBetter { best = said }
            }
            return Stretch(
                start: start, end: end, word: best?.word ?? .unknown(.notObserved),
                evidence: best?.evidence ?? .observed)
        }
    }

    /// Hysteresis by looking ahead from every change.
    private func confirm(_ stretches: [Stretch]) -> [Stretch] {
        var states = stretches
        var isDown = false
        var reason = FailureReason.silence
        var index = 0
        while index < stretches.count {
            switch stretches[index].word {
            case .unknown: break
            case .bad(let why):
                if !isDown, sum(stretches, from: index, rank: 1) >= rules.confirm { isDown = true }
                if isDown { reason = why }
                states[index].word = isDown ? .bad(why) : .good
            case .good:
                if isDown, sum(stretches, from: index, rank: 0) >= rules.clear { isDown = false }
                states[index].word = isDown ? .bad(reason) : .good
            }
            index += 1
        }
        return states
    }

    private func sum(_ stretches: [Stretch], from index: Int, rank: Int) -> Int64 {
        var sum: Int64 = 0
        for stretch in stretches[index...] where stretch.word.rank < 2 {
            guard stretch.word.rank == rank else { break }
            sum += stretch.end - stretch.start
        }
        return sum
    }
}
