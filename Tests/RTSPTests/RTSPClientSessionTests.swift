// SPDX-License-Identifier: Apache-2.0
import RTSP
import Testing
import Timekeeping

/// A session under test, and a server that answers what the test says.
struct ScriptedServer {
    var session: RTSPClientSession
    var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    /// What the session asked for, the latest last.
    var requests: [RTSPMessage] = []
    var actions: [RTSPClientSession.Action] = []

    static let credentials = Digest.Credentials(user: "admin", password: "canary-secret")
    static let video = """
        v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nt=0 0\r\na=control:*\r\n\
        m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n\
        m=audio 0 RTP/AVP 0\r\na=control:trackID=2\r\n
        """

    init(
        url: String = "rtsp://192.0.2.10:554/stream1", hasCredentials: Bool = false,
        _ change: (inout RTSPClientSession.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = RTSPClientSession.Configuration(
            url: try RTSPURL(parsing: url),
            credentials: hasCredentials ? Self.credentials : nil,
            hash: { algorithm, octets in
                // No hash, but one that tells all inputs of these tests apart.
                Array("\(algorithm.name)".utf8) + octets.suffix(40)
            })
        configuration.clientNonce = "c1"
        change(&configuration)
        session = RTSPClientSession(configuration)
        take(session.connected(server: "192.0.2.10", client: "192.0.2.1", at: now))
    }

    mutating func take(_ new: [RTSPClientSession.Action]) {
        actions = new
        for case .send(let octets) in new {
            var reader = RTSPStreamReader()
            reader.receive(octets.span) { element, _ in
                if case .message(let message) = element { requests.append(message) }
            }
        }
    }

    /// Gives the session what a server sends.
    mutating func says(_ octets: [UInt8]) { take(session.received(octets.span, at: now)) }

    /// Answers the latest request.
    mutating func answers(_ status: Int, _ headers: RTSPHeaders = [:], _ body: String = "") {
        guard let request = requests.last(where: { $0.method != nil }) else { return }
        says(
            RTSPMessage.response(status, to: request, headers: headers, body: Array(body.utf8))
                .serialised())
    }

    /// Lets time pass, telling the session at each of its deadlines.
    mutating func wait(seconds: Double) {
        let end = now.advanced(byNanoseconds: Int64(seconds * 1e9))
        var all: [RTSPClientSession.Action] = []
        while let deadline = session.nextDeadline, deadline <= end {
            now = max(now, deadline)
            take(session.timePassed(at: now))
            all += actions
        }
        now = end
        actions = all
    }

    /// From the connection to the answer of DESCRIBE.
    mutating func describes(_ text: String = video, _ headers: RTSPHeaders = [:]) {
        answers(200, ["Public": "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"])
        var all: RTSPHeaders = ["Content-Type": "application/sdp"]
        for field in headers.fields { all.append(field.name, field.value) }
        answers(200, all, text)
    }

    /// From the connection to playing over UDP.
    mutating func plays() {
        describes()
        take(session.opened(medium: 0, ports: .init(6000, 6001), at: now))
        answers(200, Self.udpAnswer)
        answers(200)
    }

    static let udpAnswer: RTSPHeaders = [
        "Session": "12345678;timeout=60",
        "Transport": "RTP/AVP;unicast;client_port=6000-6001;server_port=50000-50001",
    ]

    var last: RTSPMessage? { requests.last }
    var isEnded: ClientSessionEnd? {
        if case .over(let reason) = session.phase { reason } else { nil }
    }
}

struct RTSPClientSessionTests {
    typealias Path = RTSPClientSession.Path

    @Test func `asks for options, description, set-up and play, and then plays`() throws {
        var server = try ScriptedServer()
        #expect(server.last?.method == .options)
        server.describes()
        #expect(server.actions == [.openPorts(medium: 0)])
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        #expect(server.last?.target?.text == "rtsp://192.0.2.10:554/stream1/trackID=1")
        #expect(server.last?.headers["Transport"] == "RTP/AVP;unicast;client_port=6000-6001")
        server.answers(200, ScriptedServer.udpAnswer)
        #expect(server.actions.first == .expect(medium: 0, .udp(from: .init(50000, 50001))))
        #expect(server.last?.method == .play)
        #expect(server.last?.headers["Session"] == "12345678")
        server.answers(200, ["Session": "12345678"])
        #expect(server.actions == [.playing])
        #expect(server.session.phase == .playing)
        #expect(server.requests.map { $0.sequenceNumber } == [1, 2, 3, 4])
    }

    @Test func `sound is left alone`() throws {
        var server = try ScriptedServer()
        server.plays()
        #expect(server.session.media.count == 1)
        #expect(server.session.media.first?.description.kind == .video)
    }

    @Test func `keeps alive by GET_PARAMETER at half of the server's patience`() throws {
        var server = try ScriptedServer { $0.silenceLimit = 3_600_000_000_000 }
        server.plays()
        server.wait(seconds: 29.9)
        #expect(server.last?.method == .play)
        server.wait(seconds: 0.2)
        #expect(server.last?.method == .getParameter)
        #expect(server.last?.headers["Session"] == "12345678")
        server.answers(200)
        server.wait(seconds: 30)
        #expect(server.requests.count { $0.method == .getParameter } == 2)
        #expect(server.session.phase == .playing)
    }

    @Test func `a refused GET_PARAMETER is followed by OPTIONS, and neither is an end`() throws {
        var server = try ScriptedServer { $0.silenceLimit = 3_600_000_000_000 }
        server.plays()
        server.wait(seconds: 30)
        server.answers(405)
        #expect(server.last?.method == .options)
        server.answers(500)
        #expect(server.session.phase == .playing)
        #expect(server.session.oddities.failedKeepAlives == 2)
        server.wait(seconds: 30)
        #expect(server.last?.method == .options)
    }

    @Test func `a keep-alive without answer is no end while media comes`() throws {
        var server = try ScriptedServer()
        server.plays()
        for _ in 0..<60 {
            server.wait(seconds: 1)
            server.session.receivedMedia(at: server.now)
        }
        #expect(server.session.phase == .playing)
        #expect(server.session.oddities.failedKeepAlives >= 1)
    }

    @Test func `a session that the server forgot is lost, not down`() throws {
        var server = try ScriptedServer { $0.silenceLimit = 3_600_000_000_000 }
        server.plays()
        server.wait(seconds: 30)
        server.answers(454)
        #expect(server.isEnded == .sessionLost)
    }

    @Test func `media that never comes ends the session as silent`() throws {
        var server = try ScriptedServer()
        server.plays()
        server.wait(seconds: 9)
        server.session.receivedMedia(at: server.now)
        server.wait(seconds: 9)
        #expect(server.isEnded == nil)
        server.wait(seconds: 1)
        #expect(server.isEnded == .silent(nanoseconds: 10_000_000_000))
    }

    @Test func `a refused way of delivery is followed by the next`() throws {
        var server = try ScriptedServer()
        server.describes()
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        server.answers(461)
        #expect(server.actions.first == .closePorts(medium: 0))
        #expect(server.last?.headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1")
        server.answers(
            200, ["Session": "9", "Transport": "RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1"])
        #expect(server.actions.first == .expect(medium: 0, .interleaved(.init(4, 5))))
        server.answers(200)
        server.says([0x24, 4, 0, 4, 1, 2, 3, 4])
        #expect(server.session.phase == .playing)
    }

    @Test func `when every way is refused there is no transport`() throws {
        var server = try ScriptedServer { $0.deliveries = [.multicast, .interleaved] }
        server.describes()
        server.answers(461)
        server.answers(461)
        #expect(server.isEnded == .noTransport)
    }

    @Test func `ports that cannot be opened lead to the next way`() throws {
        var server = try ScriptedServer()
        server.describes()
        server.take(server.session.couldNotOpenPorts(medium: 0, at: server.now))
        #expect(server.last?.headers["Transport"] == "RTP/AVP/TCP;unicast;interleaved=0-1")
    }

    @Test func `a group is taken from the answer, or from the description`() throws {
        var server = try ScriptedServer { $0.deliveries = [.multicast] }
        server.describes()
        #expect(server.last?.headers["Transport"] == "RTP/AVP;multicast")
        server.answers(
            200,
            ["Session": "9", "Transport": "RTP/AVP;multicast;destination=239.1.2.3;port=5000-5001"])
        #expect(
            server.actions.first
                == .expect(
                    medium: 0,
                    .multicast(group: "239.1.2.3", .init(5000, 5001), senders: [])))
        var other = try ScriptedServer { $0.deliveries = [.multicast] }
        let text = """
            v=0\r\ns=-\r\nc=IN IP4 239.9.9.9/32\r\nm=video 5004 RTP/AVP 26\r\na=control:v\r\n
            """
        other.describes(text)
        other.answers(200, ["Session": "9", "Transport": "RTP/AVP;multicast"])
        #expect(
            other.actions.first
                == .expect(medium: 0, .multicast(group: "239.9.9.9", .init(5004), senders: [])))
    }
}

struct RTSPClientRefusalTests {
    @Test func `no room for a session is busy`() throws {
        for status in [453, 503] {
            var server = try ScriptedServer()
            server.describes()
            server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
            server.answers(status)
            #expect(server.isEnded == .busy(status: status))
        }
    }

    @Test func `a redirect is told and not followed`() throws {
        var server = try ScriptedServer()
        server.answers(200)
        server.answers(302, ["Location": "rtsp://admin:x@203.0.113.9/elsewhere"])
        let url = try RTSPURL(parsing: "rtsp://203.0.113.9/elsewhere")
        guard case .redirected(let told?) = server.isEnded else {
            Issue.record("ended by \(String(describing: server.isEnded))")
            return
        }
        #expect(told.description == url.description)
        #expect(server.requests.count == 2)
    }

    @Test func `an unknown stream is not found`() throws {
        var server = try ScriptedServer()
        server.answers(200)
        server.answers(404)
        #expect(server.isEnded == .notFound(.describe, status: 404))
    }

    @Test func `a description without video has nothing wanted`() throws {
        var server = try ScriptedServer()
        server.describes("v=0\r\ns=-\r\nm=audio 0 RTP/AVP 0\r\n")
        #expect(server.isEnded == .nothingWanted)
    }

    @Test func `a web page is no description`() throws {
        var server = try ScriptedServer()
        server.answers(200)
        server.answers(200, ["Content-Type": "text/html"], "<html>")
        #expect(server.isEnded == .nonsense(.notDescription))
    }

    @Test func `packets to a third party are refused`() throws {
        var server = try ScriptedServer()
        server.describes()
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        server.answers(
            200,
            [
                "Session": "9",
                "Transport": "RTP/AVP;unicast;destination=203.0.113.7;client_port=6000-6001",
            ])
        #expect(server.isEnded == .foreignTransport(.destinationElsewhere("203.0.113.7")))
    }

    @Test func `an inner address is put up with where that is allowed`() throws {
        var server = try ScriptedServer { $0.ignoresForeignAddresses = true }
        server.describes(ScriptedServer.video, ["Content-Base": "rtsp://10.0.0.5/stream1/"])
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        #expect(server.last?.target?.text == "rtsp://192.0.2.10:554/stream1/trackID=1")
        server.answers(
            200,
            [
                "Session": "9",
                "Transport": "RTP/AVP;unicast;source=10.0.0.5;client_port=6000-6001",
            ])
        #expect(server.last?.method == .play)
        #expect(server.session.oddities.foreignAddresses >= 2)
    }

    @Test func `ports of services are refused`() throws {
        var server = try ScriptedServer()
        server.describes()
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        server.answers(
            200, ["Session": "9", "Transport": "RTP/AVP;unicast;server_port=22-23"])
        #expect(server.isEnded == .foreignTransport(.port(22)))
    }

    @Test func `an octet a second is too slow, however long it goes on`() throws {
        var server = try ScriptedServer()
        let octets = Array("RTSP/1.0 200 OK\r\nCSeq: 1\r\nX: ".utf8)
        for octet in octets {
            server.says([octet])
            server.wait(seconds: 1)
            if server.isEnded != nil { break }
        }
        #expect(server.isEnded == .tooSlow(.options))
    }

    @Test func `quick answers without end are stopped by the deadline of the start`() throws {
        var server = try ScriptedServer(hasCredentials: true)
        for number in 0..<1000 {
            guard server.isEnded == nil else { break }
            server.wait(seconds: 0.5)
            guard server.isEnded == nil else { break }
            server.answers(
                401,
                ["WWW-Authenticate": "Digest realm=\"r\", nonce=\"\(number)\", stale=true"])
        }
        #expect(server.isEnded != nil)
        #expect(server.requests.count < 10)
    }

    @Test func `what cannot be read ends a session that does not play`() throws {
        var server = try ScriptedServer()
        server.says(Array("RTSP/1.0 20O Fine\r\n\r\n".utf8))
        guard case .unreadable = server.isEnded else {
            Issue.record("ended by \(String(describing: server.isEnded))")
            return
        }
    }

    @Test func `answers to nothing are passed over`() throws {
        var server = try ScriptedServer()
        server.says(Array("RTSP/1.0 200 OK\r\nCSeq: 77\r\n\r\nRTSP/1.0 200 OK\r\n\r\n".utf8))
        #expect(server.isEnded == nil)
        #expect(server.session.oddities.strayAnswers == 2)
        #expect(server.last?.method == .options)
    }

    @Test func `a connection that ends says during what`() throws {
        var server = try ScriptedServer()
        server.take(server.session.closed(at: server.now))
        #expect(server.isEnded == .closed(during: .options))
        var playing = try ScriptedServer()
        playing.plays()
        playing.take(playing.session.closed(at: playing.now))
        #expect(playing.isEnded == .closed(during: nil))
    }

    @Test func `requests of the server are answered`() throws {
        var server = try ScriptedServer()
        server.plays()
        server.says(Array("GET_PARAMETER * RTSP/1.0\r\nCSeq: 5\r\n\r\n".utf8))
        guard case .send(let octets)? = server.actions.first else {
            Issue.record("no answer")
            return
        }
        #expect(String(decoding: octets, as: UTF8.self).hasPrefix("RTSP/1.0 200 OK\r\nCSeq: 5"))
        server.says(Array("TEARDOWN * RTSP/1.0\r\nCSeq: 6\r\n\r\n".utf8))
        #expect(server.isEnded == .endedByServer)
    }

    @Test func `a stop tears down and waits a second for the answer at most`() throws {
        var server = try ScriptedServer()
        server.plays()
        server.take(server.session.stop(at: server.now))
        #expect(server.last?.method == .teardown)
        #expect(server.isEnded == nil)
        server.wait(seconds: 1)
        #expect(server.isEnded == .stopped)
    }
}

struct RTSPClientLoginTests {
    static let challenge = "Digest realm=\"cam\", nonce=\"n1\""

    @Test func `two refused logins are the end`() throws {
        var server = try ScriptedServer(hasCredentials: true)
        server.answers(200)
        for _ in 0..<3 {
            server.answers(401, ["WWW-Authenticate": Self.challenge])
        }
        #expect(server.isEnded == .notAuthenticated(.tooManyTries))
        #expect(server.session.loginFailures == 2)
        #expect(server.requests.count { $0.headers["Authorization"] != nil } == 2)
    }

    @Test func `without credentials nothing is tried`() throws {
        var server = try ScriptedServer()
        server.answers(401, ["WWW-Authenticate": Self.challenge])
        #expect(server.isEnded == .credentialsMissing)
        #expect(server.requests.count == 1)
    }

    @Test func `the proof goes with every later request, and its count rises`() throws {
        var server = try ScriptedServer(hasCredentials: true)
        server.answers(200)
        let challenge =
            "Digest realm=\"cam\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256"
        server.answers(401, ["WWW-Authenticate": challenge])
        server.answers(200, ["Content-Type": "application/sdp"], ScriptedServer.video)
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        let proofs = server.requests.compactMap { $0.headers["Authorization"] }
        #expect(proofs.count == 2)
        #expect(proofs[0].contains("nc=00000001") && proofs[1].contains("nc=00000002"))
        #expect(proofs[1].contains("uri=\"rtsp://192.0.2.10:554/stream1/trackID=1\""))
        #expect(proofs[1].contains("algorithm=SHA-256"))
    }

    @Test func `the best algorithm offered is taken`() throws {
        var server = try ScriptedServer(hasCredentials: true)
        let both: RTSPHeaders = [
            "WWW-Authenticate": Self.challenge,
            "www-authenticate": "Digest realm=\"cam\", nonce=\"n2\", algorithm=SHA-256",
        ]
        server.answers(401, both)
        #expect(server.last?.headers["Authorization"]?.contains("nonce=\"n2\"") == true)
    }

    @Test func `a nonce that is too old is renewed while playing`() throws {
        var server = try ScriptedServer(hasCredentials: true) {
            $0.silenceLimit = 3_600_000_000_000
        }
        server.answers(200)
        server.answers(401, ["WWW-Authenticate": Self.challenge])
        server.answers(200, ["Content-Type": "application/sdp"], ScriptedServer.video)
        server.take(server.session.opened(medium: 0, ports: .init(6000, 6001), at: server.now))
        server.answers(200, ScriptedServer.udpAnswer)
        server.answers(200)
        for round in 0..<10 {
            server.wait(seconds: 30)
            server.answers(
                401,
                ["WWW-Authenticate": "Digest realm=\"cam\", nonce=\"r\(round)\", stale=true"])
            #expect(server.last?.headers["Authorization"]?.contains("r\(round)") == true)
            server.answers(200)
        }
        #expect(server.session.phase == .playing)
        #expect(server.session.loginFailures == 0)
    }

    @Test func `the password is sent in clear only where that is allowed`() throws {
        var server = try ScriptedServer(hasCredentials: true)
        server.answers(401, ["WWW-Authenticate": "Basic realm=\"cam\""])
        #expect(server.isEnded == .notAuthenticated(.basicInClear))
        var allowed = try ScriptedServer(hasCredentials: true) { $0.allowsBasic = true }
        allowed.answers(401, ["WWW-Authenticate": "Basic realm=\"cam\""])
        #expect(allowed.last?.headers["Authorization"] == "Basic YWRtaW46Y2FuYXJ5LXNlY3JldA==")
        var both = try ScriptedServer(hasCredentials: true) { $0.allowsBasic = true }
        both.answers(
            401, ["WWW-Authenticate": "Basic realm=\"cam\"", "www-authenticate": Self.challenge])
        #expect(both.last?.headers["Authorization"]?.hasPrefix("Digest ") == true)
    }

    @Test func `evidence holds no credentials and stays short`() throws {
        var server = try ScriptedServer(
            url: "rtsp://admin:canary-secret@192.0.2.10/stream1", hasCredentials: true)
        server.answers(401, ["WWW-Authenticate": Self.challenge])
        for number in 0..<100 {
            server.says(Array("GET_PARAMETER * RTSP/1.0\r\nCSeq: \(number)\r\n\r\n".utf8))
        }
        #expect(server.session.lines.count == RTSPClientSession.lineLimit)
        #expect(server.session.lines.first?.text.hasPrefix("OPTIONS rtsp://192.0.2.10/") == true)
        #expect(!server.session.lines.contains { $0.text.contains("canary") })
        #expect(server.session.omittedLines > 50)
    }
}
