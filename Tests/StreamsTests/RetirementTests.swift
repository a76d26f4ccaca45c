// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing
import Timekeeping

@testable import Streams

@Suite struct RetirementTests {
    private static let second: Int64 = 1_000_000_000

    private static func at(_ seconds: Int64) -> Instant {
        Instant(nanoseconds: Feed.start).advanced(byNanoseconds: seconds * second)
    }

    private static func stream(_ number: UInt32) -> RTPFrame {
        var frame = RTPFrame()
        frame.ssrc = number
        frame.destinationPort = 20_000 + UInt16(truncatingIfNeeded: number)
        return frame
    }

    @Test func `streams that were silent are forgotten and the others go on`() throws {
        var tracker = Tracker()
        var feed = Feed()
        feed.add(stream: Self.stream(1), count: 10)
        feed.add(stream: Self.stream(2), count: 10, after: 100 * Self.second)
        feed.hand(to: &tracker)
        #expect(tracker.retire(silentSince: Self.at(50)) == [0])
        #expect(tracker.reports.map(\.identity.ssrc) == [2])
        var later = Feed()
        var frame = Self.stream(2)
        frame.sequenceNumber = 10
        frame.timestamp = 36_000
        later.add(stream: frame, count: 5, after: 101 * Self.second)
        later.hand(to: &tracker)
        let packets = try #require(tracker.reports.first).total.packets
        #expect(packets.received == 15)
        #expect(packets.lost == 0)
    }

    @Test func `a forgotten stream that comes back is a new one and nothing of it was lost`() throws
    {
        var tracker = Tracker()
        var told: [Measurement] = []
        tracker.observeIntervals { told.append($1.total) }
        var feed = Feed()
        feed.add(stream: Self.stream(1), count: 10)
        feed.hand(to: &tracker)
        #expect(tracker.retire(silentSince: Self.at(50)) == [])
        tracker.advance(to: Self.at(60))
        #expect(tracker.retire(silentSince: Self.at(50)) == [0])
        var later = Feed()
        var frame = Self.stream(1)
        frame.sequenceNumber = 500
        frame.timestamp = 500 * 3600
        later.add(stream: frame, count: 8, after: 100 * Self.second)
        later.hand(to: &tracker)
        tracker.finish()
        #expect(tracker.reports.map(\.total.packets.received) == [8])
        #expect(told.map(\.packets.received) == [10, 8])
        #expect(told.map(\.packets.lost) == [0, 0])
    }

    @Test func `what is sent while nobody watched is nobody's loss`() throws {
        var tracker = Tracker()
        var told: [Measurement] = []
        tracker.observeIntervals { told.append($1.total) }
        var feed = Feed()
        feed.add(stream: Self.stream(1), count: 100)
        feed.hand(to: &tracker)
        tracker.restart()
        #expect(tracker.reports.isEmpty)
        #expect(told.map(\.packets.received) == [100])
        var later = Feed()
        var frame = Self.stream(1)
        frame.sequenceNumber = 300
        frame.timestamp = 300 * 3600
        later.add(stream: frame, count: 100, after: 12 * Self.second)
        later.hand(to: &tracker)
        tracker.finish()
        #expect(told.map(\.packets.received) == [100, 100])
        #expect(told.map(\.packets.expected) == [100, 100])
        #expect(told.allSatisfy { $0.frames.largestGapNanoseconds == 40_000_000 })
    }

    @Test func `a year of sessions that follow each other takes the places of ten`() {
        var tracker = Tracker()
        for session in UInt32(0)..<1_000 {
            let start = Int64(session) * 60
            var feed = Feed()
            feed.add(stream: Self.stream(session), count: 5, after: start * Self.second)
            feed.hand(to: &tracker)
            var medium = SignalledMedium()
            medium.formats = [
                .init(payloadType: 96, name: "h264", codec: .h264, clockRate: .video)
            ]
            if let index = tracker.media.add(medium) {
                let place = end(
                    10, 200, 0, UInt8(truncatingIfNeeded: session),
                    UInt16(truncatingIfNeeded: session))
                tracker.media.announce(index, at: place, source: nil, sourcePort: nil)
            }
            if session % 5 == 4 { _ = tracker.retire(silentSince: Self.at(start - 60)) }
        }
        #expect(tracker.streamCount <= 10)
        #expect(tracker.media.placeCount <= 10)
        #expect(tracker.media.refusals == 0)
        #expect(tracker.faults.isEmpty)
    }

    @Test func `a medium is kept while a stream is read by it`() throws {
        var tracker = Tracker()
        var medium = SignalledMedium()
        medium.url = "rtsp://10.64.0.1/1"
        medium.formats = [
            .init(payloadType: 96, name: "h264", codec: .h264, clockRate: .video)
        ]
        let added = tracker.media.add(medium)
        let index = try #require(added)
        let frame = Self.stream(1)
        tracker.media.announce(
            index,
            at: end(10, 200, 0, 1, frame.destinationPort),
            source: nil, sourcePort: nil)
        for round in Int64(0)..<4 {
            var feed = Feed()
            var next = frame
            next.sequenceNumber = UInt16(round * 10)
            next.timestamp = UInt32(round * 36_000)
            feed.add(stream: next, count: 10, after: round * 60 * Self.second)
            feed.hand(to: &tracker)
            _ = tracker.retire(silentSince: Self.at(round * 60 - 90))
        }
        #expect(tracker.reports.map(\.medium.url) == ["rtsp://10.64.0.1/1"])
        #expect(
            tracker.media.isAwaited(
                at: end(10, 200, 0, 1, frame.destinationPort)))
    }
}
