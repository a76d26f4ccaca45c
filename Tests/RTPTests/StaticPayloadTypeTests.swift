// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing
import Timekeeping

@Suite struct StaticPayloadTypeTests {
    @Test func `video types tell their name, clock and format`() throws {
        let jpeg = try #require(StaticPayloadType(26))
        #expect(jpeg.name == "JPEG")
        #expect(jpeg.kind == .video)
        #expect(jpeg.clockRate == .video)
        #expect(jpeg.format == .jpeg)
        let stream = try #require(StaticPayloadType(33))
        #expect(stream.kind == .audioAndVideo)
        #expect(stream.format == .transportStream)
        #expect(StaticPayloadType(34)?.format == nil)
    }

    @Test func `audio types tell their clock`() {
        #expect(StaticPayloadType(0)?.clockRate.hertz == 8000)
        #expect(StaticPayloadType(9)?.clockRate.hertz == 8000)
        #expect(StaticPayloadType(11)?.clockRate.hertz == 44_100)
        #expect(StaticPayloadType(14)?.clockRate.hertz == 90_000)
        #expect((0...18).compactMap { StaticPayloadType($0) }.allSatisfy { $0.kind == .audio })
    }

    @Test(arguments: [1, 2, 19, 24, 27, 30, 35, 77, 95, 96, 127, 200] as [UInt8])
    func `other types have no fixed meaning`(number: UInt8) {
        #expect(StaticPayloadType(number) == nil)
        #expect(StaticPayloadType.isDynamic(number) == (96...127).contains(number))
    }
}
