// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// What a planned work or an exclusion holds for.
public enum Scope: Hashable, Sendable {
    /// One camera.
    case camera(CameraID)
    /// Every camera of a site.
    case site(SiteID)
    /// Every camera whose stream goes over a channel.
    case channel(ChannelID)
    /// Every camera of a subscriber's sites and of an operator's channels.
    case party(PartyID)
    /// Every camera.
    case all
}

/// A planned work: its downtime counts against the budget and pages nobody.
public struct PlannedWork: Hashable, Sendable {
    /// What the journal calls it.
    public var id: String
    /// What it holds for.
    public var scope: Scope
    /// From when to when it was planned.
    public var range: TimeRange
    /// When it ended, if before the planned end.
    public var endedEarlyAt: Instant?
    /// What is done.
    public var what: String
    /// Who entered it.
    public var enteredBy: String
    /// When it was entered.
    public var enteredAt: Instant

    /// Makes a planned work.
    public init(
        id: String, scope: Scope, range: TimeRange, endedEarlyAt: Instant? = nil, what: String,
        enteredBy: String, enteredAt: Instant
    ) {
        self.id = id
        self.scope = scope
        self.range = range
        self.endedEarlyAt = endedEarlyAt
        self.what = what
        self.enteredBy = enteredBy
        self.enteredAt = enteredAt
    }

    /// Whether it was entered only after it had begun; a report marks it.
    public var isAfterTheFact: Bool { enteredAt > range.start }

    /// From when to when it covers downtime; nil if it was ended before it began.
    public var coveredRange: TimeRange? {
        guard let endedEarlyAt, endedEarlyAt < range.end else { return range }
        return TimeRange(start: range.start, end: endedEarlyAt)
    }
}

/// Time that does not count, always listed with its document.
///
/// Either the operating requirements were not met, or the law provides for the shutdown (¶18.2).
public struct Exclusion: Hashable, Sendable {
    /// What the journal calls it.
    public var id: String
    /// What it holds for.
    public var scope: Scope
    /// From when to when.
    public var range: TimeRange
    /// Why it does not count.
    public var reason: String
    /// Which document says so.
    public var document: String
    /// Who entered it.
    public var enteredBy: String
    /// When it was entered.
    public var enteredAt: Instant
    /// When it was revoked; from then on it counts for nothing, not even for the time before.
    public var revokedAt: Instant?
    /// Who revoked it.
    public var revokedBy: String?

    /// Makes an exclusion.
    public init(
        id: String, scope: Scope, range: TimeRange, reason: String, document: String,
        enteredBy: String, enteredAt: Instant, revokedAt: Instant? = nil, revokedBy: String? = nil
    ) {
        self.id = id
        self.scope = scope
        self.range = range
        self.reason = reason
        self.document = document
        self.enteredBy = enteredBy
        self.enteredAt = enteredAt
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
    }

    /// Whether it holds.
    public var isInForce: Bool { revokedAt == nil }
}
