// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

/// Faults in the descriptions of one camera beside a sound one: each is counted as often as it
/// was said, the camera is measured as far as it can be, and the other's figures stay.
@Suite struct BadSDPTests {
    private static let head = "v=0\r\no=- 1 1 IN IP4 10.0.0.3\r\ns=x\r\nt=0 0\r\n"
    private static let good =
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"

    /// Times that a description is said.
    private static let times: UInt64 = 5

    private struct Outcome {
        var report: StreamReport
        var faults: [String: UInt64]
    }

    /// A session whose camera is described by `octets`, five times.
    private func run(
        _ octets: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        var pair = SideBySide()
        var talk = ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 3, 554))
        var number = 0
        func ask(_ line: String, _ headers: String = "") -> [UInt8] {
            number += 1
            return Array("\(line) RTSP/1.0\r\nCSeq: \(number)\r\n\(headers)\r\n".utf8)
        }
        func answer(_ headers: String = "", _ body: [UInt8] = []) -> [UInt8] {
            Array("RTSP/1.0 200 OK\r\nCSeq: \(number)\r\n\(headers)\r\n".utf8) + body
        }
        let transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        pair.run { bench, camera, place in
            if place == 0 { for frame in talk.open() { bench.send(frame, after: 0.1) } }
            if place % 40 == 1 {
                let headers = "Content-Type: application/sdp\r\nContent-Length: \(octets.count)\r\n"
                let url = "DESCRIBE rtsp://10.0.0.3/live"
                bench.send(talk.say(ask(url), from: .client), after: 0.1)
                let text = answer(headers, octets)
                for start in stride(from: 0, to: text.count, by: 1_400) {
                    let part = Array(text[start..<min(text.count, start + 1_400)])
                    bench.send(talk.say(part, from: .server), after: 0.01)
                }
            }
            if place == 2 {
                let url = "SETUP rtsp://10.0.0.3/live/track1"
                bench.send(talk.say(ask(url, transport), from: .client), after: 0.1)
                bench.send(
                    talk.say(answer("Session: 7\r\n" + transport), from: .server), after: 0.1)
            }
            if place >= 3 {
                let frame = interleaved(0, camera.packet(CameraWriter.slice()))
                bench.send(talk.say(frame, from: .server), after: 0.1)
            }
        }
        return Outcome(
            report: try pair.finish(sourceLocation: sourceLocation),
            faults: pair.bench.realFaults())
    }

    private func run(
        _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try run(Array(text.utf8), sourceLocation: sourceLocation)
    }

    private func expectMeasured(
        _ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let packets = outcome.report.total.packets
        #expect(packets.received == 197, sourceLocation: sourceLocation)
        #expect(packets.lost == 0, sourceLocation: sourceLocation)
    }

    @Test func `a sound description has no fault`() throws {
        let outcome = try run(Self.head + Self.good)
        expectMeasured(outcome)
        #expect(outcome.faults.isEmpty)
        #expect(outcome.report.medium.codec == "h264")
    }

    @Test(arguments: [
        (String(repeating: "a=x\r\n", count: 14_000), "rtsp over-limit Content-Length"),
        (String(repeating: "m=video 0 RTP/AVP 96\r\n", count: 65), "sdp over-limit m="),
        ("a=" + String(repeating: "x", count: 5_000) + "\r\n", "sdp over-limit line"),
    ])
    func `row 24 what is too large is refused, and the stream measured without it`(
        text: String, fault: String
    ) throws {
        let outcome = try run(Self.head + text)
        expectMeasured(outcome)
        #expect(outcome.faults == [fault: Self.times])
        #expect(outcome.report.medium.clockRate == .video)
    }

    @Test func `row 25 a description without media leaves the stream to its payload`() throws {
        let outcome = try run(Self.head)
        expectMeasured(outcome)
        #expect(outcome.faults.isEmpty)
        #expect(outcome.report.medium.isClockRateAssumed || outcome.report.medium.codec != nil)
    }

    @Test(arguments: ["rtsp://192.0.2.66/other", "file:///etc/passwd"])
    func `row 25 a control of another host or scheme is no URL of the stream`(
        control: String
    ) throws {
        let media = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:\(control)\r\n"
        let outcome = try run(Self.head + media)
        expectMeasured(outcome)
        #expect(outcome.report.medium.url == "rtsp://10.0.0.3/live")
    }

    @Test(arguments: ["0", "-1", "99999999999"])
    func `row 26 a clock rate that cannot be is counted, and another is assumed`(
        rate: String
    ) throws {
        let media = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/\(rate)\r\na=control:track1\r\n"
        let outcome = try run(Self.head + media)
        expectMeasured(outcome)
        #expect(outcome.faults == ["sdp invalid a=rtpmap: clock rate": Self.times])
        #expect(outcome.report.medium.codec == "h264")
        #expect(outcome.report.medium.isClockRateAssumed)
    }

    @Test(arguments: [
        ("m=video 0 RTP/AVP 200\r\n", "sdp invalid m= payload type"),
        (good + "a=rtpmap:96 H265/90000\r\n", "sdp invalid a=rtpmap: repeated"),
        (good + "a=tool:a\u{0}b\r\n", "sdp invalid NUL"),
    ])
    func `row 27 what the standard does not allow is counted`(
        text: String, fault: String
    ) throws {
        let outcome = try run(Self.head + text)
        expectMeasured(outcome)
        #expect(outcome.faults == [fault: Self.times])
    }

    @Test func `row 27 other line ends are read and told`() throws {
        let text = Self.head + Self.good
        for (end, name) in [("\n", "LF"), ("\r", "CR")] {
            let outcome = try run(
                Array(text.utf8).split(separator: 13, omittingEmptySubsequences: true)
                    .map { $0.filter { $0 != 10 } }.joined(separator: Array(end.utf8))
                    + Array(end.utf8))
            expectMeasured(outcome)
            #expect(outcome.report.medium.codec == "h264")
            #expect(outcome.faults == ["sdp invalid line end: \(name) alone": Self.times])
        }
    }

    @Test func `row 27 text that is not UTF-8 is read and told`() throws {
        let outcome = try run(
            Array((Self.head + Self.good).utf8) + Array("a=tool:".utf8) + [0xff, 0xfe, 13, 10])
        expectMeasured(outcome)
        #expect(outcome.report.medium.codec == "h264")
        #expect(outcome.faults == ["sdp invalid text: not UTF-8": Self.times])
    }

    @Test(arguments: [("!!!,???", true), (String(repeating: "QUJD", count: 900), false)])
    func `row 28 parameter sets that are damaged are told, and none that are not sets used`(
        sets: String, isFault: Bool
    ) throws {
        let outcome = try run(
            Self.head + Self.good
                + "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=\(sets)\r\n"
        )
        expectMeasured(outcome)
        #expect(outcome.report.medium.codec == "h264")
        #expect(outcome.report.medium.width == nil)
        #expect(outcome.faults.values.allSatisfy { $0 % Self.times == 0 })
        #expect(outcome.faults.keys.allSatisfy { $0.hasPrefix("sdp ") })
        #expect(outcome.faults.isEmpty != isFault)
    }
}
