// SPDX-License-Identifier: Apache-2.0

import Octets
public import Timekeeping

/// Puts together what the network took apart: IPv4 (RFC 791 section 3.2) and IPv6 (RFC 8200
/// section 4.5).
///
/// Cameras that send frames in datagrams beyond the MTU leave it to IP to cut them. Pieces may
/// come in any order; a piece that overlaps one already here is refused, so that whoever sends
/// second cannot change what was said first. Everything is bounded: at the limit the datagram
/// begun first is given up.
public struct FragmentReassembler {
    /// How much memory all pieces may take: 4 MiB, some 64 of the longest datagrams.
    public static let byteLimit = 4 * 1024 * 1024
    /// How many datagrams may be incomplete at once.
    public static let datagramLimit = 1_024
    /// How long a datagram may stay incomplete: 30 s, as Linux waits (ipfrag_time).
    public static let patience: Int64 = 30_000_000_000
    /// How many pieces one datagram may have.
    ///
    /// A datagram of 65,535 bytes over links of 68 bytes, the least that IPv4 allows, comes in
    /// pieces of 48.
    public static let pieceLimit = 1_366

    /// What was met so far.
    public struct Counters: Hashable, Sendable {
        /// Datagrams put together.
        public var completed: UInt64 = 0
        /// Datagrams put together of which the capture has not every byte.
        public var cut: UInt64 = 0
        /// Datagrams given up because pieces did not come within `patience`.
        public var expired: UInt64 = 0
        /// Datagrams given up because a limit was reached.
        public var evicted: UInt64 = 0
        /// Pieces refused because they overlap another piece in part.
        public var overlaps: UInt64 = 0
        /// Pieces that were here already.
        public var duplicates: UInt64 = 0
        /// Pieces refused because no datagram can have them: empty, beyond 65,535 bytes, an odd
        /// length in the middle, or more than `pieceLimit`.
        public var invalid: UInt64 = 0

        /// Makes counters of nothing.
        public init() {}
    }

    /// A datagram put together.
    public struct Datagram: Hashable, Sendable {
        /// The payload from its start on, as far as it was captured without a hole.
        public let bytes: [UInt8]
        /// The addressing of the first fragment; `payload` is a range of `bytes`, `ipLength` the
        /// sum over all fragments, `payloadLength` what was on the wire.
        public let packet: NetworkPacket
        /// When the piece that came first arrived.
        public let firstArrival: Instant
        /// How many pieces there were.
        public let pieces: Int
    }

    /// What became of a piece.
    public enum Outcome: Hashable, Sendable {
        /// It completed a datagram.
        case completed(Datagram)
        /// It waits for others.
        case held
        /// It was refused and counted.
        case refused
    }

    private struct Key: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var identification: UInt32
        var ipProtocol: IPProtocol
        var vlans: VLANTags
    }

    private struct Waiting {
        var key: Key
        var datagram: PartialDatagram
        /// The neighbours in the order of beginning.
        var older: Int?
        var newer: Int?
    }

    /// What was met so far.
    public private(set) var counters = Counters()
    /// How much memory is in use, in bytes: pieces and their bookkeeping.
    public private(set) var bytesInUse = 0

    private var slots: [Waiting?] = []
    private var freeSlots: [Int] = []
    private var places: [Key: Int] = [:]
    private var oldest: Int?
    private var newest: Int?

    /// Makes a reassembler that holds nothing.
    public init() {}

    /// How many datagrams are incomplete.
    public var count: Int { places.count }

    /// Takes a piece.
    ///
    /// - Parameters:
    ///   - packet: An IP packet that is a fragment.
    ///   - frame: The bytes that `packet` was read from.
    ///   - arrival: When it arrived; also what older datagrams expire by.
    public mutating func receive(
        _ packet: NetworkPacket, in frame: Span<UInt8>, at arrival: Instant
    ) -> Outcome {
        expire(at: arrival)
        guard let fragment = packet.fragment, let piece = PartialDatagram.Piece(packet, fragment)
        else {
            counters.invalid += 1
            return .refused
        }
        let key = Key(
            source: packet.source, destination: packet.destination,
            identification: fragment.identification, ipProtocol: packet.ipProtocol,
            vlans: packet.vlans.identifiersOnly)
        let slot = places[key] ?? begin(key, at: arrival)
        let before = slots[slot]?.datagram.memory ?? 0
        let result =
            slots[slot]?.datagram.add(piece, of: packet, frame.extracting(packet.payload))
            ?? .invalid
        bytesInUse += (slots[slot]?.datagram.memory ?? 0) - before
        switch result {
        case .invalid: counters.invalid += 1
        case .duplicate: counters.duplicates += 1
        case .overlap: counters.overlaps += 1
        case .complete: return complete(slot)
        case .added:
            evict()
            return .held
        }
        if slots[slot]?.datagram.isEmpty == true { remove(slot) }
        return .refused
    }

    /// Gives up what has waited too long; `receive` does so too.
    ///
    /// Datagrams expire in the order they began. If timestamps jump back, those begun before
    /// stay until time has caught up or a limit is reached.
    public mutating func expire(at now: Instant) {
        while let slot = oldest, let begun = slots[slot]?.datagram.firstArrival,
            now.nanoseconds(since: begun) > FragmentReassembler.patience
        {
            remove(slot)
            counters.expired += 1
        }
    }

    private mutating func evict() {
        while bytesInUse > FragmentReassembler.byteLimit, let slot = oldest {
            remove(slot)
            counters.evicted += 1
        }
    }

    private mutating func complete(_ slot: Int) -> Outcome {
        let whole = slots[slot]?.datagram.assembled()
        remove(slot)
        guard let whole else {
            counters.invalid += 1
            return .refused
        }
        counters.completed += 1
        if whole.packet.isCut { counters.cut += 1 }
        return .completed(whole)
    }

    // MARK: - Datagrams in the order they began

    private mutating func begin(_ key: Key, at arrival: Instant) -> Int {
        if places.count >= FragmentReassembler.datagramLimit, let slot = oldest {
            remove(slot)
            counters.evicted += 1
        }
        let datagram = PartialDatagram(firstArrival: arrival)
        bytesInUse += datagram.memory
        let waiting = Waiting(key: key, datagram: datagram, older: newest, newer: nil)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            slots[slot] = waiting
        } else {
            slot = slots.count
            slots.append(waiting)
        }
        if let newest { slots[newest]?.newer = slot } else { oldest = slot }
        newest = slot
        places[key] = slot
        return slot
    }

    private mutating func remove(_ slot: Int) {
        guard let waiting = slots[slot] else { return }
        bytesInUse -= waiting.datagram.memory
        slots[slot] = nil
        freeSlots.append(slot)
        places[waiting.key] = nil
        if let older = waiting.older {
            slots[older]?.newer = waiting.newer
        } else {
            oldest = waiting.newer
        }
        if let newer = waiting.newer {
            slots[newer]?.older = waiting.older
        } else {
            newest = waiting.older
        }
    }
}
