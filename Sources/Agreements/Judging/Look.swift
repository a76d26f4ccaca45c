// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

/// What of one observation the arrival of video is judged by.
struct Look: Sendable {
    var start: Int64
    var end: Int64
    /// First and last proof that video arrives; nil if there is none.
    ///
    /// Frames, or packets where frames cannot be seen.
    var first: Int64?
    var last: Int64?
    /// First and last packet, if a frame could have been seen and so its absence tells something.
    var firstPacket: Int64?
    var lastPacket: Int64?
    /// Why nothing can be said of the whole.
    var unknown: UnknownCause?
    /// Whether more was lost than agreed.
    var isLossy: Bool
    /// Whether the probe lost packets of its own.
    var hasDrops: Bool
    var evidence: Evidence

    /// Reads an observation; `from` is not before its start: what lies before is not looked at.
    init(_ observation: borrowing Observation, from: Int64, _ limit: Int, _ rules: JudgingRules) {
        // Field by field: a copy of the measurement costs more than all of this.
        start = from
        end = observation.measurement.range.end.nanoseconds
        let seesFrames = observation.showsFrames
        let begin =
            seesFrames
            ? observation.measurement.frames.firstArrival : observation.measurement.firstPacket
        let finish =
            seesFrames
            ? observation.measurement.frames.lastArrival : observation.measurement.lastPacket
        if let begin, let finish, finish.nanoseconds >= from {
            // Captures interleave a little out of order: what was stamped before the interval
            // that it was counted in counts from the interval's start.
            let held = min(max(begin.nanoseconds, from), end)
            first = held
            last = min(max(finish.nanoseconds, held), end)
        }
        if seesFrames {
            firstPacket = observation.measurement.firstPacket.map { max($0.nanoseconds, from) }
            lastPacket = observation.measurement.lastPacket?.nanoseconds
        }
        hasDrops = observation.measurement.trust.probeDrops ?? 0 > 0
        evidence = observation.evidence
        let loss = LossCount(
            lost: observation.measurement.packets.lost,
            expected: observation.measurement.packets.expected)
        isLossy = loss.lost > 0 && loss.isAbove(partsPerMillion: limit)
        if observation.isReleased {
            unknown = .released
        } else if isLossy, hasDrops {
            unknown = .probeDrops
        } else if hasDrops, first == nil {
            unknown = .probeDrops
        } else if isLossy, observation.measurement.range.nanoseconds > rules.interval {
            // Merged: which of its intervals lost is not kept.
            unknown = .noEvidence
        } else if seesFrames, let first, let last, last - first >= rules.silence,
            observation.measurement.frames.largestGapNanoseconds >= rules.silence
        {
            // The gap may lie before the first frame or anywhere after.
            unknown = .noEvidence
        }
    }
}
