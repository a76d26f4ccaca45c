// SPDX-License-Identifier: Apache-2.0

/// Follows the continuity counters of a transport stream (ISO/IEC 13818-1 2.4.3.3).
///
/// Only a jump that nothing announces is loss: a packet may be sent twice, the discontinuity
/// indicator excuses one break, null packets do not count, and a packet without payload leaves
/// the counter where it was.
public struct ContinuityChecker: Hashable, Sendable {
    /// PIDs followed.
    ///
    /// A camera sends fewer than ten; a stream that uses all 8192 must not take the memory of a
    /// hundred cameras. Packets of further PIDs are counted, not followed.
    public static let pidLimit = 64

    /// What one packet's counter says.
    public enum Verdict: Hashable, Sendable {
        /// Nothing to compare: first of its PID, null packet, or PID beyond the limit.
        case notJudged
        case inOrder
        /// The packet before, sent once more.
        case duplicate
        /// Broken, and announced by the discontinuity indicator.
        case announced
        /// Broken: at least `missing` packets are gone (the true number modulo 16), or 0 if the
        /// same packet came a third time.
        case jump(missing: Int)
    }

    private struct Track: Hashable, Sendable {
        var pid: PacketIdentifier
        var counter: UInt8
        var fingerprint: UInt64
        var wasRepeated: Bool
    }

    private var tracks: [Track] = []
    /// Index of the PID that came last: streams send long runs of one PID.
    private var latest = 0

    /// Jumps that nothing announced.
    public private(set) var errors: UInt64 = 0
    /// Packets that are surely gone; the true number is this or more by multiples of 16.
    public private(set) var missingAtLeast: UInt64 = 0
    /// Packets sent twice.
    public private(set) var duplicates: UInt64 = 0
    /// Packets of PIDs beyond `pidLimit`.
    public private(set) var untrackedPackets: UInt64 = 0

    /// Makes a checker that follows nothing yet.
    public init() {}

    /// PIDs followed at present.
    public var trackedPIDs: Int { tracks.count }

    /// Judges one packet.
    ///
    /// `fingerprint` tells payloads apart: 16 packets lost in a row leave the counter where a
    /// repeated packet would, but not the payload.
    public mutating func receive(
        _ header: TransportHeader, isDiscontinuity: Bool, fingerprint: UInt64
    ) -> Verdict {
        guard header.pid != .null else { return .notJudged }
        guard let index = index(of: header.pid) else {
            guard tracks.count < Self.pidLimit else {
                untrackedPackets &+= 1
                return .notJudged
            }
            latest = tracks.count
            tracks.append(
                Track(
                    pid: header.pid, counter: header.continuityCounter, fingerprint: fingerprint,
                    wasRepeated: false))
            return .notJudged
        }
        latest = index
        let verdict = judge(header, tracks[index], isDiscontinuity, fingerprint)
        tracks[index].counter = header.continuityCounter
        if header.hasPayload {
            tracks[index].wasRepeated = verdict == .duplicate || verdict == .jump(missing: 0)
            tracks[index].fingerprint = fingerprint
        }
        switch verdict {
        case .duplicate: duplicates &+= 1
        case .jump(let missing):
            errors &+= 1
            missingAtLeast &+= UInt64(missing)
        case .notJudged, .inOrder, .announced: break
        }
        return verdict
    }

    /// Forgets where every counter stood, so that a hole in what was captured is not held
    /// against the sender.
    public mutating func forget() {
        tracks.removeAll(keepingCapacity: true)
        latest = 0
    }

    private func judge(
        _ header: TransportHeader, _ track: Track, _ isDiscontinuity: Bool, _ fingerprint: UInt64
    ) -> Verdict {
        let expected = header.hasPayload ? (track.counter &+ 1) & 0x0f : track.counter
        if header.continuityCounter == expected { return .inOrder }
        if isDiscontinuity { return .announced }
        if header.continuityCounter == track.counter, fingerprint == track.fingerprint {
            return track.wasRepeated ? .jump(missing: 0) : .duplicate
        }
        return .jump(missing: Int((header.continuityCounter &- expected) & 0x0f))
    }

    private func index(of pid: PacketIdentifier) -> Int? {
        if latest < tracks.count, tracks[latest].pid == pid { return latest }
        return tracks.firstIndex { $0.pid == pid }
    }
}
