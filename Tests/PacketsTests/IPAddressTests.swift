// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("192.168.10.11", "192.168.10.11"),
        ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("fd00:10::fe", "fd00:10::fe"),
        ("1::", "1::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
    func `text is read and written in the canonical form`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
        #expect(IPAddress(canonical) == IPAddress(text))
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..3.4", "a.b.c.d",
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
        "fe80::1%eth0", "[::1]", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:8::", "-1.2.3.4",
        "00000000000000000000000000000000000000000000000000::1",
    ])
    func `what is not an address is not read`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `families are told apart`() {
        #expect(IPAddress(10, 0, 0, 1).isV4)
        #expect(IPAddress("::1")?.isV4 == false)
        #expect(IPAddress("::fffe:10.0.0.1")?.isV4 == false)
        #expect(IPAddress(bytes: [10, 0, 0, 1].span) == IPAddress(10, 0, 0, 1))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 16).span) == IPAddress("::"))
        #expect(IPAddress(bytes: [1, 2, 3].span) == nil)
    }

    @Test(arguments: [
        ("224.0.0.0", true), ("239.255.255.255", true), ("223.255.255.255", false),
        ("240.0.0.0", false), ("ff02::1", true), ("fe80::1", false), ("::", false),
    ])
    func `groups are told from hosts`(text: String, isMulticast: Bool) {
        #expect(IPAddress(text)?.isMulticast == isMulticast)
    }

    @Test func `unspecified is all zeros of either family`() {
        #expect(IPAddress(127, 0, 0, 1).isLoopback && IPAddress(127, 9, 8, 7).isLoopback)
        #expect(IPAddress("::1")?.isLoopback == true)
        #expect(!IPAddress(128, 0, 0, 1).isLoopback)
        #expect(IPAddress("::2")?.isLoopback == false && IPAddress("1::1")?.isLoopback == false)
        #expect(IPAddress(0, 0, 0, 0).isUnspecified)
        #expect(IPAddress("::")?.isUnspecified == true)
        #expect(IPAddress("::1")?.isUnspecified == false)
        #expect(!IPAddress(0, 0, 0, 1).isUnspecified)
    }

    @Test func `any bytes survive the way through text`() {
        var random = SeededGenerator(state: 1)
        for _ in 0..<2_000 {
            // Sparse, so that runs of zeros are common.
            let high = random.next() & random.next() & random.next() & 0xffff_0000_ffff_00ff
            let address = IPAddress(high: high, low: random.next() & random.next() & 0xff00_ffff)
            #expect(IPAddress(address.description) == address)
        }
    }
}
