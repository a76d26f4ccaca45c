// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Limits that parties agreed on in place of annex 2's, for some cameras and some time (¶10).
public struct Agreement: Hashable, Sendable {
    /// What an agreement is about.
    public enum Scope: Hashable, Sendable {
        /// Every camera.
        case all
        /// Cameras of these kinds.
        case kinds([CameraKind])
        /// Cameras at these sites.
        case sites([SiteID])
        /// These cameras.
        case cameras([CameraID])

        /// How closely it aims: the closest agreement that sets a limit decides.
        var closeness: Int {
            switch self {
            case .all: 0
            case .kinds: 1
            case .sites: 2
            case .cameras: 3
            }
        }
    }

    /// The agreement's name for good.
    public let id: AgreementID
    /// Who agreed; two at least.
    public let parties: [PartyID]
    /// What it is about.
    public let scope: Scope
    /// The limits that differ.
    public let overrides: ThresholdOverrides
    /// The first instant at which it is in force.
    public let validFrom: Instant
    /// The first instant at which it is no longer, or nil while there is no end.
    public let validUntil: Instant?
    /// The paper, such as `No. 17 of 15 January 2026`.
    public let document: String

    /// Makes an agreement.
    public init(
        id: AgreementID, parties: [PartyID], scope: Scope, overrides: ThresholdOverrides,
        validFrom: Instant, validUntil: Instant? = nil, document: String
    ) {
        self.id = id
        self.parties = parties
        self.scope = scope
        self.overrides = overrides
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.document = document
    }

    /// Whether it is in force at `instant`.
    public func isInForce(at instant: Instant) -> Bool {
        guard validFrom <= instant else { return false }
        guard let validUntil else { return true }
        return instant < validUntil
    }
}
