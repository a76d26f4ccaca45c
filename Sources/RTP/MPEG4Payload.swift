// SPDX-License-Identifier: Apache-2.0
import Octets

/// The payload format of MPEG-4 Visual (RFC 6416 section 5): the bit stream itself, cut so that
/// headers and pictures begin at the beginning of a packet.
extension PayloadReading {
    /// Reads a payload of MPEG-4 Visual that had `statedLength` octets before the capture cut it.
    ///
    /// A packet that does not begin with a start code continues a picture; nothing can be told of
    /// it. Where the payload begins with a start code the headers are walked up to the picture.
    public static func mpeg4(_ payload: Span<UInt8>, statedLength: Int) -> PayloadReading {
        var reading = PayloadReading(.mpeg4)
        guard max(statedLength, payload.count) > 0 else {
            reading.note(
                ParseFault(.truncated, .mpeg4, "payload", offset: 0, needed: 1, had: 0))
            return reading
        }
        guard payload.count >= 4 else { return reading }
        guard payload.uint24(at: 0) == 1 else {
            reading.fragment = .middle
            return reading
        }
        reading.fragment = .first
        var place = 0
        while let code = MPEG4StartCode.next(in: payload, from: place) {
            switch code.value {
            case 0x20...0x2f:
                reading.sequenceParameters = 0..<payload.count
            case 0xb6:
                // vop_coding_type: 0 intra, 1 predicted, 2 both ways, 3 sprite.
                if code.offset + 4 < payload.count, payload[code.offset + 4] >> 6 == 0 {
                    reading.isKeyFrame = true
                    reading.beginsKeyFrame = true
                }
                if reading.sequenceParameters != nil {
                    reading.sequenceParameters = 0..<code.offset
                }
                return reading
            default: break
            }
            place = code.offset + 4
        }
        return reading
    }
}
