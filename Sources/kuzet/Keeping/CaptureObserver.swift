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
/// of it is an interval of silence, and says so. Streams that belong to no camera are counted.
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
        var byCamera: [CameraID: [StreamReport]] = [:]
        for (stream, report) in reports where report.medium.kind != .audio {
            guard case .camera(let camera, _) = match(stream, report) else { continue }
            byCamera[camera, default: []].append(report)
        }
        for (camera, reports) in byCamera.sorted(by: { $0.key < $1.key }) {
            guard let first = reports.compactMap(\.total.firstPacket).min() else { continue }
            let since = watched[camera]?.since ?? first
            watched[camera] = (since, reports[0].identity.transport)
            hand(out: reports, of: camera, from: max(since, range.start), range)
        }
        for (camera, state) in watched.sorted(by: { $0.key < $1.key })
        where byCamera[camera] == nil {
            handSilence(of: camera, state, range)
        }
        handedOut = range.end
    }

    /// Hands out a camera's interval; a stream that follows another takes over where it begins.
    private func hand(
        out reports: [StreamReport], of camera: CameraID, from start: Instant, _ range: TimeRange
    ) {
        let end = min(range.end, seen?.end ?? range.end)
        let inOrder = reports.filter { $0.total.firstPacket != nil }.sorted {
            ($0.total.firstPacket ?? start, $0.identity.description)
                < ($1.total.firstPacket ?? start, $1.identity.description)
        }
        var chosen: [StreamReport] = []
        for report in inOrder {
            guard let last = chosen.last, let first = report.total.firstPacket else {
                chosen.append(report)
                continue
            }
            if last.total.lastPacket ?? start < first {
                chosen.append(report)
            } else if report.total.frames.count > last.total.frames.count {
                // The same camera twice at once: the fuller stream says what can be had of it.
                chosen[chosen.count - 1] = report
            }
        }
        for (index, report) in chosen.enumerated() {
            let from = index == 0 ? start : report.total.firstPacket ?? start
            let to = index + 1 < chosen.count ? chosen[index + 1].total.firstPacket ?? end : end
            guard let part = TimeRange(start: from, end: to), part.nanoseconds > 0 else { continue }
            var observation = Observation(report: report)
            observation.measurement.range = part
            if let lost = losses?[range.start] {
                let told = observation.measurement.trust.probeDrops ?? 0
                observation.measurement.trust.probeDrops = max(told, lost)
            }
            ready.append(CameraObservation(camera: camera, observation: observation))
        }
    }

    private func handSilence(
        of camera: CameraID, _ state: (since: Instant, transport: Transport), _ range: TimeRange
    ) {
        let part = TimeRange(
            start: max(state.since, range.start), end: min(range.end, seen?.end ?? range.end))
        guard let part, part.nanoseconds > 0 else { return }
        ready.append(
            CameraObservation(
                camera: camera,
                observation: Observation(
                    silent: part, transport: state.transport,
                    probeDrops: losses.map { $0[range.start] ?? 0 })))
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
        let match = matcher.match(
            StreamTrace(url: report.medium.url, source: source, destination: destination))
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

extension StreamIdentity {
    /// `source → destination`, and the SSRC where there is one.
    fileprivate var description: String {
        let ssrc = ssrc.map { " ssrc 0x" + String($0, radix: 16) } ?? ""
        return "\(source) → \(destination)\(ssrc)"
    }
}
