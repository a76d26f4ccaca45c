// SPDX-License-Identifier: Apache-2.0
import RTP
import Simulation
import Testing

@testable import Streams

@Suite struct StreamTotalsTests {
    @Test func `the seldom touched part is trivial and its size is known`() {
        #expect(_isPOD(StreamTotals.self))
        #expect(_isPOD(FrameSteps.self))
        #expect(_isPOD(StreamTroubles.self))
        // With the 256 octets of the hot part, 440 a stream.
        #expect(MemoryLayout<StreamTotals>.stride == 184)
    }

    @Test func `no troubles are zeros to the last bit`() {
        var troubles = StreamTroubles()
        troubles.sequence = SequenceTroubles()
        let isZero = unsafe withUnsafeBytes(of: troubles) { octets in
            unsafe octets.prefix(60).allSatisfy { $0 == 0 }
        }
        #expect(isZero)
        #expect(MemoryLayout<StreamTroubles>.size == 60)
    }

    @Test func `it begins with its first packet`() {
        var arrival = Arrival.none
        arrival.instant = 5
        arrival.timestamp = 77
        arrival.payloadLength = 3
        let bounds = SequenceBounds(SequenceTracker(first: 0))
        let totals = StreamTotals(arrival, sequence: bounds)
        #expect(totals.firstArrival == 5)
        #expect(totals.mediaGreatest == totals.mediaLeast)
        #expect(UInt32(truncatingIfNeeded: totals.mediaLeast) == 77)
        #expect(totals.medium == -1 && totals.details == -1)
    }

    @Test func `the most common step wins over all others`() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<100 {
            var steps = FrameSteps()
            let usual = UInt32(1 + random.below(90_000))
            // Two of three steps are the usual one, the others anything.
            for _ in 0..<300 {
                steps.receive(random.below(3) < 2 ? usual : UInt32(random.below(90_000)))
            }
            #expect(steps.mostCommon == usual)
        }
    }

    @Test func `no step is no nominal step, and one is that one`() {
        var steps = FrameSteps()
        #expect(steps.mostCommon == 0)
        steps.receive(3600)
        #expect(steps.mostCommon == 3600)
    }
}
