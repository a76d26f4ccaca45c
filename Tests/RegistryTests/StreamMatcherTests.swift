// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct StreamMatcherTests {
    static func trace(
        _ url: String? = nil, from source: String = "10.9.9.9", port: UInt16 = 40_000,
        to destination: String = "10.8.8.8", on destinationPort: UInt16 = 50_000
    ) throws -> StreamTrace {
        StreamTrace(
            url: url,
            source: NetworkEndpoint(address: try NetworkAddress(parsing: source), port: port),
            destination: NetworkEndpoint(
                address: try NetworkAddress(parsing: destination), port: destinationPort))
    }

    static func match(_ trace: StreamTrace, streams: [String?]) throws -> StreamMatch {
        let cameras = try streams.enumerated().map { index, stream in
            try SampleRegistry.camera("c-\(index)", address: "10.7.7.\(index)", stream: stream)
        }
        return StreamMatcher(try SampleRegistry.make(cameras: cameras)).match(trace)
    }

    static func camera(_ index: Int, by evidence: StreamEvidence) throws -> StreamMatch {
        .camera(try #require(CameraID("c-\(index)")), by: evidence)
    }

    @Test(arguments: [
        "rtsp://10.0.0.1/Main?x=1", "RTSP://10.0.0.1:554/Main?x=1",
        "rtsp://admin:secret@10.0.0.1/Main?x=1", "rtsp://10.0.0.1/Main?x=1#f",
    ])
    func `a URL in signalling names the camera whatever its case, port and user`(url: String) throws
    {
        #expect(
            try Self.match(
                Self.trace(url), streams: ["rtsp://10.0.0.1/main", "rtsp://10.0.0.1/Main?x=1"])
                == Self.camera(1, by: .url))
    }

    @Test(arguments: ["rtsp://10.0.0.1/sub", "rtsp://10.0.0.1:8554/Main", "rtsps://10.0.0.1/Main"])
    func `another path, port or scheme is another stream`(url: String) throws {
        #expect(
            try Self.match(Self.trace(url, from: "10.0.0.1"), streams: ["rtsp://10.0.0.1/Main"])
                == .unregistered)
    }

    @Test func `a group with its port is stronger than the group alone`() throws {
        let streams = ["239.1.1.1", "239.1.1.1:5004"]
        #expect(
            try Self.match(Self.trace(to: "239.1.1.1", on: 5004), streams: streams)
                == Self.camera(1, by: .groupAndPort))
        #expect(
            try Self.match(Self.trace(to: "239.1.1.1", on: 5006), streams: streams)
                == Self.camera(0, by: .group))
        #expect(
            try Self.match(Self.trace(to: "239.1.1.2", on: 5004), streams: streams)
                == .unregistered)
    }

    @Test func `a sender with its port is stronger than the sender alone`() throws {
        let streams = ["10.0.0.1", "10.0.0.1:6000", "[2001:db8::1]:7000"]
        #expect(
            try Self.match(Self.trace(from: "10.0.0.1", port: 6000), streams: streams)
                == Self.camera(1, by: .senderAndPort))
        #expect(
            try Self.match(Self.trace(from: "10.0.0.1", port: 6002), streams: streams)
                == Self.camera(0, by: .sender))
        #expect(
            try Self.match(
                Self.trace(from: "2001:DB8:0::1", port: 7000, to: "2001:db8::2"), streams: streams)
                == Self.camera(2, by: .senderAndPort))
    }

    @Test func `a camera without a stream is known by its address`() throws {
        #expect(
            try Self.match(Self.trace(from: "10.7.7.1"), streams: ["239.1.1.1", nil])
                == Self.camera(1, by: .sender))
        #expect(
            try Self.match(Self.trace(from: "10.7.7.0"), streams: ["239.1.1.1", nil])
                == .unregistered)
    }

    @Test func `without signalling the host of a URL is the last clue`() throws {
        let streams = ["rtsp://10.0.0.1/a", "rtsp://10.0.0.2/a", "rtsp://10.0.0.2/b"]
        #expect(
            try Self.match(Self.trace(from: "10.0.0.1"), streams: streams)
                == Self.camera(0, by: .urlHost))
        #expect(
            try Self.match(Self.trace(from: "10.0.0.2"), streams: streams)
                == .ambiguous(
                    [try #require(CameraID("c-1")), try #require(CameraID("c-2"))], by: .urlHost))
        #expect(
            try Self.match(Self.trace("rtsp://10.0.0.2/b", from: "10.0.0.2"), streams: streams)
                == Self.camera(2, by: .url))
    }

    @Test func `an ambiguous match names some and not thousands`() throws {
        let streams = (0..<100).map { "rtsp://10.0.0.1/\($0)" }
        guard
            case .ambiguous(let cameras, _) = try Self.match(
                Self.trace(from: "10.0.0.1"), streams: streams)
        else {
            Issue.record("not ambiguous")
            return
        }
        #expect(cameras.count == StreamMatcher.mostNamed)
    }

    @Test(arguments: ["10.0.0.5", "10.0.0.5:9000", "239.5.5.5", "rtsp://10.0.0.5/a"])
    func `a camera with another address keeps its id`(address: String) throws {
        // H20: address, port and URL change one at a time; the name does not.
        let old = try SampleRegistry.make(cameras: [
            try SampleRegistry.camera("cam", stream: "10.0.0.4:9001")
        ])
        let new = try SampleRegistry.make(cameras: [
            try SampleRegistry.camera("cam", stream: address)
        ])
        let difference = RegistryDifference(from: old, to: new)
        #expect(
            difference.changes == [
                RegistryDifference.Change(
                    kind: .camera, id: "cam",
                    event: .changed([
                        .init(field: "stream", old: "10.0.0.4:9001", new: address)
                    ]))
            ])
        let trace = try Self.trace(
            address.hasPrefix("rtsp") ? address : nil, from: "10.0.0.5", port: 9000,
            to: "239.5.5.5")
        guard case .camera(let id, _) = StreamMatcher(new).match(trace) else {
            Issue.record("no camera")
            return
        }
        #expect(id.text == "cam")
    }

    @Test func `what was seen says by what it was known`() throws {
        // H21: the same camera as a group's receiver sees it and as signalling names it.
        let registry = try SampleRegistry.make(cameras: [
            try SampleRegistry.camera("cam", stream: "239.5.5.5:5004")
        ])
        let matcher = StreamMatcher(registry)
        #expect(
            matcher.match(try Self.trace("rtsp://10.0.0.1/a", to: "239.5.5.5", on: 5004))
                == .camera(try #require(CameraID("cam")), by: .groupAndPort))
        #expect(
            matcher.match(try Self.trace("rtsp://10.0.0.1/a", from: "10.0.0.1")) == .unregistered)
    }
}
