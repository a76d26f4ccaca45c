// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// A camera's stream fell silent or came back, as noticed within seconds.
///
/// Ahead of the account, which waits for intervals and confirms: this is what people are told by.
struct StreamEvent: Hashable, Sendable {
    enum Kind: String, Sendable, Codable {
        case silent, returned
    }

    var camera: CameraID
    var vantage: String
    var kind: Kind
    /// The last frame before the silence, or the first frame seen after it.
    var at: Instant
    /// When it was noticed.
    var noticed: Instant
}

/// Notices within two seconds that a frame did not come that was due.
///
/// What is due follows from the camera's own habit: the longest gap between frames in the
/// interval before. A camera of one frame a minute is not silent after two seconds.
struct SilenceWatch {
    /// How long after a frame was due its absence is an event, ns.
    ///
    /// A second and a half, so that with the time that packets lie in the ring and that passes
    /// between two looks two seconds are kept (both 250 ms at most).
    static let patience: Int64 = 1_500_000_000
    /// What is due before a habit is known: a frame a second.
    static let unknownGap: Int64 = 1_000_000_000
    /// Habits beyond this are silences themselves (`JudgingRules.silence`).
    static let longestGap: Int64 = 10_000_000_000

    private struct Stream {
        var last: Instant
        var gap = SilenceWatch.unknownGap
        var isSilent = false
    }

    private var streams: [CameraID: Stream] = [:]

    /// Cameras that are silent at present.
    private(set) var silent = 0

    /// Learns a camera's habit from an interval: its longest gap between frames, ns.
    mutating func learn(_ camera: CameraID, gap: Int64) {
        guard gap > 0, gap < SilenceWatch.longestGap else { return }
        streams[camera]?.gap = gap
    }

    /// Takes the instant of a camera's last frame, which may be one told before; tells if with it
    /// the camera has come back.
    mutating func see(_ camera: CameraID, lastFrame: Instant) -> Bool {
        guard var stream = streams[camera] else {
            streams[camera] = Stream(last: lastFrame)
            return false
        }
        guard lastFrame > stream.last else { return false }
        stream.last = lastFrame
        let hasReturned = stream.isSilent
        stream.isSilent = false
        if hasReturned { silent -= 1 }
        streams[camera] = stream
        return hasReturned
    }

    /// The cameras that have become silent by `now`, each told once, with their last frames.
    mutating func overdue(at now: Instant) -> [(camera: CameraID, last: Instant)] {
        var found: [(camera: CameraID, last: Instant)] = []
        for (camera, stream) in streams where !stream.isSilent {
            let limit = stream.last.advanced(byNanoseconds: stream.gap + SilenceWatch.patience)
            if now >= limit { found.append((camera, stream.last)) }
        }
        for (camera, _) in found { streams[camera]?.isSilent = true }
        silent += found.count
        return found.sorted { ($0.last, $0.camera) < ($1.last, $1.camera) }
    }

    /// Forgets a camera that is no longer watched; whether it was silent.
    mutating func forget(_ camera: CameraID) -> Bool {
        let wasSilent = streams.removeValue(forKey: camera)?.isSilent ?? false
        if wasSilent { silent -= 1 }
        return wasSilent
    }

    /// Forgets when frames came: nobody watched, so that nothing can be overdue.
    ///
    /// - Returns: the cameras that were silent, of which nobody can say so any more.
    mutating func reset() -> [CameraID] {
        defer {
            streams = [:]
            silent = 0
        }
        return streams.filter(\.value.isSilent).keys.sorted()
    }
}
