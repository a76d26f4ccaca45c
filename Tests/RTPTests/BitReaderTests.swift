// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import RTP

@Suite struct BitReaderTests {
    @Test func `bits are read across octets`() throws {
        var reader = BitReader([0b1010_0110, 0b1100_0000], .h264)
        #expect(try reader.flag("one"))
        #expect(try reader.bits(9, "nine") == 0b010011011)
        try reader.skip(6, "rest")
        #expect(reader.isAtEnd)
        #expect(throws: ParseFault.self) { try reader.flag("more") }
    }

    @Test func `emulation prevention is taken out`() throws {
        var reader = BitReader(nal: octets("000003010000030003").span, .h264)
        #expect(try reader.bits(32, "first") == 0x0000_0100)
        #expect(try reader.bits(24, "second") == 0x00_0003)
    }

    @Test(arguments: [0, 1, 2, 7, 8, 255, 65_535, 4_294_967_294]) func `codes come back`(
        value: Int
    ) throws {
        var writer = BitWriter()
        writer.unsigned(value)
        writer.signed(-value / 2)
        writer.signed(value / 2)
        writer.put(1, 1)
        var reader = BitReader(nal: writer.octets.span, .h265)
        #expect(try reader.unsigned("value") == value)
        #expect(try reader.signed("below") == -value / 2)
        #expect(try reader.signed("above") == value / 2)
        #expect(try reader.flag("end"))
    }

    @Test func `a code of more than 32 bits is refused`() {
        var reader = BitReader([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff], .h264)
        #expect(
            throws: ParseFault(.invalid, .h264, "value", offset: 0, needed: 31, had: 32)
        ) { try reader.unsigned("value") }
    }

    @Test func `a number above its limit is refused`() {
        var reader = BitReader([0b0010_0000], .h265)
        #expect(throws: ParseFault(.invalid, .h265, "value", offset: 0, needed: 2, had: 3)) {
            try reader.unsigned("value", atMost: 2)
        }
    }

    @Test func `what a VUI begins with is skipped whole`() throws {
        // Aspect ratio 255 with its two numbers, overscan, a video signal with colours, chroma.
        var writer = BitWriter()
        writer.put(1, 1)
        writer.put(255, 8)
        writer.put(0x1234_5678, 32)
        writer.put(0b11, 2)
        writer.put(1, 1)
        writer.put(0b0101_1, 5)
        writer.put(0x01_0203, 24)
        writer.put(1, 1)
        writer.unsigned(4)
        writer.unsigned(2)
        writer.put(0b101, 3)
        var reader = BitReader(writer.octets, .h264)
        try reader.skipDisplayInformation()
        #expect(try reader.bits(3, "rest") == 0b101)
        // None of them: four zeros.
        var bare = BitReader([0b0000_1010], .h265)
        try bare.skipDisplayInformation()
        #expect(try bare.bits(4, "rest") == 0b1010)
    }

    @Test func `no more than the limit is read of a NAL unit`() {
        let reader = BitReader(nal: [UInt8](repeating: 1, count: 100_000).span, .h264)
        var copy = reader
        #expect((try? copy.skip(BitReader.maxOctets * 8, "all")) != nil)
        #expect(copy.isAtEnd)
    }
}
