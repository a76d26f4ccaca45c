// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing

@testable import Streams

@Suite struct RTCPIntakeTests {
    /// The NTP time of a bench's present, `seconds` ahead (RFC 5905 section 6).
    private func ntp(_ bench: TrackerBench, ahead seconds: Double = 0) -> UInt64 {
        let nanoseconds = bench.now + Int64(seconds * 1e9)
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return UInt64(whole + 2_208_988_800) << 32 | UInt64(Double(rest) / 1e9 * 4_294_967_296)
    }

    private func report(_ bench: TrackerBench, _ camera: CameraWriter) -> [UInt8] {
        RTCPWriter.senderReport(ssrc: camera.ssrc, ntp: ntp(bench), timestamp: camera.timestamp)
    }

    /// RTCP from a camera, on the ports above those of its RTP.
    private func send(
        _ bench: TrackerBench, _ camera: CameraWriter, _ octets: [UInt8], ports: UInt16 = 1
    ) {
        bench.send(
            Frame.udp(
                from: above(camera.source, ports), to: above(camera.target, ports), octets),
            after: 0)
    }

    /// RTCP from the receiver of a camera's stream.
    private func answer(_ bench: TrackerBench, _ camera: CameraWriter, _ octets: [UInt8]) {
        bench.send(
            Frame.udp(from: above(camera.target, 1), to: above(camera.source, 1), octets), after: 0)
    }

    private func above(_ endpoint: Endpoint, _ offset: UInt16) -> Endpoint {
        Endpoint(address: endpoint.address, port: endpoint.port &+ offset)
    }

    @Test(arguments: [0, 1, 1_001] as [UInt16])
    func `a sender report is heard on the same port, the next, and any other`(
        ports: UInt16
    ) throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for _ in 0..<5 {
            bench.run(&camera, frames: 25)
            send(bench, camera, report(bench, camera), ports: ports)
        }
        let found = try bench.report(ssrc: camera.ssrc)
        #expect(found.clock.senderReports == 5)
        let offset = try #require(found.clock.offsetMilliseconds)
        #expect(abs(offset) < 1)
        #expect(found.total.packets.received == 250)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `a clock that is ahead shows as a positive offset`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for _ in 0..<5 {
            bench.run(&camera, frames: 25)
            let octets = RTCPWriter.senderReport(
                ssrc: camera.ssrc, ntp: ntp(bench, ahead: 2.5), timestamp: camera.timestamp)
            send(bench, camera, octets)
        }
        let offset = try #require(
            try bench.report(ssrc: camera.ssrc).clock.offsetMilliseconds)
        #expect(abs(offset - 2_500) < 1)
    }

    @Test func `reports before the first packet belong to the stream`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        for _ in 0..<3 {
            send(bench, camera, report(bench, camera))
            bench.now += 1_000_000_000
        }
        bench.run(&camera, frames: 20)
        #expect(try bench.report(ssrc: camera.ssrc).clock.senderReports == 3)
    }

    @Test func `reports of a stream that never comes are forgotten`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        var other = CameraWriter(3)
        send(bench, camera, report(bench, camera))
        bench.run(&other, frames: 600)
        bench.run(&camera, frames: 20)
        #expect(try bench.report(ssrc: camera.ssrc).clock.senderReports == 0)
    }

    @Test func `reports of unknown senders have a limit and beyond it are counted`() {
        let bench = TrackerBench()
        for number in 0..<EarlyReports.limit + 7 {
            var camera = CameraWriter(2)
            camera.ssrc = UInt32(number)
            send(bench, camera, report(bench, camera))
        }
        #expect(bench.faults()["rtcp over-limit reports of unknown senders"] == 7)
    }

    @Test func `two cameras with one SSRC keep their own reports`() throws {
        let bench = TrackerBench()
        var one = CameraWriter(2, ssrc: 7)
        var two = CameraWriter(3, ssrc: 7)
        for place in 0..<4 {
            bench.run(&one, frames: 10)
            bench.run(&two, frames: 10)
            send(bench, one, report(bench, one))
            if place % 2 == 0 { send(bench, two, report(bench, two)) }
        }
        let counts = bench.reports().map { ($0.identity.source, $0.clock.senderReports) }
        #expect(counts.map(\.0) == ["10.0.0.2:5000", "10.0.0.3:5000"])
        #expect(counts.map(\.1) == [4, 2])
    }

    @Test func `a receiver's losses are told as it told them`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        for (fraction, lost) in [(UInt8(10), Int32(5)), (64, 40), (0, 39)] {
            let block = RTCPWriter.block(
                about: camera.ssrc, fraction: fraction, lost: lost, jitter: 180)
            answer(bench, camera, RTCPWriter.receiverReport(ssrc: 0xab, blocks: [block]))
        }
        // A second receiver, in a sender report, with more duplicates than losses.
        let block = RTCPWriter.block(about: camera.ssrc, lost: -3)
        answer(
            bench, camera,
            RTCPWriter.senderReport(ssrc: 0xcd, ntp: 0, timestamp: 0, blocks: [block]))
        let told = try bench.report(ssrc: camera.ssrc).reception
        #expect(told.map(\.reporter) == [0xab, 0xcd])
        #expect(told[0].cumulativeLost == 39)
        #expect(told[0].greatestFractionLost == 64)
        #expect(told[0].jitterTicks == 180)
        #expect(told[0].reports == 3)
        #expect(told[1].cumulativeLost == -3)
        #expect(told[0].runLengthLost == nil)
    }

    @Test func `the first sixteen receivers of a group are kept`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        camera.target = end(239, 1, 1, 1, 5004)
        bench.run(&camera, frames: 20)
        for number in 0..<40 {
            let block = RTCPWriter.block(about: camera.ssrc, lost: Int32(number))
            bench.send(
                Frame.udp(
                    from: end(10, 0, 2, UInt8(number), 5005),
                    to: end(239, 1, 1, 1, 5005),
                    RTCPWriter.receiverReport(ssrc: UInt32(number), blocks: [block])))
        }
        let told = try bench.report(ssrc: camera.ssrc).reception
        #expect(told.map(\.reporter) == (0..<16).map { UInt32($0) })
    }

    @Test func `extended reports tell losses by run lengths and by summary`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        // Four received, five lost, then a vector: one received, two lost, twelve received.
        let runs = RTCPWriter.runLengths(
            about: camera.ssrc, 100..<124, [0x4004, 0x0005, 0xcfff, 0])
        let summary = RTCPWriter.summary(about: camera.ssrc, lost: 9)
        answer(bench, camera, RTCPWriter.extended(ssrc: 0xab, blocks: runs + summary))
        answer(bench, camera, RTCPWriter.extended(ssrc: 0xab, blocks: summary))
        let told = try #require(try bench.report(ssrc: camera.ssrc).reception.first)
        #expect(told.runLengthLost == 7)
        #expect(told.summaryLost == 18)
        #expect(told.reports == 0)
    }

    @Test func `one datagram holds a report, a name and a goodbye`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        let compound =
            report(bench, camera)
            + RTCPWriter.canonicalName("camera@10.0.0.2", ssrc: camera.ssrc)
            + RTCPWriter.goodbye([0x9999, camera.ssrc])
        send(bench, camera, compound)
        let found = try bench.report(ssrc: camera.ssrc)
        #expect(found.clock.senderReports == 1)
        #expect(found.medium.canonicalName == "camera@10.0.0.2")
        #expect(found.goodbyes == 1)
    }

    @Test func `the first name stays`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        for name in ["one", "two"] {
            send(bench, camera, RTCPWriter.canonicalName(name, ssrc: camera.ssrc))
        }
        #expect(try bench.report(ssrc: camera.ssrc).medium.canonicalName == "one")
    }

    @Test func `interleaved RTCP is heard on its channel`() throws {
        let bench = TrackerBench()
        var talk = ConversationWriter(end(10, 0, 1, 1, 40_000), end(10, 0, 0, 9, 554))
        bench.open(&talk)
        var camera = CameraWriter(9)
        for _ in 0..<5 {
            for _ in 0..<25 {
                let octets = interleaved(0, camera.packet(CameraWriter.slice()))
                bench.send(talk.say(octets, from: .server), after: 40)
            }
            bench.send(talk.say(interleaved(1, report(bench, camera)), from: .server), after: 0)
            let block = RTCPWriter.block(about: camera.ssrc, lost: 2)
            let octets = RTCPWriter.receiverReport(ssrc: 0xab, blocks: [block])
            bench.send(talk.say(interleaved(1, octets), from: .client), after: 0)
        }
        let found = try bench.report(ssrc: camera.ssrc)
        #expect(found.clock.senderReports == 5)
        #expect(found.reception.map(\.cumulativeLost) == [2])
        #expect(found.total.packets.received == 125)
    }

    @Test func `mutated compounds trap nowhere and touch no packet count`() throws {
        var random = SeededRandom(31)
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        let compound =
            report(bench, camera)
            + RTCPWriter.canonicalName("c", ssrc: camera.ssrc) + RTCPWriter.goodbye([camera.ssrc])
            + RTCPWriter.extended(
                ssrc: 1, blocks: RTCPWriter.runLengths(about: camera.ssrc, 0..<9, [0x4009, 0]))
        for _ in 0..<5_000 {
            var octets = compound
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // The first octets keep their meaning, so that it stays RTCP.
                let place = Int.random(in: 2..<octets.count, using: &random)
                octets[place] = UInt8.random(in: 0...255, using: &random)
            }
            send(bench, camera, Array(octets.prefix(.random(in: 2...octets.count, using: &random))))
        }
        #expect(try bench.report(ssrc: camera.ssrc).total.packets.received == 40)
    }
}
