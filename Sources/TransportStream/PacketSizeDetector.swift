// SPDX-License-Identifier: Apache-2.0

/// How many octets a transport packet takes on the wire.
public enum PacketSize: Int, Hashable, Sendable, CaseIterable {
    /// The packet alone (ISO/IEC 13818-1).
    case plain = 188
    /// Four octets of arrival time ahead of the packet (Blu-ray, M2TS).
    case timed = 192
    /// Sixteen octets of Reed-Solomon parity behind the packet (DVB, EN 300 429).
    case protected = 204

    /// Octets ahead of the sync octet.
    public var lead: Int { self == .timed ? 4 : 0 }
}

/// Finds the packets in octets: where they begin, how large they are, when that was lost.
///
/// A datagram that is a whole number of packets, each with its sync octet, is taken as it
/// stands. Everything else is walked from sync octet to sync octet. A single wrong one is a
/// *sync octet error*; two in a row are a *sync loss* (ETSI TR 101 290 5.2.1, 1.1 and 1.2). Sync
/// is found again where three sync octets stand one packet size apart.
///
/// Usage: `begin` with the octets, then `next` until nil, then `end`.
public struct PacketSizeDetector: Hashable, Sendable {
    /// Sync octets in a row that prove a size.
    ///
    /// Three, so that chance (one in 65 536 for each place) seldom wins, yet half a datagram of
    /// seven packets suffices.
    public static let syncsToLock = 3
    /// Octets that must be there to judge one place for every size.
    static let window = 2 * PacketSize.protected.rawValue + 1

    /// The size that holds at present, proven or assumed from a whole datagram.
    public private(set) var size: PacketSize?
    /// Sync octets found in a row; stops counting at `syncsToLock`.
    public private(set) var syncsInARow = 0
    /// Wrong sync octets between right ones.
    public private(set) var syncOctetErrors: UInt64 = 0
    /// Times the rhythm of the sync octets broke.
    public private(set) var syncLosses: UInt64 = 0
    /// Octets that belong to no packet found.
    public private(set) var skippedOctets: UInt64 = 0

    /// Where the next sync octet is expected, from the start of the octets given.
    private var position = 0

    /// Makes a detector that knows no size.
    public init() {}

    /// Whether enough sync octets stood in a row to be sure of `size`.
    public var isSynchronised: Bool { size != nil && syncsInARow >= Self.syncsToLock }

    /// Starts on a datagram, which begins and ends with a packet if the sender is sane.
    public mutating func begin(datagram bytes: Span<UInt8>) {
        if let size, Self.isWhole(bytes, size) {
            position = size.lead
            return
        }
        for candidate in PacketSize.allCases where Self.isWhole(bytes, candidate) {
            if size != nil { lose() }
            size = candidate
            position = candidate.lead
            return
        }
        position = size?.lead ?? 0
    }

    /// Where the next whole packet's 188 octets lie, or nil if these octets hold no more.
    ///
    /// With `isLast` nothing will follow these octets; without, a packet that cannot be judged
    /// yet is left for the next call with more octets.
    public mutating func next(in bytes: Span<UInt8>, isLast: Bool) -> Range<Int>? {
        while true {
            guard let size else {
                guard hunt(in: bytes, isLast: isLast) else { return nil }
                continue
            }
            guard position + TransportPacket.length <= bytes.count else { return nil }
            if bytes[position] == TransportHeader.sync {
                let packet = position..<position + TransportPacket.length
                position += size.rawValue
                syncsInARow = min(syncsInARow + 1, Self.syncsToLock)
                return packet
            }
            let following = position + size.rawValue
            guard following < bytes.count || isLast else { return nil }
            if following >= bytes.count || bytes[following] == TransportHeader.sync {
                syncOctetErrors &+= 1
                skippedOctets &+= UInt64(size.rawValue)
                syncsInARow = 0
                position = following
            } else {
                lose()
            }
        }
    }

    /// Ends the octets given; returns how many of them are done with.
    ///
    /// With `isLast` all are, and what was not a packet is counted as skipped.
    public mutating func end(in bytes: Span<UInt8>, isLast: Bool) -> Int {
        if isLast {
            if position < bytes.count { skippedOctets &+= UInt64(bytes.count - position) }
            position = 0
            return bytes.count
        }
        let consumed = min(position, bytes.count)
        position -= consumed
        return consumed
    }

    /// Whether `bytes` are packets of `size` and nothing else.
    private static func isWhole(_ bytes: Span<UInt8>, _ size: PacketSize) -> Bool {
        guard !bytes.isEmpty, bytes.count.isMultiple(of: size.rawValue) else { return false }
        var place = size.lead
        while place < bytes.count {
            guard bytes[place] == TransportHeader.sync else { return false }
            place += size.rawValue
        }
        return true
    }

    /// Moves `position` to the first place from which three sync octets stand in rhythm.
    private mutating func hunt(in bytes: Span<UInt8>, isLast: Bool) -> Bool {
        while position < bytes.count {
            guard isLast || position + Self.window <= bytes.count else { return false }
            if bytes[position] == TransportHeader.sync {
                for candidate in PacketSize.allCases {
                    let third = position + 2 * candidate.rawValue
                    guard third < bytes.count,
                        bytes[third] == TransportHeader.sync,
                        bytes[position + candidate.rawValue] == TransportHeader.sync
                    else { continue }
                    size = candidate
                    return true
                }
            }
            position += 1
            skippedOctets &+= 1
        }
        return false
    }

    private mutating func lose() {
        syncLosses &+= 1
        size = nil
        syncsInARow = 0
    }
}
