// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Streams
import Timekeeping

/// What a node that runs tells its observer: when it watched, and what it lost itself.
///
/// A file ends the time watched with its last packet; here somebody says when it ends.
extension CaptureObserver {
    /// Tells that watching begins at `instant`.
    ///
    /// Cameras that were watched before are watched from then on, whether they send or not.
    func begin(at instant: Instant) {
        seen = TimeRange(start: instant, nanoseconds: 0)
        handedOut = instant
        losses = losses ?? [:]
        if watch == .all {
            for camera in everyCamera where watched[camera] == nil {
                watched[camera] = (instant, .rtpUDP)
            }
        }
        for camera in watched.keys { watched[camera]?.since = instant }
    }

    /// Counts cameras as watched here that were seen here before the node was started.
    func remember(_ cameras: [CameraID]) {
        let since = seen?.end ?? Instant(nanoseconds: 0)
        for camera in cameras where watched[camera] == nil && known.contains(camera) {
            watched[camera] = (since, .rtpUDP)
        }
    }

    /// Tells that all that came until `instant` was received, and what was lost until then: closes
    /// the intervals that are over.
    func advance(to instant: Instant) {
        guard let range = seen, instant > range.start else { return }
        // Packets that came after `instant` may have been seen already.
        seen = TimeRange(start: range.start, end: max(instant, range.end)) ?? range
        tracker.advance(to: instant)
        closeInterval()
        let end = instant.floored(toNanoseconds: Self.interval)
        fillSilence(until: end)
        let old = end.advanced(byNanoseconds: -2 * Self.interval)
        losses = losses?.filter { $0.key >= old }
    }

    /// Tells that nobody watches from `instant` on, until `begin`.
    func pause(at instant: Instant) {
        guard let range = seen else { return }
        let end = max(instant, range.start)
        seen = TimeRange(start: range.start, end: end)
        tracker.restart()
        closeInterval()
        fillSilence(until: end)
        seen = nil
        handedOut = nil
        matches = [:]
        sessions = [:]
    }

    /// Forgets streams that were silent since `instant`; their cameras go on being watched.
    func retire(silentSince instant: Instant) {
        for index in tracker.retire(silentSince: instant) { matches[index] = nil }
    }

    /// Shows when the last frame of each camera's stream came, or its last packet where frames
    /// cannot be told apart; a camera with several streams is shown several times.
    func visitArrivals(_ visit: (CameraID, Instant) -> Void) {
        for index in 0..<tracker.streamCount {
            guard let last = tracker.lastArrivals(stream: index) else { continue }
            var known = matches[index]
            if known == nil, let report = tracker.report(stream: index) {
                if report.medium.kind == .audio {
                    // A camera may go on speaking after its picture has gone.
                    matches[index] = .unregistered
                    continue
                }
                known = match(index, report)
            }
            guard case .camera(let camera, _) = known else { continue }
            visit(camera, last.frame ?? last.packet)
        }
    }

    /// Tells how many packets the probe itself lost between two instants; to be told before
    /// `advance` comes to the later one, a zero too.
    ///
    /// When within that time they were lost nobody knows: every interval that has a part in it has
    /// lost them.
    func lost(_ dropped: UInt64, from start: Instant, to end: Instant) {
        tracker.probeDropped(dropped)
        guard dropped > 0 else { return }
        var at = start.floored(toNanoseconds: Self.interval)
        var steps = 0
        while at <= end, steps < Self.mostIntervalsMarked {
            losses?[at, default: 0] += dropped
            at = at.advanced(byNanoseconds: Self.interval)
            steps += 1
        }
    }

    /// Intervals that one loss can touch: a node that did not look for an hour was not running.
    private static let mostIntervalsMarked = 360
}
