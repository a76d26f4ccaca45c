// SPDX-License-Identifier: Apache-2.0
public import Octets

/// A sequence parameter set of H.264 (ITU-T H.264 section 7.3.2.1.1), as far as the size of the
/// pictures and their timing.
public struct H264SequenceParameters: Hashable, Sendable {
    /// Size, nominal rate and profile.
    public let format: PictureFormat
    /// Its number, 0...31; slices refer to it through a picture parameter set.
    public let identifier: Int
    /// `level_idc`: ten times the level.
    public let level: Int
    /// Whether all pictures are frames, not fields.
    public let isProgressive: Bool

    /// Profiles whose set tells the chroma format (section 7.3.2.1.1).
    private static let highProfiles: Set<Int> = [
        100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
    ]

    /// Reads the NAL unit `nal`, its header octet included.
    ///
    /// Throws if it is no sequence parameter set, is cut before the size is known, or tells a
    /// size outside 1...16384. What is broken behind the size costs the nominal rate only.
    public init(_ nal: Span<UInt8>) throws(ParseFault) {
        try nal.require(1, .h264, "sequence parameter set")
        guard nal[0] & 0x9f == 7 else {
            throw ParseFault(
                .invalid, .h264, "NAL unit type", offset: 0, needed: 7, had: Int(nal[0] & 0x1f))
        }
        try self.init(body: nal.extracting(1..<nal.count))
    }

    /// Reads what follows the header octet.
    init(body: Span<UInt8>) throws(ParseFault) {
        var reader = BitReader(nal: body, .h264)
        let profile = try reader.bits(8, "profile_idc")
        try reader.skip(8, "constraint flags")
        level = try reader.bits(8, "level_idc")
        identifier = try reader.unsigned("seq_parameter_set_id", atMost: 31)
        let chroma = try Self.readChroma(&reader, profile: profile)
        _ = try reader.unsigned("log2_max_frame_num_minus4", atMost: 12)
        try Self.skipPictureOrder(&reader)
        _ = try reader.unsigned("max_num_ref_frames", atMost: 64)
        try reader.skip(1, "gaps_in_frame_num_value_allowed_flag")
        let across = try reader.unsigned("pic_width_in_mbs_minus1", atMost: 1 << 16)
        let down = try reader.unsigned("pic_height_in_map_units_minus1", atMost: 1 << 16)
        isProgressive = try reader.flag("frame_mbs_only_flag")
        if !isProgressive { try reader.skip(1, "mb_adaptive_frame_field_flag") }
        try reader.skip(1, "direct_8x8_inference_flag")

        let rows = isProgressive ? 1 : 2
        var width = (across + 1) * 16
        var height = (down + 1) * 16 * rows
        if try reader.flag("frame_cropping_flag") {
            // Units of chroma samples, and of both fields (equations 7-19 to 7-22).
            let unitX = chroma == 1 || chroma == 2 ? 2 : 1
            let unitY = (chroma == 1 ? 2 : 1) * rows
            let limit = 2 * PictureFormat.maxSide
            let left = try reader.unsigned("frame_crop_left_offset", atMost: limit)
            let right = try reader.unsigned("frame_crop_right_offset", atMost: limit)
            let top = try reader.unsigned("frame_crop_top_offset", atMost: limit)
            let bottom = try reader.unsigned("frame_crop_bottom_offset", atMost: limit)
            width -= (left + right) * unitX
            height -= (top + bottom) * unitY
        }
        var format = try PictureFormat(checking: width, height, .h264)
        format.profile = profile
        format.nominalFrameRate = try? Self.frameRate(&reader)
        self.format = format
    }

    /// `chroma_format_idc`, 1 where the set does not tell; 0 where colour planes are separate.
    private static func readChroma(
        _ reader: inout BitReader, profile: Int
    ) throws(ParseFault) -> Int {
        guard highProfiles.contains(profile) else { return 1 }
        let chroma = try reader.unsigned("chroma_format_idc", atMost: 3)
        let isSeparate = chroma == 3 ? try reader.flag("separate_colour_plane_flag") : false
        _ = try reader.unsigned("bit_depth_luma_minus8", atMost: 6)
        _ = try reader.unsigned("bit_depth_chroma_minus8", atMost: 6)
        try reader.skip(1, "qpprime_y_zero_transform_bypass_flag")
        if try reader.flag("seq_scaling_matrix_present_flag") {
            for list in 0..<(chroma == 3 ? 12 : 8)
            where try reader.flag("seq_scaling_list_present_flag") {
                try skipScalingList(&reader, size: list < 6 ? 16 : 64)
            }
        }
        return isSeparate ? 0 : chroma
    }

    private static func skipScalingList(
        _ reader: inout BitReader, size: Int
    ) throws(ParseFault) {
        var last = 8
        for _ in 0..<size {
            let next = (last + (try reader.signed("delta_scale"))) & 0xff
            if next == 0 { return }
            last = next
        }
    }

    private static func skipPictureOrder(_ reader: inout BitReader) throws(ParseFault) {
        switch try reader.unsigned("pic_order_cnt_type", atMost: 2) {
        case 0:
            _ = try reader.unsigned("log2_max_pic_order_cnt_lsb_minus4", atMost: 12)
        case 1:
            try reader.skip(1, "delta_pic_order_always_zero_flag")
            _ = try reader.signed("offset_for_non_ref_pic")
            _ = try reader.signed("offset_for_top_to_bottom_field")
            let frames = try reader.unsigned(
                "num_ref_frames_in_pic_order_cnt_cycle", atMost: 255)
            for _ in 0..<frames { _ = try reader.signed("offset_for_ref_frame") }
        default: break
        }
    }

    /// The nominal rate of the VUI (section E.1.1); a frame takes two ticks (section E.2.1).
    private static func frameRate(_ reader: inout BitReader) throws(ParseFault) -> Double? {
        guard try reader.flag("vui_parameters_present_flag") else { return nil }
        try reader.skipDisplayInformation()
        guard try reader.flag("timing_info_present_flag") else { return nil }
        let units = try reader.bits(32, "num_units_in_tick")
        let scale = try reader.bits(32, "time_scale")
        // Taken also where the rate is not fixed: it is the sender's own word on how fast it
        // means to go.
        return PictureFormat.plausibleRate(scale: scale, units: 2 * units)
    }
}
