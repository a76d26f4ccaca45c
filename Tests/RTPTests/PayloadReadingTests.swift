// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct JPEGPayloadTests {
    static let first = octets("00000000 01ff5a2d 00000080") + [UInt8](repeating: 9, count: 140)

    @Test func `every image is a key frame and tells its size`() {
        let reading = PayloadReading.jpeg(Self.first.span, statedLength: Self.first.count)
        #expect(reading.beginsKeyFrame)
        #expect(reading.pictureFormat == PictureFormat(width: 720, height: 360))
        #expect(reading.fragmentOffset == 0)
        #expect(!reading.isDamaged)
        let later = PayloadReading.jpeg(octets("00000400 01ff5a2d 0102").span, statedLength: 10)
        #expect(!later.beginsKeyFrame)
        #expect(later.fragment == .middle)
        #expect(later.fragmentOffset == 1024)
    }

    @Test func `a side of 0 leaves the size open`() {
        let reading = PayloadReading.jpeg(octets("00000000 01500000 0102").span, statedLength: 10)
        #expect(reading.pictureFormat == nil)
        #expect(!reading.isDamaged)
    }

    @Test func `short headers, Q of 0 and tables past the end damage the frame`() {
        func fault(_ hex: String) -> ParseFault? {
            PayloadReading.jpeg(octets(hex).span, statedLength: octets(hex).count).fault
        }
        #expect(fault("00000000 01ff5a")?.field == "main header")
        #expect(fault("00000000 01005a2d 00")?.field == "Q")
        #expect(fault("00000000 41505a2d 0000")?.field == "restart header")
        #expect(fault("00000000 01ff5a2d 0000")?.field == "quantization table header")
        #expect(fault("00000000 01ff5a2d 00000080 01")?.field == "quantization tables")
        #expect(fault("00000000 41505a2d 00000000 01") == nil)
    }

    @Test func `what the capture cut is no damage, and no bytes trap`() {
        for length in 0..<Self.first.count {
            let cut = Array(Self.first.prefix(length))
            #expect(!PayloadReading.jpeg(cut.span, statedLength: Self.first.count).isDamaged)
        }
        var random = SeededRandom(seed: 6)
        for _ in 0..<2000 {
            let bytes = random.mutation(of: Array(Self.first.prefix(16)))
            _ = PayloadReading.jpeg(bytes.span, statedLength: Int(random.next() % 20))
        }
    }
}

@Suite struct MPEG4PayloadTests {
    @Test func `headers and an intra picture begin a key frame`() throws {
        let bytes = MPEG4VideoObjectLayerTests.simple
        let reading = PayloadReading.mpeg4(bytes.span, statedLength: bytes.count)
        #expect(reading.beginsKeyFrame)
        #expect(reading.fragment == .first)
        #expect(try reading.format(in: bytes.span)?.width == 1920)
    }

    @Test func `other pictures and continuations are no key frames`() {
        let predicted = octets("000001b6510102")
        #expect(
            !PayloadReading.mpeg4(predicted.span, statedLength: 7).isKeyFrame)
        let more = octets("123456789a")
        let reading = PayloadReading.mpeg4(more.span, statedLength: 5)
        #expect(reading.fragment == .middle)
        #expect(!reading.isKeyFrame)
        #expect(PayloadReading.mpeg4([UInt8]().span, statedLength: 0).isDamaged)
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<3000 {
            let bytes = random.mutation(of: MPEG4VideoObjectLayerTests.advanced)
            let reading = PayloadReading.mpeg4(bytes.span, statedLength: bytes.count)
            _ = try? reading.format(in: bytes.span)
        }
    }
}

@Suite struct PayloadFormatTests {
    @Test func `formats are found by their name in the session's description`() {
        #expect(PayloadFormat(encodingName: "H264") == .h264)
        #expect(PayloadFormat(encodingName: "h265") == .h265)
        #expect(PayloadFormat(encodingName: "MP4V-ES") == .mpeg4)
        #expect(PayloadFormat(encodingName: "JPEG") == .jpeg)
        #expect(PayloadFormat(encodingName: "opus") == nil)
    }

    @Test func `a payload is read by its format`() {
        let slice = H264PayloadTests.slice
        #expect(PayloadFormat.h264.read(slice.span, statedLength: 5).isKeyFrame)
        #expect(!PayloadFormat.transportStream.read(slice.span, statedLength: 5).isKeyFrame)
    }
}
