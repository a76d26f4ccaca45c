// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct H264SequenceParametersTests {
    static let full = octets(
        "67f40028919680780227e27011000003000100000300320f1832a0")
    static let high = octets("6764001facd9405005bb011000000300100000030320f1831960")

    struct Sample: CustomTestStringConvertible, Sendable {
        var name: String
        var hex: String
        var width: Int
        var height: Int
        var profile: Int
        var isProgressive = true
        var testDescription: String { name }
    }

    /// Sets as x264 writes them; sizes as the encoder was told.
    static let samples = [
        Sample(
            name: "1920x1080 4:4:4",
            hex: "67f40028919680780227e27011000003000100000300320f1832a0", width: 1920,
            height: 1080, profile: 244),
        Sample(
            name: "1280x720 high", hex: "6764001facd9405005bb011000000300100000030320f1831960",
            width: 1280, height: 720, profile: 100),
        Sample(
            name: "640x360 baseline",
            hex: "6742c01ed900a02ff97011000003000100000300320f162e48", width: 640, height: 360,
            profile: 66),
        Sample(
            name: "1366x768 4:2:2", hex: "677a0020bcd94056061e6f011000000300100000030320f1831960",
            width: 1366, height: 768, profile: 122),
        Sample(
            name: "720x576 interlaced", hex: "6764001eacd940b424d8088000000300800000190f8a14cb",
            width: 720, height: 576, profile: 100, isProgressive: false),
    ]

    @Test(arguments: samples) func `real sets tell size, profile and 25 frames a second`(
        sample: Sample
    ) throws {
        let set = try H264SequenceParameters(octets(sample.hex).span)
        #expect(set.format.width == sample.width)
        #expect(set.format.height == sample.height)
        #expect(set.format.profile == sample.profile)
        #expect(set.format.nominalFrameRate == 25)
        #expect(set.isProgressive == sample.isProgressive)
        #expect(set.identifier == 0)
    }

    @Test func `scaling lists are stepped over`() throws {
        var bits = BitWriter()
        bits.put(100, 8)
        bits.put(0, 8)
        bits.put(40, 8)
        bits.unsigned(3)
        bits.unsigned(1)
        bits.unsigned(0)
        bits.unsigned(0)
        bits.put(0b0_1, 2)
        // Eight lists: the first of 16 codes, the last of 64, one that ends at once, others absent.
        for list in 0..<8 {
            switch list {
            case 0:
                bits.put(1, 1)
                for _ in 0..<16 { bits.signed(1) }
            case 3:
                bits.put(1, 1)
                bits.signed(-8)
            case 7:
                bits.put(1, 1)
                for index in 0..<64 { bits.signed(index % 2 == 0 ? 3 : -2) }
            default: bits.put(0, 1)
            }
        }
        bits.sizeOfH264(across: 120, down: 68, bottomCrop: 4)
        let set = try H264SequenceParameters(([0x67] + bits.octets).span)
        #expect(set.identifier == 3)
        #expect(set.format.width == 1920)
        #expect(set.format.height == 1080)
        #expect(set.format.nominalFrameRate == nil)
    }

    static func baseline(across: Int, down: Int, bottomCrop: Int = 0) -> [UInt8] {
        var bits = BitWriter()
        bits.put(66, 8)
        bits.put(0, 8)
        bits.put(40, 8)
        bits.unsigned(0)
        bits.sizeOfH264(across: across, down: down, bottomCrop: bottomCrop)
        return [0x67] + bits.octets
    }

    @Test func `a size beyond reason is refused`() {
        #expect(throws: ParseFault.self) {
            try H264SequenceParameters(Self.baseline(across: 1025, down: 68).span)
        }
        #expect(throws: ParseFault.self) {
            try H264SequenceParameters(Self.baseline(across: 1 << 27, down: 68).span)
        }
        #expect(throws: ParseFault.self) {
            try H264SequenceParameters(
                Self.baseline(across: 10, down: 10, bottomCrop: 80).span)
        }
        #expect((try? H264SequenceParameters(Self.baseline(across: 1024, down: 1024).span)) != nil)
    }

    @Test func `another NAL unit is refused`() {
        #expect(
            throws: ParseFault(.invalid, .h264, "NAL unit type", offset: 0, needed: 7, had: 8)
        ) {
            try H264SequenceParameters(octets("68ebe3cb22c0").span)
        }
    }

    @Test func `every truncation either tells the size or is refused`() {
        for length in 0..<Self.high.count {
            let set = try? H264SequenceParameters(Array(Self.high.prefix(length)).span)
            #expect(set == nil || set?.format.width == 1280)
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 22)
        for _ in 0..<5000 {
            let bytes = random.mutation(of: random.next() % 2 == 0 ? Self.high : Self.full)
            guard let set = try? H264SequenceParameters(bytes.span) else { continue }
            #expect((1...PictureFormat.maxSide).contains(set.format.width))
            #expect((1...PictureFormat.maxSide).contains(set.format.height))
        }
    }
}
