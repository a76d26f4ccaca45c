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
/// Its identity is the id: with a new address, port or URL it is the same camera. A copy is one
/// reference, however much is known of the camera: registries hold hundreds of thousands.
public struct Camera: Sendable {
    /// What is known of one camera; never changed.
    private final class Record: Sendable {
        let id: CameraID
        let name: String
        let site: SiteID
        let channel: ChannelID
        let kind: CameraKind
        let address: HostPort?
        let stream: StreamSource?
        let credentials: String?
        let declared: [DeclaredProperty]

        init(
            _ id: CameraID, _ name: String, _ site: SiteID, _ channel: ChannelID,
            _ kind: CameraKind, _ address: HostPort?, _ stream: StreamSource?,
            _ credentials: String?, _ declared: [DeclaredProperty]
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

    private let record: Record

    /// The camera's name for good.
    public var id: CameraID { record.id }
    /// What people call it.
    public var name: String { record.name }
    /// Where it hangs.
    public var site: SiteID { record.site }
    /// The channel that its video takes.
    public var channel: ChannelID { record.channel }
    /// The kind of annex 2.
    public var kind: CameraKind { record.kind }
    /// Where it is managed (ONVIF, HTTPS), if known.
    public var address: HostPort? { record.address }
    /// By what its stream is known, if known.
    public var stream: StreamSource? { record.stream }
    /// The name of its credentials in the settings; never the credentials.
    public var credentials: String? { record.credentials }
    /// What was declared about it.
    public var declared: [DeclaredProperty] { record.declared }

    /// Makes a camera.
    public init(
        id: CameraID, name: String, site: SiteID, channel: ChannelID,
        kind: CameraKind = .outdoorOverview, address: HostPort? = nil,
        stream: StreamSource? = nil, credentials: String? = nil, declared: [DeclaredProperty] = []
    ) {
        record = Record(
            id, name, site, channel, kind, address, stream, credentials, declared)
    }
}

extension Camera: Hashable {
    /// Whether all that is known of both is the same.
    public static func == (first: Camera, second: Camera) -> Bool {
        let (one, other) = (first.record, second.record)
        return one === other
            || (one.id == other.id && one.name == other.name && one.site == other.site
                && one.channel == other.channel && one.kind == other.kind
                && one.address == other.address && one.stream == other.stream
                && one.credentials == other.credentials && one.declared == other.declared)
    }

    /// Hashes the id, which tells cameras of one registry apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(record.id) }
}
