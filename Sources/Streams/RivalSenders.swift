// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets

/// Finds who sends under another's name: another address, the same SSRC, the same destination
/// port, in the same interval.
///
/// Each has a stream of its own all the same. One port alone proves nothing: a recorder may take
/// all its cameras in at one port, and a group may have many senders. But an SSRC is drawn from
/// 2³² by chance (RFC 3550 section 8.1).
extension Tracker {
    /// Counts the senders beside the first of every SSRC and destination port, among the streams
    /// that were active since `start`.
    mutating func countRivalSenders(since start: Int64) {
        var once = ClaimMarks(streams: store.count)
        var twice = once
        visitClaims(since: start) { _, _, hash in
            if !once.insert(hash) { _ = twice.insert(hash) }
        }
        guard !twice.isEmpty else { return }
        var claims: [UInt64: [(key: StreamKey, streams: [Int])]] = [:]
        visitClaims(since: start) { index, key, hash in
            guard twice.contains(hash) else { return }
            // Nearly always one key a hash.
            let place = claims[hash]?.firstIndex { $0.key == key }
            if let place {
                claims[hash]?[place].streams.append(index)
            } else {
                claims[hash, default: []].append((key, [index]))
            }
        }
        // In the order in which streams began, whatever they are hashed with.
        let groups = claims.values.flatMap { $0.map(\.streams) }.filter { $0.count > 1 }
        for streams in groups.sorted(by: { $0[0] < $1[0] }) { countRivals(streams) }
    }

    /// Counts the senders among streams of one claim, unless none of them is proved to be a stream.
    private mutating func countRivals(_ streams: [Int]) {
        var senders: Set<IPAddress> = []
        var port: UInt16 = 0
        var isProved = false
        for index in streams {
            withStream(index) { stream, _ in
                senders.insert(stream.key.source.address)
                port = stream.key.destination.port
                isProved = isProved || !stream.flags.contains(.probation)
            }
        }
        guard senders.count > 1, isProved else { return }
        // It belongs to no packet that is being worked on.
        let packetNumber = faultCounts.packetNumber
        faultCounts.packetNumber = nil
        faultCounts.count(
            ParseFault(
                .conflict, .rtp, "senders", offset: 0, needed: Int(port), had: senders.count),
            packets: UInt64(senders.count - 1))
        faultCounts.packetNumber = packetNumber
    }

    /// Shows every stream of RTP in UDP that was active since `start`: its index, and what it
    /// claims to be whoever sends, with the hash of that.
    private mutating func visitClaims(
        since start: Int64, _ visit: (Int, StreamKey, UInt64) -> Void
    ) {
        for index in 0..<store.count {
            let claim = withStream(index) { stream, _ -> StreamKey? in
                stream.lastArrival >= start && !stream.flags.contains(.vacant)
                    && stream.key.carriage == .rtpUDP ? stream.key.ofClaim : nil
            }
            if let claim { visit(index, claim, claim.hash(seed: seed)) }
        }
    }
}

extension StreamKey {
    /// The key of all streams of this SSRC to this destination port: the sender left out.
    var ofClaim: StreamKey {
        var key = self
        // The sender's part is the lower one, as it comes first on the wire.
        key.ends &= ~0xffff
        if link & StreamKey.isV6 == 0 {
            key.addresses &= ~0xffff_ffff
        } else {
            key.addresses = 0
            key.rest.0 = 0
        }
        return key
    }
}

/// Which claims were seen, by a bit each: so that of many streams only those few are compared that
/// may share one.
private struct ClaimMarks {
    /// At most 128 KiB; at 50,000 streams about one in twenty then shares a bit by chance.
    private static let mostBits = 1 << 20
    private var words: [UInt64]
    private(set) var isEmpty = true

    /// Makes room for marks of so many streams.
    init(streams: Int) {
        var bits = 1_024
        while bits < 16 * streams, bits < ClaimMarks.mostBits { bits *= 2 }
        words = [UInt64](repeating: 0, count: bits / 64)
    }

    /// Marks a claim; whether it was not marked.
    mutating func insert(_ hash: UInt64) -> Bool {
        guard !contains(hash) else { return false }
        isEmpty = false
        words[Int(truncatingIfNeeded: hash >> 6) & (words.count - 1)] |= 1 << (hash & 63)
        return true
    }

    func contains(_ hash: UInt64) -> Bool {
        words[Int(truncatingIfNeeded: hash >> 6) & (words.count - 1)] & 1 << (hash & 63) != 0
    }
}
