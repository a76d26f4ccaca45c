// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct H264PayloadTests {
    static let sequence = H264SequenceParametersTests.high
    static let picture = octets("68ebe3cb22c0")
    static let slice = octets("6588840021")
    static var aggregate: [UInt8] {
        [0x78] + [sequence, picture, slice].flatMap { [0, UInt8($0.count)] + $0 }
    }

    static func read(_ bytes: [UInt8], stated: Int? = nil) -> PayloadReading {
        .h264(bytes.span, statedLength: stated ?? bytes.count)
    }

    @Test func `a single unit is named, and an IDR slice begins a key frame`() {
        let reading = Self.read(Self.slice)
        #expect(reading.unitTypes == 1 << 5)
        #expect(reading.isKeyFrame)
        #expect(reading.beginsKeyFrame)
        #expect(reading.fragment == .whole)
        #expect(!reading.isDamaged)
        let later = Self.read(octets("6540"))
        #expect(later.isKeyFrame)
        #expect(!later.beginsKeyFrame)
        #expect(!Self.read(octets("419a00")).isKeyFrame)
    }

    @Test func `an aggregate gives its parameter sets and its key frame`() throws {
        let bytes = Self.aggregate
        let reading = Self.read(bytes)
        #expect(reading.unitTypes == 1 << 5 | 1 << 7 | 1 << 8)
        #expect(reading.sequenceParameters == 3..<(3 + Self.sequence.count))
        #expect(reading.pictureParameters.map { Array(bytes[$0]) } == Self.picture)
        #expect(reading.beginsKeyFrame)
        #expect(try reading.format(in: bytes.span)?.width == 1280)
    }

    @Test func `other aggregates are walked over their order and time`() {
        let stapB = [0x79, 0, 1, 0, UInt8(Self.picture.count)] + Self.picture
        #expect(Self.read(stapB).pictureParameters == 5..<11)
        let mtap16 = [0x7a, 0, 1, 0, UInt8(Self.picture.count), 0, 1, 2] + Self.picture
        #expect(Self.read(mtap16).pictureParameters == 8..<14)
        let mtap24 = [0x7b, 0, 1, 0, UInt8(Self.picture.count), 0, 1, 2, 3] + Self.picture
        #expect(Self.read(mtap24).pictureParameters == 9..<15)
        #expect(!Self.read(mtap24).isDamaged)
    }

    @Test func `an aggregated unit past the end damages the frame`() {
        var bytes = Self.aggregate
        bytes[2] = 200
        let reading = Self.read(bytes)
        #expect(
            reading.fault
                == ParseFault(
                    .truncated, .h264, "aggregated NAL unit", offset: 1, needed: 200,
                    had: bytes.count - 3))
        #expect(Self.read(octets("780000")).fault?.kind == .invalid)
        #expect(Self.read(octets("7800")).fault?.kind == .truncated)
        #expect(Self.read(octets("78")).isDamaged)
    }

    @Test func `fragments tell their place and their key frame`() {
        let first = Self.read(octets("7c858884"))
        #expect(first.fragment == .first)
        #expect(first.beginsKeyFrame)
        let middle = Self.read(octets("7c058884"))
        #expect(middle.fragment == .middle)
        #expect(middle.isKeyFrame)
        #expect(!middle.beginsKeyFrame)
        #expect(Self.read(octets("7c458884")).fragment == .last)
        #expect(!Self.read(octets("5c819a00")).isKeyFrame)
        #expect(Self.read(octets("7d8500018884")).beginsKeyFrame)
    }

    @Test func `a fragment that both begins and ends damages the frame`() {
        #expect(
            Self.read(octets("7cc58884")).fault
                == ParseFault(
                    .invalid, .h264, "FU start and end", offset: 1, needed: 0x80, had: 0xc0))
        #expect(Self.read(octets("7c9c88")).isDamaged)
        #expect(Self.read(octets("7c")).isDamaged)
    }

    @Test func `a parameter set in fragments is read from the first`() throws {
        let bytes = [0x7c, 0x87] + Self.sequence.dropFirst()
        let reading = Self.read(bytes)
        #expect(try reading.format(in: bytes.span)?.height == 720)
    }

    @Test func `forbidden bit, reserved types and nothing at all damage the frame`() {
        #expect(Self.read(octets("e58884")).fault?.field == "forbidden_zero_bit")
        #expect(Self.read(octets("008884")).isDamaged)
        #expect(Self.read(octets("7e8884")).isDamaged)
        #expect(Self.read([]).isDamaged)
        #expect(Self.read(octets("78 0001 18")).isDamaged)
    }

    @Test func `what the capture cut is no damage`() {
        let bytes = Self.aggregate
        for length in 0..<bytes.count {
            let reading = Self.read(Array(bytes.prefix(length)), stated: bytes.count)
            #expect(!reading.isDamaged)
        }
        #expect(!Self.read([0x7c], stated: 1400).isDamaged)
    }

    @Test func `thousands of units in a packet are refused`() {
        let bytes = [0x78] + Array(repeating: [0, 1, 0x67] as [UInt8], count: 4096).joined()
        let reading = Self.read(bytes)
        #expect(reading.fault?.kind == .overLimit)
        #expect(reading.sequenceParameters == 3..<4)
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 21)
        let seeds = [Self.aggregate, [0x7c, 0x87] + Self.sequence.dropFirst(), Self.slice]
        for round in 0..<6000 {
            let bytes = random.mutation(of: seeds[round % 3])
            let reading = Self.read(bytes, stated: Int(random.next() % 60))
            _ = try? reading.format(in: bytes.span)
            #expect((reading.pictureParameters?.upperBound ?? 0) <= bytes.count)
        }
    }
}
