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
