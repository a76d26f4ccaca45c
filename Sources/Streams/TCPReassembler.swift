// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// Puts one direction of a TCP connection back in order, and never waits long for what is
/// missing (RFC 9293 section 3.10.7.4, seen from beside the path).
///
/// A listener is not the receiver: what it missed nobody sends again. So a gap is given up as
/// soon as the receiver acknowledges octets beyond it, or more than `heldLimit` waits behind it,
/// or a second has gone by.
struct TCPReassembler {
    /// Octets kept behind a gap: more than a full window of a camera's connection.
    static let heldLimit = 512 * 1024
    /// Segments kept behind a gap.
    static let heldSegmentLimit = 512
    /// How long a gap is waited for, ns: longer than a retransmission by timer, as a rule.
    static let patience: Int64 = 1_000_000_000
    /// A gap longer than any window (RFC 7323 section 2.3) is a new connection under old ports,
    /// or a forgery: the stream goes on there.
    static let longestGap = 1 << 24
    /// A segment that fills a gap later than this after what lies behind it was sent again, and
    /// not merely overtaken.
    static let overtaking: Int64 = 3_000_000

    /// What comes next in order.
    enum Output {
        /// Octets of a segment held before: those captured, and the length it had.
        case segment([UInt8], length: Int, instant: Int64)
        /// Octets that will not come, and when it was known that they are missing.
        case gap(Int, instant: Int64)
    }

    private struct Held {
        var sequence: UInt32
        var length: Int
        var octets: [UInt8]
        var instant: Int64
    }

    private(set) var next: UInt32?
    private var held: [Held] = []
    /// Octets held behind a gap, as their segments' headers state them.
    private(set) var heldOctets = 0
    /// Segments held behind a gap.
    var heldSegments: Int { held.count }
    /// The first octet, if the connection's start was seen.
    private var start: UInt32?
    /// Whether the connection's start was seen.
    var sawStart: Bool { start != nil }
    /// Segments that carried octets seen before, or filled a gap late.
    private(set) var retransmissions: UInt64 = 0
    /// Octets given up.
    private(set) var missingOctets: UInt64 = 0

    /// Takes a SYN: the next octet is the one after it.
    ///
    /// A SYN sent again changes nothing.
    mutating func started(sequence: UInt32) {
        guard start != sequence &+ 1 else { return }
        start = sequence &+ 1
        next = start
        held.removeAll()
        heldOctets = 0
    }

    /// Takes a segment; answers how many of its first octets are to be left out, or nil if
    /// nothing of it comes now.
    ///
    /// `length` is what its headers state.
    mutating func receive(
        sequence: UInt32, length: Int, octets: Span<UInt8>, at instant: Int64
    ) -> Int? {
        guard length > 0 else { return nil }
        let expected = next ?? sequence
        let distance = Int(Int32(truncatingIfNeeded: sequence &- expected))
        if distance <= 0 {
            guard distance + length > 0 else {
                // One octet again is a keep-alive (RFC 9293 section 3.8.4).
                if length > 1 { retransmissions += 1 }
                return nil
            }
            if distance < 0 {
                retransmissions += 1
            } else if let first = held.first,
                instant &- first.instant > TCPReassembler.overtaking
            {
                retransmissions += 1
            }
            next = sequence &+ UInt32(truncatingIfNeeded: length)
            return -distance
        }
        guard distance < TCPReassembler.longestGap else {
            held.removeAll()
            heldOctets = 0
            next = sequence &+ UInt32(truncatingIfNeeded: length)
            return 0
        }
        hold(sequence: sequence, length: length, octets: octets, at: instant)
        return nil
    }

    private mutating func hold(
        sequence: UInt32, length: Int, octets: Span<UInt8>, at instant: Int64
    ) {
        var place = held.count
        while place > 0, Int32(truncatingIfNeeded: sequence &- held[place - 1].sequence) < 0 {
            place -= 1
        }
        if place > 0, held[place - 1].sequence == sequence, held[place - 1].length >= length {
            retransmissions += 1
            return
        }
        var copy: [UInt8] = []
        copy.reserveCapacity(octets.count)
        for index in octets.indices { copy.append(octets[index]) }
        held.insert(
            Held(sequence: sequence, length: length, octets: copy, instant: instant), at: place)
        heldOctets += length
    }

    /// What has come into order, or is given up: at `instant`, with all octets before
    /// `acknowledged` received by the other side.
    mutating func output(at instant: Int64, acknowledged: UInt32?) -> Output? {
        guard let first = held.first, let expected = next else { return nil }
        let distance = Int(Int32(truncatingIfNeeded: first.sequence &- expected))
        if distance <= 0 {
            held.removeFirst()
            heldOctets -= first.length
            guard distance + first.length > 0 else {
                retransmissions += 1
                return output(at: instant, acknowledged: acknowledged)
            }
            if distance < 0 { retransmissions += 1 }
            next = first.sequence &+ UInt32(truncatingIfNeeded: first.length)
            let kept = Array(first.octets.dropFirst(-distance))
            return .segment(kept, length: first.length + distance, instant: first.instant)
        }
        let isAcknowledged =
            acknowledged.map { Int32(truncatingIfNeeded: $0 &- first.sequence) >= 0 } ?? false
        guard
            isAcknowledged || heldOctets > TCPReassembler.heldLimit
                || held.count > TCPReassembler.heldSegmentLimit
                || instant &- first.instant > TCPReassembler.patience
        else { return nil }
        missingOctets += UInt64(distance)
        next = first.sequence
        return .gap(distance, instant: first.instant)
    }
}
