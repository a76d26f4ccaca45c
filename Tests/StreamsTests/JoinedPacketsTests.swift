// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import Testing

@testable import Streams

@Suite struct JoinedPacketsTests {
    private static let fault = "udp joined length"

    /// Frames of a camera, `packets` of 1,200 octets each, of which every `joins` are captured as
    /// one, as GRO joins them: one header of IP and UDP, then RTP after RTP.
    private func camera(
        _ bench: TrackerBench, joins: Int, frames: Int = 50, captured: Int = .max,
        source: Endpoint? = nil, target: Endpoint? = nil
    ) -> CameraWriter {
        var camera = CameraWriter(2)
        camera.source = source ?? camera.source
        camera.target = target ?? camera.target
        for _ in 0..<frames {
            var packets: [[UInt8]] = []
            for place in 0..<12 {
                packets.append(
                    camera.packet(CameraWriter.slice(count: 1_188), last: place == 11))
            }
            for start in stride(from: 0, to: packets.count, by: joins) {
                let octets = packets[start..<min(start + joins, packets.count)].flatMap(\.self)
                let frame = Frame.udp(from: camera.source, to: camera.target, octets)
                bench.send(frame, after: start == 0 ? 30 : 1, captured: captured)
            }
        }
        return camera
    }

    @Test(arguments: [2, 3, 5, 8, 12])
    func `row 7 packets that were joined are never counted as one`(joins: Int) throws {
        let bench = TrackerBench()
        let camera = camera(bench, joins: joins)
        let report = try bench.report(ssrc: camera.ssrc)
        // The last of a frame may be alone.
        let perFrame = (12 + joins - 1) / joins
        let joined = UInt64(50 * (12 % joins == 1 ? perFrame - 1 : perFrame))
        #expect(bench.faults()[Self.fault] == joined)
        #expect(report.total.trust.joinedPackets == joined)
        for figure in [
            "packets_received", "packets_unique", "packets_expected", "packets_lost", "loss_ratio",
            "jitter_max_ms",
        ] {
            let reasons = report.unknown.filter { $0.figure == figure }.map(\.reason)
            #expect(reasons == [.packetsJoined], "\(figure)")
        }
        let first = try #require(bench.tracker.faults.first { $0.first.kind == .joined })
        #expect(first.first.needed == 1_228)
        #expect(first.first.had == 28 + 1_200 * min(joins, 12))
        #expect(first.firstPacketNumber == 1)
    }

    @Test func `row 7 a stream that comes joined from its first packet on is found`() throws {
        let bench = TrackerBench()
        let camera = camera(bench, joins: 4, frames: 2)
        #expect(try bench.report(ssrc: camera.ssrc).total.frames.count == 2)
    }

    @Test func `packets that come as they were sent are known`() throws {
        let bench = TrackerBench()
        let camera = camera(bench, joins: 1)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(bench.faults()[Self.fault] == nil)
        #expect(report.total.trust.joinedPackets == 0)
        #expect(report.total.packets.received == 600)
        #expect(report.total.packets.lost == 0)
        #expect(!report.unknown.contains { $0.reason == .packetsJoined })
    }

    @Test func `row 7 where the payload was not captured the length tells`() {
        let bench = TrackerBench()
        _ = camera(bench, joins: 9, captured: 96)
        // 10,828 and 3,628 octets: more than any network carries, and what jumbo frames may be.
        #expect(bench.faults()[Self.fault] == 50)
    }

    @Test func `row 7 the interface's own limit tells of shorter ones`() {
        let bench = TrackerBench { $0.longestPacket = 1_500 }
        _ = camera(bench, joins: 9, captured: 96)
        #expect(bench.faults()[Self.fault] == 100)
        bench.tracker.longestPacket = 65_536
        #expect(bench.tracker.longestPacket == 65_536)
    }

    @Test func `jumbo frames are packets`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for _ in 0..<50 {
            bench.send(camera, camera.packet(CameraWriter.slice(count: 8_900)), after: 40)
        }
        #expect(bench.faults()[Self.fault] == nil)
        let packets = try bench.report(ssrc: camera.ssrc).total.packets
        #expect(packets.received == 50)
        #expect(packets.lost == 0)
    }

    @Test func `what stays inside a host may be longer than any network carries`() throws {
        for (source, target) in [
            (end(127, 0, 0, 1, 5_000), end(127, 0, 0, 1, 6_000)),
            (end(10, 0, 0, 9, 5_000), end(10, 0, 0, 9, 6_000)),
        ] {
            let bench = TrackerBench()
            var camera = CameraWriter(2)
            (camera.source, camera.target) = (source, target)
            for _ in 0..<50 {
                bench.send(camera, camera.packet(CameraWriter.slice(count: 30_000)), after: 40)
            }
            #expect(bench.faults()[Self.fault] == nil)
            #expect(try bench.report(ssrc: camera.ssrc).total.packets.received == 50)
            // Joined ones are told there too, by what is inside.
            let other = TrackerBench()
            _ = self.camera(other, joins: 6, source: source, target: target)
            #expect(other.faults()[Self.fault] == 100)
        }
    }

    @Test func `a datagram that came in fragments is one however long`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for number in 0..<50 {
            let octets = camera.packet(CameraWriter.slice(count: 12_000))
            let whole = Frame.udp(from: camera.source, to: camera.target, octets)
            for piece in fragments(of: whole, identification: number) {
                bench.send(piece, after: 4)
            }
        }
        #expect(bench.faults()[Self.fault] == nil)
        let total = try bench.report(ssrc: camera.ssrc).total
        #expect(total.packets.received == 50)
        #expect(total.trust.joinedPackets == 0)
    }

    @Test func `a transport stream is known to be joined by its length`() throws {
        let bench = TrackerBench()
        var writer = TransportStreamWriter()
        let (source, target) = (end(10, 0, 0, 4, 9), end(239, 0, 0, 4, 9))
        for number in 0..<40 {
            var packets = (number == 0 ? writer.tables() : []) + writer.frame(isKey: true)
            while packets.count < 56 { packets += writer.frame(isKey: true) }
            bench.send(Frame.udp(from: source, to: target, packets.flatMap(\.self)), after: 40)
        }
        let report = try bench.report(ssrc: nil)
        #expect(report.total.trust.joinedPackets == 40)
        #expect(
            report.unknown.contains(UnknownFigure("packets_received", .packetsJoined)))
    }

    @Test func `an interval without joined packets keeps its counts`() throws {
        let bench = TrackerBench()
        var told: [StreamReport] = []
        bench.tracker.observeIntervals { told.append($1) }
        var camera = camera(bench, joins: 3, frames: 100)
        bench.now += 20_000_000_000
        bench.run(&camera, frames: 100)
        _ = bench.reports()
        let joined = told.map { $0.total.trust.joinedPackets }
        #expect(joined.reduce(0, +) == 400)
        #expect(joined.last == 0)
        #expect(told.last?.unknown.contains { $0.reason == .packetsJoined } == false)
    }

    @Test func `payload that looks like the next packet but for one octet is payload`() {
        var payload = CameraWriter(2).octets(of: 1_188)
        payload += payload
        // Version, type, number and SSRC of a second packet, each spoilt once.
        payload[1_203] &+= 1
        let found = JoinedPackets.segments(of: payload.span)
        #expect(found?.length == 1_200)
        #expect(found?.count == 2)
        for place in [1_200, 1_201, 1_202, 1_203, 1_208, 1_209, 1_210, 1_211] {
            var spoilt = payload
            spoilt[place] ^= 0x41
            let found = JoinedPackets.segments(of: spoilt.span)
            #expect(found == nil, "\(place)")
        }
    }

    @Test func `no length of a payload traps`() {
        let payload = CameraWriter(2).octets(of: 40) + CameraWriter(2).octets(of: 40)
        for count in 0...payload.count {
            let part = Array(payload.prefix(count))
            let found = JoinedPackets.segments(of: part.span)
            #expect(found == nil)
        }
    }

    /// The fragments of an IPv4 frame, of 1,480 octets each.
    private func fragments(of frame: [UInt8], identification: Int) -> [[UInt8]] {
        let payload = Array(frame[34...])
        return stride(from: 0, to: payload.count, by: 1_480).map { start in
            let piece = payload[start..<min(start + 1_480, payload.count)]
            let isLast = start + piece.count == payload.count
            var header = Array(frame[..<34])
            header.replaceSubrange(16..<18, with: big16(20 + piece.count))
            header.replaceSubrange(18..<20, with: big16(identification))
            header.replaceSubrange(20..<22, with: big16(start / 8 | (isLast ? 0 : 0x2000)))
            return header + piece
        }
    }
}

extension CameraWriter {
    /// The first packet, of so much payload.
    fileprivate func octets(of count: Int) -> [UInt8] {
        var copy = self
        return copy.packet(CameraWriter.slice(count: count))
    }
}
