// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@Suite struct SpanIntegersTests {
    static let bytes: [UInt8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x10]

    @Test func `numbers are read with the most significant octet first`() {
        let span = Self.bytes.span
        #expect(span.uint16(at: 0) == 0x0123)
        #expect(span.uint24(at: 0) == 0x012345)
        #expect(span.uint32(at: 0) == 0x0123_4567)
        #expect(span.uint64(at: 0) == 0x0123_4567_89ab_cdef)
    }

    @Test func `numbers are read from any offset, aligned or not`() {
        let span = Self.bytes.span
        #expect(span.uint16(at: 7) == 0xef10)
        #expect(span.uint24(at: 5) == 0xabcdef)
        #expect(span.uint32(at: 3) == 0x6789_abcd)
        #expect(span.uint64(at: 1) == 0x2345_6789_abcd_ef10)
    }

    @Test func `little-endian numbers are read with the least significant octet first`() {
        let span = Self.bytes.span
        #expect(span.littleEndian16(at: 1) == 0x4523)
        #expect(span.littleEndian32(at: 5) == 0x10ef_cdab)
    }

    @Test func `the top bit does not make a number negative`() {
        let ones = [UInt8](repeating: 0xff, count: 8)
        #expect(ones.span.uint16(at: 0) == .max)
        #expect(ones.span.uint24(at: 0) == 0xff_ffff)
        #expect(ones.span.uint32(at: 0) == .max)
        #expect(ones.span.uint64(at: 0) == .max)
    }

    @Test func `a requirement that the bytes meet does not throw`() throws {
        let span = Self.bytes.span
        try span.require(9, .udp, "header")
        try span.require(0, at: 9, .udp, "payload")
        try span.require(2, at: 7, .udp, "checksum")
    }

    @Test(arguments: [
        (10, 0, 9), (1, 9, 0), (3, 7, 2), (.max, 0, 9), (.max, 5, 4), (1, .max, 0),
    ])
    func `a requirement beyond the end says what was needed, what was there and where`(
        length: Int, offset: Int, had: Int
    ) {
        let expected = ParseFault(
            .truncated, .udp, "header", offset: offset, needed: length, had: had)
        #expect(fault(requiring: length, at: offset) == expected)
    }

    @Test(arguments: [(-1, 0), (1, -1), (.min, 0), (1, .min), (.min, .min)])
    func `a negative length or offset is a fault and not a trap`(length: Int, offset: Int) {
        #expect(fault(requiring: length, at: offset)?.kind == .truncated)
    }

    @Test func `nothing can be required of no bytes but nothing`() throws {
        let none: [UInt8] = []
        try none.span.require(0, .rtp, "payload")
        #expect(throws: ParseFault(.truncated, .rtp, "header", offset: 0, needed: 12, had: 0)) {
            try none.span.require(12, .rtp, "header")
        }
    }

    private func fault(requiring length: Int, at offset: Int) -> ParseFault? {
        do throws(ParseFault) {
            try Self.bytes.span.require(length, at: offset, .udp, "header")
            return nil
        } catch {
            return error
        }
    }
}
