// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct StreamSourceTests {
    @Test(arguments: [
        ("RTSP://10.0.0.1:554", "rtsp://10.0.0.1/"), ("239.1.1.1:5004", "239.1.1.1:5004"),
        ("10.0.0.1", "10.0.0.1"), ("[ff15::1]:5004", "[ff15::1]:5004"), ("ff15::1", "ff15::1"),
    ])
    func `a URL, a group or a sender is read and written`(text: String, shown: String) throws {
        #expect(try StreamSource(parsing: text).description == shown)
    }

    @Test func `what goes to a group is a group and all else a sender`() throws {
        let group = try NetworkAddress(parsing: "239.1.1.1")
        let sender = try NetworkAddress(parsing: "10.0.0.1")
        #expect(try StreamSource(parsing: "239.1.1.1") == .group(group, port: nil))
        #expect(try StreamSource(parsing: "10.0.0.1:9") == .sender(sender, port: 9))
    }

    @Test(arguments: [
        "", "camera", "camera:80", "0.0.0.0", "::", "10.0.0.1:70000", "udp://239.1.1.1", "rtsp:/x",
        "//10.0.0.1", "10.0.0.1/stream",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: ValueFault.self) { try StreamSource(parsing: text) }
    }
}
