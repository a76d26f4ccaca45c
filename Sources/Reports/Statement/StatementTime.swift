// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

extension Statement {
    /// How the instants of a subject divide among the five states, ns.
    ///
    /// For one camera the parts add up to the period; for many they are camera time and add up to
    /// the period times the cameras. 128 bits, since a month of 10,000 cameras passes 2⁶³ ns.
    public struct TimeTotals: Hashable, Sendable {
        /// The time to be accounted for.
        public var period: Int128
        /// Video arrived as agreed.
        public var up: Int128
        /// Video arrived with a criterion broken.
        public var degraded: Int128
        /// Video did not arrive: a failure.
        public var downFailure: Int128
        /// Video did not arrive: planned works.
        public var downMaintenance: Int128
        /// Nobody can say.
        public var unknown: Int128
        /// Left out by a document.
        public var excluded: Int128
        /// The part of the known time that stands on agreeing samples.
        public var sampled: Int128
        /// The part of the known time that stands on evidence that came later.
        public var inferred: Int128

        /// Makes totals; all zero by default.
        public init(
            period: Int128 = 0, up: Int128 = 0, degraded: Int128 = 0, downFailure: Int128 = 0,
            downMaintenance: Int128 = 0, unknown: Int128 = 0, excluded: Int128 = 0,
            sampled: Int128 = 0, inferred: Int128 = 0
        ) {
            self.period = period
            self.up = up
            self.degraded = degraded
            self.downFailure = downFailure
            self.downMaintenance = downMaintenance
            self.unknown = unknown
            self.excluded = excluded
            self.sampled = sampled
            self.inferred = inferred
        }

        /// Failure and maintenance together (A2.7.5).
        public var down: Int128 { downFailure + downMaintenance }
        /// The five states taken together.
        public var sum: Int128 { up + degraded + down + unknown + excluded }
        /// Whether the states add up to the period to the nanosecond.
        public var isBalanced: Bool { sum == period }
        /// The time that counts: the period without what is excluded.
        public var counted: Int128 { period - excluded }
        /// Availability if all unknown time was down.
        public var availabilityLower: Share { Share(up + degraded, of: counted) }
        /// Availability if all unknown time was up.
        public var availabilityUpper: Share { Share(up + degraded + unknown, of: counted) }
        /// The known part of the period.
        public var coverage: Share { Share(period - unknown, of: period) }
        /// The part of the period that was watched without a break.
        public var observed: Share { Share(period - unknown - sampled - inferred, of: period) }

        /// Adds another subject's time.
        public static func += (sum: inout TimeTotals, other: TimeTotals) {
            sum.period += other.period
            sum.up += other.up
            sum.degraded += other.degraded
            sum.downFailure += other.downFailure
            sum.downMaintenance += other.downMaintenance
            sum.unknown += other.unknown
            sum.excluded += other.excluded
            sum.sampled += other.sampled
            sum.inferred += other.inferred
        }
    }

    /// An exact fraction: a part of a whole.
    public struct Share: Hashable, Sendable {
        /// The part.
        public var part: Int128
        /// The whole; with 0 there is nothing to say.
        public var whole: Int128

        /// Makes the share of `part` in `whole`.
        public init(_ part: Int128, of whole: Int128) {
            self.part = part
            self.whole = whole
        }

        /// Millionths of the whole, truncated, never rounded up; nil if there is no whole.
        public var partsPerMillion: Int128? {
            whole > 0 ? part * 1_000_000 / whole : nil
        }
    }

    /// What the five states are called in JSON and CSV, with the cause of a downtime.
    public enum StateCode: String, Hashable, Sendable, CaseIterable {
        /// Video arrived as agreed.
        case up
        /// Video arrived with a criterion broken.
        case degraded
        /// Video did not arrive: a failure.
        case downFailure = "down-failure"
        /// Video did not arrive: planned works.
        case downMaintenance = "down-maintenance"
        /// Nobody can say.
        case unknown
        /// Left out by a document.
        case excluded
    }

    /// A stretch of one state of one camera.
    public struct Interval: Hashable, Sendable {
        /// When.
        public var range: TimeRange
        /// The state.
        public var state: StateCode
        /// Why: the reason's code, a work's or exclusion's identity, or the criteria broken.
        public var reason: String
        /// Whose it is: the party's identity; empty if nobody's.
        public var responsible: String
        /// `observed`, `sampled` or `inferred`.
        public var evidence: String

        /// Makes a stretch.
        public init(
            range: TimeRange, state: StateCode, reason: String = "", responsible: String = "",
            evidence: String = "observed"
        ) {
            self.range = range
            self.state = state
            self.reason = reason
            self.responsible = responsible
            self.evidence = evidence
        }
    }

    /// The budget of 50 hours a calendar year (A2.7.5), as used in the year to date, ns.
    public struct BudgetFigures: Hashable, Sendable {
        /// What the year allows.
        public var limit: Int64
        /// Failure and maintenance so far.
        public var used: Int64
        /// The part of it under planned works.
        public var maintenance: Int64
        /// Time of the year to date that nobody can speak for.
        public var unknown: Int64
        /// Time left out by documents.
        public var excluded: Int64
        /// What may have been known of the year to date.
        public var elapsed: Int64
        /// What became of it.
        public var verdict: VerdictCode
        /// Why no verdict can be given; nil if one is.
        public var undecidable: String?
        /// Use of the budget in windows that end with the period.
        public var burn: [Burn]
        /// When the budget runs out at the present rate; nil if it does not.
        public var runsOut: Projection?

        /// Makes the figures of a budget.
        public init(
            limit: Int64, used: Int64, maintenance: Int64 = 0, unknown: Int64, excluded: Int64,
            elapsed: Int64, verdict: VerdictCode, undecidable: String? = nil, burn: [Burn] = [],
            runsOut: Projection? = nil
        ) {
            self.limit = limit
            self.used = used
            self.maintenance = maintenance
            self.unknown = unknown
            self.excluded = excluded
            self.elapsed = elapsed
            self.verdict = verdict
            self.undecidable = undecidable
            self.burn = burn
            self.runsOut = runsOut
        }

        /// What is left if all unknown time was up; negative once overdrawn.
        public var leftUpper: Int64 { limit - used }
        /// What is left if all unknown time was down.
        public var leftLower: Int64 { limit - used - unknown }
        /// The used part of the limit.
        public var usedShare: Share { Share(Int128(used), of: Int128(limit)) }
    }

    /// How much of the budget a window used.
    public struct Burn: Hashable, Sendable {
        /// The window's length, ns.
        public var window: Int64
        /// Downtime in it, ns.
        public var used: Int64

        /// Makes the use of a window.
        public init(window: Int64, used: Int64) {
            self.window = window
            self.used = used
        }
    }

    /// When a budget runs out, and by which window's rate.
    public struct Projection: Hashable, Comparable, Sendable {
        /// The moment at which nothing is left.
        public var at: Instant
        /// Length of the window whose rate was taken, ns.
        public var basis: Int64

        /// Makes a projection.
        public init(at: Instant, basis: Int64) {
            self.at = at
            self.basis = basis
        }

        /// Orders by moment.
        public static func < (one: Projection, other: Projection) -> Bool {
            (one.at, one.basis) < (other.at, other.basis)
        }
    }

    /// What became of an obligation.
    public enum VerdictCode: String, Hashable, Sendable, CaseIterable {
        /// Kept.
        case met
        /// Not kept.
        case breached
        /// The unknown time could tip it either way.
        case undecidable
    }
}
