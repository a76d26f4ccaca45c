// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing

@testable import Streams

@Suite struct TransportStreamIntakeTests {
    private let source = end(10, 0, 0, 9, 3000)
    private let target = end(239, 0, 0, 9, 1234)

    /// Datagrams of transport packets: tables, then frames, of which every tenth is a key frame.
    private func datagrams(_ frames: Int) -> [[UInt8]] {
        var writer = TransportStreamWriter()
        let tables = writer.tables().flatMap(\.self)
        return (0..<frames).map { number in
            (number % 10 == 0 ? writer.frame(isKey: true) : writer.frame()).flatMap(\.self)
                + (number == 0 ? tables : [])
        }
    }

    private func expectVideo(_ report: StreamReport, frames: Int, packets: Int) throws {
        let stream = try #require(report.transportStream)
        #expect(stream.packets == UInt64(packets))
        #expect(stream.continuityErrors == 0)
        #expect(stream.syncLosses == 0)
        #expect(stream.packetSize == 188)
        #expect(stream.videoCodec == "h264")
        #expect(report.medium.codec == "mp2t")
        #expect(report.medium.kind == .video)
        #expect(report.medium.width == 1280)
        #expect(report.medium.height == 720)
    }

    @Test func `in UDP a stream is volume, frames and continuity`() throws {
        let bench = TrackerBench()
        for octets in datagrams(50) {
            bench.send(Frame.udp(from: source, to: target, octets), after: 40)
        }
        let report = try bench.report(ssrc: nil)
        #expect(report.identity.transport == .tsUDP)
        try expectVideo(report, frames: 50, packets: 152)
        #expect(report.total.packets.received == 50)
        #expect(report.total.octets.ip == 50 * 28 + 152 * 188)
        #expect(report.total.octets.payload == 152 * 188)
        #expect(report.total.frames.count == 50)
        #expect(report.total.frames.keyFrames == 5)
        #expect(report.total.frames.largestGapNanoseconds == 40_000_000)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `in RTP it has sequence numbers, too`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(9)
        camera.payloadType = 33
        for (place, octets) in datagrams(50).enumerated() {
            let packet = camera.packet(octets)
            if place != 20 { bench.send(camera, packet, after: 40) }
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.identity.transport == .tsRTP)
        #expect(report.total.packets.lost == 1)
        let stream = try #require(report.transportStream)
        #expect(stream.packets == 149)
        #expect(stream.continuityErrors == 1)
        #expect(report.medium.width == 1280)
    }

    @Test func `straight in interleaved frames it is a stream of the connection`() throws {
        let bench = TrackerBench()
        var talk = ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 9, 554))
        bench.open(&talk)
        for octets in datagrams(50) {
            bench.send(talk.say(interleaved(0, octets), from: .server), after: 40)
        }
        let report = try bench.report(ssrc: nil)
        #expect(report.identity.transport == .tsRTSPTCP)
        #expect(report.identity.interleavedChannel == 0)
        try expectVideo(report, frames: 50, packets: 152)
        #expect(report.tcp == TCPReport())
        #expect(report.dscpPackets.map(\.packets) == [50])
    }

    @Test func `two datagrams prove nothing, three do`() {
        for count in 1...3 {
            let bench = TrackerBench()
            for octets in datagrams(count) {
                bench.send(Frame.udp(from: source, to: target, octets), after: 40)
            }
            #expect(bench.reports().count == (count == 3 ? 1 : 0))
        }
    }

    @Test func `what looks like transport packets by chance takes no memory for good`() {
        let bench = TrackerBench()
        var stray = [UInt8](repeating: 0x11, count: 188)
        stray[0] = 0x47
        for number in 0..<600 {
            // One datagram of each flow, and an interval goes by every 100 of them.
            let sender = end(10, 9, UInt8(number / 200), UInt8(number % 200), 1_000)
            bench.send(Frame.udp(from: sender, to: target, stray), after: 100)
        }
        #expect(bench.tracker.transportMeters.count <= 250)
        #expect(bench.tracker.streamCount <= 250)
        #expect(bench.reports().isEmpty)
    }

    @Test func `a datagram that only begins like a transport packet is no stream`() {
        let bench = TrackerBench()
        var octets = [UInt8](repeating: 0x11, count: 2 * 188)
        octets[0] = 0x47
        for _ in 0..<20 { bench.send(Frame.udp(from: source, to: target, octets)) }
        for count in [1, 187, 189] {
            let octets = [UInt8](repeating: 0x47, count: count)
            for _ in 0..<20 { bench.send(Frame.udp(from: source, to: target, octets)) }
        }
        #expect(bench.reports().isEmpty)
        #expect(bench.faults()["udp ignored no stream"] == 60)
        #expect(bench.faults()["udp ignored no payload"] == 20)
    }

    @Test func `packets cut by the snap length are counted and judge no continuity`() throws {
        let bench = TrackerBench()
        for octets in datagrams(50) {
            bench.send(
                Frame.udp(from: source, to: target, octets), after: 40, captured: 42 + 500)
        }
        let report = try bench.report(ssrc: nil)
        let stream = try #require(report.transportStream)
        #expect(stream.packets == 100)
        #expect(stream.continuityErrors == 0)
        #expect(report.total.trust.cutPackets == 50)
        #expect(report.total.octets.payload == 152 * 188)
    }

    @Test func `mutated datagrams trap nowhere`() {
        var random = SeededRandom(41)
        let all = datagrams(12)
        for _ in 0..<100 {
            let bench = TrackerBench()
            for octets in all {
                var octets = octets
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    let place = Int.random(in: 0..<octets.count, using: &random)
                    octets[place] = UInt8.random(in: 0...255, using: &random)
                }
                bench.send(
                    Frame.udp(from: source, to: target, octets), after: 40,
                    captured: .random(in: 42...900, using: &random))
            }
            _ = bench.reports()
        }
    }
}
