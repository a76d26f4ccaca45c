// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import RTP

@Suite struct JitterEstimatorTests {
    @Test func `it begins at zero and stays there while both clocks agree`() {
        var jitter = JitterEstimator()
        #expect(jitter.nanoseconds == 0)
        for _ in 0..<100 {
            #expect(jitter.receive(arrivalStep: 40_000_000, mediaStep: 4e7) == 0)
        }
    }

    @Test func `each packet closes a sixteenth of the distance`() {
        var jitter = JitterEstimator()
        #expect(jitter.receive(arrivalStep: 16_000, mediaStep: 0) == 1000)
        #expect(jitter.receive(arrivalStep: 0, mediaStep: 16_000) == 1937.5)
        #expect(jitter.receive(arrivalStep: 5, mediaStep: 5) == 1937.5 * 15 / 16)
    }

    @Test func `early and late weigh the same`() {
        var early = JitterEstimator()
        var late = JitterEstimator()
        for step: Int64 in [1, 50, 7, 1000] {
            let one = early.receive(arrivalStep: 1000 - step, mediaStep: 1000)
            #expect(one == late.receive(arrivalStep: 1000 + step, mediaStep: 1000))
        }
        #expect(early == late)
    }

    @Test func `a steady deviation is what it comes to`() {
        var jitter = JitterEstimator()
        for index in 0..<1000 {
            _ = jitter.receive(arrivalStep: index % 2 == 0 ? 3_000_000 : -3_000_000, mediaStep: 0)
        }
        #expect(abs(jitter.nanoseconds - 3e6) < 1)
    }

    @Test func `it agrees with the integers of RFC 3550 appendix A 8 to one tick`() {
        // The RFC's sample code at 90 kHz, scaled by 16; ours in nanoseconds.
        var random = SeededRandom(seed: 3550)
        var jitter = JitterEstimator()
        var scaled = 0
        for _ in 0..<10_000 {
            let ticks = Int.random(in: 0...7200, using: &random)
            let arrival = max(0, ticks + Int.random(in: -900...900, using: &random))
            let nanoseconds = jitter.receive(
                arrivalStep: Int64(arrival) * 100_000 / 9, mediaStep: Double(ticks) * 1e5 / 9)
            scaled += abs(arrival - ticks) - (scaled + 8) >> 4
            #expect(abs(nanoseconds * 9e-5 - Double(scaled) / 16) < 1)
        }
    }

    @Test func `the ends of the range of time give a number`() {
        var jitter = JitterEstimator()
        for step: Int64 in [.max, .min, 0, .max] {
            #expect(jitter.receive(arrivalStep: step, mediaStep: -2e18).isFinite)
        }
        #expect(jitter.nanoseconds > 0)
    }
}
