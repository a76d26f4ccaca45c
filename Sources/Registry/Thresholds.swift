// SPDX-License-Identifier: Apache-2.0

/// One of the limits that a camera is held to.
public enum Threshold: UInt8, CaseIterable, Hashable, Sendable {
    /// Least pixels across and down.
    case resolution
    /// Least bits a second.
    case bitrate
    /// Least frames a second.
    case frameRate
    /// Most packets lost.
    case loss
    /// Most that a clock may be off.
    case clockOffset
    /// Most downtime in a calendar year.
    case annualDowntime

    /// The clause of the order that sets it.
    public var clause: String {
        switch self {
        case .resolution: "A2.1.1"
        case .bitrate: "A2.1.2"
        case .frameRate: "A2.1.3"
        case .loss: "A2.1.4"
        case .clockOffset: "A2.6.2"
        case .annualDowntime: "A2.7.5"
        }
    }

    /// The word in the registry's files.
    public var key: String {
        switch self {
        case .resolution: "resolution"
        case .bitrate: "bitrate"
        case .frameRate: "frame_rate"
        case .loss: "loss"
        case .clockOffset: "clock_offset"
        case .annualDowntime: "annual_downtime"
        }
    }
}

/// The limits that a camera is held to at one moment.
public struct Thresholds: Hashable, Sendable {
    /// Least pixels across, A2.1.1.
    public var minimumWidth: Int
    /// Least pixels down, A2.1.1.
    public var minimumHeight: Int
    /// Least bits a second, A2.1.2.
    public var minimumBitrate: Int64
    /// Least frames in 1000 s (millihertz), A2.1.3.
    public var minimumFrameRate: Int
    /// Most packets lost in a million, A2.1.4.
    public var maximumLoss: Int
    /// Nanoseconds that a clock may be off, either way, A2.6.2.
    public var maximumClockOffset: Int64
    /// Nanoseconds of downtime in a calendar year, A2.7.5.
    public var annualDowntime: Int64

    /// Makes limits.
    public init(
        minimumWidth: Int, minimumHeight: Int, minimumBitrate: Int64, minimumFrameRate: Int,
        maximumLoss: Int, maximumClockOffset: Int64, annualDowntime: Int64
    ) {
        self.minimumWidth = minimumWidth
        self.minimumHeight = minimumHeight
        self.minimumBitrate = minimumBitrate
        self.minimumFrameRate = minimumFrameRate
        self.maximumLoss = maximumLoss
        self.maximumClockOffset = maximumClockOffset
        self.annualDowntime = annualDowntime
    }

    /// What annex 2 asks for: 1920×1080, 5000 kbit/s, 25 frames/s, 20 % loss, 50 h a year.
    ///
    /// For clocks the order gives no number; 1 s is our choice.
    public static let annex2 = Thresholds(
        minimumWidth: 1920, minimumHeight: 1080, minimumBitrate: 5_000_000,
        minimumFrameRate: 25_000, maximumLoss: 200_000, maximumClockOffset: 1_000_000_000,
        annualDowntime: 50 * 3600 * 1_000_000_000)
}

/// Limits of an agreement that differ from annex 2; nil leaves a limit as it is.
public struct ThresholdOverrides: Hashable, Sendable {
    /// A picture's size in pixels.
    public struct PictureSize: Hashable, Sendable {
        /// Pixels across.
        public let width: Int
        /// Pixels down.
        public let height: Int

        /// Makes a size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Least picture size, A2.1.1.
    public var resolution: PictureSize?
    /// Least bits a second, A2.1.2.
    public var minimumBitrate: Int64?
    /// Least frames in 1000 s (millihertz), A2.1.3.
    public var minimumFrameRate: Int?
    /// Most packets lost in a million, A2.1.4.
    public var maximumLoss: Int?
    /// Nanoseconds that a clock may be off, either way, A2.6.2.
    public var maximumClockOffset: Int64?
    /// Nanoseconds of downtime in a calendar year, A2.7.5.
    public var annualDowntime: Int64?

    /// Makes overrides of what is given.
    public init(
        resolution: PictureSize? = nil, minimumBitrate: Int64? = nil,
        minimumFrameRate: Int? = nil, maximumLoss: Int? = nil,
        maximumClockOffset: Int64? = nil, annualDowntime: Int64? = nil
    ) {
        self.resolution = resolution
        self.minimumBitrate = minimumBitrate
        self.minimumFrameRate = minimumFrameRate
        self.maximumLoss = maximumLoss
        self.maximumClockOffset = maximumClockOffset
        self.annualDowntime = annualDowntime
    }

    /// The limits that are set here.
    public var thresholds: Set<Threshold> {
        var found: Set<Threshold> = []
        if resolution != nil { found.insert(.resolution) }
        if minimumBitrate != nil { found.insert(.bitrate) }
        if minimumFrameRate != nil { found.insert(.frameRate) }
        if maximumLoss != nil { found.insert(.loss) }
        if maximumClockOffset != nil { found.insert(.clockOffset) }
        if annualDowntime != nil { found.insert(.annualDowntime) }
        return found
    }

    /// These limits, and where there are none those of `other`.
    func filled(from other: ThresholdOverrides) -> ThresholdOverrides {
        ThresholdOverrides(
            resolution: resolution ?? other.resolution,
            minimumBitrate: minimumBitrate ?? other.minimumBitrate,
            minimumFrameRate: minimumFrameRate ?? other.minimumFrameRate,
            maximumLoss: maximumLoss ?? other.maximumLoss,
            maximumClockOffset: maximumClockOffset ?? other.maximumClockOffset,
            annualDowntime: annualDowntime ?? other.annualDowntime)
    }

    /// These limits, and where there are none those of `base`.
    func applied(to base: Thresholds) -> Thresholds {
        Thresholds(
            minimumWidth: resolution?.width ?? base.minimumWidth,
            minimumHeight: resolution?.height ?? base.minimumHeight,
            minimumBitrate: minimumBitrate ?? base.minimumBitrate,
            minimumFrameRate: minimumFrameRate ?? base.minimumFrameRate,
            maximumLoss: maximumLoss ?? base.maximumLoss,
            maximumClockOffset: maximumClockOffset ?? base.maximumClockOffset,
            annualDowntime: annualDowntime ?? base.annualDowntime)
    }
}
