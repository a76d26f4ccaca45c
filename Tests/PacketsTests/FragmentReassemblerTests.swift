// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing
import Timekeeping

@Suite struct FragmentReassemblerTests {
    /// A datagram of UDP with a payload that tells its places apart, 1,208 bytes long.
    private let whole = FrameBytes.udp((0..<1_200).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    private func piece(_ range: Range<Int>, more: Bool? = nil, identification: Int = 1) -> [UInt8] {
        let more = more ?? (range.upperBound < whole.count)
        return FrameBytes.ipv4(
            [UInt8](whole[range]), place: range.lowerBound / 8 | (more ? 0x2000 : 0),
            identification: identification)
    }

    private func give(
        _ frame: [UInt8], to reassembler: inout FragmentReassembler, at seconds: Int64 = 0,
        original: Int? = nil
    ) throws -> FragmentReassembler.Outcome {
        let packet = try #require(try read(frame, .rawIP, original: original).packet)
        return reassembler.receive(
            packet, in: frame.span, at: Instant(nanoseconds: seconds * 1_000_000_000))
    }

    private func datagram(_ outcome: FragmentReassembler.Outcome) -> FragmentReassembler.Datagram? {
        if case .completed(let datagram) = outcome { datagram } else { nil }
    }

    // MARK: - Whole datagrams

    @Test func `any order of the pieces gives the same datagram`() throws {
        var random = SeededGenerator(state: 3)
        let starts = Array(stride(from: 0, to: whole.count, by: 152))
        for _ in 0..<300 {
            var reassembler = FragmentReassembler()
            var found: FragmentReassembler.Datagram?
            for start in starts.shuffled(using: &random) {
                #expect(found == nil)
                found = datagram(
                    try give(piece(start..<min(start + 152, whole.count)), to: &reassembler))
            }
            let result = try #require(found)
            #expect(result.bytes == whole && result.pieces == starts.count)
            #expect(result.packet.ipLength == whole.count + 20 * starts.count)
            #expect(result.packet.payloadLength == whole.count && !result.packet.isCut)
            #expect(result.packet.fragment == nil)
            let udp = try UDPDatagram(result.packet, in: result.bytes.span)
            #expect(udp.payload == 8..<1_208)
            #expect(reassembler.count == 0 && reassembler.bytesInUse == 0)
            #expect(reassembler.counters.completed == 1)
        }
    }

    @Test func `IPv6 pieces are put together, headers within them included`() throws {
        let options: [UInt8] = [17, 0, 1, 4, 0, 0, 0, 0]
        let content = options + whole
        var reassembler = FragmentReassembler()
        let first = FrameBytes.ipv6(
            [60, 0, 0, 1, 0, 0, 0, 9] + content[..<1_000], next: 44)
        let second = FrameBytes.ipv6(
            [60, 0] + bytes16(1_000) + [0, 0, 0, 9] + content[1_000...], next: 44)
        #expect(try give(second, to: &reassembler) == .held)
        let result = try #require(datagram(try give(first, to: &reassembler)))
        #expect(result.packet.ipProtocol == .udp && result.packet.payload == 8..<1_216)
        let udp = try UDPDatagram(result.packet, in: result.bytes.span)
        #expect(udp.payloadLength == 1_200)
    }

    @Test func `pieces of different datagrams are not mixed`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(0..<800, identification: 1), to: &reassembler) == .held)
        #expect(try give(piece(800..<1_208, identification: 2), to: &reassembler) == .held)
        #expect(reassembler.count == 2)
        #expect(datagram(try give(piece(800..<1_208), to: &reassembler)) != nil)
        #expect(reassembler.count == 1)
    }

    // MARK: - Cut captures

    @Test func `a datagram cut by the snap length keeps its stated length`() throws {
        var reassembler = FragmentReassembler()
        let (first, second) = (piece(0..<800), piece(800..<1_208))
        #expect(
            try give([UInt8](first[..<96]), to: &reassembler, original: first.count) == .held)
        let result = try #require(
            datagram(try give([UInt8](second[..<96]), to: &reassembler, original: second.count)))
        #expect(result.bytes == [UInt8](whole[..<76]))
        #expect(result.packet.isCut && result.packet.payloadLength == 1_208)
        #expect(result.packet.ipLength == 1_248)
        #expect(try UDPDatagram(result.packet, in: result.bytes.span).payloadLength == 1_200)
        #expect(reassembler.counters.cut == 1)
    }

    // MARK: - Hostile pieces

    @Test func `a piece that overlaps another is refused and the first wins`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(0..<800), to: &reassembler) == .held)
        var forged = piece(792..<1_208)
        forged[20] = 0xff
        #expect(try give(forged, to: &reassembler) == .refused)
        #expect(try give(piece(8..<16), to: &reassembler) == .refused)
        #expect(reassembler.counters.overlaps == 2)
        #expect(datagram(try give(piece(800..<1_208), to: &reassembler))?.bytes == whole)
    }

    @Test func `a second end, or a piece beyond the end, is refused`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(800..<808, more: false), to: &reassembler) == .held)
        #expect(try give(piece(808..<816, more: false), to: &reassembler) == .refused)
        #expect(try give(piece(816..<824, more: true), to: &reassembler) == .refused)
        #expect(try give(piece(8..<16, more: false), to: &reassembler) == .refused)
        #expect(reassembler.counters.overlaps == 3)
    }

    @Test func `a duplicate is counted and changes nothing`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(0..<800), to: &reassembler) == .held)
        #expect(try give(piece(0..<800), to: &reassembler) == .refused)
        #expect(reassembler.counters.duplicates == 1)
        let result = datagram(try give(piece(800..<1_208), to: &reassembler))
        #expect(result?.packet.ipLength == 1_248)
    }

    @Test func `pieces that no datagram can have are refused`() throws {
        var reassembler = FragmentReassembler()
        let empty = FrameBytes.ipv4([], place: 0x2001)
        let odd = FrameBytes.ipv4([1, 2, 3], place: 0x2000)
        let beyond = FrameBytes.ipv4([UInt8](repeating: 0, count: 16), place: 0x1fff)
        for frame in [empty, odd, beyond] {
            #expect(try give(frame, to: &reassembler) == .refused)
        }
        #expect(reassembler.counters.invalid == 3)
        #expect(reassembler.count == 0 && reassembler.bytesInUse == 0)
    }

    @Test func `tiny pieces are put together, up to a number`() throws {
        var reassembler = FragmentReassembler()
        for start in stride(from: 0, to: 1_200, by: 8) {
            #expect(try give(piece(start..<start + 8, more: true), to: &reassembler) == .held)
        }
        #expect(datagram(try give(piece(1_200..<1_208), to: &reassembler))?.bytes == whole)
        for index in 0...FragmentReassembler.pieceLimit {
            let tiny = FrameBytes.ipv4([UInt8](repeating: 0, count: 8), place: 0x2000 | index)
            let outcome = try give(tiny, to: &reassembler)
            #expect(outcome == (index < FragmentReassembler.pieceLimit ? .held : .refused))
        }
    }

    // MARK: - Bounds

    @Test func `100,000 pieces that are never completed stay within the bounds`() throws {
        var reassembler = FragmentReassembler()
        let payload = [UInt8](repeating: 0, count: 1_480)
        for index in 0..<100_000 {
            let frame = FrameBytes.ipv4(
                payload, place: 0x2000 | index % 40 * 185, identification: index / 40 % 65_536)
            _ = try give(frame, to: &reassembler, at: Int64(index / 5_000))
            #expect(reassembler.bytesInUse <= FragmentReassembler.byteLimit)
            #expect(reassembler.count <= FragmentReassembler.datagramLimit)
        }
        #expect(reassembler.counters.evicted > 2_000)
        #expect(reassembler.counters.completed == 0)
    }

    @Test func `the number of datagrams is bounded, and the oldest goes first`() throws {
        var reassembler = FragmentReassembler()
        for identification in 0..<FragmentReassembler.datagramLimit + 5 {
            let frame = piece(0..<800, identification: identification)
            #expect(try give([UInt8](frame[..<28]), to: &reassembler, original: 820) == .held)
        }
        #expect(reassembler.count == FragmentReassembler.datagramLimit)
        #expect(reassembler.counters.evicted == 5)
        let last = FragmentReassembler.datagramLimit + 4
        #expect(
            try give(piece(800..<1_208, identification: 0), to: &reassembler) == .held)
        #expect(
            datagram(try give(piece(800..<1_208, identification: last), to: &reassembler)) != nil)
    }

    @Test func `pieces expire after 30 seconds`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(0..<800), to: &reassembler, at: 100) == .held)
        reassembler.expire(at: Instant(nanoseconds: 130_000_000_000))
        #expect(reassembler.count == 1)
        #expect(try give(piece(800..<1_208), to: &reassembler, at: 131) == .held)
        #expect(reassembler.counters.expired == 1 && reassembler.count == 1)
    }

    @Test func `time that jumps back expires nothing`() throws {
        var reassembler = FragmentReassembler()
        #expect(try give(piece(0..<800), to: &reassembler, at: 1_000) == .held)
        #expect(datagram(try give(piece(800..<1_208), to: &reassembler, at: 5)) != nil)
    }

    @Test func `random pieces never trap, and memory is given back`() throws {
        var random = SeededGenerator(state: 11)
        var reassembler = FragmentReassembler()
        for round in 0..<20_000 {
            let frame = FrameBytes.ipv4(
                [UInt8](repeating: 1, count: Int.random(in: 0..<64, using: &random)),
                place: Int.random(in: 0..<6, using: &random)
                    | (Bool.random(using: &random) ? 0x2000 : 0),
                identification: Int.random(in: 0..<50, using: &random))
            guard let packet = try read(frame, .ipv4).packet, packet.fragment != nil else {
                continue
            }
            let time = Instant(nanoseconds: Int64(round) * 10_000_000)
            if let found = datagram(reassembler.receive(packet, in: frame.span, at: time)) {
                #expect(found.bytes.count == found.packet.payloadLength)
            }
        }
        reassembler.expire(at: Instant(nanoseconds: .max))
        #expect(reassembler.count == 0 && reassembler.bytesInUse == 0)
    }
}
