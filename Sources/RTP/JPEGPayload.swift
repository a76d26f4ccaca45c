// SPDX-License-Identifier: Apache-2.0
import Octets

/// The payload format of JPEG (RFC 2435 section 3.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+-----------------------------------------------+
/// | type-specific |         offset of the fragment, 24 bit        |
/// +---------------+---------------+---------------+---------------+
/// |     type      |       Q       |   width / 8   |  height / 8   |
/// +---------------+---------------+---------------+---------------+
/// | types 64...127: restart interval, then F, L and count, 16 bit |
/// +---------------+---------------+-------------------------------+
/// | Q >= 128, at  |   precision   |       length of tables        |
/// | offset 0 only |               |                               |
/// +---------------+---------------+-------------------------------+
/// ```
extension PayloadReading {
    /// Reads a payload of JPEG that had `statedLength` octets before the capture cut it.
    ///
    /// A width or height of 0 means more than 2040 pixels: then `pictureFormat` is nil, and the
    /// RTP header extension may tell it; see `JPEGImage.init(extensionContent:)`.
    public static func jpeg(_ payload: Span<UInt8>, statedLength: Int) -> PayloadReading {
        var reading = PayloadReading(.jpeg)
        reading.isKeyFrame = true
        do {
            try reading.readJPEG(payload, stated: max(statedLength, payload.count))
        } catch {
            reading.note(error)
        }
        return reading
    }

    /// Octets of main header, restart header and tables' header, or nil if a fault was found.
    private mutating func readJPEG(
        _ payload: Span<UInt8>, stated: Int
    ) throws(ParseFault) {
        guard stated >= 8 else {
            throw ParseFault(.truncated, .jpeg, "main header", offset: 0, needed: 8, had: stated)
        }
        guard payload.count >= 8 else { return }
        let offset = Int(payload.uint24(at: 1))
        let (type, quality) = (payload[4], payload[5])
        let (width, height) = (Int(payload[6]) * 8, Int(payload[7]) * 8)
        fragmentOffset = offset
        fragment = offset == 0 ? .first : .middle
        beginsKeyFrame = offset == 0
        if width > 0, height > 0 { pictureFormat = PictureFormat(width: width, height: height) }
        guard quality != 0 else {
            throw ParseFault(.invalid, .jpeg, "Q", offset: 5, needed: 1, had: 0)
        }
        var place = 8
        if (64...127).contains(type) {
            guard stated >= 12 else {
                throw ParseFault(
                    .truncated, .jpeg, "restart header", offset: 8, needed: 4, had: stated - 8)
            }
            place = 12
        }
        guard quality >= 128, offset == 0 else { return }
        guard place + 4 <= stated else {
            throw ParseFault(
                .truncated, .jpeg, "quantization table header", offset: place, needed: 4,
                had: stated - place)
        }
        guard place + 4 <= payload.count else { return }
        let length = Int(payload.uint16(at: place + 2))
        guard place + 4 + length <= stated else {
            throw ParseFault(
                .truncated, .jpeg, "quantization tables", offset: place + 4, needed: length,
                had: stated - place - 4)
        }
    }
}
