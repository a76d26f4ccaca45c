// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

@testable import Agreements

extension Oracle {
    /// The figures of an observation, and whose they are.
    @dynamicMemberLookup struct Told {
        var figure: Figure
        var vantage: VantageID

        subscript<Value>(dynamicMember path: KeyPath<Figure, Value>) -> Value {
            figure[keyPath: path]
        }
    }

    typealias Piece = (start: Int64, end: Int64, isBad: Bool)

    func figures(_ seen: [Seen], _ vantage: VantageID, _ lane: [Stretch]) -> [Told] {
        var figures: [Told] = []
        for (index, one) in seen.enumerated() where one.isWhole && one.look.unknown != .noEvidence {
            // The last picture told, since nobody watched, nothing was known, or nothing came.
            var picture: PictureSize?
            for back in (0...index).reversed() {
                if seen[back].isWhole, let told = seen[back].observation.picture,
                    back == index || seen[back].look.unknown != .noEvidence
                {
                    picture = told
                    break
                }
                if seen[back].look.unknown != nil { break }
                if back > 0, seen[back - 1].look.end != seen[back].look.start { break }
                if hasSilence(seen, upTo: back) { break }
            }
            if let told = one.observation.picture { picture = told }
            figures.append(
                Told(
                    figure: Figure(one.observation, picture: picture, thresholds),
                    vantage: vantage))
        }
        return figures
    }

    /// Whether a silence ended in the observation at `index`.
    private func hasSilence(_ seen: [Seen], upTo index: Int) -> Bool {
        guard let first = seen[index].look.first else {
            return false
        }
        var from = seen[index].look.start
        for back in (0..<index).reversed() {
            guard seen[back].look.end == seen[back + 1].look.start, seen[back].look.unknown == nil
            else { break }
            if let last = seen[back].look.last {
                from = last
                break
            }
            from = seen[back].look.start
        }
        return first - from >= rules.silence
    }

    // MARK: - Windows

    func broken(_ figures: [Told], _ states: [Stretch]) -> [[(start: Int64, end: Int64)]] {
        let good = figures.filter { isUp(states, $0.start, $0.end) }
        var pieces = [[Piece]](repeating: [], count: 4)
        func tell(_ index: Int, _ finding: Figure.Finding, _ start: Int64, _ end: Int64) {
            guard finding != .none else { return }
            let start = max(start, pieces[index].last?.end ?? start)
            if start < end { pieces[index].append((start, end, finding == .bad)) }
        }
        func close(_ group: [Told], short: Bool) {
            for range in union(group) {
                if short {
                    tell(0, best(group.map(\.figure.resolution)), range.start, range.end)
                    tell(3, best(group.map(\.figure.clock)), range.start, range.end)
                } else {
                    let (rate, frames) = means(group, half: true)
                    tell(1, rate, range.start, range.end)
                    tell(2, frames, range.start, range.end)
                }
            }
        }
        var short: [Told] = []
        var long: [Told] = []
        var sample: (figure: Told, findings: [Figure.Finding])?
        for figure in good {
            let interval = figure.start / rules.interval * rules.interval
            let window = figure.start / rules.meanWindow * rules.meanWindow
            let isAlone = figure.end > interval + rules.interval || figure.isSampled
            let isAloneInMeans = isAlone || figure.end > window + rules.meanWindow
            if isAlone || short.first.map({ $0.start < interval }) ?? false {
                close(short, short: true)
                short = []
            }
            if isAloneInMeans || long.first.map({ $0.start < window }) ?? false {
                close(long, short: false)
                long = []
            }
            let (rate, frames) = means([figure], half: false)
            let findings = [figure.resolution, rate, frames, figure.clock]
            if figure.isSampled, let before = sample, isBridged(before.figure, figure, states) {
                for index in 0..<4 where findings[index] == before.findings[index] {
                    tell(index, findings[index], before.figure.end, figure.start)
                }
            }
            sample = figure.isSampled ? (figure, findings) : nil
            if isAlone {
                for index in [0, 3] { tell(index, findings[index], figure.start, figure.end) }
            } else {
                short.append(figure)
            }
            if isAloneInMeans {
                for index in [1, 2] { tell(index, findings[index], figure.start, figure.end) }
            } else {
                long.append(figure)
            }
        }
        close(short, short: true)
        close(long, short: false)
        return pieces.map(confirm)
    }

    /// Whether the camera was up, by samples, from the one to the other.
    private func isBridged(_ before: Told, _ after: Told, _ states: [Stretch]) -> Bool {
        guard let spacing = rules.sampleSpacing else { return false }
        return after.start - before.end <= spacing && isUp(states, before.end, after.start)
    }

    private func means(_ group: [Told], half: Bool) -> (Figure.Finding, Figure.Finding) {
        var rates: [Figure.Finding] = []
        var frames: [Figure.Finding] = []
        for vantage in Set(group.map(\.vantage)) {
            let mine = group.filter { $0.vantage == vantage }
            let time = mine.reduce(0) { $0 + $1.end - $1.start }
            if half, time * 2 < rules.meanWindow { continue }
            let hasDrops = mine.contains(where: \.figure.hasDrops)
            let seconds = Double(time) / 1e9
            let share = 1 - Double(rules.meanTolerance) / 1e6
            let bits = Double(mine.reduce(0) { $0 + $1.octets }) * 8
            let isFast = bits >= Double(thresholds.minimumBitrate) * share * seconds
            rates.append(isFast ? .good : hasDrops ? .none : .bad)
            guard mine.allSatisfy(\.figure.showsFrames) else { continue }
            let count = Double(mine.reduce(0) { $0 + $1.frames } + 1)
            let isOften = count * 1000 >= Double(thresholds.minimumFrameRate) * share * seconds
            frames.append(isOften ? .good : hasDrops ? .none : .bad)
        }
        return (best(rates), best(frames))
    }

    private func best(_ findings: [Figure.Finding]) -> Figure.Finding {
        findings.min { $0.rawValue < $1.rawValue } ?? .none
    }

    private func union(_ figures: [Told]) -> [(start: Int64, end: Int64)] {
        var ranges: [(start: Int64, end: Int64)] = []
        for figure in figures {
            if let last = ranges.last, figure.start <= last.end {
                ranges[ranges.count - 1].end = max(last.end, figure.end)
            } else {
                ranges.append((figure.start, figure.end))
            }
        }
        return ranges
    }

    private func isUp(_ states: [Stretch], _ start: Int64, _ end: Int64) -> Bool {
        states.allSatisfy { $0.end <= start || $0.start >= end || $0.word == .good }
    }

    /// Hysteresis over judged time; what waits longer than `patience` is not confirmed.
    private func confirm(_ pieces: [Piece]) -> [(start: Int64, end: Int64)] {
        var broken: [(start: Int64, end: Int64)] = []
        var isBroken = false
        var index = 0
        while index < pieces.count {
            if pieces[index].isBad == isBroken {
                if isBroken { broken.append((pieces[index].start, pieces[index].end)) }
                index += 1
                continue
            }
            var end = index
            var sum: Int64 = 0
            while end < pieces.count, pieces[end].isBad != isBroken,
                pieces[end].start - pieces[index].start < rules.patience,
                sum < (isBroken ? rules.clear : rules.confirm)
            {
                sum += pieces[end].end - pieces[end].start
                end += 1
            }
            if sum >= (isBroken ? rules.clear : rules.confirm) { isBroken.toggle() }
            if isBroken { broken += pieces[index..<end].map { ($0.start, $0.end) } }
            index = end
        }
        return broken
    }

    // MARK: - Together

    func compose(
        _ states: [Stretch], _ broken: [[(start: Int64, end: Int64)]]
    ) -> [ConditionSpan] {
        let edges = Set(
            states.flatMap { [$0.start, $0.end] } + broken.joined().flatMap { [$0.start, $0.end] }
        ).sorted()
        var spans: [ConditionSpan] = []
        var place = 0
        for (start, end) in zip(edges, edges.dropFirst()) {
            while place < states.count, states[place].end <= start { place += 1 }
            guard place < states.count, states[place].start <= start else { continue }
            let state = states[place]
            var condition: Condition
            switch state.word {
            case .good:
                var set = CriterionSet()
                for (index, criterion) in Criterion.degrading.enumerated()
                where broken[index].contains(where: { $0.start <= start && start < $0.end }) {
                    set.insert(CriterionSet(criterion))
                }
                condition = set.isEmpty ? .up : .degraded(set)
            case .bad(let reason): condition = .down(reason)
            case .unknown(let cause): condition = .unknown(cause)
            }
            if let last = spans.last, last.condition == condition,
                last.evidence == state.evidence, last.range.end.nanoseconds == start
            {
                spans[spans.count - 1].range = TimeRange(
                    start: last.range.start, nanoseconds: end - last.range.start.nanoseconds)
            } else {
                spans.append(
                    ConditionSpan(
                        range: TimeRange(
                            start: Instant(nanoseconds: start), nanoseconds: end - start),
                        condition: condition, evidence: state.evidence))
            }
        }
        return spans
    }
}
