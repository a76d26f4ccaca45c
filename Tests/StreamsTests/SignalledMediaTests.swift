// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

@Suite struct SignalledMediaTests {
    private let target = end(10, 0, 1, 1, 50_000)
    private let source = end(10, 0, 0, 9, 6000)

    private func medium(_ payloadType: UInt8 = 96, _ name: String = "h264") -> SignalledMedium {
        var medium = SignalledMedium()
        medium.formats = [
            .init(
                payloadType: payloadType, name: name, codec: Codec(named: name), clockRate: .video)
        ]
        return medium
    }

    private func add(_ medium: SignalledMedium, to media: inout SignalledMedia) throws -> Int {
        let index = media.add(medium)
        return try #require(index)
    }

    private func key(
        _ source: Endpoint, _ target: Endpoint, _ carriage: Carriage = .rtpUDP
    ) -> StreamKey {
        StreamKey(
            source: source, destination: target, ssrc: 1, vlan: VLANTags(), carriage: carriage)
    }

    @Test func `a place is found whatever the payload type`() throws {
        var media = SignalledMedia()
        let index = try add(medium(), to: &media)
        #expect(!media.isAwaited(at: target))
        media.announce(index, at: target, source: source.address, sourcePort: source.port)
        #expect(media.isAwaited(at: target))
        #expect(media.find(for: key(source, target), payloadType: 8) == index)
        #expect(media.find(for: key(source, target, .tsUDP), payloadType: 33) == index)
        // What travels in a connection is bound by the connection.
        #expect(media.find(for: key(source, target, .rtpInterleaved), payloadType: 96) == nil)
    }

    @Test func `of several senders to one place each has its own medium`() throws {
        var media = SignalledMedia()
        let one = try add(medium(), to: &media)
        let two = try add(medium(), to: &media)
        let other = end(10, 0, 0, 10, 6000)
        media.announce(one, at: target, source: source.address, sourcePort: 6000)
        media.announce(two, at: target, source: other.address, sourcePort: 6000)
        #expect(media.find(for: key(source, target), payloadType: 96) == one)
        #expect(media.find(for: key(other, target), payloadType: 96) == two)
        let strange = end(10, 0, 0, 11, 6000)
        #expect(media.find(for: key(strange, target), payloadType: 96) == nil)
    }

    @Test func `a place announced again means the newer medium`() throws {
        var media = SignalledMedia()
        let one = try add(medium(), to: &media)
        media.announce(one, at: target, source: nil, sourcePort: nil)
        let count = media.count
        let two = try add(medium(97), to: &media)
        media.announce(two, at: target, source: nil, sourcePort: nil)
        #expect(media.find(for: key(source, target), payloadType: 96) == two)
        #expect(media.count > count)
    }

    @Test func `a place keeps the eight newest senders`() throws {
        var media = SignalledMedia()
        for number in UInt8(1)...12 {
            let index = try add(medium(96, "h264"), to: &media)
            let sender = end(10, 0, 0, number, 6000)
            media.announce(index, at: target, source: sender.address, sourcePort: 6000)
        }
        #expect(media.find(for: key(end(10, 0, 0, 12, 6000), target), payloadType: 8) != nil)
        #expect(media.find(for: key(end(10, 0, 0, 1, 6000), target), payloadType: 8) == nil)
    }

    @Test func `between two hosts a payload type of two media is ambiguous`() throws {
        var media = SignalledMedia()
        let one = try add(medium(96), to: &media)
        media.announce(one, at: target, source: source.address, sourcePort: 6000)
        let moved = key(end(10, 0, 0, 9, 7777), end(10, 0, 1, 1, 8888))
        #expect(media.find(for: moved, payloadType: 96) == one)
        #expect(media.find(for: moved, payloadType: 97) == nil)
        let two = try add(medium(96), to: &media)
        media.announce(
            two, at: end(10, 0, 1, 1, 50_002), source: source.address, sourcePort: 6002)
        let found = try #require(media.find(for: moved, payloadType: 96))
        // Neither presentation, but what the payload type means in both.
        #expect(found != one && found != two)
        #expect(media[found].url == nil)
        #expect(media[found].format(payloadType: 96)?.codec == .h264)
    }

    @Test func `media beyond the limit are refused and counted`() {
        var media = SignalledMedia()
        for _ in 0..<SignalledMedia.limit { _ = media.add(SignalledMedium()) }
        #expect(media.refusals == 0)
        let index = media.add(SignalledMedium())
        #expect(index == nil)
        #expect(media.refusals == 1)
    }

    @Test(arguments: [
        ("h264", Codec.h264), ("h265", .h265), ("mjpeg", .mjpeg), ("mpeg4", .mpeg4),
        ("mxpeg", .mxpeg), ("mp2t", .mp2t), ("vnd.onvif.metadata", .other), ("", .other),
    ])
    func `codecs are known by their names`(name: String, codec: Codec) {
        #expect(Codec(named: name) == codec)
    }

    @Test func `a new clock rate forgets what was summed by the old one`() throws {
        let bench = TrackerBench()
        var camera = CameraWriter(2)
        bench.run(&camera, frames: 20)
        let before = bench.tracker.withStream(0) { stream, _ in stream.jitterMax }
        #expect(before > 0)
        // Or else the codec, once told, would tell the rate again.
        bench.tracker.withStream(0) { stream, totals in
            stream.flags.remove(.guessing)
            stream.setClock(MediaClock.Rate(hertz: 8000) ?? .video, isAssumed: false, &totals)
        }
        let after = bench.tracker.withStream(0) { stream, _ in stream.jitterMax }
        #expect(after == 0)
        bench.run(&camera, frames: 20)
        let total = try bench.report(ssrc: camera.ssrc).total
        #expect(total.jitter.count == 40)
        #expect(total.frameJitter.count == 20)
    }
}
