// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// How long and how often one criterion was broken.
public struct Breach: Hashable, Sendable {
    /// The criterion.
    public var criterion: Criterion
    /// For how long, ns.
    public var nanoseconds: Int64
    /// How often; a breach cut by the period's edge counts.
    public var count: Int

    /// Makes a figure.
    public init(criterion: Criterion, nanoseconds: Int64, count: Int) {
        self.criterion = criterion
        self.nanoseconds = nanoseconds
        self.count = count
    }
}

/// One camera over one period.
public struct CameraAccount: Hashable, Sendable {
    /// The camera.
    public var camera: CameraID
    /// Its site.
    public var site: SiteID
    /// Its channel; nil if it has none.
    public var channel: ChannelID?
    /// The period, cut at the present.
    public var period: TimeRange
    /// The states, without a gap, from the period's start to its end.
    public var spans: [StateSpan]
    /// Time in each state.
    public var totals: StateTotals
    /// Outages that touch the period, earliest first.
    public var outages: [Outage]
    /// Criteria that were broken, in the order of annex 2.
    public var breached: [Breach]
    /// Downtime in the period by who answers for it, most first.
    public var responsible: [PartyShare]
    /// One budget for each calendar year that the period touches, earliest first; never empty.
    public var budgets: [Budget]

    /// The longest outage; of equals the earliest.
    public var longestOutage: Outage? { outages.longest }
}

/// A site, a channel, an operator, a subscriber or the whole system over one period.
public struct ThingAccount: Hashable, Sendable {
    /// What it is of.
    public enum Subject: Hashable, Sendable {
        /// A site.
        case site(SiteID)
        /// A channel.
        case channel(ChannelID)
        /// A network operator: the cameras on its channels.
        case networkOperator(PartyID)
        /// A subscriber: the cameras of its sites.
        case subscriber(PartyID)
        /// Every camera.
        case system
    }

    /// What it is of.
    public var subject: Subject
    /// How many cameras it has.
    public var cameras: Int
    /// Time in each state, summed over the cameras.
    public var totals: StateTotals
    /// Outages of the thing itself, earliest first; sites and channels only.
    public var outages: [Outage]
    /// When the thing itself was down, in the period.
    public var ownDowntime: TimeRangeSet
    /// The thing's own time in each state; sites and channels only.
    ///
    /// Down as its outages, unknown where too few cameras were watched to say.
    public var ownTotals: StateTotals?
    /// Outages of its cameras.
    public var cameraOutages: Int
    /// Camera time down in the period by who answers for it, most first.
    public var responsible: [PartyShare]
    /// Budget of the thing itself, a calendar year each; sites and channels only.
    public var budgets: [Budget]

    /// The longest outage of the thing itself; of equals the earliest.
    public var longestOutage: Outage? { outages.longest }
}

/// The account of everything over one period.
public struct Account: Hashable, Sendable {
    /// The period asked for.
    public var period: TimeRange
    /// The part of it that is past: what is accounted.
    public var accounted: TimeRange
    /// When the account was made, or until when there are data, whichever is earlier.
    public var asOf: Instant
    /// Whether the period is still open, so that everything may change.
    public var isProvisional: Bool
    /// Cameras, by id.
    public var cameras: [CameraAccount]
    /// Sites, by id.
    public var sites: [ThingAccount]
    /// Channels, by id.
    public var channels: [ThingAccount]
    /// Network operators, by id.
    public var operators: [ThingAccount]
    /// Subscribers, by id.
    public var subscribers: [ThingAccount]
    /// The whole system.
    public var system: ThingAccount
    /// Planned works that touch the period, by start.
    public var works: [PlannedWork]
    /// Exclusions that touch the period, the revoked among them, by start.
    public var exclusions: [Exclusion]
}

extension [Outage] {
    /// The one with the most downtime; of equals the earliest.
    public var longest: Outage? {
        var best: Outage?
        for outage in self where outage.downNanoseconds > best?.downNanoseconds ?? -1 {
            best = outage
        }
        return best
    }
}
