// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The picture stood still: between two frames more time passed than anybody would overlook, and
/// less than makes an outage (A2.7.2).
public struct Stall: Hashable, Sendable {
    /// The time between the two frames, ns.
    public var nanoseconds: Int64
    /// The observation in which the later frame came.
    public var range: TimeRange

    /// From here on a gap is a stall, ns: a second, as for a TCP stream that stalls (chosen).
    public static let least: Int64 = 1_000_000_000
    /// From here on it is none but an outage (`docs/decisions/0006-when-down.md`), ns.
    public static let outage: Int64 = 30_000_000_000

    /// Makes a stall.
    public init(nanoseconds: Int64, range: TimeRange) {
        self.nanoseconds = nanoseconds
        self.range = range
    }

    /// The longest stall that ended in an observation; nil if there was none, or if it may be the
    /// probe's own loss.
    public init?(_ observation: Observation) {
        let measurement = observation.measurement
        let gap = measurement.frames.largestGapNanoseconds
        guard Stall.least <= gap, gap < Stall.outage, measurement.trust.probeDrops ?? 0 == 0
        else { return nil }
        self.init(nanoseconds: gap, range: measurement.range)
    }
}
