// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct IPProtocolTests {
    @Test func `control messages of both families are recognised`() {
        #expect(IPProtocol.icmp.isICMP && IPProtocol.icmpv6.isICMP)
        #expect(!IPProtocol.udp.isICMP)
    }

    @Test func `names are the usual ones`() {
        #expect(IPProtocol.udp.description == "UDP")
        #expect(IPProtocol(rawValue: 255).description == "protocol 255")
    }
}
