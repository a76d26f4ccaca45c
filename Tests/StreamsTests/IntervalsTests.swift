// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Simulation
import Testing
import Timekeeping

@testable import Streams

/// Everything of a measurement that neighbouring stretches add up.
private struct Sums: Equatable {
    var counts: [UInt64]
    var times: [Int64]
    /// Maxima, of which the greater counts.
    var greatest: [Double]

    init(_ measurement: Measurement) {
        let (packets, frames) = (measurement.packets, measurement.frames)
        counts = [
            packets.received, packets.unique, packets.duplicate, packets.late, packets.expected,
            packets.lossRuns, packets.restarts, packets.outliers, measurement.octets.ip,
            measurement.octets.payload, frames.count, frames.freezes, frames.keyFrames,
            frames.keyFrameIntervals, frames.mediaSpanTicks, measurement.jitter.count,
            measurement.frameJitter.count, measurement.trust.cutPackets,
            measurement.trust.beyondWindow,
        ]
        times = [frames.frozenNanoseconds, frames.keyFrameIntervalSumNanoseconds]
        greatest = [
            Double(packets.longestLossRun), Double(frames.largestGapNanoseconds),
            measurement.jitter.maxNanoseconds, measurement.frameJitter.maxNanoseconds,
        ]
    }

    mutating func add(_ other: Sums) {
        counts = zip(counts, other.counts).map(&+)
        times = zip(times, other.times).map(&+)
        greatest = zip(greatest, other.greatest).map(max)
    }
}

@Suite struct IntervalsTests {
    static let second: Int64 = 1_000_000_000

    /// Whether the intervals of every stream add up to its whole.
    static func checkSums(_ outcome: Outcome, _ what: String) {
        for report in outcome.reports {
            let told = outcome.intervals.filter { $0.report.identity == report.identity }
            guard let first = told.first else {
                Issue.record("\(what): \(report.identity) has no interval")
                continue
            }
            var sum = Sums(first.report.total)
            for next in told.dropFirst() { sum.add(Sums(next.report.total)) }
            #expect(sum == Sums(report.total), "\(what)")
            let jitter = told.reduce(0) { $0 + $1.report.total.jitter.sumNanoseconds }
            let off = abs(jitter - report.total.jitter.sumNanoseconds)
            #expect(off <= 1e-6 * max(1, jitter), "\(what)")
        }
    }

    // MARK: Where they lie

    @Test func `intervals are aligned to UTC and half open`() {
        var feed = Feed()
        // From 3 s on, one packet each second, up to 40 s.
        var frame = RTPFrame()
        for index in 0...37 {
            frame.sequenceNumber = UInt16(index)
            frame.timestamp = UInt32(index) * 90_000
            feed.add(frame, after: Int64(3 + index) * Self.second)
        }
        let told = feed.outcome().intervals.map(\.report.total)
        #expect(
            told.map(\.range.start.nanoseconds)
                == (0..<5).map { Feed.start + $0 * 10 * Self.second })
        #expect(told.allSatisfy { $0.range.nanoseconds == 10 * Self.second })
        // What comes at the end belongs to the next.
        #expect(told.map(\.packets.received) == [7, 10, 10, 10, 1])
        #expect(
            told.map(\.firstPacket?.nanoseconds)
                == [3, 10, 20, 30, 40].map { Feed.start + $0 * Self.second })
        #expect(told.map(\.frames.firstArrival) == told.map(\.firstPacket))
    }

    @Test func `a packet stamped a little before the interval counts into it`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 10, after: 10 * Self.second)
        var late = RTPFrame()
        late.sequenceNumber = 10
        feed.add(late, after: 10 * Self.second - 1)
        let told = feed.outcome().intervals
        #expect(told.map(\.report.total.packets.received) == [11])
    }

    @Test func `a silent stream has no interval`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 10)
        var other = RTPFrame()
        other.ssrc = 9
        feed.add(stream: other, count: 1000)
        feed.records.sort { $0.arrival < $1.arrival }
        let told = feed.outcome(intervalNanoseconds: 5 * Self.second).intervals
        #expect(told.filter { $0.report.identity.ssrc == 9 }.count == 8)
        #expect(told.filter { $0.report.identity.ssrc != 9 }.count == 1)
    }

    @Test func `an unproved stream has no interval, and a proved one all its packets`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 3, after: 9 * Self.second)
        var rest = RTPFrame()
        rest.sequenceNumber = 3
        feed.add(stream: rest, count: 3, after: 10 * Self.second)
        let told = feed.outcome().intervals
        #expect(told.map(\.report.total.packets.received) == [6])
        #expect(told.map(\.report.total.packets.expected) == [6])
    }

    // MARK: Sums

    @Test(arguments: [0.2, 1, 10])
    func `intervals of disturbed streams add up to the whole`(seconds: Double) {
        var options = SyntheticCapture.Options()
        options.formats = VideoCodec.allCases.compactMap {
            VideoFormat(codec: $0, width: 320, height: 240, bitRate: 400_000)
        }
        options.cameras = 20
        options.extent = .nanoseconds(8 * Self.second)
        options.lossRatio = 0.05
        options.duplicateRatio = 0.05
        options.reorderRatio = 0.05
        options.frameJitterNanoseconds = 90_000_000
        options.snapLength = 400
        var capture = SyntheticCapture(options)
        let outcome = Feed(&capture).outcome(
            intervalNanoseconds: Int64(seconds * Double(Self.second)))
        #expect(outcome.reports.count == 20)
        Self.checkSums(outcome, "intervals of \(seconds) s")
    }

    @Test func `intervals of streams that leap and restart add up to the whole`() {
        for seed in UInt64(0)..<150 {
            var random = SplitMix64(seed: seed)
            var frame = RTPFrame()
            frame.payload = [1, 2, 3]
            var feed = Feed()
            var now: Int64 = 0
            for index in 0..<200 {
                frame.sequenceNumber &+= 1
                now += Int64(random.below(400_000_000))
                frame.timestamp &+= UInt32(random.below(36_000))
                if index > 8 {
                    switch random.below(12) {
                    case 0: frame.sequenceNumber &+= UInt16(random.below(300))
                    case 1: frame.sequenceNumber &+= UInt16(random.below(65_536))
                    case 2: now += Int64(random.below(30)) * Self.second
                    case 3: feed.add(frame, after: now)
                    case 4:
                        var stray = frame
                        stray.sequenceNumber &-= UInt16(random.below(20_000))
                        feed.add(stray, after: now)
                    default: break
                    }
                }
                feed.add(frame, after: now)
            }
            let outcome = feed.outcome(intervalNanoseconds: Self.second)
            #expect(outcome.reports.count == 1)
            Self.checkSums(outcome, "seed \(seed)")
        }
    }

    @Test func `a packet held over the end of an interval is unique in the next`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 10)
        var after = RTPFrame()
        after.sequenceNumber = 5000
        after.timestamp = 9 * 90_000
        feed.add(after, after: 9 * Self.second)
        after.sequenceNumber = 5001
        feed.add(stream: after, count: 10, after: 10 * Self.second)
        let outcome = feed.outcome()
        let packets = outcome.intervals.map(\.report.total.packets)
        #expect(packets.map(\.received) == [11, 10])
        #expect(packets.map(\.unique) == [10, 11])
        #expect(packets.map(\.lost) == [0, 4990])
        Self.checkSums(outcome, "held")
    }

    @Test func `losses that only the end settles are told at the end`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 10)
        var after = RTPFrame()
        after.sequenceNumber = 15
        feed.add(after, after: Self.second)
        var other = RTPFrame()
        other.ssrc = 9
        feed.add(stream: other, count: 500, after: Self.second)
        let outcome = feed.outcome()
        Self.checkSums(outcome, "settled by the end")
        let last = outcome.intervals.last { $0.report.identity.ssrc != 9 }
        #expect(last?.report.total.packets.received == 0)
        #expect(last?.report.total.packets.lossRuns == 1)
        #expect(last?.report.total.firstPacket == nil)
    }

    @Test func `the greatest frame jitter of an interval is its own`() {
        var feed = Feed()
        for index in 0..<500 {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index)
            frame.timestamp = UInt32(index) * 3600
            // The fourth second stumbles.
            let off: Int64 = (75..<100).contains(index) && index % 2 == 0 ? 30_000_000 : 0
            feed.add(frame, after: Int64(index) * 40_000_000 + off)
        }
        let outcome = feed.outcome(intervalNanoseconds: Self.second)
        let jitter = outcome.intervals.map(\.report.total.frameJitter.maxNanoseconds)
        #expect(jitter[2] < 1)
        #expect(jitter[3] > 1e7)
        #expect(jitter[19] < jitter[3] / 100)
        #expect(outcome.reports.first?.total.frameJitter.maxNanoseconds == jitter[3])
    }

    @Test func `jitter begins anew where the clock's rate becomes known`() {
        var first = Feed()
        first.add(stream: RTPFrame(), count: 240)
        var rest = Feed()
        var frame = RTPFrame()
        frame.sequenceNumber = 240
        frame.timestamp = 240 * 3600
        rest.add(stream: frame, count: 260, after: 240 * 40_000_000)
        var tracker = Tracker()
        var told: [Measurement] = []
        tracker.observeIntervals { told.append($1.total) }
        first.hand(to: &tracker)
        tracker.withStream(0) { stream, totals in
            stream.setClock(MediaClock.Rate(hertz: 45_000) ?? .video, isAssumed: false, &totals)
        }
        rest.hand(to: &tracker)
        tracker.finish()
        #expect(told.map(\.jitter.count) == [10, 250])
        #expect(told.allSatisfy { $0.jitter.sumNanoseconds >= 0 })
        let whole = tracker.reports.first?.total.jitter
        #expect(whole?.count == 260)
        #expect(whole?.sumNanoseconds == told.reduce(0) { $0 + $1.jitter.sumNanoseconds })
    }

    // MARK: Jumps of time

    @Test func `time may leap forward by years and back again`() {
        let year = 31_536_000 * Self.second
        for leap in [year, 100 * year, -year, -40 * year, 11 * Self.second, -11 * Self.second] {
            var feed = Feed()
            var frame = RTPFrame()
            for index in 0..<300 {
                frame.sequenceNumber = UInt16(index)
                frame.timestamp = UInt32(index) * 3600
                let leapt = (100..<200).contains(index) ? leap : 0
                feed.add(frame, after: Int64(index) * 40_000_000 + leapt)
            }
            let outcome = feed.outcome()
            #expect(outcome.reports.first?.total.packets.received == 300)
            #expect(outcome.reports.first?.total.packets.lost == 0)
            let received = outcome.intervals.map(\.report.total.packets.received)
            #expect(received.reduce(0, +) == 300, "\(leap)")
            for told in outcome.intervals {
                let total = told.report.total
                #expect(total.range.nanoseconds == 10 * Self.second)
                #expect(total.range.start.nanoseconds % (10 * Self.second) == 0)
            }
            let setBack = outcome.faultTally["pcap ignored clock set back"]
            // Less than a whole interval behind, packets count into the one that is open.
            #expect((setBack ?? 0) == (abs(leap) < 20 * Self.second ? 0 : 1), "\(leap)")
        }
    }

    @Test func `the ends of the range of time trap nowhere`() {
        var feed = Feed()
        var frame = RTPFrame()
        let ends: [Int64] = [.max, .min, 0, .max, .max - 1, .min + 1, -1, .min, .max]
        for index in 0..<200 {
            frame.sequenceNumber = UInt16(index)
            feed.add(frame, after: 0)
            let end = Instant(nanoseconds: ends[index % ends.count])
            feed.records[index].arrival = index % 3 == 0 ? feed.records[index].arrival : end
        }
        #expect(feed.outcome().reports.first?.total.packets.received == 200)
    }

    @Test func `time that passes without packets closes intervals`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 10)
        var tracker = Tracker()
        var told = 0
        tracker.observeIntervals { _, _ in told += 1 }
        tracker.advance(to: Instant(nanoseconds: Feed.start))
        feed.hand(to: &tracker)
        tracker.advance(to: Instant(nanoseconds: Feed.start + 10 * Self.second - 1))
        #expect(told == 0)
        tracker.advance(to: Instant(nanoseconds: Feed.start + 10 * Self.second))
        #expect(told == 1)
        tracker.advance(to: Instant(nanoseconds: Feed.start + 100 * Self.second))
        tracker.finish()
        #expect(told == 1)
    }

    // MARK: The probe's own drops

    /// Three intervals; `drops` are told in each before it closes.
    static func intervals(drops: [UInt64?]) -> (told: [StreamReport], whole: StreamReport?) {
        var tracker = Tracker()
        var told: [StreamReport] = []
        tracker.observeIntervals { told.append($1) }
        for (index, drop) in drops.enumerated() {
            var frame = RTPFrame()
            frame.sequenceNumber = UInt16(index * 260)
            frame.timestamp = UInt32(index) * 900_000
            var feed = Feed()
            feed.add(stream: frame, count: 250, after: Int64(index) * 10 * second)
            feed.hand(to: &tracker)
            if let drop { tracker.probeDropped(drop) }
        }
        tracker.finish()
        return (told, tracker.reports.first)
    }

    static func hasUnknownLoss(_ report: StreamReport) -> Bool {
        report.unknown.contains { $0.figure == "loss_ratio" && $0.reason == .probeDrops }
    }

    @Test func `a file says nothing of drops and a live capture says zero`() {
        let file = Self.intervals(drops: [nil, nil, nil])
        #expect(file.told.map(\.total.trust.probeDrops) == [nil, nil, nil])
        #expect(file.whole?.total.trust.probeDrops == nil)
        let live = Self.intervals(drops: [0, 0, 0])
        #expect(live.told.map(\.total.trust.probeDrops) == [0, 0, 0])
        #expect(live.whole?.total.trust.probeDrops == 0)
        #expect(!live.told.contains(where: Self.hasUnknownLoss))
    }

    @Test func `drops make the loss of their own interval unknown and of no other`() {
        let live = Self.intervals(drops: [0, 17, 0])
        #expect(live.told.map(\.total.trust.probeDrops) == [0, 17, 0])
        #expect(live.told.map(Self.hasUnknownLoss) == [false, true, false])
        #expect(live.whole?.total.trust.probeDrops == 17)
        #expect(live.whole.map(Self.hasUnknownLoss) == true)
    }

    @Test func `what one interval cannot tell is said of the interval`() {
        var feed = Feed()
        feed.add(stream: RTPFrame(), count: 251)
        let reports = feed.outcome().intervals.map(\.report)
        #expect(reports.map(\.total.frames.count) == [250, 1])
        let isUnknown = reports.map { report in
            report.unknown.contains { $0.figure == "frame_rate_fps" && $0.reason == .tooFewFrames }
        }
        #expect(isUnknown == [false, true])
    }
}
