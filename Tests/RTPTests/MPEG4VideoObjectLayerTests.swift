// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct MPEG4VideoObjectLayerTests {
    /// Simple profile, 1920x1080, then an intra VOP.
    static let simple = octets(
        "000001b001000001b58913000001000000012000c48d8800cd3c04871443000001b24c61766335392e3337"
            + "2e313030000001b3001007000001b61060f182")
    /// Advanced simple profile, 640x360, quarter pixels.
    static let advanced = octets(
        "000001b0f1000001b5a913000001000000012008d48d0800cd14042d144c0f000001b24c61766335392e33"
            + "372e313030000001b3001007000001b61060b182")

    @Test func `real headers tell the size and the profile`() throws {
        let simple = try MPEG4VideoObjectLayer(Self.simple.span)
        #expect(simple.format.width == 1920)
        #expect(simple.format.height == 1080)
        #expect(simple.format.profile == 1)
        #expect(simple.timeIncrementResolution == 25)
        #expect(MPEG4VideoObjectLayer.profileAndLevel(in: Self.simple.span) == 1)
        let advanced = try MPEG4VideoObjectLayer(Self.advanced.span)
        #expect(advanced.format.width == 640)
        #expect(advanced.format.height == 360)
        #expect(advanced.format.profile == 17)
        #expect(MPEG4VideoObjectLayer.profileAndLevel(in: Self.advanced.span) == 0xf1)
    }

    static func layer(resolution: Int, increment: Int?, width: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.put(0, 1)
        bits.put(1, 8)
        bits.put(0, 1)
        bits.put(1, 4)
        bits.put(0, 1)
        bits.put(0, 2)
        bits.put(1, 1)
        bits.put(resolution, 16)
        bits.put(1, 1)
        bits.put(increment == nil ? 0 : 1, 1)
        if let increment {
            bits.put(increment, max(1, Int.bitWidth - (resolution - 1).leadingZeroBitCount))
        }
        bits.put(1, 1)
        bits.put(width, 13)
        bits.put(1, 1)
        bits.put(480, 13)
        bits.put(1, 1)
        return [0, 0, 1, 0x20] + bits.octets
    }

    @Test func `a fixed rate is told`() throws {
        let layer = try MPEG4VideoObjectLayer(
            Self.layer(resolution: 30_000, increment: 2000, width: 640).span)
        #expect(layer.format.nominalFrameRate == 15)
        #expect(layer.format.height == 480)
        let single = try MPEG4VideoObjectLayer(
            Self.layer(resolution: 1, increment: 1, width: 640).span)
        #expect(single.format.nominalFrameRate == 1)
    }

    @Test func `no resolution, no width and no layer are refused`() {
        #expect(throws: ParseFault.self) {
            try MPEG4VideoObjectLayer(Self.layer(resolution: 0, increment: nil, width: 640).span)
        }
        #expect(throws: ParseFault.self) {
            try MPEG4VideoObjectLayer(Self.layer(resolution: 25, increment: nil, width: 0).span)
        }
        #expect(throws: ParseFault.self) { try MPEG4VideoObjectLayer(octets("000001b610").span) }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<3000 {
            let bytes = random.mutation(of: Self.simple)
            _ = try? MPEG4VideoObjectLayer(bytes.span)
            _ = MPEG4VideoObjectLayer.profileAndLevel(in: bytes.span)
        }
    }
}
