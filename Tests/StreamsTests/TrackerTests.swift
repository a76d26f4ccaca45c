// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Simulation
import Testing
import Timekeeping

@testable import Streams

@Suite struct TrackerTests {
    static func options(_ change: (inout SyntheticCapture.Options) -> Void)
        -> SyntheticCapture.Options
    {
        var options = SyntheticCapture.Options()
        options.formats = VideoCodec.allCases.compactMap {
            VideoFormat(codec: $0, width: 320, height: 240, bitRate: 300_000)
        }
        options.extent = .nanoseconds(6_000_000_000)
        options.lossRatio = 0.04
        options.duplicateRatio = 0.03
        options.reorderRatio = 0.03
        options.vlanShare = 0.3
        options.qinqShare = 0.3
        options.ipv6Share = 0.4
        change(&options)
        return options
    }

    /// Every stream of a synthetic capture against what is true of it.
    static func compareWithTruth(_ options: SyntheticCapture.Options) throws {
        var capture = SyntheticCapture(options)
        let outcome = Feed(&capture).outcome()
        let reports = Dictionary(
            outcome.reports.map { ("\($0.identity.source) \($0.identity.ssrc ?? 0)", $0) },
            uniquingKeysWith: { one, _ in one })
        #expect(outcome.reports.count == options.cameras)
        for truth in capture.truth {
            let report = try #require(reports["\(truth.source) \(truth.ssrc)"])
            let total = report.total
            var packets = PacketCounts()
            packets.received = truth.received
            packets.unique = truth.unique
            packets.duplicate = truth.duplicate
            packets.late = truth.late
            packets.expected = truth.expected
            packets.lossRuns = truth.lossRuns
            packets.longestLossRun = truth.longestLossRun
            #expect(total.packets == packets, "\(truth.source)")
            #expect(total.octets.ip == truth.internetOctets)
            #expect(total.octets.payload == truth.payloadOctets)
            #expect(total.frames.count == truth.frames)
            #expect(total.firstPacket == truth.firstPacket)
            #expect(total.lastPacket == truth.lastPacket)
            #expect(report.clock.senderReports == truth.senderReports)
            #expect(report.identity.destination == truth.destination)
            #expect(report.identity.vlan == truth.vlan)
            #expect(report.medium.width == nil || report.medium.width == truth.format.width)
        }
    }

    @Test func `200 cameras with loss, copies and reordering are measured as they are`() throws {
        try Self.compareWithTruth(Self.options { $0.cameras = 200 })
    }

    @Test func `bursts of loss and reordering over frames are measured as they are`() throws {
        try Self.compareWithTruth(
            Self.options {
                $0.cameras = 40
                $0.lossRatio = 0.2
                $0.losesInBursts = true
                $0.reorderDepth = 10
                $0.extent = .nanoseconds(12_000_000_000)
                $0.seed = 5
            })
    }

    @Test func `cut captures count the same packets and octets`() throws {
        try Self.compareWithTruth(
            Self.options {
                $0.cameras = 30
                // As much as the headers of the longest sender report.
                $0.snapLength = 100
                $0.seed = 9
            })
    }

    @Test func `signalled streams of every codec are measured and described as they are`() throws {
        let options = Self.options {
            $0.cameras = 40
            $0.hasSignalling = true
            $0.lossRatio = 0
            $0.duplicateRatio = 0
            $0.reorderRatio = 0
        }
        try Self.compareWithTruth(options)
        var capture = SyntheticCapture(options)
        for report in Feed(&capture).outcome().reports {
            #expect(report.medium.width == 320 && report.medium.height == 240)
            #expect(report.medium.url != nil)
            #expect(!report.medium.isClockRateAssumed)
        }
    }

    @Test func `however records are cut into batches the answer is the same`() {
        var capture = SyntheticCapture(
            Self.options {
                $0.cameras = 30
                $0.hasSignalling = true
                $0.seed = 3
            })
        let feed = Feed(&capture)
        let whole = feed.outcome(batch: 100_000, intervalNanoseconds: 1_000_000_000)
        #expect(whole.reports.count == 30)
        for batch in [1, 7, 31, 32, 33, 256] {
            let same = feed.outcome(batch: batch, intervalNanoseconds: 1_000_000_000) == whole
            #expect(same, "batches of \(batch)")
        }
    }

    @Test func `results do not depend on the hash's seed`() {
        var capture = SyntheticCapture(Self.options { $0.cameras = 50 })
        let feed = Feed(&capture)
        let one = feed.outcome()
        #expect(feed.outcome { $0.seed = 1 } == one)
        #expect(feed.outcome { $0.seed = .max } == one)
    }

    @Test func `nothing in gives nothing out`() {
        let outcome = Feed().outcome()
        #expect(outcome == Outcome())
    }

    @Test func `octets without order trap nowhere`() {
        var random = SplitMix64(seed: 99)
        let links: [LinkType] = [
            .ethernet, .rawIP, .linuxCooked, .linuxCooked2, .null, .loop, .ipv4, .ipv6, .other(7),
        ]
        var feed = Feed()
        for index in 0..<20_000 {
            var bytes = (0..<random.below(150)).map { _ in UInt8(truncatingIfNeeded: random.next())
            }
            if bytes.count > 60, random.below(2) == 0 {
                bytes.replaceSubrange(12..<16, with: [8, 0, 0x45, 0])
                bytes.replaceSubrange(20..<24, with: [0, 0, 64, 17])
            }
            feed.add(
                bytes, after: Int64(index) * 1_000_000,
                originalLength: bytes.count + random.below(99),
                linkType: links[random.below(links.count)])
        }
        let outcome = feed.outcome()
        #expect(outcome.reports.isEmpty)
        #expect(!outcome.faults.isEmpty)
    }
}
