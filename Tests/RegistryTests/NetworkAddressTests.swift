// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("2001:DB8::0:1", "2001:db8::1"), ("1::", "1::"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func `addresses are read and written in their one form`(text: String, shown: String) throws {
        #expect(try NetworkAddress(parsing: text).description == shown)
        #expect(try NetworkAddress(parsing: shown) == NetworkAddress(parsing: text))
    }

    @Test(arguments: [
        "", "10", "10.0.0", "10.0.0.1.2", "10.0.0.", ".0.0.1", "10.0.0.256", "10.0.0.1000",
        "010.0.0.1", "10.0.0.01", "10.0.0.0x1", "10.0.0.-1", "10.0.0.+1", " 10.0.0.1",
        "10.0.0.1 ", "1:2", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "g::", ":1",
        "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:", "fe80::1%eth0", "::+1", "::10.0.0.256",
        "1:2:3:4:5:6:7:10.0.0.1",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: ValueFault.self) { try NetworkAddress(parsing: text) }
    }

    @Test func `an octal-looking address is named as such`() {
        let fault = #expect(throws: ValueFault.self) { try NetworkAddress(parsing: "010.0.0.1") }
        #expect(fault?.what == "a leading zero, which some programs read as octal")
        let large = #expect(throws: ValueFault.self) { try NetworkAddress(parsing: "10.0.0.256") }
        #expect(large?.what == "256 is no octet of an address")
        #expect(large?.code == .outOfRange)
    }

    @Test(arguments: [
        ("224.0.0.1", true), ("239.255.255.255", true), ("223.255.255.255", false),
        ("240.0.0.1", false), ("ff02::1", true), ("fe80::1", false),
    ])
    func `groups are told from hosts`(text: String, isGroup: Bool) throws {
        #expect(try NetworkAddress(parsing: text).isMulticast == isGroup)
    }

    @Test func `the two numbers are those of the address in network order`() throws {
        let address = try NetworkAddress(parsing: "192.0.2.1")
        #expect(address.high == 0)
        #expect(address.low == 0xffff_c000_0201)
        #expect(address.isV4)
        #expect(try NetworkAddress(parsing: "9.0.0.0") < NetworkAddress(parsing: "10.0.0.0"))
    }
}
