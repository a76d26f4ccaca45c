// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import TransportStream

@Suite struct StreamTypeTests {
    @Test(
        arguments: [
            (0x02, "mp2v"), (0x10, "mpeg4"), (0x1b, "h264"), (0x24, "h265"), (0x33, "h266"),
        ] as [(UInt8, String)])
    func `video types have the codec's name`(number: UInt8, codec: String) {
        let type = StreamType(number, descriptors: [UInt8]().span)
        #expect(type.kind == .video)
        #expect(type.codec == codec)
    }

    @Test(arguments: [(0x03, "mpa"), (0x0f, "aac"), (0x11, "aac")] as [(UInt8, String)])
    func `audio types have the codec's name`(number: UInt8, codec: String) {
        let type = StreamType(number, descriptors: [UInt8]().span)
        #expect(type.kind == .audio)
        #expect(type.codec == codec)
    }

    @Test func `a private type is named by its registration`() {
        let descriptors: [UInt8] = [0x0a, 1, 0, 5, 4] + Array("HEVC".utf8)
        #expect(StreamType(0x06, descriptors: descriptors.span).codec == "h265")
        let unknown: [UInt8] = [5, 4] + Array("KLVA".utf8)
        #expect(StreamType(0x06, descriptors: unknown.span).kind == .other)
    }

    @Test func `descriptors that leave their list are not read`() {
        for length in 0..<7 {
            let descriptors = Array(([5, 4] + Array("HEVC".utf8)).prefix(length))
            let codec = StreamType(0x06, descriptors: descriptors.span).codec
            #expect(codec == (length == 6 ? "h265" : nil))
        }
    }
}
