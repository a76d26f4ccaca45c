// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

@Suite struct ConnectionStreamsTests {
    private func talk(_ port: UInt16 = 554) -> ConversationWriter {
        ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 9, port))
    }

    @Test func `two channels that share an SSRC are two streams`() throws {
        let bench = TrackerBench()
        var talk = talk()
        var script = RTSPScript()
        script.transports = [0, 2].map {
            let text = "RTP/AVP/TCP;unicast;interleaved=\($0)-\($0 + 1)"
            return (text, text)
        }
        bench.open(&talk, script)
        var video = CameraWriter(9, ssrc: 0x1234)
        var other = CameraWriter(9, ssrc: 0x1234)
        other.sequence = 30_000
        for _ in 0..<20 {
            let octets =
                interleaved(0, video.packet(CameraWriter.slice()))
                + interleaved(2, other.packet(CameraWriter.slice()))
            bench.send(talk.say(octets, from: .server), after: 40)
        }
        let reports = bench.reports()
        #expect(reports.map(\.identity.interleavedChannel) == [0, 2])
        #expect(reports.map(\.total.packets.received) == [20, 20])
        #expect(reports.map(\.total.packets.lost) == [0, 0])
        // The segment's own headers are counted once, with its first frame.
        let octets: [UInt64] = reports.map(\.total.octets.ip)
        #expect(octets == [20 * 156, 20 * 116])
        let segments: [UInt64] = reports.map { report in
            report.dscpPackets.reduce(0) { $0 + $1.packets }
        }
        #expect(segments == [20, 0])
    }

    @Test func `RTSP in HTTP is a tunnel, whichever half comes first`() throws {
        let script = RTSPScript()
        for postFirst in [false, true] {
            let bench = TrackerBench()
            var down = ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 9, 80))
            var up = ConversationWriter(end(10, 0, 1, 1, 40_001), end(10, 0, 0, 9, 80))
            let get =
                "GET /live HTTP/1.0\r\nx-sessioncookie: c1\r\n"
                + "Accept: application/x-rtsp-tunnelled\r\n\r\n"
            let post =
                "POST /live HTTP/1.0\r\nx-sessioncookie: c1\r\n"
                + "Content-Type: application/x-rtsp-tunnelled\r\nContent-Length: 32767\r\n\r\n"
            for frame in down.open() + up.open() { bench.send(frame) }
            if postFirst { bench.send(up.say(post, from: .client)) }
            bench.send(down.say(get, from: .client))
            let answer = "HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n"
            bench.send(down.say(answer, from: .server))
            if !postFirst { bench.send(up.say(post, from: .client)) }
            for (side, text) in script.dialogue {
                if side == .client {
                    bench.send(up.say(base64(Array(text.utf8)), from: .client))
                } else {
                    bench.send(down.say(text, from: .server))
                }
            }
            var camera = CameraWriter(9)
            for _ in 0..<20 {
                let octets = interleaved(0, camera.packet(CameraWriter.slice()))
                bench.send(down.say(octets, from: .server), after: 40)
            }
            let report = try bench.report(ssrc: camera.ssrc)
            #expect(report.identity.transport == .rtpRTSPHTTP)
            #expect(report.total.packets.received == 20)
            #expect(report.medium.codec == "h264")
            #expect(report.medium.width == 1280)
            #expect(report.medium.url == "rtsp://10.0.0.9/live")
            #expect(bench.realFaults().isEmpty)
        }
    }

    private func base64(_ octets: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: octets.count, by: 3) {
            let part = octets[start..<min(octets.count, start + 3)]
            var bits = part.reduce(0) { $0 << 8 | Int($1) }
            bits <<= 8 * (3 - part.count)
            for place in 0..<4 {
                text.append(place <= part.count ? letters[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }

    // MARK: - Parts

    enum Body: CaseIterable { case withLength, withoutLength, chunked }

    /// A JPEG image of 640 by 360 pixels, and `count` octets of scan.
    private static func image(_ count: Int = 600) -> [UInt8] {
        hex("ffd8ffe000104a46494600010200000100010000ffc00011080168028003012200021100031100")
            + hex("ffda000c03010002110311003f00") + [UInt8](repeating: 0x55, count: count)
            + [0xff, 0xd9]
    }

    private func part(_ body: Body) -> [UInt8] {
        let image = Self.image()
        let length = body == .withoutLength ? "" : "Content-Length: \(image.count)\r\n"
        let text = "--frame\r\nContent-Type: image/jpeg\r\n\(length)\r\n"
        let octets = Array(text.utf8) + image + [13, 10]
        guard body == .chunked else { return octets }
        return Array("\(String(octets.count, radix: 16))\r\n".utf8) + octets + [13, 10]
    }

    @Test(arguments: Body.allCases)
    func `an answer in parts is a stream of pictures`(body: Body) throws {
        let bench = TrackerBench()
        var talk = talk(80)
        for frame in talk.open() { bench.send(frame) }
        let request = "GET /mjpg/video.cgi?fps=25 HTTP/1.1\r\nHost: user:pass@camera9\r\n\r\n"
        bench.send(talk.say(request, from: .client))
        let coding = body == .chunked ? "Transfer-Encoding: chunked\r\n" : ""
        bench.send(
            talk.say(
                "HTTP/1.1 200 OK\r\n\(coding)"
                    + "Content-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n",
                from: .server))
        let first = bench.now
        for _ in 0..<51 {
            let octets = part(body)
            bench.send(talk.say(Array(octets.prefix(300)), from: .server), after: 39)
            bench.send(talk.say(Array(octets.dropFirst(300)), from: .server), after: 1)
        }
        let report = try bench.report(ssrc: nil)
        #expect(report.identity.transport == .httpMultipart)
        #expect(report.medium.codec == "mjpeg")
        #expect(report.medium.kind == .video)
        #expect(report.medium.width == 640)
        #expect(report.medium.height == 360)
        #expect(report.medium.url == "http://camera9/mjpg/video.cgi?fps=25")
        #expect(report.total.frames.count == 51)
        #expect(report.total.frames.firstArrival?.nanoseconds == first + 39_000_000)
        #expect(report.total.frames.largestGapNanoseconds == 40_000_000)
        #expect(report.total.packets.received == 102)
        // Without a length a part ends where the next begins, so the last one is open.
        let whole = body == .withoutLength ? 50 : 51
        #expect(report.total.octets.payload == UInt64(whole * Self.image().count))
        #expect(report.total.frames.keyFrames == UInt64(whole))
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `a segment lost inside a part is missing octets and a cut picture`() throws {
        let bench = TrackerBench()
        var talk = talk(80)
        for frame in talk.open() { bench.send(frame) }
        bench.send(talk.say("GET /v HTTP/1.1\r\n\r\n", from: .client))
        bench.send(
            talk.say(
                "HTTP/1.1 200 OK\r\n"
                    + "Content-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n",
                from: .server))
        for number in 0..<20 {
            let octets = part(.withLength)
            bench.send(talk.say(Array(octets.prefix(300)), from: .server), after: 38)
            let middle = talk.say(Array(octets[300..<400]), from: .server)
            if number != 7, number != 12 { bench.send(middle) }
            bench.send(talk.say(Array(octets.dropFirst(400)), from: .server))
            bench.send(talk.acknowledgement(by: .client))
        }
        let report = try bench.report(ssrc: nil)
        #expect(report.total.frames.count == 20)
        #expect(report.total.trust.cutPackets == 2)
        #expect(report.tcp?.missingOctets == 200)
    }

    // MARK: - TLS

    private static let hello: [UInt8] = [22, 3, 1, 0, 5, 1, 0, 0, 1, 0]
    private static let record: [UInt8] = [23, 3, 3, 2, 0] + [UInt8](repeating: 0xa5, count: 512)

    @Test(arguments: Tracker.encryptedPorts.sorted())
    func `TLS on a port of RTSPS is volume and times`(port: UInt16) throws {
        let bench = TrackerBench()
        var talk = talk(port)
        for frame in talk.open() { bench.send(frame) }
        bench.send(talk.say(Self.hello, from: .client))
        bench.send(talk.say(Self.hello, from: .server))
        for _ in 0..<30 { bench.send(talk.say(Self.record, from: .server), after: 40) }
        let report = try bench.report(ssrc: nil)
        #expect(report.identity.transport == .rtspsTCP)
        #expect(report.identity.source == "10.0.0.9:\(port)")
        #expect(report.medium.isEncrypted)
        #expect(report.total.packets.received == 31)
        let octets = UInt64(10 + 30 * Self.record.count)
        #expect(report.total.octets.payload == octets)
        #expect(report.total.octets.ip == octets + 31 * 40)
        #expect(report.total.frames.count == 0)
        #expect(report.unknown.contains(UnknownFigure("frames", .encrypted)))
    }

    @Test func `TLS elsewhere is ignored`() {
        let bench = TrackerBench()
        for port: UInt16 in [443, 8443, 993] {
            var talk = talk(port)
            for frame in talk.open() { bench.send(frame) }
            bench.send(talk.say(Self.hello, from: .client))
            for _ in 0..<30 { bench.send(talk.say(Self.record, from: .server)) }
        }
        #expect(bench.reports().isEmpty)
        #expect(bench.tracker.connections.all.isEmpty)
        #expect(bench.realFaults().isEmpty)
    }

    // MARK: - Frames that are neither RTP nor RTCP

    @Test func `frames that are neither RTP nor MPEG-TS are counted as ignored`() throws {
        let bench = TrackerBench()
        var talk = talk()
        bench.open(&talk)
        var camera = CameraWriter(9)
        for place in 0..<20 {
            let strange = place % 4 == 0 ? interleaved(7, [1, 2, 3, 4]) : []
            let octets = strange + interleaved(0, camera.packet(CameraWriter.slice()))
            bench.send(talk.say(octets, from: .server), after: 40)
        }
        #expect(try bench.report(ssrc: camera.ssrc).total.packets.received == 20)
        #expect(bench.faults()["interleaved ignored neither RTP nor MPEG-TS"] == 5)
    }

    @Test func `SSRCs without end in one connection stay within the limits`() {
        let bench = TrackerBench()
        var talk = talk()
        for frame in talk.open() { bench.send(frame) }
        for number in 0..<2_000 {
            let octets = RTPWriter(sequence: UInt16(number), ssrc: UInt32(number)).octets
            bench.send(talk.say(interleaved(0, octets), from: .server), after: 0.1)
        }
        #expect(bench.tracker.streamCount <= Int(FlowSketch.allowance))
        #expect(bench.faults()["rtp ignored not in sequence", default: 0] >= 1_900)
        #expect(bench.reports().isEmpty)
    }
}
