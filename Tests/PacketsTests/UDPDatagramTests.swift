// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing

@Suite struct UDPDatagramTests {
    private func datagram(_ bytes: [UInt8], keep: Int? = nil) throws -> UDPDatagram {
        let whole = FrameBytes.ipv4(bytes)
        let frame = [UInt8](whole[..<(keep ?? whole.count)])
        let packet = try #require(try read(frame, .ipv4, original: whole.count).packet)
        return try UDPDatagram(packet, in: frame.span)
    }

    @Test func `ports and payload are found`() throws {
        let found = try datagram(FrameBytes.udp([1, 2, 3]))
        #expect(found.sourcePort == 5_004 && found.destinationPort == 6_004)
        #expect(found.payload == 28..<31 && found.payloadLength == 3 && !found.isCut)
    }

    @Test func `bytes after the stated length are not payload`() throws {
        let found = try datagram(FrameBytes.udp([1, 2, 3, 4, 5, 6], length: 10))
        #expect(found.payload == 28..<30 && found.payloadLength == 2)
    }

    @Test func `a payload missing from the capture keeps its length`() throws {
        let found = try datagram(FrameBytes.udp([UInt8](repeating: 0, count: 1_400)), keep: 28)
        #expect(found.payload.isEmpty && found.payloadLength == 1_400 && found.isCut)
    }

    @Test func `an empty datagram is legal`() throws {
        #expect(try datagram(FrameBytes.udp([])).payload.isEmpty)
    }

    @Test(arguments: [0, 7, 12, 65_535])
    func `a length below the header or beyond the packet is refused`(length: Int) {
        #expect(throws: ParseFault.self) {
            try datagram(FrameBytes.udp([1, 2, 3], length: length))
        }
    }

    @Test func `a length beyond the packet is refused in a cut capture too`() {
        let bytes = FrameBytes.udp([UInt8](repeating: 0, count: 100), length: 109)
        #expect(
            throws: ParseFault(.invalid, .udp, "length", offset: 24, needed: 108, had: 109)
        ) { try datagram(bytes, keep: 40) }
    }

    @Test func `a header cut short is refused at every length`() {
        for keep in 20..<28 {
            #expect(
                throws: ParseFault(
                    .truncated, .udp, "header", offset: 20, needed: 8, had: keep - 20)
            ) { try datagram(FrameBytes.udp([1]), keep: keep) }
        }
    }
}
