// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

private func messages(_ name: String) throws -> [RTSPMessage] {
    read([.run(try fixture(name))]).seen.compactMap {
        if case .message(let message) = $0 { message } else { nil }
    }
}

/// The facts of a transcript in which each request is answered before the next.
private func facts(_ client: String, _ server: String) throws -> ([SessionFact], ObservedSession) {
    var session = ObservedSession()
    var facts: [SessionFact] = []
    let requests = try messages(client).filter { $0.wire == .rtsp }
    let responses = try messages(server).filter { $0.wire == .rtsp }
    for index in 0..<max(requests.count, responses.count) {
        if index < requests.count { facts += session.observed(requests[index], from: .client) }
        if index < responses.count { facts += session.observed(responses[index], from: .server) }
    }
    return (facts, session)
}

private func message(_ text: String) throws -> RTSPMessage {
    try RTSPMessage(parsing: text.octets.span)
}

extension SessionFact {
    /// The fact's name.
    fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }

    fileprivate var medium: ObservedMedium? {
        if case .setUp(let medium) = self { medium } else { nil }
    }

    /// What could not be used, in short.
    fileprivate var trouble: String? {
        if case .unusable(let fault) = self { "\(fault.kind) \(fault.field)" } else { nil }
    }
}

@Suite struct ObservedSessionTests {
    @Test func `a session with authentication tells its facts`() throws {
        let (facts, session) = try facts("gst_digest_client.txt", "gst_digest_server.txt")
        #expect(
            facts.map(\.name) == [
                "authenticationRequired", "described", "setUp", "started", "tornDown",
            ])
        #expect(
            facts[0]
                == .authenticationRequired(
                    RTSPURL(host: "192.168.10.11", port: 554, path: "/h264s"), schemes: ["digest"]))
        let medium = try #require(facts[2].medium)
        #expect(medium.index == 0)
        #expect(medium.description?.formats[0].codec == "h264")
        #expect(medium.transport.serverPorts == .init(50846, 50847))
        #expect(medium.session?.identifier == "h_i30CsAyI4s+Cbe")
        #expect(!medium.isRecorded)
        guard case .started(let delivery) = facts[3], case .tornDown(_, _, let ended) = facts[4]
        else { Issue.record("facts"); return }
        #expect(delivery.streams.map(\.sequenceNumber) == [6447])
        #expect(ended == [medium])
        #expect(session.media.isEmpty)
    }

    @Test(arguments: [
        ("vlc", [0]), ("gst_h265_audio", [0, 1]), ("gst_mcast6", [0]), ("trex_dss", [0, 1]),
    ])
    func `the media of other servers are matched to their descriptions`(
        _ name: String, _ indices: [Int]
    ) throws {
        let (facts, _) = try facts("\(name)_client.txt", "\(name)_server.txt")
        let media = facts.compactMap(\.medium)
        #expect(media.map(\.index) == indices)
        #expect(facts.compactMap(\.trouble).isEmpty)
    }

    @Test func `both connections of a tunnel are one session`() throws {
        let (facts, _) = try facts("tunnel_post.txt", "tunnel_answers.hex")
        let medium = try #require(facts.compactMap(\.medium).first)
        #expect(medium.transport.interleaved == .init(0, 1))
        #expect(medium.transport.lowerTransport == .tcp)
        #expect(medium.index == 0)
    }

    @Test func `a server's refusal is a fact`() throws {
        let (facts, _) = try facts("ipfixprobe_wms_client.txt", "ipfixprobe_wms_server.txt")
        #expect(
            facts == [
                .refused(
                    .describe, RTSPURL(host: "emap1.planetwideradio.com", path: "/tfm"), status: 500
                )
            ])
    }

    @Test func `a medium set up without a description keeps its URL`() throws {
        var session = ObservedSession()
        _ = session.observed(
            try message(
                "SETUP rtsp://c/a/t=1 RTSP/1.0\r\nCSeq: 3\r\n"
                    + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"
            ),
            from: .client)
        let facts = session.observed(
            try message("RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: s\r\n\r\n"), from: .server)
        let medium = try #require(facts.first?.medium)
        #expect(medium.url?.path == "/a/t=1")
        #expect(medium.index == nil)
        #expect(medium.transport.interleaved == .init(0, 1))
    }

    @Test func `an answer without its request tells what it can`() throws {
        var session = ObservedSession()
        let facts = session.observed(
            try message(
                "RTSP/1.0 200 OK\r\nCSeq: 3\r\n"
                    + "Transport: RTP/AVP;client_port=5000-5001;server_port=6000-6001\r\n\r\n"
            ),
            from: .server)
        #expect(facts.first?.medium?.url == nil)
        #expect(facts.first?.medium?.transport.clientPorts == .init(5000, 5001))
        #expect(facts.compactMap(\.trouble) == ["ignored answer without request"])
    }

    @Test(arguments: ["", ";mode=record", ";mode=receive"])
    func `a client that announces and records sends media the other way`(mode: String) throws {
        var session = ObservedSession()
        let body =
            "v=0\r\ns=-\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            + "a=control:streamid=0\r\n"
        var announce = RTSPMessage.request(
            .announce, "rtsp://s/in", sequenceNumber: 1,
            headers: ["Content-Type": "application/sdp"], body: body.octets)
        announce.contentLength = body.utf8.count
        var facts = session.observed(announce, from: .client)
        facts += session.observed(.response(200, to: announce), from: .server)
        let setup = RTSPMessage.request(
            .setup, "rtsp://s/in/streamid=0", sequenceNumber: 2,
            headers: ["Transport": "RTP/AVP;unicast;client_port=5000-5001;mode=record"])
        facts += session.observed(setup, from: .client)
        facts += session.observed(
            .response(
                200, to: setup,
                headers: [
                    "Transport": "RTP/AVP;unicast;server_port=6000-6001" + mode, "Session": "z",
                ]),
            from: .server)
        let record = RTSPMessage.request(
            .record, "rtsp://s/in", sequenceNumber: 3, headers: ["Session": "z"])
        facts += session.observed(record, from: .client)
        facts += session.observed(.response(200, to: record), from: .server)
        #expect(facts.map(\.name) == ["described", "setUp", "started"])
        let medium = try #require(facts[1].medium)
        #expect(medium.isRecorded)
        #expect(medium.description?.formats[0].codec == "h264")
        #expect(medium.transport.clientPorts == .init(5000, 5001))
        guard case .started(let delivery) = facts[2] else { Issue.record("facts"); return }
        #expect(delivery.isRecorded)
        #expect(delivery.session == "z")
    }

    @Test func `behind address translation the path of a control is enough`() throws {
        var session = ObservedSession()
        let describe = RTSPMessage.request(.describe, "rtsp://public/cam", sequenceNumber: 1)
        let body =
            "v=0\r\nm=audio 0 RTP/AVP 0\r\na=control:rtsp://10.0.0.1/cam/a\r\n"
            + "m=video 0 RTP/AVP 26\r\na=control:rtsp://10.0.0.1/cam/v\r\n"
        var answer = RTSPMessage.response(
            200, to: describe, headers: ["Content-Base": "rtsp://10.0.0.1/cam/"], body: body.octets)
        answer.headers["Content-Type"] = "application/sdp"
        _ = session.observed(describe, from: .client)
        _ = session.observed(answer, from: .server)
        let setup = RTSPMessage.request(
            .setup, "rtsp://public:8554/cam/v", sequenceNumber: 2,
            headers: ["Transport": "RTP/AVP;client_port=1024"])
        _ = session.observed(setup, from: .client)
        let facts = session.observed(.response(200, to: setup), from: .server)
        #expect(facts.first?.medium?.index == 1)
    }

    @Test func `row 32 answers with a missing, wrong or repeated number`() throws {
        var session = ObservedSession()
        let first = RTSPMessage.request(.play, "rtsp://c/a", sequenceNumber: 1)
        _ = session.observed(first, from: .client)
        let other = session.observed(
            try message("RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n"), from: .server)
        #expect(other.map(\.trouble) == ["ignored answer without request"])
        let bare = try message("RTSP/1.0 200 OK\r\n\r\n")
        let accepted = session.observed(bare, from: .server)
        #expect(accepted.map(\.name) == ["started", "unusable"])
        #expect(accepted.last?.trouble == "invalid CSeq")
        let again = session.observed(.response(200, to: first), from: .server)
        #expect(again.map(\.trouble) == ["ignored answer without request"])
        // Both wait, and neither can be told from the other.
        _ = session.observed(first, from: .client)
        _ = session.observed(first, from: .client)
        #expect(
            session.observed(bare, from: .server).map(\.trouble)
                == ["invalid CSeq", "ignored answer without request"])
    }

    @Test func `row 32 a session identifier with odd characters is not taken`() throws {
        var session = ObservedSession()
        let setup = RTSPMessage.request(
            .setup, "rtsp://c/a", sequenceNumber: 1, headers: ["Transport": "RTP/AVP"])
        _ = session.observed(setup, from: .client)
        let long = String(repeating: "a", count: 3000)
        let facts = session.observed(
            .response(200, to: setup, headers: ["Session": long]), from: .server)
        #expect(facts.first?.medium?.session == nil)
        #expect(facts.last?.trouble?.hasPrefix("overLimit ") == true)
    }

    @Test func `row 36 a transport that cannot be read is told with its fault`() throws {
        var session = ObservedSession()
        let setup = RTSPMessage.request(
            .setup, "rtsp://c/a", sequenceNumber: 1,
            headers: ["Transport": "RTP/AVP;client_port=99999999-1"])
        let facts = session.observed(setup, from: .client)
        let header = setup.headers["Transport"] ?? ""
        let fault = #expect(throws: ParseFault.self) {
            try TransportHeader.alternatives(parsing: header)
        }
        #expect(facts == [.unusable(try #require(fault))])
        // Told once, not with what follows.
        let play = RTSPMessage.request(.play, "rtsp://c/a", sequenceNumber: 2)
        #expect(session.observed(play, from: .client).isEmpty)
    }

    @Test func `row 33 a proof that is not accepted is told apart from a first question`() throws {
        var session = ObservedSession()
        for (headers, name) in [
            (RTSPHeaders(), "authenticationRequired"),
            (["Authorization": "Digest response=\"0\""], "authenticationRefused"),
        ] {
            let request = RTSPMessage.request(
                .describe, "rtsp://c/a", sequenceNumber: 1, headers: headers)
            _ = session.observed(request, from: .client)
            let facts = session.observed(.response(401, to: request), from: .server)
            #expect(facts.map(\.name) == [name])
        }
    }

    @Test(arguments: [
        ("rtsp://c/other", false), ("rtsp://evil/a", true), ("http://c/a", true),
    ])
    func `row 34 a redirect is reported and flagged`(_ location: String, _ isOther: Bool) throws {
        var session = ObservedSession()
        let request = RTSPMessage.request(.describe, "rtsp://c/a", sequenceNumber: 1)
        _ = session.observed(request, from: .client)
        let facts = session.observed(
            .response(302, to: request, headers: ["Location": location]), from: .server)
        guard case .redirected(_, let target, let flagged)? = facts.first else {
            Issue.record("no redirect")
            return
        }
        #expect(target.description == location)
        #expect(flagged == isOther)
    }

    @Test func `row 37 a session that the server does not know is over`() throws {
        var session = ObservedSession()
        let setup = RTSPMessage.request(
            .setup, "rtsp://c/a", sequenceNumber: 1, headers: ["Transport": "RTP/AVP"])
        _ = session.observed(setup, from: .client)
        _ = session.observed(
            .response(200, to: setup, headers: ["Session": "s"]), from: .server)
        #expect(session.media.count == 1)
        let end = RTSPMessage.request(
            .teardown, "rtsp://c/", sequenceNumber: 2, headers: ["Session": "s"])
        _ = session.observed(end, from: .client)
        #expect(
            session.observed(.response(454, to: end), from: .server).map(\.name) == ["tornDown"])
        #expect(session.media.isEmpty)
    }

    @Test func `a description cut by the snap length is read as far as it goes`() throws {
        var session = ObservedSession()
        let request = RTSPMessage.request(.describe, "rtsp://c/a", sequenceNumber: 1)
        var answer = RTSPMessage.response(
            200, to: request, headers: ["Content-Type": "application/sdp"],
            body: "v=0\r\nm=video 0 RTP/AVP 26\r\na=rtpm".octets)
        answer.contentLength = 400
        _ = session.observed(request, from: .client)
        guard case .described(let seen)? = session.observed(answer, from: .server).first else {
            Issue.record("not described")
            return
        }
        #expect(seen.isPartial)
        #expect(seen.description.media[0].formats[0].codec == "mjpeg")
        #expect(seen.description.warnings.isEmpty)
    }

    @Test func `requests without answers, media and descriptions are bounded`() throws {
        var session = ObservedSession()
        var troubles: [String: Int] = [:]
        for number in 0..<200 {
            let request = RTSPMessage.request(
                .setup, "rtsp://c/\(number)", sequenceNumber: UInt32(number),
                headers: ["Transport": "RTP/AVP"])
            var facts = session.observed(request, from: .client)
            if number < 100 {
                facts += session.observed(.response(200, to: request), from: .server)
            }
            for trouble in facts.compactMap(\.trouble) { troubles[trouble, default: 0] += 1 }
        }
        #expect(session.media.count == ObservedSession.mediaLimit)
        #expect(troubles["overLimit media of a connection"] == 36)
        #expect(
            troubles["overLimit requests without answer"]
                == 100 - ObservedSession.outstandingLimit)
        for number in 0..<9 {
            let request = RTSPMessage.request(
                .announce, "rtsp://c/\(number)", sequenceNumber: 1, body: "v=0\r\n".octets)
            _ = session.observed(request, from: .client)
        }
        #expect(session.descriptions.count == ObservedSession.descriptionLimit)
    }
}
