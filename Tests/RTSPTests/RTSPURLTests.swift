// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

@Suite struct RTSPURLTests {
    @Test(
        arguments: [
            ("rtsp://Cam:8554/a/b?c=d", "cam", 8554, "/a/b?c=d"),
            ("rtsp://[FD00::1]:554/x", "fd00::1", 554, "/x"),
            ("RTSP://h", "h", nil, ""),
            ("rtsp://u:p@h/x@y", "h", nil, "/x@y"),
            ("rtsp://u:p/w#1@h:99/x", "h", 99, "/x"),
            ("rtsp://h?profile=1", "h", nil, "/?profile=1"),
            ("rtsp://h:/x", "h", nil, "/x"),
        ] as [(String, String, UInt16?, String)])
    func `a URL is read`(_ text: String, _ host: String, _ port: UInt16?, _ path: String) throws {
        let url = try RTSPURL(parsing: text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(!url.description.contains("u:p"))
    }

    @Test(arguments: [
        "", "h/x", "rtsp:/h", "rtsp:///x", "rtsp://h:99999/", "rtsp://[::1/", "rtsp://h\u{1}/",
    ])
    func `what is no URL is refused`(_ text: String) {
        #expect(throws: ParseFault.self) { try RTSPURL(parsing: text) }
    }

    @Test func `row 25 controls are resolved, those of other hosts flagged`() throws {
        let base = try RTSPURL(parsing: "rtsp://c:8554/live/")
        func resolved(_ control: String?) -> String? {
            if case .here(let url) = base.control(control) { url.description } else { nil }
        }
        #expect(resolved(nil) == "rtsp://c:8554/live/")
        #expect(resolved("*") == "rtsp://c:8554/live/")
        #expect(resolved("trackID=1") == "rtsp://c:8554/live/trackID=1")
        #expect(resolved("rtsp://C:8554/live/t") == "rtsp://c:8554/live/t")
        let bare = try RTSPURL(parsing: "rtsp://c/live")
        #expect(bare.control("t=1").url?.path == "/live/t=1")
        #expect(bare.controlByTheBook("t=1")?.path == "/t=1")
        for other in ["rtsp://evil/live", "file:///etc/passwd", "http://c/x"] {
            guard case .elsewhere = base.control(other) else {
                Issue.record("followed \(other)")
                continue
            }
        }
        #expect(base.control("rtsp://:x/") == .unreadable)
    }

    @Test(arguments: [
        "rtsp://user:pa<ss@h/x", "rtsp://user:pa ss@h/x", "rtsp://us\"er@h/x",
        "rtsp://[29<4:b@h/x", "rtsp://user:a/b@h/x", "rtsp://u@v:w/@h/x",
    ])
    func `credentials are left out whatever characters they hold`(_ text: String) {
        #expect(RTSPURL.withoutCredentials(text) == "rtsp://h/x")
    }

    @Test func `a password that ends a sentence is left out in the middle of a text`() {
        for text in ["see <rtsp://user:pa<ss@h/x", "see <rtsp://user:pa ss@h/x"] {
            #expect(RTSPURL.withoutCredentials(text) == "see <rtsp://h/x")
        }
    }

    @Test func `what follows a URL in a text stays, at signs too`() {
        for text in [
            "see <rtsp://h:554/x> of a@b", "url=rtsp://h/x;seq=1, url=rtsp://h/y;seq=2 by a@b",
            "\"rtsp://[fd00::1]:554\" a@b", "rtsp://h/a@b",
        ] {
            #expect(RTSPURL.withoutCredentials(text) == text)
        }
    }

    @Test func `no mutation of a URL traps`() {
        var random = Seeded(state: 5)
        let base = RTSPURL(host: "c", path: "/live")
        for _ in 0..<4000 {
            let broken = mutated("rtsp://u:p@[fd00::1]:8554/a?b=c#d".octets, &random)
            let text = String(decoding: broken, as: UTF8.self)
            _ = try? RTSPURL(parsing: text)
            _ = RTSPURL.withoutCredentials(text)
            _ = base.control(text)
            _ = base.controlByTheBook(text)
        }
    }
}
