// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The thirteen-bit number that says whose a transport packet is (ISO/IEC 13818-1 2.4.3.3).
public struct PacketIdentifier: Hashable, Sendable {
    /// 0…8191.
    public let value: UInt16

    /// Takes the low thirteen bits.
    public init(_ bits: UInt16) { value = bits & 0x1fff }

    /// The programme association table.
    public static let programAssociation = PacketIdentifier(0)
    /// Null packets: filling, whose continuity counter means nothing.
    public static let null = PacketIdentifier(0x1fff)

    /// Whether tables and elementary streams may use it (ISO/IEC 13818-1 table 2-3).
    public var isAssignable: Bool { value >= 0x0010 && value < 0x1fff }
}

/// The first four octets of a transport packet (ISO/IEC 13818-1 2.4.3.2).
///
///      0                   1                   2                   3
///     +---------------+-+-+-+-------------------------+---+---+-------+
///     |  sync = 0x47  |E|U|P|           PID           | S | A |  CC   |
///     +---------------+-+-+-+-------------------------+---+---+-------+
///     E transport error   U payload unit start   P priority
///     S scrambling control   A adaptation field control   CC continuity counter
public struct TransportHeader: Hashable, Sendable {
    /// The value of every packet's first octet.
    public static let sync: UInt8 = 0x47
    /// Octets in the header.
    public static let length = 4

    /// The demodulator or a network element marked the packet as damaged.
    public let hasTransportError: Bool
    /// A PES packet or a section begins in the payload.
    public let startsPayloadUnit: Bool
    /// Whose the packet is.
    public let pid: PacketIdentifier
    /// 0 if clear; 1 reserved; 2 and 3 scrambled with the even and the odd key.
    public let scramblingControl: UInt8
    /// An adaptation field follows the header.
    public let hasAdaptationField: Bool
    /// A payload follows; only then the continuity counter advances.
    public let hasPayload: Bool
    /// 0…15.
    public let continuityCounter: UInt8

    /// Whether the payload is scrambled.
    public var isScrambled: Bool { scramblingControl != 0 }

    /// Reads the header at the start of `bytes`.
    ///
    /// Throws `truncated` below four octets, `invalid` without the sync octet.
    public init(_ bytes: Span<UInt8>) throws(ParseFault) {
        try bytes.require(Self.length, .transportStream, "header")
        guard bytes[0] == Self.sync else {
            throw ParseFault(
                .invalid, .transportStream, "sync_byte", offset: 0, needed: Int(Self.sync),
                had: Int(bytes[0]))
        }
        hasTransportError = bytes[1] & 0x80 != 0
        startsPayloadUnit = bytes[1] & 0x40 != 0
        pid = PacketIdentifier(bytes.uint16(at: 1))
        scramblingControl = bytes[3] >> 6
        hasAdaptationField = bytes[3] & 0x20 != 0
        hasPayload = bytes[3] & 0x10 != 0
        continuityCounter = bytes[3] & 0x0f
    }
}

/// A transport packet: its header, its adaptation field and where its payload lies.
///
/// 188 octets, whatever stands around them (ISO/IEC 13818-1 2.4.3.2). Holds ranges into the
/// octets given, never the octets.
public struct TransportPacket: Hashable, Sendable {
    /// Octets in a packet.
    public static let length = 188

    /// The first four octets.
    public let header: TransportHeader
    /// Nil if there is none.
    public let adaptation: AdaptationField?
    /// Where the payload lies; nil if there is none.
    ///
    /// Never empty.
    public let payload: Range<Int>?

    /// Reads the packet at the start of `bytes`.
    ///
    /// Throws `truncated` below 188 octets, `invalid` without the sync octet, with the reserved
    /// adaptation field control 0, or with an adaptation field that leaves the packet.
    /// An adaptation field with nothing behind it should be 183 octets long; a shorter one is
    /// taken, and what follows it is no payload.
    public init(_ bytes: Span<UInt8>) throws(ParseFault) {
        try bytes.require(Self.length, .transportStream, "packet")
        header = try TransportHeader(bytes)
        guard header.hasAdaptationField || header.hasPayload else {
            throw ParseFault(
                .invalid, .transportStream, "adaptation_field_control", offset: 3, needed: 1,
                had: 0)
        }
        var payloadStart = TransportHeader.length
        if header.hasAdaptationField {
            // A payload takes at least one octet, so 182 are left for the field beside it.
            let limit = header.hasPayload ? 182 : 183
            let length = Int(bytes[4])
            guard length <= limit else {
                throw ParseFault(
                    .invalid, .transportStream, "adaptation_field_length", offset: 4,
                    needed: limit, had: length)
            }
            adaptation = try AdaptationField(bytes, length: length)
            payloadStart = 5 + length
        } else {
            adaptation = nil
        }
        payload = header.hasPayload ? payloadStart..<Self.length : nil
    }
}

/// What a packet says beside its payload (ISO/IEC 13818-1 2.4.3.4).
///
///     +---------------+-+-+-+-+-+-+-+-+------------+-------------+--
///     |    length     |D|R|p|P|O|S|T|E| PCR, 6 oct. | OPCR, 6 oct. | ...
///     +---------------+-+-+-+-+-+-+-+-+------------+-------------+--
///     D discontinuity   R random access   p priority   P PCR follows   O OPCR follows
///     S splice countdown   T private data   E extension: not read
public struct AdaptationField: Hashable, Sendable {
    /// Octets behind the length octet: 0…183.
    public let length: Int
    /// The clock or the continuity counter may break here on purpose.
    public let isDiscontinuity: Bool
    /// A decoder may begin here.
    public let isRandomAccess: Bool
    /// The clock at this packet; nil if it is not told.
    public let pcr: ProgramClockReference?
    /// The PCR of the stream that this one was cut from.
    public let originalPCR: ProgramClockReference?

    /// Reads the field whose length octet stands at 4 of a whole packet.
    init(_ bytes: Span<UInt8>, length: Int) throws(ParseFault) {
        self.length = length
        guard length > 0 else {
            (isDiscontinuity, isRandomAccess, pcr, originalPCR) = (false, false, nil, nil)
            return
        }
        let flags = bytes[5]
        isDiscontinuity = flags & 0x80 != 0
        isRandomAccess = flags & 0x40 != 0
        let wantsPCR = flags & 0x10 != 0
        let wantsOPCR = flags & 0x08 != 0
        let needed = 1 + (wantsPCR ? 6 : 0) + (wantsOPCR ? 6 : 0)
        guard length >= needed else {
            throw ParseFault(
                .invalid, .transportStream, "adaptation_field_length", offset: 4, needed: needed,
                had: length)
        }
        pcr = wantsPCR ? ProgramClockReference(bytes, at: 6) : nil
        originalPCR = wantsOPCR ? ProgramClockReference(bytes, at: wantsPCR ? 12 : 6) : nil
    }
}

/// A sample of the sender's 27 MHz clock (ISO/IEC 13818-1 2.4.3.5).
///
///     +---------------------------------+------------+-----------+
///     |   base, 33 bits, 90 kHz         | 6 reserved | ext, 9 bit|
///     +---------------------------------+------------+-----------+
public struct ProgramClockReference: Hashable, Sendable {
    /// Ticks a second.
    public static let hertz: Int64 = 27_000_000
    /// Where the count begins again: 2³³ ticks of 90 kHz, about 26.5 hours.
    public static let modulus: Int64 = (1 << 33) * 300

    /// 0 up to, not including, `modulus`.
    public let ticks: Int64

    /// Takes `ticks` modulo the clock's range.
    public init(ticks: Int64) {
        let remainder = ticks % Self.modulus
        self.ticks = remainder < 0 ? remainder + Self.modulus : remainder
    }

    /// Reads the six octets at `offset`, which must be there.
    ///
    /// An extension above 299, which the standard does not allow, counts as what it says.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        let base = Int64(bytes.uint32(at: offset)) << 1 | Int64(bytes[offset + 4] >> 7)
        let extensionTicks = Int64(bytes.uint16(at: offset + 4) & 0x01ff)
        self.init(ticks: base * 300 + extensionTicks)
    }

    /// Ticks from `earlier` to this one by the shorter way round: negative if it lies behind.
    public func ticks(since earlier: ProgramClockReference) -> Int64 {
        let difference = ticks - earlier.ticks
        if difference > Self.modulus / 2 { return difference - Self.modulus }
        if difference < -Self.modulus / 2 { return difference + Self.modulus }
        return difference
    }
}
