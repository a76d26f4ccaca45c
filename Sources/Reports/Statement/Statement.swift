// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// Everything a report says about a period: numbers, ranges, identities and codes.
///
/// There is no prose and no formatting in it. Renderers turn it into HTML, CSV and JSON, in any
/// language; the same statement gives the same bytes on any machine. Every sum is of integers:
/// nanoseconds of time, counts of packets.
public struct Statement: Hashable, Sendable {
    /// The name and version of the JSON form, `docs/report.schema.json`.
    public static let schema = "kuzet.report/1"

    /// Which period, for whom, which revision, by which rules.
    public var header: Header
    /// Section 1: the verdict with its reasons, what changed, the five worst.
    public var summary: Summary
    /// Section 2: everything the recipient may see, taken together.
    public var system: ThingLine
    /// Section 2: the days of the period, all cameras together.
    public var days: [DayLine]
    /// Sections 1 to 3: the days of the period before, in their own order; empty without data.
    public var previousDays: [DayLine]
    /// Section 2: network operators and subscribers, by identity.
    public var parties: [ThingLine]
    /// Section 2: channels, by identity.
    public var channels: [ThingLine]
    /// Section 2: sites, by identity.
    public var sites: [ThingLine]
    /// Sections 2, 3, 7 and the annex: cameras, by identity.
    public var cameras: [CameraLine]
    /// Section 3: the criteria of annex 2, in the order of the clauses.
    public var criteria: [CriterionLine]
    /// Section 4: what went down.
    public var incidents: Incidents
    /// Section 5: planned works that touch the period, by start.
    public var works: [WorkLine]
    /// Section 6: exclusions that touch the period, by start.
    public var exclusions: [ExclusionLine]
    /// Section 8: what the account of security events tells.
    public var security: Security
    /// Section 10: who runs out of budget when, soonest first.
    public var outlook: [OutlookLine]
    /// What this revision says otherwise than the one before; nil in the first.
    public var differences: Differences?
}

extension Statement {
    /// Who reads the report, and by that what it may show.
    public enum Recipient: Hashable, Sendable, CustomStringConvertible {
        /// The state body that governs the whole system (¶16.2): sees all.
        case coordinator
        /// Runs the data centres (¶17.2): sees all.
        case technicalOperator
        /// Runs channels: sees its channels and the cameras behind them.
        case networkOperator(PartyID)
        /// Owns video systems: sees its sites and their cameras.
        case subscriber(PartyID)

        /// Reads `coordinator`, `technical-operator`, `network-operator:ID` or `subscriber:ID`.
        public init?(_ text: String) {
            let parts = text.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let party = parts.count == 2 ? PartyID(String(parts[1])) : nil
            switch (parts.first.map(String.init), parts.count, party) {
            case ("coordinator", 1, _): self = .coordinator
            case ("technical-operator", 1, _): self = .technicalOperator
            case ("network-operator", 2, let party?): self = .networkOperator(party)
            case ("subscriber", 2, let party?): self = .subscriber(party)
            default: return nil
            }
        }

        /// The text that `init(_:)` reads.
        public var description: String {
            party.map { "\(role):\($0.text)" } ?? role
        }

        /// The role, such as `network-operator`.
        public var role: String {
            switch self {
            case .coordinator: "coordinator"
            case .technicalOperator: "technical-operator"
            case .networkOperator: "network-operator"
            case .subscriber: "subscriber"
            }
        }

        /// The party named, for roles that several parties hold.
        public var party: PartyID? {
            switch self {
            case .coordinator, .technicalOperator: nil
            case .networkOperator(let party), .subscriber(let party): party
            }
        }

        /// Whether nothing is hidden from it.
        public var seesAll: Bool { party == nil }
    }

    /// What a line speaks of.
    public enum Subject: Hashable, Comparable, Sendable {
        /// All that the recipient may see.
        case system
        /// A network operator: its channels' cameras.
        case networkOperator(PartyID)
        /// A subscriber: its sites' cameras.
        case subscriber(PartyID)
        /// A channel.
        case channel(ChannelID)
        /// A site.
        case site(SiteID)
        /// A camera.
        case camera(CameraID)

        /// The kind, as JSON and CSV write it.
        public var kind: String {
            switch self {
            case .system: "system"
            case .networkOperator: "network-operator"
            case .subscriber: "subscriber"
            case .channel: "channel"
            case .site: "site"
            case .camera: "camera"
            }
        }

        /// The identity; empty for the system.
        public var id: String {
            switch self {
            case .system: ""
            case .networkOperator(let id), .subscriber(let id): id.text
            case .channel(let id): id.text
            case .site(let id): id.text
            case .camera(let id): id.text
            }
        }
    }
}

extension Statement {
    /// Which period, for whom, which revision, by which rules.
    public struct Header: Hashable, Sendable {
        /// The period as it was asked for, such as `2026-10`.
        public var periodName: String
        /// The period.
        public var period: TimeRange
        /// The part of it that is past: what is accounted for.
        public var accounted: TimeRange
        /// The calendar year whose budgets are shown: that in which the period ends.
        public var budgetYear: Int
        /// The zone whose calendar the period follows.
        public var zone: ZoneRules
        /// Version of the time zone database; empty if unknown.
        public var tzdataVersion: String
        /// Who reads it.
        public var recipient: Recipient
        /// The recipient's name in the registry; empty where the role says enough.
        public var recipientName: String
        /// Counts from 1; a new one is made only if the content differs.
        public var revision: Int
        /// Counts from 1 within a revision: another issue says the same in another form, such as
        /// that of a later version of the program.
        public var issue: Int
        /// Why the figures may still change; empty if they are final.
        public var provisional: [ProvisionalReason]
        /// Everything measured before this moment has been kept; nil if nothing was.
        public var dataCompleteUntil: Instant?
        /// Version of the program that made the statement.
        public var softwareVersion: String
        /// What was judged by.
        public var rules: Rules

        /// Whether the figures may still change.
        public var isProvisional: Bool { !provisional.isEmpty }
    }

    /// Why a statement's figures may still change.
    public enum ProvisionalReason: String, Hashable, Sendable, CaseIterable {
        /// The period has not ended.
        case periodOpen = "period-open"
        /// The period has ended, and data of it are still awaited.
        case dataIncomplete = "data-incomplete"
    }

    /// The rules in force, and their changes inside the period.
    public struct Rules: Hashable, Sendable {
        /// Length of a measuring interval, ns.
        public var intervalNanoseconds: Int64
        /// Bad time that raises, ns.
        public var confirmNanoseconds: Int64
        /// Good time that clears, ns.
        public var clearNanoseconds: Int64
        /// Window over which bitrate and frame rate are taken, ns.
        public var windowNanoseconds: Int64
        /// The longest gap between frames that is no silence, ns.
        public var silenceNanoseconds: Int64
        /// Limits of the agreements that cover the recipient's cameras, as groups of cameras.
        public var limits: [Limits]
    }

    /// Limits that hold for some cameras in some part of the period.
    public struct Limits: Hashable, Sendable {
        /// When they held.
        public var range: TimeRange
        /// How many of the recipient's cameras they held for.
        public var cameras: Int
        /// The limits.
        public var thresholds: Thresholds
    }
}
