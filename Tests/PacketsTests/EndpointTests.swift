// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct EndpointTests {
    @Test func `IPv6 stands in brackets`() {
        let address = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)
        #expect(Endpoint(address: address, port: 554).description == "[2001:db8::1]:554")
        #expect(
            Endpoint(address: IPAddress(192, 0, 2, 1), port: 554).description == "192.0.2.1:554")
    }

    @Test func `address counts before port`() {
        let (low, high) = (IPAddress(10, 0, 0, 1), IPAddress(10, 0, 0, 2))
        #expect(Endpoint(address: low, port: 9) < Endpoint(address: high, port: 1))
        #expect(Endpoint(address: low, port: 1) < Endpoint(address: low, port: 9))
    }
}
