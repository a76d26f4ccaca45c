// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import TransportStream

@Suite struct ProgramTablesTests {
    @Test func `the check sum is CRC-32 MPEG-2`() {
        // The check value that catalogues of check sums give for the digits 1 to 9.
        #expect(SectionChecksum.of(Array("123456789".utf8).span) == 0x0376_e6e7)
    }

    @Test func `an association table names programmes and their maps`() throws {
        let table = try ProgramAssociationTable(
            Write.association([(0, 0x10), (1, 0x1000), (2, 0x1001)]).span)
        #expect(table.programs.map(\.number) == [1, 2])
        #expect(table.programs.map(\.mapPID.value) == [0x1000, 0x1001])
        #expect(table.header.isCurrent)
    }

    @Test func `row 51: a map at PID 0 or among the null packets is ignored and counted`() throws {
        let table = try ProgramAssociationTable(
            Write.association([(1, 0), (2, 0x1fff), (3, 0x0f), (4, 0x10)]).span)
        #expect(table.programs.map(\.number) == [4])
        #expect(table.misdirected == 3)
    }

    @Test func `programmes beyond sixteen are counted`() throws {
        let table = try ProgramAssociationTable(
            Write.association((1...40).map { ($0, 0x100 + $0) }).span)
        #expect(table.programs.count == 16)
        #expect(table.ignored == 24)
    }

    @Test func `a map names the clock and the codecs`() throws {
        let table = try ProgramMapTable(
            Write.map(clock: 0x100, [(0x24, 0x100), (0x0f, 0x101), (0x06, 0x102)]).span)
        #expect(table.clockPID == PacketIdentifier(0x100))
        #expect(table.streams.map(\.type.codec) == ["h265", "aac", nil])
        #expect(table.streams.map(\.type.kind) == [.video, .audio, .other])
    }

    @Test func `row 51: a wrong check sum is a fault, whichever bit is wrong`() {
        let section = Write.map(clock: 0x100, [(0x1b, 0x100)])
        for bit in 0..<section.count * 8 {
            var wrong = section
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: ParseFault.self) { try ProgramMapTable(wrong.span) }
        }
    }

    @Test func `row 51: a section length of 4095 is over the limit`() {
        var section = Write.map(clock: 0x100, [(0x1b, 0x100)])
        section[1] |= 0x0f
        section[2] = 0xff
        #expect(
            throws: ParseFault(
                .overLimit, .psi, "section_length", offset: 1, needed: 1021, had: 4095)
        ) { try ProgramMapTable(section.span) }
    }

    @Test func `every truncation is a fault`() {
        let map = Write.map(clock: 0x100, [(0x1b, 0x100)])
        let association = Write.association([(1, 0x1000)])
        for length in 0..<map.count {
            #expect(throws: ParseFault.self) {
                try ProgramMapTable(Array(map.prefix(length)).span)
            }
        }
        for length in 0..<association.count {
            #expect(throws: ParseFault.self) {
                try ProgramAssociationTable(Array(association.prefix(length)).span)
            }
        }
    }

    @Test func `lengths that leave the table are faults`() {
        let info = Write.section(table: 2, id: 1, [0xe1, 0, 0xf0, 200])
        #expect(throws: ParseFault.self) { try ProgramMapTable(info.span) }
        let stream = Write.section(table: 2, id: 1, [0xe1, 0, 0xf0, 0, 0x1b, 0xe1, 0, 0xff, 0xff])
        #expect(throws: ParseFault.self) { try ProgramMapTable(stream.span) }
        let short = Write.section(table: 2, id: 1, [0xe1])
        #expect(throws: ParseFault.self) { try ProgramMapTable(short.span) }
    }

    @Test func `one table is not another`() {
        #expect(throws: ParseFault.self) {
            try ProgramMapTable(Write.association([(1, 0x1000)]).span)
        }
        #expect(throws: ParseFault.self) {
            try ProgramAssociationTable(Write.map(clock: 0x100, []).span)
        }
    }
}
