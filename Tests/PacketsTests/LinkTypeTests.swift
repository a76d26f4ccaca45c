// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct LinkTypeTests {
    @Test func `every number has one type and keeps its number`() {
        for number in UInt16.min...UInt16.max where ![12, 14].contains(number) {
            #expect(LinkType(number: number).number == number)
        }
        #expect(LinkType(number: 12) == .rawIP)
        #expect(LinkType(number: 14) == .rawIP)
    }

    @Test(
        arguments: [
            (1, "ETHERNET"), (147, "USER0"), (162, "USER15"), (105, "IEEE802_11"),
            (195, "IEEE802_15_4_WITHFCS"), (276, "LINUX_SLL2"), (9_999, "LINKTYPE 9999"),
        ] as [(UInt16, String)])
    func `types have the names of the registry`(number: UInt16, name: String) {
        #expect(LinkType(number: number).description == name)
    }

    @Test func `only types that can be read are supported`() {
        let supported = (UInt16.min...UInt16.max).filter { LinkType(number: $0).isSupported }
        #expect(supported == [0, 1, 12, 14, 101, 108, 113, 228, 229, 276])
    }
}
