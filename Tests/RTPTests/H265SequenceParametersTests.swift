// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct H265SequenceParametersTests {
    static let full = octets(
        "420101016000000300900000030000030078a003c0801107cb965654a4c2f016808000000300"
            + "8000000c84")
    static let small = octets(
        "42010101600000030090000003000003003fa005020171f2e595952930bc05a02000000300200000030321")
    /// Ten bits, two temporal layers, 1366x768 cropped from 1368.
    static let layered = octets(
        "42010202200000030090000003000003007800 00a002b080301cdb659594aca94985e02d01000003"
            + "0001000003001908")

    @Test func `real sets tell size, profile and 25 frames a second`() throws {
        for (bytes, width, height, profile) in [
            (Self.full, 1920, 1080, 1), (Self.small, 640, 360, 1),
        ] {
            let set = try H265SequenceParameters(bytes.span)
            #expect(set.format.width == width)
            #expect(set.format.height == height)
            #expect(set.format.profile == profile)
            #expect(set.format.nominalFrameRate == 25)
        }
    }

    @Test func `a set of two temporal layers and a cropped width is read`() throws {
        let set = try H265SequenceParameters(Self.layered.span)
        #expect(set.format.width == 1366)
        #expect(set.format.height == 768)
        #expect(set.format.profile == 2)
        #expect(set.format.nominalFrameRate == 25)
    }

    /// A set of one layer with `width` by `height` and nothing cropped, no timing.
    static func set(width: Int, height: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.put(0, 4)
        bits.put(0, 3)
        bits.put(1, 1)
        bits.put(1, 8)
        bits.put(0, 32)
        bits.put(0, 48)
        bits.put(93, 8)
        bits.unsigned(0)
        bits.unsigned(1)
        bits.unsigned(width)
        bits.unsigned(height)
        bits.put(0, 1)
        return [0x42, 0x01] + bits.octets
    }

    @Test func `a width of 2 to the 31 is refused`() {
        #expect(
            throws: ParseFault(
                .overLimit, .h265, "width", offset: 0, needed: 16384, had: 2_147_483_648)
        ) {
            try H265SequenceParameters(Self.set(width: 1 << 31, height: 1080).span)
        }
        #expect(throws: ParseFault.self) {
            try H265SequenceParameters(Self.set(width: 0, height: 1080).span)
        }
    }

    @Test func `a set without timing tells the size`() throws {
        let set = try H265SequenceParameters(Self.set(width: 2560, height: 1440).span)
        #expect(set.format == PictureFormat(width: 2560, height: 1440, profile: 1))
        #expect(set.level == 93)
    }

    @Test func `another NAL unit is refused`() {
        #expect(throws: ParseFault.self) {
            try H265SequenceParameters(octets("4401c073c189").span)
        }
    }

    @Test func `every truncation either tells the size or is refused`() {
        for length in 0..<Self.full.count {
            let set = try? H265SequenceParameters(Array(Self.full.prefix(length)).span)
            #expect(set == nil || set?.format.width == 1920)
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 23)
        for _ in 0..<5000 {
            let bytes = random.mutation(of: random.next() % 2 == 0 ? Self.full : Self.small)
            guard let set = try? H265SequenceParameters(bytes.span) else { continue }
            #expect((1...PictureFormat.maxSide).contains(set.format.width))
            #expect((1...PictureFormat.maxSide).contains(set.format.height))
        }
    }
}
