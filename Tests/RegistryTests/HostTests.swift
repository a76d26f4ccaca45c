// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct HostTests {
    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1"), ("10.0.0.1:80", "10.0.0.1:80"), ("[::1]:80", "[::1]:80"),
        ("::1", "::1"), ("[::1]", "::1"), ("Cam-1.Example.org:8080", "cam-1.example.org:8080"),
        ("camera_7", "camera_7"),
    ])
    func `a host with or without port is read`(text: String, shown: String) throws {
        #expect(try HostPort(parsing: text).description == shown)
    }

    @Test(arguments: [
        "", "10.0.0.256", "010.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:70000", "10.0.0.1:080",
        "10.0.0.1:+80", "cam 1", "-cam", "cam-.org", "a..b", ".a", "a.", "кам", "1.2.3", "cam.7",
        "[10.0.0.1", "[::1]80", "a/b", String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127) + "b",
    ])
    func `a host that cannot be is refused`(text: String) {
        #expect(throws: ValueFault.self) { try HostPort(parsing: text) }
    }

    @Test func `a port beyond the last is named as a port`() {
        let fault = #expect(throws: ValueFault.self) { try HostPort(parsing: "10.0.0.1:70000") }
        #expect(fault?.what == "not a port")
        #expect(fault?.expected == "a port of 1 to 65535")
    }
}
