// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

/// What of one observation the criteria are judged by.
struct Figure: Hashable, Sendable {
    /// Good, bad, or not judged: better comes first.
    enum Finding: UInt8, Hashable, Sendable {
        case good = 0
        case bad = 1
        case none = 2
    }

    var start: Int64
    var end: Int64
    var octets: UInt64
    var frames: UInt64
    var hasDrops: Bool
    var showsFrames: Bool
    var isSampled: Bool
    var resolution: Finding
    var clock: Finding
    /// Bit/s and millihertz: the limits in force when the observation began.
    var minimumBitrate: Int64
    var minimumFrameRate: Int64

    init(
        _ observation: borrowing Observation, picture: PictureSize?, _ thresholds: Thresholds
    ) {
        start = observation.measurement.range.start.nanoseconds
        end = observation.measurement.range.end.nanoseconds
        octets = observation.measurement.octets.ip
        frames = observation.measurement.frames.count
        hasDrops = observation.measurement.trust.probeDrops ?? 0 > 0
        showsFrames = observation.showsFrames
        isSampled = observation.evidence == .sampled
        minimumBitrate = thresholds.minimumBitrate
        minimumFrameRate = Int64(thresholds.minimumFrameRate)
        if let picture {
            let (width, height) = (thresholds.minimumWidth, thresholds.minimumHeight)
            resolution =
                Int(picture.longSide) >= max(width, height)
                    && Int(picture.shortSide) >= min(width, height) ? .good : .bad
        } else {
            resolution = .none
        }
        clock = .none
        if let reading = observation.clock {
            let offset = reading.offsetNanoseconds.magnitude
            let doubt = UInt64(max(0, reading.uncertaintyNanoseconds))
            let limit = UInt64(max(0, thresholds.maximumClockOffset))
            // Offsets are at most half the range of the type: no sum runs over.
            if offset > doubt, offset - doubt > limit {
                clock = .bad
            } else if offset + doubt <= limit {
                clock = .good
            }
        }
    }
}

/// The sums of one vantage over one window.
struct MeanSum: Hashable, Sendable {
    var vantage: VantageID
    var nanoseconds: Int64 = 0
    var octets: UInt64 = 0
    var frames: UInt64 = 0
    var hasDrops = false
    var showsFrames = true
    var minimumBitrate: Int64
    var minimumFrameRate: Int64

    init(_ vantage: VantageID, _ figure: Figure) {
        self.vantage = vantage
        minimumBitrate = figure.minimumBitrate
        minimumFrameRate = figure.minimumFrameRate
    }

    mutating func add(_ figure: Figure) {
        nanoseconds += figure.end - figure.start
        octets = saturatingSum(octets, figure.octets)
        frames = saturatingSum(frames, figure.frames)
        hasDrops = hasDrops || figure.hasDrops
        showsFrames = showsFrames && figure.showsFrames
    }

    /// Octets × 8 over the time, against the limit less the tolerance.
    func bitrate(_ rules: JudgingRules) -> Figure.Finding {
        let seen = UInt128(octets) * 8_000_000_000
        return finding(seen, UInt64(max(0, minimumBitrate)), rules)
    }

    /// Frames and one more over the time, against the limit less the tolerance.
    ///
    /// A window of T seconds at exactly f frames/s holds ⌊f·T⌋ or ⌈f·T⌉ frames, as it happens to
    /// lie.
    func frameRate(_ rules: JudgingRules) -> Figure.Finding {
        guard showsFrames else { return .none }
        let seen = (UInt128(frames) + 1) * 1_000_000_000_000
        return finding(seen, UInt64(max(0, minimumFrameRate)), rules)
    }

    private func finding(_ seen: UInt128, _ limit: UInt64, _ rules: JudgingRules) -> Figure.Finding
    {
        let asked =
            UInt128(limit) * UInt128(nanoseconds.magnitude)
            * UInt128(UInt64(1_000_000 - rules.meanTolerance))
        if seen * 1_000_000 >= asked { return .good }
        // With packets of the probe's own lost, what was seen is less than what there was.
        return hasDrops ? .none : .bad
    }
}

func saturatingSum(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}
