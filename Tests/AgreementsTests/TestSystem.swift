// SPDX-License-Identifier: Apache-2.0
import Foundation
import Measurements
import Registry
import Timekeeping

@testable import Agreements

/// A registry of as many cameras at as many sites and channels as a test asks for, and the means
/// to write conditions down in seconds.
struct TestSystem {
    let registry: Registry
    var conditions: [CameraID: [ConditionSpan]] = [:]
    var inferred: [CameraID: [TimeRange]] = [:]
    var works: [PlannedWork] = []
    var exclusions: [Exclusion] = []
    var rules = AccountRules.standard
    var zone = ZoneRules.utc

    /// `layout` says for each camera its site and channel, by number.
    init(_ layout: [(site: Int, channel: Int)], agreements: [Agreement] = []) {
        let sites = Set(layout.map(\.site)).sorted()
        let channels = Set(layout.map(\.channel)).sorted()
        let drafts = RegistryDrafts(
            parties: [Self.party("telecom", .networkOperator)]
                + channels.map { Self.party("carrier-\($0)", .networkOperator) }
                + sites.map { Self.party("owner-\($0)", .subscriber) },
            agreements: agreements,
            sites: sites.compactMap { site in
                guard let id = SiteID("site-\(site)"), let owner = PartyID("owner-\(site)") else {
                    return nil
                }
                return Site(id: id, name: id.text, subscriber: owner)
            },
            channels: channels.compactMap { channel in
                guard let id = ChannelID("channel-\(channel)"),
                    let carrier = PartyID("carrier-\(channel)")
                else { return nil }
                let carried = Set(layout.filter { $0.channel == channel }.map(\.site)).sorted()
                return Channel(
                    id: id, name: id.text, operator: carrier,
                    sites: carried.compactMap { SiteID("site-\($0)") })
            },
            cameras: layout.enumerated().compactMap { index, place in
                guard let site = SiteID("site-\(place.site)"),
                    let channel = ChannelID("channel-\(place.channel)")
                else { return nil }
                return Camera(
                    id: Self.camera(index), name: "\(index)", site: site, channel: channel)
            })
        let (registry, problems) = Registry.make(drafts)
        guard let registry else { preconditionFailure("\(problems)") }
        self.registry = registry
    }

    static func camera(_ index: Int) -> CameraID {
        let digits = String(index)
        guard
            let id = CameraID("camera-" + String(repeating: "0", count: 5 - digits.count) + digits)
        else { preconditionFailure("not a camera") }
        return id
    }

    private static func party(_ id: String, _ role: Party.Role) -> Party {
        guard let party = PartyID(id) else { preconditionFailure("not a party") }
        return Party(id: party, name: id, role: role)
    }

    /// Says what a camera's condition is from the end of what was said before (or `newYear`)
    /// until `end` seconds.
    mutating func say(
        _ camera: Int, until end: Int64, _ condition: Condition,
        _ evidence: Evidence = .observed
    ) {
        let id = Self.camera(camera)
        let start = conditions[id]?.last?.range.end ?? newYear
        guard let range = TimeRange(start: start, end: at(end)) else { return }
        conditions[id, default: []].append(
            ConditionSpan(range: range, condition: condition, evidence: evidence))
    }

    func account(_ start: Int64, _ end: Int64, now: Int64? = nil) -> Account {
        account(range(start, end), now: now.map(at) ?? at(end))
    }

    func account(_ period: TimeRange, now: Instant) -> Account {
        Account.make(
            registry: registry, zone: { _ in zone }, systemZone: zone, rules: rules,
            conditions: { conditions[$0] ?? [] }, inferred: { inferred[$0] ?? [] }, works: works,
            exclusions: exclusions, period: period, now: now)
    }

    mutating func plan(
        _ id: String, _ scope: Scope, _ start: Int64, _ end: Int64, entered: Int64 = -1
    ) {
        works.append(
            PlannedWork(
                id: id, scope: scope, range: range(start, end), what: "fibre moved",
                enteredBy: "duty engineer", enteredAt: at(entered)))
    }

    mutating func exclude(_ id: String, _ scope: Scope, _ start: Int64, _ end: Int64) {
        exclusions.append(
            Exclusion(
                id: id, scope: scope, range: range(start, end), reason: "no power in the district",
                document: "Act 7", enteredBy: "duty engineer", enteredAt: at(end)))
    }
}

func range(_ start: Int64, _ end: Int64) -> TimeRange {
    TimeRange(start: at(start), nanoseconds: (end - start) * second)
}

/// Zone data of the tests of `Timekeeping`.
func zoneRules(_ zone: String) throws -> ZoneRules {
    let name = zone.split(separator: "/").joined(separator: "_")
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
    let file = tests.appendingPathComponent("TimekeepingTests/Fixtures/\(name).tzif")
    let octets = Array(try Data(contentsOf: file))
    return try ZoneRules.parse(name: zone, version: "2025b", tzif: octets.span)
}
