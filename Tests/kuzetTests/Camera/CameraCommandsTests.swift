// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Checks
import RTSP
import Registry
import Testing

@testable import kuzet

@Suite struct CameraCommandsTests {
    static func question(_ words: String...) throws -> CameraQuestion {
        try CameraCheckCommand.parse(words).question()
    }

    @Test(arguments: [
        ("ftp://10.0.0.1/", "the URL is none of rtsp, rtsps, http or https"),
        ("10.0.0.1", "the URL is none of rtsp, rtsps, http or https"),
        (
            "rtsp://u:canary@10.0.0.1/",
            "the URL holds a name or password; give --user and --password-file"
        ),
        ("rtsp://10.0.0.256/", "the URL names no host"),
    ])
    func `a URL that cannot be asked is refused, and no password is repeated`(
        url: String, text: String
    ) {
        let refusal = #expect(throws: Refusal.self) { try Self.question(url) }
        #expect(refusal?.description == text)
    }

    @Test(arguments: [
        ["--for", "0s"], ["--for", "2h"], ["--method", "carrier-pigeon"], ["--user", "u"],
        ["--format", "csv"],
    ])
    func `what makes no sense is refused`(words: [String]) {
        #expect(throws: (any Error).self) {
            try CameraCheckCommand.parse(["rtsp://10.0.0.1/"] + words)
        }
    }

    @Test func `the URL's host alone is allowed unless networks are named`() throws {
        let own = try Self.question("rtsp://10.0.0.1/a")
        #expect(own.allowed.prefixes.map(\.description) == ["10.0.0.1/32"])
        let named = try Self.question(
            "rtsp://10.0.0.1/a", "--allow", "10.0.0.0/8", "--allow", "192.0.2.1")
        #expect(named.allowed.prefixes.map(\.description) == ["10.0.0.0/8", "192.0.2.1/32"])
        let refusal = #expect(throws: Refusal.self) {
            try Self.question("rtsp://10.0.0.1/a", "--allow", "10.0.0.1/8")
        }
        #expect(refusal?.description.hasPrefix("--allow: bits beyond the prefix's length") == true)
    }

    @Test(arguments: [
        ("rtsp://h/", ["rtsp-udp", "rtsp-tcp", "rtsp-multicast", "rtsp-http"]),
        ("rtsps://h/", ["rtsps-tcp", "rtsps-udp"]), ("http://h/", ["http-multipart"]),
        ("https://h/", ["https-multipart"]),
    ])
    func `methods fit the scheme and are told with it`(url: String, titles: [String]) throws {
        let url = try RTSPURL(parsing: url)
        let isSecure = url.scheme.hasSuffix("s")
        #expect(CameraMethod.fitting(url).map { $0.title(isSecure: isSecure) } == titles)
        #expect(CameraMethod.http.title(isSecure: true) == "rtsp-https")
    }

    @Test func `a method is a pull of that way alone`() throws {
        var question = try Self.question(
            "rtsp://10.0.0.1/a", "--behind-nat", "--allow-basic", "--verify", "--tunnel-port",
            "8080")
        question.credentials = Digest.Credentials(user: "u", password: "p")
        #expect(question.request(.udp).deliveries == [.udp])
        #expect(question.request(.tcp).deliveries == [.interleaved])
        #expect(question.request(.multicast).deliveries == [.multicast])
        #expect(question.request(.http).way == .tunnel)
        #expect(question.request(.multipart).way == .multipart)
        let request = question.request(.udp)
        #expect(request.allowsBasic && request.verifiesCertificate)
        #expect(request.ignoresForeignAddresses)
        #expect(request.tunnelPort == 8080)
        #expect(request.credentials != nil)
    }
}
