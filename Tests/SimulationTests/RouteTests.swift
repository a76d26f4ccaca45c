// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct RouteTests {
    @Test(
        arguments: [
            ([10, 64, 0, 1], "10.64.0.1:554"),
            ([0xfd, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "[fd00:10::1]:554"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "[::1]:554"),
            ([0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], "[2001:db8:0:1::]:554"),
            ([0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8], "[1:0:3:4:5:6:7:8]:554"),
        ] as [([UInt8], String)])
    func `addresses are written as people write them`(address: [UInt8], text: String) {
        #expect(Endpoint(address: address, port: 554).text == text)
    }

    @Test func `two tags are laid outermost first with their own type`() {
        let route = Route(
            source: Endpoint(address: [10, 0, 0, 1], port: 1),
            target: Endpoint(address: [10, 0, 0, 2], port: 2), vlan: [2000, 100], host: 9)
        let headers = route.headers(protocol: 17)
        #expect(headers[12..<22] == [0x88, 0xa8, 0x07, 0xd0, 0x81, 0, 0, 100, 0x08, 0])
        #expect(route.linkLength == 22)
        #expect(headers.count == 42)
    }
}
