// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@Suite struct NTPTimeTests {
    @Test func `the fraction of a second is kept`() {
        let half = NTPTime(bits: 0xeead_63ef_8000_0000)
        let reference = Instant(nanoseconds: 1_795_351_919_000_000_000)
        #expect(half.instant(near: reference).nanoseconds == 1_795_351_919_500_000_000)
        let there = Instant(nanoseconds: 1_795_351_919_123_456_789)
        let back = NTPTime(there).instant(near: there).nanoseconds(since: there)
        #expect((-1...0).contains(back))
    }
}
