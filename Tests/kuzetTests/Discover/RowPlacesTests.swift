// SPDX-License-Identifier: Apache-2.0
import Registry
import Settings
import Testing

@testable import kuzet

@Suite struct RowPlacesTests {
    static func example() throws -> Registry {
        try #require(RegistryFiles.load(folder: RegistryCommandsTests.examples + "/registry").0)
    }

    static func place(_ site: String, _ channel: String) -> RowPlaces.Place {
        RowPlaces.Place(site: site, channel: channel)
    }

    @Test func `without a registry the places are those that init writes`() throws {
        let usual = try RowPlaces(nil, site: nil, channel: nil)
        #expect(usual.place(of: "10.0.0.1") == Self.place("site-1", "line-1"))
        let named = try RowPlaces(nil, site: "a", channel: "b")
        #expect(named.place(of: "10.0.0.1") == Self.place("a", "b"))
    }

    @Test func `a camera is where its neighbours are`() throws {
        let places = try RowPlaces(Self.example(), site: nil, channel: nil)
        #expect(places.place(of: "10.20.1.99") == Self.place("almaty-school-1", "fibre-almaty-a"))
        #expect(places.place(of: "10.20.2.99") == Self.place("almaty-tau", "fibre-almaty-a"))
        #expect(places.place(of: "10.60.12.1") == Self.place("aktobe-road-12", "fibre-aktobe-12"))
    }

    @Test func `far from all it is on a channel that carries its site`() throws {
        let registry = try Self.example()
        for host in ["172.16.0.1", "camera.example", "2001:db8::1"] {
            let place = try RowPlaces(registry, site: nil, channel: nil).place(of: host)
            let channel = try #require(registry.channels.first { $0.id.text == place.channel })
            #expect(channel.sites.contains { $0.text == place.site })
        }
        let named = try RowPlaces(registry, site: "aktobe-road-12", channel: nil)
        #expect(named.place(of: "10.20.1.99") == Self.place("aktobe-road-12", "fibre-aktobe-12"))
    }

    @Test(
        arguments: [
            ("nowhere", nil, "--site: the registry has no site `nowhere`"),
            (nil, "none", "--channel: the registry has no channel `none`"),
            ("aktobe-road-12", "fibre-almaty-a", "no channel of the registry carries the site"),
        ] as [(String?, String?, String)])
    func `places that the registry has not are refused`(
        site: String?, channel: String?, text: String
    ) throws {
        let registry = try Self.example()
        let refusal = #expect(throws: Refusal.self) {
            try RowPlaces(registry, site: site, channel: channel)
        }
        #expect(refusal?.description == text)
    }
}
