// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Measurements

@Suite struct QuantileSketchTests {
    /// Values spread over all powers of two, the same for the same seed.
    static func values(_ count: Int, seed: UInt64) -> [UInt64] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> (state >> 58)
        }
    }

    @Test func `the middle of a bin is within 1 % of every value inside`() {
        for value in Self.values(20_000, seed: 1) + [0, 1, 63, 64, 65, 127, 128, .max, .max - 1] {
            let told = QuantileSketch.value(of: QuantileSketch.key(of: value))
            let off = told > value ? told - value : value - told
            #expect(off <= value / 100)
            #expect(QuantileSketch.key(of: value) < QuantileSketch.mostBins)
        }
    }

    @Test func `keys rise with values, and every key has its value`() {
        for key in 0..<UInt16(QuantileSketch.mostBins) {
            #expect(QuantileSketch.key(of: QuantileSketch.value(of: key)) == key)
        }
        let sorted = Self.values(5_000, seed: 2).sorted()
        let keys = sorted.map(QuantileSketch.key)
        #expect(keys == keys.sorted())
    }

    @Test func `quantiles are those of the values, within 1 %`() throws {
        let values = Self.values(10_001, seed: 3).sorted()
        var sketch = QuantileSketch()
        for value in values.reversed() { sketch.add(value) }
        for (share, index) in [(0, 0), (500_000, 5000), (950_000, 9500), (1_000_000, 10_000)] {
            let told = try #require(sketch.quantile(partsPerMillion: share))
            let value = values[index]
            #expect((told > value ? told - value : value - told) <= value / 100)
        }
        #expect(QuantileSketch().quantile(partsPerMillion: 500_000) == nil)
    }

    @Test func `merging is adding, in any order`() {
        let values = Self.values(3_000, seed: 4)
        var whole = QuantileSketch()
        for value in values { whole.add(value) }
        var parts = (0..<7).map { part in
            var sketch = QuantileSketch()
            for (index, value) in values.enumerated() where index % 7 == part { sketch.add(value) }
            return sketch
        }
        var left = parts.removeFirst()
        for part in parts { left.merge(part) }
        var right = QuantileSketch()
        for part in parts.reversed() { right.merge(part) }
        var first = QuantileSketch()
        for (index, value) in values.enumerated() where index % 7 == 0 { first.add(value) }
        right.merge(first)
        #expect(left == whole && right == whole)
        #expect(whole.count == 3_000)
    }

    @Test func `a sketch reads back from its bytes, and nothing else does`() {
        var sketch = QuantileSketch()
        for value in Self.values(500, seed: 5) { sketch.add(value, count: value % 5) }
        let bytes = sketch.encode()
        #expect(QuantileSketch(decoding: bytes) == sketch)
        #expect(QuantileSketch(decoding: []) == QuantileSketch())
        #expect(QuantileSketch(decoding: Array(bytes.dropLast())) == nil)
        // A count of nothing, a step of nothing, a number not told shortly, a key beyond the last.
        for bad in [[5, 0], [5, 1, 0, 1], [0x85, 0x00, 1], [0xC0, 0x1D, 1]] as [[UInt8]] {
            #expect(QuantileSketch(decoding: bad) == nil)
        }
    }

    @Test func `counts stick to the top`() {
        var sketch = QuantileSketch()
        sketch.add(7, count: .max)
        sketch.add(7)
        sketch.add(9)
        #expect(sketch.count == .max)
        #expect(sketch.quantile(partsPerMillion: 1_000_000) == 7)
    }
}
