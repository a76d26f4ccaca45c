// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import TransportStream

@Suite struct PESHeaderTests {
    private let greatest: UInt64 = (1 << 33) - 1

    @Test func `both times are read to the last bit`() throws {
        let header = try PESHeader(
            Write.pes(time: greatest, decoding: 0x1_5555_5555, aligned: true).span)
        #expect(header.isVideo)
        #expect(header.isAligned)
        #expect(header.presentationTime == greatest)
        #expect(header.decodingTime == 0x1_5555_5555)
        #expect(header.payloadOffset == 19)
        #expect(header.packetLength == 0)
    }

    @Test func `a time alone, and none`() throws {
        let one = try PESHeader(Write.pes(time: 90_000).span)
        #expect(one.presentationTime == 90_000)
        #expect(one.decodingTime == nil)
        #expect(try PESHeader(Write.pes(time: nil).span).presentationTime == nil)
    }

    @Test func `padding has no flags`() throws {
        let header = try PESHeader([0, 0, 1, 0xbe, 0, 9].span)
        #expect(header.payloadOffset == 6)
        #expect(!header.isVideo)
    }

    @Test func `every truncation is a fault`() {
        let bytes = Write.pes(time: 1, decoding: 2)
        for length in 0..<bytes.count {
            #expect(throws: ParseFault.self) { try PESHeader(Array(bytes.prefix(length)).span) }
        }
    }

    @Test(arguments: [(2, 0), (6, 0x40), (7, 0x40), (8, 4), (9, 0x20), (11, 0), (13, 0)])
    func `what the standard forbids is a fault`(offset: Int, value: Int) {
        var bytes = Write.pes(time: 0)
        bytes[offset] = UInt8(value)
        #expect(throws: ParseFault.self) { try PESHeader(bytes.span) }
    }

    @Test func `a header of 255 octets that is not there is a fault`() {
        var bytes = Write.pes(time: 0)
        bytes[8] = 255
        #expect(
            throws: ParseFault(.truncated, .pes, "header", offset: 9, needed: 255, had: 5)
        ) { try PESHeader(bytes.span) }
    }
}
