// SPDX-License-Identifier: Apache-2.0
import Checks
import Glibc
import Measurements
import RTSP
import Registry

/// What one method gave.
struct CameraFinding {
    /// Where the method got to.
    enum Outcome {
        /// Video came for as long as it was measured.
        case video
        /// It came to nothing, or ended before its time.
        case failed(CheckFailure)
        /// It was not tried, and why.
        case notTried(String)
    }

    var method: CameraMethod
    var outcome: Outcome
    /// The video stream; of several, the one with most packets.
    var stream: StreamReport?
    /// From the beginning to the first packet, ns.
    var startNanoseconds: Int64?
    var end: PullEnd?
}

/// Tries one camera by every method, one session at a time.
final class CameraCheck {
    /// How long a session may take to begin, beyond what its own limits say, ns.
    private static let longestStart: Int64 = 60_000_000_000
    /// Refused logins after which nobody should try again until told.
    private static let loginLimit = 2

    private let question: CameraQuestion
    private let meters = PullMeters()
    private let signals = EndingSignals()
    private var playing: Int64?
    private var ended: PullEnd?

    init(_ question: CameraQuestion) { self.question = question }

    /// Asks, answers, and gives the exit status.
    func run(
        _ format: CameraCheckFormat, sink: ByteSink = ByteSink(descriptor: STDOUT_FILENO)
    ) throws -> Int32 {
        let loop: CheckLoop
        do {
            loop = try CheckLoop(seed: UInt64.random(in: 1 ... .max))
        } catch {
            throw Refusal("\(error)")
        }
        loop.sink = meters
        meters.stateChanged = { [unowned self] _, state in note(state) }
        var findings: [CameraFinding] = []
        var reason: String?
        for method in question.methods {
            if let reason {
                findings.append(CameraFinding(method: method, outcome: .notTried(reason)))
                continue
            }
            let finding = find(method, loop)
            findings.append(finding)
            reason = whyToStop(after: finding)
        }
        let answer = CameraCheckAnswer(question, findings, askDevice(findings, loop), sink: sink)
        switch format {
        case .table: try answer.writeTable()
        case .json: try answer.writeJSON()
        }
        return findings.contains { if case .video = $0.outcome { true } else { false } } ? 0 : 1
    }

    /// What is found at the address besides video; nil if it is not asked for, or may not be.
    private func askDevice(_ findings: [CameraFinding], _ loop: CheckLoop) -> DeviceAnswer? {
        guard question.asksDevice, let host = try? Host(parsing: question.url.host),
            let address = try? Resolver.address(of: host, among: question.allowed)
        else { return nil }
        let wasRefused = findings.contains { ($0.end?.loginFailures ?? 0) > 0 }
        let check = DeviceCheck(question: question, mayLogIn: !wasRefused)
        return DeviceAnswer(report: check.run(on: loop, address: address), now: WallClock.now)
    }

    private func note(_ state: PullState) {
        switch state {
        case .connecting, .asking: break
        case .playing: playing = MonotonicClock.now
        case .ended(let end): ended = end
        }
    }

    private func whyToStop(after finding: CameraFinding) -> String? {
        if let end = finding.end, end.loginFailures >= CameraCheck.loginLimit {
            return "the login was refused \(end.loginFailures) times"
        }
        guard case .failed(let failure) = finding.outcome else { return nil }
        switch failure.kind {
        case .notAllowed, .stopped: return failure.text
        case .authentication where failure.word == "credentials-missing": return failure.text
        default: return nil
        }
    }

    private func find(_ method: CameraMethod, _ loop: CheckLoop) -> CameraFinding {
        (playing, ended) = (nil, nil)
        let start = MonotonicClock.now
        let pull = loop.begin(question.request(method))
        var isStopping = false
        var wasInterrupted = false
        while ended == nil {
            loop.turn(milliseconds: 50)
            let now = MonotonicClock.now
            wasInterrupted = wasInterrupted || signals.haveCome
            let isOver =
                wasInterrupted || playing.map { now - $0 >= question.nanoseconds } ?? false
                || now - start > CameraCheck.longestStart + question.nanoseconds
            if isOver, !isStopping {
                isStopping = true
                loop.stop(pull)
            }
        }
        defer { meters.forget(pull) }
        let stream = meters.reports(of: pull)
            .filter { $0.medium.kind == .video || $0.identity.transport == .httpMultipart }
            .max { $0.total.packets.received < $1.total.packets.received }
        var finding = CameraFinding(method: method, outcome: .video, stream: stream, end: ended)
        finding.startNanoseconds = playing.map { $0 - start }
        guard let end = ended else { return finding }
        if wasInterrupted {
            finding.outcome = .failed(CheckFailure(.stopped, "interrupted", "interrupted"))
        } else if end.failure.kind != .stopped {
            finding.outcome = .failed(end.failure)
        } else if stream == nil {
            finding.outcome = .failed(
                CheckFailure(
                    .badStream, "no-video",
                    "agreed to play, and what came is no video that can be read"))
        }
        return finding
    }
}
