// SPDX-License-Identifier: Apache-2.0

/// The codecs that simulated cameras speak; the raw values are those of the command line.
public enum VideoCodec: String, CaseIterable, Hashable, Sendable {
    /// ITU-T H.264 in RTP by RFC 6184; decodes without error.
    case h264
    /// ITU-T H.265 in RTP by RFC 7798; true parameter sets, slices of noise.
    case h265
    /// JPEG in RTP by RFC 2435; decodes without error.
    case mjpeg
    /// ISO/IEC 14496-2 in RTP by RFC 6416; decodes without error.
    case mpeg4

    /// The encoding name in `a=rtpmap` (RFC 8866 section 6.6).
    public var encodingName: String {
        switch self {
        case .h264: "H264"
        case .h265: "H265"
        case .mjpeg: "JPEG"
        case .mpeg4: "MP4V-ES"
        }
    }

    /// The RTP payload type used: static for JPEG (RFC 3551), dynamic else.
    public var payloadType: UInt8 { self == .mjpeg ? 26 : 96 }
}

/// What a simulated camera's encoder is set to.
public struct VideoFormat: Hashable, Sendable {
    /// How pictures are coded and packed.
    public var codec: VideoCodec
    /// Pixels; even, 16…4096 (16…2040 and a multiple of 8 for JPEG, RFC 2435 section 3.1.5).
    public var width: Int
    /// Pixels; even, 16…4096 (16…2040 and a multiple of 8 for JPEG).
    public var height: Int
    /// Frames in 1000 s; 25 frames a second are 25 000.
    public var frameRateMillihertz: Int
    /// Bits a second of the elementary stream, about.
    public var bitRate: Int

    /// Makes a format, or nil if the codec cannot express it, or outside 0.1…120 frames/s and
    /// 1 kbit/s…200 Mbit/s.
    public init?(
        codec: VideoCodec = .h264, width: Int = 1920, height: Int = 1080,
        frameRateMillihertz: Int = 25_000, bitRate: Int = 5_000_000
    ) {
        let largest = codec == .mjpeg ? 2040 : 4096
        let step = codec == .mjpeg ? 8 : 2
        guard (16...largest).contains(width), (16...largest).contains(height),
            width % step == 0, height % step == 0,
            (100...120_000).contains(frameRateMillihertz),
            (1000...200_000_000).contains(bitRate)
        else { return nil }
        self.codec = codec
        self.width = width
        self.height = height
        self.frameRateMillihertz = frameRateMillihertz
        self.bitRate = bitRate
    }

    /// Octets of an average frame.
    public var octetsPerFrame: Int { bitRate * 125 / frameRateMillihertz }

    /// Nanoseconds from the first frame to frame `number`, without accumulating error.
    public func nanoseconds(toFrame number: Int) -> Int64 {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: frameRateMillihertz)
        return Int64(whole) * 1_000_000_000_000
            + Int64(rest) * 1_000_000_000_000 / Int64(frameRateMillihertz)
    }

    /// Ticks of the 90 kHz clock from the first frame to frame `number`.
    public func ticks(toFrame number: Int) -> Int64 {
        let (whole, rest) = number.quotientAndRemainder(dividingBy: frameRateMillihertz)
        return Int64(whole) * 90_000_000 + Int64(rest) * 90_000_000 / Int64(frameRateMillihertz)
    }
}
