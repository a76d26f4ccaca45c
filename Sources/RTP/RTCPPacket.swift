// SPDX-License-Identifier: Apache-2.0
import Octets
public import Timekeeping

/// One RTCP packet (RFC 3550 section 6): what it says, with ranges into its datagram.
public enum RTCPPacket: Hashable, Sendable {
    /// SR, packet type 200.
    case senderReport(SenderReport)
    /// RR, packet type 201.
    case receiverReport(ReceiverReport)
    /// SDES, packet type 202.
    case sourceDescription(SourceDescription)
    /// BYE, packet type 203.
    case goodbye(Goodbye)
    /// APP, packet type 204.
    case application(ApplicationPacket)
    /// RTPFB (RFC 4585), packet type 205.
    case transportFeedback(FeedbackPacket)
    /// PSFB (RFC 4585), packet type 206.
    case payloadFeedback(FeedbackPacket)
    /// XR (RFC 3611), packet type 207.
    case extendedReport(ExtendedReport)
    /// An assigned packet type that Kuzet does not read.
    case other(packetType: UInt8)
    /// SRTCP (RFC 3711 section 3.4): type and sender are in clear, the rest of the datagram is not.
    case encrypted(packetType: UInt8, ssrc: UInt32)

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        self =
            switch frame.packetType {
            case 200: .senderReport(try SenderReport(frame, in: datagram))
            case 201: .receiverReport(try ReceiverReport(frame, in: datagram))
            case 202: .sourceDescription(try SourceDescription(frame, in: datagram))
            case 203: .goodbye(try Goodbye(frame, in: datagram))
            case 204: .application(try ApplicationPacket(frame, in: datagram))
            case 205: .transportFeedback(try FeedbackPacket(frame, in: datagram))
            case 206: .payloadFeedback(try FeedbackPacket(frame, in: datagram))
            case 207: .extendedReport(try ExtendedReport(frame, in: datagram))
            default: .other(packetType: frame.packetType)
            }
    }
}

/// A sender's report: its two clocks and what it has sent (RFC 3550 section 6.4.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---+-+---------+---------------+-------------------------------+
/// |V=2|P|   RC    |    PT = 200   |             length            |
/// +---+-+---------+---------------+-------------------------------+
/// |                        SSRC of sender                         |
/// +---------------------------------------------------------------+
/// |                 NTP timestamp, seconds, 32 bit                |
/// +---------------------------------------------------------------+
/// |                NTP timestamp, fraction, 32 bit                |
/// +---------------------------------------------------------------+
/// |                         RTP timestamp                         |
/// +---------------------------------------------------------------+
/// |                      packets sent so far                      |
/// +---------------------------------------------------------------+
/// |                   payload octets sent so far                  |
/// +---------------------------------------------------------------+
/// |                     RC reception reports                      |
/// ```
public struct SenderReport: Hashable, Sendable {
    /// Who sends.
    public var ssrc: UInt32
    /// The sender's wall clock when it sent this; zero if it has none.
    public var ntp: NTPTime
    /// The same moment on the media clock.
    public var rtpTimestamp: UInt32
    /// Packets sent since the sender began, modulo 2^32.
    public var packetCount: UInt32
    /// Octets of payload sent since the sender began, modulo 2^32.
    public var octetCount: UInt32
    /// What the sender says of streams that it receives; empty for a camera, as a rule.
    public var receptionReports: ReceptionReports

    /// Makes a report.
    public init(
        ssrc: UInt32, ntp: NTPTime, rtpTimestamp: UInt32, packetCount: UInt32,
        octetCount: UInt32, receptionReports: ReceptionReports = .none
    ) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
        self.receptionReports = receptionReports
    }

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        let start = frame.content.lowerBound
        try frame.require(24, "sender report")
        self.init(
            ssrc: datagram.uint32(at: start), ntp: NTPTime(bits: datagram.uint64(at: start + 4)),
            rtpTimestamp: datagram.uint32(at: start + 12),
            packetCount: datagram.uint32(at: start + 16),
            octetCount: datagram.uint32(at: start + 20),
            receptionReports: try ReceptionReports(frame, at: start + 24))
    }
}

/// A report by one who only receives (RFC 3550 section 6.4.2).
public struct ReceiverReport: Hashable, Sendable {
    /// Who reports.
    public var ssrc: UInt32
    /// What it says of each stream that it receives.
    public var receptionReports: ReceptionReports

    init(_ frame: RTCPFrame, in datagram: Span<UInt8>) throws(ParseFault) {
        try frame.require(4, "receiver report")
        ssrc = datagram.uint32(at: frame.content.lowerBound)
        receptionReports = try ReceptionReports(frame, at: frame.content.lowerBound + 4)
    }
}

/// Where the reception reports of a sender or receiver report lie: 0...31, 24 octets each.
public struct ReceptionReports: Hashable, Sendable {
    /// How many there are.
    public let count: Int
    /// Where the first begins in the datagram.
    public let offset: Int

    /// No reports.
    public static let none = ReceptionReports(count: 0, offset: 0)

    private init(count: Int, offset: Int) {
        self.count = count
        self.offset = offset
    }

    init(_ frame: RTCPFrame, at offset: Int) throws(ParseFault) {
        guard frame.count * ReceptionReport.length <= frame.contentEnd - offset else {
            throw ParseFault(
                .truncated, .rtcp, "reception reports", offset: offset,
                needed: frame.count * ReceptionReport.length, had: frame.contentEnd - offset)
        }
        self.init(count: frame.count, offset: offset)
    }

    /// The report at `index`, 0..<count, of the datagram that these were read from.
    public func report(at index: Int, in datagram: Span<UInt8>) -> ReceptionReport {
        precondition((0..<count).contains(index))
        return ReceptionReport(datagram, at: offset + index * ReceptionReport.length)
    }
}

/// What a receiver says of one stream (RFC 3550 section 6.4.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                 SSRC of the stream received                   |
/// +---------------+-----------------------------------------------+
/// | fraction lost |       packets lost so far, signed 24 bit      |
/// +---------------+-----------------------------------------------+
/// |             extended highest sequence number                  |
/// +---------------------------------------------------------------+
/// |               interarrival jitter, media ticks                |
/// +---------------------------------------------------------------+
/// |          last sender report, middle of its NTP time           |
/// +---------------------------------------------------------------+
/// |            delay since then, unit 1/65536 s                   |
/// +---------------------------------------------------------------+
/// ```
public struct ReceptionReport: Hashable, Sendable {
    /// Which stream.
    public var ssrc: UInt32
    /// Share lost since the previous report, in 1/256.
    public var fractionLost: UInt8
    /// Packets lost since the beginning: -2^23..<2^23, negative if duplicates outnumber losses.
    public var cumulativeLost: Int32
    /// Highest sequence number received, with the number of wraps above it.
    public var extendedHighestSequence: UInt32
    /// Interarrival jitter, in ticks of the media clock.
    public var jitter: UInt32
    /// The middle 32 bits of the last sender report's NTP time; 0 if none was received.
    public var lastSenderReport: UInt32
    /// Time since that sender report, unit 1/65536 s.
    public var delaySinceLastSenderReport: UInt32

    /// Octets of one report.
    static let length = 24

    init(_ datagram: Span<UInt8>, at offset: Int) {
        ssrc = datagram.uint32(at: offset)
        fractionLost = datagram[offset + 4]
        // Into the upper 24 bits and back, which copies the sign.
        cumulativeLost = Int32(bitPattern: datagram.uint24(at: offset + 5) << 8) >> 8
        extendedHighestSequence = datagram.uint32(at: offset + 8)
        jitter = datagram.uint32(at: offset + 12)
        lastSenderReport = datagram.uint32(at: offset + 16)
        delaySinceLastSenderReport = datagram.uint32(at: offset + 20)
    }

    /// The time from the sender to this receiver and back (RFC 3550 section 6.4.1), ns.
    ///
    /// `arrival` is when the report reached the *sender of the sender report*, by the clock that
    /// stamped the sender report: a probe at that place only. Nil if no report was received or
    /// the difference is negative.
    public func roundTripNanoseconds(arrival: NTPTime) -> Int64? {
        guard lastSenderReport != 0 else { return nil }
        let units = arrival.middle &- lastSenderReport &- delaySinceLastSenderReport
        guard units < 1 << 31 else { return nil }
        return (Int64(units) * 1_000_000_000) >> 16
    }
}

extension RTCPFrame {
    /// Throws `truncated` unless the content holds `length` octets.
    func require(_ length: Int, _ field: String) throws(ParseFault) {
        guard content.count >= length else {
            throw ParseFault(
                .truncated, .rtcp, field, offset: content.lowerBound, needed: length,
                had: content.count)
        }
    }
}
