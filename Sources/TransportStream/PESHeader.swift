// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The head of a packetised elementary stream packet (ISO/IEC 13818-1 2.4.3.6).
///
///     +------------------------+-----------+------------------+
///     |  00 00 01              | stream id |  packet length   |
///     +--+--+-+-+-+-+--+-------+-----------+------------------+
///     |10|SC|P|A|C|O|TD| flags | header len | PTS, 5 | DTS, 5 | ...
///     +--+--+-+-+-+-+--+-------+------------+--------+--------+
///     SC scrambling   A data alignment   TD which of PTS and DTS follow
public struct PESHeader: Hashable, Sendable {
    /// Whose the packet is: 0xe0…0xef is video, 0xc0…0xdf audio.
    public let streamID: UInt8
    /// Octets behind this field; 0 if the sender does not say, as video may.
    public let packetLength: Int
    /// The payload is scrambled, the transport packets are not.
    public let isScrambled: Bool
    /// An access unit begins right behind the header.
    public let isAligned: Bool
    /// When to show the access unit, 33 bits of 90 kHz.
    public let presentationTime: UInt64?
    /// When to decode it; nil if it is the presentation time.
    public let decodingTime: UInt64?
    /// Where the elementary stream goes on, from the start of the PES packet.
    public let payloadOffset: Int

    /// Whether `streamID` is a video stream's (ISO/IEC 13818-1 table 2-22).
    public var isVideo: Bool { Self.isVideo(streamID) }

    /// Whether `streamID` is a video stream's; 0xfd is what extended identifiers use (VC-1).
    static func isVideo(_ streamID: UInt8) -> Bool { streamID & 0xf0 == 0xe0 || streamID == 0xfd }

    /// Reads the head at the start of `bytes`, which may hold less than the packet.
    ///
    /// Throws `truncated` if the head does not fit, `invalid` for a wrong start code, wrong
    /// marker bits, or a header length too small for the times it should hold.
    public init(_ bytes: Span<UInt8>) throws(ParseFault) {
        try bytes.require(6, .pes, "header")
        guard bytes.uint24(at: 0) == 1 else {
            throw ParseFault(
                .invalid, .pes, "packet_start_code_prefix", offset: 0, needed: 1,
                had: Int(bytes.uint24(at: 0)))
        }
        streamID = bytes[3]
        packetLength = Int(bytes.uint16(at: 4))
        guard !Self.isBare(streamID) else {
            (isScrambled, isAligned) = (false, false)
            (presentationTime, decodingTime) = (nil, nil)
            payloadOffset = 6
            return
        }
        try bytes.require(3, at: 6, .pes, "header")
        guard bytes[6] & 0xc0 == 0x80 else {
            throw ParseFault(
                .invalid, .pes, "marker bits", offset: 6, needed: 2, had: Int(bytes[6] >> 6))
        }
        isScrambled = bytes[6] & 0x30 != 0
        isAligned = bytes[6] & 0x04 != 0
        let length = Int(bytes[8])
        let times = bytes[7] >> 6
        let needed = times == 3 ? 10 : times == 2 ? 5 : 0
        guard times != 1 else {
            throw ParseFault(.invalid, .pes, "PTS_DTS_flags", offset: 7, needed: 2, had: 1)
        }
        guard length >= needed else {
            throw ParseFault(
                .invalid, .pes, "PES_header_data_length", offset: 8, needed: needed, had: length)
        }
        try bytes.require(length, at: 9, .pes, "header")
        presentationTime = needed > 0 ? try Self.time(bytes, at: 9) : nil
        decodingTime = needed > 5 ? try Self.time(bytes, at: 14) : nil
        payloadOffset = 9 + length
    }

    /// Streams whose packets have no flags: maps, padding, private 2, and control streams.
    private static func isBare(_ streamID: UInt8) -> Bool {
        switch streamID {
        case 0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff: true
        default: false
        }
    }

    /// 33 bits in five octets: 4 of prefix, 3 bits and a marker, 15 and a marker, 15 and one.
    private static func time(_ bytes: Span<UInt8>, at offset: Int) throws(ParseFault) -> UInt64 {
        guard bytes[offset] & bytes[offset + 2] & bytes[offset + 4] & 1 == 1 else {
            throw ParseFault(.invalid, .pes, "marker_bit", offset: offset, needed: 1, had: 0)
        }
        return UInt64(bytes[offset] >> 1 & 0x07) << 30
            | UInt64(bytes.uint16(at: offset + 1) >> 1) << 15
            | UInt64(bytes.uint16(at: offset + 3) >> 1)
    }
}
