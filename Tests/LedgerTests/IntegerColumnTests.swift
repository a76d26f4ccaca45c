// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Ledger

@Suite struct IntegerColumnTests {
    func size(_ values: [Int64]) -> Int {
        var writer = ByteWriter()
        IntegerColumn.write(values, to: &writer)
        return writer.bytes.count
    }

    func roundTrip(_ values: [Int64]) throws -> [Int64] {
        var writer = ByteWriter()
        IntegerColumn.write(values, to: &writer)
        var reader = ByteReader(writer.bytes)
        let read = try IntegerColumn.read(count: values.count, from: &reader)
        #expect(reader.remaining == 0)
        return read
    }

    @Test func `what says nothing costs next to nothing`() {
        #expect(size([Int64](repeating: 0, count: 360)) == 1)
        #expect(size([Int64](repeating: 250, count: 360)) == 3)
        // Ten seconds apart: a first value and one step.
        #expect(size((0..<360).map { $0 * 10_000_000_000 }) < 16)
        // One exception among equals.
        var values = [Int64](repeating: 7, count: 360)
        values[100] = 9_000_000
        #expect(size(values) < 12)
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
}
