// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

@Suite struct SignallingTests {
    private let server = end(10, 0, 0, 9, 554)
    private let client = end(10, 0, 1, 1, 40_000)

    /// Signals a session whose transport is `asked` for and `answered`.
    private func signal(
        _ bench: TrackerBench, _ asked: String, _ answered: String? = nil,
        _ change: (inout RTSPScript) -> Void = { _ in }
    ) {
        var talk = ConversationWriter(client, server)
        var script = RTSPScript()
        script.transports = [(asked, answered ?? asked)]
        change(&script)
        bench.open(&talk, script)
    }

    /// Sends `frames` pictures from one place to another.
    private func stream(
        _ bench: TrackerBench, from source: Endpoint, to target: Endpoint,
        payloadType: UInt8 = 96, frames: Int = 20
    ) -> CameraWriter {
        var camera = CameraWriter(9)
        (camera.source, camera.target, camera.payloadType) = (source, target, payloadType)
        bench.run(&camera, frames: frames)
        return camera
    }

    @Test func `RTP in UDP to one receiver is what SETUP said`() throws {
        let bench = TrackerBench()
        signal(
            bench, "RTP/AVP;unicast;client_port=50000-50001",
            "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001")
        let camera = stream(bench, from: end(10, 0, 0, 9, 6000), to: end(10, 0, 1, 1, 50_000))
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.identity.transport == .rtpUDP)
        #expect(report.medium.url == "rtsp://10.0.0.9/live")
        #expect(report.medium.codec == "h264")
        #expect(report.medium.kind == .video)
        #expect(report.medium.clockRate == .video)
        #expect(!report.medium.isClockRateAssumed)
        // The parameter sets of the description (RFC 6184 section 8.1).
        #expect(report.medium.width == 1280)
        #expect(report.medium.height == 720)
    }

    private static let teardown =
        "TEARDOWN rtsp://10.0.0.9/live/ RTSP/1.0\r\nCSeq: 10\r\nSession: 7\r\n\r\n"

    /// A session in UDP that its client ends after a second; the sender goes on for `frames`.
    private func ended(
        then frames: Int, pause: Double = 40, _ text: String = teardown
    ) throws -> (report: StreamReport, at: Instant) {
        let bench = TrackerBench()
        var talk = ConversationWriter(client, server)
        var script = RTSPScript()
        let line = "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001"
        script.transports = [(line, line)]
        bench.open(&talk, script)
        var camera = CameraWriter(9)
        (camera.source, camera.target) = (end(10, 0, 0, 9, 6000), end(10, 0, 1, 1, 50_000))
        bench.run(&camera, frames: 25)
        bench.send(talk.say(text, from: .client))
        bench.send(
            talk.say("RTSP/1.0 200 OK\r\nCSeq: 10\r\nSession: 7\r\n\r\n", from: .server))
        let at = Instant(nanoseconds: bench.now)
        if frames > 0 {
            bench.send(camera, camera.packet(CameraWriter.slice()), after: pause)
            bench.run(&camera, frames: frames)
        }
        return (try bench.report(ssrc: camera.ssrc), at)
    }

    @Test func `a session that its receiver ends is told with the moment`() throws {
        let none = try ended(then: 0)
        #expect(none.report.releasedAt == none.at)
        let onTheWay = try ended(then: 3)
        #expect(onTheWay.report.releasedAt == onTheWay.at, "what was on its way is no new session")
        #expect(
            try ended(then: 0, "OPTIONS * RTSP/1.0\r\nCSeq: 10\r\n\r\n").report.releasedAt == nil)
    }

    @Test func `a stream that goes on in spite of that is not ended`() throws {
        #expect(try ended(then: 100).report.releasedAt == nil)
        #expect(try ended(then: 1, pause: 5_000).report.releasedAt == nil)
    }

    @Test func `what was signalled is proved by two packets, the rest by four`() {
        for count in 1...4 {
            let bench = TrackerBench()
            signal(
                bench, "RTP/AVP;unicast;client_port=50000-50001",
                "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001")
            _ = stream(
                bench, from: end(10, 0, 0, 9, 6000), to: end(10, 0, 1, 1, 50_000), frames: 0)
            var signalled = CameraWriter(9)
            signalled.source = end(10, 0, 0, 9, 6000)
            signalled.target = end(10, 0, 1, 1, 50_000)
            var other = CameraWriter(8)
            for _ in 0..<count {
                bench.send(signalled, signalled.packet(CameraWriter.slice()), after: 40)
                bench.send(other, other.packet(CameraWriter.slice()))
            }
            let expected = (count >= 2 ? [signalled.ssrc] : []) + (count >= 4 ? [other.ssrc] : [])
            #expect(bench.reports().compactMap(\.identity.ssrc) == expected)
        }
    }

    @Test func `packets before their signalling are bound to it afterwards`() throws {
        let bench = TrackerBench()
        let (source, target) = (end(10, 0, 0, 9, 6000), end(10, 0, 1, 1, 50_000))
        let camera = stream(bench, from: source, to: target)
        signal(
            bench, "RTP/AVP;unicast;client_port=50000-50001",
            "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001")
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.url == "rtsp://10.0.0.9/live")
        #expect(report.medium.codec == "h264")
    }

    @Test func `multicast is found by its group, whoever sends`() throws {
        let bench = TrackerBench()
        signal(
            bench, "RTP/AVP;multicast",
            "RTP/AVP;multicast;destination=239.1.1.9;port=7000-7001;ttl=16")
        let camera = stream(bench, from: end(10, 0, 0, 99, 33_000), to: end(239, 1, 1, 9, 7000))
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.identity.destination == "239.1.1.9:7000")
        #expect(report.medium.url == "rtsp://10.0.0.9/live")
        #expect(report.medium.width == 1280)
    }

    @Test func `a recorded medium goes from client to server`() throws {
        let bench = TrackerBench()
        var talk = ConversationWriter(client, server)
        let script = RTSPScript()
        for frame in talk.open() { bench.send(frame) }
        let announce =
            "ANNOUNCE rtsp://10.0.0.9/up RTSP/1.0\r\nCSeq: 1\r\n"
            + "Content-Type: application/sdp\r\nContent-Length: "
            + "\(script.description.utf8.count)\r\n\r\n" + script.description
        let ports = "client_port=50000-50001;server_port=6000-6001"
        let setUp = "Transport: RTP/AVP;unicast;\(ports);mode=record\r\n\r\n"
        bench.send(talk.say(announce, from: .client))
        bench.send(talk.say("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", from: .server))
        bench.send(
            talk.say(
                "SETUP rtsp://10.0.0.9/up/track1 RTSP/1.0\r\nCSeq: 2\r\n" + setUp, from: .client))
        bench.send(
            talk.say("RTSP/1.0 200 OK\r\nCSeq: 2\r\nSession: 7\r\n" + setUp, from: .server))
        let camera = stream(bench, from: end(10, 0, 1, 1, 50_000), to: end(10, 0, 0, 9, 6000))
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.url == "rtsp://10.0.0.9/up")
        #expect(report.medium.codec == "h264")
    }

    @Test func `a URL is shown without user name and password`() throws {
        let bench = TrackerBench()
        signal(
            bench, "RTP/AVP;unicast;client_port=50000-50001",
            "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001"
        ) { $0.url = "rtsp://admin:p%40ss@10.0.0.9/live?user=1" }
        let camera = stream(bench, from: end(10, 0, 0, 9, 6000), to: end(10, 0, 1, 1, 50_000))
        let url = try #require(try bench.report(ssrc: camera.ssrc).medium.url)
        #expect(url.hasPrefix("rtsp://10.0.0.9/live"))
        #expect(!url.contains("admin") && !url.contains("p%40ss") && !url.contains("@"))
    }

    @Test(arguments: [(6000, 61_234), (33_333, 50_000), (33_333, 61_234)] as [(UInt16, UInt16)])
    func `behind a translator that changes ports the medium is found by the two hosts`(
        from: UInt16, to: UInt16
    ) throws {
        let bench = TrackerBench()
        signal(
            bench, "RTP/AVP;unicast;client_port=50000-50001",
            "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001")
        let camera = stream(bench, from: end(10, 0, 0, 9, from), to: end(10, 0, 1, 1, to))
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.url == "rtsp://10.0.0.9/live")
        #expect(report.medium.codec == "h264")
    }

    @Test func `to an unknown host a payload type means what it means in the server's others`()
        throws
    {
        let bench = TrackerBench()
        signal(
            bench, "RTP/AVP;unicast;client_port=50000-50001",
            "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001")
        let camera = stream(bench, from: end(10, 0, 0, 9, 8000), to: end(10, 0, 7, 7, 9000))
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.codec == "h264")
        // Which of its presentations it is, nobody said.
        #expect(report.medium.url == nil)
        #expect(report.unknown.contains(UnknownFigure("url", .noSignalling)))
    }

    @Test func `a payload type on which the server's sessions disagree means nothing`() throws {
        let bench = TrackerBench()
        let answer = "RTP/AVP;unicast;client_port=50000-50001;server_port=6000-6001"
        signal(bench, answer)
        var talk = ConversationWriter(end(10, 0, 1, 2, 40_000), server)
        var script = RTSPScript()
        script.media = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track1\r\n"
        script.transports = [(answer, answer)]
        bench.open(&talk, script)
        var camera = CameraWriter(9)
        (camera.source, camera.target) = (end(10, 0, 0, 9, 8000), end(10, 0, 7, 7, 9000))
        for _ in 0..<6 { bench.send(camera, camera.packet([0xff, 0xff, 0, 0]), after: 40) }
        #expect(try bench.report(ssrc: camera.ssrc).medium.codec == nil)
    }

    // MARK: - Announcements

    private func announcement(hash: Int = 1, _ media: String) -> [UInt8] {
        let text = "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=live\r\nc=IN IP4 239.2.2.2/16\r\nt=0 0\r\n"
        return [0x20, 0] + big16(hash) + [10, 0, 0, 9] + Array("application/sdp\0".utf8)
            + Array((text + media).utf8)
    }

    private func announce(_ bench: TrackerBench, _ octets: [UInt8]) {
        bench.send(
            Frame.udp(from: end(10, 0, 0, 9, 9875), to: end(224, 2, 127, 254, 9875), octets))
    }

    @Test func `an announced session is known by its group and port`() throws {
        let bench = TrackerBench()
        let media = "m=video 5004 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"
        for _ in 0..<5 { announce(bench, announcement(media)) }
        let camera = stream(
            bench, from: end(10, 0, 0, 9, 6000), to: end(239, 2, 2, 2, 5004), payloadType: 97)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.codec == "h264")
        #expect(report.medium.kind == .video)
        #expect(report.medium.payloadType == 97)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `an announcement without description is ignored and counted`() {
        let bench = TrackerBench()
        announce(bench, [0x24, 0, 0, 1, 10, 0, 0, 9] + Array("o=- 1 1 IN IP4 10.0.0.9".utf8))
        announce(bench, [0x23, 0, 0, 1, 10, 0, 0, 9, 7, 7])
        announce(bench, [0x20, 0, 0])
        #expect(bench.faults()["sap ignored announcement without description"] == 2)
        #expect(bench.realFaults().count == 1)
    }

    @Test func `what was wrong with a description is counted`() {
        let bench = TrackerBench()
        announce(
            bench,
            announcement("m=video 5004 RTP/AVP 96\r\na=rtpmap:96 H264/0\r\n"))
        #expect(bench.realFaults() == ["sdp invalid a=rtpmap: clock rate": 1])
    }

    @Test func `mutated signalling traps nowhere`() {
        var random = SeededRandom(21)
        let script = RTSPScript()
        for _ in 0..<300 {
            let bench = TrackerBench()
            var talk = ConversationWriter(client, server)
            for frame in talk.open() { bench.send(frame) }
            for (side, text) in script.dialogue {
                var octets = Array(text.utf8)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let place = Int.random(in: 0..<octets.count, using: &random)
                    octets[place] = UInt8.random(in: 0...255, using: &random)
                }
                bench.send(talk.say(octets, from: side))
            }
            var octets = announcement("m=video 5004 RTP/AVP 97\r\n")
            let place = Int.random(in: 0..<octets.count, using: &random)
            octets[place] = UInt8.random(in: 0...255, using: &random)
            announce(bench, octets)
            _ = bench.reports()
        }
    }
}
