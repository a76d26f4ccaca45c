// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Streams

/// A reassembler with what came out of it.
private struct Desk {
    var reassembler = TCPReassembler()
    /// Octets in order; nil for one that was given up.
    var stream: [UInt8?] = []
    var now: Int64 = 1_000_000_000_000
    var acknowledged: UInt32?

    mutating func receive(_ sequence: UInt32, _ octets: [UInt8], length: Int? = nil) {
        let length = length ?? octets.count
        let skipped = reassembler.receive(
            sequence: sequence, length: length, octets: octets.span, at: now)
        if let skipped {
            stream += octets.dropFirst(skipped).map { $0 }
            stream += Array(
                repeating: nil, count: length - skipped - max(0, octets.count - skipped))
        }
        drain()
    }

    mutating func drain() {
        while let output = reassembler.output(at: now, acknowledged: acknowledged) {
            switch output {
            case .segment(let octets, let length, _):
                stream += octets.map { $0 }
                stream += Array(repeating: nil, count: length - octets.count)
            case .gap(let count, _): stream += Array(repeating: nil, count: count)
            }
        }
    }
}

@Suite struct TCPReassemblerTests {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)

    private func desk(
        _ segments: [(UInt32, String)], from start: UInt32 = 100,
        acknowledged: UInt32? = nil
    ) -> Desk {
        var desk = Desk()
        desk.reassembler.started(sequence: start &- 1)
        desk.acknowledged = acknowledged
        for (sequence, text) in segments { desk.receive(sequence, Array(text.utf8)) }
        return desk
    }

    private func text(_ desk: Desk) -> String {
        String(decoding: desk.stream.map { $0 ?? UInt8(ascii: ".") }, as: UTF8.self)
    }

    @Test func `segments in order pass at once`() {
        let desk = desk([(100, "abc"), (103, "def"), (106, "g")])
        #expect(text(desk) == "abcdefg")
        #expect(desk.reassembler.retransmissions == 0)
        #expect(desk.reassembler.sawStart)
    }

    @Test func `a segment that was overtaken comes into its place`() {
        let desk = desk([(100, "abc"), (106, "ghi"), (109, "j"), (103, "def")])
        #expect(text(desk) == "abcdefghij")
        #expect(desk.reassembler.missingOctets == 0)
        #expect(desk.reassembler.retransmissions == 0)
    }

    @Test func `a gap that is filled late was sent again`() {
        var desk = desk([(100, "abc"), (106, "ghi")])
        desk.now += 200_000_000
        desk.receive(103, Array("def".utf8))
        #expect(text(desk) == "abcdefghi")
        #expect(desk.reassembler.retransmissions == 1)
    }

    @Test(
        arguments: [
            ([(100, "abc"), (100, "abc"), (103, "d")], "abcd", 1),
            ([(100, "abc"), (101, "bcd")], "abcd", 1),
            ([(100, "abcd"), (101, "bc"), (104, "e")], "abcde", 1),
            ([(100, "ab"), (100, "abcd")], "abcd", 1),
            ([(102, "cd"), (100, "abcd"), (104, "e")], "abcde", 1),
            ([(102, "cd"), (101, "bcde"), (100, "a")], "abcde", 1),
            ([(102, "cde"), (102, "cde"), (100, "ab")], "abcde", 1),
            ([(102, "cde"), (102, "cd"), (100, "ab")], "abcde", 1),
            ([(102, "cd"), (102, "cdef"), (100, "ab")], "abcdef", 1),
            ([(102, "cde"), (103, "d"), (100, "ab")], "abcde", 1),
            ([(104, "e"), (102, "cdef"), (100, "ab")], "abcdef", 1),
        ] as [([(UInt32, String)], String, UInt64)])
    func `every kind of overlap gives each octet once`(
        segments: [(UInt32, String)], expected: String, again: UInt64
    ) {
        let desk = desk(segments)
        #expect(text(desk) == expected)
        #expect(desk.reassembler.retransmissions == again)
        #expect(desk.reassembler.missingOctets == 0)
    }

    @Test func `sequence numbers wrap`() {
        let desk = desk(
            [(.max - 2, "abc"), (3, "ghi"), (0, "def"), (.max - 2, "abc")], from: .max - 2)
        #expect(text(desk) == "abcdefghi")
        #expect(desk.reassembler.retransmissions == 1)
        #expect(desk.reassembler.missingOctets == 0)
    }

    @Test func `a gap behind the wrap is given up by an acknowledgement behind it`() {
        let desk = desk([(.max - 2, "abc"), (3, "ghi")], from: .max - 2, acknowledged: 6)
        #expect(text(desk) == "abc...ghi")
        #expect(desk.reassembler.missingOctets == 3)
    }

    @Test func `keep-alives are no retransmission`() {
        let desk = desk([(100, "abc"), (102, "c"), (102, "c"), (103, "d")])
        #expect(text(desk) == "abcd")
        #expect(desk.reassembler.retransmissions == 0)
    }

    @Test func `a connection whose start was not seen begins with its first segment`() {
        var desk = Desk()
        desk.receive(7_000, Array("xyz".utf8))
        desk.receive(6_997, Array("uvw".utf8))
        #expect(text(desk) == "xyz")
        #expect(!desk.reassembler.sawStart)
    }

    @Test func `a gap is given up when the receiver has what lies behind it`() {
        var desk = desk([(100, "abc"), (106, "ghi")], acknowledged: 103)
        #expect(text(desk) == "abc")
        desk.acknowledged = 109
        desk.drain()
        #expect(text(desk) == "abc...ghi")
        #expect(desk.reassembler.missingOctets == 3)
    }

    @Test func `a gap is given up when more than the limit waits behind it`() {
        var desk = Desk()
        desk.reassembler.started(sequence: 99)
        let block = [UInt8](repeating: 1, count: 60_000)
        var sequence: UInt32 = 110
        for _ in 0..<8 {
            desk.receive(sequence, block)
            sequence += 60_000
            #expect(desk.stream.isEmpty)
        }
        desk.receive(sequence, block)
        #expect(desk.stream.count == 10 + 9 * 60_000)
        #expect(desk.reassembler.missingOctets == 10)
    }

    @Test func `a gap is given up when too many segments wait behind it`() {
        var desk = Desk()
        desk.reassembler.started(sequence: 99)
        for number in 0..<UInt32(TCPReassembler.heldSegmentLimit) {
            desk.receive(101 + number, [1])
        }
        #expect(desk.stream.isEmpty)
        desk.receive(101 + UInt32(TCPReassembler.heldSegmentLimit), [1])
        #expect(desk.stream.count == 2 + TCPReassembler.heldSegmentLimit)
    }

    @Test func `a gap is given up after a second`() {
        var desk = desk([(100, "abc"), (106, "ghi")])
        desk.now += TCPReassembler.patience
        desk.drain()
        #expect(text(desk) == "abc")
        desk.now += 1
        desk.drain()
        #expect(text(desk) == "abc...ghi")
    }

    @Test func `what comes of a gap that was given up changes nothing`() {
        let desk = desk([(100, "abc"), (106, "ghi"), (103, "def"), (109, "j")], acknowledged: 109)
        #expect(text(desk) == "abc...ghij")
        #expect(desk.reassembler.retransmissions == 1)
    }

    @Test func `a segment cut by the snap length keeps its place`() {
        var desk = desk([(100, "ab")])
        desk.receive(106, Array("gh".utf8), length: 4)
        desk.receive(102, Array("cd".utf8), length: 4)
        desk.receive(108, Array("ij".utf8), length: 4)
        #expect(text(desk) == "abcd..gh....")
        #expect(desk.reassembler.missingOctets == 0)
    }

    @Test func `a step longer than any window is a new connection under old ports`() {
        let far = 100 + UInt32(TCPReassembler.longestGap)
        let desk = desk([(100, "abc"), (105, "f"), (far + 3, "xyz"), (far + 6, "!")])
        #expect(text(desk) == "abcxyz!")
        #expect(desk.reassembler.missingOctets == 0)
    }

    @Test func `a new start forgets what was held`() {
        var desk = desk([(100, "abc"), (106, "ghi")])
        desk.reassembler.started(sequence: 5_000_000)
        desk.receive(5_000_001, Array("new".utf8))
        #expect(text(desk) == "abcnew")
    }

    @Test func `a start that comes again throws nothing back`() {
        var desk = desk([(100, "abc")])
        desk.reassembler.started(sequence: 99)
        desk.receive(103, Array("def".utf8))
        #expect(text(desk) == "abcdef")
        #expect(desk.reassembler.missingOctets == 0)
    }

    /// Segments of `count` octets in any order, with duplicates and overlaps.
    private static func shuffled(
        _ count: Int, from start: UInt32, _ random: inout SeededRandom
    ) -> [(UInt32, [UInt8])] {
        var cuts = (0..<12).map { _ in Int.random(in: 0...count, using: &random) } + [0, count]
        cuts.sort()
        var ranges = zip(cuts, cuts.dropFirst()).map { $0.0..<$0.1 }
        for _ in 0..<8 {
            let first = Int.random(in: 0..<count, using: &random)
            let last = Int.random(in: first...count, using: &random)
            ranges.append(first..<last)
        }
        ranges.shuffle(using: &random)
        return ranges.map { range in
            (start &+ UInt32(range.lowerBound), range.map { UInt8(truncatingIfNeeded: $0 &* 31) })
        }
    }

    @Test func `any order with duplicates and overlaps gives the same octets`() {
        var random = SeededRandom(5)
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...400, using: &random)
            let start = UInt32.max - UInt32.random(in: 0...500, using: &random)
            var desk = Desk()
            desk.reassembler.started(sequence: start &- 1)
            for (sequence, octets) in Self.shuffled(count, from: start, &random) {
                desk.receive(sequence, octets)
            }
            let expected = (0..<count).map { UInt8?(UInt8(truncatingIfNeeded: $0 &* 31)) }
            guard desk.stream == expected else {
                Issue.record("\(count) octets from \(start): \(desk.stream.count)")
                return
            }
            #expect(desk.reassembler.missingOctets == 0)
        }
    }

    @Test func `with losses nothing stalls, and octets keep their places`() {
        var random = SeededRandom(6)
        for _ in 0..<500 {
            let count = Int.random(in: 50...400, using: &random)
            var desk = Desk()
            desk.reassembler.started(sequence: 4_294_967_294)
            var segments = Self.shuffled(count, from: .max, &random)
            segments.removeAll { $0.1.isEmpty || Bool.random(using: &random) }
            for (sequence, octets) in segments { desk.receive(sequence, octets) }
            desk.now += TCPReassembler.patience + 1
            desk.drain()
            let end = segments.map { Int($0.0 &+ 1) + $0.1.count }.max() ?? 0
            #expect(desk.stream.count == end)
            for (place, octet) in desk.stream.enumerated() {
                guard let octet else { continue }
                #expect(octet == UInt8(truncatingIfNeeded: place &* 31))
            }
            #expect(desk.stream.filter { $0 == nil }.count == Int(desk.reassembler.missingOctets))
        }
    }

    @Test func `hostile sequence numbers trap nowhere and hold no more than the limit`() {
        var random = SeededRandom(7)
        var desk = Desk()
        let block = [UInt8](repeating: 7, count: 1_400)
        for _ in 0..<20_000 {
            desk.now &+= Int64.random(in: -1_000_000...2_000_000, using: &random)
            let near = UInt32.random(in: 0...40_000, using: &random)
            let sequence =
                Int.random(in: 0..<10, using: &random) == 0
                ? UInt32.random(in: 0...(.max), using: &random)
                : (desk.reassembler.next ?? 0) &+ near &- 2_000
            if Int.random(in: 0..<50, using: &random) == 0 {
                desk.reassembler.started(sequence: sequence)
            }
            desk.acknowledged =
                Bool.random(using: &random) ? UInt32.random(in: 0...(.max), using: &random) : nil
            let count = Int.random(in: 0...1_400, using: &random)
            desk.receive(
                sequence, Array(block.prefix(count)),
                length: count + Int.random(in: 0...65_535, using: &random) % 3_000)
            #expect(desk.reassembler.heldSegments <= TCPReassembler.heldSegmentLimit)
            #expect(desk.reassembler.heldOctets <= TCPReassembler.heldLimit + 65_535)
            desk.stream.removeAll(keepingCapacity: true)
        }
    }
}
