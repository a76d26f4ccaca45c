// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Registry
import Streams
import Timekeeping

/// One measurement of a registered camera, on its way to the ledger.
struct CameraObservation: Hashable {
    var camera: CameraID
    var observation: Observation
}

/// Turns the packets of one vantage into measurements of registered cameras, interval by interval.
///
/// A camera counts as watched from its first packet on: from then on an interval without a packet
/// of it is an interval of silence, and says so. That holds until the receiver of the last session
/// of the camera ends it (RTSP TEARDOWN): what is seen of a camera by somebody else's session
/// ends with that, and nothing that follows speaks of the camera until it is seen again. Streams
/// that belong to no camera are counted.
final class CaptureObserver {
    /// Which cameras are held to be silent when nothing of them comes.
    enum Watch: String, CaseIterable {
        /// Those that were seen in this capture, from their first packet on.
        case seen
        /// All of the registry, from the first packet of the capture on.
        case all
    }

    var tracker = Tracker()
    private let matcher: StreamMatcher
    let everyCamera: [CameraID]
    /// The same, to look up.
    let known: Set<CameraID>
    let watch: Watch
    /// What came of each stream's match, by its index in the tracker.
    var matches: [Int: StreamMatch] = [:]
    /// Since when each camera is watched, and how its stream travelled last.
    var watched: [CameraID: (since: Instant, transport: Transport)] = [:]
    /// The streams of each camera whose receivers have not ended them.
    var sessions: [CameraID: Set<Int>] = [:]
    /// When the last session of a camera was ended by its receiver.
    private var released: [CameraID: Instant] = [:]
    /// Reports of the interval that was told last.
    private var reports: [(stream: Int, report: StreamReport)] = []
    /// The first packet, and one moment after the last: nobody watched before or after.
    var seen: TimeRange?
    /// The end of the interval handed out last.
    var handedOut: Instant?
    /// Packets that the probe itself lost, by the start of the interval; nil for a file, of which
    /// nobody can say.
    var losses: [Instant: UInt64]?
    private var ready: [CameraObservation] = []

    /// Streams of video that belong to no camera, by how they are shown.
    private(set) var unregistered: Set<String> = []
    /// Streams that more than one camera claims.
    private(set) var ambiguous: [String: [CameraID]] = [:]
    /// Which camera streams were found to be; a live observer keeps it over a restart.
    var memory = StreamMemory()
    /// Packets read.
    private(set) var packets: UInt64 = 0
    /// When the packet read last came.
    private(set) var lastArrival: Instant?

    static let interval: Int64 = 10_000_000_000
    /// Names kept of streams that belong to nobody; further ones are only counted as packets.
    static let mostUnregistered = 10_000

    init(_ registry: Registry, watch: Watch) {
        matcher = StreamMatcher(registry)
        everyCamera = registry.cameras.map(\.id)
        known = Set(everyCamera)
        self.watch = watch
        tracker.observeIntervals { [unowned self] stream, report in self.note(stream, report) }
    }

    /// Takes a batch of captured frames.
    func receive(_ window: Span<UInt8>, _ frames: Span<CapturedRecord>) {
        for index in 0..<frames.count { extend(to: frames[index].arrival) }
        packets += UInt64(frames.count)
        if frames.count > 0 { lastArrival = frames[frames.count - 1].arrival }
        tracker.receive(window: window, records: frames)
    }

    /// The measurements of intervals that are closed, in order of time; each is given once.
    func take() -> [CameraObservation] {
        defer { ready = [] }
        return ready
    }

    /// Closes what is open; `take` then gives the rest.
    func finish() {
        tracker.finish()
        closeInterval()
        if let seen { fillSilence(until: seen.end) }
    }

    private func extend(to arrival: Instant) {
        guard let range = seen else {
            seen = TimeRange(start: arrival, nanoseconds: 1)
            if watch == .all {
                for camera in everyCamera { watched[camera] = (arrival, .rtpUDP) }
            }
            return
        }
        guard arrival >= range.end else { return }
        seen = TimeRange(start: range.start, end: arrival.advanced(byNanoseconds: 1)) ?? range
    }

    /// Takes what the tracker tells of one stream and interval.
    private func note(_ stream: Int, _ report: StreamReport) {
        if let last = reports.last, last.report.total.range != report.total.range {
            closeInterval()
        }
        reports.append((stream, report))
    }

    /// Hands out the interval whose reports are complete.
    func closeInterval() {
        guard let range = reports.first?.report.total.range else { return }
        defer { reports = [] }
        fillSilence(until: range.start)
        var byCamera: [CameraID: [(stream: Int, report: StreamReport)]] = [:]
        // Cameras of which one of these streams may be: they cannot be said to be silent.
        var undecided: Set<CameraID> = []
        for (stream, report) in reports where report.medium.kind != .audio {
            switch match(stream, report) {
            case .camera(let camera, _): byCamera[camera, default: []].append((stream, report))
            case .ambiguous(let cameras, _): undecided.formUnion(cameras)
            case .unregistered: break
            }
        }
        for (camera, reports) in byCamera.sorted(by: { $0.key < $1.key }) {
            let wasReleased = released[camera] != nil
            noteSessions(of: camera, reports)
            guard let first = reports.compactMap(\.report.total.firstPacket).min() else {
                handSilence(of: camera, watched[camera], range)
                continue
            }
            let since = watched[camera]?.since ?? first
            watched[camera] = (since, reports[0].report.identity.transport)
            var start = max(since, range.start)
            if wasReleased, start < first {
                handReleased(
                    of: camera, reports[0].report.identity.transport,
                    TimeRange(start: start, end: first))
                start = first
            }
            hand(out: reports.map(\.report), of: camera, from: start, range)
        }
        for (camera, state) in watched.sorted(by: { $0.key < $1.key })
        where byCamera[camera] == nil && !undecided.contains(camera) {
            handSilence(of: camera, state, range)
        }
        handedOut = range.end
    }

    /// Notes which of a camera's streams go on, and when the last of them was ended.
    private func noteSessions(
        of camera: CameraID, _ reports: [(stream: Int, report: StreamReport)]
    ) {
        var open = sessions[camera] ?? []
        var ended: Instant?
        for (stream, report) in reports {
            if let at = report.releasedAt {
                open.remove(stream)
                ended = max(ended ?? at, at)
            } else {
                open.insert(stream)
            }
        }
        sessions[camera] = open
        if open.isEmpty {
            released[camera] = ended ?? released[camera]
        } else {
            released[camera] = nil
        }
    }

    /// Hands out a camera's interval; a stream that follows another takes over where it begins.
    private func hand(
        out reports: [StreamReport], of camera: CameraID, from start: Instant, _ range: TimeRange
    ) {
        var end = min(range.end, seen?.end ?? range.end)
        let whole = end
        if let at = released[camera], at < end {
            // Packets may still have been on their way.
            let last = reports.compactMap(\.total.lastPacket).max() ?? at
            end = min(end, max(at, last.advanced(byNanoseconds: 1), start))
        }
        defer {
            handReleased(
                of: camera, reports[0].identity.transport, TimeRange(start: end, end: whole))
        }
        for var observation in Observation.inOrder(of: reports, from: start, to: end) {
            if let lost = losses?[range.start] {
                let told = observation.measurement.trust.probeDrops ?? 0
                observation.measurement.trust.probeDrops = max(told, lost)
            }
            ready.append(CameraObservation(camera: camera, observation: observation))
        }
    }

    /// Hands out a stretch without a packet: silence, or nothing to see once nobody asks for more.
    private func handSilence(
        of camera: CameraID, _ state: (since: Instant, transport: Transport)?, _ range: TimeRange
    ) {
        guard let state else { return }
        let start = max(state.since, range.start)
        let end = min(range.end, seen?.end ?? range.end)
        guard let part = TimeRange(start: start, end: end), part.nanoseconds > 0 else { return }
        guard let at = released[camera], at < end else {
            handSilent(of: camera, state.transport, part, range)
            return
        }
        if let silent = TimeRange(start: start, end: max(at, start)), silent.nanoseconds > 0 {
            handSilent(of: camera, state.transport, silent, range)
        }
        handReleased(of: camera, state.transport, TimeRange(start: max(at, start), end: end))
    }

    /// Hands out silence, with what the probe itself lost in the interval around it.
    private func handSilent(
        of camera: CameraID, _ transport: Transport, _ part: TimeRange, _ interval: TimeRange
    ) {
        ready.append(
            CameraObservation(
                camera: camera,
                observation: Observation(
                    silent: part, transport: transport,
                    probeDrops: losses.map { $0[interval.start] ?? 0 })))
    }

    private func handReleased(of camera: CameraID, _ transport: Transport, _ range: TimeRange?) {
        guard let range, range.nanoseconds > 0 else { return }
        ready.append(
            CameraObservation(
                camera: camera, observation: Observation(released: range, transport: transport)))
    }

    /// Hands out the intervals in which no stream at all was heard.
    func fillSilence(until end: Instant) {
        guard var start = handedOut else { return }
        while start < end {
            let range = TimeRange(
                start: start.floored(toNanoseconds: Self.interval), nanoseconds: Self.interval)
            for (camera, state) in watched.sorted(by: { $0.key < $1.key }) {
                handSilence(of: camera, state, range)
            }
            start = range.end
        }
        handedOut = max(start, end)
    }

    func match(_ stream: Int, _ report: StreamReport) -> StreamMatch {
        if let match = matches[stream], match != .unregistered { return match }
        guard let source = endpoint(report.identity.source),
            let destination = endpoint(report.identity.destination)
        else { return .unregistered }
        var match = matcher.match(
            StreamTrace(url: report.medium.url, source: source, destination: destination))
        if case .camera(let camera, _) = match {
            memory.remember(report.identity, camera, at: report.total.range.end)
        } else if let camera = memory.camera(of: report.identity), known.contains(camera) {
            match = .camera(camera, by: .url)
            memory.remember(report.identity, camera, at: report.total.range.end)
        }
        matches[stream] = match
        let name = report.medium.url ?? report.identity.description
        switch match {
        case .unregistered:
            if unregistered.count < Self.mostUnregistered { unregistered.insert(name) }
        case .ambiguous(let cameras, _): ambiguous[name] = cameras
        case .camera: unregistered.remove(name)
        }
        return match
    }

    private func endpoint(_ text: String) -> NetworkEndpoint? {
        guard let place = try? HostPort(parsing: text), let address = place.host.address,
            let port = place.port
        else { return nil }
        return NetworkEndpoint(address: address, port: port)
    }
}
