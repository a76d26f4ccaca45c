// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Registry
import Settings
import Testing

@testable import Checks
@testable import kuzet

@Suite struct FoundCamerasTests {
    static func heard(_ stream: String, host: String = "10.0.0.11") -> InitAnswers.Found {
        var found = InitAnswers.Found(stream: stream, host: host, what: "640x360 h264")
        found.heard = [
            StreamIdentity(
                source: "\(host):6000", destination: "10.9.0.1:4000", ssrc: 1, transport: .rtpUDP,
                vlan: [], interleavedChannel: nil)
        ]
        return found
    }

    /// The registry of the example with these cameras alone.
    static func registry(_ rows: [String]) throws -> Registry {
        let cameras = "id,name,site,channel,kind,address,stream\n" + rows.joined(separator: "\n")
        return try RegistryCommandsTests.withCopy(["cameras.csv": cameras]) { folder in
            let (registry, problems) = RegistryFiles.load(folder: folder)
            #expect(problems.lines == "")
            return try #require(registry)
        }
    }

    static func row(_ id: String, address: String = "", stream: String = "") -> String {
        "\(id),N,almaty-tau,fibre-almaty-a,outdoor-overview,\(address),\(stream)"
    }

    static let device = SampleDevice.asked([SampleDevice.main, SampleDevice.small])

    @Test func `a device and its only stream on the wire are one camera`() throws {
        for stream in ["rtsp://10.0.0.11/main", "rtsp://10.0.0.11/x", "10.0.0.11", "239.1.1.1"] {
            let found = FoundCameras(
                devices: [Self.device], heard: [Self.heard(stream)], registry: nil)
            let camera = try #require(found.cameras.first)
            #expect(found.cameras.count == 1)
            #expect(camera.isHeard && camera.device != nil)
        }
    }

    @Test func `the device's own streams are taken, others of its host are rows of their own`() {
        let found = FoundCameras(
            devices: [Self.device],
            heard: [
                Self.heard("rtsp://10.0.0.11/small"), Self.heard("rtsp://10.0.0.11/z"),
                Self.heard("10.0.0.12", host: "10.0.0.12"),
            ], registry: nil)
        #expect(
            found.cameras.map(\.stream) == [
                "rtsp://10.0.0.11/main", "rtsp://10.0.0.11/z", "10.0.0.12",
            ])
        #expect(found.cameras.map { $0.device != nil } == [true, false, false])
        #expect(found.cameras.map(\.isHeard) == [true, true, true])
    }

    @Test func `each picture of an encoder is a camera, and a stream is only its own`() {
        let second = SampleDevice.profile("p2", 8, 8, url: "rtsp://10.0.0.11/2", source: "v2")
        let found = FoundCameras(
            devices: [SampleDevice.asked([SampleDevice.main, second])],
            heard: [Self.heard("rtsp://10.0.0.11/2")], registry: nil)
        #expect(found.cameras.map(\.stream) == ["rtsp://10.0.0.11/2", "rtsp://10.0.0.11/main"])
        #expect(found.cameras.map(\.isHeard) == [true, false])
    }

    @Test func `of two with one claim the second is told and left out`() {
        var other = Self.device
        other.device.endpointReference = "urn:uuid:other"
        let found = FoundCameras(devices: [Self.device, other], heard: [], registry: nil)
        #expect(found.cameras.count == 1)
        #expect(found.doubles.map(\.claim) == ["rtsp://10.0.0.11/main"])
    }

    @Test(arguments: [
        row("a", stream: "rtsp://10.0.0.11/main"), row("a", stream: "rtsp://10.0.0.11/small"),
        row("a", stream: "rtsp://10.0.0.11/elsewhere"), row("a", address: "10.0.0.11:443"),
        row("a", stream: "10.0.0.11"),
        row("a", address: "10.0.0.11:443", stream: "rtsp://10.0.0.99/x"),
    ])
    func `a device of one picture is registered by any of its URLs or by its address`(
        row: String
    ) throws {
        let found = FoundCameras(
            devices: [Self.device], heard: [], registry: try Self.registry([row]))
        #expect(found.cameras.first?.registered.map(\.text) == ["a"])
    }

    @Test func `a picture of an encoder is registered by its URL alone`() throws {
        let second = SampleDevice.profile("p2", 8, 8, url: "rtsp://10.0.0.11/2", source: "v2")
        let found = FoundCameras(
            devices: [SampleDevice.asked([SampleDevice.main, second])], heard: [],
            registry: try Self.registry([
                Self.row("a", address: "10.0.0.11", stream: "rtsp://10.0.0.11/main")
            ]))
        #expect(found.cameras.map { $0.registered.map(\.text) } == [[], ["a"]])
    }

    @Test func `a stream on the wire is registered as the account would have it`() throws {
        let registry = try Self.registry([
            Self.row("a", stream: "rtsp://10.0.0.11/a"),
            Self.row("b", stream: "rtsp://10.0.0.11/b"),
            Self.row("c", stream: "10.0.0.12:6000"),
        ])
        let found = FoundCameras(
            devices: [],
            heard: [
                Self.heard("10.0.0.11"), Self.heard("10.0.0.12", host: "10.0.0.12"),
                Self.heard("10.0.0.13", host: "10.0.0.13"), Self.heard("rtsp://10.0.0.11/b"),
                Self.heard("rtsp://10.0.0.11/second"),
            ], registry: registry)
        #expect(
            found.cameras.map { [$0.stream] + $0.registered.map(\.text) } == [
                ["10.0.0.11", "a", "b"], ["rtsp://10.0.0.11/b", "b"], ["rtsp://10.0.0.11/second"],
                ["10.0.0.12", "c"], ["10.0.0.13"],
            ])
    }
}
