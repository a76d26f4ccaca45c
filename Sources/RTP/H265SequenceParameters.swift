// SPDX-License-Identifier: Apache-2.0
public import Octets

/// A sequence parameter set of H.265 (ITU-T H.265 section 7.3.2.2.1), as far as the size of the
/// pictures, their profile and, where it can be reached, their timing.
public struct H265SequenceParameters: Hashable, Sendable {
    /// Size, nominal rate and general profile.
    public let format: PictureFormat
    /// Its number, 0...15.
    public let identifier: Int
    /// `general_level_idc`: thirty times the level.
    public let level: Int

    /// Reads the NAL unit `nal`, its two header octets included.
    ///
    /// Throws if it is no sequence parameter set of the base layer, is cut before the size is
    /// known, or tells a size outside 1...16384. What is broken behind the size costs the nominal
    /// rate only.
    public init(_ nal: Span<UInt8>) throws(ParseFault) {
        try nal.require(2, .h265, "sequence parameter set")
        guard nal[0] == 0x42, nal[1] & 0xf8 == 0 else {
            throw ParseFault(
                .invalid, .h265, "NAL unit header", offset: 0, needed: 0x42, had: Int(nal[0]))
        }
        try self.init(body: nal.extracting(2..<nal.count))
    }

    /// Reads what follows the two header octets.
    init(body: Span<UInt8>) throws(ParseFault) {
        var reader = BitReader(nal: body, .h265)
        try reader.skip(4, "sps_video_parameter_set_id")
        let subLayers = try reader.bits(3, "sps_max_sub_layers_minus1")
        guard subLayers <= 6 else {
            throw ParseFault(
                .invalid, .h265, "sps_max_sub_layers_minus1", offset: 0, needed: 6,
                had: subLayers)
        }
        try reader.skip(1, "sps_temporal_id_nesting_flag")
        let tier = try H265ProfileTierLevel(&reader, subLayers: subLayers)
        level = tier.level
        identifier = try reader.unsigned("sps_seq_parameter_set_id", atMost: 15)
        let chroma = try reader.unsigned("chroma_format_idc", atMost: 3)
        if chroma == 3 { try reader.skip(1, "separate_colour_plane_flag") }
        var width = try reader.unsigned("pic_width_in_luma_samples")
        var height = try reader.unsigned("pic_height_in_luma_samples")
        // Before cropping: no product of these can overflow then.
        _ = try PictureFormat(checking: width, height, .h265)
        if try reader.flag("conformance_window_flag") {
            let unitX = chroma == 1 || chroma == 2 ? 2 : 1
            let unitY = chroma == 1 ? 2 : 1
            let limit = PictureFormat.maxSide
            let left = try reader.unsigned("conf_win_left_offset", atMost: limit)
            let right = try reader.unsigned("conf_win_right_offset", atMost: limit)
            let top = try reader.unsigned("conf_win_top_offset", atMost: limit)
            let bottom = try reader.unsigned("conf_win_bottom_offset", atMost: limit)
            width -= (left + right) * unitX
            height -= (top + bottom) * unitY
        }
        var format = try PictureFormat(checking: width, height, .h265)
        format.profile = tier.profile
        var timing = H265Timing(subLayers: subLayers)
        format.nominalFrameRate = try? timing.frameRate(&reader)
        self.format = format
    }
}

/// `profile_tier_level` (section 7.3.3).
struct H265ProfileTierLevel {
    var profile: Int
    var level: Int

    init(_ reader: inout BitReader, subLayers: Int) throws(ParseFault) {
        try reader.skip(3, "general_profile_space and tier")
        profile = try reader.bits(5, "general_profile_idc")
        try reader.skip(32 + 48, "general profile flags")
        level = try reader.bits(8, "general_level_idc")
        guard subLayers > 0 else { return }
        var present: [(profile: Bool, level: Bool)] = []
        for _ in 0..<subLayers {
            let profile = try reader.flag("sub_layer_profile_present_flag")
            present.append((profile, try reader.flag("sub_layer_level_present_flag")))
        }
        try reader.skip(2 * (8 - subLayers), "reserved_zero_2bits")
        for layer in present {
            if layer.profile { try reader.skip(88, "sub-layer profile") }
            if layer.level { try reader.skip(8, "sub_layer_level_idc") }
        }
    }
}

/// The way from the conformance window to the timing in the VUI (sections 7.3.2.2.1 and E.2.1).
struct H265Timing {
    let subLayers: Int

    mutating func frameRate(_ reader: inout BitReader) throws(ParseFault) -> Double? {
        _ = try reader.unsigned("bit_depth_luma_minus8", atMost: 8)
        _ = try reader.unsigned("bit_depth_chroma_minus8", atMost: 8)
        let order = 4 + (try reader.unsigned("log2_max_pic_order_cnt_lsb_minus4", atMost: 12))
        let isPerLayer = try reader.flag("sps_sub_layer_ordering_info_present_flag")
        for _ in 0...(isPerLayer ? subLayers : 0) {
            for _ in 0..<3 { _ = try reader.unsigned("sub-layer ordering") }
        }
        for _ in 0..<6 { _ = try reader.unsigned("block sizes") }
        if try reader.flag("scaling_list_enabled_flag"),
            try reader.flag("sps_scaling_list_data_present_flag")
        {
            try skipScalingLists(&reader)
        }
        try reader.skip(2, "amp and sao flags")
        if try reader.flag("pcm_enabled_flag") {
            try reader.skip(8, "pcm bit depths")
            _ = try reader.unsigned("log2_min_pcm_luma_coding_block_size_minus3")
            _ = try reader.unsigned("log2_diff_max_min_pcm_luma_coding_block_size")
            try reader.skip(1, "pcm_loop_filter_disabled_flag")
        }
        try skipReferenceSets(&reader)
        if try reader.flag("long_term_ref_pics_present_flag") {
            let pictures = try reader.unsigned("num_long_term_ref_pics_sps", atMost: 32)
            try reader.skip(pictures * (order + 1), "long-term pictures")
        }
        try reader.skip(2, "temporal mvp and intra smoothing flags")
        guard try reader.flag("vui_parameters_present_flag") else { return nil }
        return try readVUI(&reader)
    }

    private func skipScalingLists(_ reader: inout BitReader) throws(ParseFault) {
        for size in 0..<4 {
            for _ in stride(from: 0, to: 6, by: size == 3 ? 3 : 1) {
                guard try reader.flag("scaling_list_pred_mode_flag") else {
                    _ = try reader.unsigned("scaling_list_pred_matrix_id_delta")
                    continue
                }
                if size > 1 { _ = try reader.signed("scaling_list_dc_coef_minus8") }
                for _ in 0..<min(64, 1 << (4 + size * 2)) {
                    _ = try reader.signed("scaling_list_delta_coef")
                }
            }
        }
    }

    /// Short-term reference picture sets (section 7.3.7), of which only the number of pictures
    /// matters: a set that is predicted tells flags for each picture of the one before.
    private func skipReferenceSets(_ reader: inout BitReader) throws(ParseFault) {
        let sets = try reader.unsigned("num_short_term_ref_pic_sets", atMost: 64)
        var pictures = 0
        for index in 0..<sets {
            if index > 0, try reader.flag("inter_ref_pic_set_prediction_flag") {
                try reader.skip(1, "delta_rps_sign")
                _ = try reader.unsigned("abs_delta_rps_minus1")
                var kept = 0
                for _ in 0...pictures {
                    if try reader.flag("used_by_curr_pic_flag") {
                        kept += 1
                    } else if try reader.flag("use_delta_flag") {
                        kept += 1
                    }
                }
                pictures = min(kept, 16)
            } else {
                let negative = try reader.unsigned("num_negative_pics", atMost: 16)
                let positive = try reader.unsigned("num_positive_pics", atMost: 16 - negative)
                for _ in 0..<(negative + positive) {
                    _ = try reader.unsigned("delta_poc_minus1")
                    try reader.skip(1, "used_by_curr_pic_flag")
                }
                pictures = negative + positive
            }
        }
    }

    private func readVUI(_ reader: inout BitReader) throws(ParseFault) -> Double? {
        try reader.skipDisplayInformation()
        try reader.skip(3, "field flags")
        if try reader.flag("default_display_window_flag") {
            for _ in 0..<4 { _ = try reader.unsigned("default display window") }
        }
        guard try reader.flag("vui_timing_info_present_flag") else { return nil }
        let units = try reader.bits(32, "vui_num_units_in_tick")
        let scale = try reader.bits(32, "vui_time_scale")
        return PictureFormat.plausibleRate(scale: scale, units: units)
    }
}
