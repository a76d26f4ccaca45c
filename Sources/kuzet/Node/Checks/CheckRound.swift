// SPDX-License-Identifier: Apache-2.0
import Checks
import Ledger
import Logging
import Measurements
import Packets
import RTSP
import Registry
import Settings
import Timekeeping

/// What the checker's thread knows between two looks: sessions under way, and who is due.
final class CheckRound {
    private static let second: Int64 = 1_000_000_000
    /// How often silence is looked for, ns.
    private static let lookAt: Int64 = 250_000_000
    /// A difference of the two clocks beyond this is a clock that was set, ns.
    private static let step: Int64 = 500_000_000
    /// A thread that did not run for this long, ns, cannot say what its sockets missed.
    private static let heldUp: Int64 = 3_000_000_000
    /// How long ending waits for cameras to be told, ns.
    private static let farewell: Int64 = 2_000_000_000
    /// How often the own clock is asked for, ns.
    private static let clockEvery: Int64 = 10_000_000_000
    /// How often chrony is asked, ns: it is a program that has to be started.
    private static let chronyEvery: Int64 = 60_000_000_000

    private struct Running {
        var camera: CameraID
        var isContinuous: Bool
        var begun: Instant
        var hasFrames = false
        var address: IPAddress?
    }

    let checker: Checker
    let loop: CheckLoop
    private let meters = PullMeters()
    private var targets = CheckTargets()
    private var schedule: PullSchedule<CameraID>
    private var observer = PullObserver()
    private var silence = SilenceWatch()
    private var running: [PullID: Running] = [:]
    private var pulls: [CameraID: PullID] = [:]
    private var playing = 0
    private let reach: ReachRound
    private var ownClock = KuzetSettings.Node.Clock.kernel
    private var chrony: ChronyTracking?
    private var clocks: (wall: Instant, steady: Int64)
    private var next: (look: Int64, second: Int64, clock: Int64, chrony: Int64) = (0, 0, 0, 0)
    private var endBy: Int64?

    init(_ checker: Checker) throws(CheckLoop.Failure) {
        self.checker = checker
        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        loop = try CheckLoop(seed: seed)
        loop.openEcho()
        var rules = PullSchedule<CameraID>.Rules()
        rules.longestWait = 30 * CheckRound.second
        // A thousand cameras are tried within twenty seconds.
        rules.beginningsPerSecond = 50
        schedule = PullSchedule(seed: seed, rules: rules)
        reach = ReachRound(checker, loop, seed: seed)
        clocks = (WallClock.now, MonotonicClock.now)
        loop.sink = meters
        meters.intervalClosed = { [unowned self] pull, report in observer.note(pull, report) }
        meters.stateChanged = { [unowned self] pull, state in changed(pull, state) }
        checker.board.withState { $0.pulls.vantage = checker.vantage.text }
        reflect()
    }

    private func reflect() {
        guard let place = checker.reflector, let address = place.host.address,
            let port = place.port
        else { return }
        let orders = checker.takeOrders()
        if let first = orders.targets { use(first) }
        ownClock = orders.clock ?? ownClock
        let endpoint = Endpoint(
            address: IPAddress(high: address.high, low: address.low), port: port)
        guard loop.reflect(at: endpoint, allowed: targets.everywhere) != nil else {
            checker.log.error("test packets cannot be sent back from \(endpoint)")
            return
        }
        checker.log.notice("test packets are sent back from \(endpoint) (RFC 8762)")
    }

    /// One look; false when it was the last.
    func go() -> Bool {
        let orders = checker.takeOrders()
        if let clock = orders.clock { ownClock = clock }
        if let targets = orders.targets { use(targets) }
        for camera in orders.retries {
            schedule.retry(camera)
            reach.retry(camera)
        }
        loop.turn(milliseconds: 100)
        let now = (wall: WallClock.now, steady: MonotonicClock.now)
        compareClocks(now)
        if now.steady >= next.look {
            next.look = now.steady + Self.lookAt
            lookForSilence(at: now.wall)
        }
        if now.steady >= next.clock {
            next.clock = now.steady + Self.clockEvery
            askClock()
        }
        if now.steady >= next.chrony {
            next.chrony = now.steady + Self.chronyEvery
            if ownClock == .kernel { loop.chrony { [unowned self] in chrony = $0 } }
        }
        if now.steady >= next.second {
            next.second = now.steady + Self.second
            meters.advance(to: now.wall)
            observer.advance(
                to: now.wall.advanced(byNanoseconds: -PullMeters.settling))
            if endBy == nil {
                obey(schedule.steps(at: Instant(nanoseconds: now.steady)))
                reach.go(at: now.steady)
            }
            checker.tellSuppressed(at: now.steady)
            tellState()
        }
        handOn()
        return !isOver(orders.mustEnd, now.steady)
    }

    private func isOver(_ mustEnd: Bool, _ steady: Int64) -> Bool {
        guard mustEnd else { return false }
        guard let endBy else {
            endBy = steady + Self.farewell
            let now = WallClock.now
            for pull in running.keys { observer.stopping(pull, at: now) }
            loop.stopAll()
            return false
        }
        guard running.isEmpty || steady >= endBy else { return false }
        handOn()
        return true
    }

    // MARK: - Orders

    private func use(_ next: CheckTargets) {
        let now = Instant(nanoseconds: MonotonicClock.now)
        for (camera, target) in next.cameras {
            guard let old = targets.cameras[camera], !old.pulls(as: target) else { continue }
            if old.credentials != target.credentials { schedule.retry(camera) }
            if let pull = pulls[camera] { stop(pull) }
        }
        for camera in targets.cameras.keys where next.cameras[camera] == nil {
            observer.forget(camera)
            forgetSilence(of: camera)
            checker.board.withState { $0.cameraChecks[camera] = nil }
        }
        targets = next
        reach.use(next, at: now.nanoseconds)
        obey(schedule.set(next.plans, at: now))
        for remark in next.remarks { checker.log.warning("\(remark)") }
    }

    private func obey(_ steps: [PullSchedule<CameraID>.Step]) {
        for step in steps {
            switch step {
            case .begin(let camera): begin(camera)
            case .stop(let camera): if let pull = pulls[camera] { stop(pull) }
            }
        }
    }

    private func begin(_ camera: CameraID) {
        guard let target = targets.cameras[camera], let request = target.request else { return }
        let isContinuous = target.plan.pull == .continuous
        // The loop may tell of the end before it has told the number.
        let pull = loop.begin(request)
        let now = WallClock.now
        observer.begin(
            pull, of: camera, evidence: isContinuous ? .observed : .sampled, at: now)
        running[pull] = Running(camera: camera, isContinuous: isContinuous, begun: now)
        pulls[camera] = pull
        if let end = endedEarly.removeValue(forKey: pull) { ended(pull, end) }
    }

    /// Pulls that ended inside the call that began them.
    private var endedEarly: [PullID: PullEnd] = [:]

    private func stop(_ pull: PullID) {
        observer.stopping(pull, at: WallClock.now)
        loop.stop(pull)
    }

    // MARK: - What pulls tell

    private func changed(_ pull: PullID, _ state: PullState) {
        switch state {
        case .connecting: break
        case .asking(let endpoint): running[pull]?.address = endpoint.address
        case .playing: began(pull)
        case .ended(let end):
            if running[pull] == nil { endedEarly[pull] = end } else { ended(pull, end) }
        }
    }

    private func began(_ pull: PullID) {
        guard let running = running[pull] else { return }
        playing += 1
        schedule.playing(running.camera, at: Instant(nanoseconds: MonotonicClock.now))
        if let address = running.address { reach.learn(running.camera, address) }
        checker.tell(
            CheckNote(
                name: .pull, result: CheckNote.well, text: "plays", at: WallClock.now),
            of: running.camera)
    }

    private func ended(_ pull: PullID, _ end: PullEnd) {
        guard let was = running.removeValue(forKey: pull) else { return }
        let camera = was.camera
        if end.hasPlayed { playing -= 1 }
        pulls[camera] = nil
        meters.forget(pull)
        observer.end(pull, end.failure, at: WallClock.now)
        schedule.ended(
            camera, end.failure, loginFailures: end.loginFailures,
            at: Instant(nanoseconds: MonotonicClock.now))
        if !was.isContinuous || !end.failure.showsNoVideo { forgetSilence(of: camera) }
        guard end.failure.kind != .stopped else { return }
        var note = CheckNote(.pull, end.failure, at: WallClock.now)
        note.evidence = end.dialogue.map { ($0.isOwn ? "> " : "< ") + $0.text }
        if case .blocked(let block) = schedule.state(of: camera) { note.text += block.remark }
        checker.tell(note, of: camera)
        guard end.failure.showsNoVideo else { return }
        reach.hurry(camera)
        if was.isContinuous, !end.hasPlayed { checker.board.noteSilent(camera, since: was.begun) }
    }

    // MARK: - Silence

    private func lookForSilence(at now: Instant) {
        let settled = now.advanced(byNanoseconds: -PullMeters.settling)
        var events: [StreamEvent] = []
        let vantage = checker.vantage.text
        meters.visitArrivals { pull, last in
            guard let running = running[pull], running.isContinuous else { return }
            if !running.hasFrames {
                self.running[pull]?.hasFrames = true
                checker.board.forgetSilence(of: [running.camera])
            }
            if silence.see(running.camera, lastFrame: last) {
                events.append(
                    StreamEvent(
                        camera: running.camera, vantage: vantage, kind: .returned, at: last,
                        noticed: now))
            }
        }
        for (camera, last) in silence.overdue(at: settled) {
            reach.hurry(camera)
            events.append(
                StreamEvent(
                    camera: camera, vantage: vantage, kind: .silent, at: last, noticed: now))
        }
        guard !events.isEmpty else { return }
        checker.board.note(events)
        for event in events {
            checker.log.notice(
                "\(event.camera): \(event.kind == .silent ? "fell silent" : "is back")",
                metadata: ["frame": "\(checker.zone.text(event.at, decimals: 3))"])
        }
    }

    private func forgetSilence(of camera: CameraID) {
        _ = silence.forget(camera)
        checker.board.forgetSilence(of: [camera])
    }

    // MARK: - Clocks

    private func askClock() {
        let note = ownClock == .trusted ? .trusted : OwnClockNote(OwnClock.read(), chrony)
        let before = checker.board.withState { state in
            defer { state.ownClock = note }
            return state.ownClock
        }
        guard before.isInStep != note.isInStep || clocks.steady == 0 else { return }
        if note.isInStep {
            checker.log.notice("the own clock is in step")
        } else {
            checker.log.warning(
                "the own clock is \(note.text); offsets of cameras are unknown until it is in step")
        }
    }

    /// Notices that the wall clock was set, or that the thread did not run: what sessions saw of
    /// that time is not known, and they begin anew.
    private func compareClocks(_ now: (wall: Instant, steady: Int64)) {
        let steady = now.steady - clocks.steady
        let stepped = now.wall.nanoseconds(since: clocks.wall) - steady
        clocks = now
        guard abs(stepped) >= Self.step || steady >= Self.heldUp else { return }
        observer.forget()
        checker.board.forgetSilence(of: silence.reset())
        loop.stopAll()
        checker.log.warning(
            abs(stepped) >= Self.step
                ? "the clock was set; sessions begin anew" : "held up; sessions begin anew")
    }

    // MARK: - Telling

    private func handOn() {
        let records = observer.take()
        guard !records.isEmpty else { return }
        let own = checker.board.withState { $0.ownClock }
        for record in records {
            silence.learn(
                record.camera, gap: record.observation.measurement.frames.largestGapNanoseconds)
        }
        let vantage = checker.vantage
        let letters = records.map { record in
            var observation = record.observation
            observation.hold(against: own)
            return NewObservation(
                camera: record.camera, vantage: vantage, observation: observation)
        }
        if !checker.mailbox.put(.observations(letters), weight: letters.count) {
            checker.log.error(
                "measurements given up, because too many wait for the ledger",
                metadata: ["count": "\(letters.count)"])
        }
    }

    private func tellState() {
        var wanted = 0
        var blocked = 0
        for (camera, target) in targets.cameras where target.request != nil {
            wanted += 1
            if case .blocked = schedule.state(of: camera) { blocked += 1 }
        }
        let (now, missed, remarks) = (playing, schedule.missedSamples, targets.remarks)
        checker.board.withState { state in
            state.pulls.wanted = wanted
            state.pulls.playing = now
            state.pulls.blocked = blocked
            state.pulls.missed = missed
            state.pulls.remarks = remarks
        }
    }
}

extension PullSchedule.Block {
    /// What follows from it, to stand behind the reason.
    var remark: String {
        switch self {
        case .loginRefused(let times):
            "; refused \(times) times, left alone until `kuzet camera retry`"
        case .credentials: "; left alone until its credentials change"
        case .notAllowed: "; left alone until `checks: allow` changes"
        }
    }
}
