// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import RTP
import Timekeeping

/// Where a stream's counts stood when the interval in progress began.
struct IntervalSnapshot {
    var received: UInt64 = 0
    var octetsIP: UInt64 = 0
    var octetsPayload: UInt64 = 0
    var frames: UInt64 = 0
    var expected: UInt64 = 0
    var jitterSum: Double = 0
    var frameJitterSum: Double = 0
    var frozen: Int64 = 0
    var keyFrameIntervalSum: Int64 = 0
    var duplicate: UInt32 = 0
    var late: UInt32 = 0
    var outliers: UInt32 = 0
    var beyondWindow: UInt32 = 0
    var restarts: UInt32 = 0
    var cut: UInt32 = 0
    var freezes: UInt32 = 0
    var keyFrames: UInt32 = 0
    var lossRuns: UInt32 = 0
    /// Packets that wait for their successor's judgement: one or none.
    var unsettled: UInt32 = 0
    var rare = RareCounts()
    var mediaSpan: Int64 = 0
    var lastFrameArrival: Int64 = 0
    var lastArrival: Int64 = 0
    /// First packet and first new frame since this look; the look before them if none came.
    var firstArrival: Int64 = 0
    var firstFrame: Int64 = 0
}

/// Intervals: `[start, end)` of wall time, aligned to the UTC clock (`floored`).
///
/// A packet belongs to the interval that is open when it comes. Captures interleave a little out
/// of order, so one stamped before the interval still counts into it, unless it lies a whole
/// interval back: then the clock was set, and another interval begins.
extension Tracker {
    /// Closes the interval in progress because something at `instant` lies outside it.
    @inline(never)
    mutating func closeInterval(before instant: Int64) {
        let length = configuration.intervalNanoseconds
        if intervalEnd != .min {
            let start = intervalStart
            if let told = intervalClosed {
                let range = TimeRange(start: Instant(nanoseconds: start), nanoseconds: length)
                tell(range, told)
            }
            settleConnections()
            foldMaxima()
            countRivalSenders(since: start)
            forgetUnproved(before: start)
            earlyReports.forget(before: Instant(nanoseconds: start))
            if media.count != bindingsKnown { bindAll() }
            probeDrops = probeDrops.map { _ in 0 }
            flows.beginInterval()
            if instant < intervalFloor { faultCounts.ignore(.pcap, "clock set back") }
        }
        let start = Instant(nanoseconds: instant).floored(toNanoseconds: length)
        intervalStart = start.nanoseconds
        intervalEnd = start.advanced(byNanoseconds: length).nanoseconds
        intervalFloor = start.advanced(byNanoseconds: -length).nanoseconds
    }

    /// Notes the first packet or frame of an interval, if anybody asks for intervals.
    mutating func noteFirst(_ index: Int, arrival: Int64? = nil, frame: Int64? = nil) {
        guard intervalClosed != nil else { return }
        while snapshots.count <= index { snapshots.append(IntervalSnapshot()) }
        if let arrival { snapshots[index].firstArrival = arrival }
        if let frame { snapshots[index].firstFrame = frame }
    }

    private mutating func foldMaxima() {
        for index in 0..<store.count {
            withStream(index) { stream, totals in
                totals.largestFrameGap = max(totals.largestFrameGap, stream.largestFrameGap)
                totals.jitterMax = max(totals.jitterMax, stream.jitterMax)
                totals.frameJitterMaxBefore = max(
                    totals.frameJitterMaxBefore, totals.frameJitterMax)
                totals.frameJitterMax = 0
                stream.largestFrameGap = 0
                stream.jitterMax = 0
                // Its next packet may be the first of an interval.
                stream.lookAgain()
            }
            var troubles = troubles(index)
            troubles.sequence.recentLongestLossRun = 0
            setTroubles(troubles, of: index)
        }
    }

    private mutating func tell(_ range: TimeRange, _ told: (Int, StreamReport) -> Void) {
        while snapshots.count < store.count { snapshots.append(IntervalSnapshot()) }
        for index in 0..<store.count {
            let before = snapshots[index]
            let drops = probeDrops
            let troubles = troubles(index)
            let rare = rareCounts(index)
            let change = withStream(index) {
                stream, totals -> (Measurement, IntervalSnapshot)? in
                guard !stream.flags.contains(.vacant), !stream.flags.contains(.probation) else {
                    return nil
                }
                let now = IntervalSnapshot(stream, totals, troubles, rare)
                guard now.differs(from: before) else { return nil }
                return (
                    Measurement(
                        range, from: before, to: now, stream, totals, troubles, drops: drops), now
                )
            }
            guard let change else { continue }
            snapshots[index] = change.1
            guard let report = report(stream: index, over: change.0) else { continue }
            told(index, report)
        }
    }
}

extension IntervalSnapshot {
    init(
        _ stream: HotStream, _ totals: StreamTotals, _ troubles: StreamTroubles,
        _ rare: RareCounts
    ) {
        self.rare = rare
        received = stream.received
        octetsIP = stream.octetsIP
        octetsPayload = stream.octetsPayload
        frames = stream.frames
        expected = SequenceHistory(totals.sequence, troubles.sequence).expected(stream.sequence)
        jitterSum = stream.jitterSum
        frameJitterSum = totals.frameJitterSum
        frozen = totals.frozen
        keyFrameIntervalSum = totals.keyFrameIntervalSum
        duplicate = troubles.duplicate
        late = troubles.late
        outliers = troubles.outliers
        beyondWindow = troubles.beyondWindow
        restarts = troubles.restarts
        cut = stream.cut
        freezes = totals.freezes
        keyFrames = totals.keyFrames
        lossRuns = troubles.sequence.lossRuns
        unsettled = troubles.sequence.isHolding ? 1 : 0
        mediaSpan = max(0, totals.mediaGreatest &- totals.mediaLeast)
        lastFrameArrival = stream.lastFrameArrival
        lastArrival = stream.lastArrival
    }

    /// Whether there is something to tell of the time between `before` and this.
    ///
    /// A silent stream has nothing; but the end settles what was held back and closes runs.
    func differs(from before: IntervalSnapshot) -> Bool {
        received != before.received || lossRuns != before.lossRuns
            || outliers != before.outliers || rare.releasedAt != before.rare.releasedAt
    }

    /// Distinct sequence numbers so far.
    ///
    /// A packet after a step too long to believe counts as received and as neither unique nor
    /// duplicate until its successor settles it.
    var unique: UInt64 {
        received - min(received, UInt64(duplicate) + UInt64(outliers) + UInt64(unsettled))
    }
}

extension PacketCounts {
    /// What was counted between two looks at a stream.
    init(from before: IntervalSnapshot, to now: IntervalSnapshot) {
        self.init()
        received = now.received - before.received
        duplicate = UInt64(now.duplicate &- before.duplicate)
        late = UInt64(now.late &- before.late)
        outliers = UInt64(now.outliers &- before.outliers)
        unique = now.unique - min(now.unique, before.unique)
        expected = now.expected - before.expected
        lossRuns = UInt64(now.lossRuns &- before.lossRuns)
        restarts = UInt64(now.restarts &- before.restarts)
    }
}

extension Measurement {
    /// What was measured between two looks at a stream, the second of them now.
    init(
        _ range: TimeRange, from before: IntervalSnapshot, to now: IntervalSnapshot,
        _ stream: HotStream, _ totals: StreamTotals, _ troubles: StreamTroubles, drops: UInt64?
    ) {
        self.init(range: range)
        packets = PacketCounts(from: before, to: now)
        packets.longestLossRun = UInt64(troubles.sequence.recentLongestLossRun)
        octets.ip = now.octetsIP - before.octetsIP
        octets.payload = now.octetsPayload - before.octetsPayload
        octets.duplicate = now.rare.duplicateOctets &- before.rare.duplicateOctets
        frames.count = now.frames - before.frames
        if frames.count > 0 {
            frames.lastArrival = Instant(nanoseconds: now.lastFrameArrival)
            frames.firstArrival = Instant(nanoseconds: before.firstFrame)
        }
        frames.largestGapNanoseconds = stream.largestFrameGap
        frames.freezes = UInt64(now.freezes &- before.freezes)
        // Sums of times wrap where a capture's times are absurd.
        frames.frozenNanoseconds = now.frozen &- before.frozen
        frames.keyFrames = UInt64(now.keyFrames &- before.keyFrames)
        frames.keyFrameIntervalSumNanoseconds =
            now.keyFrameIntervalSum &- before.keyFrameIntervalSum
        frames.keyFrameIntervals =
            totals.keyFrameIntervals(upTo: now.keyFrames)
            - totals.keyFrameIntervals(upTo: before.keyFrames)
        frames.mediaSpanTicks = UInt64(max(0, now.mediaSpan &- before.mediaSpan))
        frames.nominalStepTicks = totals.steps.mostCommon
        if stream.nanosecondsPerTick > 0 {
            // Sums begin again when the clock's rate becomes known: what was before is forgotten.
            let first = max(before.received, totals.jitterBase, 1)
            jitter.count = now.received - min(now.received, first)
            jitter.sumNanoseconds =
                before.received > totals.jitterBase
                ? now.jitterSum - before.jitterSum : now.jitterSum
            jitter.maxNanoseconds = stream.jitterMax
        }
        if stream.timesFrames {
            let firstFrame = max(before.frames, UInt64(totals.frameJitterBase), 1)
            frameJitter.count = now.frames - min(now.frames, firstFrame)
            frameJitter.sumNanoseconds =
                before.frames > UInt64(totals.frameJitterBase)
                ? now.frameJitterSum - before.frameJitterSum : now.frameJitterSum
            frameJitter.maxNanoseconds = totals.frameJitterMax
        }
        trust.probeDrops = drops
        trust.joinedPackets = now.rare.joinedPackets &- before.rare.joinedPackets
        trust.cutPackets = UInt64(now.cut &- before.cut)
        trust.beyondWindow = UInt64(now.beyondWindow - before.beyondWindow)
        if packets.received > 0 {
            firstPacket = Instant(nanoseconds: before.firstArrival)
            lastPacket = Instant(nanoseconds: now.lastArrival)
        }
    }
}

extension StreamTotals {
    /// Times between key frames among the first `count` of them.
    func keyFrameIntervals(upTo count: UInt32) -> UInt64 { UInt64(max(count, 1) - 1) }
}
