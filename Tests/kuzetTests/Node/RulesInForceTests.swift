// SPDX-License-Identifier: Apache-2.0
import Glibc
import Ledger
import Registry
import Testing

@testable import kuzet

@Suite struct RulesInForceTests {
    private func registry(_ address: String) throws -> Registry {
        let party = try #require(PartyID("owner"))
        let carrier = try #require(PartyID("carrier"))
        let site = try #require(SiteID("yard"))
        let channel = try #require(ChannelID("line"))
        let drafts = RegistryDrafts(
            parties: [
                Party(id: party, name: "Owner", role: .subscriber),
                Party(id: carrier, name: "Carrier", role: .networkOperator),
            ], sites: [Site(id: site, name: "Yard", subscriber: party)],
            channels: [Channel(id: channel, name: "Line", operator: carrier, sites: [site])],
            cameras: [
                Camera(
                    id: try #require(CameraID("cam")), name: "Cam", site: site, channel: channel,
                    stream: try StreamSource(parsing: address))
            ])
        return try #require(Registry.make(drafts).registry)
    }

    @Test func `what changed is in the journal and what did not is not`() throws {
        let path = "/tmp/kuzet-rules-\(getpid()).ledger"
        defer {
            for suffix in ["", "-wal", "-shm", ".lock", ".reserve"] {
                unsafe unlink(path + suffix)
            }
        }
        let ledger = try Ledger.open(path, access: .readWrite)
        var rules = try RulesInForce(ledger)
        let first = try rules.note(registry("10.0.0.1"), by: "test")
        #expect(first.contains("cameras") && first.contains("parties"))
        #expect(try rules.note(registry("10.0.0.1"), by: "test").isEmpty)
        // Another process knows from the journal.
        rules = try RulesInForce(ledger)
        #expect(try rules.note(registry("10.0.0.1"), by: "test").isEmpty)
        #expect(try rules.note(registry("10.0.0.2"), by: "test") == ["cameras"])
        let last = try #require(try ledger.entries().last)
        guard case .registryChanged("cameras", let before, let after) = last.event else {
            Issue.record("\(last.event)")
            return
        }
        #expect(before.count == 64 && after.count == 64 && before != after)
        #expect(last.actor == "test")
        try ledger.close()
    }
}
