// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The header segments of a JPEG image (ITU-T T.81 annex B), as HTTP multipart carries it whole.
///
/// Also tells MxPEG, which MOBOTIX cameras send: its first frame is a whole JPEG image, later
/// frames are JPEG-like, hold only the tiles that changed, and may leave out tables and size. By
/// MOBOTIX's public description of the format, comments mark them: one that begins `MXF` with the
/// frame's header, and in frames of changed tiles one that begins `MXM` with the map of tiles.
/// That the codec number lies in the two upper bits of the fifth octet of `MXF` is our reading of
/// a C bit field there; we have no capture of such a camera.
public struct JPEGImage: Hashable, Sendable {
    /// Size of the picture; nil if the image has no frame header, as frames of MxPEG may.
    public private(set) var format: PictureFormat?
    /// Whether a comment marks a MOBOTIX camera: MxPEG, or plain JPEG of such a camera.
    public private(set) var hasMobotixHeader = false
    /// Whether the image is a frame of MxPEG.
    public private(set) var isMxPEG = false
    /// Whether it holds only the tiles that changed.
    public private(set) var hasOnlyChanges = false
    /// Whether the headers were read up to the first scan.
    public private(set) var reachesScan = false

    /// Whether it can be shown without an earlier one.
    public var isKeyFrame: Bool { format != nil && !hasOnlyChanges }

    /// Most segments before the first scan: 16 application segments of 16 kinds, tables and
    /// comments of cameras stay far below (chosen).
    public static let maxSegments = 256

    /// Reads the headers of `image`, which begins with FF D8; the image may be cut.
    ///
    /// Throws `invalid` if it does not begin so, if a segment does not begin with FF or has a
    /// length below 2, or if the size is outside 1...16384; `overLimit` for too many segments.
    public init(_ image: Span<UInt8>) throws(ParseFault) {
        try image.require(2, .jpeg, "start of image")
        guard image.uint16(at: 0) == 0xffd8 else {
            throw ParseFault(
                .invalid, .jpeg, "start of image", offset: 0, needed: 0xffd8,
                had: Int(image.uint16(at: 0)))
        }
        try readSegments(image, from: 2)
    }

    /// Reads header segments without start of image, as an RTP header extension carries them for
    /// pictures above 2040 pixels (ONVIF Streaming Specification, extension profile 0xffd8).
    public init(extensionContent: Span<UInt8>) throws(ParseFault) {
        try readSegments(extensionContent, from: 0)
    }

    /// The extension profile under which header segments come.
    public static let extensionProfile: UInt16 = 0xffd8

    private mutating func readSegments(
        _ image: Span<UInt8>, from start: Int
    ) throws(ParseFault) {
        var place = start
        for _ in 0..<JPEGImage.maxSegments {
            guard place + 2 <= image.count else { return }
            guard image[place] == 0xff else {
                // Zeros fill up the words of an extension.
                if start == 0, image[place] == 0 { return }
                throw ParseFault(
                    .invalid, .jpeg, "marker", offset: place, needed: 0xff,
                    had: Int(image[place]))
            }
            let marker = image[place + 1]
            switch marker {
            case 0xff: place += 1
            case 0x01, 0xd0...0xd8: place += 2
            case 0xd9: return
            case 0xda:
                reachesScan = true
                return
            default:
                guard place + 4 <= image.count else { return }
                let length = Int(image.uint16(at: place + 2))
                guard length >= 2 else {
                    throw ParseFault(
                        .invalid, .jpeg, "segment length", offset: place + 2, needed: 2,
                        had: length)
                }
                let content = (place + 4)..<min(image.count, place + 2 + length)
                if content.lowerBound <= content.upperBound {
                    try readSegment(marker, image, content)
                }
                place += 2 + length
            }
        }
        throw ParseFault(
            .overLimit, .jpeg, "segments", offset: place, needed: JPEGImage.maxSegments,
            had: JPEGImage.maxSegments)
    }

    private mutating func readSegment(
        _ marker: UInt8, _ image: Span<UInt8>, _ content: Range<Int>
    ) throws(ParseFault) {
        switch marker {
        case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
            guard content.count >= 5 else { return }
            format = try PictureFormat(
                checking: Int(image.uint16(at: content.lowerBound + 3)),
                Int(image.uint16(at: content.lowerBound + 1)), .jpeg)
        case 0xfe: readComment(image, content)
        default: break
        }
    }

    private mutating func readComment(_ image: Span<UInt8>, _ content: Range<Int>) {
        guard content.count >= 4 else { return }
        switch image.uint24(at: content.lowerBound) {
        case 0x4d5846:  // MXF
            hasMobotixHeader = true
            if content.count >= 5, image[content.lowerBound + 4] >> 6 == 1 { isMxPEG = true }
        case 0x4d584d:  // MXM
            hasMobotixHeader = true
            isMxPEG = true
            hasOnlyChanges = true
        default: break
        }
    }
}
