// SPDX-License-Identifier: Apache-2.0

/// A minimal H.264 encoder: flat grey pictures with a moving patch of noise.
///
/// Constrained Baseline profile, one slice a picture, CAVLC (ITU-T H.264 clauses 7.3 and 9.2).
/// An IDR picture is `I_16x16` macroblocks with DC prediction, of which only the first has a
/// residual: it sets the grey. A P picture skips every macroblock but the patch. The patch is
/// `I_PCM`: 384 bytes of samples a macroblock, by which any bit rate is reached with slice data,
/// as a real camera would, instead of filler. Decoders take it without complaint.
public struct H264Encoder: Sendable {
    /// Macroblocks across.
    let columns: Int
    /// Macroblocks down.
    let rows: Int
    /// The sequence parameter set, NAL unit type 7.
    public let sequenceParameterSet: [UInt8]
    /// The picture parameter set, NAL unit type 8.
    public let pictureParameterSet: [UInt8]
    private var frameNumber: UInt32 = 0
    private var idrPictureID = 0

    /// Octets that one macroblock of noise takes, its type and alignment included, about.
    static let octetsPerNoise = 386

    /// Makes the encoder of a format; only its size and frame rate matter here.
    public init(_ format: VideoFormat) {
        columns = (format.width + 15) / 16
        rows = (format.height + 15) / 16
        sequenceParameterSet = H264Encoder.sequenceParameterSet(format)
        pictureParameterSet = H264Encoder.pictureParameterSet()
    }

    /// Macroblocks of a picture.
    public var macroblocks: Int { columns * rows }

    // MARK: Pictures

    /// An IDR picture (NAL unit type 5): all of one grey, and noise in its last macroblocks.
    public mutating func idr(
        brightness: Int, noise: Int, generator: inout SplitMix64
    ) -> [UInt8] {
        let noise = min(max(0, noise), macroblocks - 1)
        frameNumber = 0
        var bits = BitWriter()
        writeSliceHeader(type: 7, isIDR: true, to: &bits)
        idrPictureID ^= 1
        writeFlatMacroblock(level: H264Encoder.level(forBrightness: brightness), to: &bits)
        for _ in 1..<(macroblocks - noise) {
            // mb_type 3, intra_chroma_pred_mode 0, mb_qp_delta 0, coeff_token of no coefficient.
            bits.write(0b0010_0111, bits: 8)
        }
        for _ in 0..<noise { writeNoise(type: 25, generator: &generator, to: &bits) }
        bits.writeTrailingBits()
        return nalUnit(header: [0x65], payload: bits.octets)
    }

    /// A P picture (NAL unit type 1): the picture before, and `noise` macroblocks of noise from
    /// macroblock `start` on.
    public mutating func predicted(
        start: Int, noise: Int, generator: inout SplitMix64
    ) -> [UInt8] {
        let noise = min(max(0, noise), macroblocks)
        let start = min(max(0, start), macroblocks - noise)
        frameNumber = (frameNumber + 1) & 0xff
        var bits = BitWriter()
        writeSliceHeader(type: 5, isIDR: false, to: &bits)
        if noise > 0 {
            for position in 0..<noise {
                bits.writeUnsigned(position == 0 ? start : 0)  // mb_skip_run
                writeNoise(type: 5 + 25, generator: &generator, to: &bits)
            }
        }
        let rest = macroblocks - (noise > 0 ? start + noise : 0)
        if rest > 0 { bits.writeUnsigned(rest) }
        bits.writeTrailingBits()
        return nalUnit(header: [0x41], payload: bits.octets)
    }

    /// Clause 7.3.3, with the fields that our parameter sets leave in.
    private func writeSliceHeader(type: Int, isIDR: Bool, to bits: inout BitWriter) {
        bits.writeUnsigned(0)  // first_mb_in_slice
        bits.writeUnsigned(type)
        bits.writeUnsigned(0)  // pic_parameter_set_id
        bits.write(frameNumber, bits: 8)
        if isIDR {
            bits.writeUnsigned(idrPictureID)
            bits.write(false)  // no_output_of_prior_pics_flag
            bits.write(false)  // long_term_reference_flag
        } else {
            bits.write(false)  // num_ref_idx_active_override_flag
            bits.write(false)  // ref_pic_list_modification_flag_l0
            bits.write(false)  // adaptive_ref_pic_marking_mode_flag
        }
        bits.writeSigned(0)  // slice_qp_delta
        bits.writeUnsigned(1)  // disable_deblocking_filter_idc
    }

    /// The DC level that moves mid-grey (128) to `brightness` at quantiser 26, where one level is
    /// 52/64 of a step (clauses 8.5.10 and 8.5.12).
    static func level(forBrightness brightness: Int) -> Int {
        let difference = min(max(16, brightness), 235) - 128
        return difference * 64 / 52
    }

    /// An `I_16x16` macroblock with DC prediction and one DC coefficient (clause 9.2).
    private func writeFlatMacroblock(level: Int, to bits: inout BitWriter) {
        bits.writeUnsigned(3)  // mb_type
        bits.writeUnsigned(0)  // intra_chroma_pred_mode
        bits.writeSigned(0)  // mb_qp_delta
        guard abs(level) >= 2 else {
            bits.write(1, bits: 1)  // coeff_token: none
            return
        }
        bits.write(0b00_0101, bits: 6)  // coeff_token: one coefficient, no trailing one
        // The level cannot be 1 or -1, which would have been a trailing one: codes begin at 2.
        let code = level > 0 ? 2 * level - 4 : -2 * level - 3
        if code < 14 {
            bits.write(1, bits: code + 1)
        } else if code < 30 {
            bits.write(1, bits: 15)
            bits.write(UInt32(code - 14), bits: 4)
        } else {
            bits.write(1, bits: 16)
            bits.write(UInt32(code - 30), bits: 12)
        }
        bits.write(1, bits: 1)  // total_zeros 0
    }

    /// An `I_PCM` macroblock: samples of 16…235, so that no zeros need escaping.
    private func writeNoise(
        type: Int, generator: inout SplitMix64, to bits: inout BitWriter
    ) {
        bits.writeUnsigned(type)
        bits.align()
        for _ in 0..<(384 / 8) {
            var random = generator.next()
            for _ in 0..<8 {
                bits.append(UInt8(16 + (((random & 0xff) * 220) >> 8)))
                random >>= 8
            }
        }
    }

    // MARK: Parameter sets

    /// Clause 7.3.2.1.1 and annex E, with cropping to even sizes and the frame rate.
    private static func sequenceParameterSet(_ format: VideoFormat) -> [UInt8] {
        let columns = (format.width + 15) / 16
        let rows = (format.height + 15) / 16
        var bits = BitWriter()
        bits.write(66, bits: 8)  // profile_idc: Baseline
        bits.write(0b1100_0000, bits: 8)  // constraint_set0_flag and constraint_set1_flag
        bits.write(level(columns * rows, format), bits: 8)
        bits.writeUnsigned(0)  // seq_parameter_set_id
        bits.writeUnsigned(4)  // log2_max_frame_num_minus4
        bits.writeUnsigned(2)  // pic_order_cnt_type: order of output is order of decoding
        bits.writeUnsigned(1)  // max_num_ref_frames
        bits.write(false)  // gaps_in_frame_num_value_allowed_flag
        bits.writeUnsigned(columns - 1)
        bits.writeUnsigned(rows - 1)
        bits.write(true)  // frame_mbs_only_flag
        bits.write(true)  // direct_8x8_inference_flag
        let right = columns * 16 - format.width
        let bottom = rows * 16 - format.height
        bits.write(right + bottom > 0)  // frame_cropping_flag
        if right + bottom > 0 {
            bits.writeUnsigned(0)
            bits.writeUnsigned(right / 2)
            bits.writeUnsigned(0)
            bits.writeUnsigned(bottom / 2)
        }
        writeUsabilityInformation(format, to: &bits)
        bits.writeTrailingBits()
        return nalUnit(header: [0x67], payload: bits.octets)
    }

    private static func writeUsabilityInformation(_ format: VideoFormat, to bits: inout BitWriter) {
        bits.write(true)  // vui_parameters_present_flag
        bits.write(0, bits: 4)  // no aspect ratio, overscan, signal type, chroma location
        bits.write(true)  // timing_info_present_flag
        bits.write(500, bits: 32)  // num_units_in_tick: two ticks a frame
        bits.write(UInt32(format.frameRateMillihertz), bits: 32)  // time_scale
        bits.write(true)  // fixed_frame_rate_flag
        bits.write(0, bits: 3)  // no NAL HRD, VCL HRD, picture structure
        bits.write(true)  // bitstream_restriction_flag
        bits.write(true)  // motion_vectors_over_pic_boundaries_flag
        bits.writeUnsigned(0)  // max_bytes_per_pic_denom
        bits.writeUnsigned(0)  // max_bits_per_mb_denom
        bits.writeUnsigned(10)  // log2_max_mv_length_horizontal
        bits.writeUnsigned(10)  // log2_max_mv_length_vertical
        bits.writeUnsigned(0)  // max_num_reorder_frames
        bits.writeUnsigned(1)  // max_dec_frame_buffering
    }

    /// The lowest level of table A-1 that holds the picture and its rate.
    private static func level(_ macroblocks: Int, _ format: VideoFormat) -> UInt32 {
        let rate = macroblocks * format.frameRateMillihertz / 1000
        let table: [(level: UInt32, rate: Int, picture: Int)] = [
            (10, 1485, 99), (11, 3000, 396), (12, 6000, 396), (20, 11_880, 396),
            (21, 19_800, 792), (22, 20_250, 1620), (30, 40_500, 1620), (31, 108_000, 3600),
            (32, 216_000, 5120), (40, 245_760, 8192), (42, 522_240, 8704),
            (50, 589_824, 22_080), (51, 983_040, 36_864),
        ]
        for row in table where macroblocks <= row.picture && rate <= row.rate { return row.level }
        return 52
    }

    /// Clause 7.3.2.2.
    private static func pictureParameterSet() -> [UInt8] {
        var bits = BitWriter()
        bits.writeUnsigned(0)  // pic_parameter_set_id
        bits.writeUnsigned(0)  // seq_parameter_set_id
        bits.write(0, bits: 2)  // CAVLC, no bottom_field_pic_order_in_frame_present_flag
        bits.writeUnsigned(0)  // num_slice_groups_minus1
        bits.writeUnsigned(0)  // num_ref_idx_l0_default_active_minus1
        bits.writeUnsigned(0)  // num_ref_idx_l1_default_active_minus1
        bits.write(0, bits: 3)  // no weighted prediction
        bits.writeSigned(0)  // pic_init_qp_minus26
        bits.writeSigned(0)  // pic_init_qs_minus26
        bits.writeSigned(0)  // chroma_qp_index_offset
        bits.write(true)  // deblocking_filter_control_present_flag
        bits.write(0, bits: 2)  // no constrained intra prediction, no redundant pictures
        bits.writeTrailingBits()
        return nalUnit(header: [0x68], payload: bits.octets)
    }
}
