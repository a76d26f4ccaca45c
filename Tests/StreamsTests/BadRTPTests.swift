// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

@Suite struct BadRTPTests {
    // MARK: - Row 12

    struct Broken: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var fault: String
        /// Spoils a whole packet with 100 octets of payload.
        var spoil: @Sendable ([UInt8]) -> [UInt8]
    }

    static let broken = [
        Broken(
            testDescription: "CC 15 in 20 octets", fault: "rtp truncated contributing sources"
        ) { [0x8f] + $0[1..<20] },
        Broken(testDescription: "extension past the end", fault: "rtp truncated extension") {
            [0x90] + $0[1..<12] + [0xbe, 0xde, 0xff, 0xff] + $0[12...]
        },
        Broken(testDescription: "extension header cut", fault: "rtp truncated extension header") {
            [0x90] + $0[1..<14]
        },
        Broken(testDescription: "padding of 0", fault: "rtp invalid padding length") {
            [0xa0] + $0[1..<($0.count - 1)] + [0]
        },
        Broken(testDescription: "padding past the start", fault: "rtp invalid padding length") {
            [0xa0] + $0[1..<($0.count - 1)] + [250]
        },
    ]

    @Test(arguments: broken)
    func `row 12 a broken packet of a known stream is counted and changes nothing`(
        broken: Broken
    ) throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number % 10 == 9 else { return }
            var copy = camera
            bench.send(camera, broken.spoil(copy.packet(CameraWriter.slice())))
        }
        let report = try pair.finish()
        #expect(report.total.packets.received == 400)
        #expect(report.total.packets.lost == 0)
        #expect(pair.bench.realFaults() == [broken.fault: 20])
    }

    @Test(arguments: [0x00, 0x40, 0xc0, 0x80] as [UInt8])
    func `row 12 another version, or too short a packet, is not RTP`(first: UInt8) throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            guard number % 10 == 9 else { return }
            var copy = camera
            let octets = [first] + copy.packet(CameraWriter.slice()).dropFirst()
            bench.send(camera, first == 0x80 ? Array(octets.prefix(11)) : octets)
        }
        let report = try pair.finish()
        #expect(report.total.packets.received == 400)
        #expect(pair.bench.realFaults().isEmpty)
        #expect(pair.bench.faults()["udp ignored no stream"] == 20)
    }

    @Test func `row 12 the same from a stranger is ignored`() throws {
        for broken in Self.broken {
            var pair = SideBySide()
            var stranger = CameraWriter(77)
            pair.run { bench, camera, _ in
                for octets in camera.frame() { bench.send(camera, octets) }
                bench.send(stranger, broken.spoil(stranger.packet(CameraWriter.slice())))
            }
            _ = try pair.finish()
            #expect(pair.bench.realFaults().isEmpty)
            #expect(pair.bench.reports().count == 2)
        }
    }

    // MARK: - Rows 13 to 18

    @Test func `row 13 a packet late behind the wrap is late, and nothing is lost`() throws {
        var pair = SideBySide()
        pair.bad.sequence = 65_400
        var held: [UInt8] = []
        pair.run { bench, camera, number in
            for octets in camera.frame() {
                // 65,534 comes after 3.
                if octets[2] == 0xff, octets[3] == 0xfe {
                    held = octets
                } else {
                    bench.send(camera, octets)
                }
                if octets[2] == 0, octets[3] == 3, !held.isEmpty {
                    bench.send(camera, held)
                    held = []
                }
            }
        }
        let report = try pair.finish()
        #expect(report.total.packets.lost == 0)
        #expect(report.total.packets.late == 1)
        #expect(report.total.packets.received == 400)
        #expect(report.total.packets.restarts == 0)
    }

    @Test(arguments: [true, false])
    func `row 14 a new SSRC is a new stream without loss`(continues: Bool) throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            if number == 100 {
                camera.ssrc = 0xbeef
                if !continues { camera.sequence = 7 }
            }
            for octets in camera.frame() { bench.send(camera, octets) }
        }
        try pair.expectSound()
        for ssrc in [UInt32(0x1111_0003), 0xbeef] {
            let report = try pair.bench.report(ssrc: ssrc)
            #expect(report.total.packets.received == 200)
            #expect(report.total.packets.lost == 0)
            #expect(report.total.packets.restarts == 0)
        }
    }

    @Test func `row 15 every packet twice is duplicates and no loss`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, _ in
            for octets in camera.frame() {
                bench.send(camera, octets)
                bench.send(camera, octets, after: 0.1)
            }
        }
        let packets = try pair.finish().total.packets
        #expect(packets.received == 800)
        #expect(packets.unique == 400)
        #expect(packets.duplicate == 400)
        #expect(packets.expected == 400)
        #expect(packets.lost == 0)
        #expect(packets.lossRatio == 0)
    }

    @Test func `row 11 copies of a mirror port are duplicates, and told apart from traffic`() throws
    {
        var pair = SideBySide()
        // The mirror shows each packet as it comes in and as it goes out: to the last octet alike.
        pair.run { bench, camera, _ in
            for octets in camera.frame() {
                bench.send(camera, octets)
                bench.send(camera, octets, after: 0.02)
            }
        }
        let total = try pair.finish().total
        #expect(total.packets.duplicate == 400)
        #expect(total.octets.ip == 2 * total.octets.duplicate)
        #expect(total.octets.duplicate == 400 * 140)
        #expect(total.packets.lost == 0)
    }

    @Test func `row 15 one packet thirty times is thirty less one duplicates`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() {
                for _ in 0..<(number == 50 ? 30 : 1) { bench.send(camera, octets, after: 0.1) }
            }
        }
        let packets = try pair.finish().total.packets
        #expect(packets.duplicate == 2 * 29)
        #expect(packets.lost == 0)
    }

    @Test func `row 16 a timestamp that jumps half its range leaves the other rates`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            if number == 100 { camera.timestamp &+= 1 << 31 }
            for octets in camera.frame() { bench.send(camera, octets) }
        }
        let report = try pair.finish()
        #expect(report.total.packets.lost == 0)
        #expect(report.total.frames.count == 200)
        #expect(report.total.frames.nominalStepTicks == 3_600)
        // The media clock does not agree with the clock of arrival: its rate is marked.
        #expect(report.timestampsContradict)
    }

    @Test func `row 16 timestamps that stand still are one frame`() throws {
        var pair = SideBySide()
        pair.run(frames: 600) { bench, camera, _ in
            let timestamp = camera.timestamp
            for octets in camera.frame() { bench.send(camera, octets) }
            camera.timestamp = timestamp
        }
        let report = try pair.finish(frames: 600)
        #expect(report.total.packets.received == 1_200)
        #expect(report.total.frames.count == 1)
        #expect(report.unknown.contains(UnknownFigure("frame_rate_fps", .tooFewFrames)))
        #expect(report.unknown.contains(UnknownFigure("frame_rate_nominal_fps", .tooFewFrames)))
    }

    @Test func `row 16 a declared rate that the timestamps deny gives no media rate`() throws {
        var pair = SideBySide()
        // Payload type 0 is declared to run at 8 kHz; these timestamps do at 90.
        pair.bad.payloadType = 0
        pair.run { bench, camera, _ in
            for octets in camera.frame() { bench.send(camera, octets) }
        }
        let report = try pair.finish()
        #expect(report.medium.clockRate == MediaClock.Rate(hertz: 8_000))
        #expect(report.timestampsContradict)
        #expect(
            report.unknown.contains(
                UnknownFigure("frame_rate_nominal_fps", .timestampsContradict)))
    }

    @Test func `row 17 two cameras with one SSRC and payload type stay two`() throws {
        var pair = SideBySide()
        pair.bad.ssrc = pair.sound.ssrc
        pair.run { bench, camera, number in
            for octets in camera.frame() where number % 10 != 5 { bench.send(camera, octets) }
        }
        let reports = pair.bench.reports()
        #expect(reports.count == 2)
        #expect(try Figures(reports[0]) == SideBySide.reference())
        #expect(reports[1].total.packets.received == 360)
        #expect(reports[1].total.packets.lost == 40)
        #expect(reports[1].total.packets.lossRuns == 20)
    }

    @Test func `row 18 a forger at another address cannot touch the stream`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for octets in camera.frame() { bench.send(camera, octets) }
            // The sound camera's SSRC, port and payload type, its numbers 50 ahead.
            var forged = CameraWriter(2)
            forged.source = end(10, 0, 0, 66, 5000)
            forged.sequence = UInt16(1_050 + number * 3)
            bench.send(forged, forged.packet(CameraWriter.slice()))
        }
        let reports = pair.bench.reports()
        let first = try #require(reports.first)
        #expect(try Figures(first) == SideBySide.reference())
        // Its numbers never follow one another, so it is no stream, and all of it is counted.
        #expect(reports.map(\.identity.source) == ["10.0.0.2:5000", "10.0.0.3:5000"])
        #expect(pair.bench.faults()["rtp ignored not in sequence"] == 200)
        // And somebody is told that it was there.
        #expect(pair.bench.faults()["rtp conflict senders"] == 1)
    }

    // MARK: - Rows 21 to 23: payloads

    /// Announces a camera's medium by SAP, so that its codec is known from the first packet.
    private func announce(_ bench: TrackerBench, _ camera: CameraWriter, _ media: String) {
        let text =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=x\r\nc=IN IP4 "
            + "\(camera.target.address)\r\nt=0 0\r\nm=video \(camera.target.port) \(media)"
        let head: [UInt8] = [0x20, 0, 0, 1, 10, 0, 0, 9] + Array("application/sdp\0".utf8)
        bench.send(
            Frame.udp(
                from: end(10, 0, 0, 9, 9875), to: end(224, 2, 127, 254, 9875),
                head + Array(text.utf8)), after: 0)
    }

    private static let h264 = "RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"

    @Test(
        arguments: [
            ([0x78, 0, 3, 0x41, 1, 2, 0xff, 0xff, 1], "h264 truncated aggregated NAL unit"),
            ([0x7c, 0xc5, 1, 2, 3], "h264 invalid FU start and end"),
            ([0x78, 0, 0, 0x41, 1, 2], "h264 invalid NAL unit size"),
        ] as [([UInt8], String)])
    func `row 21 a damaged payload is counted, and its packet all the same`(
        payload: [UInt8], fault: String
    ) throws {
        var pair = SideBySide()
        announce(pair.bench, pair.bad, Self.h264)
        pair.run { bench, camera, number in
            let isBad = number % 10 == 9
            bench.send(camera, camera.packet(isBad ? payload : CameraWriter.slice()))
        }
        let report = try pair.finish()
        #expect(report.total.packets.received == 200)
        #expect(report.total.frames.count == 200)
        #expect(pair.bench.realFaults() == [fault: 20])
    }

    @Test func `row 21 a fragment that is never ended grows nothing`() throws {
        var pair = SideBySide()
        announce(pair.bench, pair.bad, Self.h264)
        pair.run { bench, camera, number in
            let header: UInt8 = number == 0 ? 0x85 : 0x05
            bench.send(
                camera,
                camera.packet([0x7c, header, 0x88] + [UInt8](repeating: 1, count: 1_200)))
        }
        let report = try pair.finish()
        #expect(report.total.frames.keyFrames == 1)
        #expect(pair.bench.realFaults().isEmpty)
    }

    @Test func `row 22 thousands of parameter sets in one packet stop at a bound`() throws {
        var pair = SideBySide()
        announce(pair.bench, pair.bad, "RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n")
        let set: [UInt8] = [0, 2, 0x44, 0x01]
        let sets: [UInt8] = [0x60, 0x01] + [[UInt8]](repeating: set, count: 4_096).joined()
        pair.run { bench, camera, number in
            bench.send(camera, camera.packet(number % 10 == 9 ? sets : [0x02, 0x01, 0xd0, 0, 0]))
        }
        let report = try pair.finish()
        #expect(report.total.packets.received == 200)
        #expect(
            pair.bench.realFaults() == [
                "h265 over-limit NAL units": 20,
                // Longer than any network carries.
                "udp joined length": 20,
            ])
    }

    @Test func `row 22 a width of 2 to the 31 is refused and the resolution unknown`() throws {
        var bits = BitPile()
        bits.put(1, 8)
        bits.put(1, 8)
        bits.put(0, 80)
        bits.put(93, 8)
        for number in [0, 1, 1 << 31, 1_080] { bits.unsigned(number) }
        bits.put(0, 8)
        let set = [0x42, 0x01] + bits.octets
        var pair = SideBySide()
        announce(pair.bench, pair.bad, "RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n")
        pair.run { bench, camera, number in
            bench.send(camera, camera.packet(number % 10 == 9 ? set : [0x02, 0x01, 0xd0, 0, 0]))
        }
        let report = try pair.finish()
        #expect(report.medium.width == nil)
        #expect(report.unknown.contains(UnknownFigure("width", .noParameterSets)))
        #expect(pair.bench.realFaults().values.map { $0 } == [20])
    }

    @Test func `row 23 of SRTP the headers are measured, and the rest says why not`() throws {
        var pair = SideBySide()
        announce(pair.bench, pair.bad, "RTP/SAVP 96\r\na=rtpmap:96 H264/90000\r\n")
        var random = SeededRandom(51)
        pair.run { bench, camera, _ in
            let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            bench.send(camera, camera.packet(noise))
        }
        let report = try pair.finish()
        #expect(report.medium.isEncrypted)
        #expect(report.total.packets.received == 200)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.frames.count == 200)
        #expect(report.total.frames.keyFrames == 0)
        #expect(report.unknown.contains(UnknownFigure("width", .encrypted)))
        #expect(pair.bench.realFaults().isEmpty)
    }

    // MARK: - H9, H11, H12, H26: where monitors lie

    @Test func `H9 a camera that starts again is an event and no loss`() throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            if number % 50 == 49 {
                camera.sequence &+= 20_000
                camera.timestamp &+= 1 << 30
            }
            for octets in camera.frame() { bench.send(camera, octets) }
        }
        let report = try pair.finish()
        #expect(report.total.packets.restarts == 4)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.packets.received == 400)
        #expect(report.total.packets.unique == 400)
        #expect(report.timestampsContradict)
    }

    @Test func `H11 silence and another SSRC are no loss`() throws {
        var pair = SideBySide()
        pair.run(frames: 600) { bench, camera, number in
            // Fifteen seconds of silence, then another source.
            if number == 475 { camera.ssrc = 0xbeef }
            if number < 100 || number >= 475 {
                for octets in camera.frame() { bench.send(camera, octets) }
            }
        }
        try pair.expectSound(frames: 600)
        for (ssrc, count) in [(UInt32(0x1111_0003), UInt64(200)), (0xbeef, 250)] {
            let packets = try pair.bench.report(ssrc: ssrc).total.packets
            #expect(packets.received == count)
            #expect(packets.lost == 0)
        }
    }

    @Test func `H12 as many duplicates as losses hide none of them`() throws {
        var pair = SideBySide()
        var random = SeededRandom(61)
        var (lost, twice): (UInt64, UInt64) = (0, 0)
        pair.run { bench, camera, number in
            for octets in camera.frame() {
                let fate = Int.random(in: 0..<20, using: &random)
                // The first and the last packets come, as what is lost outside them is unseen.
                if fate == 0, number > 0, number < 199 {
                    lost += 1
                    continue
                }
                bench.send(camera, octets)
                if fate == 1 {
                    twice += 1
                    bench.send(camera, octets, after: 0.1)
                }
            }
        }
        let packets = try pair.finish().total.packets
        #expect(lost > 10 && twice > 10)
        #expect(packets.lost == lost)
        #expect(packets.duplicate == twice)
        #expect(packets.lossRatio == Double(lost) / 400)
    }

    @Test(arguments: [0, 1, 2])
    func `H26 frames are timestamps, whatever the marker bits say`(kind: Int) throws {
        var pair = SideBySide()
        pair.run { bench, camera, number in
            for var octets in camera.frame(packets: 3) {
                // None marked; all marked; and two slices in one of B-frames' odd order.
                if kind == 0 { octets[1] &= 0x7f }
                if kind == 1 { octets[1] |= 0x80 }
                if kind == 2 {
                    let swap: [UInt32] = [0, 7_200, 3_600, 10_800]
                    let time = 90_000 + UInt32(number / 4 * 4) * 3_600 + swap[number % 4]
                    octets.replaceSubrange(4..<8, with: big32(time))
                }
                bench.send(camera, octets)
            }
        }
        let frames = try pair.finish().total.frames
        #expect(frames.count == 200)
        #expect(frames.mediaSpanTicks == 199 * 3_600)
        if kind != 2 { #expect(frames.nominalStepTicks == 3_600) }
    }

    // MARK: - Everything else that comes

    @Test func `times at the ends of the range trap nowhere`() throws {
        let times: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        var random = SeededRandom(71)
        for _ in 0..<20 {
            let bench = TrackerBench()
            bench.tracker.observeIntervals { _, _ in }
            var camera = CameraWriter(2)
            announce(bench, camera, "RTP/AVP 96\r\nb=AS:500\r\na=rtpmap:96 H264/90000\r\n")
            var talk = ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 9, 554))
            bench.open(&talk)
            var other = CameraWriter(9)
            for _ in 0..<60 {
                bench.now = times.randomElement(using: &random) ?? 0
                bench.send(camera, camera.packet(CameraWriter.slice()), after: 0)
                let octets = interleaved(0, other.packet(CameraWriter.slice()))
                bench.send(talk.say(octets, from: .server), after: 0)
                let ntp = UInt64.random(in: 0...(.max), using: &random)
                bench.sendRTCP(
                    camera,
                    RTCPWriter.senderReport(ssrc: camera.ssrc, ntp: ntp, timestamp: 0))
                bench.now = bench.now == .max ? 0 : bench.now
            }
            _ = bench.reports()
        }
    }

    @Test func `mutated packets of a stream trap nowhere and leave the other alone`() throws {
        var pair = SideBySide()
        var random = SeededRandom(81)
        pair.run { bench, camera, _ in
            for octets in camera.frame(packets: 10) {
                var frame = Frame.udp(from: camera.source, to: camera.target, octets)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    // Behind the addresses: another host's packets would be another stream.
                    let place = Int.random(in: 34..<frame.count, using: &random)
                    frame[place] = UInt8.random(in: 0...255, using: &random)
                }
                bench.send(frame, after: 0.5, captured: .random(in: 10...200, using: &random))
            }
        }
        try pair.expectSound()
    }
}

/// Writes the bits of a parameter set.
private struct BitPile {
    private var bits: [Bool] = []

    mutating func put(_ number: Int, _ count: Int) {
        for place in (0..<count).reversed() { bits.append(place < 63 && number >> place & 1 == 1) }
    }

    /// Exp-Golomb code (ITU-T H.264 section 9.1).
    mutating func unsigned(_ number: Int) {
        let width = Int.bitWidth - (number + 1).leadingZeroBitCount
        put(0, width - 1)
        put(number + 1, width)
    }

    var octets: [UInt8] {
        stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(0) { octet, place in
                octet << 1 | (start + place < bits.count && bits[start + place] ? 1 : 0)
            }
        }
    }
}
