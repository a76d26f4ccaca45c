// SPDX-License-Identifier: Apache-2.0
import Capture
import Measurements
import Packets
import Registry
import Testing
import Timekeeping

@testable import kuzet

@Suite struct CaptureObserverLiveTests {
    private static let second: Int64 = 1_000_000_000
    /// Times at which the fixture's packets came are shifted to this; an interval begins with it.
    private static let start: Int64 = 1_767_225_600_000_000_000

    private static func at(_ seconds: Double) -> Instant {
        Instant(nanoseconds: start + Int64(seconds * 1e9))
    }

    /// Records of one camera's stream of 25 frames a second, one packet a frame.
    private struct Sender {
        var bytes: [UInt8] = []
        var records: [CapturedRecord] = []
        private var number: UInt16 = 0

        /// Adds frames from one moment to another; what is skipped in between was sent all the
        /// same.
        mutating func send(from start: Double, to end: Double, isSeen: Bool = true) {
            var time = start
            while time < end - 0.001 {
                if isSeen { add(at: time) }
                number &+= 1
                time += 0.04
            }
        }

        private mutating func add(at seconds: Double) {
            let time = UInt32(number) &* 3600
            var datagram: [UInt8] = [0x80, 0xe0, UInt8(number >> 8), UInt8(number & 255)]
            datagram += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: time >> $0) }
            datagram += [1, 2, 3, 4, 0x41, 0x9a, 1, 2] + [UInt8](repeating: 7, count: 200)
            let udp: [UInt8] =
                [0x1f, 0x40, 0x4e, 0x20, 0, UInt8(datagram.count + 8), 0, 0] + datagram
            let length = UInt16(udp.count + 20)
            let ip: [UInt8] =
                [0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0x40, 0, 64, 17, 0, 0]
                + [10, 0, 0, 1, 10, 0, 0, 2]
            let frame = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] + ip + udp
            records.append(
                CapturedRecord(
                    offset: bytes.count, capturedLength: frame.count,
                    originalLength: frame.count, arrival: at(seconds),
                    frameNumber: UInt64(records.count + 1), linkType: .ethernet))
            bytes += frame
        }

        /// Hands the packets of a stretch to the observer.
        func hand(to observer: CaptureObserver, from start: Double, to end: Double) {
            let part = records.filter { $0.arrival >= at(start) && $0.arrival < at(end) }
            observer.receive(bytes.span, part.span)
        }
    }

    private func observer(_ watch: CaptureObserver.Watch = .seen) throws -> CaptureObserver {
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
            cameras: try [("cam", "10.0.0.1"), ("other", "10.0.0.9")].map { id, address in
                Camera(
                    id: try #require(CameraID(id)), name: id, site: site, channel: channel,
                    stream: try StreamSource(parsing: address))
            })
        return CaptureObserver(try #require(Registry.make(drafts).registry), watch: watch)
    }

    private func ranges(
        _ observed: [CameraObservation], _ id: String = "cam"
    ) -> [(start: Double, end: Double, packets: UInt64)] {
        observed.filter { $0.camera.text == id }.map {
            let range = $0.observation.range
            return (
                Double(range.start.nanoseconds - Self.start) / 1e9,
                Double(range.end.nanoseconds - Self.start) / 1e9,
                $0.observation.measurement.packets.received
            )
        }
    }

    @Test func `an interval is handed out when its time is over although no packet says so`() throws
    {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 3, to: 8)
        observer.begin(at: Self.at(3))
        camera.hand(to: observer, from: 3, to: 8)
        observer.advance(to: Self.at(9.9))
        #expect(observer.take().isEmpty)
        observer.advance(to: Self.at(10.1))
        var told = ranges(observer.take())
        #expect(told.count == 1)
        #expect(told.first.map { [$0.start, $0.end] } == [3, 10])
        #expect(told.first?.packets == 125)
        // From then on it is silent, and says so.
        observer.advance(to: Self.at(31))
        told = ranges(observer.take())
        #expect(told.map { [$0.start, $0.end] } == [[10, 20], [20, 30]])
        #expect(told.allSatisfy { $0.packets == 0 })
    }

    @Test func `an interval that packets have closed is handed out although later ones were seen`()
        throws
    {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 0, to: 12)
        observer.begin(at: Self.at(0))
        camera.hand(to: observer, from: 0, to: 12)
        observer.advance(to: Self.at(11.5))
        #expect(ranges(observer.take()).map { [$0.start, $0.end] } == [[0, 10]])
    }

    @Test func `while nobody watches nothing is handed out and nothing was lost`() throws {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 0, to: 14)
        camera.send(from: 14, to: 33, isSeen: false)
        camera.send(from: 33, to: 40)
        observer.begin(at: Self.at(0))
        camera.hand(to: observer, from: 0, to: 14)
        observer.advance(to: Self.at(13.9))
        observer.pause(at: Self.at(14))
        observer.advance(to: Self.at(30))
        observer.begin(at: Self.at(33))
        camera.hand(to: observer, from: 33, to: 40)
        observer.advance(to: Self.at(40.1))
        let observed = observer.take()
        #expect(ranges(observed).map { [$0.start, $0.end] } == [[0, 10], [10, 14], [33, 40]])
        #expect(observed.allSatisfy { $0.observation.measurement.packets.lost == 0 })
        let gaps = observed.map(\.observation.measurement.frames.largestGapNanoseconds)
        #expect(gaps.allSatisfy { $0 < 50_000_000 })
    }

    @Test func `a camera known from before is watched from the first moment on`() throws {
        let observer = try observer()
        observer.begin(at: Self.at(2))
        observer.remember([try #require(CameraID("cam")), try #require(CameraID("gone"))])
        observer.advance(to: Self.at(25))
        let observed = observer.take()
        #expect(ranges(observed).map { [$0.start, $0.end] } == [[2, 10], [10, 20]])
        #expect(ranges(observed, "gone").isEmpty)
    }

    @Test func `of a registry watched whole every camera is silent until it sends`() throws {
        let observer = try observer(.all)
        observer.begin(at: Self.at(0))
        observer.advance(to: Self.at(10))
        #expect(Set(observer.take().map(\.camera.text)) == ["cam", "other"])
    }

    @Test func `what the probe lost marks every interval that it may have been in`() throws {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 0, to: 40)
        observer.begin(at: Self.at(0))
        observer.remember([try #require(CameraID("other"))])
        camera.hand(to: observer, from: 0, to: 10.5)
        observer.lost(0, from: Self.at(0), to: Self.at(9.2))
        observer.lost(7, from: Self.at(9.2), to: Self.at(10.4))
        observer.advance(to: Self.at(10.4))
        camera.hand(to: observer, from: 10.5, to: 40)
        observer.lost(0, from: Self.at(10.4), to: Self.at(40))
        observer.advance(to: Self.at(40))
        let observed = observer.take()
        for id in ["cam", "other"] {
            let drops = observed.filter { $0.camera.text == id }
                .map { $0.observation.measurement.trust.probeDrops ?? 99 > 0 }
            #expect(drops == [true, true, false, false], "\(id)")
        }
    }

    @Test func `the last frame of each camera is shown before its interval is over`() throws {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 0, to: 2)
        observer.begin(at: Self.at(0))
        camera.hand(to: observer, from: 0, to: 2)
        var shown: [String: Instant] = [:]
        observer.visitArrivals { shown[$0.text] = $1 }
        #expect(shown == ["cam": Self.at(1.96)])
    }

    @Test func `forgotten streams leave their cameras watched`() throws {
        let observer = try observer()
        var camera = Sender()
        camera.send(from: 0, to: 2)
        observer.begin(at: Self.at(0))
        camera.hand(to: observer, from: 0, to: 2)
        observer.advance(to: Self.at(60))
        _ = observer.take()
        observer.retire(silentSince: Self.at(30))
        var shown = 0
        observer.visitArrivals { _, _ in shown += 1 }
        #expect(shown == 0)
        observer.advance(to: Self.at(70))
        #expect(ranges(observer.take()).map { [$0.start, $0.end] } == [[60, 70]])
    }
}
