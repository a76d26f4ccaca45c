// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct StreamURLTests {
    @Test(arguments: [
        ("rtsp://10.0.0.1/a", "rtsp://10.0.0.1/a"),
        ("RtSp://CAM.example:554/A%20b?Q=1", "rtsp://cam.example/A%20b?Q=1"),
        ("rtsps://h:322/", "rtsps://h/"), ("http://h:80", "http://h/"),
        ("https://h:8443/x", "https://h:8443/x"), ("rtsp://h?x", "rtsp://h/?x"),
        ("rtsp://[2001:DB8::0:1]:554/a", "rtsp://[2001:db8::1]/a"), ("rtsp://h:/a", "rtsp://h/a"),
        ("rtsps://h:554/a", "rtsps://h:554/a"),
    ])
    func `scheme, host and default port take one form, the path stays`(
        text: String, shown: String
    ) throws {
        #expect(try StreamURL(parsing: text).text == shown)
        #expect(StreamURL(seen: text)?.text == shown)
    }

    @Test(arguments: [
        "", "rtsp", "rtsp:", "rtsp://", "rtsp:///a", "ftp://h/a", "rtsp://h:70000/", "rtsp://h h/",
        "rtsp://10.0.0.256/", "rtsp://010.0.0.1/", "rtsp://h/é", "rtsp://h/a\u{7}", "://h/",
        "rtsp://h/" + String(repeating: "a", count: 1024),
    ])
    func `what is no stream's URL is refused`(text: String) {
        #expect(throws: ValueFault.self) { try StreamURL(parsing: text) }
        #expect(StreamURL(seen: text) == nil)
    }

    @Test func `a password in the registry's URL is refused and not shown`() throws {
        let fault = try #require(
            #expect(throws: ValueFault.self) {
                try StreamURL(parsing: "rtsp://admin:hunter2@10.0.0.1/")
            })
        #expect(fault.code == .secretInClear)
        let problem = RegistryProblem(
            fault, at: SourcePlace(file: "f"), field: "stream", got: "rtsp://admin:hunter2@h/")
        #expect(!problem.description.contains("hunter2"))
    }

    @Test func `what was seen loses its user and fragment`() {
        #expect(StreamURL(seen: "rtsp://u:p@x@h/a#b")?.text == "rtsp://h/a")
        #expect(throws: ValueFault.self) { try StreamURL(parsing: "rtsp://h/a#b") }
    }

    @Test func `the host is at hand and encryption shows`() throws {
        let url = try StreamURL(parsing: "rtsps://10.0.0.1:9000/x")
        #expect(url.host.description == "10.0.0.1")
        #expect(url.isEncrypted)
        #expect(try !StreamURL(parsing: "rtsp://h/").isEncrypted)
    }
}
