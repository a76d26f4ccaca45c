// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import Registry
import Testing

struct AllowedAddressesTests {
    private func allowed(_ texts: String...) throws -> AllowedAddresses {
        AllowedAddresses(try texts.map { try AddressPrefix(parsing: $0) })
    }

    private func address(_ text: String) throws -> IPAddress {
        let address = try NetworkAddress(parsing: text)
        return IPAddress(high: address.high, low: address.low)
    }

    @Test(arguments: [
        ("10.20.0.0/16", "10.20.255.1", true), ("10.20.0.0/16", "10.21.0.1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("2001:db8::/32", "2001:db8:1::5", true), ("2001:db8::/32", "2001:db9::5", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "2001:db8::1", true), ("::/0", "203.0.113.9", false),
        ("0.0.0.0/0", "127.0.0.1", false), ("0.0.0.0/0", "169.254.169.254", false),
        ("127.0.0.0/8", "127.0.0.1", true), ("169.254.0.0/16", "169.254.7.7", true),
        ("::/0", "::1", false), ("::1", "::1", true), ("::/0", "fe80::1", false),
        ("0.0.0.0/0", "0.0.0.0", false), ("0.0.0.0/0", "239.1.2.3", false),
    ])
    func `only what is listed may be dialled`(
        prefix: String, dialled: String, expected: Bool
    ) throws {
        #expect(try allowed(prefix).allows(address(dialled)) == expected)
    }

    @Test(arguments: [
        "10.20.0.7/16", "10.20.0.0/33", "10.20.0.0/", "10.20.0.0/08", "0177.0.0.1", "2130706433",
        "2001:db8::1/64", "camera.example/8", "",
    ])
    func `a prefix that means something else is refused`(text: String) {
        #expect(throws: ValueFault.self) { try AddressPrefix(parsing: text) }
    }

    @Test func `a prefix is written as it is read`() throws {
        for text in ["10.20.0.0/16", "192.0.2.7/32", "2001:db8::/32", "::/0", "0.0.0.0/0"] {
            #expect(try AddressPrefix(parsing: text).description == text)
        }
    }

    @Test func `nothing listed lets nothing through`() throws {
        #expect(!AllowedAddresses([]).allows(try address("192.0.2.1")))
    }
}
