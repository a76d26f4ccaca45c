// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

@Suite struct ConnectionIntakeTests {
    private func talk(_ number: UInt8 = 9, port: UInt16 = 40_000) -> ConversationWriter {
        ConversationWriter(end(10, 0, 1, 1, port), end(10, 0, 0, number, 554))
    }

    /// Frames of RTP on channel 0, `count` of them, each with 200 octets of payload.
    private func frames(_ count: Int, _ camera: inout CameraWriter) -> [[UInt8]] {
        (0..<count).map { _ in interleaved(0, camera.packet(CameraWriter.slice(count: 200))) }
    }

    @Test func `a session in order has all its packets and what signalling said`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for frame in frames(50, &camera) { bench.send(talk.say(frame, from: .server), after: 40) }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.identity.transport == .rtpRTSPTCP)
        #expect(report.identity.interleavedChannel == 0)
        #expect(report.identity.source == "10.0.0.9:554")
        #expect(report.identity.destination == "10.0.1.1:40000")
        #expect(report.total.packets.received == 50)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.frames.count == 50)
        // Each segment has one frame: IP, TCP, the frame's header, RTP and its payload.
        #expect(report.total.octets.ip == 50 * (20 + 20 + 4 + 12 + 200))
        #expect(report.total.octets.payload == 50 * 200)
        #expect(report.medium.codec == "h264")
        #expect(report.medium.width == 1280)
        #expect(report.medium.url == "rtsp://10.0.0.9/live")
        #expect(report.tcp == TCPReport())
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `every segment twice changes nothing but the retransmissions`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for frame in frames(50, &camera) {
            let segment = talk.say(frame, from: .server)
            bench.send(segment, after: 39)
            bench.send(segment, after: 1)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 50)
        #expect(report.total.packets.duplicate == 0)
        #expect(report.tcp?.retransmissions == 50)
        #expect(report.tcp?.missingOctets == 0)
    }

    @Test func `a segment lost inside a frame leaves the frame known by its header`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for (place, frame) in frames(30, &camera).enumerated() {
            bench.send(talk.say(Array(frame.prefix(100)), from: .server), after: 40)
            let rest = talk.say(Array(frame.dropFirst(100)), from: .server)
            if place != 9, place != 19 { bench.send(rest) }
            bench.send(talk.acknowledgement(by: .client))
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 30)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.trust.cutPackets == 2)
        #expect(report.tcp?.missingOctets == 2 * 116)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `whole frames lost by the probe are lost packets and missing octets`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for (place, frame) in frames(30, &camera).enumerated() {
            let segment = talk.say(frame, from: .server)
            if !(10..<13).contains(place) { bench.send(segment, after: 40) }
            bench.send(talk.acknowledgement(by: .client))
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 27)
        #expect(report.total.packets.lost == 3)
        #expect(report.total.packets.longestLossRun == 3)
        #expect(report.tcp?.missingOctets == 3 * 216)
    }

    @Test func `a gap that nothing ends does not stall the stream`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for (place, frame) in frames(100, &camera).enumerated() {
            // Nobody acknowledges: the client's direction is not in the capture.
            let segment = talk.say(frame, from: .server)
            if place != 10 { bench.send(segment, after: 40) }
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 99)
        #expect(report.total.packets.lost == 1)
        #expect(report.tcp?.missingOctets == 216)
    }

    @Test func `what waits behind a gap at the end of the capture keeps its times`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        let all = frames(20, &camera)
        for frame in all.dropLast(2) { bench.send(talk.say(frame, from: .server), after: 40) }
        // The last frame but one loses its second half, and the capture ends soon after.
        bench.send(talk.say(Array(all[18].prefix(100)), from: .server), after: 40)
        _ = talk.say(Array(all[18].dropFirst(100)), from: .server)
        bench.send(talk.say(all[19], from: .server), after: 40)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 20)
        #expect(report.total.lastPacket?.nanoseconds == bench.now)
        #expect(report.total.frames.largestGapNanoseconds < 100_000_000)
    }

    @Test func `a capture that begins in the middle of a frame finds the stream`() throws {
        for clientSpeaksFirst in [false, true] {
            let bench = TrackerBench()
            var talk = talk()
            var camera = CameraWriter(9)
            let all = frames(40, &camera).flatMap(\.self)
            if clientSpeaksFirst {
                let text = "GET_PARAMETER rtsp://10.0.0.9/live RTSP/1.0\r\nCSeq: 12\r\n\r\n"
                bench.send(talk.say(text, from: .client))
            }
            // Segments of 500 octets, the first in the middle of the first frame.
            for start in stride(from: 77, to: all.count, by: 500) {
                let octets = Array(all[start..<min(all.count, start + 500)])
                bench.send(talk.say(octets, from: .server), after: 90)
            }
            let report = try bench.report(ssrc: camera.ssrc)
            #expect(report.total.packets.received == 39)
            #expect(report.total.packets.lost == 0)
            #expect(report.medium.url == nil)
            #expect(report.unknown.contains(UnknownFigure("url", .noSignalling)))
        }
    }

    @Test func `segments cut by the snap length keep sequence, volume and times`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for frame in frames(50, &camera) {
            bench.send(talk.say(frame, from: .server), after: 40, captured: 96)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 50)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.frames.count == 50)
        #expect(report.total.octets.payload == 50 * 200)
        #expect(report.total.trust.cutPackets == 50)
        #expect(report.tcp?.missingOctets == 0)
    }

    @Test func `silence of a second is a stall`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var camera = CameraWriter(9)
        bench.open(&talk)
        for (place, frame) in frames(40, &camera).enumerated() {
            let wait: Double = place == 10 ? 1_500 : place == 20 ? 2_000 : 40
            bench.send(talk.say(frame, from: .server), after: wait)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.tcp?.stalls == 2)
        #expect(report.tcp?.longestStallNanoseconds == 2_000_000_000)
    }

    @Test func `connections beyond the limit make the one silent longest leave`() throws {
        let bench = TrackerBench { $0.connectionLimit = 2 }
        var camera = CameraWriter(9)
        for number in 0..<5 {
            var talk = talk(UInt8(number), port: 40_000 + UInt16(number))
            bench.open(&talk)
        }
        #expect(bench.faults()["tcp over-limit connections"] == 3)
        // The one in use stays.
        var talk = talk(9)
        bench.open(&talk)
        for frame in frames(20, &camera) { bench.send(talk.say(frame, from: .server), after: 40) }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.total.packets.received == 20)
        #expect(bench.faults()["tcp over-limit connections"] == 4)
    }

    @Test func `a connection that is made to leave gives its counts to its stream`() throws {
        let bench = TrackerBench { $0.connectionLimit = 1 }
        var first = talk()
        var camera = CameraWriter(9)
        bench.open(&first)
        for frame in frames(20, &camera) {
            let segment = first.say(frame, from: .server)
            bench.send(segment, after: 40)
            bench.send(segment, after: 40)
        }
        var second = talk(8, port: 41_000)
        bench.open(&second)
        #expect(try bench.report(ssrc: camera.ssrc).tcp?.retransmissions == 20)
    }

    @Test func `other protocols and web traffic are no stream and no fault`() {
        let greetings = [
            "SSH-2.0-OpenSSH_9.2\r\n", "EHLO\u{0}x", "\u{10}\u{0}\u{4}MQTT", "220 ready\r\n",
        ]
        let bench = TrackerBench()
        for (place, text) in greetings.enumerated() {
            var talk = talk(port: 41_000 + UInt16(place))
            for frame in talk.open() { bench.send(frame) }
            for _ in 0..<50 {
                bench.send(talk.say(text, from: .client))
                bench.send(talk.say(text, from: .server))
            }
        }
        var web = talk(port: 42_000)
        for frame in web.open() { bench.send(frame) }
        for number in 0..<100 {
            bench.send(web.say("GET /\(number) HTTP/1.1\r\nHost: h\r\n\r\n", from: .client))
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n"
            bench.send(web.say(Array(head.utf8) + CameraWriter.slice(), from: .server))
        }
        #expect(bench.tracker.connections.all.isEmpty)
        #expect(bench.reports().isEmpty)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `an ignored connection that begins again is looked at anew`() throws {
        let bench = TrackerBench()
        var old = talk()
        for frame in old.open() { bench.send(frame) }
        bench.send(old.say("SSH-2.0-x\r\n", from: .client))
        #expect(bench.tracker.connections.all.isEmpty)
        var new = talk()
        new.clientNext = 77_000
        new.serverNext = 99_000
        var camera = CameraWriter(9)
        bench.open(&new)
        for frame in frames(20, &camera) { bench.send(new.say(frame, from: .server), after: 40) }
        #expect(try bench.report(ssrc: camera.ssrc).total.packets.received == 20)
    }

    @Test func `a connection whose beginning was missed is given up after a key frame's worth`() {
        let bench = TrackerBench()
        var talk = talk()
        let noise = [UInt8](repeating: 0xfe, count: 1_000)
        for _ in 0..<60 { bench.send(talk.say(noise, from: .server)) }
        #expect(bench.tracker.connections.all.count == 1)
        for _ in 0..<10 { bench.send(talk.say(noise, from: .server)) }
        #expect(bench.tracker.connections.all.isEmpty)
        #expect(bench.reports().isEmpty)
    }

    @Test func `a stream in UDP never shows the counts of a connection that had its place`()
        throws
    {
        let bench = TrackerBench()
        var talk = talk()
        bench.open(&talk)
        // One packet proves nothing; two intervals later its place is another's.
        let stray = RTPWriter(payloadType: 97, sequence: 5, ssrc: 0xdead).octets
        bench.send(talk.say(interleaved(0, stray), from: .server))
        var camera = CameraWriter(2)
        bench.send(camera, camera.packet(CameraWriter.slice()), after: 15_000)
        bench.send(talk.acknowledgement(by: .client), after: 10_000)
        bench.run(&camera, frames: 50)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.tcp == nil)
    }

    @Test func `mutated segments trap nowhere`() {
        var random = SeededRandom(11)
        for _ in 0..<60 {
            let bench = TrackerBench()
            var talk = talk()
            var camera = CameraWriter(9)
            var sent = talk.open() + RTSPScript().dialogue.map { talk.say($0.1, from: $0.0) }
            for frame in frames(20, &camera) { sent.append(talk.say(frame, from: .server)) }
            for _ in 0..<10 { sent.swapAt(.random(in: 0..<20, using: &random), 25) }
            for frame in sent {
                var frame = frame
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    let place = Int.random(in: 14..<frame.count, using: &random)
                    frame[place] = UInt8.random(in: 0...255, using: &random)
                }
                bench.send(frame, captured: .random(in: 10...400, using: &random))
            }
            _ = bench.reports()
        }
    }
}
