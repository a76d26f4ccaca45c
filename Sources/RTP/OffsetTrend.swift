// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// Offsets over time, thinned to a fixed number: their median, their range and their slope.
struct OffsetTrend: Hashable {
    private struct Sample: Hashable {
        /// ns since the first sample.
        var time: Int64
        var offset: Int64
    }

    /// Most samples kept; when full every second is dropped and from then on skipped.
    ///
    /// 128 hold ten minutes of reports each 5 s whole; a year thins to one in 2^16, which moves a
    /// median and a slope by little.
    static let maxSamples = 128
    /// Most samples that the slope is taken from: 64 make 2016 pairs.
    static let maxSlopeSamples = 64
    /// A slope over less is not told: 10 s and 3 samples (chosen; 1 ms of network over 10 s is
    /// 100 ppm already).
    static let minSpanNanoseconds: Int64 = 10_000_000_000
    static let minSamples = 3

    private var samples: [Sample] = []
    private var stride = 1
    private var seen = 0
    private var first: Instant?
    private var last: Instant?
    /// Least and greatest offset of all, the thinned ones too; nil before the first.
    private(set) var range: ClosedRange<Int64>?

    mutating func add(_ offset: Int64, at time: Instant) {
        let start = first ?? time
        first = start
        last = time
        range =
            range.map { min($0.lowerBound, offset)...max($0.upperBound, offset) }
            ?? offset...offset
        defer { seen &+= 1 }
        guard seen % stride == 0 else { return }
        if samples.count == OffsetTrend.maxSamples {
            samples = samples.indices.filter { $0 % 2 == 0 }.map { samples[$0] }
            stride *= 2
            guard seen % stride == 0 else { return }
        }
        samples.append(Sample(time: time.nanoseconds(since: start), offset: offset))
    }

    /// From the first to the last sample, ns; 0 if time ran backwards.
    var spanNanoseconds: Int64 {
        guard let first, let last else { return 0 }
        return max(0, last.nanoseconds(since: first))
    }

    var isLongEnough: Bool {
        seen >= OffsetTrend.minSamples && spanNanoseconds >= OffsetTrend.minSpanNanoseconds
    }

    /// The median, of an even number the mean of the two in the middle; 0 without samples.
    var median: Int64 {
        let sorted = samples.map(\.offset).sorted()
        guard !sorted.isEmpty else { return 0 }
        let upper = sorted[sorted.count / 2]
        guard sorted.count % 2 == 0 else { return upper }
        let lower = sorted[sorted.count / 2 - 1]
        return lower + (upper - lower) / 2
    }

    /// Theil and Sen's slope, ns a ns; 0 if no two samples differ in time.
    var slope: Double {
        let step = (samples.count + Self.maxSlopeSamples - 1) / Self.maxSlopeSamples
        let chosen = Swift.stride(from: 0, to: samples.count, by: max(1, step)).map { samples[$0] }
        var slopes: [Double] = []
        slopes.reserveCapacity(chosen.count * chosen.count / 2)
        for (index, later) in chosen.enumerated() {
            for earlier in chosen[..<index] where later.time > earlier.time {
                slopes.append(
                    Double(later.offset - earlier.offset)
                        / (Double(later.time) - Double(earlier.time)))
            }
        }
        slopes.sort()
        guard !slopes.isEmpty else { return 0 }
        let middle = slopes.count / 2
        return slopes.count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2
    }

    /// The greatest offset after `slope` was taken out about the middle of the stretch.
    func greatest(withoutSlope slope: Double) -> Int64 {
        let middle = Double(spanNanoseconds) / 2
        let levelled = samples.map { Double($0.offset) - slope * (Double($0.time) - middle) }
        // Offsets are plausible, so within 10 years; a slope cannot leave their range by much.
        return Int64(min(max(levelled.max() ?? 0, -4e17), 4e17))
    }
}

/// How fast RTP timestamps run by the sender's wall clock.
struct MediaPace: Hashable {
    private struct Moment: Hashable {
        var sent: Instant
        var rtpTimestamp: UInt32
    }

    private var last: Moment?
    private var nanoseconds: Int64 = 0
    private var ticks: Int64 = 0

    /// Between reports further apart the RTP timestamp may have wrapped, at 1 MHz or below.
    static let maxGapNanoseconds: Int64 = 1800 * 1_000_000_000
    /// Less tells too little: 10 s (chosen).
    static let minSpanNanoseconds: Int64 = 10_000_000_000

    mutating func add(_ sent: Instant, _ rtpTimestamp: UInt32) {
        defer { last = Moment(sent: sent, rtpTimestamp: rtpTimestamp) }
        guard let last else { return }
        let passed = sent.nanoseconds(since: last.sent)
        let steps = MediaClock.ticks(from: last.rtpTimestamp, to: rtpTimestamp)
        guard passed > 0, passed < Self.maxGapNanoseconds, steps > 0 else { return }
        nanoseconds &+= passed
        ticks &+= Int64(steps)
    }

    var hertz: Double? {
        nanoseconds >= Self.minSpanNanoseconds ? Double(ticks) * 1e9 / Double(nanoseconds) : nil
    }
}
