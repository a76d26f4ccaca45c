// SPDX-License-Identifier: Apache-2.0
import Measurements

/// Criteria over windows: what is judged is time that somebody watched and in which the camera was
/// not down.
struct Windows: Hashable, Sendable {
    /// A window in progress, or the memory of one for the next.
    struct Open: Hashable, Sendable {
        var isOpen = false
        /// The window's place in the grid; zeros while none is open.
        var start: Int64 = 0
        var end: Int64 = 0
        /// The judged time in it, joined where it touches.
        var stretches = Line<CriterionConfirmation.Stretch>()
        var sums: [MeanSum] = []
        var resolution = Figure.Finding.none
        var clock = Figure.Finding.none
    }

    /// A sample's findings, in the order of `confirmations`, and where it ended.
    struct Sample: Hashable, Sendable {
        var end: Int64
        var findings: [Figure.Finding]
    }

    /// In the order of `Criterion.degrading`.
    var confirmations = [CriterionConfirmation](
        repeating: CriterionConfirmation(), count: Criterion.degrading.count)
    /// The window of one interval, for resolution and clock.
    var short = Open()
    /// The window of means, for bit rate and frame rate.
    var long = Open()
    /// The last sample: between two that agree, what both show is taken to hold.
    var sample: Sample?

    private static let resolution = 0
    private static let bitrate = 1
    private static let frameRate = 2
    private static let clock = 3

    /// The first instant of which not all is settled, or nil.
    var unsettled: Int64? {
        var first = Int64.max
        if let start = short.stretches.first?.start { first = min(first, start) }
        if let start = long.stretches.first?.start { first = min(first, start) }
        for index in confirmations.indices {
            first = min(first, confirmations[index].pendingStart)
        }
        return first == .max ? nil : first
    }

    /// Whether any criterion has a settled breach that is not yet told.
    var isAnythingBroken: Bool {
        for index in confirmations.indices where !confirmations[index].broken.isEmpty {
            return true
        }
        return false
    }

    /// Takes the figures of an observation in all of which the camera was up; `isBridged` says
    /// that it was, by sample, ever since the last sample too.
    mutating func take(
        _ figure: Figure, from vantage: VantageID, isBridged: Bool, _ rules: JudgingRules
    ) {
        if figure.isSampled {
            takeSample(figure, vantage, isBridged: isBridged, rules)
            return
        }
        sample = nil
        let interval = floored(figure.start, rules.interval)
        if figure.end > interval + rules.interval {
            takeAlone(figure, vantage, rules)
        } else {
            if short.start != interval { closeShort(rules) }
            short.open(interval, rules.interval)
            short.note(figure)
            let window = floored(figure.start, rules.meanWindow)
            if figure.end > window + rules.meanWindow {
                closeLong(rules)
                tellMeans(figure, vantage, rules)
            } else {
                if long.start != window { closeLong(rules) }
                long.open(window, rules.meanWindow)
                long.add(figure, vantage)
            }
        }
    }

    /// Closes the windows to which nothing that begins at or after `instant` belongs.
    mutating func advance(to instant: Int64, _ rules: JudgingRules) {
        if short.isOpen, short.end <= instant { closeShort(rules) }
        if long.isOpen, long.end <= instant { closeLong(rules) }
        if let unsettled, instant - unsettled >= rules.patience {
            let first = min(
                short.stretches.first?.start ?? .max, long.stretches.first?.start ?? .max, instant)
            for index in confirmations.indices { confirmations[index].expire(before: first, rules) }
        }
    }

    /// Drops what matters only before `instant`: two judges that will say the same are equal.
    mutating func forget(before instant: Int64) {
        for index in confirmations.indices { confirmations[index].forget(before: instant) }
        if let end = sample?.end, end < instant { sample = nil }
    }

    /// Settles all, as if nothing were to come.
    mutating func finish(_ rules: JudgingRules) {
        closeShort(rules)
        closeLong(rules)
        for index in confirmations.indices { confirmations[index].refuse() }
    }

    /// An observation that no window of the grid holds is a window of its own.
    private mutating func takeAlone(
        _ figure: Figure, _ vantage: VantageID, _ rules: JudgingRules
    ) {
        closeShort(rules)
        closeLong(rules)
        tell(Self.resolution, figure.resolution, figure.start, figure.end, rules)
        tell(Self.clock, figure.clock, figure.start, figure.end, rules)
        tellMeans(figure, vantage, rules)
    }

    private mutating func tellMeans(
        _ figure: Figure, _ vantage: VantageID, _ rules: JudgingRules
    ) {
        var sum = MeanSum(vantage, figure)
        sum.add(figure)
        tell(Self.bitrate, sum.bitrate(rules), figure.start, figure.end, rules)
        tell(Self.frameRate, sum.frameRate(rules), figure.start, figure.end, rules)
    }

    private mutating func takeSample(
        _ figure: Figure, _ vantage: VantageID, isBridged: Bool, _ rules: JudgingRules
    ) {
        closeShort(rules)
        closeLong(rules)
        var sum = MeanSum(vantage, figure)
        sum.add(figure)
        let findings = [
            figure.resolution, sum.bitrate(rules), sum.frameRate(rules), figure.clock,
        ]
        for (index, finding) in findings.enumerated() {
            if isBridged, let sample, sample.findings[index] == finding {
                tell(index, finding, sample.end, figure.start, rules)
            }
            tell(index, finding, figure.start, figure.end, rules)
        }
        sample = Sample(end: figure.end, findings: findings)
    }

    private mutating func closeShort(_ rules: JudgingRules) {
        guard short.isOpen else { return }
        while let stretch = short.stretches.first {
            short.stretches.removeFirst()
            tell(Self.resolution, short.resolution, stretch.start, stretch.end, rules)
            tell(Self.clock, short.clock, stretch.start, stretch.end, rules)
        }
        short.close()
    }

    private mutating func closeLong(_ rules: JudgingRules) {
        guard long.isOpen else { return }
        var (bitrate, frameRate) = (Figure.Finding.none, Figure.Finding.none)
        for index in long.sums.indices
        where long.sums[index].nanoseconds * 2 >= rules.meanWindow {
            bitrate = better(bitrate, long.sums[index].bitrate(rules))
            frameRate = better(frameRate, long.sums[index].frameRate(rules))
        }
        while let stretch = long.stretches.first {
            long.stretches.removeFirst()
            tell(Self.bitrate, bitrate, stretch.start, stretch.end, rules)
            tell(Self.frameRate, frameRate, stretch.start, stretch.end, rules)
        }
        long.close()
    }

    private mutating func tell(
        _ index: Int, _ finding: Figure.Finding, _ start: Int64, _ end: Int64,
        _ rules: JudgingRules
    ) {
        guard finding != .none else { return }
        confirmations[index].take(start, end, isBad: finding == .bad, rules)
    }
}

extension Windows.Open {
    fileprivate mutating func open(_ start: Int64, _ length: Int64) {
        isOpen = true
        self.start = start
        end = start + length
    }

    fileprivate mutating func close() {
        isOpen = false
        start = 0
        end = 0
        stretches.removeAll()
        sums.removeAll(keepingCapacity: true)
        resolution = .none
        clock = .none
    }

    fileprivate mutating func note(_ figure: Figure) {
        resolution = better(resolution, figure.resolution)
        clock = better(clock, figure.clock)
        cover(figure)
    }

    fileprivate mutating func add(_ figure: Figure, _ vantage: VantageID) {
        cover(figure)
        for index in sums.indices where sums[index].vantage == vantage {
            sums[index].add(figure)
            return
        }
        var sum = MeanSum(vantage, figure)
        sum.add(figure)
        sums.append(sum)
    }

    private mutating func cover(_ figure: Figure) {
        if var last = stretches.last, figure.start <= last.end {
            last.end = max(last.end, figure.end)
            stretches.last = last
        } else {
            stretches.append(
                CriterionConfirmation.Stretch(start: figure.start, end: figure.end))
        }
    }
}

/// Of two vantages the better: good, then bad, then not judged.
private func better(_ left: Figure.Finding, _ right: Figure.Finding) -> Figure.Finding {
    left.rawValue <= right.rawValue ? left : right
}

/// The start of the stretch of `length` of the UTC grid that `instant` (not negative) lies in.
private func floored(_ instant: Int64, _ length: Int64) -> Int64 { instant - instant % length }
