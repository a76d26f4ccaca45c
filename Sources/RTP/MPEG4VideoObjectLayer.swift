// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The header of a video object layer of MPEG-4 Visual (ISO/IEC 14496-2 section 6.2.3): the size
/// of the pictures and their timing.
public struct MPEG4VideoObjectLayer: Hashable, Sendable {
    /// Size, nominal rate (only if the rate is fixed) and object type.
    public let format: PictureFormat
    /// Ticks a second of the pictures' own timestamps.
    public let timeIncrementResolution: Int

    /// Reads the header at the first start code 20...2f (hexadecimal) of `bytes`.
    ///
    /// Throws if there is none, if it is cut before the size, or if it tells a size outside
    /// 1...16384 or no rectangular picture.
    public init(_ bytes: Span<UInt8>) throws(ParseFault) {
        var place = 0
        while let code = MPEG4StartCode.next(in: bytes, from: place) {
            if (0x20...0x2f).contains(code.value) {
                try self.init(body: bytes.extracting((code.offset + 4)..<bytes.count))
                return
            }
            place = code.offset + 4
        }
        throw ParseFault(
            .invalid, .mpeg4, "video object layer", offset: 0, needed: 0x120, had: 0)
    }

    private init(body: Span<UInt8>) throws(ParseFault) {
        let length = min(body.count, BitReader.maxOctets)
        var reader = BitReader((0..<length).map { body[$0] }, .mpeg4)
        try reader.skip(1, "random_accessible_vol")
        let objectType = try reader.bits(8, "video_object_type_indication")
        var version = 1
        if try reader.flag("is_object_layer_identifier") {
            version = try reader.bits(4, "video_object_layer_verid")
            try reader.skip(3, "video_object_layer_priority")
        }
        if try reader.bits(4, "aspect_ratio_info") == 15 { try reader.skip(16, "pixel aspect") }
        if try reader.flag("vol_control_parameters") {
            try reader.skip(3, "chroma_format and low_delay")
            if try reader.flag("vbv_parameters") { try reader.skip(79, "vbv parameters") }
        }
        let shape = try reader.bits(2, "video_object_layer_shape")
        if shape == 3, version != 1 { try reader.skip(4, "shape extension") }
        guard shape == 0 else {
            throw ParseFault(
                .unsupported, .mpeg4, "video_object_layer_shape", offset: 0, needed: 0, had: shape)
        }
        try reader.skip(1, "marker bit")
        let resolution = try reader.bits(16, "vop_time_increment_resolution")
        guard resolution > 0 else {
            throw ParseFault(
                .invalid, .mpeg4, "vop_time_increment_resolution", offset: 0, needed: 1, had: 0)
        }
        timeIncrementResolution = resolution
        try reader.skip(1, "marker bit")
        var rate: Double?
        if try reader.flag("fixed_vop_rate") {
            // As many bits as the numbers 0..<resolution need, at least one.
            let bits = max(1, Int.bitWidth - (resolution - 1).leadingZeroBitCount)
            let increment = try reader.bits(bits, "fixed_vop_time_increment")
            rate = PictureFormat.plausibleRate(scale: resolution, units: increment)
        }
        try reader.skip(1, "marker bit")
        let width = try reader.bits(13, "video_object_layer_width")
        try reader.skip(1, "marker bit")
        let height = try reader.bits(13, "video_object_layer_height")
        var format = try PictureFormat(checking: width, height, .mpeg4)
        format.nominalFrameRate = rate
        format.profile = objectType
        self.format = format
    }

    /// `profile_and_level_indication` of a visual object sequence (start code B0) in `bytes`, such
    /// as 0x01 for simple level 1 or 0xf1 for advanced simple level 1 (ISO/IEC 14496-2 table G.1).
    public static func profileAndLevel(in bytes: Span<UInt8>) -> UInt8? {
        var place = 0
        while let code = MPEG4StartCode.next(in: bytes, from: place) {
            if code.value == 0xb0 {
                return code.offset + 4 < bytes.count ? bytes[code.offset + 4] : nil
            }
            place = code.offset + 4
        }
        return nil
    }
}

/// A start code, 00 00 01 and a value.
struct MPEG4StartCode {
    var offset: Int
    var value: UInt8

    /// The first that begins at or behind `start`.
    static func next(in bytes: Span<UInt8>, from start: Int) -> MPEG4StartCode? {
        var place = start
        while place + 4 <= bytes.count {
            // The third octet tells how far the next start code is at least.
            if bytes[place + 2] > 1 {
                place += 3
            } else if bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1 {
                return MPEG4StartCode(offset: place, value: bytes[place + 3])
            } else {
                place += 1
            }
        }
        return nil
    }
}
