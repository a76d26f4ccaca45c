// SPDX-License-Identifier: Apache-2.0
public import Measurements
public import Registry
public import Timekeeping

/// The state of a camera at an instant: always exactly one.
public enum CameraState: Hashable, Sendable {
    /// Video arrives as agreed.
    case up
    /// Video arrives, and these criteria are broken.
    case degraded(CriterionSet)
    /// Video does not arrive: what counts against the budget.
    case down(Downtime)
    /// Nobody can say.
    case unknown(UnknownCause)
    /// Does not count; the exclusion by its id.
    case excluded(String)
}

/// Why a camera is down, and whose it is.
public struct Downtime: Hashable, Sendable {
    /// What a downtime comes from; both kinds count alike (A2.7.5).
    public enum Cause: Hashable, Sendable {
        /// Something broke.
        case failure(FailureReason)
        /// A planned work covers it; the work by its id.
        case maintenance(String)
    }

    /// What it comes from.
    public var cause: Cause
    /// Who answers for it; nil if the registry does not tell.
    public var responsible: PartyID?

    /// Makes a downtime.
    public init(cause: Cause, responsible: PartyID?) {
        self.cause = cause
        self.responsible = responsible
    }

    /// Whether a planned work covers it.
    public var isMaintenance: Bool {
        if case .maintenance = cause { return true }
        return false
    }
}

/// A stretch in which a camera is in one state.
public struct StateSpan: Hashable, Sendable {
    /// From when to when.
    public var range: TimeRange
    /// The state.
    public var state: CameraState
    /// How it is known.
    public var evidence: Evidence

    /// Makes a span.
    public init(range: TimeRange, state: CameraState, evidence: Evidence = .observed) {
        self.range = range
        self.state = state
        self.evidence = evidence
    }
}

/// Time in each state, ns.
///
/// The six add up to the period exactly; of several cameras, to the period times their number.
/// Of 128 bits: 293 cameras of one year would run over 64.
public struct StateTotals: Hashable, Sendable {
    /// Up.
    public var up: Int128 = 0
    /// Degraded.
    public var degraded: Int128 = 0
    /// Down because something broke.
    public var downFailure: Int128 = 0
    /// Down under a planned work.
    public var downMaintenance: Int128 = 0
    /// Nobody can say.
    public var unknown: Int128 = 0
    /// Does not count.
    public var excluded: Int128 = 0
    /// The part of up, degraded and down that is known from samples.
    public var sampled: Int128 = 0
    /// The part of up, degraded and down that something seen later tells.
    public var inferred: Int128 = 0

    /// Makes totals of no time.
    public init() {}

    /// Failure and maintenance alike: what counts against the budget.
    public var down: Int128 { downFailure + downMaintenance }
    /// Up, degraded and down.
    public var known: Int128 { up + degraded + down }
    /// Everything but what is excluded: what availability is a share of.
    public var counted: Int128 { known + unknown }
    /// All six.
    public var total: Int128 { counted + excluded }

    /// Adds the totals of another camera or of another stretch.
    public mutating func add(_ other: StateTotals) {
        up += other.up
        degraded += other.degraded
        downFailure += other.downFailure
        downMaintenance += other.downMaintenance
        unknown += other.unknown
        excluded += other.excluded
        sampled += other.sampled
        inferred += other.inferred
    }
}
