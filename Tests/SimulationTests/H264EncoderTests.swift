// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct H264EncoderTests {
    struct Size: Sendable, CustomTestStringConvertible {
        var width: Int
        var height: Int
        var level: Int
        var testDescription: String { "\(width)x\(height)" }
    }

    @Test(arguments: [
        Size(width: 1920, height: 1080, level: 40), Size(width: 1280, height: 720, level: 31),
        Size(width: 640, height: 360, level: 30), Size(width: 176, height: 144, level: 11),
    ])
    func `the sequence parameter set tells size and frame rate`(size: Size) throws {
        let format = try #require(VideoFormat(width: size.width, height: size.height))
        var bits = BitReading(nalUnit: H264Encoder(format).sequenceParameterSet)
        #expect(bits.bits(8) == 66)
        #expect(bits.bits(8) == 0xc0)
        #expect(bits.bits(8) == size.level)
        #expect(bits.unsigned() == 0)
        #expect(bits.unsigned() == 4)
        #expect(bits.unsigned() == 2)
        #expect(bits.unsigned() == 1)
        #expect(bits.bits(1) == 0)
        let columns = bits.unsigned() + 1
        let rows = bits.unsigned() + 1
        #expect(bits.bits(2) == 0b11)
        var crop = [0, 0, 0, 0]
        if bits.bits(1) == 1 { crop = (0..<4).map { _ in bits.unsigned() } }
        #expect(columns * 16 - 2 * (crop[0] + crop[1]) == size.width)
        #expect(rows * 16 - 2 * (crop[2] + crop[3]) == size.height)
        #expect(bits.bits(1) == 1)
        #expect(bits.bits(4) == 0)
        #expect(bits.bits(1) == 1)
        let units = bits.bits(32)
        let scale = bits.bits(32)
        #expect(Double(scale) / Double(2 * units) == 25)
    }

    @Test func `an IDR picture without noise takes one octet a macroblock`() throws {
        let format = try #require(VideoFormat(width: 640, height: 360))
        var encoder = H264Encoder(format)
        var generator = SplitMix64(seed: 1)
        let picture = encoder.idr(brightness: 128, noise: 0, generator: &generator)
        #expect(picture[0] == 0x65)
        #expect((encoder.macroblocks...encoder.macroblocks + 8).contains(picture.count))
    }

    @Test func `frame numbers count from zero at each IDR picture`() throws {
        let format = try #require(VideoFormat(width: 64, height: 64))
        var encoder = H264Encoder(format)
        var generator = SplitMix64(seed: 1)
        var numbers: [Int] = []
        for index in 0..<6 {
            let picture =
                index % 3 == 0
                ? encoder.idr(brightness: 60, noise: 0, generator: &generator)
                : encoder.predicted(start: 2, noise: 1, generator: &generator)
            var bits = BitReading(nalUnit: picture)
            #expect(bits.unsigned() == 0)
            #expect(bits.unsigned() == (index % 3 == 0 ? 7 : 5))
            #expect(bits.unsigned() == 0)
            numbers.append(bits.bits(8))
        }
        #expect(numbers == [0, 1, 2, 0, 1, 2])
    }

    @Test func `a P picture is skips around a patch of noise`() throws {
        let format = try #require(VideoFormat(width: 64, height: 64))
        var encoder = H264Encoder(format)
        var generator = SplitMix64(seed: 1)
        let still = encoder.predicted(start: 5, noise: 0, generator: &generator)
        #expect(still.count < 8)
        let noisy = encoder.predicted(start: 5, noise: 3, generator: &generator)
        #expect((3 * 384...3 * 390).contains(noisy.count))
    }

    @Test(arguments: [16, 84, 127, 128, 129, 168, 235])
    func `the grey of a picture is held within the range of video`(brightness: Int) {
        let level = H264Encoder.level(forBrightness: brightness)
        #expect(abs(128 + ((52 * level + 32) >> 6) - brightness) <= 1)
    }
}
