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
public struct StateTotals: Hashable, Sendable {
    /// Up.
    public var up: Int64 = 0
    /// Degraded.
    public var degraded: Int64 = 0
    /// Down because something broke.
    public var downFailure: Int64 = 0
    /// Down under a planned work.
    public var downMaintenance: Int64 = 0
    /// Nobody can say.
    public var unknown: Int64 = 0
    /// Does not count.
    public var excluded: Int64 = 0
    /// The part of up, degraded and down that is known from samples.
    public var sampled: Int64 = 0
    /// The part of up, degraded and down that something seen later tells.
    public var inferred: Int64 = 0

    /// Makes totals of no time.
    public init() {}

    /// Failure and maintenance alike: what counts against the budget.
    public var down: Int64 { downFailure + downMaintenance }
    /// Up, degraded and down.
    public var known: Int64 { up + degraded + down }
    /// Everything but what is excluded: what availability is a share of.
    public var counted: Int64 { known + unknown }
    /// All six.
    public var total: Int64 { counted + excluded }

    /// Adds a stretch in `state`.
    public mutating func add(_ nanoseconds: Int64, _ state: CameraState, _ evidence: Evidence) {
        var isKnown = true
        switch state {
        case .up: up += nanoseconds
        case .degraded: degraded += nanoseconds
        case .down(let downtime):
            if downtime.isMaintenance {
                downMaintenance += nanoseconds
            } else {
                downFailure += nanoseconds
            }
        case .unknown:
            unknown += nanoseconds
            isKnown = false
        case .excluded:
            excluded += nanoseconds
            isKnown = false
        }
        guard isKnown else { return }
        if evidence == .sampled { sampled += nanoseconds }
        if evidence == .inferred { inferred += nanoseconds }
    }

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
