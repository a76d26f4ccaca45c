// SPDX-License-Identifier: Apache-2.0
import RTSP
import Testing
import Timekeeping

@testable import Simulation

@Suite struct CameraServerTests {
    private static let now = Instant(nanoseconds: 1_750_000_000_000_000_000)

    private static func server(_ change: (inout CameraServer.Settings) -> Void = { _ in }) throws
        -> CameraServer
    {
        let format = try #require(VideoFormat(width: 64, height: 64, bitRate: 50_000))
        let description = VideoDescription(VideoLoop(format))
        var settings = CameraServer.Settings(
            cameras: (1...2).map {
                CameraServer.Settings.Offer(
                    name: "cam\($0)", description: description,
                    serverPorts: TransportHeader.Ports(6000, 6001),
                    group: ("239.1.2.\($0)", TransportHeader.Ports(5004, 5005)))
            })
        change(&settings)
        return CameraServer(settings, address: "192.0.2.1", seed: 5, now: now)
    }

    /// A hash that is none, but tells different inputs apart well enough for a transcript.
    private static func hash(_ algorithm: DigestAlgorithm, _ octets: [UInt8]) -> [UInt8] {
        var sum: UInt64 = algorithm == .md5 ? 1 : 2
        for octet in octets { sum = sum &* 1_099_511_628_211 ^ UInt64(octet) }
        return (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }
    }

    private static func ask(_ server: inout CameraServer, _ text: String) -> [CameraServer.Action] {
        let octets = Array(text.utf8)
        return server.received(octets.span, at: now, hash: hash)
    }

    private static func request(
        _ method: String, _ path: String, _ sequence: Int, _ headers: String...
    ) -> String {
        "\(method) rtsp://192.0.2.1:8554/\(path) RTSP/1.0\r\nCSeq: \(sequence)\r\n"
            + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static func text(_ actions: [CameraServer.Action]) -> String {
        actions.map { action in
            if case .send(let octets) = action {
                String(decoding: octets, as: UTF8.self)
            } else {
                ""
            }
        }.joined()
    }

    private static func session(_ text: String) throws -> String {
        let line = try #require(
            text.split(separator: "\r\n").first { $0.hasPrefix("Session: ") })
        return String(line.dropFirst(9).prefix { $0 != ";" })
    }

    @Test func `a whole dialogue over UDP starts and stops the stream`() throws {
        var server = try Self.server()
        let options = Self.text(Self.ask(&server, Self.request("OPTIONS", "cam2", 1)))
        #expect(options.hasPrefix("RTSP/1.0 200 OK\r\nCSeq: 1\r\n"))
        #expect(options.contains("Public: OPTIONS, DESCRIBE, SETUP, PLAY"))
        let described = Self.text(Self.ask(&server, Self.request("DESCRIBE", "cam2", 2)))
        #expect(described.contains("Content-Base: rtsp://192.0.2.1:8554/cam2/\r\n"))
        #expect(described.contains("m=video 0 RTP/AVP 96\r\n"))
        #expect(described.contains("sprop-parameter-sets=Z0LA"))
        let setUp = Self.text(
            Self.ask(
                &server,
                Self.request(
                    "SETUP", "cam2/track1", 3,
                    "Transport: RTP/AVP;unicast;client_port=4000-4001")))
        #expect(setUp.contains("client_port=4000-4001;server_port=6000-6001;ssrc="))
        #expect(setUp.contains(";timeout=60"))
        let name = try Self.session(setUp)
        let play = Self.ask(&server, Self.request("PLAY", "cam2/", 4, "Session: \(name)"))
        #expect(Self.text(play).contains("RTP-Info: url=rtsp://192.0.2.1:8554/cam2/track1;seq="))
        guard case .play(let camera, let destination, let identity) = play.last else {
            Issue.record("no stream was started")
            return
        }
        #expect(camera == 1)
        #expect(destination == .udp(TransportHeader.Ports(4000, 4001)))
        #expect(Self.text(play).contains("seq=\(identity.sequence);rtptime=\(identity.timestamp)"))
        let paused = Self.ask(&server, Self.request("PAUSE", "cam2", 5, "Session: \(name)"))
        #expect(paused.first == .pause)
        let alive = Self.ask(&server, Self.request("GET_PARAMETER", "cam2", 6, "Session: \(name)"))
        #expect(Self.text(alive).hasPrefix("RTSP/1.0 200 OK\r\nCSeq: 6\r\n"))
        let end = Self.ask(&server, Self.request("TEARDOWN", "cam2", 7, "Session: \(name)"))
        #expect(end.first == .stop)
        #expect(end.last == .close)
    }

    @Test func `a camera without power answers nothing and its neighbour does`() throws {
        var server = try Self.server()
        server.silentCameras = [0]
        #expect(Self.ask(&server, Self.request("OPTIONS", "cam1", 1)).isEmpty)
        #expect(Self.ask(&server, Self.request("DESCRIBE", "cam1", 2)).isEmpty)
        #expect(Self.ask(&server, Self.request("DESCRIBE", "cam2", 3)).count == 1)
    }

    @Test func `interleaved channels are those the client names`() throws {
        var server = try Self.server()
        let answer = Self.text(
            Self.ask(
                &server,
                Self.request(
                    "SETUP", "cam1", 1, "Transport: RTP/AVP/TCP;unicast;interleaved=4-5")))
        #expect(answer.contains("Transport: RTP/AVP/TCP;unicast;interleaved=4-5"))
    }

    @Test func `a refused alternative gives way to the next`() throws {
        var server = try Self.server { $0.deliveries = [.tcp] }
        let answer = Self.text(
            Self.ask(
                &server,
                Self.request(
                    "SETUP", "cam1", 1,
                    "Transport: RTP/AVP;unicast;client_port=4000-4001,"
                        + "RTP/AVP/TCP;unicast;interleaved=0-1")))
        #expect(answer.contains("RTP/AVP/TCP"))
    }

    @Test func `multicast names the group and its ports`() throws {
        var server = try Self.server { $0.deliveries = [.multicast] }
        let described = Self.text(Self.ask(&server, Self.request("DESCRIBE", "cam1", 1)))
        #expect(described.contains("c=IN IP4 239.1.2.1/1\r\n"))
        let answer = Self.text(
            Self.ask(&server, Self.request("SETUP", "cam1", 2, "Transport: RTP/AVP;multicast")))
        #expect(answer.contains("multicast;destination=239.1.2.1;port=5004-5005;ttl=1"))
    }

    @Test(arguments: [
        ("a camera that is not there", "DESCRIBE", "cam9", "", 404),
        ("a transport that is not offered", "SETUP", "cam1", "Transport: RTP/SAVP;unicast", 461),
        ("no transport", "SETUP", "cam1", "", 461),
        ("a privileged port", "SETUP", "cam1", "Transport: RTP/AVP;unicast;client_port=80-81", 461),
        ("no session", "PLAY", "cam1", "", 454),
        ("a session of somebody else", "PLAY", "cam1", "Session: 1234", 454),
        ("a method that cameras do not know", "RECORD", "cam1", "", 405),
    ])
    func `what cannot be is refused`(
        label: String, method: String, path: String, header: String, status: Int
    ) throws {
        var server = try Self.server()
        let text =
            header.isEmpty
            ? Self.request(method, path, 1) : Self.request(method, path, 1, header)
        #expect(Self.text(Self.ask(&server, text)).hasPrefix("RTSP/1.0 \(status) "), "\(label)")
    }

    @Test(arguments: [DigestAlgorithm.md5, .sha256])
    func `credentials are asked for and their proof taken`(algorithm: DigestAlgorithm) throws {
        let credentials = Digest.Credentials(user: "admin", password: "secret")
        var server = try Self.server {
            $0.credentials = credentials
            $0.algorithms = [.sha256, .md5]
        }
        let asked = Self.ask(&server, Self.request("DESCRIBE", "cam1", 1))
        guard case .send(let octets) = asked.first else { return }
        let response = try RTSPMessage(parsing: octets.span)
        #expect(response.status == 401)
        let challenge = try #require(
            AuthenticationHeader.all(parsing: response.headers.values("WWW-Authenticate"))
                .compactMap { Digest.Challenge($0) }.first { $0.algorithm == algorithm })
        for (password, status) in [("wrong", 401), ("secret", 200)] {
            let proof = Digest.authorization(
                challenge, Digest.Credentials(user: "admin", password: password),
                method: .describe, uri: "rtsp://192.0.2.1:8554/cam1", hash: Self.hash)
            let answer = Self.ask(
                &server, Self.request("DESCRIBE", "cam1", 2, "Authorization: \(proof)"))
            #expect(Self.text(answer).hasPrefix("RTSP/1.0 \(status) "))
        }
    }

    @Test func `octet by octet the answers are the same`() throws {
        let dialogue =
            Self.request("OPTIONS", "cam1", 1) + Self.request("DESCRIBE", "cam1", 2)
            + Self.request("SETUP", "cam1", 3, "Transport: RTP/AVP;unicast;client_port=4000-4001")
        var whole = try Self.server()
        var pieces = try Self.server()
        let expected = Self.ask(&whole, dialogue)
        var actions: [CameraServer.Action] = []
        for octet in dialogue.utf8 {
            actions += pieces.received([octet].span, at: Self.now, hash: Self.hash)
        }
        #expect(actions == expected)
        #expect(actions.count == 3)
    }

    @Test func `receiver reports between the requests are passed over`() throws {
        var server = try Self.server()
        var octets: [UInt8] = [0x24, 1, 0, 4, 0x80, 0xc9, 0, 0]
        octets += Array(Self.request("OPTIONS", "cam1", 9).utf8)
        let actions = server.received(octets.span, at: Self.now, hash: Self.hash)
        #expect(Self.text(actions).contains("CSeq: 9\r\n"))
    }

    @Test func `a client silent for over a minute is left`() throws {
        var server = try Self.server()
        #expect(server.expired(at: Self.now.advanced(byNanoseconds: 60_000_000_000)).isEmpty)
        let late = Self.now.advanced(byNanoseconds: 70_000_000_000)
        #expect(server.expired(at: late) == [.stop, .close])
        server.heard(at: late)
        #expect(server.expired(at: late).isEmpty)
    }

    @Test func `no octets from a client stop the program`() throws {
        var generator = SplitMix64(seed: 11)
        let dialogue = Array(
            (Self.request("DESCRIBE", "cam1", 2)
                + Self.request(
                    "SETUP", "cam1/track1", 3, "Transport: RTP/AVP;unicast;client_port=4000-4001")
                + Self.request("PLAY", "cam1", 4, "Session: 1")).utf8)
        for round in 0..<3000 {
            var octets = Array(dialogue.prefix(generator.below(dialogue.count + 1)))
            for _ in 0..<(1 + round % 8) where !octets.isEmpty {
                octets[generator.below(octets.count)] = UInt8(generator.below(256))
            }
            var server = try Self.server { _ in }
            _ = server.received(octets.span, at: Self.now, hash: Self.hash)
        }
    }
}
