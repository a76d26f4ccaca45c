// SPDX-License-Identifier: Apache-2.0
public import Octets

/// Walks the RTCP packets of one datagram (RFC 3550 section 6.1), one after another.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---+-+---------+---------------+-------------------------------+
/// |V=2|P|  count  |  packet type  | length in words, less one     |
/// +---+-+---------+---------------+-------------------------------+
/// |                            content                            |
/// ```
/// ```swift
/// var compound = RTCPCompound(statedLength: length)
/// while let packet = compound.next(in: datagram) { ... }
/// if let fault = compound.firstFault { ... }
/// ```
/// Takes what is found in the field: several compounds in one datagram, reduced-size packets
/// without report (RFC 5506), packets behind a BYE. A packet whose content is broken is dropped
/// and counted; those before and behind it are kept. Once the lengths do not add up nothing
/// behind can be found, and the walk ends. Makes no allocation.
///
/// SRTCP (RFC 3711 section 3.4) keeps the first eight octets in clear; see `RTCPPacket.encrypted`.
public struct RTCPCompound: Hashable, Sendable {
    /// Octets that the datagram had before the capture cut it.
    public let statedLength: Int
    /// Where the next packet begins.
    public private(set) var offset = 0
    /// The first thing that was wrong, with its place in the datagram.
    public private(set) var firstFault: ParseFault?
    /// How many packets or tails were dropped.
    public private(set) var faults = 0
    private var isEnded = false

    /// Prepares to walk a datagram that had `statedLength` octets.
    public init(statedLength: Int) {
        self.statedLength = max(0, statedLength)
    }

    /// The octets of the header that all RTCP packets share.
    static let headerLength = 4

    /// Whether a packet that begins with these two octets is RTCP and not RTP (RFC 5761 section 4).
    ///
    /// True for version 2 and an assigned packet type: 192...195 and 200...213. The RTP payload
    /// types 64...95 with marker that this takes away may not be used beside RTCP.
    public static func looksLikeRTCP(_ first: UInt8, _ second: UInt8) -> Bool {
        first >> 6 == 2 && ((192...195).contains(second) || (200...213).contains(second))
    }

    /// The next packet whose content is sound, or nil at the end.
    ///
    /// `datagram` must be the same bytes at every call.
    public mutating func next(in datagram: Span<UInt8>) -> RTCPPacket? {
        if offset == 0, !isEnded, let clear = RTCPCompound.encrypted(datagram, statedLength) {
            isEnded = true
            return clear
        }
        while !isEnded, offset < statedLength {
            let frame: RTCPFrame
            do {
                frame = try RTCPFrame(datagram, at: offset, statedLength: statedLength)
            } catch {
                isEnded = true
                note(error)
                return nil
            }
            offset = frame.end
            do {
                return try RTCPPacket(frame, in: datagram)
            } catch {
                note(error)
            }
        }
        return nil
    }

    private mutating func note(_ fault: ParseFault) {
        faults += 1
        firstFault = firstFault ?? fault
    }

    /// What of SRTCP is in clear, if the datagram is SRTCP by all appearance.
    ///
    /// The test: the first packet is framed, what follows is neither nothing nor RTCP, and where
    /// the trailer should be there is a word with the E flag and an index below 2^24 (more than
    /// two years of one packet each 5 s). The word lies before an authentication tag of 10 or 4
    /// octets (RFC 3711 section 3.4), or at the end (RFC 7714 section 9.2). Chance takes broken
    /// plain RTCP for this once in 85 times; the cost is one report less.
    private static func encrypted(_ datagram: Span<UInt8>, _ statedLength: Int) -> RTCPPacket? {
        guard datagram.count >= statedLength,
            let first = try? RTCPFrame(datagram, at: 0, statedLength: statedLength),
            first.end - first.start >= 8, first.end < statedLength,
            (try? RTCPFrame(datagram, at: first.end, statedLength: statedLength)) == nil
        else { return nil }
        func isIndex(_ place: Int) -> Bool {
            place >= first.end && datagram.uint32(at: place) >> 24 == 0x80
        }
        let end = statedLength - 4
        guard isIndex(end - 10) || isIndex(end - 4) || isIndex(end) else { return nil }
        return .encrypted(packetType: first.packetType, ssrc: datagram.uint32(at: 4))
    }
}

/// The place of one RTCP packet in its datagram.
struct RTCPFrame: Hashable {
    var start: Int
    /// Behind the packet, padding included.
    var end: Int
    /// Behind the content, padding excluded.
    var contentEnd: Int
    /// The five bits behind version and padding: a count, a subtype or a format.
    var count: Int
    var packetType: UInt8

    var content: Range<Int> { (start + RTCPCompound.headerLength)..<contentEnd }

    /// Reads the header at `start`; throws when version, type, length or padding are wrong.
    init(_ datagram: Span<UInt8>, at start: Int, statedLength: Int) throws(ParseFault) {
        let captured = min(datagram.count, statedLength)
        try datagram.extracting(0..<captured).require(
            RTCPCompound.headerLength, at: start, .rtcp, "header")
        let first = datagram[start]
        guard first >> 6 == 2 else {
            throw ParseFault(
                .invalid, .rtcp, "version", offset: start, needed: 2, had: Int(first >> 6))
        }
        packetType = datagram[start + 1]
        guard RTCPCompound.looksLikeRTCP(first, packetType) else {
            throw ParseFault(
                .invalid, .rtcp, "packet type", offset: start + 1, needed: 200,
                had: Int(packetType))
        }
        let length = 4 * (Int(datagram.uint16(at: start + 2)) + 1)
        guard length <= statedLength - start else {
            throw ParseFault(
                .truncated, .rtcp, "length", offset: start + 2, needed: length,
                had: statedLength - start)
        }
        guard length <= captured - start else {
            throw ParseFault(
                .truncated, .rtcp, "captured packet", offset: start, needed: length,
                had: captured - start)
        }
        self.start = start
        end = start + length
        count = Int(first & 0x1f)
        let padding = first & 0x20 == 0 ? 0 : Int(datagram[end - 1])
        let room = length - RTCPCompound.headerLength
        guard first & 0x20 == 0 || (padding >= 1 && padding <= room) else {
            throw ParseFault(
                .invalid, .rtcp, "padding length", offset: end - 1,
                needed: padding == 0 ? 1 : room, had: padding)
        }
        contentEnd = end - padding
    }
}
