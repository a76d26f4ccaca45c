// SPDX-License-Identifier: Apache-2.0
import Octets

/// Reads bit fields and Exp-Golomb codes of a parameter set, the most significant bit first.
struct BitReader {
    private let bytes: [UInt8]
    private let layer: ParseFault.Layer
    /// Bits read so far.
    private(set) var position = 0

    /// Most octets of a parameter set that are read: an SPS of the largest kind (32 scaling lists
    /// of 64 codes, 255 frame offsets) stays below (chosen).
    static let maxOctets = 4096

    /// Reads `bytes` as they are.
    init(_ bytes: [UInt8], _ layer: ParseFault.Layer) {
        self.bytes = bytes
        self.layer = layer
    }

    /// Reads what follows a NAL unit's header, at most `maxOctets`.
    ///
    /// Emulation prevention octets (03 after two zeros; H.264 and H.265 section 7.3.1) are taken
    /// out.
    init(nal: Span<UInt8>, _ layer: ParseFault.Layer) {
        var payload: [UInt8] = []
        payload.reserveCapacity(min(nal.count, BitReader.maxOctets))
        var zeros = 0
        var place = 0
        while place < nal.count, payload.count < BitReader.maxOctets {
            let octet = nal[place]
            place += 1
            if zeros >= 2, octet == 3 {
                zeros = 0
                continue
            }
            zeros = octet == 0 ? zeros + 1 : 0
            payload.append(octet)
        }
        self.init(payload, layer)
    }

    /// Whether any bit is left.
    var isAtEnd: Bool { position >= bytes.count * 8 }

    /// One bit.
    mutating func flag(_ field: String) throws(ParseFault) -> Bool {
        guard position < bytes.count * 8 else {
            throw ParseFault(
                .truncated, layer, field, offset: bytes.count, needed: 1, had: 0)
        }
        defer { position += 1 }
        return bytes[position / 8] >> UInt8(7 - position % 8) & 1 != 0
    }

    /// An unsigned number of `count` bits, 0...32.
    mutating func bits(_ count: Int, _ field: String) throws(ParseFault) -> Int {
        precondition((0...32).contains(count))
        var value = 0
        for _ in 0..<count { value = value << 1 | (try flag(field) ? 1 : 0) }
        return value
    }

    /// Steps over `count` bits.
    mutating func skip(_ count: Int, _ field: String) throws(ParseFault) {
        precondition(count >= 0)
        guard count <= bytes.count * 8 - position else {
            throw ParseFault(
                .truncated, layer, field, offset: position / 8, needed: (count + 7) / 8,
                had: bytes.count - position / 8)
        }
        position += count
    }

    /// An unsigned Exp-Golomb number (ue(v), H.264 section 9.1), 0...2^32-2.
    mutating func unsigned(_ field: String) throws(ParseFault) -> Int {
        let start = position / 8
        var zeros = 0
        while !(try flag(field)) {
            zeros += 1
            guard zeros <= 31 else {
                throw ParseFault(.invalid, layer, field, offset: start, needed: 31, had: zeros)
            }
        }
        return (1 << zeros) - 1 + (try bits(zeros, field))
    }

    /// A signed Exp-Golomb number (se(v), H.264 section 9.1.1).
    mutating func signed(_ field: String) throws(ParseFault) -> Int {
        let code = try unsigned(field)
        return code % 2 == 0 ? -(code / 2) : code / 2 + 1
    }

    /// An unsigned Exp-Golomb number that may not exceed `limit`.
    mutating func unsigned(
        _ field: String, atMost limit: Int
    ) throws(ParseFault) -> Int {
        let start = position / 8
        let value = try unsigned(field)
        guard value <= limit else {
            throw ParseFault(.invalid, layer, field, offset: start, needed: limit, had: value)
        }
        return value
    }
}

extension BitReader {
    /// Skips what a VUI begins with, which is the same in ITU-T H.264 and H.265 (section E.2.1 of
    /// both): aspect ratio, overscan, video signal, place of the chroma samples.
    mutating func skipDisplayInformation() throws(ParseFault) {
        if try flag("aspect_ratio_info_present_flag"), try bits(8, "aspect_ratio_idc") == 255 {
            try skip(32, "sample aspect ratio")
        }
        if try flag("overscan_info_present_flag") { try skip(1, "overscan") }
        if try flag("video_signal_type_present_flag") {
            try skip(4, "video_format")
            if try flag("colour_description_present_flag") { try skip(24, "colour description") }
        }
        if try flag("chroma_loc_info_present_flag") {
            _ = try unsigned("chroma_sample_loc_type_top_field")
            _ = try unsigned("chroma_sample_loc_type_bottom_field")
        }
    }
}
