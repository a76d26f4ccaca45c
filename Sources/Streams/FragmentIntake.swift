// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets
import Timekeeping

/// Fragments: what they make up, and what of them could not be used.
extension Tracker {
    /// Puts a fragment to the others of its datagram; the datagram, if it is whole now.
    mutating func reassemble(
        _ packet: NetworkPacket, in frame: Span<UInt8>, at instant: Instant
    ) -> FragmentReassembler.Datagram? {
        let before = fragments.counters
        let outcome = fragments.receive(packet, in: frame, at: instant)
        let now = fragments.counters
        if now != before { countFragments(from: before, to: now) }
        guard case .completed(let datagram) = outcome else { return nil }
        return datagram
    }

    /// Counts the datagrams that are incomplete, as no packet follows.
    mutating func finishFragments() {
        faultCounts.ignore(
            .fragment, "incomplete at the end", packets: UInt64(clamping: fragments.count))
    }

    private mutating func countFragments(
        from before: FragmentReassembler.Counters, to now: FragmentReassembler.Counters
    ) {
        let seconds = Int(FragmentReassembler.patience / 1_000_000_000)
        count(
            .overLimit, "seconds incomplete", needed: seconds, had: seconds + 1,
            now.expired - before.expired)
        let limit = FragmentReassembler.datagramLimit
        count(
            .overLimit, "incomplete datagrams", needed: limit, had: limit + 1,
            now.evicted - before.evicted)
        count(.invalid, "overlap", needed: 0, had: 1, now.overlaps - before.overlaps)
        count(.invalid, "place", needed: 0, had: 1, now.invalid - before.invalid)
        // As a mirror port makes them.
        faultCounts.ignore(
            .fragment, "seen before", packets: now.duplicates - before.duplicates)
    }

    private mutating func count(
        _ kind: ParseFault.Kind, _ field: String, needed: Int, had: Int, _ times: UInt64
    ) {
        faultCounts.count(
            ParseFault(kind, .fragment, field, offset: 0, needed: needed, had: had),
            packets: times)
    }
}
