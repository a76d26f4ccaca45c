// SPDX-License-Identifier: Apache-2.0
public import Octets

/// The check sum of sections: CRC-32/MPEG-2 (ISO/IEC 13818-1 annex A).
///
/// Polynomial 0x04c11db7, begun with all ones, most significant bit first, not inverted. Over a
/// section with its check sum it gives zero.
public enum SectionChecksum {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index) << 24
        for _ in 0..<8 {
            value = value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04c1_1db7
        }
        return value
    }

    /// The check sum of `bytes`.
    public static func of(_ bytes: Span<UInt8>) -> UInt32 {
        var sum: UInt32 = 0xffff_ffff
        for index in bytes.indices {
            sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 24) ^ bytes[index])]
        }
        return sum
    }
}

/// What every section of PAT and PMT begins with (ISO/IEC 13818-1 2.4.4.3 and 2.4.4.8).
///
///     +----------+-+-+--+------------+------------------+--+-----+-+--------+--------+
///     | table id |1|0|11|  length 12 | id extension, 16 |11| ver |C| number |  last  |
///     +----------+-+-+--+------------+------------------+--+-----+-+--------+--------+
///     then the table, then a check sum of four octets, both inside `length`
public struct SectionHeader: Hashable, Sendable {
    /// Which table the section belongs to.
    public let tableID: UInt8
    /// The stream's number in a PAT, the programme's in a PMT.
    public let idExtension: UInt16
    /// 0…31.
    public let version: UInt8
    /// Holds now; otherwise it will hold later.
    public let isCurrent: Bool
    /// Which section of the table this is.
    public let number: UInt8
    /// The number of the last section of the table.
    public let lastNumber: UInt8
    /// Where the table lies in the section.
    public let body: Range<Int>

    /// Reads a whole section and checks its sum.
    ///
    /// Throws `truncated` if octets are missing, `overLimit` for a section_length above 1021,
    /// `invalid` without the long syntax, with a length too small, or with a wrong sum.
    public init(_ section: Span<UInt8>) throws(ParseFault) {
        try section.require(3, .psi, "section")
        let length = Int(section.uint16(at: 1) & 0x0fff)
        guard length <= SectionAssembler.limit - 3 else {
            throw ParseFault(
                .overLimit, .psi, "section_length", offset: 1, needed: SectionAssembler.limit - 3,
                had: length)
        }
        guard section[1] & 0x80 != 0 else {
            throw ParseFault(
                .invalid, .psi, "section_syntax_indicator", offset: 1, needed: 1, had: 0)
        }
        // Five octets of header behind the length, and four of check sum.
        guard length >= 9 else {
            throw ParseFault(.invalid, .psi, "section_length", offset: 1, needed: 9, had: length)
        }
        try section.require(length, at: 3, .psi, "section")
        let sum = SectionChecksum.of(section.extracting(0..<3 + length))
        guard sum == 0 else {
            throw ParseFault(
                .invalid, .psi, "CRC_32", offset: length - 1, needed: 0, had: Int(sum))
        }
        tableID = section[0]
        idExtension = section.uint16(at: 3)
        version = section[5] >> 1 & 0x1f
        isCurrent = section[5] & 1 != 0
        number = section[6]
        lastNumber = section[7]
        body = 8..<length - 1
    }

    /// The same of a section that is to belong to one table.
    fileprivate init(_ section: Span<UInt8>, of table: UInt8) throws(ParseFault) {
        try self.init(section)
        guard tableID == table else {
            throw ParseFault(
                .invalid, .psi, "table_id", offset: 0, needed: Int(table), had: Int(tableID))
        }
    }
}

/// Which programmes there are, and the PID of each one's map (ISO/IEC 13818-1 2.4.4.3).
public struct ProgramAssociationTable: Hashable, Sendable {
    /// The table identifier of the PAT.
    public static let tableID: UInt8 = 0
    /// Programmes taken.
    ///
    /// A camera sends one; further ones are counted.
    public static let programLimit = 16

    /// One programme.
    public struct Program: Hashable, Sendable {
        /// Its number in the stream; never 0.
        public var number: UInt16
        /// Where its map is sent.
        public var mapPID: PacketIdentifier
    }

    /// What the section began with.
    public let header: SectionHeader
    /// Programmes in the order of the table.
    public let programs: [Program]
    /// Entries that point to a PID where no map may be: 0 to 15, or the null packets.
    public let misdirected: Int
    /// Programmes beyond `programLimit`.
    public let ignored: Int

    /// Reads a whole section.
    ///
    /// Throws what `SectionHeader` throws, or `invalid` for another table.
    public init(_ section: Span<UInt8>) throws(ParseFault) {
        header = try SectionHeader(section, of: Self.tableID)
        var programs: [Program] = []
        var misdirected = 0
        var ignored = 0
        var place = header.body.lowerBound
        while place + 4 <= header.body.upperBound {
            let number = section.uint16(at: place)
            let pid = PacketIdentifier(section.uint16(at: place + 2))
            place += 4
            // Programme 0 names the network information table, which says nothing of video.
            if number == 0 { continue }
            if !pid.isAssignable {
                misdirected += 1
            } else if programs.count >= Self.programLimit {
                ignored += 1
            } else {
                programs.append(Program(number: number, mapPID: pid))
            }
        }
        (self.programs, self.misdirected, self.ignored) = (programs, misdirected, ignored)
    }
}

/// What a programme consists of (ISO/IEC 13818-1 2.4.4.8).
public struct ProgramMapTable: Hashable, Sendable {
    /// The table identifier of a PMT.
    public static let tableID: UInt8 = 2
    /// Elementary streams taken of one programme; further ones are counted.
    public static let streamLimit = 32

    /// One elementary stream.
    public struct ElementaryStream: Hashable, Sendable {
        /// Where it is sent.
        public var pid: PacketIdentifier
        /// What it is.
        public var type: StreamType
    }

    /// What the section began with.
    public let header: SectionHeader
    /// Nil if the programme has no clock.
    public let clockPID: PacketIdentifier?
    /// Elementary streams in the order of the table.
    public let streams: [ElementaryStream]
    /// Streams beyond `streamLimit`, or at a PID where none may be.
    public let ignored: Int

    /// Reads a whole section.
    ///
    /// Throws what `SectionHeader` throws, or `invalid` for another table or for a list of
    /// descriptors that leaves the section.
    public init(_ section: Span<UInt8>) throws(ParseFault) {
        header = try SectionHeader(section, of: Self.tableID)
        let end = header.body.upperBound
        var place = header.body.lowerBound
        guard place + 4 <= end else {
            throw ParseFault(
                .truncated, .psi, "program map", offset: place, needed: 4, had: end - place)
        }
        let clock = PacketIdentifier(section.uint16(at: place))
        clockPID = clock.isAssignable ? clock : nil
        let infoLength = Int(section.uint16(at: place + 2) & 0x0fff)
        place += 4
        guard infoLength <= end - place else {
            throw ParseFault(
                .invalid, .psi, "program_info_length", offset: place - 2, needed: end - place,
                had: infoLength)
        }
        place += infoLength
        var streams: [ElementaryStream] = []
        var ignored = 0
        while place + 5 <= end {
            let pid = PacketIdentifier(section.uint16(at: place + 1))
            let length = Int(section.uint16(at: place + 3) & 0x0fff)
            guard length <= end - place - 5 else {
                throw ParseFault(
                    .invalid, .psi, "ES_info_length", offset: place + 3, needed: end - place - 5,
                    had: length)
            }
            let descriptors = section.extracting(place + 5..<place + 5 + length)
            if pid.isAssignable, streams.count < Self.streamLimit {
                let type = StreamType(section[place], descriptors: descriptors)
                streams.append(ElementaryStream(pid: pid, type: type))
            } else {
                ignored += 1
            }
            place += 5 + length
        }
        (self.streams, self.ignored) = (streams, ignored)
    }
}
