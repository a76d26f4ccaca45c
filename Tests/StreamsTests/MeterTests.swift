// SPDX-License-Identifier: Apache-2.0
import Measurements
import Simulation
import Testing
import Timekeeping

@testable import Streams

@Suite struct MeterTests {
    /// Packets of one stream with their times, ns.
    typealias Packets = [(frame: RTPFrame, after: Int64)]

    /// The report of a stream whose codec is known from its first packet on.
    static func report(
        _ packets: Packets, codec: Codec = .other, snapLength: Int = .max
    ) throws -> StreamReport {
        var first = Feed()
        var rest = Feed()
        for (index, packet) in packets.enumerated() {
            if index == 0 {
                first.add(packet.frame, after: packet.after, snapLength: snapLength)
            } else {
                rest.add(packet.frame, after: packet.after, snapLength: snapLength)
            }
        }
        var tracker = Tracker()
        first.hand(to: &tracker)
        tracker.withStream(0) { stream, _ in
            stream.codec = codec
            stream.flags.remove(.guessing)
        }
        rest.hand(to: &tracker)
        tracker.finish()
        let reports = tracker.reports
        try #require(reports.count == 1)
        return reports[0]
    }

    /// Frames of `slices` packets each, 40 ms apart, with the display order of `order`.
    static func video(_ order: [Int], slices: Int = 1, start: UInt32 = 0xffff_f000) -> Packets {
        var packets: Packets = []
        for (index, shown) in order.enumerated() {
            for slice in 0..<slices {
                var frame = RTPFrame()
                frame.sequenceNumber = UInt16(truncatingIfNeeded: 65_530 + packets.count)
                frame.timestamp = start &+ UInt32(shown) &* 3600
                frame.marker = slice == slices - 1
                packets.append((frame, Int64(index) * 40_000_000 + Int64(slice) * 100_000))
            }
        }
        return packets
    }

    // MARK: Frames

    @Test(arguments: [1, 2, 7])
    func `frames are distinct timestamps however many slices they have`(slices: Int) throws {
        let frames = try Self.report(Self.video(Array(0..<100), slices: slices)).total.frames
        #expect(frames.count == 100)
        #expect(frames.mediaSpanTicks == 99 * 3600)
        #expect(frames.nominalStepTicks == 3600)
        #expect(frames.largestGapNanoseconds == 40_000_000)
        #expect(frames.freezes == 0)
    }

    @Test func `pictures sent in another order than shown are counted once each`() throws {
        // I P B B: the third is shown before the second.
        var order = [0]
        for group in 0..<60 { order += [3 * group + 3, 3 * group + 1, 3 * group + 2] }
        let report = try Self.report(Self.video(order, slices: 3))
        #expect(report.total.frames.count == UInt64(order.count))
        #expect(report.total.frames.mediaSpanTicks == 180 * 3600)
        #expect(report.total.packets.lost == 0)
    }

    @Test func `a packet overtaken by the next frame begins no new frame`() throws {
        var packets = Self.video(Array(0..<60), slices: 6)
        // The last packet of each frame changes places with the first of the next.
        for place in stride(from: 5, to: packets.count - 1, by: 6) {
            let one = packets[place].frame
            packets[place].frame = packets[place + 1].frame
            packets[place + 1].frame = one
        }
        let total = try Self.report(packets).total
        #expect(total.frames.count == 60)
        #expect(total.packets.late == 59)
        #expect(total.packets.lost == 0)
    }

    @Test func `a pause of more than two frames is a freeze and one of two is none`() throws {
        var packets = Self.video(Array(0..<100))
        for place in packets.indices where place >= 50 { packets[place].after += 40_000_000 }
        #expect(try Self.report(packets).total.frames.freezes == 0)
        for place in packets.indices where place >= 50 { packets[place].after += 420_000_000 }
        let frames = try Self.report(packets).total.frames
        #expect(frames.freezes == 1)
        #expect(frames.frozenNanoseconds == 460_000_000)
        #expect(frames.largestGapNanoseconds == 500_000_000)
    }

    @Test func `first and last frame are told by the arrival of their first packets`() throws {
        let frames = try Self.report(Self.video(Array(0..<10), slices: 5)).total.frames
        #expect(frames.firstArrival == Instant(nanoseconds: Feed.start))
        #expect(frames.lastArrival == Instant(nanoseconds: Feed.start + 360_000_000))
    }

    @Test func `key frames and the time between them are counted`() throws {
        var packets = Self.video(Array(0..<101), slices: 3)
        for place in packets.indices {
            // An IDR picture of three slices each 25 frames.
            let isKey = place / 3 % 25 == 0
            packets[place].frame.payload = [isKey ? 0x65 : 0x41, 0x88, 0x84, 0, 1, 2, 3]
        }
        let frames = try Self.report(packets, codec: .h264).total.frames
        #expect(frames.keyFrames == 5)
        #expect(frames.keyFrameIntervals == 4)
        #expect(frames.keyFrameIntervalSumNanoseconds == 4_000_000_000)
    }

    @Test func `an encrypted payload has no key frames`() throws {
        var packets = Self.video(Array(0..<50))
        for place in packets.indices { packets[place].frame.payload = [0x65, 0x88, 0x84, 0] }
        var feed = Feed()
        for packet in packets { feed.add(packet.frame, after: packet.after) }
        var tracker = Tracker()
        var head = feed
        head.records = Array(feed.records.prefix(1))
        head.hand(to: &tracker)
        tracker.withStream(0) { stream, _ in
            stream.codec = .h264
            stream.flags.remove(.guessing)
            stream.flags.insert(.encrypted)
        }
        feed.records.removeFirst()
        feed.hand(to: &tracker)
        #expect(tracker.reports.first?.total.frames.keyFrames == 0)
    }

    // MARK: Jitter

    @Test func `jitter is what RFC 3550 appendix A 8 makes of the packets`() throws {
        var random = SplitMix64(seed: 77)
        var packets = Self.video(Array(0..<400), slices: 3)
        for place in packets.indices { packets[place].after += Int64(random.below(30_000_000)) }
        packets.sort { $0.after < $1.after }
        let total = try Self.report(packets).total
        var (value, sum, greatest) = (0.0, 0.0, 0.0)
        for (before, now) in zip(packets, packets.dropFirst()) {
            let arrival = Double(now.after - before.after)
            let step = Int32(bitPattern: now.frame.timestamp &- before.frame.timestamp)
            value += (abs(arrival - Double(step) * 1e9 / 90_000) - value) / 16
            sum += value
            greatest = max(greatest, value)
        }
        #expect(total.jitter.count == UInt64(packets.count - 1))
        #expect(abs(total.jitter.sumNanoseconds / sum - 1) < 1e-9)
        #expect(abs(total.jitter.maxNanoseconds / greatest - 1) < 1e-9)
    }

    @Test func `frame jitter takes the burst of one frame's packets away`() throws {
        let total = try Self.report(Self.video(Array(0..<200), slices: 10)).total
        #expect(total.frameJitter.count == 199)
        #expect(total.frameJitter.maxNanoseconds < 1)
        #expect(total.jitter.maxNanoseconds > 100_000)
    }

    // MARK: What IP says

    @Test func `packets are counted by code point, and a change is no new stream`() throws {
        var packets = Self.video(Array(0..<100))
        for place in packets.indices {
            packets[place].frame.dscp = place < 30 ? 34 : place < 50 ? 0 : place < 90 ? 34 : 46
        }
        let report = try Self.report(packets)
        #expect(
            report.dscpPackets == [
                DSCPCount(dscp: 0, packets: 20), DSCPCount(dscp: 34, packets: 70),
                DSCPCount(dscp: 46, packets: 10),
            ])
    }

    @Test func `least and greatest time to live are kept`() throws {
        var packets = Self.video(Array(0..<20))
        packets[7].frame.hopLimit = 3
        packets[9].frame.hopLimit = 255
        #expect(try Self.report(packets).ttlRange == 3...255)
    }

    @Test(arguments: [64, 96, 1514])
    func `octets are those of the IP header whatever was captured`(snapLength: Int) throws {
        var packets = Self.video(Array(0..<100))
        for place in packets.indices {
            packets[place].frame.payload = [UInt8](repeating: 7, count: 1400)
        }
        let total = try Self.report(packets, snapLength: snapLength).total
        #expect(total.octets.ip == 100 * 1440)
        #expect(total.octets.payload == 100 * 1400)
        #expect(total.trust.cutPackets == (snapLength < 1454 ? 100 : 0))
        #expect(total.packets.lost == 0)
    }

    @Test func `padding of short Ethernet frames is no part of any packet`() throws {
        var feed = Feed()
        for index in 0..<10 {
            var frame = RTPFrame()
            frame.payload = [1]
            frame.sequenceNumber = UInt16(index)
            feed.add(frame.bytes + [0, 0, 0, 0, 0], after: Int64(index) * 1_000_000)
        }
        let report = try #require(feed.outcome().reports.first)
        #expect(report.total.octets.ip == 410)
        #expect(report.total.octets.payload == 10)
        #expect(report.total.trust.cutPackets == 0)
    }
}
