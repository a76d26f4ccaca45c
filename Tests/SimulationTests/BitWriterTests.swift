// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct BitWriterTests {
    @Test func `Exp-Golomb codes are those of table 9-2`() {
        var bits = BitWriter()
        for value in 0...4 { bits.writeUnsigned(value) }
        // 1 010 011 00100 00101, then trailing bits.
        bits.writeTrailingBits()
        #expect(bits.octets == [0b1010_0110, 0b0100_0010, 0b1100_0000])
    }

    @Test func `signed codes alternate from positive to negative`() {
        var bits = BitWriter()
        for value in [0, 1, -1, 2] { bits.writeSigned(value) }
        bits.align()
        #expect(bits.octets == [0b1010_0110, 0b0100_0000])
    }

    @Test func `thirty-two bits are written whole`() {
        var bits = BitWriter()
        bits.write(true)
        bits.write(0xdead_beef, bits: 32)
        bits.align(with: true)
        #expect(bits.octets == [0xef, 0x56, 0xdf, 0x77, 0xff])
        #expect(bits.isAligned)
    }

    @Test(
        arguments: [
            ([0, 0, 0], [0x65, 0, 0, 3, 0]),
            ([0, 0, 1], [0x65, 0, 0, 3, 1]),
            ([0, 0, 3], [0x65, 0, 0, 3, 3]),
            ([0, 0, 4], [0x65, 0, 0, 4]),
            ([0, 0, 0, 0, 0, 2], [0x65, 0, 0, 3, 0, 0, 3, 0, 2]),
        ] as [([UInt8], [UInt8])])
    func `a start code inside a NAL unit is broken up`(payload: [UInt8], unit: [UInt8]) {
        #expect(nalUnit(header: [0x65], payload: payload) == unit)
    }
}
