// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

/// Stamps that no clock gives and any file can hold; each case was once found by a fuzzer.
@Suite struct TrackerClockJumpTests {
    /// Frames of one stream at the times given, in nanoseconds from the start.
    private static func told(_ times: [Int64]) -> (intervals: [Measurement], total: Measurement?) {
        var feed = Feed()
        for (index, time) in times.enumerated() {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index)
            frame.timestamp = UInt32(index) * 3600
            // A key frame of H.264.
            frame.payload = [0x65] + [UInt8](repeating: 0x88, count: 40)
            feed.add(frame, after: time)
        }
        var tracker = Tracker()
        var intervals: [Measurement] = []
        tracker.observeIntervals { intervals.append($1.total) }
        tracker.receive(window: feed.window.span, records: feed.records.span)
        tracker.finish()
        return (intervals, tracker.report(stream: 0)?.total)
    }

    private static let proof: [Int64] = (0..<200).map { $0 * 40_000_000 }
    private static let centuries = Int64.max - Feed.start

    @Test func `a clock that jumps by centuries and back never makes frozen time run backwards`()
        throws
    {
        var times = Self.proof
        for turn in Int64(0)..<8 {
            times.append(Self.centuries - turn)
            times.append(9_000_000_000 + turn)
        }
        let (intervals, total) = Self.told(times)
        let frozen = try #require(total).frames.frozenNanoseconds
        #expect(frozen == .max)
        #expect(intervals.allSatisfy { $0.frames.frozenNanoseconds >= 0 })
        #expect(intervals.reduce(0) { $0 + $1.packets.received } == UInt64(times.count))
    }

    @Test func `stamps from the beginning of time to its end are taken`() throws {
        let (_, total) = Self.told(Self.proof + [-Feed.start, .min, Self.centuries, .min, 0])
        #expect(try #require(total).packets.received == 205)
    }
}
