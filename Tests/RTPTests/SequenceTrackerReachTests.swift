// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing

/// What lies at the ends of the windows; each case was once found by a fuzzer.
@Suite struct SequenceTrackerReachTests {
    private static func packet(_ number: UInt16) -> SequencedPacket {
        SequencedPacket(
            sequenceNumber: number, arrivalStep: 1_000_000, mediaStep: nil, meanRate: 1e-6)
    }

    @Test func `a packet from before the first is counted although the first left the window`() {
        var tracker = SequenceTracker(first: 10_000)
        var history = SequenceHistory(tracker)
        var windows = SequenceWindows()
        for number in UInt16(10_001)...10_500 { _ = tracker.receiveNext(number) }
        let effect = tracker.receive(Self.packet(9_990), &history, &windows)
        #expect(effect.unique == 1)
        #expect(effect.late == 1)
        _ = tracker.finish(&history, &windows)
        #expect(history.expected(tracker) == 511)
    }
}
