// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Simulation

@Suite struct SplitMix64Tests {
    /// The first outputs for seed 1234567 as the algorithm's published reference gives them.
    @Test func `the sequence is that of the published algorithm`() {
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func `parties under one seed have sequences of their own`() {
        var one = SplitMix64(seed: 9, party: 1)
        var other = SplitMix64(seed: 9, party: 2)
        var again = SplitMix64(seed: 9, party: 1)
        let first = one.next()
        #expect(first != other.next())
        #expect(first == again.next())
    }

    @Test func `numbers below a bound stay below it and reach every value`() {
        var generator = SplitMix64(seed: 3)
        var seen = Set<Int>()
        for _ in 0..<1000 { seen.insert(generator.below(7)) }
        #expect(seen == Set(0..<7))
        #expect(generator.below(0) == 0)
    }

    @Test func `what has probability zero never happens and what has one always does`() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<1000 {
            #expect(generator.happens(0) == false)
            #expect(generator.happens(1) == true)
        }
    }
}
