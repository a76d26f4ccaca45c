// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

@Suite struct ReportTests {
    static func report(_ change: (inout RTPFrame) -> Void = { _ in }) throws -> StreamReport {
        var frame = RTPFrame()
        change(&frame)
        var feed = Feed()
        feed.add(stream: frame, count: 50)
        return try #require(feed.outcome().reports.first)
    }

    static func reason(_ figure: String, _ report: StreamReport) -> UnknownReason? {
        report.unknown.first { $0.figure == figure }?.reason
    }

    @Test func `a stream is told by addresses, ports, SSRC and VLANs`() throws {
        let report = try Self.report { $0.tags = [100, 7] }
        #expect(
            report.identity
                == StreamIdentity(
                    source: "10.64.0.1:5004", destination: "10.200.0.1:20000", ssrc: 0x1234_5678,
                    transport: .rtpUDP, vlan: [100, 7]))
        let six = try Self.report { $0.isIPv6 = true }
        #expect(six.identity.source == "[fd00::a40:1]:5004")
    }

    @Test func `indices without a stream have no report`() {
        var tracker = Tracker()
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 3)
        feed.hand(to: &tracker)
        for index in [-1, 0, 1, .max, .min] {
            let report = tracker.report(stream: index)
            let hasReport = tracker.hasReport(stream: index)
            #expect(report == nil && !hasReport)
        }
        feed = Feed()
        var frame = RTPFrame()
        frame.sequenceNumber = 3
        feed.add(stream: frame, count: 1, after: 200_000_000)
        feed.hand(to: &tracker)
        let hasReport = tracker.hasReport(stream: 0)
        #expect(hasReport)
    }

    @Test func `a static payload type tells codec and clock, a dynamic one neither`() throws {
        let audio = try Self.report { $0.payloadType = 0 }
        #expect(audio.medium.codec == "pcmu")
        #expect(audio.medium.kind == .audio)
        #expect(audio.medium.clockRate?.hertz == 8000)
        #expect(!audio.medium.isClockRateAssumed)
        #expect(Self.reason("width", audio) == .notVideo)
        let dynamic = try Self.report()
        #expect(dynamic.medium.codec == nil)
        #expect(dynamic.medium.clockRate == .video)
        #expect(dynamic.medium.isClockRateAssumed)
        #expect(Self.reason("codec", dynamic) == .noSignalling)
    }

    @Test func `every figure without a value has a reason and only one`() throws {
        let report = try Self.report()
        #expect(Set(report.unknown.map(\.figure)).count == report.unknown.count)
        #expect(Self.reason("url", report) == .noSignalling)
        #expect(Self.reason("clock_offset_ms", report) == .noSenderReports)
        #expect(Self.reason("packets_lost", report) == nil)
    }

    @Test func `the whole stretch is from the first packet to the last`() throws {
        let total = try Self.report().total
        #expect(total.range.start == Instant(nanoseconds: Feed.start))
        #expect(total.range.nanoseconds == 49 * 40_000_000)
        #expect(total.firstPacket == total.range.start)
        #expect(total.lastPacket == total.range.end)
    }

    @Test func `packets stamped backwards give a stretch all the same`() throws {
        var feed = Feed()
        for index in 0..<10 {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index)
            feed.add(frame, after: -Int64(index) * 1_000_000)
        }
        let total = try #require(feed.outcome().reports.first).total
        #expect(total.range.nanoseconds == 9_000_000)
        #expect(total.packets.received == 10)
    }

    @Test func `after a restart the media clock's rate is unknown`() throws {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 50)
        var again = RTPFrame()
        again.sequenceNumber = 40_000
        again.timestamp = 0x8000_0000
        feed.add(stream: again, count: 50, after: 3_000_000_000)
        let report = try #require(feed.outcome().reports.first)
        #expect(report.total.packets.restarts == 1)
        #expect(report.total.packets.lost == 0)
        #expect(Self.reason("frame_rate_media_fps", report) == .timestampsContradict)
    }
}
