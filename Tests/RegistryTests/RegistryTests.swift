// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct RegistryTests {
    @Test func `whatever the order of the files, everything is in the order of ids`() throws {
        let registry = try SampleRegistry.make()
        #expect(registry.cameras.map(\.id.text) == ["n-1", "n-2", "s-1", "s-2"])
        #expect(
            registry.parties.map(\.id.text)
                == ["centre", "ministry", "owner", "school", "telecom"])
    }

    @Test func `everything is found by its id and nothing else is`() throws {
        let registry = try SampleRegistry.make()
        #expect(registry.camera(try #require(CameraID("s-1")))?.name == "Camera s-1")
        #expect(registry.camera(try #require(CameraID("s-9"))) == nil)
        #expect(registry.site(try #require(SiteID("north")))?.name == "Site north")
        #expect(registry.channel(try #require(ChannelID("spur")))?.role == .reserve)
        #expect(registry.party(try #require(PartyID("telecom")))?.role == .networkOperator)
        #expect(registry.coordinator?.id.text == "ministry")
        #expect(registry.technicalOperator?.id.text == "centre")
    }

    @Test func `cameras are found by site, channel, operator and subscriber`() throws {
        let registry = try SampleRegistry.make()
        let south = try #require(SiteID("south")), ring = try #require(ChannelID("ring"))
        #expect(registry.cameras(ofSite: south).map(\.id.text) == ["s-1", "s-2"])
        #expect(registry.cameras(ofChannel: ring).map(\.id.text) == ["n-1", "n-2", "s-1"])
        #expect(
            registry.cameras(ofOperator: try #require(PartyID("telecom"))).map(\.id.text)
                == ["n-1", "n-2", "s-1", "s-2"])
        #expect(
            registry.cameras(ofSubscriber: try #require(PartyID("school"))).map(\.id.text)
                == ["s-1", "s-2"])
        #expect(registry.cameras(ofSite: try #require(SiteID("east"))).isEmpty)
        #expect(registry.channels(ofSite: south).map(\.id.text) == ["ring", "spur"])
        #expect(
            registry.sites(ofSubscriber: try #require(PartyID("owner"))).map(\.id.text)
                == ["north"])
        #expect(
            registry.channels(ofOperator: try #require(PartyID("telecom"))).map(\.id.text)
                == ["ring", "spur"])
    }

    @Test func `a camera's subscriber and the operator of its channel answer for it`() throws {
        let registry = try SampleRegistry.make()
        let found = registry.responsibleParties(for: try #require(CameraID("s-2")))
        #expect(found?.subscriber.id.text == "school")
        #expect(found?.networkOperator.id.text == "telecom")
        #expect(registry.responsibleParties(for: try #require(CameraID("x"))) == nil)
    }

    @Test func `the site and channel of each camera are at hand as places`() throws {
        let registry = try SampleRegistry.make()
        #expect(registry.siteOfCamera == [0, 0, 1, 1])
        #expect(registry.channelOfCamera == [0, 0, 0, 1])
    }

    @Test func `an empty registry has nothing and asks for nothing`() throws {
        let registry = Registry.empty
        #expect(registry.cameras.isEmpty)
        #expect(registry.cameras(ofSite: try #require(SiteID("a"))).isEmpty)
        #expect(registry.coordinator == nil)
    }

    @Test func `annex 2 knows nine kinds of cameras`() {
        #expect(CameraKind.allCases.count == 9)
        #expect(CameraKind.outdoorOverview.clause == "A2.2.1")
        #expect(CameraKind.outdoorDomeRoad.clause == "A2.2.9")
        for kind in CameraKind.allCases { #expect(CameraKind(key: kind.key) == kind) }
        #expect(CameraKind(key: "indoor") == nil)
    }
}
