// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Streams

@Suite struct HotStreamTests {
    @Test func `a stream's hot part is four cache lines and trivial`() {
        #expect(_isPOD(HotStream.self))
        #expect(MemoryLayout<HotStream>.size == HotStream.size)
        #expect(MemoryLayout<HotStream>.stride == 256)
    }

    @Test func `an arrival is trivial and two cache lines at most`() {
        #expect(_isPOD(Arrival.self))
        #expect(MemoryLayout<Arrival>.stride <= 128)
    }

    @Test func `a packet is cut if less of its payload was captured than it had`() {
        var arrival = Arrival.none
        #expect(!arrival.isCut)
        arrival.payloadLength = 10
        #expect(arrival.isCut)
        arrival.payloadCaptured = 10
        #expect(!arrival.isCut)
    }

    @Test func `a codec has the name that reports give, and back`() {
        for codec in [Codec.h264, .h265, .mjpeg, .mpeg4, .mxpeg, .mp2t] {
            #expect(Codec(named: codec.name ?? "") == codec)
        }
        #expect(Codec(named: "opus") == .other)
        #expect(Codec.other.name == nil && Codec.unknown.name == nil)
    }
}
