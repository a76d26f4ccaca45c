// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

extension Statement {
    /// A channel, a site, a party or all together.
    public struct ThingLine: Hashable, Sendable {
        /// What it is.
        public var subject: Subject
        /// Its name in the registry.
        public var name: String
        /// Whose it is: the channel's operator, the site's subscriber; nil for parties.
        public var owner: PartyID?
        /// How many cameras of the recipient it carries.
        public var cameras: Int
        /// Camera time of the period.
        public var totals: TimeTotals
        /// Outages of the thing itself in the period.
        public var outages: Int
        /// The longest of them, ns.
        public var longestOutage: Int64
        /// Time in the period in which the thing itself was down, ns.
        public var ownDowntime: Int64
        /// The budget of the thing itself; nil for parties and the system.
        public var budget: BudgetFigures?
        /// Medium, role and encryption of a channel; nil elsewhere.
        public var line: ChannelLine?
    }

    /// What the registry says of a channel (A2.7.7–9).
    public struct ChannelLine: Hashable, Sendable {
        /// Such as `fibre` or `wireless`.
        public var medium: String
        /// Such as `main` or `reserve`.
        public var role: String
        /// Whether it is said to be encrypted.
        public var isEncrypted: Bool

        /// Makes the line of a channel.
        public init(medium: String, role: String, isEncrypted: Bool) {
            self.medium = medium
            self.role = role
            self.isEncrypted = isEncrypted
        }
    }

    /// All that the report says of one camera.
    public struct CameraLine: Hashable, Sendable {
        /// Which.
        public var id: CameraID
        /// Its name in the registry.
        public var name: String
        /// Where it stands.
        public var site: SiteID
        /// By which channel its video comes.
        public var channel: ChannelID?
        /// Its kind of annex 2.
        public var kind: String
        /// Camera time of the period.
        public var totals: TimeTotals
        /// Its budget in the year to date.
        public var budget: BudgetFigures
        /// Outages in the period.
        public var outages: Int
        /// The longest of them, ns.
        public var longestOutage: Int64
        /// What was measured.
        public var quality: QualityFigures
        /// Criterion by criterion, in the order of the clauses.
        public var criteria: [CriterionFigures]
        /// Stretches of the period in which it was not up, in order of time.
        public var intervals: [Interval]
    }

    /// What was measured of one camera in the period; counts and sums, never rates.
    public struct QualityFigures: Hashable, Sendable {
        /// Time that the measurements cover, ns.
        public var observed: Int64 = 0
        /// Packets that should have arrived.
        public var expected: UInt64 = 0
        /// Packets that did not.
        public var lost: UInt64 = 0
        /// Intervals with a figure of loss.
        public var intervals: UInt64 = 0
        /// Intervals with a loss above the limit.
        public var intervalsAboveLossLimit: UInt64 = 0
        /// Octets by the IP headers.
        public var octets: UInt64 = 0
        /// Frames that arrived.
        public var frames: UInt64 = 0
        /// The smallest picture seen.
        public var picture: Picture?
        /// The least and greatest clock offset, ns; nil if none is known.
        public var clock: ClockExtremes?
        /// Percentiles of the interarrival jitter, ns; nil if none is known.
        public var jitter: Percentiles?
        /// The longest time between two frames, ns.
        public var largestGap: Int64 = 0
        /// Whether the probe itself lost packets, so that less was seen than came.
        public var hasProbeDrops = false
        /// Whether the stream was seen unencrypted, or encrypted throughout; nil if not seen, or if
        /// it is not known of all of the period.
        public var encryption: Encryption?
        /// Time in which the stream was seen unencrypted, ns; nil if that is not known of all of it.
        public var unencrypted: Int64?
        /// Stalls of the picture, in order of time: of each day or hour that was looked at as one,
        /// the longest.
        public var stalls: [Stall] = []

        /// Makes the figures of a camera of which nothing was measured.
        public init() {}

        /// ΣL/ΣE.
        public var loss: Share { Share(Int128(lost), of: Int128(expected)) }
        /// The share of intervals above the limit.
        public var lossyIntervals: Share {
            Share(Int128(intervalsAboveLossLimit), of: Int128(intervals))
        }
        /// Mean bitrate over the time observed, bit/s, truncated; nil without time.
        public var bitsPerSecond: Int128? {
            observed > 0 ? Int128(octets) * 8 * 1_000_000_000 / Int128(observed) : nil
        }
        /// Mean frame rate over the time observed, thousandths of a hertz, truncated.
        public var millihertz: Int128? {
            observed > 0 ? Int128(frames) * 1_000_000_000_000 / Int128(observed) : nil
        }
    }

    /// The picture stood still for a second or more, and not long enough for an outage (A2.7.2).
    public struct Stall: Hashable, Sendable {
        /// The interval of measurement in which the picture went on.
        public var range: TimeRange
        /// The time between two frames, ns.
        public var nanoseconds: Int64
        /// Intervals with a stall on that day or in that hour.
        public var count: UInt64

        /// What it is a matter of.
        public static let clause = "A2.7.2"

        /// Makes a stall.
        public init(range: TimeRange, nanoseconds: Int64, count: UInt64) {
            self.range = range
            self.nanoseconds = nanoseconds
            self.count = count
        }
    }

    /// Width and height.
    public struct Picture: Hashable, Sendable {
        /// Pixels a line.
        public var width: Int
        /// Lines.
        public var height: Int

        /// Makes a picture's size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// How far a clock went in both directions, ns; positive is ahead.
    public struct ClockExtremes: Hashable, Sendable {
        /// The least offset.
        public var least: Int64
        /// The greatest offset.
        public var greatest: Int64
        /// How far the least may be wrong, either way.
        public var leastDoubt: Int64
        /// How far the greatest may be wrong, either way.
        public var greatestDoubt: Int64

        /// Makes the extremes of a clock.
        public init(
            least: Int64, greatest: Int64, leastDoubt: Int64 = 0, greatestDoubt: Int64 = 0
        ) {
            self.least = least
            self.greatest = greatest
            self.leastDoubt = leastDoubt
            self.greatestDoubt = greatestDoubt
        }

        /// The greater distance from the right time; sticks to the end of the range.
        public var worst: Int64 {
            Int64(clamping: max(abs(Int128(least)), abs(Int128(greatest))))
        }
    }

    /// Three percentiles, ns.
    public struct Percentiles: Hashable, Sendable {
        /// Half the values are not above.
        public var p50: Int64
        /// 95 % of the values are not above.
        public var p95: Int64
        /// 99 % of the values are not above.
        public var p99: Int64

        /// Makes percentiles.
        public init(p50: Int64, p95: Int64, p99: Int64) {
            self.p50 = p50
            self.p95 = p95
            self.p99 = p99
        }
    }

    /// Whether a stream could be read by others on its way (A2.7.4).
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Some of it, in the period.
        case none
        /// None of it, in the whole period.
        case whole
    }

    /// One criterion for one camera.
    public struct CriterionFigures: Hashable, Sendable {
        /// Which.
        public var criterion: CriterionCode
        /// What became of it in the period; for the downtime, in the year to date.
        public var verdict: VerdictCode
        /// Time in breach, ns.
        public var breached: Int64
        /// How often it was broken.
        public var breaches: Int

        /// Makes the figures of a criterion.
        public init(
            criterion: CriterionCode, verdict: VerdictCode, breached: Int64, breaches: Int
        ) {
            self.criterion = criterion
            self.verdict = verdict
            self.breached = breached
            self.breaches = breaches
        }
    }

    /// The criteria that the network shows, in the order of the clauses of annex 2.
    public enum CriterionCode: String, Hashable, Sendable, CaseIterable {
        /// Effective resolution.
        case resolution
        /// Bitrate.
        case bitrate
        /// Frame rate.
        case frameRate = "frame-rate"
        /// Packet loss.
        case loss
        /// Exact time.
        case clockOffset = "clock-offset"
        /// Downtime in a year.
        case downtime

        /// The clause of the order.
        public var clause: String {
            switch self {
            case .resolution: "A2.1.1"
            case .bitrate: "A2.1.2"
            case .frameRate: "A2.1.3"
            case .loss: "A2.1.4"
            case .clockOffset: "A2.6.2"
            case .downtime: "A2.7.5"
            }
        }
    }

    /// One criterion over all cameras of the recipient.
    public struct CriterionLine: Hashable, Sendable {
        /// Which.
        public var criterion: CriterionCode
        /// Cameras that kept it.
        public var met: Int
        /// Cameras that broke it.
        public var breached: Int
        /// Cameras of which nobody can say.
        public var undecidable: Int
        /// Camera time in breach, ns.
        public var breachedTime: Int128
        /// How often it was broken.
        public var breaches: Int
        /// Those longest in breach, at most five, longest first.
        public var worst: [CameraID]
    }
}
