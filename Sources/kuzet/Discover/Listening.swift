// SPDX-License-Identifier: Apache-2.0
import Capture
import Measurements
import Registry
import Streams

/// Hears which streams of video an interface carries.
final class Listening {
    private var capture: LiveCapture
    private var tracker = Tracker()

    init(_ interface: String) throws(LiveCaptureError) {
        capture = try LiveCapture(interface: interface)
    }

    /// Takes what comes, and waits for it at most so long.
    func turn(milliseconds: Int32) throws {
        _ = try capture.read(timeoutMilliseconds: milliseconds) {
            tracker.receive(window: $0, records: $1)
        }
    }

    /// The streams that were heard; nothing more is to be heard then.
    func finish() -> [InitAnswers.Found] {
        tracker.finish()
        var reports: [StreamReport] = []
        for index in 0..<tracker.streamCount {
            if let report = tracker.report(stream: index) { reports.append(report) }
        }
        return Self.found(in: reports)
    }

    /// The streams of some seconds, and what went wrong if anything did.
    static func hear(
        _ interface: String, seconds: Int
    ) -> (found: [InitAnswers.Found], fault: String?) {
        let signals = EndingSignals()
        do {
            let listening = try Listening(interface)
            let end = MonotonicClock.now + Int64(seconds) * 1_000_000_000
            while MonotonicClock.now < end, !signals.haveCome {
                try listening.turn(milliseconds: 100)
            }
            return (listening.finish(), nil)
        } catch {
            return ([], "\(error)")
        }
    }

    /// One entry for each stream of video that a registry can tell from the others.
    static func found(in reports: [StreamReport]) -> [InitAnswers.Found] {
        let videos = reports.filter { $0.medium.kind == .video }
        var perHost: [String: Set<String>] = [:]
        for report in videos where report.medium.url == nil {
            guard let place = try? HostPort(parsing: report.identity.source) else { continue }
            perHost[place.host.description, default: []].insert(report.identity.source)
        }
        var found: [String: InitAnswers.Found] = [:]
        for report in videos {
            guard let source = try? HostPort(parsing: report.identity.source) else { continue }
            let host = source.host.description
            let stream: String
            if let url = report.medium.url.flatMap({ StreamURL(seen: $0) }) {
                stream = url.text
            } else if let group = try? StreamSource(parsing: report.identity.destination),
                case .group = group
            {
                stream = group.description
            } else {
                // A host's only stream is the host's, whatever port it takes tomorrow.
                let isAlone = perHost[host]?.count == 1
                stream = isAlone ? host : report.identity.source
            }
            let size = report.medium.width.flatMap { width in
                report.medium.height.map { "\(width)x\($0)" }
            }
            let what = [size, report.medium.codec].compactMap { $0 }.joined(separator: " ")
            let heard = (found[stream]?.heard ?? []) + [report.identity]
            if found[stream].map({ $0.what.count < what.count }) ?? true {
                found[stream] = InitAnswers.Found(stream: stream, host: host, what: what)
            }
            found[stream]?.heard = heard
        }
        return found.values.sorted { ($0.host, $0.stream) < ($1.host, $1.stream) }
    }
}
