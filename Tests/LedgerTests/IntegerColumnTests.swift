// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Ledger

@Suite struct IntegerColumnTests {
    func size(_ values: [Int64]) throws -> Int {
        var writer = ByteWriter()
        try IntegerColumn.write(values, to: &writer)
        return writer.bytes.count
    }

    func roundTrip(_ values: [Int64], by zstandard: Zstandard? = nil) throws -> [Int64] {
        var writer = ByteWriter()
        try IntegerColumn.write(values, to: &writer, by: zstandard)
        var reader = ByteReader(writer.bytes)
        let read = try IntegerColumn.read(count: values.count, from: &reader, by: zstandard)
        #expect(reader.remaining == 0)
        return read
    }

    @Test func `what says nothing costs next to nothing`() throws {
        #expect(try size([Int64](repeating: 0, count: 360)) == 1)
        #expect(try size([Int64](repeating: 250, count: 360)) == 3)
        // Ten seconds apart: a first value and one step.
        #expect(try size((0..<360).map { $0 * 10_000_000_000 }) < 16)
        // One exception among equals.
        var values = [Int64](repeating: 7, count: 360)
        values[100] = 9_000_000
        #expect(try size(values) < 12)
    }

    @Test(arguments: 41...60 as ClosedRange<UInt64>)
    func `every list of numbers comes back`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<50 {
            let count = Int.random(in: 1...400, using: &random)
            let width = UInt64.random(in: 0...63, using: &random)
            let drift = Int64.random(in: -5...5, using: &random)
            let odd: [Int64] = [.min, .max, 0]
            let values = (0..<count).map { place -> Int64 in
                let noise = Int64(bitPattern: random.next() >> width)
                let isOdd = Int.random(in: 0..<40, using: &random) == 0
                if isOdd { return odd.randomElement(using: &random) ?? 0 }
                return noise &+ Int64(place) &* drift
            }
            #expect(try roundTrip(values) == values, "seed \(seed)")
        }
        for value in [Int64.min, -1, 0, 1, .max] { #expect(try roundTrip([value]) == [value]) }
        #expect(try roundTrip([.min, .max, .min]) == [.min, .max, .min])
    }

    @Test func `damaged columns end in a fault`() {
        var random = Seeded(seed: 61)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var reader = ByteReader(bytes)
            // Whatever comes of it, nothing stops.
            _ = try? IntegerColumn.read(count: 20, from: &reader)
        }
    }

    @Test(arguments: 71...80 as ClosedRange<UInt64>)
    func `every long list comes back, whatever it is packed as`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let zstandard = try #require(Zstandard())
        for width in stride(from: 0.0, through: 62, by: 3.1) {
            let isWalk = Bool.random(using: &random)
            var last: Int64 = 0
            let values = (0..<Int.random(in: 1_024...3_000, using: &random)).map { _ -> Int64 in
                if Int.random(in: 0..<300, using: &random) == 0 {
                    return [Int64.min, .max, 0].randomElement(using: &random) ?? 0
                }
                let noise = Int64(random.normal() * Double(1 << Int64(width)) / 6)
                last = isWalk ? last &+ noise : noise
                return last
            }
            #expect(try roundTrip(values, by: zstandard) == values, "seed \(seed), width \(width)")
        }
    }

    @Test func `a long noisy column takes little more than its entropy`() throws {
        var random = Seeded(seed: 81)
        let zstandard = try #require(Zstandard())
        let values = (0..<8_640).map { _ in 5_000 + Int64((random.normal() * 1_000).rounded()) }
        var writer = ByteWriter()
        try IntegerColumn.write(values, to: &writer, by: zstandard)
        // log₂(1,000 × √(2πe)) is 12.01 bits.
        #expect(Double(writer.bytes.count * 8) / 8_640 < 12.01 + 0.12)
    }

    @Test func `a damaged long column ends in a fault`() throws {
        var random = Seeded(seed: 82)
        let zstandard = try #require(Zstandard())
        let values = (0..<2_000).map { _ in Int64((random.normal() * 1_000).rounded()) }
        var writer = ByteWriter()
        try IntegerColumn.write(values, to: &writer, by: zstandard)
        #expect(writer.bytes[0] & 0x7f == 0x7d)
        for _ in 0..<2_000 {
            var changed = writer.bytes
            let place = Int.random(in: 0..<changed.count, using: &random)
            changed[place] = UInt8.random(in: 0...255, using: &random)
            changed.removeLast(Int.random(in: 0...3, using: &random))
            var reader = ByteReader(changed)
            _ = try? IntegerColumn.read(count: 2_000, from: &reader, by: zstandard)
        }
        // Who has no compressor refuses it.
        var reader = ByteReader(writer.bytes)
        #expect(throws: PackingFault.self) {
            try IntegerColumn.read(count: 2_000, from: &reader)
        }
    }
}
