// SPDX-License-Identifier: Apache-2.0
import Capture
import Measurements
import Packets
import Registry
import Testing
import Timekeeping

@testable import kuzet

@Suite struct CaptureObserverTests {
    /// A registry of cameras by the streams that they are known by.
    private func registry(_ cameras: [(id: String, stream: String)]) throws -> Registry {
        let party = try #require(PartyID("owner"))
        let carrier = try #require(PartyID("carrier"))
        let site = try #require(SiteID("yard"))
        let channel = try #require(ChannelID("line"))
        let drafts = RegistryDrafts(
            parties: [
                Party(id: party, name: "Owner", role: .subscriber),
                Party(id: carrier, name: "Carrier", role: .networkOperator),
            ], sites: [Site(id: site, name: "Yard", subscriber: party)],
            channels: [Channel(id: channel, name: "Line", operator: carrier, sites: [site])],
            cameras: try cameras.map {
                Camera(
                    id: try #require(CameraID($0.id)), name: $0.id, site: site, channel: channel,
                    stream: try StreamSource(parsing: $0.stream))
            })
        return try #require(Registry.make(drafts).registry)
    }

    private func observe(
        _ name: String, _ registry: Registry, watch: CaptureObserver.Watch = .seen
    ) throws -> (observer: CaptureObserver, observed: [CameraObservation]) {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        var capture = try CaptureFile(path: "/\(folder)/Fixtures/captures/\(name)")
        let observer = CaptureObserver(registry, watch: watch)
        var observed: [CameraObservation] = []
        while try capture.read({ observer.receive($0, $1) }) { observed += observer.take() }
        observer.finish()
        return (observer, observed + observer.take())
    }

    @Test func `what is handed out covers the capture without a gap`() throws {
        let registry = try registry([("cam", "rtsp://192.168.10.11:8554/h264")])
        let (_, observed) = try observe("stall_freeze_6s.pcapng.gz", registry)
        #expect(observed.count >= 2)
        for (one, next) in zip(observed, observed.dropFirst()) {
            #expect(one.observation.range.end == next.observation.range.start)
        }
        let gap = observed.map(\.observation.measurement.frames.largestGapNanoseconds).max()
        #expect((6_040_000_000...6_060_000_000).contains(try #require(gap)))
        let frames = observed.reduce(0) { $0 + $1.observation.measurement.frames.count }
        #expect(frames > 200)
        let picture = PictureSize(width: 1920, height: 1080)
        #expect(observed.contains { $0.observation.picture == picture })
        // What comes after the session says nothing of the camera.
        let last = try #require(observed.last?.observation)
        #expect(last.measurement.packets.received == 0 && last.isReleased)
        let released = observed.filter(\.observation.isReleased)
        #expect(released.allSatisfy { $0.observation.measurement.packets.received == 0 })
        let seen = observed.filter { !$0.observation.isReleased }
        #expect(seen.allSatisfy { $0.observation.measurement.packets.received > 0 })
    }

    @Test func `a stream that begins again under another SSRC is still its camera`() throws {
        let registry = try registry([("cam", "192.168.10.11")])
        let (observer, observed) = try observe("ssrc_restart_ff.pcapng.gz", registry)
        #expect(observer.unregistered.isEmpty)
        #expect(observed.count >= 2)
        for (one, next) in zip(observed, observed.dropFirst()) {
            #expect(one.observation.range.end == next.observation.range.start)
            #expect(one.observation.range.nanoseconds > 0)
        }
    }

    @Test func `streams of nobody are listed and kept for nobody`() throws {
        let registry = try registry([("cam", "rtsp://192.168.10.99/other")])
        let (observer, observed) = try observe("viol_fps12.pcapng.gz", registry)
        #expect(observed.isEmpty)
        #expect(observer.unregistered == ["rtsp://192.168.10.11:8554/fps12"])
        #expect(observer.packets > 1000)
    }

    @Test func `a camera watched for and not seen is silent from the first packet on`() throws {
        let registry = try registry([
            ("absent", "rtsp://192.168.10.99/other"), ("cam", "rtsp://192.168.10.11:8554/fps12"),
        ])
        let (_, observed) = try observe("viol_fps12.pcapng.gz", registry, watch: .all)
        let absent = observed.filter { $0.camera.text == "absent" }.map(\.observation)
        let present = observed.filter { $0.camera.text == "cam" }.map(\.observation)
        #expect(absent.allSatisfy { $0.measurement.packets.received == 0 })
        #expect(absent.allSatisfy { !$0.isReleased }, "nobody had a session to end")
        #expect(absent.first?.range.start == present.first?.range.start)
        #expect(absent.last?.range.end == present.last?.range.end)
    }
}
