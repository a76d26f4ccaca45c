// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// Compares a programme's clock with the arrival of its samples.
///
/// **PCR jitter** here is the greatest distance of an arrival from where the clock says it
/// should be, in the sense of the overall jitter of ETSI TR 101 290 (PCR_OJ, annex I), taken
/// over stretches of up to 512 samples. Of each stretch, d = arrival - PCR is formed; the mean
/// of d is the constant delay and is taken away. If the stretch lasts 10 s or more, so is the
/// slope of the least-squares line through d: it is the drift of one clock against the other.
/// In shorter stretches drift and jitter cannot be told apart, and 100 ppm of drift are 0.5 ms.
/// The jitter is the greatest |d| that remains in any stretch.
public struct ProgramClock: Hashable, Sendable {
    /// Samples in a stretch: 20 s at the usual 25 a second, 8 KiB of memory.
    public static let stretchLimit = 512
    /// From this length on the drift is taken away, ns.
    public static let driftFromNanoseconds: Int64 = 10_000_000_000
    /// Steps up to this are never a jump: PCRs are to come at least every 100 ms (ISO/IEC
    /// 13818-1 2.7.2).
    ///
    /// Ticks of 27 MHz.
    public static let regularStep = ProgramClockReference.hertz / 10
    /// A longer step is a jump if it differs from the time between the arrivals by more than
    /// this, ns.
    ///
    /// Chosen: longer than any buffer between camera and probe holds.
    public static let jumpFromNanoseconds: Int64 = 1_000_000_000

    /// What one sample says.
    public enum Verdict: Hashable, Sendable {
        case first
        case advanced
        /// Went through the end of the clock's range: as it should.
        case wrapped
        /// The value of before: a packet sent twice, or a clock that stands.
        case repeated
        /// The sender announced a new time base.
        case announced
        /// The clock went back or leapt by so many ticks of 27 MHz, unannounced.
        case jump(ticks: Int64)
    }

    private struct Sample: Hashable, Sendable {
        /// Since the stretch's first arrival, ns.
        var arrival: Int64
        /// Arrival less clock, both since the stretch's first sample, ns.
        var deviation: Int64
    }

    private var stretch: [Sample] = []
    private var stretchArrival = Instant(nanoseconds: 0)
    private var stretchTicks: Int64 = 0
    private var last: ProgramClockReference?
    private var lastArrival = Instant(nanoseconds: 0)
    /// Ticks since the clock was first heard, wraps undone.
    private var elapsedTicks: Int64 = 0
    private var jitterOfClosedStretches: Int64?

    /// Samples heard.
    public private(set) var samples: UInt64 = 0
    /// Unannounced jumps, and steps back.
    public private(set) var jumps: UInt64 = 0
    /// Times the clock went through the end of its range.
    public private(set) var wraps: UInt64 = 0
    /// The longest time between the arrivals of two samples, ns; 0 below two.
    public private(set) var greatestIntervalNanoseconds: Int64 = 0

    /// Makes a clock that was never heard.
    public init() {}

    /// The greatest deviation so far, ns; nil until two samples of one time base came.
    public var jitterNanoseconds: Int64? {
        let open = Self.greatestDeviation(stretch)
        guard let closed = jitterOfClosedStretches else { return open }
        return max(closed, open ?? 0)
    }

    /// Takes a sample and when its packet arrived.
    public mutating func receive(
        _ pcr: ProgramClockReference, at arrival: Instant, isDiscontinuity: Bool
    ) -> Verdict {
        samples &+= 1
        guard let last else {
            restart(pcr, at: arrival)
            return .first
        }
        if isDiscontinuity {
            restart(pcr, at: arrival)
            return .announced
        }
        let step = pcr.ticks(since: last)
        let waited = arrival.nanoseconds(since: lastArrival)
        guard step != 0 || waited > Self.jumpFromNanoseconds else { return .repeated }
        if isJump(step, waited) {
            jumps &+= 1
            restart(pcr, at: arrival)
            return .jump(ticks: step)
        }
        greatestIntervalNanoseconds = max(greatestIntervalNanoseconds, waited)
        self.last = pcr
        lastArrival = arrival
        elapsedTicks &+= step
        note(at: arrival)
        guard pcr.ticks < last.ticks else { return .advanced }
        wraps &+= 1
        return .wrapped
    }

    private func isJump(_ step: Int64, _ waited: Int64) -> Bool {
        if step <= 0 { return true }
        if step <= Self.regularStep { return false }
        let (difference, overflow) = Self.nanoseconds(step).subtractingReportingOverflow(waited)
        return overflow || abs(difference) > Self.jumpFromNanoseconds
    }

    private mutating func restart(_ pcr: ProgramClockReference, at arrival: Instant) {
        closeStretch()
        last = pcr
        lastArrival = arrival
        elapsedTicks = 0
        note(at: arrival)
    }

    private mutating func note(at arrival: Instant) {
        if stretch.count >= Self.stretchLimit { closeStretch() }
        if stretch.isEmpty { (stretchArrival, stretchTicks) = (arrival, elapsedTicks) }
        let since = arrival.nanoseconds(since: stretchArrival)
        let clock = Self.nanoseconds(elapsedTicks &- stretchTicks)
        let (deviation, overflow) = since.subtractingReportingOverflow(clock)
        // Half the range of an instant is 146 years; beyond it the capture's clock is broken.
        guard !overflow, abs(deviation / 2) < Int64.max / 4 else { return }
        stretch.append(Sample(arrival: since, deviation: deviation))
    }

    private mutating func closeStretch() {
        if let deviation = Self.greatestDeviation(stretch) {
            jitterOfClosedStretches = max(jitterOfClosedStretches ?? 0, deviation)
        }
        stretch.removeAll(keepingCapacity: true)
    }

    /// 27 MHz ticks in nanoseconds, rounded towards zero.
    static func nanoseconds(_ ticks: Int64) -> Int64 {
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ProgramClockReference.hertz)
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return ticks > 0 ? .max : .min }
        return whole &+ rest * 1000 / 27
    }

    private static func greatestDeviation(_ samples: [Sample]) -> Int64? {
        guard samples.count >= 2 else { return nil }
        let count = Double(samples.count)
        var arrivals = 0.0
        var deviations = 0.0
        for sample in samples {
            arrivals += Double(sample.arrival)
            deviations += Double(sample.deviation)
        }
        let meanArrival = arrivals / count
        let meanDeviation = deviations / count
        var slope = 0.0
        if let end = samples.last, end.arrival >= driftFromNanoseconds {
            var square = 0.0
            var product = 0.0
            for sample in samples {
                let x = Double(sample.arrival) - meanArrival
                square += x * x
                product += x * (Double(sample.deviation) - meanDeviation)
            }
            if square > 0 { slope = product / square }
        }
        var greatest = 0.0
        for sample in samples {
            let line = meanDeviation + slope * (Double(sample.arrival) - meanArrival)
            greatest = max(greatest, abs(Double(sample.deviation) - line))
        }
        return Int64(min(greatest, 9e18))
    }
}
