// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// How a state came to be known.
public enum Evidence: UInt8, Hashable, Sendable, CaseIterable {
    /// The whole time was watched.
    case observed = 0
    /// Looks at moments of a schedule: between two that agree the state is taken to hold.
    case sampled = 1
    /// Nobody watched; something seen later tells, such as a camera's boot after a power cut.
    case inferred = 2
}

/// Pixels of a picture, after cropping.
public struct PictureSize: Hashable, Sendable {
    /// Pixels a line.
    public var width: UInt16
    /// Lines.
    public var height: UInt16

    /// Makes a size.
    public init(width: UInt16, height: UInt16) {
        self.width = width
        self.height = height
    }

    /// The longer side: what 1920 is held against, whichever way the camera is turned.
    public var longSide: UInt16 { max(width, height) }
    /// The shorter side: what 1080 is held against.
    public var shortSide: UInt16 { min(width, height) }
}

/// A camera's clock against the probe's, with its error bar (`docs/measurements.md`).
public struct ClockReading: Hashable, Sendable {
    /// Camera's clock less the probe's, ns; positive if the camera is ahead.
    public var offsetNanoseconds: Int64
    /// Half the width of the range that surely holds the offset, ns; not negative.
    public var uncertaintyNanoseconds: Int64

    /// Makes a reading.
    public init(offsetNanoseconds: Int64, uncertaintyNanoseconds: Int64) {
        self.offsetNanoseconds = offsetNanoseconds
        self.uncertaintyNanoseconds = uncertaintyNanoseconds
    }
}

/// What one vantage saw of one camera over one interval.
///
/// Camera and vantage are named by whoever keeps it. A camera that is watched and silent has an
/// observation without packets; where there is no observation, nobody watched. The range may be
/// part of an interval (the probe began) or several (a quiet hour, merged).
public struct Observation: Hashable, Sendable {
    /// Counts and times of the stretch.
    public var measurement: Measurement
    /// Size of the picture; nil if the stream has not told.
    public var picture: PictureSize?
    /// `h264`, `h265`, `mjpeg`, …; nil if not known.
    public var codec: String?
    /// How the medium travelled.
    public var transport: Transport
    /// Whether it could not be read on the way (SRTP, RTSPS, HTTPS).
    public var isEncrypted: Bool
    /// The camera's clock; nil if it has not told.
    public var clock: ClockReading?
    /// The code point that most packets carried (RFC 2474), 0…63; nil if none came.
    public var dscp: UInt8?
    /// VLAN identifiers, outermost first, at most `mostTags`; empty if untagged.
    public var vlan: [UInt16]
    /// Watched all the time, or looked at once in a while.
    public var evidence: Evidence
    /// Whether the receiver had ended its session: nothing could be seen, and that says nothing of
    /// the camera.
    public var isReleased = false

    /// VLAN tags kept: more than networks stack (IEEE 802.1ad stacks two; chosen).
    public static let mostTags = 4

    /// Makes an observation; of more tags than `mostTags` the outermost are kept.
    public init(
        measurement: Measurement, picture: PictureSize? = nil, codec: String? = nil,
        transport: Transport = .rtpUDP, isEncrypted: Bool = false, clock: ClockReading? = nil,
        dscp: UInt8? = nil, vlan: [UInt16] = [], evidence: Evidence = .observed
    ) {
        self.measurement = measurement
        self.picture = picture
        self.codec = codec
        self.transport = transport
        self.isEncrypted = isEncrypted
        self.clock = clock
        self.dscp = dscp
        self.vlan =
            vlan.count > Observation.mostTags ? Array(vlan.prefix(Observation.mostTags)) : vlan
        self.evidence = evidence
    }

    /// The stretch watched.
    public var range: TimeRange { measurement.range }

    /// Whether the begin of each frame could be seen: not inside TLS, and not in a transport
    /// stream, whose packets and not whose frames are timed.
    public var showsFrames: Bool {
        switch transport {
        case .rtpUDP, .rtpRTSPTCP, .rtpRTSPHTTP, .httpMultipart: true
        case .tsUDP, .tsRTP, .tsRTSPTCP, .rtspsTCP: false
        }
    }
}

extension Observation {
    /// Makes the observation of one interval from its report.
    ///
    /// The report's `total` must be of that interval. Sizes beyond 65,535 pixels, which no codec
    /// of the order has, count as not known.
    public init(report: StreamReport, evidence: Evidence = .observed) {
        let medium = report.medium
        var picture: PictureSize?
        if let width = medium.width.flatMap(UInt16.init(exactly:)),
            let height = medium.height.flatMap(UInt16.init(exactly:)), width > 0, height > 0
        {
            picture = PictureSize(width: width, height: height)
        }
        var clock: ClockReading?
        if let offset = report.clock.offsetMilliseconds.flatMap(nanoseconds(milliseconds:)),
            let uncertainty = report.clock.uncertaintyMilliseconds
                .flatMap(nanoseconds(milliseconds:)), uncertainty >= 0
        {
            clock = ClockReading(offsetNanoseconds: offset, uncertaintyNanoseconds: uncertainty)
        }
        // Of two equally common code points the lower, so that the order of counting is no matter.
        let dscp = report.dscpPackets.filter { $0.packets > 0 }
            .max { ($0.packets, $1.dscp) < ($1.packets, $0.dscp) }?.dscp
        self.init(
            measurement: report.total, picture: picture, codec: medium.codec,
            transport: report.identity.transport, isEncrypted: medium.isEncrypted, clock: clock,
            dscp: dscp, vlan: report.identity.vlan, evidence: evidence)
    }

    /// Makes the observation of a stretch that follows the end of the only session watched.
    public init(released range: TimeRange, transport: Transport) {
        self.init(silent: range, transport: transport)
        isReleased = true
    }

    /// Makes the observation of a stretch in which a watched camera sent nothing.
    public init(
        silent range: TimeRange, transport: Transport, probeDrops: UInt64? = nil,
        evidence: Evidence = .observed
    ) {
        var measurement = Measurement(range: range)
        measurement.trust.probeDrops = probeDrops
        self.init(measurement: measurement, transport: transport, evidence: evidence)
    }
}

/// Whole nanoseconds, or nil for what is not a number or beyond `Int64`.
private func nanoseconds(milliseconds: Double) -> Int64? {
    Int64(exactly: (milliseconds * 1e6).rounded())
}
