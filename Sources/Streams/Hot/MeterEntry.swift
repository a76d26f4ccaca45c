// SPDX-License-Identifier: Apache-2.0
import Packets
import RTP

/// Where the general road meets the meters.
extension Tracker {
    /// Meters one packet that did not come the fast way.
    mutating func meterGenerally(_ index: Int, _ arrival: Arrival, _ packet: Span<UInt8>) {
        precondition(
            arrival.payloadStart >= 0 && arrival.payloadCaptured >= 0
                && arrival.payloadStart + Int(arrival.payloadCaptured) <= packet.count)
        unsafe packet.withUnsafeBufferPointer { octets in
            guard let base = octets.baseAddress else { return }
            unsafe withUnsafePointer(to: arrival) { unsafe meter(index, $0, base) }
        }
    }

    /// Makes the stream of a first packet, on probation, or answers nil at the limit.
    ///
    /// The packet itself is counted.
    mutating func begin(_ arrival: Arrival) -> Int? {
        guard let index = store.insert(hash: arrival.hash) else { return nil }
        let tracker = SequenceTracker(first: arrival.sequenceNumber)
        let totals = StreamTotals(arrival, sequence: SequenceBounds(tracker))
        unsafe store.hot(index).initialize(to: HotStream(arrival, sequence: tracker))
        unsafe store.totals(index).initialize(to: totals)
        noteFirst(index, arrival: arrival.instant)
        noteFirst(index, frame: arrival.instant)
        return index
    }

    /// Settles what a stream's sequence numbers hold back, as none follows.
    mutating func settleSequence(_ index: Int) {
        guard unsafe !store.hot(index).pointee.flags.contains(.vacant) else { return }
        unsafe store.hot(index).pointee.settle()
        var history = sequenceHistory(index)
        let effect = unsafe store.hot(index).pointee.sequence.finish(&history, &windows)
        unsafe store.hot(index).pointee.follow()
        unsafe store.hot(index).pointee.lookAgain()
        keep(history, effect, of: index)
    }

    /// What a stream's sequence tracker needs where a packet is not the next in order.
    func sequenceHistory(_ index: Int) -> SequenceHistory {
        unsafe SequenceHistory(
            store.totals(index).pointee.sequence, store.troubles(index).pointee.sequence)
    }

    /// Keeps what a sequence tracker found; what did not change is not written.
    mutating func keep(_ history: SequenceHistory, _ effect: SequenceEffect, of index: Int) {
        unsafe store.totals(index).pointee.sequence = history.bounds
        var troubles = unsafe store.troubles(index).pointee
        troubles.sequence = history.troubles
        troubles.add(effect)
        setTroubles(troubles, of: index)
    }

    /// What went wrong with a stream's packets.
    func troubles(_ index: Int) -> StreamTroubles { unsafe store.troubles(index).pointee }

    /// Notes what went wrong; memory that says so already is not touched.
    mutating func setTroubles(_ troubles: StreamTroubles, of index: Int) {
        let place = unsafe store.troubles(index)
        if unsafe place.pointee != troubles { unsafe place.pointee = troubles }
    }

    /// Changes the frequently used part of a stream; for the rare events of other files.
    mutating func withStream<Result>(
        _ index: Int, _ body: (inout HotStream, inout StreamTotals) -> Result
    ) -> Result {
        unsafe store.hot(index).pointee.settle()
        return unsafe body(&store.hot(index).pointee, &store.totals(index).pointee)
    }
}
