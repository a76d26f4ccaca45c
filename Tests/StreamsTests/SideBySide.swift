// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing

@testable import Streams

/// Two cameras side by side: what happens to the second must not show at the first.
struct SideBySide {
    let bench = TrackerBench()
    var sound = CameraWriter(2)
    var bad = CameraWriter(3)
    private let start: Int64

    init() { start = bench.now }

    /// Sends `frames` pictures of two packets of the sound camera; 10 ms behind each `send` sends
    /// what it likes of the other.
    mutating func run(
        frames: Int = 200, _ send: (TrackerBench, inout CameraWriter, Int) -> Void
    ) {
        for number in 0..<frames {
            bench.now = start + Int64(number) * 40_000_000
            for octets in sound.frame() { bench.send(sound, octets) }
            bench.now = start + Int64(number) * 40_000_000 + 10_000_000
            send(bench, &bad, number)
        }
    }

    /// Runs the sound camera beside another sound one.
    static func reference(frames: Int = 200) throws -> Figures {
        var pair = SideBySide()
        pair.run(frames: frames) { bench, camera, _ in
            for octets in camera.frame() { bench.send(camera, octets) }
        }
        return try Figures(pair.bench.report(ssrc: pair.sound.ssrc))
    }

    /// The report of the bad camera, if the sound one's figures are untouched.
    func finish(
        frames: Int = 200, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> StreamReport {
        let report = try bench.report(ssrc: bad.ssrc, sourceLocation: sourceLocation)
        try expectSound(frames: frames, sourceLocation: sourceLocation)
        return report
    }

    func expectSound(
        frames: Int = 200, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let figures = try Figures(bench.report(ssrc: sound.ssrc, sourceLocation: sourceLocation))
        #expect(
            try figures == SideBySide.reference(frames: frames),
            sourceLocation: sourceLocation)
    }
}

extension TrackerBench {
    /// Sends RTCP of a camera, on the ports above those of its RTP.
    func sendRTCP(_ camera: CameraWriter, _ octets: [UInt8]) {
        let source = Endpoint(address: camera.source.address, port: camera.source.port + 1)
        let target = Endpoint(address: camera.target.address, port: camera.target.port + 1)
        send(Frame.udp(from: source, to: target, octets))
    }
}
