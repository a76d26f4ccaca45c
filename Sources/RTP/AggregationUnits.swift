// SPDX-License-Identifier: Apache-2.0
import Octets

/// The NAL units of an aggregation packet (RFC 6184 section 5.7, RFC 7798 section 4.4.2), one
/// after another, each behind its size in 16 bits.
struct AggregationUnits {
    /// Most NAL units in one packet that are looked at: more than a packet of 1500 octets can
    /// hold of slices (chosen).
    static let limit = 1024

    private let layer: ParseFault.Layer
    private let headerLength: Int
    private let extra: Int
    private let stated: Int
    private var place: Int
    private var count = 0

    /// Begins at `start` of a payload that had `stated` octets before the capture cut it.
    ///
    /// - Parameters:
    ///   - headerLength: Octets of a NAL unit's header; no unit is shorter.
    ///   - extra: Octets of decoding order and time between a size and its unit.
    init(_ layer: ParseFault.Layer, headerLength: Int, from start: Int, extra: Int, stated: Int) {
        self.layer = layer
        self.headerLength = headerLength
        self.extra = extra
        self.stated = stated
        place = start
    }

    /// Where the next unit lies by its size, the header captured; nil after the last, and where
    /// the capture ends.
    ///
    /// - Throws: `ParseFault`: a size below the header, beyond the payload, or cut; too many units.
    mutating func next(in payload: Span<UInt8>) throws(ParseFault) -> Range<Int>? {
        guard place < stated else { return nil }
        guard count < Self.limit else {
            throw ParseFault(
                .overLimit, layer, "NAL units", offset: place, needed: Self.limit, had: count + 1)
        }
        guard place + 2 <= stated else {
            throw ParseFault(
                .truncated, layer, "NAL unit size", offset: place, needed: 2, had: stated - place)
        }
        guard place + 2 <= payload.count else { return nil }
        let size = Int(payload.uint16(at: place))
        let unit = place + 2 + extra
        guard size >= headerLength else {
            throw ParseFault(
                .invalid, layer, "NAL unit size", offset: place, needed: headerLength, had: size)
        }
        guard unit + size <= stated else {
            throw ParseFault(
                .truncated, layer, "aggregated NAL unit", offset: place, needed: extra + size,
                had: stated - place - 2)
        }
        guard unit + headerLength <= payload.count else { return nil }
        place = unit + size
        count += 1
        return unit..<place
    }
}
