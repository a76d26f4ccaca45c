// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry

/// What the figures of a camera as a whole say of the criteria.
///
/// A camera that was up for less time than a breach takes to be confirmed is never in breach by
/// the account, however far beyond the limits it is: then this decides.
struct BriefLook: Equatable {
    /// The criteria that the figures break.
    var broken: CriterionSet = []
    /// Those of which the figures cannot tell, since the error could tip them either way.
    var doubtful: CriterionSet = []
}

extension Statement.QualityFigures {
    /// Holds the figures against the limits, as the windows of the account are held.
    ///
    /// Rates are over `upTime`, the time in which the camera was up, ns; what was not measured is
    /// neither broken nor in doubt. With packets of the probe's own lost, what was seen is less
    /// than what there was: what holds in spite of that holds, what fails is in doubt.
    func look(_ limits: Thresholds, upTime: Int64, _ rules: JudgingRules) -> BriefLook {
        var look = BriefLook()
        func note(_ criterion: CriterionSet, isBroken: Bool, isDoubtful: Bool = false) {
            if isDoubtful {
                look.doubtful.insert(criterion)
            } else if isBroken {
                look.broken.insert(criterion)
            }
        }
        if let picture {
            let sides = (
                long: max(picture.width, picture.height), short: min(picture.width, picture.height)
            )
            let least = (
                long: max(limits.minimumWidth, limits.minimumHeight),
                short: min(limits.minimumWidth, limits.minimumHeight)
            )
            note(.resolution, isBroken: sides.long < least.long || sides.short < least.short)
        }
        func isBelow(_ seen: Int128, _ limit: Int64) -> Bool {
            seen * 1_000_000 < Int128(limit) * Int128(upTime)
                * Int128(1_000_000 - rules.meanTolerance)
        }
        if octets > 0 {
            let isLow = isBelow(Int128(octets) * 8_000_000_000, limits.minimumBitrate)
            note(.bitrate, isBroken: isLow, isDoubtful: isLow && hasProbeDrops)
        }
        if frames > 0 {
            let isLow = isBelow(
                Int128(frames + 1) * 1_000_000_000_000, Int64(limits.minimumFrameRate))
            note(.frameRate, isBroken: isLow, isDoubtful: isLow && hasProbeDrops)
        }
        if expected > 0 {
            let isHigh =
                Int128(lost) * 1_000_000 > Int128(limits.maximumLoss) * Int128(expected)
            note(.loss, isBroken: isHigh, isDoubtful: isHigh && hasProbeDrops)
        }
        if let clock {
            let ends = [(clock.least, clock.leastDoubt), (clock.greatest, clock.greatestDoubt)]
                .map { (abs(Int128($0.0)), Int128($0.1)) }
            let limit = Int128(limits.maximumClockOffset)
            let isOff = ends.contains { $0.0 - $0.1 > limit }
            note(
                .clockOffset, isBroken: isOff,
                isDoubtful: !isOff && ends.contains { $0.0 + $0.1 > limit })
        }
        return look
    }
}
