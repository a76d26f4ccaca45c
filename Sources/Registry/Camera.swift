// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What somebody said about a camera that the network cannot show, such as its lens (A2.1.5 to
/// A2.3.5): listed as declared, never as measured.
public struct DeclaredProperty: Hashable, Sendable {
    /// What it is about, such as `protection`: `[a-z0-9-]{1,64}`.
    public let name: String
    /// What was said, such as `IP66`.
    public let value: String
    /// Who said it.
    public let declaredBy: PartyID
    /// When.
    public let declaredOn: CalendarDate

    /// Makes a property.
    public init(name: String, value: String, declaredBy: PartyID, declaredOn: CalendarDate) {
        self.name = name
        self.value = value
        self.declaredBy = declaredBy
        self.declaredOn = declaredOn
    }
}

/// One camera of the registry.
///
/// Its identity is the id: with a new address, port or URL it is the same camera.
public struct Camera: Hashable, Sendable {
    /// The camera's name for good.
    public let id: CameraID
    /// What people call it.
    public let name: String
    /// Where it hangs.
    public let site: SiteID
    /// The channel that its video takes.
    public let channel: ChannelID
    /// The kind of annex 2.
    public let kind: CameraKind
    /// Where it is managed (ONVIF, HTTPS), if known.
    public let address: HostPort?
    /// By what its stream is known, if known.
    public let stream: StreamSource?
    /// The name of its credentials in the settings; never the credentials.
    public let credentials: String?
    /// What was declared about it.
    public let declared: [DeclaredProperty]

    /// Makes a camera.
    public init(
        id: CameraID, name: String, site: SiteID, channel: ChannelID,
        kind: CameraKind = .outdoorOverview, address: HostPort? = nil,
        stream: StreamSource? = nil, credentials: String? = nil, declared: [DeclaredProperty] = []
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.channel = channel
        self.kind = kind
        self.address = address
        self.stream = stream
        self.credentials = credentials
        self.declared = declared
    }
}
