// SPDX-License-Identifier: Apache-2.0
import Checks
import Measurements
import Registry
import Settings
import Streams
import Timekeeping

/// Turns what pulls yield, and how they fail, into measurements of their cameras.
///
/// What a session shows is known from its first packet to its end. A camera that was asked and gave
/// no video was silent while it was asked, and, as far as samples tell, between two attempts that
/// both came to nothing. How long a beginning takes is nobody's silence; and a login refused, a
/// device without room or the probe's own trouble are no evidence at all (`showsNoVideo`): that
/// time stays unknown. Knows no clock: instants are those of the wall, given by who asks.
struct PullObserver {
    static let interval: Int64 = 10_000_000_000

    private struct Session {
        var camera: CameraID
        var evidence: Evidence
        var begun: Instant
        /// When the first packet of video came.
        var started: Instant?
        /// When the probe asked the camera to end it.
        var stopping: Instant?
        /// Until when its measurements were handed out.
        var handedOut: Instant
        /// The reports of one interval.
        var reports: [StreamReport] = []
        var transport = Transport.rtpUDP
    }

    private var sessions: [PullID: Session] = [:]
    /// Until when a camera is known to give no video although it was asked.
    private var failing: [CameraID: Instant] = [:]
    private var ready: [CameraObservation] = []

    /// The measurements of closed intervals and ended attempts; each is given once.
    mutating func take() -> [CameraObservation] {
        defer { ready = [] }
        return ready
    }

    /// Takes note that a camera is asked from now on.
    mutating func begin(
        _ pull: PullID, of camera: CameraID, evidence: Evidence, at now: Instant
    ) {
        sessions[pull] = Session(
            camera: camera, evidence: evidence, begun: now, handedOut: now)
    }

    /// Takes note that the probe ends a session: what does not come any more is not missed.
    mutating func stopping(_ pull: PullID, at now: Instant) {
        if sessions[pull]?.stopping == nil { sessions[pull]?.stopping = now }
    }

    /// Takes what the meters tell of one stream and interval.
    mutating func note(_ pull: PullID, _ report: StreamReport) {
        guard report.isVideo, let session = sessions[pull] else { return }
        if let last = session.reports.last, last.total.range != report.total.range {
            close(pull, until: report.total.range.start)
        }
        sessions[pull]?.reports.append(report)
    }

    /// Hands out what is over at `settled`; the meters were told of it before.
    mutating func advance(to settled: Instant) {
        let end = settled.floored(toNanoseconds: Self.interval)
        for (pull, session) in sessions where session.stopping == nil {
            // A packet that came since may have closed an interval that is not settled yet.
            let isSettled = session.reports.first.map { $0.total.range.end <= end } ?? false
            if isSettled { close(pull, until: end) }
            // Nothing of it came: it is silent, and watched.
            if let started = sessions[pull]?.started, started < end { fill(pull, until: end) }
        }
    }

    /// Takes the end of a session; the meters told all of it before.
    mutating func end(_ pull: PullID, _ failure: CheckFailure, at now: Instant) {
        guard let session = sessions[pull] else { return }
        var end = now
        if let stopping = session.stopping {
            let last = (session.reports.compactMap(\.total.lastPacket) + [stopping]).max()
            end = min(now, last?.advanced(byNanoseconds: 1) ?? stopping)
        }
        close(pull, until: end)
        let hasPlayed = sessions[pull]?.started != nil
        if hasPlayed { fill(pull, until: end) }
        sessions[pull] = nil
        guard failure.showsNoVideo, session.stopping == nil else {
            failing[session.camera] = nil
            return
        }
        if !hasPlayed {
            if let since = failing[session.camera],
                session.begun.nanoseconds(since: since) <= CheckPlan.attemptSpacing
            {
                silence(of: session, from: since, to: session.begun, .sampled)
            }
            silence(of: session, from: session.begun, to: end, session.evidence)
        }
        failing[session.camera] = end
    }

    /// Forgets all that is under way: the clock was set, or the probe did not run.
    mutating func forget() {
        sessions = [:]
        failing = [:]
    }

    /// Forgets a camera that is no more asked.
    mutating func forget(_ camera: CameraID) { failing[camera] = nil }

    // MARK: - Handing out

    /// Hands out the interval whose reports are there, up to `end` at most.
    private mutating func close(_ pull: PullID, until end: Instant) {
        guard let session = sessions[pull], let range = session.reports.first?.total.range else {
            return
        }
        let end = min(range.end, end)
        sessions[pull]?.reports = []
        let first = session.reports.compactMap(\.total.firstPacket).min()
        guard let started = session.started ?? first else { return }
        sessions[pull]?.started = started
        sessions[pull]?.transport = session.reports[0].identity.transport
        if session.started == nil {
            sessions[pull]?.handedOut = started
            failing[session.camera] = nil
        }
        fill(pull, until: range.start)
        let from = max(started, sessions[pull]?.handedOut ?? started)
        for observation in Observation.inOrder(
            of: session.reports, from: from, to: end, evidence: session.evidence)
        {
            ready.append(CameraObservation(camera: session.camera, observation: observation))
        }
        if first != nil { sessions[pull]?.handedOut = max(from, end) }
        fill(pull, until: end)
    }

    /// Hands out silence up to `end`.
    private mutating func fill(_ pull: PullID, until end: Instant) {
        guard let session = sessions[pull], session.handedOut < end else { return }
        silence(of: session, from: session.handedOut, to: end, session.evidence)
        sessions[pull]?.handedOut = end
    }

    private mutating func silence(
        of session: Session, from start: Instant, to end: Instant, _ evidence: Evidence
    ) {
        var start = start
        while start < end {
            let next = start.floored(toNanoseconds: Self.interval)
                .advanced(byNanoseconds: Self.interval)
            guard let part = TimeRange(start: start, end: min(next, end)) else { return }
            ready.append(
                CameraObservation(
                    camera: session.camera,
                    observation: Observation(
                        silent: part, transport: session.transport, probeDrops: 0,
                        evidence: evidence)))
            start = next
        }
    }
}
