// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The header of an RTP packet (RFC 3550 section 5.1) and where its payload lies.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---+-+-+-------+-+-------------+-------------------------------+
/// |V=2|P|X|  CC   |M| payload type|        sequence number        |
/// +---+-+-+-------+-+-------------+-------------------------------+
/// |                           timestamp                           |
/// +---------------------------------------------------------------+
/// |                 synchronisation source (SSRC)                 |
/// +---------------------------------------------------------------+
/// |             contributing sources, CC times 32 bit             |
/// +-------------------------------+-------------------------------+
/// | X: defined by profile         | X: length in words            |
/// +-------------------------------+-------------------------------+
/// | X: extension ...                                              |
/// ```
/// Holds ranges into the packet, never bytes. A capture may have cut the packet (snap length):
/// lengths are then those that the packet had, ranges are those that can be read.
public struct RTPHeader: Hashable, Sendable {
    /// Whether the last octets are padding (P).
    public let hasPadding: Bool
    /// Marker; for video, as a rule, the last packet of a frame.
    public let marker: Bool
    /// Payload type, 0...127.
    public let payloadType: UInt8
    /// Sequence number, one more for each packet, modulo 2^16.
    public let sequenceNumber: UInt16
    /// When the payload was sampled, in ticks of the media clock, modulo 2^32.
    public let timestamp: UInt32
    /// Synchronisation source: which sender.
    public let ssrc: UInt32
    /// Contributing sources, 0...15.
    public let contributingSources: Int
    /// What the extension's first 16 bits say; nil without extension, or if it was cut off.
    public let extensionProfile: UInt16?
    /// The extension's captured content behind its four octets of header; empty without extension.
    public let extensionContent: Range<Int>
    /// Whether the length of the header is known.
    ///
    /// False only if the capture cut the packet before the length of the extension;
    /// `headerLength` is then the least that it can be.
    public let isComplete: Bool
    /// Octets of header, contributing sources and extension, as the packet had them.
    public let headerLength: Int
    /// The captured octets of the payload, without padding where the padding is visible.
    public let payload: Range<Int>
    /// Octets behind the header as the packet had them, padding included.
    public let payloadLength: Int
    /// Octets of padding, its own count included: 0 without padding, nil if it was cut off.
    public let paddingLength: Int?

    /// Octets of the fixed part (RFC 3550 section 5.1).
    public static let fixedLength = 12

    /// Octets of payload without padding; the padding counts if it is not known.
    public var contentLength: Int { payloadLength - (paddingLength ?? 0) }

    /// Whether the capture holds the whole payload.
    public var isPayloadWhole: Bool { payload.count == contentLength }

    /// Reads the header of `packet`, which had `statedLength` octets before the capture cut it.
    ///
    /// Octets behind `statedLength` are not looked at. Throws `truncated` if the packet had, or
    /// the capture kept, fewer octets than the fixed header; `truncated` if contributing sources
    /// or extension reach past the packet's end; `invalid` for another version than 2, and for
    /// padding of nothing or of more than the payload.
    public init(_ packet: Span<UInt8>, statedLength: Int) throws(ParseFault) {
        let stated = max(0, statedLength)
        let captured = min(packet.count, stated)
        try packet.extracting(0..<captured).require(RTPHeader.fixedLength, .rtp, "fixed header")
        let version = packet[0] >> 6
        guard version == 2 else {
            throw ParseFault(.invalid, .rtp, "version", offset: 0, needed: 2, had: Int(version))
        }
        hasPadding = packet[0] & 0x20 != 0
        contributingSources = Int(packet[0] & 0x0f)
        marker = packet[1] & 0x80 != 0
        payloadType = packet[1] & 0x7f
        sequenceNumber = packet.uint16(at: 2)
        timestamp = packet.uint32(at: 4)
        ssrc = packet.uint32(at: 8)

        let sources = RTPHeader.fixedLength + 4 * contributingSources
        guard sources <= stated else {
            throw ParseFault(
                .truncated, .rtp, "contributing sources", offset: RTPHeader.fixedLength,
                needed: 4 * contributingSources, had: stated - RTPHeader.fixedLength)
        }
        let hasExtension = packet[0] & 0x10 != 0
        let fields = try ExtensionFields(
            packet, captured: captured, stated: stated, at: sources, present: hasExtension)
        extensionProfile = fields.profile
        extensionContent = fields.content
        isComplete = fields.isLengthKnown
        headerLength = fields.end
        payloadLength = stated - headerLength
        paddingLength = try RTPHeader.padding(
            packet, captured: captured, stated: stated, payloadLength: payloadLength,
            present: hasPadding)
        let start = min(headerLength, captured)
        payload = start..<max(start, min(captured, stated - (paddingLength ?? 0)))
    }

    private static func padding(
        _ packet: Span<UInt8>, captured: Int, stated: Int, payloadLength: Int, present: Bool
    ) throws(ParseFault) -> Int? {
        guard present else { return 0 }
        guard captured == stated else { return nil }
        let length = Int(packet[stated - 1])
        guard length >= 1, length <= payloadLength else {
            throw ParseFault(
                .invalid, .rtp, "padding length", offset: stated - 1,
                needed: length == 0 ? 1 : payloadLength, had: length)
        }
        return length
    }
}

/// The header extension (RFC 3550 section 5.3.1), as far as the capture shows it.
private struct ExtensionFields {
    var profile: UInt16?
    var content: Range<Int>
    var isLengthKnown = true
    /// Where the payload begins, in the packet as it was.
    var end: Int

    init(
        _ packet: Span<UInt8>, captured: Int, stated: Int, at start: Int, present: Bool
    ) throws(ParseFault) {
        let place = min(start, captured)
        content = place..<place
        end = start
        guard present else { return }
        guard start + 4 <= stated else {
            throw ParseFault(
                .truncated, .rtp, "extension header", offset: start, needed: 4,
                had: stated - start)
        }
        end = start + 4
        guard start + 4 <= captured else {
            isLengthKnown = false
            return
        }
        profile = packet.uint16(at: start)
        let length = 4 * Int(packet.uint16(at: start + 2))
        end = start + 4 + length
        guard end <= stated else {
            throw ParseFault(
                .truncated, .rtp, "extension", offset: start + 4, needed: length,
                had: stated - start - 4)
        }
        content = (start + 4)..<min(end, captured)
    }
}
