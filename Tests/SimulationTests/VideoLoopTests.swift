// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct VideoLoopTests {
    @Test(arguments: VideoCodec.allCases)
    func `the bit rate is met within five per cent`(codec: VideoCodec) throws {
        let format = try #require(
            VideoFormat(codec: codec, width: 320, height: 240, bitRate: 600_000))
        let loop = VideoLoop(format, seed: 5)
        let octets = loop.frames.reduce(0) { $0 + $1.octets }
        let seconds = Double(loop.frames.count) / 25
        #expect(abs(Double(octets) * 8 / seconds / 600_000 - 1) < 0.05)
    }

    @Test(arguments: VideoCodec.allCases)
    func `every frame ends in exactly one marked packet`(codec: VideoCodec) throws {
        let format = try #require(
            VideoFormat(codec: codec, width: 320, height: 240, bitRate: 600_000))
        let loop = VideoLoop(format, largestPayload: 500)
        var next = 0
        for frame in loop.frames {
            #expect(frame.packets.lowerBound == next)
            next = frame.packets.upperBound
            let marks = frame.packets.map { loop.packets[$0].endsFrame }
            #expect(marks.last == true)
            #expect(!marks.dropLast().contains(true))
        }
        #expect(next == loop.packets.count)
        #expect(loop.packets.allSatisfy { $0.payload.count <= 500 && !$0.payload.isEmpty })
    }

    @Test func `the stored sum of a payload is its ones' complement sum`() throws {
        let format = try #require(VideoFormat(width: 64, height: 64, bitRate: 100_000))
        let loop = VideoLoop(format)
        for packet in loop.packets {
            var sum = 0
            for (index, octet) in loop.octets[packet.payload].enumerated() {
                sum += index % 2 == 0 ? Int(octet) << 8 : Int(octet)
            }
            while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
            #expect(Int(packet.sum) == sum)
        }
    }

    @Test func `fragments of an H.264 NAL unit put together are the unit`() throws {
        let format = try #require(VideoFormat(width: 320, height: 240, bitRate: 600_000))
        let whole = VideoLoop(format, largestPayload: 9000)
        let cut = VideoLoop(format, largestPayload: 200)
        #expect(VideoLoopTests.units(whole) == VideoLoopTests.units(cut))
        #expect(VideoLoopTests.units(cut).prefix(3).map { $0[0] } == [0x67, 0x68, 0x65])
    }

    @Test func `two key frames come in four seconds and begin with parameter sets`() throws {
        let format = try #require(VideoFormat(width: 64, height: 64, bitRate: 100_000))
        let loop = VideoLoop(format)
        #expect(loop.frames.indices.filter { loop.frames[$0].isKey } == [0, 50])
        #expect(loop.frames.count == 100)
    }

    @Test func `the fragments of a JPEG picture follow each other by offset`() throws {
        let format = try #require(
            VideoFormat(codec: .mjpeg, width: 320, height: 240, bitRate: 2_000_000))
        let loop = VideoLoop(format)
        var offset = 0
        for packet in loop.frames[0].packets {
            let payload = loop.octets[loop.packets[packet].payload]
            let header = Array(payload.prefix(8))
            #expect(Int(header[1]) << 16 | Int(header[2]) << 8 | Int(header[3]) == offset)
            #expect(header[4...] == [1, 50, 40, 30])
            offset += payload.count - 8
        }
    }

    @Test(arguments: [(0, 100), (15, 64), (64, 63), (4098, 64), (64, 4098)])
    func `a size that no codec takes makes no format`(width: Int, height: Int) {
        #expect(VideoFormat(width: width, height: height) == nil)
    }

    /// NAL units, put together again as RFC 6184 says.
    static func units(_ loop: VideoLoop) -> [[UInt8]] {
        var units: [[UInt8]] = []
        for packet in loop.packets {
            let payload = Array(loop.octets[packet.payload])
            guard payload[0] & 0x1f == 28 else {
                units.append(payload)
                continue
            }
            if payload[1] & 0x80 != 0 { units.append([payload[0] & 0xe0 | payload[1] & 0x1f]) }
            units[units.count - 1] += payload[2...]
        }
        return units
    }
}
