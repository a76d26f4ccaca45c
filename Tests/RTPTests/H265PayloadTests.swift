// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct H265PayloadTests {
    static let video = octets("40010c01ffff016000000300900000030000030078959409")
    static let sequence = H265SequenceParametersTests.full
    static let picture = octets("4401c073c189")
    static var aggregate: [UInt8] {
        [0x60, 0x01] + [video, sequence, picture].flatMap { [0, UInt8($0.count)] + $0 }
    }

    static func read(_ bytes: [UInt8], stated: Int? = nil) -> PayloadReading {
        .h265(bytes.span, statedLength: stated ?? bytes.count)
    }

    @Test func `single units are named and random access points are key frames`() {
        let idr = Self.read(octets("2601afcc"))
        #expect(idr.unitTypes == 1 << 19)
        #expect(idr.beginsKeyFrame)
        #expect(Self.read(octets("2a01afcc")).isKeyFrame)
        #expect(!Self.read(octets("26012fcc")).beginsKeyFrame)
        #expect(!Self.read(octets("0201d0cc")).isKeyFrame)
    }

    @Test func `an aggregate gives all three parameter sets`() throws {
        let bytes = Self.aggregate
        let reading = Self.read(bytes)
        #expect(reading.videoParameters.map { Array(bytes[$0]) } == Self.video)
        #expect(reading.pictureParameters.map { Array(bytes[$0]) } == Self.picture)
        #expect(try reading.format(in: bytes.span)?.width == 1920)
        #expect(!reading.isDamaged)
    }

    @Test func `fragments tell their place, their key frame and their parameter set`() throws {
        let first = Self.read(octets("620193af"))
        #expect(first.fragment == .first)
        #expect(first.beginsKeyFrame)
        #expect(Self.read(octets("620113af")).fragment == .middle)
        #expect(Self.read(octets("620153af")).fragment == .last)
        let bytes = [0x62, 0x01, 0xa1] + Self.sequence.dropFirst(2)
        #expect(try Self.read(bytes).format(in: bytes.span)?.height == 1080)
    }

    @Test func `content information is looked through`() {
        // PACI of a fragment, three octets of fields between.
        #expect(Self.read(octets("6401 6230 010203 93af")).beginsKeyFrame)
        #expect(Self.read(octets("6401 2630 010203 af")).isKeyFrame)
        #expect(Self.read(octets("6401 63f0 01")).isDamaged)
    }

    @Test func `broken fragments, aggregates and headers damage the frame`() {
        #expect(Self.read(octets("6201d3af")).fault?.field == "FU start and end")
        #expect(Self.read(octets("6201b1af")).isDamaged)
        #expect(Self.read(octets("6001 0005 4001")).fault?.kind == .truncated)
        #expect(Self.read(octets("6001 0001 40")).fault?.kind == .invalid)
        #expect(Self.read(octets("6001")).isDamaged)
        #expect(Self.read(octets("a601af")).fault?.field == "forbidden_zero_bit")
        #expect(Self.read(octets("2600af")).fault?.field == "nuh_temporal_id_plus1")
        #expect(Self.read(octets("7e01af")).isDamaged)
        #expect(Self.read([0x26]).isDamaged)
    }

    @Test func `4096 parameter sets in a packet are refused`() {
        let bytes =
            [0x60, 0x01] + Array(repeating: [0, 2, 0x42, 0x01] as [UInt8], count: 4096).joined()
        let reading = Self.read(bytes)
        #expect(reading.fault?.kind == .overLimit)
        #expect(reading.sequenceParameters == 4..<6)
    }

    @Test func `what the capture cut is no damage`() {
        let bytes = Self.aggregate
        for length in 0..<bytes.count {
            #expect(!Self.read(Array(bytes.prefix(length)), stated: bytes.count).isDamaged)
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 24)
        let seeds = [
            Self.aggregate, [0x62, 0x01, 0xa1] + Self.sequence.dropFirst(2),
            octets("64016230 010203 93af"),
        ]
        for round in 0..<6000 {
            let bytes = random.mutation(of: seeds[round % 3])
            let reading = Self.read(bytes, stated: Int(random.next() % 120))
            _ = try? reading.format(in: bytes.span)
        }
    }
}
