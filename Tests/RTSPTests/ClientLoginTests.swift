// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import RTSP

@Suite struct ClientLoginTests {
    static func login(hasCredentials: Bool = true, allowsBasic: Bool = false) throws -> ClientLogin
    {
        var configuration = RTSPClientSession.Configuration(
            url: try RTSPURL(parsing: "rtsp://192.0.2.10/a"),
            hash: { _, octets in octets.suffix(16) })
        if hasCredentials {
            configuration.credentials = Digest.Credentials(user: "admin", password: "canary")
        }
        configuration.allowsBasic = allowsBasic
        return ClientLogin(configuration)
    }

    static func refusal(_ challenge: String) -> RTSPMessage {
        RTSPMessage.response(
            401, to: RTSPMessage.request(.describe, "/", sequenceNumber: 1),
            headers: ["WWW-Authenticate": challenge])
    }

    static func digest(_ nonce: String, stale: Bool = false) -> RTSPMessage {
        refusal(
            "Digest realm=\"r\", nonce=\"\(nonce)\", qop=\"auth\"\(stale ? ", stale=true" : "")")
    }

    @Test func `before anybody asked there is no proof`() throws {
        var login = try Self.login()
        #expect(login.proof(.options, "rtsp://192.0.2.10/a") == nil)
        #expect(login.failures == 0)
    }

    @Test func `without credentials a challenge is the end`() throws {
        var login = try Self.login(hasCredentials: false)
        #expect(
            login.challenged(by: Self.digest("n1"), hadProof: false) == .credentialsMissing)
        #expect(login.proof(.options, "/") == nil)
    }

    @Test func `uses of a nonce are counted, and a new nonce begins anew`() throws {
        var login = try Self.login()
        #expect(login.challenged(by: Self.digest("n1"), hadProof: false) == nil)
        let proofs = [login.proof(.describe, "/"), login.proof(.setup, "/")]
        #expect(proofs.map { $0?.contains("nonce=\"n1\"") } == [true, true])
        #expect(proofs[0]?.contains("nc=00000001") == true)
        #expect(proofs[1]?.contains("nc=00000002") == true)
        #expect(proofs[0]?.contains("canary") == false)
        login.accepted()
        #expect(login.challenged(by: Self.digest("n2", stale: true), hadProof: true) == nil)
        #expect(login.proof(.play, "/")?.contains("nc=00000001") == true)
        #expect(login.failures == 0)
    }

    @Test func `a proof that is refused is counted, and two are the end`() throws {
        var login = try Self.login()
        #expect(login.challenged(by: Self.digest("n1"), hadProof: false) == nil)
        var reason: ClientSessionEnd?
        for number in 2...4 where reason == nil {
            _ = login.proof(.describe, "/")
            reason = login.challenged(by: Self.digest("n\(number)"), hadProof: true)
        }
        #expect(login.failures == 2)
        #expect(reason?.word == "auth-failed")
    }

    @Test func `a password goes as it is only where that is allowed`() throws {
        let basic = Self.refusal("Basic realm=\"r\"")
        var careful = try Self.login()
        #expect(careful.challenged(by: basic, hadProof: false)?.word == "basic-in-clear")
        #expect(careful.proof(.describe, "/") == nil)
        var open = try Self.login(allowsBasic: true)
        #expect(open.challenged(by: basic, hadProof: false) == nil)
        #expect(open.proof(.describe, "/") == "Basic YWRtaW46Y2FuYXJ5")
    }
}
