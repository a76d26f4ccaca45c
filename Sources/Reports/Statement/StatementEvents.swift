// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

extension Statement {
    /// Section 1: the verdict with its reasons, what changed, the five worst.
    public struct Summary: Hashable, Sendable {
        /// What became of the agreement as a whole.
        public var verdict: VerdictCode
        /// Cameras by the verdict on their budget.
        public var cameras: VerdictCounts
        /// Sites by the verdict on their budget.
        public var sites: VerdictCounts
        /// Channels by the verdict on their budget.
        public var channels: VerdictCounts
        /// Criteria that at least one camera broke in the period.
        public var brokenCriteria: [CriterionCode]
        /// Figures of this period beside the last; empty if there is nothing to compare with.
        public var changes: [Change]
        /// Cameras with the most downtime in the period, then the most unknown; at most five.
        public var worst: [WorstLine]
    }

    /// How many got which verdict.
    public struct VerdictCounts: Hashable, Sendable {
        /// Kept.
        public var met = 0
        /// Not kept.
        public var breached = 0
        /// Cannot be said.
        public var undecidable = 0

        /// Makes counts of nothing.
        public init() {}

        /// Makes counts.
        public init(met: Int, breached: Int, undecidable: Int) {
            self.met = met
            self.breached = breached
            self.undecidable = undecidable
        }

        /// All of them.
        public var total: Int { met + breached + undecidable }

        mutating func count(_ verdict: VerdictCode) {
            switch verdict {
            case .met: met += 1
            case .breached: breached += 1
            case .undecidable: undecidable += 1
            }
        }
    }

    /// A figure that is compared from period to period.
    public enum ChangeFigure: String, Hashable, Sendable, CaseIterable {
        /// Lower bound of availability, parts per million.
        case availabilityLower = "availability-lower-ppm"
        /// Camera time down, ns.
        case downtime = "downtime-ns"
        /// Outages of cameras.
        case outages
        /// Coverage, parts per million.
        case coverage = "coverage-ppm"
        /// Cameras that broke a criterion.
        case camerasInBreach = "cameras-in-breach"
    }

    /// A figure of the last period and of this one; nil where it cannot be taken.
    public struct Change: Hashable, Sendable {
        /// Which figure.
        public var figure: ChangeFigure
        /// In the last period.
        public var before: Int128?
        /// In this period.
        public var after: Int128?

        /// Makes a change.
        public init(figure: ChangeFigure, before: Int128?, after: Int128?) {
            self.figure = figure
            self.before = before
            self.after = after
        }
    }

    /// A camera among the five worst.
    public struct WorstLine: Hashable, Sendable {
        /// Which.
        public var camera: CameraID
        /// Its downtime in the period, ns.
        public var down: Int64
        /// What nobody can speak for in the period, ns.
        public var unknown: Int64
        /// Its outages in the period.
        public var outages: Int
    }

    /// Section 4: what went down, with counts and the longest first.
    public struct Incidents: Hashable, Sendable {
        /// Every one that touches the period, longest first.
        ///
        /// A camera's outage that a channel's or site's explains is in that entry, not beside it.
        public var entries: [IncidentEntry]
        /// How many by cause.
        public var causes: [CauseCount]
        /// How many, and how long, by the party responsible.
        public var responsible: [ResponsibleCount]
        /// Incidents that were over within the period: their number and the sum of their lengths.
        public var restored: Int
        /// Sum of the lengths of those restored, ns; over `restored` it gives the MTTR.
        public var restoredTime: Int128

        /// Mean time to restore, ns, truncated; nil if nothing was restored.
        public var meanTimeToRestore: Int128? {
            restored > 0 ? restoredTime / Int128(restored) : nil
        }
    }

    /// Why something was down, by the root.
    public enum CauseCode: String, Hashable, Comparable, Sendable, CaseIterable {
        /// Nothing arrived.
        case silence
        /// Loss above the limit.
        case loss
        /// Packets arrived, no new frame.
        case frozen
        /// Planned works.
        case maintenance

        /// Orders as the cases stand.
        public static func < (one: CauseCode, other: CauseCode) -> Bool {
            one.rawValue < other.rawValue
        }
    }

    /// One trouble with one root.
    public struct IncidentEntry: Hashable, Sendable {
        /// What was down: a camera, a site, a channel.
        public var subject: Subject
        /// When; may begin before the period and end after it.
        public var range: TimeRange
        /// The part of it within the period, ns.
        public var inPeriod: Int64
        /// Whether it still went on when the data end.
        public var isOpen: Bool
        /// Why.
        public var cause: CauseCode
        /// Whose it is; nil if nobody's.
        public var responsible: PartyID?
        /// When somebody took it on; nil if nobody did, or if that is not known.
        public var acknowledgedAt: Instant?
        /// When it was over; nil if it still goes on.
        public var restoredAt: Instant?
        /// The recipient's cameras that it touched, by identity.
        public var touched: [CameraID]
        /// Outages of single cameras that this one explains.
        public var explains: Int
    }

    /// How many incidents had a cause.
    public struct CauseCount: Hashable, Sendable {
        /// The cause.
        public var cause: CauseCode
        /// How many.
        public var count: Int
        /// Their time within the period, ns.
        public var time: Int128
    }

    /// How many incidents a party is responsible for.
    public struct ResponsibleCount: Hashable, Sendable {
        /// The party; nil for those that are nobody's.
        public var party: PartyID?
        /// How many.
        public var count: Int
        /// Their time within the period, ns.
        public var time: Int128
    }

    /// Section 5: one planned work.
    public struct WorkLine: Hashable, Sendable {
        /// Its identity.
        public var id: String
        /// What it covers.
        public var scope: String
        /// When, as planned or as ended early.
        public var range: TimeRange
        /// What was to be done.
        public var what: String
        /// Who entered it.
        public var enteredBy: String
        /// When it was entered.
        public var enteredAt: Instant
        /// Whether it was entered after it had begun.
        public var isAfterTheFact: Bool
        /// Camera time down under it within the period, ns; it counts against the budget.
        public var downtime: Int128
    }

    /// Section 6: one exclusion.
    public struct ExclusionLine: Hashable, Sendable {
        /// Its identity.
        public var id: String
        /// What it covers.
        public var scope: String
        /// When.
        public var range: TimeRange
        /// Why (¶18.2).
        public var reason: String
        /// The document that allows it.
        public var document: String
        /// Who entered it.
        public var enteredBy: String
        /// When it was entered.
        public var enteredAt: Instant
        /// When it was revoked, so that it excludes nothing; nil if it stands.
        public var revokedAt: Instant?
        /// Who revoked it.
        public var revokedBy: String
        /// Camera time excluded by it within the period, ns.
        public var excluded: Int128
    }

    /// Section 8: what can be said of security.
    public struct Security: Hashable, Sendable {
        /// Cameras whose stream was seen unencrypted in the period, by identity.
        public var unencrypted: [CameraID]
        /// Cameras whose stream was encrypted whenever it was seen.
        public var encrypted: Int
        /// Cameras whose stream was not seen.
        public var unseen: Int
        /// Channels that the registry says are not encrypted, by identity.
        public var openChannels: [ChannelID]
        /// Certificates that expire within 30 days of the period's end; nil if none is known.
        public var expiringCertificates: [String]?
        /// Events of the journal in the period, by kind.
        public var eventCounts: [EventCount]
        /// The last of them, at most `eventLimit`, in order of time.
        public var events: [EventLine]

        /// Events that a report lists; the rest is in the journal and in the counts (chosen).
        public static let eventLimit = 100
    }

    /// How many events of a kind the journal holds.
    public struct EventCount: Hashable, Sendable {
        /// The kind's code.
        public var kind: String
        /// How many.
        public var count: Int
    }

    /// One event of the journal.
    public struct EventLine: Hashable, Sendable {
        /// When.
        public var at: Instant
        /// The kind's code.
        public var kind: String
        /// Who caused it.
        public var actor: String
        /// What it was about.
        public var subject: String

        /// Makes an event's line.
        public init(at: Instant, kind: String, actor: String, subject: String) {
            self.at = at
            self.kind = kind
            self.actor = actor
            self.subject = subject
        }
    }

    /// Section 10: one budget that is or will be used up.
    public struct OutlookLine: Hashable, Sendable {
        /// Whose.
        public var subject: Subject
        /// What is left, if all unknown time was up, ns; negative once overdrawn.
        public var left: Int64
        /// When it runs out; nil if it has.
        public var runsOut: Projection?
    }
}
