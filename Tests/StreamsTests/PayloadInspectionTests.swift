// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

@Suite struct PayloadInspectionTests {
    /// Sends pictures of one packet; each 25th is a key frame behind a parameter set.
    private func run(
        _ bench: TrackerBench, _ camera: inout CameraWriter, frames: Int,
        set: [UInt8] = CameraWriter.smallSet
    ) {
        for number in 0..<frames {
            let isKey = number % 25 == 0
            if isKey { bench.send(camera, camera.packet(set, last: false), after: 38) }
            bench.send(
                camera, camera.packet(CameraWriter.slice(isKey: isKey)), after: isKey ? 2 : 40)
        }
    }

    private func signal(_ bench: TrackerBench, _ camera: CameraWriter, _ media: String) {
        let text =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=x\r\nc=IN IP4 \(camera.target.address)\r\n"
            + "t=0 0\r\nm=video \(camera.target.port) \(media)"
        let head: [UInt8] = [0x20, 0, 0, 1, 10, 0, 0, 9] + Array("application/sdp\0".utf8)
        bench.send(
            Frame.udp(
                from: end(10, 0, 0, 9, 9875), to: end(224, 2, 127, 254, 9875),
                head + Array(text.utf8)))
    }

    @Test func `without signalling the payload tells codec, clock and resolution`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        run(bench, &camera, frames: 250)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.codec == "h264")
        #expect(report.medium.kind == .video)
        #expect(report.medium.clockRate == .video)
        #expect(!report.medium.isClockRateAssumed)
        #expect(report.medium.width == 640)
        #expect(report.medium.height == 360)
        #expect(report.resolutionChanges == 0)
        #expect(bench.tracker.guesses.isEmpty)
    }

    @Test func `with signalling every key frame is counted from the first`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        signal(bench, camera, "RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
        run(bench, &camera, frames: 250)
        let frames = try bench.report(ssrc: camera.ssrc).total.frames
        #expect(frames.keyFrames == 10)
        #expect(frames.keyFrameIntervals == 9)
        #expect(frames.keyFrameIntervalSumNanoseconds == 9_000_000_000)
    }

    @Test func `each change of resolution is counted`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        signal(bench, camera, "RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
        for set in [CameraWriter.smallSet, CameraWriter.largeSet, CameraWriter.smallSet] {
            run(bench, &camera, frames: 75, set: set)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.resolutionChanges == 2)
        #expect(report.medium.width == 640)
    }

    @Test func `noise is no codec, and its guess is given up`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        var random = SeededRandom(91)
        for _ in 0..<400 {
            let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            bench.send(camera, camera.packet(noise), after: 40)
        }
        #expect(bench.tracker.guesses.isEmpty)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.codec == nil)
        #expect(report.medium.isClockRateAssumed)
        #expect(report.unknown.contains(UnknownFigure("codec", .noSignalling)))
    }

    @Test func `guesses stay within their limit and are given back`() {
        let bench = TrackerBench()
        for number in 0..<400 {
            var camera = CameraWriter(2)
            camera.ssrc = UInt32(number)
            camera.source = end(10, 9, UInt8(number / 200), UInt8(number % 200), 5000)
            // Too few packets to be a stream, then silence.
            for _ in 0..<3 { bench.send(camera, camera.packet(CameraWriter.slice()), after: 20) }
        }
        bench.now += 30_000_000_000
        var camera = CameraWriter(3)
        run(bench, &camera, frames: 500)
        #expect(bench.tracker.guesses.count <= 1)
        #expect(bench.reports().count == 1)
    }

    @Test func `a JPEG frame's header tells its size`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        camera.payloadType = 26
        for _ in 0..<50 {
            let header = hex("00000000 01505a2d")
            bench.send(
                camera, camera.packet(header + [UInt8](repeating: 7, count: 200)), after: 40)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.codec == "mjpeg")
        #expect(report.medium.width == 720)
        #expect(report.medium.height == 360)
        #expect(report.total.frames.keyFrames >= 45)
    }

    @Test func `what is encrypted is not inspected`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        signal(bench, camera, "RTP/SAVP 96\r\na=rtpmap:96 H264/90000\r\n")
        run(bench, &camera, frames: 100)
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.isEncrypted)
        #expect(report.medium.width == nil)
        #expect(report.total.frames.keyFrames == 0)
        #expect(report.total.frames.count == 100)
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `of cut payloads the resolution's absence says so`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        signal(bench, camera, "RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n")
        for number in 0..<100 {
            let payload = number % 25 == 0 ? CameraWriter.smallSet : CameraWriter.slice()
            let octets = camera.packet(payload)
            bench.send(
                Frame.udp(from: camera.source, to: camera.target, octets), after: 40,
                captured: 42 + 12 + 6)
        }
        let report = try bench.report(ssrc: camera.ssrc)
        #expect(report.medium.width == nil)
        #expect(report.unknown.contains(UnknownFigure("width", .payloadNotCaptured)))
        #expect(bench.realFaults().isEmpty)
    }

    @Test func `a declared media rate gives a delivery index`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        // 20 kbit/s, just what 25 packets of 100 octets are.
        signal(bench, camera, "RTP/AVP 96\r\nb=AS:20\r\na=rtpmap:96 H264/90000\r\n")
        for number in 0..<100 {
            let octets = camera.packet(CameraWriter.slice())
            if number != 40, number != 41 { bench.send(camera, octets, after: 0) }
            bench.now += 40_000_000
        }
        let index = try #require(try bench.report(ssrc: camera.ssrc).mdi)
        #expect(index.mediaLossRate == 2)
        // One packet's 40 ms, and the two that were missed.
        #expect(abs(index.delayFactorMilliseconds - 120) < 1)
    }
}
