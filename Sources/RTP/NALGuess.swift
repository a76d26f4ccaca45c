// SPDX-License-Identifier: Apache-2.0
import Octets

/// For and against H.264 or H.265, whose payload formats are built alike.
struct NALGuess: Hashable {
    private let format: PayloadFormat
    var score = Score()
    private var parameterSets = 0
    private var links = 0
    private var chains = 0
    private var pictures = 0

    /// The unit whose fragments are under way: its header and type.
    private var open: UInt32?
    /// Whether it is known that no unit is under way when `open` is nil.
    private var isOpenKnown = false

    /// Types of NAL unit that cameras send, a bit each.
    ///
    /// H.264: slices, SEI, parameter sets, delimiters, ends, filler (not data partitions 2...4).
    /// H.265: slices, random access points, parameter sets, delimiters, ends, filler, SEI.
    private static let h264Types: UInt64 = 0b1_1111_1110_0010
    private static let h265Types: UInt64 = 0x1_ff << 32 | 0x3f << 16 | 0x3ff

    init(_ format: PayloadFormat) {
        self.format = format
    }

    /// Whether something was seen that other formats do not make.
    ///
    /// A parameter set alone is not it: one octet repeated can be read as one.
    var isStrong: Bool {
        chains >= 2 || pictures >= 24 || (parameterSets >= 1 && (links >= 3 || pictures >= 3))
    }

    mutating func hear(_ payload: Span<UInt8>, _ length: Int, _ place: PacketPlace) {
        // What two octets rule out needs no reading: most payloads are of another format.
        guard format == .h264 ? Self.isUsualH264(payload) : Self.isUsualH265(payload) else {
            return contradict()
        }
        if format == .h264, let fragment = Self.plainH264(payload) {
            if follow(fragment, payload, place) {
                hearPicture(payload, fragment, place)
            } else {
                score.contradictions += 1
            }
            return
        }
        if format == .h265, let fragment = Self.plainH265(payload) {
            guard let fragment else { return contradict() }
            if follow(fragment, payload, place) {
                hearPicture(payload, fragment, place)
            } else {
                score.contradictions += 1
            }
            return
        }
        let reading =
            format == .h264
            ? PayloadReading.h264(payload, statedLength: length)
            : PayloadReading.h265(payload, statedLength: length)
        let types = format == .h264 ? Self.h264Types : Self.h265Types
        guard reading.fault == nil, reading.unitTypes & ~types == 0 else { return contradict() }
        if !follow(reading.fragment, payload, place) {
            score.contradictions += 1
            return
        }
        if reading.sequenceParameters != nil {
            if (try? reading.format(in: payload)) != nil {
                parameterSets += 1
                if parameterSets <= 2 { score.points += 6 }
            } else if payload.count == length, reading.fragment == .whole {
                score.contradictions += 1
                return
            }
        }
        hearPicture(payload, reading.fragment, place)
    }

    /// Which part of a unit a usual payload holds, if two octets tell everything about it: a
    /// whole unit or a fragment without parameter sets, of a type that cameras send.
    private static func plainH264(_ payload: Span<UInt8>) -> PayloadReading.Fragment? {
        guard payload[0] & 0x80 == 0 else { return nil }
        let type = payload[0] & 0x1f
        switch type {
        case 1, 5, 6, 9...12: return .whole
        case 28:
            let header = payload[1]
            let inner = header & 0x1f
            guard inner == 1 || inner == 5 else { return nil }
            switch header >> 6 {
            case 0: return .middle
            case 1: return .last
            case 2: return .first
            default: return nil
            }
        default: return nil
        }
    }

    /// The same of H.265, of a payload that `isUsualH265`; nil inside says that its octets break
    /// a rule or name a type that cameras do not send, nil as a whole that it must be read.
    private static func plainH265(
        _ payload: Span<UInt8>
    ) -> PayloadReading.Fragment?? {
        // nuh_temporal_id_plus1 is not 0 (RFC 7798 section 1.1.4).
        guard payload[1] & 7 != 0 else { return .some(nil) }
        let type = payload[0] >> 1
        if type < 48 {
            if type == 33 { return nil }
            return .some(h265Types & (1 << UInt64(type)) != 0 ? .whole : nil)
        }
        guard type == 49, payload.count > 2 else { return nil }
        let inner = payload[2] & 0x3f
        if inner == 33 { return nil }
        guard inner < 48, h265Types & (1 << UInt64(inner)) != 0 else { return .some(nil) }
        switch payload[2] >> 6 {
        case 0: return .middle
        case 1: return .last
        case 2: return .first
        default: return .some(nil)
        }
    }

    /// Counts a packet that is none of the format: what is under way is no longer known.
    private mutating func contradict() {
        score.contradictions += 1
        open = nil
        isOpenKnown = false
    }

    /// Forbidden bit 0; aggregates and fragments of the kinds without decoding order; parameter
    /// sets and key frames that others refer to (nal_ref_idc not 0, H.264 section 7.4.1).
    private static func isUsualH264(_ payload: Span<UInt8>) -> Bool {
        let type = payload[0] & 0x1f
        let isReferred = payload[0] & 0x60 != 0
        switch type {
        case 5, 7, 8: return isReferred
        case 28:
            let inner = payload[1] & 0x1f
            return payload[1] & 0x20 == 0 && (isReferred || inner != 5)
        case 1, 6, 9...12, 24: return true
        default: return false
        }
    }

    /// Base layer only, and a plausible temporal layer.
    private static func isUsualH265(_ payload: Span<UInt8>) -> Bool {
        payload[0] & 0x81 == 0 && payload[1] & 0xf8 == 0 && payload[0] >> 1 <= 49
    }

    /// Follows fragments; false if they contradict each other.
    private mutating func follow(
        _ fragment: PayloadReading.Fragment, _ payload: Span<UInt8>, _ place: PacketPlace
    ) -> Bool {
        let header =
            format == .h264
            ? UInt32(payload[0]) << 8 | UInt32(payload[1] & 0x1f)
            : UInt32(payload.uint16(at: 0)) << 8
                | UInt32(payload.count > 2 ? payload[2] & 0x3f : 0)
        if !place.isContiguous {
            open = nil
            isOpenKnown = false
        }
        let before = open
        let wasKnown = isOpenKnown
        open = nil
        isOpenKnown = true
        switch fragment {
        case .whole:
            return before == nil
        case .first:
            open = header
            return before == nil
        case .middle, .last:
            guard wasKnown else {
                isOpenKnown = fragment == .last
                return true
            }
            guard before == header, !place.isNewFrame else { return false }
            score.points += 1
            links += 1
            if fragment == .last {
                chains += 1
            } else {
                open = header
            }
            return true
        }
    }

    /// Where a picture begins a slice header must begin, and say that it is the first.
    private mutating func hearPicture(
        _ payload: Span<UInt8>, _ fragment: PayloadReading.Fragment, _ place: PacketPlace
    ) {
        guard place.beginsFrame, place.followsMarker else { return }
        let isSlice: Bool
        let start: Int
        let type: UInt8
        if format == .h264 {
            let isFragment = payload[0] & 0x1f == 28
            guard !isFragment || fragment == .first else { return }
            type = payload[isFragment ? 1 : 0] & 0x1f
            start = isFragment ? 2 : 1
            isSlice = type == 1 || type == 5
        } else {
            let isFragment = payload[0] >> 1 == 49
            guard !isFragment || (fragment == .first && payload.count > 2) else { return }
            type = isFragment ? payload[2] & 0x3f : payload[0] >> 1
            start = isFragment ? 3 : 2
            isSlice = type < 32
        }
        guard isSlice, start + 4 <= payload.count else { return }
        let end = min(payload.count, start + 16)
        var reader = BitReader((start..<end).map { payload[$0] }, .rtp)
        let isPicture =
            (format == .h264
                ? try? Self.isH264Slice(&reader, type: type)
                : try? Self.isH265Slice(&reader, type: type)) ?? false
        if isPicture {
            pictures += 1
            score.points += 1
        } else {
            score.contradictions += 1
        }
    }

    /// first_mb_in_slice 0, a slice type that fits, a small picture parameter set number
    /// (H.264 section 7.3.3).
    private static func isH264Slice(
        _ reader: inout BitReader, type: UInt8
    ) throws(ParseFault) -> Bool {
        guard try reader.unsigned("first_mb_in_slice") == 0 else { return false }
        let slice = try reader.unsigned("slice_type", atMost: 9) % 5
        _ = try reader.unsigned("pic_parameter_set_id", atMost: 255)
        return type == 1 || slice == 2 || slice == 4
    }

    /// The first segment, a small picture parameter set number (H.265 section 7.3.6.1).
    private static func isH265Slice(
        _ reader: inout BitReader, type: UInt8
    ) throws(ParseFault) -> Bool {
        guard try reader.flag("first_slice_segment_in_pic_flag") else { return false }
        if (16...23).contains(type) { try reader.skip(1, "no_output_of_prior_pics_flag") }
        _ = try reader.unsigned("slice_pic_parameter_set_id", atMost: 63)
        return true
    }
}
