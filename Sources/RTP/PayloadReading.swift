// SPDX-License-Identifier: Apache-2.0
public import Octets

/// What the payload of one RTP packet of video tells by itself.
///
/// Nothing is reassembled. Ranges are places in the payload given. A payload that the capture cut
/// is not damaged: what was cut off is merely not told.
public struct PayloadReading: Hashable, Sendable {
    /// Which part of a unit (a NAL unit, a JPEG image, a VOP) the payload holds.
    public enum Fragment: Hashable, Sendable {
        /// One unit or several, whole.
        case whole
        /// The beginning of one.
        case first
        /// More of one. Of JPEG and MPEG-4 also the end, which only the marker tells.
        case middle
        /// The end of one.
        case last
    }

    /// Which part of a unit.
    public var fragment = Fragment.whole
    /// Whether any part of a key frame is inside.
    ///
    /// IDR of H.264, IRAP of H.265, intra VOP of MPEG-4 (its first packet only), any JPEG image.
    public var isKeyFrame = false
    /// Whether the first part of a key frame is inside.
    public var beginsKeyFrame = false
    /// The kinds of NAL unit inside, a bit each: bit 7 for type 7.
    public var unitTypes: UInt64 = 0
    /// The first sequence parameter set, its NAL header included.
    ///
    /// For MPEG-4 the headers from the first start code to the picture. Where a set is fragmented,
    /// what the first fragment holds, beginning with the fragment's header; `format(in:)` knows.
    public var sequenceParameters: Range<Int>?
    /// The first picture parameter set.
    public var pictureParameters: Range<Int>?
    /// The first video parameter set (H.265).
    public var videoParameters: Range<Int>?
    /// Size of the picture where the payload tells it without parameter set: JPEG.
    public var pictureFormat: PictureFormat?
    /// Where in the image the payload belongs, in octets (RFC 2435 section 3.1.2): JPEG.
    public var fragmentOffset: Int?
    /// What is wrong; the frame is damaged.
    public var fault: ParseFault?

    let payloadFormat: PayloadFormat
    var isSequenceFragmented = false

    init(_ payloadFormat: PayloadFormat) {
        self.payloadFormat = payloadFormat
    }

    /// Whether the frame is damaged.
    public var isDamaged: Bool { fault != nil }

    /// What the parameter set in `payload`, the one this was read from, says; nil without one.
    public func format(in payload: Span<UInt8>) throws(ParseFault) -> PictureFormat? {
        if let pictureFormat { return pictureFormat }
        guard let range = sequenceParameters, range.upperBound <= payload.count else { return nil }
        let set = payload.extracting(range)
        switch payloadFormat {
        case .h264:
            return isSequenceFragmented
                ? try H264SequenceParameters(body: set.extracting(1..<set.count)).format
                : try H264SequenceParameters(set).format
        case .h265:
            return isSequenceFragmented
                ? try H265SequenceParameters(body: set.extracting(1..<set.count)).format
                : try H265SequenceParameters(set).format
        case .mpeg4: return try MPEG4VideoObjectLayer(set).format
        case .jpeg, .transportStream: return nil
        }
    }

    mutating func note(_ fault: ParseFault) {
        self.fault = self.fault ?? fault
    }
}

/// The payload formats of RTP that Kuzet reads.
public enum PayloadFormat: String, Hashable, Sendable, CaseIterable {
    /// RFC 6184.
    case h264
    /// RFC 7798.
    case h265
    /// RFC 6416, MPEG-4 Visual.
    case mpeg4
    /// RFC 2435.
    case jpeg = "mjpeg"
    /// RFC 2250 section 2: whole MPEG transport stream packets.
    case transportStream = "mp2t"

    /// The format that `name` of `a=rtpmap` means, upper or lower case; nil for one not read.
    public init?(encodingName name: String) {
        switch name.uppercased() {
        case "H264": self = .h264
        case "H265", "HEVC": self = .h265
        case "MP4V-ES": self = .mpeg4
        case "JPEG": self = .jpeg
        case "MP2T": self = .transportStream
        default: return nil
        }
    }

    /// Reads one payload, without padding, that had `statedLength` octets before the capture.
    public func read(_ payload: Span<UInt8>, statedLength: Int) -> PayloadReading {
        switch self {
        case .h264: .h264(payload, statedLength: statedLength)
        case .h265: .h265(payload, statedLength: statedLength)
        case .mpeg4: .mpeg4(payload, statedLength: statedLength)
        case .jpeg: .jpeg(payload, statedLength: statedLength)
        case .transportStream: PayloadReading(.transportStream)
        }
    }
}
