// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import Streams

@Suite struct FaultCounterTests {
    static func fault(_ offset: Int, _ field: String = "header") -> ParseFault {
        ParseFault(.truncated, .rtp, field, offset: offset, needed: 12, had: 3)
    }

    @Test func `faults of one kind are one count with the first case`() {
        var counter = FaultCounter()
        counter.packetNumber = 7
        counter.count(Self.fault(0))
        counter.packetNumber = 8
        counter.count(Self.fault(4))
        counter.count(Self.fault(4), packets: 10)
        #expect(
            counter.counts == [
                FaultCount(first: Self.fault(0), count: 12, firstPacketNumber: 7)
            ])
    }

    @Test func `layer, kind and field tell faults apart, in a fixed order`() {
        var counter = FaultCounter()
        counter.ignore(.udp, "no stream")
        counter.count(Self.fault(0, "payload"))
        counter.count(Self.fault(0))
        counter.refuse(.rtp, "streams", limit: 3)
        let told = counter.counts.map { "\($0.first.layer) \($0.first.kind) \($0.first.field)" }
        #expect(
            told == [
                "rtp overLimit streams", "rtp truncated header", "rtp truncated payload",
                "udp ignored no stream",
            ])
        #expect(counter.counts[0].first.needed == 3)
    }

    @Test func `no packets are no fault`() {
        var counter = FaultCounter()
        counter.ignore(.rtp, "not in sequence", packets: 0)
        #expect(counter.counts.isEmpty)
    }
}
