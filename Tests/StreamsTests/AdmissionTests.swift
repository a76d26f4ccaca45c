// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import Simulation
import Testing
import Timekeeping

@testable import Streams

@Suite struct AdmissionTests {
    /// Packets that reports and faults account for; what is wrong inside a payload is counted
    /// beside its packet.
    static func accounted(_ outcome: Outcome) -> UInt64 {
        outcome.reports.reduce(0) { $0 + $1.total.packets.received }
            + outcome.faults.filter { ![.jpeg, .mpeg4, .h264, .h265].contains($0.first.layer) }
            .reduce(0) { $0 + $1.count }
    }

    @Test func `four packets in order prove a stream that nobody announced`() {
        for count in 1...6 {
            var feed = Feed()
            feed.add(stream: RTPFrame(), count: count)
            let outcome = feed.outcome()
            #expect(
                outcome.reports.map(\.total.packets.received) == (count < 4 ? [] : [UInt64(count)]))
            #expect(Self.accounted(outcome) == UInt64(count))
        }
    }

    @Test func `packets before the proof are counted too`() throws {
        var feed = Feed()
        var frame = RTPFrame()
        for number: UInt16 in [10, 12, 13, 15, 16, 17, 18] {
            frame.sequenceNumber = number
            feed.add(frame, after: Int64(number) * 1_000_000)
        }
        let packets = try #require(feed.outcome().reports.first).total.packets
        #expect(packets.received == 7)
        #expect(packets.expected == 9)
        #expect(packets.lost == 2)
    }

    @Test func `a stream of which a mirror shows each packet twice proves itself`() throws {
        var feed = Feed()
        var frame = RTPFrame()
        for number in UInt16(0)..<20 {
            frame.sequenceNumber = number
            feed.add(frame, after: Int64(number) * 1_000_000)
            feed.add(frame, after: Int64(number) * 1_000_000 + 100)
        }
        let packets = try #require(feed.outcome().reports.first).total.packets
        #expect(packets.received == 40)
        #expect(packets.duplicate == 20)
        #expect(packets.lost == 0)
    }

    @Test func `one packet again and again proves nothing`() {
        var feed = Feed()
        for index in Int64(0)..<100 { feed.add(RTPFrame(), after: index) }
        let outcome = feed.outcome()
        #expect(outcome.reports.isEmpty)
        #expect(Self.accounted(outcome) == 100)
    }

    @Test func `single strays are no streams and are accounted for`() {
        var feed = Feed()
        for index in 0..<500 {
            var frame = RTPFrame()
            frame.source += UInt32(index)
            frame.ssrc = UInt32(index) &* 0x9e37_79b9
            feed.add(frame, after: Int64(index) * 1_000_000)
        }
        let outcome = feed.outcome()
        #expect(outcome.reports.isEmpty)
        #expect(outcome.faultTally == ["rtp ignored not in sequence": 500])
    }

    @Test func `random datagrams that begin as RTP does are no streams`() {
        var random = SplitMix64(seed: 3)
        var feed = Feed()
        for index in 0..<20_000 {
            var frame = RTPFrame()
            frame.source += UInt32(random.below(20))
            frame.payload = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
            frame.ssrc = UInt32(truncatingIfNeeded: random.next())
            frame.sequenceNumber = UInt16(random.below(65_536))
            frame.timestamp = UInt32(truncatingIfNeeded: random.next())
            frame.payloadType = UInt8(random.below(128))
            feed.add(frame, after: Int64(index) * 1_000_000)
        }
        let outcome = feed.outcome()
        #expect(outcome.reports.isEmpty)
        #expect(Self.accounted(outcome) == 20_000)
    }

    @Test func `a flow begins no more than 64 streams in an interval`() {
        var feed = Feed()
        for index in 0..<200 {
            var frame = RTPFrame()
            frame.ssrc = UInt32(index)
            feed.add(stream: frame, count: 5, after: Int64(index) * 1_000_000)
        }
        feed.records.sort { $0.arrival < $1.arrival }
        let outcome = feed.outcome()
        #expect(outcome.reports.count == 64)
        #expect(Self.accounted(outcome) == 1000)
    }

    @Test func `timestamps that leap prove nothing`() {
        var feed = Feed()
        for index in 0..<50 {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index)
            frame.timestamp = UInt32(index) &* 0x0100_0001
            feed.add(frame, after: Int64(index) * 1_000_000)
        }
        #expect(feed.outcome().reports.isEmpty)
    }

    @Test func `datagrams that punch holes are no streams and do not disturb one`() throws {
        var feed = Feed()
        // What viewers send towards the camera: some zeros, an empty RTP and an empty RTCP.
        let punches: [[UInt8]] = [
            [0, 0, 0, 0], [UInt8](repeating: 0, count: 8),
            [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0x80, 0xc9, 0, 1, 0, 0, 0, 0],
        ]
        var back = RTPFrame()
        (back.source, back.destination) = (back.destination, back.source)
        (back.sourcePort, back.destinationPort) = (back.destinationPort, back.sourcePort)
        for (index, punch) in punches.enumerated() {
            var bytes = Array(back.bytes.prefix(42)) + punch
            bytes[17] = UInt8(28 + punch.count)
            bytes[16] = 0
            bytes[39] = UInt8(8 + punch.count)
            bytes[38] = 0
            feed.add(bytes, after: Int64(index) * 1000)
        }
        feed.add(stream: RTPFrame(), count: 30, after: 1_000_000)
        let outcome = feed.outcome()
        try #require(outcome.reports.count == 1)
        #expect(outcome.reports[0].total.packets.received == 30)
        #expect(outcome.reports[0].total.packets.lost == 0)
    }

    @Test func `a change of SSRC begins a new stream and neither has loss`() throws {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 375)
        var other = RTPFrame()
        other.ssrc = 0xfeed
        other.sequenceNumber = 51_234
        feed.add(stream: other, count: 375, after: 45_000_000_000)
        let reports = feed.outcome().reports
        try #require(reports.count == 2)
        for report in reports {
            #expect(report.total.packets.received == 375)
            #expect(report.total.packets.lost == 0)
            #expect(report.total.packets.restarts == 0)
            #expect(report.total.frames.freezes == 0)
        }
    }

    @Test func `silence of one stream is no loss`() throws {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 100)
        var later = RTPFrame()
        later.sequenceNumber = 100
        later.timestamp = 30 * 90_000
        feed.add(stream: later, count: 100, after: 30_000_000_000)
        let report = try #require(feed.outcome().reports.first)
        #expect(report.total.packets.lost == 0)
        #expect(report.total.packets.expected == 200)
    }

    @Test func `above the limit streams are refused and each packet counted`() {
        var feed = Feed()
        for number in 0..<5 {
            var frame = RTPFrame()
            frame.source += UInt32(number)
            frame.ssrc += UInt32(number)
            feed.add(stream: frame, count: 10, after: Int64(number))
        }
        feed.records.sort { $0.arrival < $1.arrival }
        let outcome = feed.outcome { $0.streamLimit = 3 }
        #expect(outcome.reports.count == 3)
        #expect(outcome.faultTally == ["rtp overLimit streams": 20])
    }

    @Test func `candidates are forgotten after an interval and their places used again`() {
        var tracker = Tracker()
        for round in 0..<20 {
            var feed = Feed()
            for number in 0..<50 {
                var frame = RTPFrame()
                frame.source += UInt32(round * 50 + number)
                feed.add(frame, after: Int64(round) * 10_000_000_000 + Int64(number))
            }
            feed.hand(to: &tracker)
        }
        let (count, guesses) = (tracker.streamCount, tracker.guesses.count)
        // Those of this interval and of the one before.
        #expect(count <= 100)
        #expect(guesses <= 100)
        tracker.finish()
        let left = tracker.guesses.count
        #expect(left == 0)
        #expect(tracker.faults.map(\.count) == [1000])
    }

    @Test func `candidates of transport streams give their meters back`() {
        var tracker = Tracker()
        for round in 0..<20 {
            var feed = Feed()
            for number in 0..<50 {
                var frame = RTPFrame()
                frame.source += UInt32(round * 50 + number)
                var bytes = Array(frame.bytes.prefix(42))
                bytes += [0x47, 0x1f, 0xff, 0x10] + [UInt8](repeating: 0xff, count: 184)
                (bytes[16], bytes[17]) = (0, 216)
                (bytes[38], bytes[39]) = (0, 196)
                feed.add(bytes, after: Int64(round) * 10_000_000_000 + Int64(number))
            }
            feed.hand(to: &tracker)
        }
        let meters = tracker.transportMeters.count
        #expect(meters > 0 && meters <= 100)
    }

    @Test func `eight packets of another payload type are a choice and fewer are damage`() throws {
        for count in [1, 7, 8, 20] {
            var feed = Feed()
            for index in 0..<60 {
                var frame = RTPFrame()
                frame.sequenceNumber = UInt16(index)
                frame.timestamp = UInt32(index) * 3600
                frame.payloadType = (20..<20 + count).contains(index) ? 26 : 96
                feed.add(frame, after: Int64(index) * 40_000_000)
            }
            // Up to the last strange packet.
            feed.records.removeLast(40 - count)
            let report = try #require(feed.outcome().reports.first)
            #expect(report.medium.payloadType == (count < 8 ? 96 : 26), "\(count)")
            #expect(report.medium.codec == (count < 8 ? nil : "mjpeg"))
        }
    }
}
