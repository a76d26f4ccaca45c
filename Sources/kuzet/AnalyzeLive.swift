// SPDX-License-Identifier: Apache-2.0
import Capture
import Glibc
import Measurements
import Streams
import Timekeeping

/// An analysis of what an interface carries now, on a screen or until its time is over.
struct LiveAnalysis {
    /// How long reading waits for packets before it looks at keys and clocks, ms.
    private static let patience: Int32 = 50
    /// How long packets may stay in the ring before they are handed over, ns.
    ///
    /// What is older than this has been seen. Twice the capture's own time to gather.
    private static let settling: Int64 = 200_000_000
    private static let second: Int64 = 1_000_000_000

    private let analysis: Analysis
    private let options: AnalyzeOptions
    private let style: TerminalStyle

    init(_ analysis: Analysis, _ options: AnalyzeOptions, _ style: TerminalStyle) {
        self.analysis = analysis
        self.options = options
        self.style = style
    }

    /// Captures until the time is over, somebody ends it, or the interface is gone.
    func run(on interface: String) throws -> Int32 {
        var capture: LiveCapture
        do {
            var wanted = LiveCapture.Options()
            wanted.ringBytes = options.ringBytes
            wanted.filter = options.filter
            if let length = options.snapLength { wanted.snapLength = length }
            capture = try LiveCapture(interface: interface, options: wanted)
        } catch {
            return try analysis.answer.fail(error.description)
        }
        let settings = InterfaceSettings(of: interface)
        if let warning = settings.warning { analysis.input.notes.append(warning) }
        if let longest = settings.longestPacket { analysis.expect(packetsUpTo: longest) }
        analysis.input.format = "live"
        analysis.input.kernelDrops = 0
        analysis.keepLatestIntervals()
        let signals = EndingSignals()
        if var screen = LiveScreen(options, style: style) {
            let trouble = watch(&capture) { now, mustDraw in
                if mustDraw { screen.show(moment(at: now)) }
                switch screen.wait(milliseconds: 0) {
                case .ended: return .end
                case .changed: return .draw
                case .nothing, .readable: return .go
                }
            }
            analysis.answer.style.columns = screen.leave().columns
            note(trouble)
        } else {
            note(watch(&capture) { _, _ in signals.haveCome ? .end : .go })
        }
        return try analysis.finish()
    }

    private enum Step { case go, draw, end }

    /// The loop: packets, then once a second clocks and drops, and the screen.
    private func watch(
        _ capture: inout LiveCapture, _ look: (_ now: Int64, _ mustDraw: Bool) -> Step
    ) -> LiveCaptureError? {
        let start = MonotonicClock.now
        var nextSecond = start
        var mustDraw = true
        while true {
            do {
                _ = try capture.read(timeoutMilliseconds: LiveAnalysis.patience) {
                    analysis.receive($0, $1)
                }
                let now = MonotonicClock.now
                if now >= nextSecond {
                    nextSecond = now + LiveAnalysis.second
                    try takeDrops(&capture)
                    let settled = WallClock.now.advanced(byNanoseconds: -LiveAnalysis.settling)
                    analysis.tracker.advance(to: settled)
                    mustDraw = true
                }
                switch look(now, mustDraw) {
                case .end: return nil
                case .draw: mustDraw = true
                case .go: mustDraw = false
                }
                if let duration = options.duration, now - start >= duration { return nil }
            } catch let error as LiveCaptureError {
                return error
            } catch {
                preconditionFailure("a capture throws its own errors only")
            }
        }
    }

    private func takeDrops(_ capture: inout LiveCapture) throws {
        let drops = try capture.drops()
        let total = drops.kernel + drops.interface
        analysis.tracker.probeDropped(total - (analysis.input.kernelDrops ?? 0))
        analysis.input.kernelDrops = total
    }

    private func note(_ trouble: LiveCaptureError?) {
        if let trouble { analysis.input.notes.append(trouble.description) }
    }

    private func moment(at now: Int64) -> LiveMoment<RecentReports> {
        LiveMoment(
            reports: RecentReports(analysis), input: analysis.input,
            history: { analysis.history(of: $0) })
    }
}

/// What streams do now: each report's figures are those of the interval closed last, so that a
/// camera that fails is seen to fail, however long it ran before.
struct RecentReports: RandomAccessCollection {
    private let analysis: Analysis
    private let reports: TrackedReports

    init(_ analysis: Analysis) {
        self.analysis = analysis
        reports = TrackedReports(analysis)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { reports.count }

    subscript(position: Int) -> StreamReport { analysis.recent(reports[position]) }
}

/// The wall clock, which is what arrivals are stamped by.
enum WallClock {
    static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

/// SIGINT, SIGTERM and SIGHUP, taken when somebody looks instead of when they come.
struct EndingSignals {
    private let watched: sigset_t

    init() {
        var watched = sigset_t()
        unsafe sigemptyset(&watched)
        for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&watched, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &watched, nil)
        self.watched = watched
    }

    /// Whether one has come.
    var haveCome: Bool {
        var watched = watched
        var none = timespec()
        return unsafe sigtimedwait(&watched, nil, &none) > 0
    }
}
