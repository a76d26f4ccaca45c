// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Observations of one camera from one vantage over a longer stretch: sums, extremes, and how the
/// intervals' figures are spread.
///
/// Merging is exact and associative, and needs no neighbours: what nobody watched in between is
/// the difference of `range` and `observedNanoseconds`.
public struct Rollup: Hashable, Sendable {
    /// From the first instant of the earliest observation to the end of the latest.
    public var range: TimeRange
    /// The time inside that was watched, ns.
    public var observedNanoseconds: Int64
    /// Packets, summed.
    public var packets: PacketCounts
    /// Octets, summed.
    public var octets: OctetCounts
    /// Frames, summed; the largest gap is that of any observation.
    public var frames: FrameCounts
    /// Interarrival jitter over packets, summed.
    public var jitter: JitterSums
    /// Interarrival jitter over frames, summed.
    public var frameJitter: JitterSums
    /// How far the sums can be trusted.
    public var trust: Trust
    /// Observations.
    public var intervals: UInt32 = 1
    /// Observations whose loss was above the limit then in force, and known.
    public var intervalsAboveLossLimit: UInt32 = 0
    /// Packets lost and expected in the observation that lost the greatest share.
    public var worstLoss: LossCount?
    /// The picture with the fewest pixels; nil if none told its size.
    public var smallestPicture: PictureSize?
    /// The least offset of the camera's clock, with its error bar.
    public var leastClock: ClockReading?
    /// The greatest offset of the camera's clock, with its error bar.
    public var greatestClock: ClockReading?
    /// The time in which something came and was encrypted, ns.
    public var encryptedNanoseconds: Int64 = 0
    /// The time in which something came that anybody on its way could read, ns.
    public var openNanoseconds: Int64 = 0
    /// Whether those two tell of all observations; roll-ups of earlier ledgers tell of none.
    public var isEncryptionKnown = true
    /// The longest stall, of those of equal length the earliest; nil if there was none.
    public var longestStall: Stall?
    /// Observations with a stall.
    public var stalls: UInt32 = 0
    /// Loss of each observation, parts per million, where it is known.
    public var loss = QuantileSketch()
    /// Bit rate of each observation by IP length, bit/s.
    public var bitrate = QuantileSketch()
    /// Mean jitter over frames (over packets where no frames are seen) of each observation, ns.
    public var jitterSpread = QuantileSketch()
    /// Largest gap between frames of each observation, ns.
    public var frameGap = QuantileSketch()
    /// Frame rate of each observation, frames a thousand seconds, where frames are seen.
    public var frameRate = QuantileSketch()

    /// Makes the roll-up of one observation; loss is held against `maximumLoss` parts per million.
    public init(_ observation: Observation, maximumLoss: Int) {
        self.init(sumsOf: observation, maximumLoss: maximumLoss)
        noteSpread(observation.measurement, showsFrames: observation.showsFrames)
    }

    /// Adds an observation that begins at or after the begin of this roll-up: what merging its own
    /// roll-up would give, without making that.
    public mutating func add(_ observation: Observation, maximumLoss: Int) {
        var next = Rollup(sumsOf: observation, maximumLoss: maximumLoss)
        append(&next)
        noteSpread(observation.measurement, showsFrames: observation.showsFrames)
    }

    /// Everything but how the figures are spread.
    private init(sumsOf observation: Observation, maximumLoss: Int) {
        let measurement = observation.measurement
        range = measurement.range
        observedNanoseconds = observation.isReleased ? 0 : measurement.range.nanoseconds
        intervals = observation.isReleased ? 0 : 1
        packets = measurement.packets
        octets = measurement.octets
        frames = measurement.frames
        jitter = measurement.jitter
        frameJitter = measurement.frameJitter
        trust = measurement.trust
        smallestPicture = observation.picture
        leastClock = observation.clock
        greatestClock = observation.clock
        if measurement.packets.received > 0 {
            if observation.isEncrypted {
                encryptedNanoseconds = range.nanoseconds
            } else {
                openNanoseconds = range.nanoseconds
            }
        }
        longestStall = Stall(observation)
        stalls = longestStall == nil ? 0 : 1
        guard let count = measurement.knownLoss else { return }
        worstLoss = count
        if count.isAbove(partsPerMillion: maximumLoss) { intervalsAboveLossLimit = 1 }
    }

    /// Adds the roll-up of another stretch of the same camera and vantage.
    ///
    /// The two must not overlap; between them may lie a stretch that nobody watched.
    public mutating func merge(_ next: Rollup) {
        let isLater = next.range.start >= range.start
        var (earlier, later) = isLater ? (self, next) : (next, self)
        earlier.append(&later)
        self = earlier
    }

    private mutating func append(_ next: inout Rollup) {
        range = TimeRange(start: range.start, end: max(range.end, next.range.end)) ?? range
        observedNanoseconds = saturatingSum(observedNanoseconds, next.observedNanoseconds)
        packets.merge(next.packets)
        octets.merge(next.octets)
        let gap = max(frames.largestGapNanoseconds, next.frames.largestGapNanoseconds)
        frames.merge(next.frames)
        // A step counts where it ends, so each observation has told its own. The time between the
        // frames of two stretches may be time that nobody watched.
        frames.largestGapNanoseconds = gap
        jitter.merge(next.jitter)
        frameJitter.merge(next.frameJitter)
        trust.merge(next.trust)
        intervals = saturatingSum(intervals, next.intervals)
        intervalsAboveLossLimit = saturatingSum(
            intervalsAboveLossLimit, next.intervalsAboveLossLimit)
        worstLoss = worst(worstLoss, next.worstLoss)
        smallestPicture = smallest(smallestPicture, next.smallestPicture)
        leastClock = extreme(leastClock, next.leastClock) { $0 < $1 }
        greatestClock = extreme(greatestClock, next.greatestClock) { $0 > $1 }
        encryptedNanoseconds = saturatingSum(encryptedNanoseconds, next.encryptedNanoseconds)
        openNanoseconds = saturatingSum(openNanoseconds, next.openNanoseconds)
        isEncryptionKnown = isEncryptionKnown && next.isEncryptionKnown
        longestStall = longest(longestStall, next.longestStall)
        stalls = saturatingSum(stalls, next.stalls)
        loss.merge(next.loss)
        bitrate.merge(next.bitrate)
        jitterSpread.merge(next.jitterSpread)
        frameGap.merge(next.frameGap)
        frameRate.merge(next.frameRate)
    }

    private mutating func noteSpread(_ measurement: Measurement, showsFrames: Bool) {
        if let count = measurement.knownLoss {
            loss.add(scaled(count.lost, by: 1_000_000, over: count.expected))
        }
        guard let length = UInt64(exactly: measurement.range.nanoseconds), length > 0 else {
            return
        }
        bitrate.add(scaled(measurement.octets.ip, by: 8_000_000_000, over: length))
        let sums = measurement.frameJitter.count > 0 ? measurement.frameJitter : measurement.jitter
        if sums.count > 0 {
            let mean = (sums.sumNanoseconds / Double(sums.count)).rounded(.down)
            if let whole = UInt64(exactly: mean) { jitterSpread.add(whole) }
        }
        guard showsFrames else { return }
        frameRate.add(scaled(measurement.frames.count, by: 1_000_000_000_000, over: length))
        if measurement.frames.largestGapNanoseconds > 0 {
            frameGap.add(UInt64(measurement.frames.largestGapNanoseconds))
        }
    }
}

extension Measurement {
    /// What was lost; nil where it is no number: the probe subtracts itself, with drops of its own.
    fileprivate var knownLoss: LossCount? {
        guard trust.probeDrops ?? 0 == 0, packets.expected > 0 else { return nil }
        return LossCount(lost: packets.lost, expected: packets.expected)
    }
}

/// Packets that never came of those that should have.
public struct LossCount: Hashable, Sendable {
    /// Sequence numbers that never arrived.
    public var lost: UInt64
    /// Sequence numbers that should have.
    public var expected: UInt64

    /// Makes a count.
    public init(lost: UInt64, expected: UInt64) {
        self.lost = lost
        self.expected = expected
    }

    /// Whether more than `partsPerMillion` were lost; exactly as many are not too many.
    public func isAbove(partsPerMillion limit: Int) -> Bool {
        guard expected > 0 else { return false }
        let left = lost.multipliedFullWidth(by: 1_000_000)
        let right = expected.multipliedFullWidth(by: UInt64(max(0, limit)))
        return (left.high, left.low) > (right.high, right.low)
    }
}

/// `number × factor / divisor`, rounded down; the top of the type if it does not fit.
private func scaled(_ number: UInt64, by factor: UInt64, over divisor: UInt64) -> UInt64 {
    let product = number.multipliedFullWidth(by: factor)
    guard product.high < divisor else { return .max }
    return divisor.dividingFullWidth(product).quotient
}

private func saturatingSum<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}

/// The longer; of equally long ones the earlier, so that the order is no matter.
private func longest(_ left: Stall?, _ right: Stall?) -> Stall? {
    guard let left, let right else { return left ?? right }
    if left.nanoseconds == right.nanoseconds {
        return (left.range.start, left.range.end) <= (right.range.start, right.range.end)
            ? left : right
    }
    return left.nanoseconds > right.nanoseconds ? left : right
}

/// The greater share; of equal shares that with more lost.
private func worst(_ left: LossCount?, _ right: LossCount?) -> LossCount? {
    guard let left, let right else { return left ?? right }
    let mine = left.lost.multipliedFullWidth(by: right.expected)
    let theirs = right.lost.multipliedFullWidth(by: left.expected)
    if (mine.high, mine.low) != (theirs.high, theirs.low) {
        return (mine.high, mine.low) > (theirs.high, theirs.low) ? left : right
    }
    return (left.lost, left.expected) >= (right.lost, right.expected) ? left : right
}

/// The one with fewer pixels; of equals the narrower, so that the order is no matter.
private func smallest(_ left: PictureSize?, _ right: PictureSize?) -> PictureSize? {
    guard let left, let right else { return left ?? right }
    let (mine, theirs) = (
        UInt32(left.width) * UInt32(left.height), UInt32(right.width) * UInt32(right.height)
    )
    return (mine, left.width) <= (theirs, right.width) ? left : right
}

/// The reading whose offset comes first by `precedes`; of equals the more certain.
private func extreme(
    _ left: ClockReading?, _ right: ClockReading?, _ precedes: (Int64, Int64) -> Bool
) -> ClockReading? {
    guard let left, let right else { return left ?? right }
    if left.offsetNanoseconds == right.offsetNanoseconds {
        return left.uncertaintyNanoseconds <= right.uncertaintyNanoseconds ? left : right
    }
    return precedes(left.offsetNanoseconds, right.offsetNanoseconds) ? left : right
}
