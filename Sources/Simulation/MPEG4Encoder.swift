// SPDX-License-Identifier: Apache-2.0

/// A minimal MPEG-4 Visual encoder (ISO/IEC 14496-2, Simple Profile): flat grey pictures, made
/// as large as wanted by macroblock stuffing (clause 6.3.6), which decoders pass over.
struct MPEG4Encoder {
    /// Visual object sequence, visual object and video object layer headers (clause 6.2.2).
    let configuration: [UInt8]
    private let macroblocks: Int
    private let resolution: Int
    private let increment: Int
    private var frames = 0
    /// Below the first frame's, so that a loop of whole seconds joins up with itself.
    private var wholeSeconds = -1

    init(_ format: VideoFormat) {
        macroblocks = ((format.width + 15) / 16) * ((format.height + 15) / 16)
        // Ticks a second and ticks a frame, both exact and within 16 bits.
        var ticks = format.frameRateMillihertz
        var step = 1000
        while ticks > 0xffff || ticks % 2 == 0 && step % 2 == 0 {
            ticks /= 2
            step = max(1, step / 2)
        }
        while ticks % 5 == 0, step % 5 == 0 {
            ticks /= 5
            step /= 5
        }
        resolution = ticks
        increment = step
        configuration = MPEG4Encoder.configuration(format, ticks, step)
    }

    private static func timeBits(_ resolution: Int) -> Int {
        max(1, Int.bitWidth - (resolution - 1).leadingZeroBitCount)
    }

    private static func configuration(_ format: VideoFormat, _ ticks: Int, _ step: Int) -> [UInt8] {
        // Sequence (Advanced Simple profile, level 5: the largest), object of type video.
        var octets: [UInt8] = [0, 0, 1, 0xb0, 0xf5, 0, 0, 1, 0xb5, 0x09, 0, 0, 1, 0, 0, 0, 1, 0x20]
        var bits = BitWriter()
        bits.write(false)  // random_accessible_vol
        bits.write(1, bits: 8)  // video_object_type_indication: simple
        bits.write(true)  // is_object_layer_identifier
        bits.write(1, bits: 4)  // video_object_layer_verid
        bits.write(1, bits: 3)  // video_object_layer_priority
        bits.write(1, bits: 4)  // aspect_ratio_info: square
        bits.write(true)  // vol_control_parameters
        bits.write(1, bits: 2)  // chroma 4:2:0
        bits.write(true)  // low_delay
        bits.write(false)  // vbv_parameters
        bits.write(0, bits: 2)  // rectangular
        bits.write(true)
        bits.write(UInt32(ticks), bits: 16)  // vop_time_increment_resolution
        bits.write(true)
        bits.write(true)  // fixed_vop_rate
        bits.write(UInt32(step), bits: timeBits(ticks))
        bits.write(true)
        bits.write(UInt32(format.width), bits: 13)
        bits.write(true)
        bits.write(UInt32(format.height), bits: 13)
        bits.write(true)
        bits.write(false)  // interlaced
        bits.write(true)  // obmc_disable
        bits.write(false)  // sprite_enable, one bit in version 1
        bits.write(false)  // not_8_bit
        bits.write(false)  // quant_type
        bits.write(true)  // complexity_estimation_disable
        bits.write(true)  // resync_marker_disable
        bits.write(false)  // data_partitioned
        bits.write(false)  // scalability
        writeStuffing(to: &bits)
        octets += bits.octets
        return octets
    }

    /// A zero and ones to the byte's end (clause 5.2.4), always at least one bit.
    private static func writeStuffing(to bits: inout BitWriter) {
        bits.write(false)
        bits.align(with: true)
    }

    /// The next picture, behind the configuration if it is a key frame.
    mutating func next(isKey: Bool, _ isBright: Bool, _ octets: Int, _ inGroup: Int) -> [UInt8] {
        let ticks = frames * increment
        let (seconds, remainder) = ticks.quotientAndRemainder(dividingBy: resolution)
        frames += 1
        var stream: [UInt8] = isKey ? configuration : []
        stream += [0, 0, 1, 0xb6]
        var bits = BitWriter()
        bits.write(isKey ? 0 : 1, bits: 2)  // vop_coding_type
        for _ in 0..<min(60, max(0, seconds - wholeSeconds)) { bits.write(true) }
        wholeSeconds = seconds
        bits.write(false)
        bits.write(true)
        bits.write(UInt32(remainder), bits: MPEG4Encoder.timeBits(resolution))
        bits.write(true)
        bits.write(true)  // vop_coded
        if !isKey { bits.write(false) }  // vop_rounding_type
        bits.write(0, bits: 3)  // intra_dc_vlc_thr
        bits.write(8, bits: 5)  // vop_quant
        if !isKey { bits.write(1, bits: 3) }  // vop_fcode_forward
        writeMacroblocks(isKey, isBright, octets - stream.count, to: &bits)
        MPEG4Encoder.writeStuffing(to: &bits)
        return stream + bits.octets
    }

    private func writeMacroblocks(
        _ isKey: Bool, _ isBright: Bool, _ octets: Int, to bits: inout BitWriter
    ) {
        // An empty intra macroblock takes 22 bits, a skipped one 1; stuffing takes 9, in P
        // pictures 10 with the not_coded bit before.
        let least = macroblocks * (isKey ? 22 : 1)
        let stuffing = max(0, octets * 8 - least) / (isKey ? 9 : 10)
        var written = 0
        for macroblock in 0..<macroblocks {
            let due = stuffing * (macroblock + 1) / macroblocks
            while written < due {
                if !isKey { bits.write(false) }  // not_coded
                bits.write(1, bits: 9)
                written += 1
            }
            guard isKey else {
                bits.write(true)  // not_coded
                continue
            }
            writeFlatMacroblock(isFirst: macroblock == 0, isBright, to: &bits)
        }
    }

    /// Intra, no AC coefficients, no difference of DC but in the very first block.
    private func writeFlatMacroblock(isFirst: Bool, _ isBright: Bool, to bits: inout BitWriter) {
        bits.write(true)  // mcbpc: intra, no chroma coefficients
        bits.write(false)  // ac_pred_flag
        bits.write(0b0011, bits: 4)  // cbpy: none
        for block in 0..<6 {
            if isFirst, block == 0 {
                bits.write(0b001, bits: 3)  // dct_dc_size_luminance 4
                bits.write(isBright ? 0b1010 : 0b0101, bits: 4)  // +10 or -10
            } else if block < 4 {
                bits.write(0b011, bits: 3)  // dct_dc_size_luminance 0
            } else {
                bits.write(0b11, bits: 2)  // dct_dc_size_chrominance 0
            }
        }
    }
}
