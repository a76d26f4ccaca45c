// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Ledger

@Suite struct SequenceSetTests {
    @Test func `neighbours become one range and gaps stay`() {
        var set = SequenceSet([1...3])
        set.insert(5)
        #expect(set.ranges == [1...3, 5...5])
        set.insert(4)
        #expect(set.ranges == [1...5])
        set.insert(10...20)
        set.insert(7...8)
        #expect(set.ranges == [1...5, 7...8, 10...20])
        set.insert(2...15)
        #expect(set.ranges == [1...20])
        #expect(set.last == 20)
    }

    @Test func `the ends of the type are numbers like others`() {
        var set = SequenceSet()
        #expect(set.last == 0)
        #expect(!set.contains(0))
        set.insert(.max)
        set.insert(0)
        set.insert(.max - 1)
        #expect(set.ranges == [0...0, .max - 1 ... .max])
        #expect(set.contains(.max) && set.contains(0) && !set.contains(1))
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func `it holds what a plain set would`(seed: UInt64) {
        var random = Seeded(seed: seed)
        var set = SequenceSet()
        var model: Set<UInt64> = []
        for _ in 0..<300 {
            let from = UInt64.random(in: 0..<500, using: &random)
            let to = from + UInt64.random(in: 0..<6, using: &random)
            set.insert(from...to)
            for number in from...to { model.insert(number) }
        }
        for number in UInt64(0)..<510 {
            #expect(set.contains(number) == model.contains(number), "seed \(seed): \(number)")
        }
        for (left, right) in zip(set.ranges, set.ranges.dropFirst()) {
            #expect(left.upperBound + 1 < right.lowerBound, "seed \(seed)")
        }
    }
}
