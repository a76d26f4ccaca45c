// SPDX-License-Identifier: Apache-2.0

/// How long what is kept, in days.
///
/// The journal is never deleted. Nothing is deleted that an uplink has not passed on, however old.
public struct Retention: Hashable, Sendable {
    /// Observations of single intervals: five weeks, so that a month's report can be followed
    /// down to its intervals while the next is made.
    public var observations: Int
    /// Roll-ups of minutes, hours and days: 26 months (¶A2.6.10), two whole years and what a
    /// report looks back from there.
    public var rollups: Int
    /// Conditions, at least `leastForConditions`.
    public var conditions: Int
    /// Records that were put aside: a quarter of a year to look into them (chosen).
    public var quarantine: Int

    /// 26 months of 31 days.
    public static let leastForConditions = 806

    /// Makes a retention; conditions are kept 26 months at least, whatever is asked for.
    public init(
        observations: Int = 35, rollups: Int = 806, conditions: Int = 806, quarantine: Int = 92
    ) {
        self.observations = max(1, observations)
        self.rollups = max(1, rollups)
        self.quarantine = max(1, quarantine)
        self.conditions = max(Retention.leastForConditions, conditions)
    }
}

/// What pruning did.
public struct Pruning: Hashable, Sendable {
    /// Blocks of observations deleted.
    public var observationBlocks = 0
    /// Blocks of roll-ups deleted.
    public var rollupBlocks = 0
    /// Spans of conditions deleted.
    public var conditions = 0
    /// Checkpoints of judges deleted.
    public var checkpoints = 0
    /// Records deleted that were put aside.
    public var quarantined = 0
    /// Blocks that are old enough and wait for an uplink.
    public var waiting = 0
    /// Pages given back to the disk.
    public var pages = 0
}
