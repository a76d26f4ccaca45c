// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements

/// What a table is sorted by.
enum StreamSort: String, CaseIterable, Sendable {
    /// Broken first, then near, unsure and met; among the broken, most criteria first.
    case worst
    /// Most loss first.
    case loss
    /// Least bit rate first.
    case bitrate
    /// Least frame rate first.
    case fps
    /// Most jitter first.
    case jitter
    case name

    /// The next in turn.
    var next: StreamSort {
        let all = StreamSort.allCases
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }
}

/// Counts and extremes over all streams of an answer.
struct StreamTally: Equatable, Sendable {
    /// Video streams by state.
    private(set) var states: [StreamVerdict.State: Int] = [:]
    private(set) var video = 0
    private(set) var audio = 0
    private(set) var other = 0
    /// Video streams of which something is undecidable through the probe's own drops.
    private(set) var blinded = 0
    /// Sum over all streams.
    private(set) var bitrate = 0.0
    /// Sum over those that are not video.
    private(set) var notVideoBitrate = 0.0
    private(set) var greatestLoss: Double?
    private(set) var leastBitrate: Double?
    private(set) var leastFrameRate: Double?
    /// Either way, ms.
    private(set) var greatestClockOffset: Double?

    /// All streams.
    var count: Int { video + audio + other }

    /// Video streams in `state`.
    subscript(state: StreamVerdict.State) -> Int { states[state] ?? 0 }

    mutating func add(_ figures: StreamFigures, _ verdict: StreamVerdict) {
        let rate = figures.bitrate ?? 0
        bitrate += rate
        switch figures.report.medium.kind {
        case .video: video += 1
        case .audio: audio += 1
        case .other: other += 1
        }
        guard figures.report.medium.kind == .video else {
            notVideoBitrate += rate
            return
        }
        states[verdict.state, default: 0] += 1
        if verdict.isBlinded { blinded += 1 }
        greatestLoss = [greatestLoss, figures.lossRatio].compactMap(\.self).max()
        leastBitrate = [leastBitrate, figures.bitrate].compactMap(\.self).min()
        leastFrameRate = [leastFrameRate, figures.frameRate].compactMap(\.self).min()
        greatestClockOffset = [greatestClockOffset, figures.clockOffset.map { abs($0) }]
            .compactMap(\.self).max()
    }
}

/// The order of a table's rows, and what only a look at every stream tells.
///
/// It keeps a few words a stream, never the reports, so that a table of 50,000 streams needs no
/// more memory than their sort keys: the reports are asked for once to rank and once to print.
struct StreamRanking: Sendable {
    /// Indices of video streams in order, then of audio, then of others.
    private(set) var order: [Int] = []
    /// How many of `order` are video.
    var videoCount: Int { tally.video }
    private(set) var tally = StreamTally()
    /// Columns of the longest name.
    private(set) var longestName = 0

    private struct Key {
        var index: Int
        /// Video, audio, other.
        var kind: UInt8
        var first: Double
        var second: Double
        var name: String
    }

    init(
        _ reports: some RandomAccessCollection<StreamReport>, sort: StreamSort,
        criteria: Criteria
    ) {
        var keys: [Key] = []
        keys.reserveCapacity(reports.count)
        for (index, report) in reports.enumerated() {
            let figures = StreamFigures(report)
            let verdict = StreamVerdict(figures, by: criteria)
            tally.add(figures, verdict)
            let name = StreamName.of(report)
            longestName = max(longestName, PrintableText.width(name))
            let (first, second) = StreamRanking.rank(figures, verdict, sort)
            keys.append(
                Key(
                    index: index, kind: StreamRanking.rank(report.medium.kind), first: first,
                    second: second, name: sort == .name ? name : ""))
        }
        keys.sort { left, right in
            if left.kind != right.kind { return left.kind < right.kind }
            if left.first != right.first { return left.first < right.first }
            if left.second != right.second { return left.second < right.second }
            if left.name != right.name { return StreamName.precedes(left.name, right.name) }
            return left.index < right.index
        }
        order = keys.map(\.index)
    }

    private static func rank(_ kind: MediaKind) -> UInt8 {
        switch kind {
        case .video: 0
        case .audio: 1
        case .other: 2
        }
    }

    /// Two numbers, the least of which comes first; unknown comes last.
    private static func rank(
        _ figures: StreamFigures, _ verdict: StreamVerdict, _ sort: StreamSort
    ) -> (Double, Double) {
        let unknown = Double.greatestFiniteMagnitude
        switch sort {
        case .worst:
            let states: [StreamVerdict.State] = [.broken, .near, .undecidable, .met, .notJudged]
            let state = states.firstIndex(of: verdict.state) ?? states.count
            let share = Double(verdict.brokenCount) / Double(Criterion.ofStreams.count + 1)
            return (Double(state) - share, -(figures.lossRatio ?? 0))
        case .loss: return (figures.lossRatio.map { -$0 } ?? unknown, 0)
        case .bitrate: return (figures.bitrate ?? unknown, 0)
        case .fps: return (figures.frameRate ?? unknown, 0)
        case .jitter: return (figures.jitterMean.map { -$0 } ?? unknown, 0)
        case .name: return (0, 0)
        }
    }
}
