// SPDX-License-Identifier: Apache-2.0
import Octets

/// The payload format of H.264 (RFC 6184 section 5).
///
/// ```
/// +-+---+---------+-+-+-+---------+
/// |F|NRI|  type   |S|E|R|  type   |  ... fragment of a NAL unit, types 28 and 29
/// +-+---+---------+-+-+-+---------+
/// |F|NRI|  type   | size, 16 bit | NAL unit | size | NAL unit ...  types 24...27
/// +-+---+---------+--------------+
/// |F|NRI|  type   | NAL unit itself, types 1...23
/// ```
extension PayloadReading {
    /// Reads a payload of H.264 that had `statedLength` octets before the capture cut it.
    public static func h264(_ payload: Span<UInt8>, statedLength: Int) -> PayloadReading {
        var reading = PayloadReading(.h264)
        do {
            try reading.readH264(payload, stated: max(statedLength, payload.count))
        } catch {
            reading.note(error)
        }
        return reading
    }

    private mutating func readH264(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated > 0 else {
            throw ParseFault(.truncated, .h264, "NAL unit header", offset: 0, needed: 1, had: 0)
        }
        guard payload.count > 0 else { return }
        try Self.checkForbiddenBit(payload, at: 0)
        let type = payload[0] & 0x1f
        switch type {
        case 1...23: addH264(payload, 0..<payload.count, type: type)
        case 24: try readAggregate(payload, stated: stated, from: 1, extra: 0)
        case 25: try readAggregate(payload, stated: stated, from: 3, extra: 0)
        case 26: try readAggregate(payload, stated: stated, from: 3, extra: 3)
        case 27: try readAggregate(payload, stated: stated, from: 3, extra: 4)
        case 28, 29: try readFragment(payload, stated: stated)
        default:
            throw ParseFault(
                .invalid, .h264, "NAL unit type", offset: 0, needed: 1, had: Int(type))
        }
    }

    private static func checkForbiddenBit(
        _ payload: Span<UInt8>, at place: Int
    ) throws(ParseFault) {
        guard payload[place] & 0x80 == 0 else {
            throw ParseFault(
                .invalid, .h264, "forbidden_zero_bit", offset: place, needed: 0, had: 1)
        }
    }

    /// Aggregation packets: `extra` octets of decoding order and time stand between size and unit.
    private mutating func readAggregate(
        _ payload: Span<UInt8>, stated: Int, from start: Int, extra: Int
    ) throws(ParseFault) {
        guard start < stated else {
            throw ParseFault(
                .truncated, .h264, "aggregation unit", offset: 0, needed: start + 3, had: stated)
        }
        var units = AggregationUnits(
            .h264, headerLength: 1, from: start, extra: extra, stated: stated)
        while let unit = try units.next(in: payload) {
            try Self.checkForbiddenBit(payload, at: unit.lowerBound)
            let type = payload[unit.lowerBound] & 0x1f
            guard (1...23).contains(type) else {
                throw ParseFault(
                    .invalid, .h264, "aggregated NAL unit type", offset: unit.lowerBound,
                    needed: 1, had: Int(type))
            }
            addH264(
                payload, unit.lowerBound..<min(unit.upperBound, payload.count), type: type)
        }
    }

    private mutating func readFragment(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated >= 2 else {
            throw ParseFault(.truncated, .h264, "FU header", offset: 1, needed: 1, had: 0)
        }
        guard payload.count >= 2 else { return }
        let header = payload[1]
        let (isFirst, isLast, type) = (header & 0x80 != 0, header & 0x40 != 0, header & 0x1f)
        fragment = isFirst ? .first : isLast ? .last : .middle
        guard (1...23).contains(type) else {
            throw ParseFault(
                .invalid, .h264, "fragmented NAL unit type", offset: 1, needed: 1, had: Int(type))
        }
        guard !(isFirst && isLast) else {
            throw ParseFault(
                .invalid, .h264, "FU start and end", offset: 1, needed: 0x80,
                had: Int(header & 0xc0))
        }
        unitTypes |= 1 << UInt64(type)
        // FU-B carries a decoding order number behind its header.
        let body = payload[0] & 0x1f == 29 ? 4 : 2
        guard type == 5 || (type == 7 && isFirst), body <= payload.count else { return }
        if type == 5 {
            isKeyFrame = true
            beginsKeyFrame = isFirst && body < payload.count && payload[body] & 0x80 != 0
        } else {
            sequenceParameters = (body - 1)..<payload.count
            isSequenceFragmented = true
        }
    }

    private mutating func addH264(_ payload: Span<UInt8>, _ unit: Range<Int>, type: UInt8) {
        unitTypes |= 1 << UInt64(type)
        switch type {
        case 5:
            isKeyFrame = true
            // first_mb_in_slice is 0, in Exp-Golomb a single 1: the picture's first slice.
            if unit.count > 1, payload[unit.lowerBound + 1] & 0x80 != 0 { beginsKeyFrame = true }
        case 7: sequenceParameters = sequenceParameters ?? unit
        case 8: pictureParameters = pictureParameters ?? unit
        default: break
        }
    }
}
