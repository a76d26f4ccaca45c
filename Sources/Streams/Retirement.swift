// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What a tracker that runs for months forgets, so that it holds what goes on and not what was.
///
/// A camera that is pulled anew begins another stream, and its session announces another medium.
/// Both stay until they are told to go.
extension Tracker {
    /// Forgets the streams of which nothing came since `instant`, and the media that signalling
    /// announced before the last call of this and that nothing refers to any more.
    ///
    /// A stream that goes on after all is a new one, under whatever index is free then.
    ///
    /// - Returns: the indices of the streams forgotten; they may be given to others at once.
    public mutating func retire(silentSince instant: Instant) -> [Int] {
        // What came in the interval in progress is still to be told.
        let retired = forgetStreams(before: min(instant.nanoseconds, intervalStart))
        forgetMedia()
        return retired
    }

    /// Tells that nobody watches from here on, until the next packet: closes the interval in
    /// progress and forgets all streams, so that what is sent meanwhile counts as nobody's loss.
    ///
    /// What signalling said is kept: it holds for the streams that will be seen again.
    public mutating func restart() {
        finish()
        _ = forgetStreams(before: .max)
        intervalStart = .min
        intervalEnd = .min
        intervalFloor = .min
    }

    private mutating func forgetStreams(before instant: Int64) -> [Int] {
        let seed = seed
        var forgotten: [Int] = []
        for index in 0..<store.count {
            let hash: UInt64? = withStream(index) { stream, _ in
                guard !stream.flags.contains(.vacant), stream.lastArrival < instant else {
                    return nil
                }
                return stream.key.hash(seed: seed)
            }
            guard let hash else { continue }
            // Gives back what it had borrowed to look further behind.
            settleSequence(index)
            vacate(index, hash: hash)
            forgotten.append(index)
        }
        guard !forgotten.isEmpty else { return [] }
        associations = AssociationTable()
        for index in 0..<store.count where hasReport(stream: index) {
            associate(index, withStream(index) { stream, _ in stream.key })
        }
        return forgotten
    }

    private mutating func forgetMedia() {
        var isNeeded = media.isNew
        func need(_ medium: Int) {
            if isNeeded.indices.contains(medium) { isNeeded[medium] = true }
        }
        for index in 0..<store.count {
            let medium: Int32? = withStream(index) { stream, totals in
                stream.flags.contains(.vacant) ? nil : totals.medium
            }
            if let medium { need(Int(medium)) }
        }
        for place in connections.all {
            guard let connection = connections.take(place) else { continue }
            for use in connection.channels.values { if let medium = use.medium { need(medium) } }
            connections.put(connection, at: place)
        }
        media.keep { isNeeded[$0] }
        // Announcements are repeated; one that still is will be heard again.
        announcements = AnnouncementsHeard()
    }
}
