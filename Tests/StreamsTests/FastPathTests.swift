// SPDX-License-Identifier: Apache-2.0
import Packets
import Simulation
import Testing
import Timekeeping

@testable import Streams

/// Frames of a few streams with everything that headers may have, and damage.
private struct FrameMaker {
    var random: SplitMix64
    private var streams: [RTPFrame] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        for number in 0..<12 {
            var frame = RTPFrame()
            frame.isIPv6 = random.happens(0.3)
            frame.source += UInt32(number)
            frame.ssrc = UInt32(truncatingIfNeeded: random.next())
            frame.tags = (0..<[0, 0, 0, 1, 2, 3][random.below(6)]).map { UInt16(100 + $0) }
            frame.contributingSources = random.below(4) == 0 ? random.below(16) : 0
            frame.extensionWords = random.below(4) == 0 ? random.below(20) : nil
            frame.optionWords = !frame.isIPv6 && random.below(6) == 0 ? 1 + random.below(10) : 0
            streams.append(frame)
        }
    }

    /// The next frame of one of them; some have what others have not.
    mutating func next() -> RTPFrame {
        let number = random.below(streams.count)
        streams[number].sequenceNumber &+= random.below(30) == 0 ? 2 : 1
        if random.below(3) == 0 { streams[number].timestamp &+= 3600 }
        if random.below(200) == 0 { streams[number].dscp = UInt8(random.below(64)) }
        var frame = streams[number]
        frame.hopLimit = random.below(50) == 0 ? UInt8(random.below(256)) : 64
        frame.marker = random.below(3) == 0
        frame.payload = [UInt8](
            repeating: 0xc5, count: random.below(3) == 0 ? random.below(9) : 200)
        frame.padding = random.below(10) == 0 ? UInt8(1 + random.below(20)) : 0
        return frame
    }

    /// Changes some octets behind the hardware addresses.
    mutating func damage(_ bytes: inout [UInt8]) {
        for _ in 0...random.below(3) {
            let place = 12 + random.below(min(90, bytes.count - 12))
            bytes[place] =
                [0, 0xff, bytes[place] ^ 1 << UInt8(random.below(8)), 0x45][random.below(4)]
        }
        // Below 0x0600 the link's own rules for lengths begin, which differ.
        if bytes[12] < 6 { bytes[12] = 8 }
    }
}

@Suite struct FastPathTests {
    /// The same records by both roads.
    static func compare(_ feed: Feed, _ what: String) {
        let fast = feed.outcome()
        let general = feed.cooked.outcome()
        if fast.reports != general.reports {
            let differing = zip(fast.reports, general.reports).first { $0 != $1 }
            Issue.record(
                """
                \(what): \(fast.reports.count) and \(general.reports.count) streams, \
                \(String(describing: differing))
                """)
        }
        #expect(fast.intervals == general.intervals, "\(what)")
        #expect(fast.faultTally == general.faultTally, "\(what)")
        // With frames that are held, and in two passes, as with more streams and many.
        #expect(feed.outcome(moreStreams: true) == fast, "\(what)")
        #expect(feed.outcome(manyStreams: true) == fast, "\(what)")
        #expect(feed.outcome(moreStreams: true, manyStreams: true) == fast, "\(what)")
    }

    @Test(arguments: 0..<6)
    func `frames of every kind give the same by both roads`(part: Int) {
        var maker = FrameMaker(seed: UInt64(part))
        var feed = Feed()
        for index in 0..<3000 {
            feed.add(maker.next(), after: Int64(index) * 3_000_000)
        }
        Self.compare(feed, "seed \(part)")
        #expect(feed.outcome().reports.count > 6)
    }

    @Test(arguments: 100..<112)
    func `damaged frames give the same by both roads`(part: Int) {
        var maker = FrameMaker(seed: UInt64(part))
        var feed = Feed()
        for index in 0..<2500 {
            var bytes = maker.next().bytes
            if maker.random.below(4) == 0 { maker.damage(&bytes) }
            feed.add(bytes, after: Int64(index) * 3_000_000)
        }
        Self.compare(feed, "seed \(part)")
    }

    @Test(arguments: 200..<206)
    func `frames cut anywhere give the same by both roads`(part: Int) {
        var maker = FrameMaker(seed: UInt64(part))
        var feed = Feed()
        for index in 0..<2500 {
            let cut = maker.random.below(2) == 0 ? 14 + maker.random.below(120) : Int.max
            feed.add(maker.next(), after: Int64(index) * 3_000_000, snapLength: cut)
        }
        Self.compare(feed, "seed \(part)")
    }

    @Test func `frames with wrong lengths give the same by both roads`() {
        var maker = FrameMaker(seed: 300)
        var feed = Feed()
        for index in 0..<3000 {
            var bytes = maker.next().bytes
            // Trailing octets, as short frames are filled up; or the end is missing.
            if maker.random.below(3) == 0 {
                bytes += [UInt8](repeating: 0, count: maker.random.below(40))
            } else if maker.random.below(3) == 0 {
                bytes.removeLast(min(bytes.count - 20, maker.random.below(60)))
            }
            feed.add(bytes, after: Int64(index) * 3_000_000)
        }
        Self.compare(feed, "wrong lengths")
    }

    @Test func `a synthetic capture gives the same by both roads`() {
        var options = SyntheticCapture.Options()
        options.formats = VideoCodec.allCases.compactMap {
            VideoFormat(codec: $0, width: 320, height: 240, bitRate: 400_000)
        }
        options.cameras = 12
        options.extent = .nanoseconds(3_000_000_000)
        options.lossRatio = 0.03
        options.duplicateRatio = 0.02
        options.reorderRatio = 0.03
        options.vlanShare = 0.3
        options.qinqShare = 0.3
        options.ipv6Share = 0.4
        options.hasSignalling = true
        var capture = SyntheticCapture(options)
        Self.compare(Feed(&capture), "synthetic")
    }

    @Test func `a raw IP capture gives what an Ethernet capture gives`() {
        var ethernet = Feed()
        ethernet.add(stream: RTPFrame(), count: 50)
        var raw = Feed()
        for record in ethernet.records {
            raw.add(
                Array(ethernet.window[record.bytes].dropFirst(14)),
                after: record.arrival.nanoseconds - Feed.start, linkType: .rawIP)
        }
        #expect(ethernet.outcome() == raw.outcome())
        #expect(raw.outcome().reports.count == 1)
    }

    @Test func `every length of a frame from nothing on is read by both roads`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 5)
        for tags: [UInt16] in [[], [7], [7, 8], [7, 8, 9]] {
            for isIPv6 in [false, true] {
                var frame = RTPFrame()
                frame.tags = tags
                frame.isIPv6 = isIPv6
                frame.extensionWords = 3
                frame.contributingSources = 2
                for length in 0...frame.bytes.count {
                    feed.add(frame, after: 1_000_000_000 + Int64(length), snapLength: length)
                }
            }
        }
        // The cooked header is longer, so that what Ethernet lacks it has.
        #expect(feed.outcome().reports.count >= 1)
        var whole = Feed()
        whole.records = feed.records.filter { $0.capturedLength >= 14 }
        whole.window = feed.window
        Self.compare(whole, "lengths")
    }

}
