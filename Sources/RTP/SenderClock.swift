// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The sender's wall clock against the probe's, from the sender reports of one stream.
///
/// Each report k gives `o_k = NTP_k - arrival_k`, which is the sender's lead less the time that
/// the report was under way. The lead at that moment lies in `o_k ... o_k + delay`.
///
/// - Without a round trip, `offset` is the **median** of o_k. It understates the lead by the
///   median one-way delay (0.1 ms in a quiet local network), and no report that was held up for
///   long can move it. What it is taken to lie in is `min o_k ... max o_k + D`, where D is the
///   assumed bound of the delay of the fastest report; `uncertainty` is the distance from the
///   median to the farther end, and the resolution on top. So it grows with held-up reports and
///   with drift, and is never better than D: without a round trip nobody can say more.
/// - With a round trip R the lead lies in `max o_k ... max o_k + R`, o_k with the drift taken
///   out: `offset` is the middle, `uncertainty` R/2, half of what the drift moved it over the
///   stretch, and the resolution.
///
/// The median rather than the greatest o_k, because the greatest is one report, and the one with
/// the greatest error; and because over a stretch with drift the greatest would tell of the
/// stretch's end.
///
/// A report is not believed whose NTP time is zero, years off, or does not advance. When the
/// clock is set, by more than a second, the offset starts anew from there.
public struct SenderClock: Hashable, Sendable {
    /// What became of one report.
    public enum Verdict: Hashable, Sendable {
        /// It counts.
        case taken
        /// Its NTP time is zero: the sender has no wall clock (RFC 3550 section 6.4.1).
        case unset
        /// Its NTP time is more than ten years from the arrival, or counts from 1900.
        case implausible
        /// The same report again, as port mirrors make them.
        case duplicate
        /// Its NTP time is not later than the previous report's.
        case notAdvancing
        /// It is more than a second off the previous ones; the next report will tell whether it
        /// was held up or the clock was set.
        case doubted
        /// The sender's clock was set, by so many nanoseconds.
        case step(nanoseconds: Int64)
    }

    /// How far ahead the sender's clock is.
    public struct Offset: Hashable, Sendable {
        /// Sender's clock less the probe's, ns; positive if the sender is ahead.
        public var nanoseconds: Int64
        /// How far off `nanoseconds` may be, either way, ns.
        public var uncertaintyNanoseconds: Int64
    }

    /// Why a figure is not known.
    public enum Unknown: Error, Hashable, Sendable {
        /// No report was heard.
        case noReports
        /// Most reports had an NTP time of zero.
        case unset
        /// Most reports had a time that cannot be believed.
        case implausible
        /// More than half of the reports had the time of the one before: the clock stands.
        case standing
        /// Fewer than three reports, or less than ten seconds between first and last.
        case tooFew
    }

    /// Reports heard, duplicates left out.
    public private(set) var reports: UInt64 = 0
    /// Reports with an NTP time of zero.
    public private(set) var unsetReports: UInt64 = 0
    /// Reports with a time years off.
    public private(set) var implausibleReports: UInt64 = 0
    /// Reports whose time does not advance.
    public private(set) var standingReports: UInt64 = 0
    /// Times that the sender's clock was set.
    public private(set) var steps: UInt64 = 0
    /// The NTP time of the last report, believed or not.
    public private(set) var lastNTP: NTPTime?

    /// Ticks a second of the RTP timestamp, if known: tells a set clock from a held-up report.
    public var clockRate: MediaClock.Rate?

    private var trend = OffsetTrend()
    private var pace = MediaPace()
    private var previous: Heard?
    private var doubted: Heard?

    /// Makes a clock that has heard nothing.
    public init(clockRate: MediaClock.Rate? = nil) {
        self.clockRate = clockRate
    }

    /// The most that a believed clock is off: 3650 days, just under ten years (chosen).
    public static let plausibleNanoseconds: Int64 = 3650 * 86_400 * 1_000_000_000
    /// A difference between consecutive reports that is no delay any more: 1 s (chosen).
    public static let stepNanoseconds: Int64 = 1_000_000_000
    /// What the delay of the fastest report is assumed not to exceed where no round trip is
    /// known: 50 ms, a terrestrial path of 5000 km with as much again for queues (chosen).
    public static let assumedDelayNanoseconds: Int64 = 50_000_000
    /// More than any path takes; larger arguments count as this: 1 h (chosen).
    public static let maxDelayNanoseconds: Int64 = 3600 * 1_000_000_000
    /// How finely clocks are read: 1 ms, the tick of cameras that stamp in milliseconds (chosen).
    public static let resolutionNanoseconds: Int64 = 1_000_000

    /// Takes in a sender report that arrived at `arrival`.
    @discardableResult
    public mutating func hear(_ report: SenderReport, at arrival: Instant) -> Verdict {
        hear(ntp: report.ntp, rtpTimestamp: report.rtpTimestamp, at: arrival)
    }

    /// Takes in what a sender report says of its two clocks.
    @discardableResult
    public mutating func hear(
        ntp: NTPTime, rtpTimestamp: UInt32, at arrival: Instant
    ) -> Verdict {
        if let previous, previous.ntp == ntp, previous.rtpTimestamp == rtpTimestamp,
            !ntp.isUnset, arrival.nanoseconds(since: previous.arrival) < Self.stepNanoseconds
        {
            return .duplicate
        }
        reports += 1
        lastNTP = ntp
        guard !ntp.isUnset else {
            unsetReports += 1
            return .unset
        }
        let sent = ntp.instant(near: arrival)
        let heard = Heard(ntp: ntp, rtpTimestamp: rtpTimestamp, arrival: arrival, sent: sent)
        guard SenderClock.isPlausible(ntp, heard.offset, arrival) else {
            implausibleReports += 1
            return .implausible
        }
        return judge(heard)
    }

    /// Whether a clock can say `ntp`, as camera clocks go.
    ///
    /// A time in 1900 is a counter since start-up. In 1900's stead the era that begins in
    /// February 2036 would come nearest; it is meant only by a clock that is right to a day,
    /// or when it has come.
    private static func isPlausible(_ ntp: NTPTime, _ offset: Int64, _ arrival: Instant) -> Bool {
        guard offset.magnitude <= UInt64(plausibleNanoseconds) else { return false }
        let day: Int64 = 86_400_000_000_000
        let rollover = Instant(nanoseconds: 2_085_978_496_000_000_000)
        let isNextEra = ntp.instant(near: arrival) >= rollover
        return !isNextEra || arrival >= rollover || offset <= day
    }

    private mutating func judge(_ heard: Heard) -> Verdict {
        guard let last = doubted ?? previous else { return take(heard) }
        if heard.ntp == last.ntp {
            standingReports += 1
            return .notAdvancing
        }
        if let previous, isNear(heard, previous) {
            if heard.sent <= previous.sent {
                standingReports += 1
                return .notAdvancing
            }
            doubted = nil
            return take(heard)
        }
        guard let reference = previous else { return take(heard) }
        let isSet = heard.wasSet(since: reference, rate: clockRate)
        if isSet == true || (isSet == nil && doubted.map { isNear(heard, $0) } == true) {
            return step(to: heard, from: reference)
        }
        if isSet == false, heard.offset > reference.offset {
            // No clock was set, so the earlier reports were the ones held up.
            trend = OffsetTrend()
            doubted = nil
            return take(heard)
        }
        doubted = heard
        return .doubted
    }

    private func isNear(_ one: Heard, _ other: Heard) -> Bool {
        let (difference, overflow) = one.offset.subtractingReportingOverflow(other.offset)
        return !overflow && difference.magnitude <= UInt64(Self.stepNanoseconds)
    }

    private mutating func step(to heard: Heard, from reference: Heard) -> Verdict {
        steps += 1
        trend = OffsetTrend()
        pace = MediaPace()
        if let doubted, isNear(heard, doubted), doubted.sent < heard.sent {
            _ = take(doubted)
        }
        doubted = nil
        _ = take(heard)
        return .step(nanoseconds: heard.offset &- reference.offset)
    }

    private mutating func take(_ heard: Heard) -> Verdict {
        previous = heard
        trend.add(heard.offset, at: heard.arrival)
        pace.add(heard.sent, heard.rtpTimestamp)
        return .taken
    }
}

extension SenderClock {
    /// The sender's clock less the probe's since it was last set; the type's page says how.
    ///
    /// - Parameters:
    ///   - roundTrip: the smallest time to the sender and back, ns, if something measured it.
    ///   - assumedDelay: what the fastest report's delay is taken not to exceed without it, ns.
    public func offset(
        roundTrip: Int64? = nil, assumedDelay: Int64 = assumedDelayNanoseconds
    ) throws(Unknown) -> Offset {
        guard let range = trend.range, isBelieved else { throw whyNoOffset }
        guard let roundTrip = roundTrip.map({ min(max(0, $0), Self.maxDelayNanoseconds) }) else {
            let median = trend.median
            let below = median - range.lowerBound
            let assumed = min(max(0, assumedDelay), Self.maxDelayNanoseconds)
            let above = range.upperBound - median + assumed
            return Offset(
                nanoseconds: median,
                uncertaintyNanoseconds: max(below, above) + Self.resolutionNanoseconds)
        }
        let slope = trend.isLongEnough ? trend.slope : 0
        let excursion = Int64((abs(slope) * Double(trend.spanNanoseconds) / 2).clampedToOffset)
        return Offset(
            nanoseconds: trend.greatest(withoutSlope: slope) + roundTrip / 2,
            uncertaintyNanoseconds: roundTrip / 2 + excursion + Self.resolutionNanoseconds)
    }

    /// How fast the sender's wall clock gains on the probe's, parts per million.
    ///
    /// The median of the slopes between all pairs of reports (Theil and Sen): up to 29 % of
    /// reports may be held up without moving it. Needs three reports over ten seconds.
    public var driftPPM: Double {
        get throws(Unknown) {
            guard trend.range != nil, isBelieved else { throw whyNoOffset }
            guard trend.isLongEnough else { throw .tooFew }
            return trend.slope * 1e6
        }
    }

    /// How fast the RTP timestamps run by the sender's own wall clock, ticks a second; nil
    /// before ten seconds.
    public var measuredRate: Double? { pace.hertz }

    /// Whether `measuredRate` is more than 1 % off `clockRate`; nil if either is unknown.
    ///
    /// Then one of the two is wrong, or the sender invents one of its clocks.
    public var isRateContradictory: Bool? {
        guard let clockRate, let measured = measuredRate else { return nil }
        return abs(measured / Double(clockRate.hertz) - 1) > 0.01
    }

    /// Whether at least half of the reports could be believed; the rest may be ciphertext that
    /// looks like a clock now and then.
    private var isBelieved: Bool {
        standingReports + unsetReports + implausibleReports <= reports / 2
    }

    private var whyNoOffset: Unknown {
        if reports == 0 { return .noReports }
        if standingReports > reports / 2 { return .standing }
        return unsetReports >= implausibleReports ? .unset : .implausible
    }
}

/// One report that can be believed.
private struct Heard: Hashable {
    var ntp: NTPTime
    var rtpTimestamp: UInt32
    var arrival: Instant
    var sent: Instant
    /// Sender's clock less the probe's, less the time under way, ns.
    var offset: Int64 { sent.nanoseconds(since: arrival) }

    /// Whether the sender's wall clock left its media clock by more than a second since `earlier`.
    ///
    /// Then it was set, whatever the network did. Nil if the rate is unknown, or so much time
    /// passed that the RTP timestamp is ambiguous.
    func wasSet(since earlier: Heard, rate: MediaClock.Rate?) -> Bool? {
        guard let rate else { return nil }
        let passed = arrival.nanoseconds(since: earlier.arrival)
        guard passed >= 0, passed < rate.nanoseconds(ticks: 1 << 30) else { return nil }
        let ticks = MediaClock.ticks(from: earlier.rtpTimestamp, to: rtpTimestamp)
        let media = rate.nanoseconds(ticks: Int64(ticks))
        let wall = sent.nanoseconds(since: earlier.sent)
        let (difference, overflow) = wall.subtractingReportingOverflow(media)
        return overflow || difference.magnitude > UInt64(SenderClock.stepNanoseconds)
    }
}

extension Double {
    /// Held to what an offset can be, so that it converts to an integer.
    fileprivate var clampedToOffset: Double { isNaN ? 0 : Swift.min(Swift.max(self, -4e17), 4e17) }
}
