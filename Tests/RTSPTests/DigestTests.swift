// SPDX-License-Identifier: Apache-2.0

import RTSP
import Testing

/// The hashes of the examples, computed beforehand with another program.
private let known: [String: String] = [
    "MD5 Mufasa:testrealm@host.com:Circle Of Life":
        "939e7578ed9e3c518a452acee763bce9",
    "MD5 GET:/dir/index.html":
        "39aff3a2bab6126f332b942af96d3366",
    "MD5 939e7578ed9e3c518a452acee763bce9:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001"
        + ":0a4f113b:auth:39aff3a2bab6126f332b942af96d3366":
        "6629fae49393a05397450978507c4ef1",
    "MD5 Mufasa:http-auth@example.org:Circle of Life":
        "3d78807defe7de2157e2b0b6573a855f",
    "MD5 3d78807defe7de2157e2b0b6573a855f:7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0"
        + "v:00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth:39aff3a2bab6126f332"
        + "b942af96d3366":
        "8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256 Mufasa:http-auth@example.org:Circle of Life":
        "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
    "SHA-256 GET:/dir/index.html":
        "9a3fdae9a622fe8de177c24fa9c070f2b181ec85e15dcbdc32e10c82ad450b04",
    "SHA-256 7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232:7ypf/xl"
        + "j9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpX"
        + "usqGemxURZJ:auth:9a3fdae9a622fe8de177c24fa9c070f2b181ec85e15dcbdc32e10c82ad450b0"
        + "4":
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
]

private func hash(_ algorithm: DigestAlgorithm, _ octets: [UInt8]) -> [UInt8] {
    let key = "\(algorithm.name) \(String(decoding: octets, as: UTF8.self))"
    return Hexadecimal.decode((known[key] ?? "").utf8, limit: 64) ?? []
}

private func challenge(_ value: String) -> Digest.Challenge? {
    AuthenticationHeader.all(parsing: [value]).compactMap { Digest.Challenge($0) }.first
}

private func unauthorized(_ values: String...) -> RTSPMessage {
    var headers = RTSPHeaders()
    for value in values { headers.append("WWW-Authenticate", value) }
    return RTSPMessage(.response(status: 401, reason: ""), headers: headers)
}

@Suite struct DigestTests {
    let mufasa = Digest.Credentials(user: "Mufasa", password: "Circle of Life")
    let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    let clientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"

    @Test func `the example of RFC 2617 section 3 5 comes out`() throws {
        let asked = try #require(
            challenge(
                "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
                    + "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                    + "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""))
        let text = Digest.authorization(
            asked, .init(user: "Mufasa", password: "Circle Of Life"), method: .get,
            uri: "/dir/index.html", clientNonce: "0a4f113b", hash: hash)
        #expect(text.contains("response=\"6629fae49393a05397450978507c4ef1\""))
        #expect(text.contains("nc=00000001"))
        #expect(text.contains("opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""))
    }

    @Test(arguments: [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ])
    func `the examples of RFC 7616 section 3 9 1 come out`(
        _ algorithm: String, _ response: String
    ) throws {
        let asked = try #require(
            challenge(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
                    + "algorithm=\(algorithm), nonce=\"\(nonce)\""))
        let text = Digest.authorization(
            asked, mufasa, method: .get, uri: "/dir/index.html", clientNonce: clientNonce,
            hash: hash)
        #expect(text.contains("response=\"\(response)\""))
    }

    @Test func `a proof is verified and every difference told`() throws {
        let asked = Digest.Challenge(
            realm: "http-auth@example.org", nonce: nonce, algorithm: .sha256, coversCount: true)
        let text = Digest.authorization(
            asked, mufasa, method: .get, uri: "/dir/index.html", clientNonce: clientNonce,
            hash: hash)
        func rejection(
            _ value: String?, target: String = "/dir/index.html",
            _ challenge: Digest.Challenge? = nil
        ) -> Digest.Rejection? {
            var headers = RTSPHeaders()
            if let value { headers.append("Authorization", value) }
            let request = RTSPMessage.request(.get, target, sequenceNumber: 1, headers: headers)
            return Digest.rejection(of: request, challenge ?? asked, mufasa, hash: hash)
        }
        #expect(rejection(text) == nil)
        #expect(rejection(nil) == .absent)
        #expect(rejection("Basic TXVm") == .absent)
        #expect(rejection(text, target: "/other") == .otherTarget)
        #expect(
            rejection(text.replacing("response=\"75", with: "response=\"76")) == .wrong)
        #expect(rejection(text.replacing("Mufasa", with: "Scar")) == .otherUser)
        #expect(rejection(text, .init(realm: asked.realm, nonce: "new")) == .otherChallenge)
        #expect(
            rejection(text.replacing(", algorithm=SHA-256", with: "")) == .otherChallenge)
        #expect(rejection(text.replacing("qop=auth, ", with: "")) == .otherChallenge)
    }

    @Test func `quotation marks inside a realm are shielded and read back`() {
        let asked = Digest.Challenge(realm: "a \"b\" \\c", nonce: "n, x=y", coversCount: true)
        #expect(challenge(asked.text) == asked)
    }

    @Test func `several challenges in one header are told apart`() {
        let headers = AuthenticationHeader.all(parsing: [
            "Basic realm=\"cam\", Digest realm=\"cam\", nonce=\"1\", algorithm=SHA-256, Negotiate"
        ])
        #expect(headers.map(\.scheme) == ["basic", "digest", "negotiate"])
        #expect(headers[1]["nonce"] == "1")
    }

    @Test func `row 33 a loop of 401 ends after two tries`() {
        var dialogue = AuthenticationDialogue()
        let realms = ["a", "b", "c", "d"]
        let answers = realms.map {
            dialogue.challenged(by: unauthorized("Digest realm=\"\($0)\", nonce=\"n\""))
        }
        #expect(answers[2...] == [.giveUp(.tooManyTries), .giveUp(.tooManyTries)])
        guard case .prove = answers[0], case .prove = answers[1] else {
            Issue.record("did not try")
            return
        }
    }

    @Test func `row 33 a challenge without nonce or of unknown algorithm is not answered`() {
        for value in [
            "Digest realm=\"a\"", "Digest realm=\"a\", nonce=\"\"", "Digest nonce=\"n\"", "NTLM",
            "Digest realm=\"a\", nonce=\"n\", algorithm=MD4",
            "Digest realm=\"a\", nonce=\"n\", qop=\"auth-int\"",
        ] {
            var dialogue = AuthenticationDialogue()
            #expect(
                dialogue.challenged(by: unauthorized(value)) == .giveUp(.noUsableChallenge))
        }
    }

    @Test func `row 33 Basic is sent in clear only where allowed`() {
        var careful = AuthenticationDialogue()
        #expect(
            careful.challenged(by: unauthorized("Basic realm=\"a\"")) == .giveUp(.basicInClear))
        var allowed = AuthenticationDialogue(allowsBasic: true)
        #expect(allowed.challenged(by: unauthorized("Basic realm=\"a\"")) == .basic)
    }

    @Test func `row 33 the best algorithm is chosen and no downgrade followed`() {
        var dialogue = AuthenticationDialogue(allowsBasic: true)
        let weak = "Digest realm=\"a\", nonce=\"n\""
        let strong = weak + ", algorithm=SHA-256"
        guard case .prove(let chosen) = dialogue.challenged(by: unauthorized(weak, strong)) else {
            Issue.record("did not try")
            return
        }
        #expect(chosen.algorithm == .sha256)
        #expect(dialogue.challenged(by: unauthorized(weak)) == .giveUp(.downgrade))
        #expect(dialogue.challenged(by: unauthorized("Basic realm=\"a\"")) == .giveUp(.downgrade))
    }

    @Test func `row 33 a stale nonce costs no try, but not for ever`() {
        var dialogue = AuthenticationDialogue()
        let asked = "Digest realm=\"a\", nonce=\"n\""
        _ = dialogue.challenged(by: unauthorized(asked))
        let answers = (0..<8).map { _ in
            dialogue.challenged(by: unauthorized(asked + ", stale=TRUE"))
        }
        #expect(answers.last == .giveUp(.tooManyTries))
        guard case .prove = answers[2] else { Issue.record("gave up"); return }
    }

    @Test func `no printed form holds a proof or a password`() {
        var dumped = ""
        dump(mufasa, to: &dumped)
        dump(AuthenticationHeader.all(parsing: ["Digest response=\"Circle\""]), to: &dumped)
        #expect(!(dumped + "\(mufasa)").contains("Circle"))
    }
}
