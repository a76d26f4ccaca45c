// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

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
