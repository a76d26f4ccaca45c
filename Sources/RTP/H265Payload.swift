// SPDX-License-Identifier: Apache-2.0
import Octets

/// The payload format of H.265 (RFC 7798 section 4), without decoding order numbers, which need
/// `sprop-max-don-diff` above 0 in the session's description.
///
/// ```
/// +-+-----------+-----------+-----+
/// |F|  type, 6  | layer, 6  |TID 3|  NAL unit header, or of types 48...50:
/// +-+-----------+-----------+-----+
/// 48: | size, 16 bit | NAL unit | size | NAL unit ...
/// 49: |S|E| type, 6  | fragment of a NAL unit
/// 50: |A| type, 6 | size of fields, 5 | F0 F1 F2 Y | fields | content as of that type
/// ```
extension PayloadReading {
    /// Reads a payload of H.265 that had `statedLength` octets before the capture cut it.
    public static func h265(_ payload: Span<UInt8>, statedLength: Int) -> PayloadReading {
        var reading = PayloadReading(.h265)
        do {
            try reading.readH265(payload, stated: max(statedLength, payload.count))
        } catch {
            reading.note(error)
        }
        return reading
    }

    private mutating func readH265(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated >= 2 else {
            throw ParseFault(
                .truncated, .h265, "NAL unit header", offset: 0, needed: 2, had: stated)
        }
        guard payload.count >= 2 else { return }
        let type = try Self.unitType(payload, at: 0)
        switch type {
        case 0...47: addH265(payload, 0..<payload.count, type: type)
        case 48: try readUnits(payload, stated: stated)
        case 49: try readH265Fragment(payload, stated: stated, at: 2)
        case 50: try readContentInformation(payload, stated: stated)
        default:
            throw ParseFault(
                .invalid, .h265, "NAL unit type", offset: 0, needed: 50, had: Int(type))
        }
    }

    /// The type in the NAL unit header at `place`, whose two octets are there.
    private static func unitType(
        _ payload: Span<UInt8>, at place: Int
    ) throws(ParseFault) -> UInt8 {
        guard payload[place] & 0x80 == 0 else {
            throw ParseFault(
                .invalid, .h265, "forbidden_zero_bit", offset: place, needed: 0, had: 1)
        }
        guard payload[place + 1] & 7 != 0 else {
            throw ParseFault(
                .invalid, .h265, "nuh_temporal_id_plus1", offset: place + 1, needed: 1, had: 0)
        }
        return payload[place] >> 1
    }

    private mutating func readUnits(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated > 2 else {
            throw ParseFault(
                .truncated, .h265, "aggregation unit", offset: 2, needed: 4, had: 0)
        }
        var units = AggregationUnits(.h265, headerLength: 2, from: 2, extra: 0, stated: stated)
        while let unit = try units.next(in: payload) {
            let type = try Self.unitType(payload, at: unit.lowerBound)
            guard type < 48 else {
                throw ParseFault(
                    .invalid, .h265, "aggregated NAL unit type", offset: unit.lowerBound,
                    needed: 47, had: Int(type))
            }
            addH265(
                payload, unit.lowerBound..<min(unit.upperBound, payload.count), type: type)
        }
    }

    private mutating func readH265Fragment(
        _ payload: Span<UInt8>, stated: Int, at place: Int
    ) throws(ParseFault) {
        guard stated > place else {
            throw ParseFault(.truncated, .h265, "FU header", offset: place, needed: 1, had: 0)
        }
        guard payload.count > place else { return }
        let header = payload[place]
        let (isFirst, isLast, type) = (header & 0x80 != 0, header & 0x40 != 0, header & 0x3f)
        fragment = isFirst ? .first : isLast ? .last : .middle
        guard type < 48 else {
            throw ParseFault(
                .invalid, .h265, "fragmented NAL unit type", offset: place, needed: 47,
                had: Int(type))
        }
        guard !(isFirst && isLast) else {
            throw ParseFault(
                .invalid, .h265, "FU start and end", offset: place, needed: 0x80,
                had: Int(header & 0xc0))
        }
        unitTypes |= 1 << UInt64(type)
        let body = place + 1
        if (16...23).contains(type) {
            isKeyFrame = true
            beginsKeyFrame = isFirst && body < payload.count && payload[body] & 0x80 != 0
        } else if type == 33, isFirst {
            sequenceParameters = place..<payload.count
            isSequenceFragmented = true
        }
    }

    /// Payload content information (PACI, RFC 7798 section 4.4.4).
    private mutating func readContentInformation(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated >= 4 else {
            throw ParseFault(
                .truncated, .h265, "PACI header", offset: 2, needed: 2, had: stated - 2)
        }
        guard payload.count >= 4 else { return }
        let type = payload[2] >> 1 & 0x3f
        let content = 4 + Int(payload.uint16(at: 2) >> 4 & 0x1f)
        guard content <= stated else {
            throw ParseFault(
                .truncated, .h265, "PACI fields", offset: 4, needed: content - 4, had: stated - 4)
        }
        switch type {
        case 49: try readH265Fragment(payload, stated: stated, at: content)
        case 0...47:
            // The unit's own header is left out here, so no parameter set range can be given.
            unitTypes |= 1 << UInt64(type)
            isKeyFrame = (16...23).contains(type)
            beginsKeyFrame =
                isKeyFrame && content < payload.count && payload[content] & 0x80 != 0
        default: break
        }
    }

    private mutating func addH265(_ payload: Span<UInt8>, _ unit: Range<Int>, type: UInt8) {
        unitTypes |= 1 << UInt64(type)
        switch type {
        case 16...23:
            isKeyFrame = true
            // first_slice_segment_in_pic_flag.
            if unit.count > 2, payload[unit.lowerBound + 2] & 0x80 != 0 { beginsKeyFrame = true }
        case 32: videoParameters = videoParameters ?? unit
        case 33: sequenceParameters = sequenceParameters ?? unit
        case 34: pictureParameters = pictureParameters ?? unit
        default: break
        }
    }
}
