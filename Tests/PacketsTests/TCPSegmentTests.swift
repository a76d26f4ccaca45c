// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing

@Suite struct TCPSegmentTests {
    private func segment(_ bytes: [UInt8], keep: Int? = nil) throws -> TCPSegment {
        let whole = FrameBytes.ipv4(bytes, ipProtocol: 6)
        let frame = [UInt8](whole[..<(keep ?? whole.count)])
        let packet = try #require(try read(frame, .ipv4, original: whole.count).packet)
        return try TCPSegment(packet, in: frame.span)
    }

    @Test func `numbers, flags and payload are found`() throws {
        let found = try segment(FrameBytes.tcp([1, 2, 3], sequence: 0xffff_fffe, words: 8))
        #expect(found.sourcePort == 554 && found.destinationPort == 40_000)
        #expect(found.sequence == 0xffff_fffe && found.acknowledgement == 7)
        #expect(found.flags == [.psh, .ack] && found.window == 0x2000)
        #expect(found.payload == 52..<55 && found.payloadLength == 3 && !found.isCut)
    }

    @Test func `options missing from the capture hide nothing else`() throws {
        let found = try segment(FrameBytes.tcp([1, 2, 3], words: 8), keep: 44)
        #expect(found.payload.isEmpty && found.payloadLength == 3 && found.isCut)
    }

    @Test func `every truncation keeps the stated length or is refused`() throws {
        let bytes = FrameBytes.tcp([UInt8](repeating: 0, count: 40), words: 8)
        for keep in 20..<(20 + bytes.count) {
            guard let found = try? segment(bytes, keep: keep) else {
                #expect(keep < 40)
                continue
            }
            #expect(found.payloadLength == 40 && found.payload.count == max(0, keep - 52))
        }
    }

    @Test(arguments: [0, 4] as [UInt8])
    func `a data offset below the header is refused`(words: UInt8) {
        #expect(throws: ParseFault.self) { try segment(FrameBytes.tcp([1, 2], words: words)) }
    }

    @Test func `a data offset beyond the packet is refused`() {
        var bytes = FrameBytes.tcp([1, 2])
        bytes[12] = 0xf0
        #expect(
            throws: ParseFault(.invalid, .tcp, "data offset", offset: 32, needed: 22, had: 60)
        ) { try segment(bytes) }
    }
}
