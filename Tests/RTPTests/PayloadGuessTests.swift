// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

/// The packets of a stream that never was.
private struct Stream {
    var packets: [[UInt8]] = []
    private var sequenceNumber: UInt16 = 65_530
    private var timestamp: UInt32 = 7

    mutating func send(_ payload: [UInt8], marker: Bool) {
        packets.append(
            [0x80, marker ? 0xe0 : 0x60, UInt8(sequenceNumber >> 8), UInt8(sequenceNumber & 0xff)]
                + (0..<4).map { UInt8(truncatingIfNeeded: timestamp >> (24 - 8 * UInt32($0))) }
                + [1, 2, 3, 4] + payload)
        sequenceNumber &+= 1
        if marker { timestamp &+= 3600 }
    }

    mutating func frame(_ payloads: [[UInt8]]) {
        for (index, payload) in payloads.enumerated() {
            send(payload, marker: index == payloads.count - 1)
        }
    }

    /// The verdict after all packets, each cut to `snap` octets.
    func verdict(snap: Int = .max, where isKept: (Int) -> Bool = { _ in true })
        -> PayloadGuess.Verdict
    {
        var guess = PayloadGuess()
        for (index, packet) in packets.enumerated() where isKept(index) {
            let captured = Array(packet.prefix(snap))
            guard
                let header = try? RTPHeader(captured.span, statedLength: packet.count)
            else { continue }
            guess.hear(header, payload: captured.span.extracting(header.payload))
        }
        return guess.verdict
    }
}

@Suite struct PayloadGuessTests {
    /// Frames of H.264: key frames in fragments, small pictures between.
    private static func h264(parameterSets: Bool, frames: Int = 40) -> Stream {
        var random = SeededRandom(seed: 1)
        var stream = Stream()
        for index in 0..<frames {
            if index % 10 == 0 {
                let sets =
                    parameterSets ? [H264PayloadTests.sequence, H264PayloadTests.picture] : []
                stream.frame(
                    sets + [
                        octets("7c858884") + random.octets(200),
                        octets("7c05") + random.octets(200),
                        octets("7c45") + random.octets(80),
                    ])
            } else {
                stream.frame([octets("419a24") + random.octets(90)])
            }
        }
        return stream
    }

    private static func h265(parameterSets: Bool) -> Stream {
        var random = SeededRandom(seed: 2)
        var stream = Stream()
        for index in 0..<40 {
            if index % 10 == 0 {
                stream.frame(
                    (parameterSets ? [H265PayloadTests.aggregate] : []) + [
                        octets("620193af") + random.octets(200),
                        octets("620113") + random.octets(200),
                        octets("620153") + random.octets(80),
                    ])
            } else {
                stream.frame([octets("0201d0") + random.octets(90)])
            }
        }
        return stream
    }

    @Test(arguments: [true, false]) func `H.264 is told with and without parameter sets`(
        parameterSets: Bool
    ) {
        let stream = Self.h264(parameterSets: parameterSets)
        #expect(stream.verdict() == .recognised(.h264))
        #expect(stream.verdict(snap: 54) == .recognised(.h264))
    }

    @Test(arguments: [true, false]) func `H.265 is told with and without parameter sets`(
        parameterSets: Bool
    ) {
        let stream = Self.h265(parameterSets: parameterSets)
        #expect(stream.verdict() == .recognised(.h265))
        #expect(stream.verdict(snap: 54) == .recognised(.h265))
    }

    @Test func `lost packets are no contradiction`() {
        for step in [3, 5, 7] {
            #expect(
                Self.h264(parameterSets: true, frames: 200).verdict { $0 % step != 1 }
                    == .recognised(.h264))
        }
    }

    @Test func `a few packets name nothing`() {
        #expect(Self.h264(parameterSets: true, frames: 5).verdict() == .undecided)
    }

    @Test func `MPEG-4 is told by its start codes`() {
        var random = SeededRandom(seed: 3)
        var stream = Stream()
        for index in 0..<20 {
            let head =
                index % 8 == 2 ? MPEG4VideoObjectLayerTests.simple : octets("000001b6510102")
            stream.frame([head + random.octets(300), random.octets(300), random.octets(20)])
        }
        #expect(stream.verdict() == .recognised(.mpeg4))
    }

    @Test func `JPEG is told by fragments that join`() {
        var random = SeededRandom(seed: 4)
        var stream = Stream()
        for _ in 0..<6 {
            stream.frame([
                octets("00000000 01ff502d 00000080") + random.octets(128 + 500),
                octets("000001f4 01ff502d") + random.octets(500),
                octets("000003e8 01ff502d") + random.octets(100),
            ])
        }
        #expect(stream.verdict() == .recognised(.jpeg))
    }

    @Test func `transport streams are told by their sync octets`() {
        var random = SeededRandom(seed: 5)
        var stream = Stream()
        for _ in 0..<20 {
            stream.frame([(0..<7).flatMap { _ in [0x47] + random.octets(187) }])
        }
        #expect(stream.verdict() == .recognised(.transportStream))
    }

    @Test(arguments: 0..<30) func `encrypted payloads are never named`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed) &+ 100)
        var stream = Stream()
        for _ in 0..<300 {
            stream.frame(
                (0..<Int.random(in: 1...4, using: &random)).map { _ in random.octets(160) })
        }
        #expect(stream.verdict() == .unrecognised)
    }

    @Test(arguments: ["90e0cc21dc20300c009d012a", "78fc", "68", "0010", "d5d5", "fffe", "f0", "41"])
    func `audio and other codecs are never named`(head: String) {
        var random = SeededRandom(seed: 6)
        var stream = Stream()
        for _ in 0..<400 { stream.frame([octets(head) + random.octets(80)]) }
        #expect(stream.verdict() == .unrecognised || stream.verdict() == .undecided)
    }

    @Test func `payloads of one octet repeated are never named`() {
        for octet in UInt8.min...UInt8.max {
            var stream = Stream()
            for _ in 0..<100 { stream.frame([[UInt8](repeating: octet, count: 160)]) }
            switch stream.verdict() {
            case .recognised(let format): Issue.record("\(octet) named \(format)")
            default: break
            }
        }
    }

    @Test func `no bytes trap`() {
        var random = SeededRandom(seed: 9)
        let good = [Self.h264(parameterSets: true), Self.h265(parameterSets: true)]
        for round in 0..<60 {
            var stream = good[round % 2]
            stream.packets = stream.packets.map { random.mutation(of: $0) }
            _ = stream.verdict()
        }
    }
}
