// SPDX-License-Identifier: Apache-2.0

/// A link between sites and a data centre (¶10).
public struct Channel: Hashable, Sendable {
    /// What carries the signal (A2.7.7, A2.7.8).
    public enum Medium: String, CaseIterable, Hashable, Sendable {
        /// Optical fibre.
        case fibre
        /// Radio of any kind.
        case wireless
    }

    /// Whether it is used always or when another fails (A2.7.7, A2.7.8).
    public enum Role: String, CaseIterable, Hashable, Sendable {
        /// Carries the video when all is well.
        case main
        /// Carries it when the main line is cut.
        case reserve
    }

    /// The channel's name for good.
    public let id: ChannelID
    /// What people call it.
    public let name: String
    /// Who runs it: a network operator, or the subscriber or user whose own line it is (¶10).
    public let `operator`: PartyID
    /// What carries the signal.
    public let medium: Medium
    /// Whether it is the main line or a reserve.
    public let role: Role
    /// Whether all that passes is encrypted (A2.7.9).
    public let isEncrypted: Bool
    /// What it can carry, in bits a second, if declared.
    public let capacityBitsPerSecond: Int64?
    /// The sites whose video it carries.
    public let sites: [SiteID]

    /// Makes a channel.
    public init(
        id: ChannelID, name: String, operator: PartyID, medium: Medium = .fibre,
        role: Role = .main, isEncrypted: Bool = false, capacityBitsPerSecond: Int64? = nil,
        sites: [SiteID]
    ) {
        self.id = id
        self.name = name
        self.operator = `operator`
        self.medium = medium
        self.role = role
        self.isEncrypted = isEncrypted
        self.capacityBitsPerSecond = capacityBitsPerSecond
        self.sites = sites
    }
}
