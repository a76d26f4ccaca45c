// SPDX-License-Identifier: Apache-2.0
import RTP

/// What the meter of one stream touches at losses, new frames of note and reports only.
///
/// Trivial, as `HotStream` is.
struct StreamTotals {
    // What a new frame touches: 64 bytes.
    /// Lowest and highest media time, unwrapped, of this segment.
    var mediaLeast: Int64
    var mediaGreatest: Int64
    var steps = FrameSteps()
    /// The estimator over first packets of frames.
    var frameJitter = JitterEstimator()
    var frameJitterSum: Double = 0
    var frameJitterMax: Double = 0
    /// The last frame's media time, unwrapped, above the 32 bits of its timestamp.
    var mediaCycles: Int32
    var freezes: UInt32 = 0

    var frozen: Int64 = 0
    var sequence: SequenceBounds
    var firstArrival: Int64

    // Maxima of the intervals before the one in progress.
    var largestFrameGap: Int64 = 0
    var jitterMax: Double = 0
    var frameJitterMaxBefore: Double = 0

    var lastKeyFrame: Int64 = 0
    var keyFrameIntervalSum: Int64 = 0
    var keyFrames: UInt32 = 0
    /// Frames before the frame jitter's sum last began.
    var frameJitterBase: UInt32 = 0
    /// Packets received before the jitter's sum last began: at the second packet, or when the
    /// clock's rate became known.
    var jitterBase: UInt64 = 0

    /// Packets received before the present DSCP's count began.
    var dscpSince: UInt64 = 0
    var ttlLeast: UInt8
    var ttlGreatest: UInt8
    var width: UInt16 = 0
    var height: UInt16 = 0
    /// Place on the shelf of guesses, or -1.
    var guess: Int16 = -1
    /// Index into the signalled media, or -1.
    var medium: Int32 = -1
    /// Index into the details, or -1.
    var details: Int32 = -1
    /// On probation: packets in unbroken order.
    ///
    /// Later: packets of a strange payload type in a row.
    var run: UInt16 = 1
    /// On probation: the last packet's sequence number.
    var lastSequenceNumber: UInt16
    /// On probation: the last packet's timestamp.
    ///
    /// Later: packets received when one of a strange payload type last came, modulo 2³².
    var lastOfRun: UInt32

    init(_ arrival: Arrival, sequence: SequenceBounds) {
        self.sequence = sequence
        firstArrival = arrival.instant
        lastSequenceNumber = arrival.sequenceNumber
        lastOfRun = arrival.timestamp
        // One cycle up, so that a frame before the first keeps its distance.
        mediaLeast = 1 << 33 | Int64(arrival.timestamp)
        mediaGreatest = mediaLeast
        mediaCycles = Int32(truncatingIfNeeded: mediaLeast >> 32)
        ttlLeast = arrival.signature.ttl
        ttlGreatest = arrival.signature.ttl
    }
}

/// What went wrong with a stream's packets: of most streams nothing.
///
/// Nothing is all bits zero, so that memory which was never written says it: troubles of sound
/// streams take none.
struct StreamTroubles: Equatable {
    var sequence = SequenceTroubles()
    var duplicate: UInt32 = 0
    var late: UInt32 = 0
    var outliers: UInt32 = 0
    var beyondWindow: UInt32 = 0
    var restarts: UInt32 = 0

    mutating func add(_ effect: SequenceEffect) {
        duplicate &+= UInt32(effect.duplicate)
        late &+= UInt32(effect.late)
        outliers &+= UInt32(effect.outliers)
        beyondWindow &+= UInt32(effect.beyondWindow)
        restarts &+= UInt32(effect.restarts)
    }
}

/// The most common steps between consecutive frames' timestamps, told by two candidates and
/// counts that wear each other down (Misra and Gries 1982): a step that makes up more than a
/// third of all is surely among them.
struct FrameSteps {
    private var first: UInt32 = 0
    private var second: UInt32 = 0
    private var firstCount: UInt32 = 0
    private var secondCount: UInt32 = 0

    /// Takes one step, in ticks, whichever way it went.
    @inline(__always)
    mutating func receive(_ step: UInt32) {
        if step == first {
            firstCount &+= 1
        } else if step == second {
            secondCount &+= 1
        } else if firstCount == 0 {
            first = step
            firstCount = 1
        } else if secondCount == 0 {
            second = step
            secondCount = 1
        } else {
            firstCount &-= 1
            secondCount &-= 1
        }
    }

    /// The step believed nominal, in ticks; 0 before any.
    var mostCommon: UInt32 { firstCount >= secondCount ? first : second }
}
