// SPDX-License-Identifier: Apache-2.0
import Timekeeping

// Merging is associative: however a day is cut into intervals and in whatever order neighbours
// are joined, the same account comes out. That asks three things of whoever fills a measurement:
//
// - A step between two frames (its gap, its media time, its freeze) counts in the interval in
//   which it ends; so does a gap between sequence numbers. Then sums leave no step out.
// - Counts are whole numbers. Sums stick to the top of their type instead of running over.
// - Jitter sums are whole nanoseconds: exact in a `Double` up to 2⁵³ ns.

extension Measurement {
    /// Adds the measurement of the stretch that follows, so that this one covers both.
    ///
    /// `next` must be of the same stream and vantage and begin where this one ends: a stretch
    /// that nobody watched belongs to neither and must not be covered by the sum.
    public mutating func merge(_ next: Measurement) {
        precondition(range.end == next.range.start, "only neighbouring stretches merge")
        // The order of the three instants holds, so the range exists.
        range = TimeRange(start: range.start, end: next.range.end) ?? range
        packets.merge(next.packets)
        octets.merge(next.octets)
        frames.merge(next.frames)
        jitter.merge(next.jitter)
        frameJitter.merge(next.frameJitter)
        trust.merge(next.trust)
        firstPacket = firstPacket ?? next.firstPacket
        lastPacket = next.lastPacket ?? lastPacket
    }
}

extension PacketCounts {
    /// Adds the counts of the stretch that follows.
    public mutating func merge(_ next: PacketCounts) {
        received.add(next.received)
        unique.add(next.unique)
        duplicate.add(next.duplicate)
        late.add(next.late)
        expected.add(next.expected)
        lossRuns.add(next.lossRuns)
        longestLossRun = max(longestLossRun, next.longestLossRun)
        restarts.add(next.restarts)
        outliers.add(next.outliers)
    }
}

extension OctetCounts {
    /// Adds the octets of the stretch that follows.
    public mutating func merge(_ next: OctetCounts) {
        ip.add(next.ip)
        payload.add(next.payload)
        duplicate.add(next.duplicate)
    }
}

extension FrameCounts {
    /// Adds the frames of the stretch that follows.
    ///
    /// The nominal step is the last one known.
    public mutating func merge(_ next: FrameCounts) {
        largestGapNanoseconds = max(largestGapNanoseconds, next.largestGapNanoseconds)
        if let last = lastArrival, let first = next.firstArrival {
            // Whoever has only two separate stretches has not counted the gap between them.
            largestGapNanoseconds = max(largestGapNanoseconds, first.nanoseconds(since: last))
        }
        count.add(next.count)
        firstArrival = firstArrival ?? next.firstArrival
        lastArrival = next.lastArrival ?? lastArrival
        freezes.add(next.freezes)
        frozenNanoseconds.add(next.frozenNanoseconds)
        keyFrames.add(next.keyFrames)
        keyFrameIntervalSumNanoseconds.add(next.keyFrameIntervalSumNanoseconds)
        keyFrameIntervals.add(next.keyFrameIntervals)
        mediaSpanTicks.add(next.mediaSpanTicks)
        if next.nominalStepTicks != 0 {
            nominalStepTicks = next.nominalStepTicks
        }
    }
}

extension JitterSums {
    /// Adds the sums of the stretch that follows, each rounded to whole nanoseconds.
    public mutating func merge(_ next: JitterSums) {
        sumNanoseconds = sumNanoseconds.rounded() + next.sumNanoseconds.rounded()
        count.add(next.count)
        maxNanoseconds = max(maxNanoseconds, next.maxNanoseconds)
    }
}

extension Trust {
    /// Adds what is known of the stretch that follows.
    ///
    /// Drops known in either part are drops of the whole. Without any, the whole is free of
    /// drops only if both parts are known to be.
    public mutating func merge(_ next: Trust) {
        if var drops = probeDrops, let more = next.probeDrops {
            drops.add(more)
            probeDrops = drops
        } else {
            let known = probeDrops ?? next.probeDrops ?? 0
            probeDrops = known == 0 ? nil : known
        }
        cutPackets.add(next.cutPackets)
        beyondWindow.add(next.beyondWindow)
        joinedPackets.add(next.joinedPackets)
    }
}

extension FixedWidthInteger {
    /// Adds a number that is not negative; sticks to the top of the type.
    fileprivate mutating func add(_ other: Self) {
        let (sum, overflow) = addingReportingOverflow(other)
        self = overflow ? .max : sum
    }
}
