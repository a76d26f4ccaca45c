// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Registry

/// A small registry for tests: two sites of two subscribers, two channels of one operator.
enum SampleRegistry {
    static func party(_ id: String, _ role: Party.Role) throws -> Party {
        Party(id: try #require(PartyID(id)), name: "Party \(id)", role: role)
    }

    static func site(
        _ id: String, of subscriber: String = "owner", power: Int? = nil, name: String? = nil
    ) throws -> Site {
        Site(
            id: try #require(SiteID(id)), name: name ?? "Site \(id)",
            subscriber: try #require(PartyID(subscriber)), autonomousPowerMinutes: power)
    }

    static func channel(
        _ id: String, of runner: String = "telecom", sites: [String],
        medium: Channel.Medium = .fibre, role: Channel.Role = .main, isEncrypted: Bool = false
    ) throws -> Channel {
        Channel(
            id: try #require(ChannelID(id)), name: "Channel \(id)",
            operator: try #require(PartyID(runner)), medium: medium, role: role,
            isEncrypted: isEncrypted, sites: try sites.map { try #require(SiteID($0)) })
    }

    static func camera(
        _ id: String, site: String = "north", channel: String = "ring",
        kind: CameraKind = .outdoorOverview, address: String? = nil, stream: String? = nil,
        name: String? = nil
    ) throws -> Camera {
        Camera(
            id: try #require(CameraID(id)), name: name ?? "Camera \(id)",
            site: try #require(SiteID(site)), channel: try #require(ChannelID(channel)),
            kind: kind, address: try address.map { try HostPort(parsing: $0) },
            stream: try stream.map { try StreamSource(parsing: $0) })
    }

    static func agreement(
        _ id: String, scope: Agreement.Scope, from: Int64, until: Int64? = nil,
        _ overrides: ThresholdOverrides
    ) throws -> Agreement {
        Agreement(
            id: try #require(AgreementID(id)),
            parties: ["telecom", "centre"].compactMap { PartyID($0) }, scope: scope,
            overrides: overrides, validFrom: Instant(nanoseconds: from),
            validUntil: until.map { Instant(nanoseconds: $0) }, document: "No. 1")
    }

    static func drafts(
        cameras: [Camera]? = nil, agreements: [Agreement] = []
    ) throws -> RegistryDrafts {
        RegistryDrafts(
            parties: [
                try party("ministry", .coordinator), try party("centre", .technicalOperator),
                try party("telecom", .networkOperator), try party("owner", .subscriber),
                try party("school", .subscriber),
            ],
            agreements: agreements,
            sites: [try site("north"), try site("south", of: "school")],
            channels: [
                try channel("ring", sites: ["north", "south"]),
                try channel("spur", sites: ["south"], role: .reserve),
            ],
            cameras: try cameras ?? [
                camera("n-2", stream: "rtsp://10.0.0.2/a"),
                camera("n-1", stream: "rtsp://10.0.0.1/a"),
                camera("s-1", site: "south", stream: "239.1.1.1:5004"),
                camera("s-2", site: "south", channel: "spur", stream: "10.0.1.2"),
            ])
    }

    static func make(
        cameras: [Camera]? = nil, agreements: [Agreement] = []
    ) throws -> Registry {
        let (registry, problems) = Registry.make(
            try drafts(cameras: cameras, agreements: agreements))
        return try #require(registry, "\(problems.problems)")
    }

    /// The problems of drafts as text.
    static func problems(_ drafts: RegistryDrafts) -> [String] {
        Registry.make(drafts).problems.sorted.map(\.description)
    }
}
