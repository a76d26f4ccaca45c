// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@Suite struct MeasurementMergeTests {
    /// A small generator of our own, so that a seed gives the same run everywhere.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let mixed = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
            return mixed ^ (mixed >> 33)
        }
    }

    static let second: Int64 = 1_000_000_000

    /// Neighbouring measurements of one stream, some empty, in order of time.
    static func neighbours(_ count: Int, seed: UInt64) -> [Measurement] {
        var random = Seeded(state: seed)
        var start = Instant(nanoseconds: .random(in: -second...second, using: &random))
        return (0..<count).map { _ in
            let length = Int64.random(in: 1...20 * second, using: &random)
            let range = TimeRange(start: start, nanoseconds: length)
            start = range.end
            return measurement(of: range, using: &random)
        }
    }

    static func measurement(of range: TimeRange, using random: inout Seeded) -> Measurement {
        var one = Measurement(range: range)
        one.trust.probeDrops = [nil, 0, 0, 7].randomElement(using: &random) ?? nil
        guard Int.random(in: 0..<4, using: &random) > 0 else { return one }
        func count() -> UInt64 { .random(in: 0..<10_000, using: &random) }
        func inside() -> Int64 { .random(in: 0..<range.nanoseconds, using: &random) }
        one.packets.received = count()
        one.packets.unique = count()
        one.packets.duplicate = count()
        one.packets.late = count()
        one.packets.expected = count()
        one.packets.lossRuns = count()
        one.packets.longestLossRun = count()
        one.packets.restarts = count()
        one.packets.outliers = count()
        one.octets.ip = count()
        one.octets.payload = count()
        let arrivals = [inside(), inside()].sorted().map { range.start.advanced(byNanoseconds: $0) }
        (one.firstPacket, one.lastPacket) = (arrivals[0], arrivals[1])
        (one.frames.firstArrival, one.frames.lastArrival) = (arrivals[0], arrivals[1])
        one.frames.count = count()
        one.frames.largestGapNanoseconds = inside()
        one.frames.freezes = count()
        one.frames.frozenNanoseconds = inside()
        one.frames.keyFrames = count()
        one.frames.keyFrameIntervalSumNanoseconds = inside()
        one.frames.keyFrameIntervals = count()
        one.frames.mediaSpanTicks = count()
        one.frames.nominalStepTicks = [0, 3_600, 3_750].randomElement(using: &random) ?? 0
        one.jitter.sumNanoseconds = .random(in: 0..<1e9, using: &random)
        one.jitter.count = count()
        one.jitter.maxNanoseconds = .random(in: 0..<1e7, using: &random)
        one.frameJitter.sumNanoseconds = .random(in: 0..<1e9, using: &random).rounded()
        one.frameJitter.count = count()
        one.trust.cutPackets = count()
        one.trust.beyondWindow = count()
        return one
    }

    static func merged(_ parts: some Collection<Measurement>) -> Measurement? {
        guard var whole = parts.first else { return nil }
        for part in parts.dropFirst() { whole.merge(part) }
        return whole
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func `neighbours merge to the same whole however they are grouped`(seed: UInt64) throws {
        let parts = Self.neighbours(12, seed: seed)
        let whole = try #require(Self.merged(parts))
        var random = Seeded(state: seed &+ 1)
        let cuts = (0..<3).map { _ in Int.random(in: 1..<12, using: &random) }.sorted()
        let bounds = [0] + cuts + [12]
        let groups = zip(bounds, bounds.dropFirst()).compactMap { start, end in
            Self.merged(parts[start..<end])
        }
        #expect(Self.merged(groups) == whole)
        // From the back as well: each part takes up all that follows.
        var last = parts[11]
        for part in parts.dropLast().reversed() {
            var longer = part
            longer.merge(last)
            last = longer
        }
        #expect(last == whole)
    }

    @Test func `the whole covers both ranges and adds up what was counted`() {
        let parts = Self.neighbours(3, seed: 5)
        var both = parts[0]
        both.merge(parts[1])
        #expect(both.range.start == parts[0].range.start)
        #expect(both.range.end == parts[1].range.end)
        #expect(
            both.packets.expected == parts[0].packets.expected + parts[1].packets.expected)
        #expect(both.octets.ip == parts[0].octets.ip + parts[1].octets.ip)
        #expect(
            both.packets.longestLossRun
                == max(parts[0].packets.longestLossRun, parts[1].packets.longestLossRun))
    }

    @Test func `the gap between the last frame of one and the first of the next counts`() {
        let middle = Instant(nanoseconds: 10 * Self.second)
        var before = Measurement(
            range: TimeRange(start: Instant(nanoseconds: 0), nanoseconds: 10 * Self.second))
        var after = Measurement(range: TimeRange(start: middle, nanoseconds: 10 * Self.second))
        before.frames.lastArrival = middle.advanced(byNanoseconds: -2 * Self.second)
        after.frames.firstArrival = middle.advanced(byNanoseconds: 3 * Self.second)
        before.merge(after)
        #expect(before.frames.largestGapNanoseconds == 5 * Self.second)
    }

    @Test(
        arguments: [
            (nil, nil, nil), (nil, 0, nil), (0, nil, nil), (0, 0, 0), (nil, 3, 3), (3, nil, 3),
            (0, 3, 3), (3, 4, 7), (.max, 4, .max),
        ] as [(UInt64?, UInt64?, UInt64?)])
    func `drops known in a part are drops of the whole and unknown never becomes none`(
        first: UInt64?, second: UInt64?, whole: UInt64?
    ) {
        var trust = Trust()
        trust.probeDrops = first
        var next = Trust()
        next.probeDrops = second
        trust.merge(next)
        #expect(trust.probeDrops == whole)
    }

    @Test func `counts stick to the top and do not run over`() {
        var counts = PacketCounts()
        counts.received = .max - 1
        var next = PacketCounts()
        next.received = 5
        counts.merge(next)
        #expect(counts.received == .max)
        var frames = FrameCounts()
        frames.frozenNanoseconds = .max
        var more = FrameCounts()
        more.frozenNanoseconds = .max
        frames.merge(more)
        #expect(frames.frozenNanoseconds == .max)
    }

    @Test func `merging with an empty neighbour changes only the range`() {
        let full = Self.neighbours(1, seed: 3)[0]
        let empty = Measurement(range: TimeRange(start: full.range.end, nanoseconds: 1))
        var whole = full
        whole.merge(empty)
        var expected = full
        expected.range = TimeRange(start: full.range.start, end: empty.range.end) ?? full.range
        expected.jitter.sumNanoseconds.round()
        #expect(full.packets.received > 0)
        #expect(whole.packets == expected.packets)
        #expect(whole.frames == expected.frames)
        #expect(whole.jitter == expected.jitter)
        #expect(whole.range == expected.range)
        #expect(whole.lastPacket == full.lastPacket)
    }
}
