// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// All that one vantage can say of one stream: who it is, what it carries, what was measured.
///
/// `docs/measurements.md` gives the unit and the formula of every figure.
public struct StreamReport: Hashable, Sendable {
    /// What tells this stream from every other.
    public var identity: StreamIdentity
    /// What it carries.
    public var medium = MediumDescription()
    /// The whole stretch observed.
    public var total: Measurement
    /// The sender's wall clock against the probe's.
    public var clock = SenderClockReport()
    /// Packets by DSCP (RFC 2474).
    public var dscpPackets: [DSCPCount] = []
    /// Least and greatest time to live (or hop limit) seen.
    public var ttlRange: ClosedRange<UInt8>?
    /// Figures of the MPEG transport stream; nil where none is carried.
    public var transportStream: TransportStreamReport?
    /// What the TCP connection went through; nil where there is none.
    public var tcp: TCPReport?
    /// Loss as each receiver told it in RTCP.
    public var reception: [ReceptionReportedLoss] = []
    /// Times the sender said goodbye (RFC 3550 section 6.6).
    public var goodbyes: UInt64 = 0
    /// When the receiver ended its session (RTSP TEARDOWN); nil while it goes on, or if packets
    /// came in spite of that.
    public var releasedAt: Instant?
    /// Whether the media clock cannot have run at the rate it is said to: rates taken from it are
    /// then what the timestamps say, and not what the camera did.
    public var timestampsContradict = false
    /// Times the resolution changed while the stream went on.
    public var resolutionChanges: UInt64 = 0
    /// Media delivery index (RFC 4445), where a media rate is known.
    public var mdi: MediaDeliveryIndex?
    /// Why a figure cannot be known, by its name in the JSON output.
    public var unknown: [UnknownFigure] = []

    /// Makes the report of a stream with what was measured of it.
    public init(identity: StreamIdentity, total: Measurement) {
        self.identity = identity
        self.total = total
    }
}

/// What a stream carries, as far as signalling or the stream itself tell.
public struct MediumDescription: Hashable, Sendable {
    /// Video, audio, or neither.
    public var kind: MediaKind = .other
    /// RTP payload type; nil where there is no RTP.
    public var payloadType: UInt8?
    /// `h264`, `h265`, `mjpeg`, `mpeg4`, `mxpeg`, `mp2t`, or the encoding's name in lower case.
    public var codec: String?
    /// Ticks a second of the RTP timestamp.
    public var clockRate: MediaClock.Rate?
    /// Whether `clockRate` is video's usual 90 kHz for want of anything that tells.
    public var isClockRateAssumed = false
    /// Whether the payload is encrypted (SRTP, RTSPS).
    public var isEncrypted = false
    /// Pixels a line, after cropping.
    public var width: Int?
    /// Lines a picture, after cropping.
    public var height: Int?
    /// The stream's URL, without user name and password.
    public var url: String?
    /// RTCP's canonical name of the sender (RFC 3550 section 6.5.1).
    public var canonicalName: String?

    /// Makes the description of a medium of which nothing is known.
    public init() {}

    /// Whether the codec is one whose headers, and so the size of its pictures, Kuzet reads.
    public var isCodecRead: Bool { codec.map(MediumDescription.readCodecs.contains) ?? false }

    private static let readCodecs: Set<String> = [
        "h264", "h265", "mjpeg", "mpeg4", "mxpeg", "mp2t",
    ]
}

/// The sender's wall clock against the probe's, from RTCP sender reports.
public struct SenderClockReport: Hashable, Sendable {
    /// Sender reports heard.
    public var senderReports: UInt64 = 0
    /// Sender's clock less the probe's, ms; positive if the sender is ahead.
    public var offsetMilliseconds: Double?
    /// Half the width of the range that surely holds the offset, ms.
    public var uncertaintyMilliseconds: Double?
    /// How fast the sender's wall clock gains on the probe's, parts per million.
    public var driftPPM: Double?
    /// Why the offset, or else the drift, is not known.
    public var unknown: UnknownReason?

    /// Makes the report of a clock never heard.
    public init() {}
}

/// Packets of one differentiated services code point.
public struct DSCPCount: Hashable, Sendable {
    /// The code point, 0…63.
    public var dscp: UInt8
    /// Packets that carried it.
    public var packets: UInt64

    /// Makes the count of one code point.
    public init(dscp: UInt8, packets: UInt64) {
        self.dscp = dscp
        self.packets = packets
    }
}

/// MPEG transport stream figures (ISO/IEC 13818-1, ETSI TR 101 290).
public struct TransportStreamReport: Hashable, Sendable {
    /// Transport packets, null packets included.
    public var packets: UInt64 = 0
    /// Steps of a continuity counter that nothing allows (ISO/IEC 13818-1 section 2.4.3.3).
    public var continuityErrors: UInt64 = 0
    /// Times synchronisation was lost.
    public var syncLosses: UInt64 = 0
    /// Greatest deviation of a PCR's arrival from its value, ms; nil without two PCRs.
    public var pcrJitterMaxMilliseconds: Double?
    /// The video's codec by the programme map; nil before one came.
    public var videoCodec: String?
    /// Bytes of one packet on the wire: 188, 192 or 204.
    public var packetSize: Int = 188

    /// Makes the report of a transport stream without packets.
    public init() {}
}

/// What the TCP connection under a stream went through.
public struct TCPReport: Hashable, Sendable {
    /// Segments that carried octets seen before.
    public var retransmissions: UInt64 = 0
    /// Octets that never appeared although the connection went past them.
    public var missingOctets: UInt64 = 0
    /// Times nothing arrived for a second or more while the stream went on.
    public var stalls: UInt64 = 0
    /// The longest such time, ns.
    public var longestStallNanoseconds: Int64 = 0

    /// Makes the report of a connection without trouble.
    public init() {}
}

/// Loss as a receiver of the stream told it in RTCP (RFC 3550 section 6.4.1).
public struct ReceptionReportedLoss: Hashable, Sendable {
    /// The receiver's SSRC.
    public var reporter: UInt32
    /// Last cumulative number of packets lost; negative when duplicates outnumber losses.
    public var cumulativeLost: Int32
    /// Greatest fraction lost, in 1/256.
    public var greatestFractionLost: UInt8
    /// Last interarrival jitter, in ticks of the media clock.
    public var jitterTicks: UInt32
    /// Reports heard.
    public var reports: UInt64
    /// Packets lost by extended reports' run lengths (RFC 3611 section 4.1); nil if none came.
    public var runLengthLost: UInt64?
    /// Packets lost by extended reports' summaries (RFC 3611 section 4.6); nil if none came.
    public var summaryLost: UInt64?

    /// Makes what one receiver told.
    public init(
        reporter: UInt32, cumulativeLost: Int32, greatestFractionLost: UInt8, jitterTicks: UInt32,
        reports: UInt64
    ) {
        self.reporter = reporter
        self.cumulativeLost = cumulativeLost
        self.greatestFractionLost = greatestFractionLost
        self.jitterTicks = jitterTicks
        self.reports = reports
    }
}

/// Media delivery index (RFC 4445): delay factor and media loss rate.
public struct MediaDeliveryIndex: Hashable, Sendable {
    /// Greatest delay factor of a second, ms.
    public var delayFactorMilliseconds: Double
    /// Greatest media loss of a second, packets/s.
    public var mediaLossRate: Double

    /// Makes the index of a stretch.
    public init(delayFactorMilliseconds: Double, mediaLossRate: Double) {
        self.delayFactorMilliseconds = delayFactorMilliseconds
        self.mediaLossRate = mediaLossRate
    }
}

/// A figure that cannot be known, and why.
public struct UnknownFigure: Hashable, Sendable {
    /// Its name in the JSON output, such as `width`.
    public var figure: String
    /// Why it cannot be known.
    public var reason: UnknownReason

    /// Makes the statement that `figure` cannot be known.
    public init(_ figure: String, _ reason: UnknownReason) {
        self.figure = figure
        self.reason = reason
    }
}

/// Why a figure cannot be known; the raw values appear in the output.
public enum UnknownReason: String, Hashable, Sendable, CaseIterable {
    case noSignalling = "no signalling seen and the payload does not tell"
    case noParameterSets = "no parameter sets seen"
    case encrypted = "the payload is encrypted"
    case payloadNotCaptured = "the capture cut the payload off"
    case noSenderReports = "no RTCP sender reports seen"
    case senderClockUnset = "the sender reports carry no wall clock time"
    case senderClockImplausible = "the sender's clock is years off or jumps"
    case tooFewSenderReports = "too few sender reports for a trend"
    case probeDrops = "the probe itself lost packets"
    case packetsJoined = "the capturing host had joined packets (GRO, LRO)"
    case tooFewPackets = "too few packets"
    case tooFewFrames = "too few frames"
    case noClockRate = "the media clock's rate is not known"
    case noRTP = "the stream is not carried by RTP"
    case framesUntimed = "RTP times the packets of a transport stream, not its frames"
    case notVideo = "the stream is not video"
    case timestampsContradict = "timestamps and arrivals contradict each other"
    case codecNotRead = "Kuzet does not read this codec's headers"
}
