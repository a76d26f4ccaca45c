// SPDX-License-Identifier: Apache-2.0
import Measurements

/// The roll-ups of one hour, made from the observations of a block.
struct HourRollups {
    /// Hours since the epoch.
    let hour: Int64
    /// The whole hour; nil if nothing begins in it.
    private(set) var whole: Rollup?
    /// Its minutes, those in which something begins; only where they were asked for.
    private(set) var minutes: [Rollup] = []
    /// Observations left out because they overlap the one before: they would count time twice.
    private(set) var overlapping = 0

    /// What is made of the observations.
    enum Making { case whole, minutes }

    /// Makes the roll-ups of the hours of `block` for which `isWanted` says so.
    static func make(
        _ making: Making, of block: ObservationBlock, where isWanted: (Int64) -> Bool
    ) throws(PackingFault) -> [HourRollups] {
        var made: [HourRollups] = []
        var end: Int64 = .min
        var lastMinute: Int64 = .min
        for (place, row) in block.rows.enumerated() {
            let hour = ObservationBlock.hour(of: row.start)
            guard isWanted(hour) else { continue }
            if made.last?.hour != hour {
                made.append(HourRollups(hour: hour))
                (end, lastMinute) = (.min, .min)
            }
            guard row.start >= end else {
                made[made.count - 1].overlapping += 1
                continue
            }
            end = row.end
            let minute = RollupStore.floor(row.start, RollupStore.minuteNanoseconds)
            try made[made.count - 1].add(
                row.observation(), maximumLoss: Int(clamping: block.maximumLosses[place]),
                making, opensMinute: minute != lastMinute)
            lastMinute = minute
        }
        return made
    }

    private init(hour: Int64) { self.hour = hour }

    private mutating func add(
        _ observation: Observation, maximumLoss: Int, _ making: Making, opensMinute: Bool
    ) {
        switch making {
        case .whole:
            if whole == nil {
                whole = Rollup(observation, maximumLoss: maximumLoss)
            } else {
                whole?.add(observation, maximumLoss: maximumLoss)
            }
        case .minutes:
            if opensMinute {
                minutes.append(Rollup(observation, maximumLoss: maximumLoss))
            } else {
                minutes[minutes.count - 1].add(observation, maximumLoss: maximumLoss)
            }
        }
    }
}
