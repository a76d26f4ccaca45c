// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@testable import Streams

@Suite struct StreamDetailsTests {
    @Test func `counts of one code point are added up`() {
        var counts: [DSCPCount] = []
        add(DSCPCount(dscp: 34, packets: 3), to: &counts)
        add(DSCPCount(dscp: 0, packets: 0), to: &counts)
        add(DSCPCount(dscp: 10, packets: 1), to: &counts)
        add(DSCPCount(dscp: 34, packets: 4), to: &counts)
        #expect(counts == [DSCPCount(dscp: 34, packets: 7), DSCPCount(dscp: 10, packets: 1)])
    }

    @Test func `no more code points are kept than there are`() {
        var counts: [DSCPCount] = []
        for dscp in UInt8(0)..<200 { add(DSCPCount(dscp: dscp, packets: 1), to: &counts) }
        #expect(counts.count == Tracker.dscpLimit)
    }

    @Test func `only streams with something special have details`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 20)
        var tracker = Tracker()
        feed.hand(to: &tracker)
        let isPlain = tracker.knownDetails(0) == nil
        #expect(isPlain)
        tracker.withDetails(0) { $0.goodbyes = 3 }
        let goodbyes = tracker.knownDetails(0)?.goodbyes
        #expect(goodbyes == 3)
        #expect(tracker.reports.first?.goodbyes == 3)
        let count = tracker.details.count
        #expect(count == 1)
    }

    @Test func `a stream that shows every code point keeps them all`() throws {
        var feed = Feed()
        for index in 0..<640 {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index)
            frame.dscp = UInt8(index % 64)
            feed.add(frame, after: Int64(index) * 1_000_000)
        }
        let report = try #require(feed.outcome().reports.first)
        #expect(report.dscpPackets.map(\.dscp) == Array(0..<64))
        #expect(report.dscpPackets.allSatisfy { $0.packets == 10 })
    }
}
