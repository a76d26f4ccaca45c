// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing

@Suite struct MeasurementTests {
    @Test func `what was expected and never came is lost`() {
        var packets = PacketCounts()
        packets.expected = 100
        packets.unique = 80
        packets.received = 95
        packets.duplicate = 15
        #expect(packets.lost == 20)
        #expect(packets.lossRatio == 0.2)
    }

    @Test func `duplicates cannot make loss negative`() {
        var packets = PacketCounts()
        packets.expected = 10
        packets.unique = 11
        #expect(packets.lost == 0)
        #expect(packets.lossRatio == 0)
    }

    @Test func `where nothing was expected there is no loss ratio, neither 0 nor 1`() {
        #expect(PacketCounts().lossRatio == nil)
    }

    @Test func `jitter of nothing is unknown and not zero`() {
        #expect(JitterSums().meanMilliseconds == nil)
        #expect(JitterSums().maxMilliseconds == nil)
    }

    @Test func `mean jitter is over the values summed, in milliseconds`() {
        var jitter = JitterSums()
        jitter.sumNanoseconds = 9e6
        jitter.count = 3
        jitter.maxNanoseconds = 5e6
        #expect(jitter.meanMilliseconds == 3)
        #expect(jitter.maxMilliseconds == 5)
    }
}
