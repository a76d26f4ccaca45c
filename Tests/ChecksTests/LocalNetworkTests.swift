// SPDX-License-Identifier: Apache-2.0
import Packets
import Registry
import Testing

@testable import Checks

struct LocalNetworkTests {
    @Test func `the network is the address up to the mask`() throws {
        let network = try #require(
            LocalNetwork(
                interface: "eth0", address: IPAddress(10, 20, 30, 40), mask: 0xffff_fc00,
                leadsOut: true))
        #expect(network.prefix.description == "10.20.28.0/22")
        let whole = LocalNetwork(
            interface: "eth0", address: IPAddress(10, 0, 0, 1), mask: .max, leadsOut: true)
        #expect(whole?.prefix.description == "10.0.0.1/32")
        let all = LocalNetwork(
            interface: "eth0", address: IPAddress(10, 0, 0, 1), mask: 0, leadsOut: true)
        #expect(all?.prefix.description == "0.0.0.0/0")
    }

    @Test(arguments: [0xff00_ff00, 0x0000_00ff, 1, 0x7fff_ffff] as [UInt32])
    func `a mask with holes is none`(mask: UInt32) {
        #expect(
            LocalNetwork(
                interface: "eth0", address: IPAddress(10, 0, 0, 1), mask: mask, leadsOut: true)
                == nil)
    }

    @Test func `the machine's own network leads nowhere`() throws {
        let own = try #require(LocalNetwork.all().first { $0.interface == "lo" })
        #expect(own.address == IPAddress(127, 0, 0, 1))
        #expect(own.prefix.description == "127.0.0.0/8")
        #expect(!own.leadsOut)
    }

    @Test func `link-local networks and the machine's own are not allowed by being there`() {
        let addresses: [(IPAddress, UInt32)] = [
            (IPAddress(127, 0, 0, 1), 0xff00_0000), (IPAddress(169, 254, 3, 4), 0xffff_0000),
            (IPAddress(10, 0, 0, 1), 0xffff_ff00),
        ]
        let allowed = AllowedAddresses(
            onLink: addresses.compactMap {
                LocalNetwork(interface: "x", address: $0.0, mask: $0.1, leadsOut: true)
            })
        #expect(allowed.prefixes.map(\.description) == ["10.0.0.0/24"])
        #expect(allowed.allows(IPAddress(10, 0, 0, 99)))
        #expect(!allowed.allows(IPAddress(169, 254, 3, 5)))
        #expect(!allowed.allows(IPAddress(127, 0, 0, 2)))
    }
}
