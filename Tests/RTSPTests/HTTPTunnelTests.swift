// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

private func decoded(_ pieces: [[UInt8]]) -> (octets: [UInt8], strays: Int) {
    var decoder = TunnelDecoder()
    var octets: [UInt8] = []
    for piece in pieces { decoder.decode(piece.span, into: &octets) }
    return (octets, decoder.strayCount)
}

/// The message with which a transcript begins.
private func head(_ name: String) throws -> RTSPMessage {
    let messages = read([.run(try fixture(name))]).seen.compactMap {
        if case .message(let message) = $0 { message } else { nil }
    }
    return try #require(messages.first)
}

@Suite struct HTTPTunnelTests {
    @Test func `the two halves of a tunnel are recognised by their cookie`() throws {
        let get = try head("tunnel_get.txt")
        let post = try head("tunnel_post.txt")
        #expect(HTTPTunnel.half(openedBy: get) == .answers(cookie: "f98910dfb6640826"))
        #expect(HTTPTunnel.half(openedBy: post) == .requests(cookie: "f98910dfb6640826"))
        let answer = try head("tunnel_answers.hex")
        #expect(HTTPTunnel.isOpened(by: answer))
    }

    @Test func `other requests open no tunnel`() {
        func half(_ method: RTSPMethod, _ headers: RTSPHeaders) -> HTTPTunnel.Half? {
            HTTPTunnel.half(
                openedBy: RTSPMessage(
                    .request(method, target: .init("/")), wire: .http, version: 11,
                    headers: headers))
        }
        #expect(half(.get, ["x-sessioncookie": "a"]) == nil)
        #expect(half(.get, ["Accept": HTTPTunnel.contentType]) == nil)
        #expect(half(.post, ["x-sessioncookie": "a", "Content-Type": "text/plain"]) == nil)
        let long = String(repeating: "a", count: 257)
        #expect(half(.get, ["Accept": HTTPTunnel.contentType, "x-sessioncookie": long]) == nil)
    }

    @Test func `base64 with padding after each request is decoded at every split`() {
        let requests = ["OPTIONS * RTSP/1.0\r\n\r\n", "a", "bc", "def"]
        let text = requests.map { Base64.encode($0.utf8) }.joined(separator: "\r\n").octets
        let expected = requests.joined().octets
        for split in 0...text.count {
            let result = decoded([Array(text[..<split]), Array(text[split...])])
            #expect(result.octets == expected)
            #expect(result.strays == 0)
        }
        #expect(decoded(text.map { [$0] }).octets == expected)
    }

    @Test func `a gap keeps the groups of four`() {
        let text = Base64.encode("abcdefghijkl".utf8).octets
        for gap in 1...8 {
            var decoder = TunnelDecoder()
            var octets: [UInt8] = []
            decoder.decode(text.span.extracting(0..<2), into: &octets)
            decoder.skipped(octets: gap)
            decoder.decode(text.span.extracting(2 + gap..<16), into: &octets)
            #expect("abcdefghijkl".octets.suffix(octets.count) == octets[...], "\(gap)")
        }
    }

    @Test func `octets that are no base64 are counted`() {
        #expect(decoded([[0, 0xFF, 0x24]]).strays == 3)
    }
}
