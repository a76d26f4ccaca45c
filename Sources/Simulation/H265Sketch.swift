// SPDX-License-Identifier: Apache-2.0

/// H.265 as a network sees it: true parameter sets, true NAL unit and slice headers, and noise
/// where a decoder would want coding tree units.
///
/// What a monitor reads is right; the pictures cannot be decoded, which the command line says.
struct H265Sketch {
    let parameterSets: [[UInt8]]
    private let format: VideoFormat
    private var pictureOrder: UInt32 = 0

    init(_ format: VideoFormat) {
        self.format = format
        parameterSets = [
            H265Sketch.videoParameterSet(format), H265Sketch.sequenceParameterSet(format),
            H265Sketch.pictureParameterSet(),
        ]
    }

    /// An IDR picture (type 19) behind its parameter sets, or a trailing picture (type 1).
    mutating func next(isKey: Bool, _ octets: Int, _ generator: inout SplitMix64) -> [[UInt8]] {
        pictureOrder = isKey ? 0 : (pictureOrder + 1) & 0xff
        var bits = BitWriter()
        bits.write(true)  // first_slice_segment_in_pic_flag
        if isKey { bits.write(false) }  // no_output_of_prior_pics_flag
        bits.writeUnsigned(0)  // slice_pic_parameter_set_id
        bits.writeUnsigned(isKey ? 2 : 1)  // slice_type
        if !isKey {
            bits.write(pictureOrder, bits: 8)
            bits.write(false)  // short_term_ref_pic_set_sps_flag
            bits.writeUnsigned(1)  // num_negative_pics
            bits.writeUnsigned(0)  // num_positive_pics
            bits.writeUnsigned(0)  // delta_poc_s0_minus1
            bits.write(true)  // used_by_curr_pic_s0_flag
            bits.write(false)  // num_ref_idx_active_override_flag
            bits.writeUnsigned(0)  // five_minus_max_num_merge_cand
        }
        bits.writeSigned(0)  // slice_qp_delta
        bits.writeTrailingBits()
        for _ in 0..<(max(0, octets) / 8) {
            var random = generator.next()
            for _ in 0..<8 {
                bits.append(UInt8(16 + (((random & 0xff) * 220) >> 8)))
                random >>= 8
            }
        }
        let slice = nalUnit(header: [isKey ? 19 << 1 : 1 << 1, 1], payload: bits.octets)
        return isKey ? parameterSets + [slice] : [slice]
    }

    /// profile_tier_level: Main, main tier (ITU-T H.265 clause 7.3.3).
    private static func writeProfile(_ format: VideoFormat, to bits: inout BitWriter) {
        bits.write(1, bits: 8)  // profile space, tier, general_profile_idc 1: Main
        bits.write(0x6000_0000, bits: 32)  // compatible with Main and Main 10
        bits.write(0b1001, bits: 4)  // progressive, frames only
        bits.write(0, bits: 32)
        bits.write(0, bits: 12)
        bits.write(level(format), bits: 8)
    }

    /// 30 times the lowest level of table A.8 that holds the picture and its rate.
    private static func level(_ format: VideoFormat) -> UInt32 {
        let picture = format.width * format.height
        let rate = picture * format.frameRateMillihertz / 1000
        let table: [(level: UInt32, picture: Int, rate: Int)] = [
            (60, 122_880, 3_686_400), (63, 245_760, 7_372_800), (90, 552_960, 16_588_800),
            (93, 983_040, 33_177_600), (120, 2_228_224, 66_846_720),
            (123, 2_228_224, 133_693_440), (150, 8_912_896, 267_386_880),
            (153, 8_912_896, 534_773_760),
        ]
        for row in table where picture <= row.picture && rate <= row.rate { return row.level }
        return 186
    }

    /// Clause 7.3.2.1.
    private static func videoParameterSet(_ format: VideoFormat) -> [UInt8] {
        var bits = BitWriter()
        bits.write(0b0000_11, bits: 6)  // id 0, base layer internal and available
        bits.write(0, bits: 6)  // vps_max_layers_minus1
        bits.write(0, bits: 3)  // vps_max_sub_layers_minus1
        bits.write(true)  // vps_temporal_id_nesting_flag
        bits.write(0xffff, bits: 16)
        writeProfile(format, to: &bits)
        writeOrdering(to: &bits)
        bits.write(0, bits: 6)  // vps_max_layer_id
        bits.writeUnsigned(0)  // vps_num_layer_sets_minus1
        bits.write(true)  // vps_timing_info_present_flag
        writeTiming(format, to: &bits)
        bits.writeUnsigned(0)  // vps_num_hrd_parameters
        bits.write(false)  // vps_extension_flag
        bits.writeTrailingBits()
        return nalUnit(header: [32 << 1, 1], payload: bits.octets)
    }

    private static func writeOrdering(to bits: inout BitWriter) {
        bits.write(true)  // sub_layer_ordering_info_present_flag
        bits.writeUnsigned(1)  // max_dec_pic_buffering_minus1
        bits.writeUnsigned(0)  // max_num_reorder_pics
        bits.writeUnsigned(0)  // max_latency_increase_plus1
    }

    private static func writeTiming(_ format: VideoFormat, to bits: inout BitWriter) {
        bits.write(1000, bits: 32)  // num_units_in_tick
        bits.write(UInt32(format.frameRateMillihertz), bits: 32)  // time_scale
        bits.write(false)  // poc_proportional_to_timing_flag
    }

    /// Clause 7.3.2.2: coding blocks of 16…64, conformance window to the wanted size.
    private static func sequenceParameterSet(_ format: VideoFormat) -> [UInt8] {
        var bits = BitWriter()
        bits.write(0, bits: 4)  // sps_video_parameter_set_id
        bits.write(0, bits: 3)  // sps_max_sub_layers_minus1
        bits.write(true)  // sps_temporal_id_nesting_flag
        writeProfile(format, to: &bits)
        bits.writeUnsigned(0)  // sps_seq_parameter_set_id
        bits.writeUnsigned(1)  // chroma_format_idc 4:2:0
        let width = (format.width + 15) / 16 * 16
        let height = (format.height + 15) / 16 * 16
        bits.writeUnsigned(width)
        bits.writeUnsigned(height)
        let isCropped = width != format.width || height != format.height
        bits.write(isCropped)  // conformance_window_flag
        if isCropped {
            bits.writeUnsigned(0)
            bits.writeUnsigned((width - format.width) / 2)
            bits.writeUnsigned(0)
            bits.writeUnsigned((height - format.height) / 2)
        }
        bits.writeUnsigned(0)  // bit_depth_luma_minus8
        bits.writeUnsigned(0)  // bit_depth_chroma_minus8
        bits.writeUnsigned(4)  // log2_max_pic_order_cnt_lsb_minus4
        writeOrdering(to: &bits)
        bits.writeUnsigned(1)  // log2_min_luma_coding_block_size_minus3
        bits.writeUnsigned(2)  // log2_diff_max_min_luma_coding_block_size
        bits.writeUnsigned(0)  // log2_min_luma_transform_block_size_minus2
        bits.writeUnsigned(3)  // log2_diff_max_min_luma_transform_block_size
        bits.writeUnsigned(0)  // max_transform_hierarchy_depth_inter
        bits.writeUnsigned(0)  // max_transform_hierarchy_depth_intra
        bits.write(0, bits: 4)  // no scaling lists, AMP, SAO, PCM
        bits.writeUnsigned(0)  // num_short_term_ref_pic_sets
        bits.write(0, bits: 3)  // no long-term pictures, temporal MVP, intra smoothing
        bits.write(true)  // vui_parameters_present_flag
        bits.write(0, bits: 5)  // no aspect, overscan, signal type, chroma, neutral chroma
        bits.write(0, bits: 2)  // field_seq_flag, frame_field_info_present_flag
        bits.write(0, bits: 1)  // default_display_window_flag
        bits.write(true)  // vui_timing_info_present_flag
        writeTiming(format, to: &bits)
        bits.write(false)  // vui_hrd_parameters_present_flag
        bits.write(false)  // bitstream_restriction_flag
        bits.write(false)  // sps_extension_present_flag
        bits.writeTrailingBits()
        return nalUnit(header: [33 << 1, 1], payload: bits.octets)
    }

    /// Clause 7.3.2.3.
    private static func pictureParameterSet() -> [UInt8] {
        var bits = BitWriter()
        bits.writeUnsigned(0)  // pps_pic_parameter_set_id
        bits.writeUnsigned(0)  // pps_seq_parameter_set_id
        // No dependent slices, output flag, extra bits, sign hiding, cabac_init.
        bits.write(0, bits: 7)
        bits.writeUnsigned(0)  // num_ref_idx_l0_default_active_minus1
        bits.writeUnsigned(0)  // num_ref_idx_l1_default_active_minus1
        bits.writeSigned(0)  // init_qp_minus26
        bits.write(0, bits: 3)  // no constrained intra, transform skip, cu_qp_delta
        bits.writeSigned(0)  // pps_cb_qp_offset
        bits.writeSigned(0)  // pps_cr_qp_offset
        bits.write(0, bits: 7)  // slice offsets, weighting, transquant bypass, tiles, sync, loop
        bits.write(0, bits: 3)  // deblocking control, scaling lists, lists modification
        bits.writeUnsigned(0)  // log2_parallel_merge_level_minus2
        bits.write(0, bits: 2)  // slice header extension, pps_extension
        bits.writeTrailingBits()
        return nalUnit(header: [34 << 1, 1], payload: bits.octets)
    }
}
