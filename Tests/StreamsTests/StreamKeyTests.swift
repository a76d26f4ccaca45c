// SPDX-License-Identifier: Apache-2.0
import Packets
import Testing

@testable import Streams

@Suite struct StreamKeyTests {
    static let camera = Endpoint(address: IPAddress(10, 64, 0, 1), port: 5004)
    static let recorder = Endpoint(address: IPAddress(10, 200, 0, 1), port: 20_000)

    static func key(
        ssrc: UInt32 = 7, tags: [UInt16] = [], carriage: Carriage = .rtpUDP, channel: UInt8 = 0
    ) throws -> StreamKey {
        StreamKey(
            source: camera, destination: recorder, ssrc: ssrc, vlan: try #require(VLANTags(tags)),
            carriage: carriage, channel: channel)
    }

    @Test func `it is six words and trivial`() {
        #expect(_isPOD(StreamKey.self))
        #expect(MemoryLayout<StreamKey>.size == 48)
    }

    @Test func `everything that it was made of can be read back`() throws {
        let key = try Self.key(
            ssrc: 0xdead_beef, tags: [0x6fff, 0x0001], carriage: .rtpTunnelled, channel: 255)
        #expect(key.source == Self.camera)
        #expect(key.destination == Self.recorder)
        #expect(key.ssrc == 0xdead_beef)
        #expect(key.carriage == .rtpTunnelled)
        #expect(key.channel == 255)
        // Priorities are no part of it.
        #expect(key.vlan == [0xfff, 1])
    }

    @Test func `any difference makes another key`() throws {
        let keys = [
            try Self.key(), try Self.key(ssrc: 8), try Self.key(tags: [0]),
            try Self.key(tags: [0, 0]), try Self.key(tags: [5]), try Self.key(tags: [5, 0]),
            try Self.key(tags: [0, 5]), try Self.key(carriage: .rtpInterleaved),
            try Self.key(carriage: .rtpInterleaved, channel: 1),
            StreamKey(source: Self.recorder, destination: Self.camera, ssrc: 7, vlan: VLANTags()),
        ]
        for (one, key) in keys.enumerated() {
            for (other, second) in keys.enumerated() {
                #expect((key == second) == (one == other), "\(one), \(other)")
                #expect((key.hash(seed: 1) == second.hash(seed: 1)) == (one == other))
            }
        }
    }

    @Test func `a camera that changes its VLAN priority stays the same stream`() throws {
        #expect(try Self.key(tags: [0x0064]) == Self.key(tags: [0xe064]))
    }

    @Test func `the hash spreads neighbouring cameras over all bits`() {
        // 4,096 cameras whose addresses differ by one: half of them have each bit.
        var ones = [Int](repeating: 0, count: 64)
        for number in UInt32(0)..<4096 {
            let key = StreamKey(
                source: Endpoint(address: IPAddress(v4: 0x0a40_0000 + number), port: 5004),
                destination: Self.recorder, ssrc: 7, vlan: VLANTags())
            let hash = key.hash(seed: 42)
            for bit in 0..<64 where hash >> UInt64(bit) & 1 == 1 { ones[bit] += 1 }
        }
        for (bit, count) in ones.enumerated() { #expect(abs(count - 2048) < 300, "bit \(bit)") }
    }

    @Test func `the seed decides the hash`() throws {
        let key = try Self.key()
        #expect(key.hash(seed: 1) != key.hash(seed: 2))
        #expect(key.hash(seed: 1) == key.hash(seed: 1))
    }
}
