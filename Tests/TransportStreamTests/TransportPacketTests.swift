// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import TransportStream

@Suite struct TransportPacketTests {
    @Test func `header, clock and payload are read`() throws {
        let bytes = Write.packet(
            pid: 0x1abc, counter: 9, unitStart: true, flags: 0xc0,
            pcr: (1 << 33) * 300 - 1, [1, 2, 3])
        let packet = try TransportPacket(bytes)
        #expect(packet.header.pid == PacketIdentifier(0x1abc))
        #expect(packet.header.startsPayloadUnit)
        #expect(packet.header.continuityCounter == 9)
        #expect(!packet.header.hasTransportError)
        #expect(!packet.header.isScrambled)
        #expect(packet.adaptation?.isDiscontinuity == true)
        #expect(packet.adaptation?.isRandomAccess == true)
        #expect(packet.adaptation?.pcr?.ticks == ProgramClockReference.modulus - 1)
        #expect(packet.adaptation?.originalPCR == nil)
        #expect(packet.payload == 185..<188)
    }

    @Test func `an original PCR stands behind the PCR`() throws {
        var bytes = Write.packet(pid: 0x100, counter: 0, flags: 0x08, pcr: 600, [])
        bytes.replaceSubrange(12..<18, with: Write.reference(901))
        let packet = try TransportPacket(bytes)
        #expect(packet.adaptation?.pcr?.ticks == 600)
        #expect(packet.adaptation?.originalPCR?.ticks == 901)
        #expect(packet.payload == nil)
    }

    @Test func `row 49: an adaptation field of 255 octets is a fault with coordinates`() {
        var bytes = Write.packet(pid: 0x100, counter: 0, [UInt8](repeating: 0, count: 100))
        bytes[4] = 255
        #expect(
            throws: ParseFault(
                .invalid, .transportStream, "adaptation_field_length", offset: 4, needed: 182,
                had: 255)
        ) { try TransportPacket(bytes) }
    }

    @Test(arguments: [0, 1, 5, 6, 7, 12, 13, 182, 183, 184, 255])
    func `an adaptation field that is too short for its clocks is a fault`(length: Int) throws {
        var bytes = Write.packet(pid: 0x100, counter: 0, flags: 0x08, pcr: 0, [])
        bytes[4] = UInt8(length)
        if length == 0 {
            #expect(try TransportPacket(bytes).adaptation?.pcr == nil)
        } else if (13...183).contains(length) {
            #expect(try TransportPacket(bytes).adaptation?.length == length)
        } else {
            #expect(throws: ParseFault.self) { try TransportPacket(bytes) }
        }
    }

    @Test func `adaptation field control 0 is reserved`() {
        var bytes = Write.packet(pid: 0x100, counter: 0, [UInt8](repeating: 0, count: 184))
        bytes[3] &= 0xcf
        #expect(throws: ParseFault.self) { try TransportPacket(bytes) }
    }

    @Test func `every truncation is a fault, none traps`() {
        let bytes = Write.packet(pid: 0x100, counter: 0, pcr: 7, [1])
        for length in 0..<188 {
            #expect(
                throws: ParseFault(
                    .truncated, .transportStream, "packet", offset: 0, needed: 188, had: length)
            ) { try TransportPacket([UInt8](bytes.prefix(length))) }
        }
    }

    @Test func `clocks compare by the shorter way round`() {
        let late = ProgramClockReference(ticks: ProgramClockReference.modulus - 10)
        let early = ProgramClockReference(ticks: 5)
        #expect(early.ticks(since: late) == 15)
        #expect(late.ticks(since: early) == -15)
        #expect(ProgramClockReference(ticks: -1).ticks == ProgramClockReference.modulus - 1)
    }
}
