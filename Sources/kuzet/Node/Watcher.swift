// SPDX-License-Identifier: Apache-2.0
import Capture
import Glibc
import Ledger
import Logging
import Measurements
import Registry
import Settings
import Streams
import Synchronization
import Timekeeping

/// What a watcher hands to the keeper.
enum NodeLetter: Sendable {
    case observations([NewObservation])
    /// The wall clock was set while the node ran.
    case clockStepped(byNanoseconds: Int64)
    /// A check says otherwise than before; of a camera, site or channel.
    case check(CheckNote, of: String)
}

/// Watches one interface on a thread of its own: packets in, measurements and events out.
///
/// What it cannot have seen it does not speak of: while the interface is down, while the kernel
/// dropped packets or the clock was set, nobody watched, and the account says unknown.
final class Watcher: Sendable {
    /// How long a look into the ring waits, ms; how late a signal to end is noticed.
    private static let patience: Int32 = 100
    /// How long packets may lie in the ring before they are handed over, ns.
    private static let settling: Int64 = 200_000_000
    /// How far packets of several processors may lie out of order in the ring, ns.
    private static let disorder: Int64 = 20_000_000
    /// How often silence is looked for, ns.
    private static let lookAt: Int64 = 250_000_000
    private static let second: Int64 = 1_000_000_000
    /// A difference of the two clocks beyond this is a clock that was set, ns.
    private static let step: Int64 = 500_000_000
    /// A thread that did not run for this long, ns, is said to have been held up.
    private static let heldUp: Int64 = 3_000_000_000
    /// Streams that were silent for this long are forgotten, ns; looked for as often.
    private static let retirement: Int64 = 3_600_000_000_000

    let settings: KuzetSettings.Capture
    let vantage: VantageID
    private let board: NodeBoard
    private let mailbox: Mailbox<NodeLetter>
    private let log: Logger
    /// The zone of instants in the log.
    private let zone: ZoneRules
    /// Where it is kept which stream is whose.
    private let memoryFile: SmallFile
    /// A registry to go over to, and whether to end.
    private let orders = Mutex<(registry: Registry?, mustEnd: Bool)>((nil, false))
    /// What became of opening: nil until known, then what is wrong, empty if nothing.
    private let opening = Mailbox<String>(limit: 1)

    init(
        _ settings: KuzetSettings.Capture, _ vantage: VantageID, board: NodeBoard,
        mailbox: Mailbox<NodeLetter>, memory: SmallFile, zone: ZoneRules,
        log: Logger
    ) {
        self.settings = settings
        self.vantage = vantage
        self.board = board
        self.mailbox = mailbox
        memoryFile = memory
        self.zone = zone
        self.log = log
    }

    /// Asks the thread to close its interval and end.
    func end() { orders.withLock { $0.mustEnd = true } }

    /// Asks the thread to match streams by another registry from now on.
    func use(_ registry: Registry) { orders.withLock { $0.registry = registry } }

    /// Waits until the interface was opened; what is wrong if that failed for good.
    func waitUntilOpen() -> String? {
        let answer = opening.take(waitingMilliseconds: 10_000).first
        guard let answer else { return "\(settings.interface): opening it takes too long" }
        return answer.isEmpty ? nil : answer
    }

    /// Captures until `end`; run on the watcher's own thread.
    func run(_ registry: Registry, remembering cameras: [CameraID]) {
        var options = LiveCapture.Options()
        options.ringBytes = Int(settings.ringBytes)
        options.filter = settings.filter
        options.isPromiscuous = settings.isPromiscuous
        do {
            var capture = try StandingCapture(interface: settings.interface, options: options)
            let isDropped = Privileges.drop()
            opening.put(isDropped ? "" : "privileges could not be given up")
            let memory = memoryFile.read().map { StreamMemory(text: $0) } ?? StreamMemory()
            var round = Round(self, registry, cameras, memory)
            while round.go(&capture) {}
        } catch {
            opening.put(error.description)
        }
    }

    fileprivate func takeOrders() -> (registry: Registry?, mustEnd: Bool) {
        orders.withLock { orders in
            defer { orders.registry = nil }
            return orders
        }
    }

    /// What one thread knows between two looks at the ring.
    private struct Round {
        private let watcher: Watcher
        private var observer: CaptureObserver
        private var silence = SilenceWatch()
        private var state: StandingCapture.State?
        private var isWatching = false
        /// When drops were last asked for.
        private var dropsKnown: Instant
        private var nextLook: Int64 = 0
        private var nextSecond: Int64 = 0
        private var nextRetirement: Int64
        private var clocks: (wall: Instant, steady: Int64)
        private var rate: (at: Int64, packets: UInt64) = (0, 0)
        /// The last instant until which everything is known to have been seen.
        private var sound: Instant

        init(
            _ watcher: Watcher, _ registry: Registry, _ cameras: [CameraID], _ memory: StreamMemory
        ) {
            self.watcher = watcher
            let watch: CaptureObserver.Watch = watcher.settings.watch == .all ? .all : .seen
            observer = CaptureObserver(registry, watch: watch)
            observer.remember(cameras)
            observer.memory = memory
            let steady = MonotonicClock.now
            clocks = (WallClock.now, steady)
            nextRetirement = steady + Watcher.retirement
            sound = clocks.wall
            dropsKnown = clocks.wall
        }

        /// One look; false when it was the last.
        mutating func go(_ capture: inout StandingCapture) -> Bool {
            // Asked for first: what was lost must be known before its interval is handed out.
            if MonotonicClock.now >= nextSecond { askForDrops(&capture) }
            let hadPackets = capture.read(timeoutMilliseconds: Watcher.patience) { window, frames in
                observer.receive(window, frames)
            }
            let now = (wall: WallClock.now, steady: MonotonicClock.now)
            let orders = watcher.takeOrders()
            if let registry = orders.registry { change(to: registry, at: now.wall) }
            if now.steady >= nextLook {
                nextLook = now.steady + Watcher.lookAt
                compareClocks(now)
                lookForSilence(at: now.wall, settled: settled(now.wall, hadPackets))
            }
            if now.steady >= nextSecond {
                nextSecond = now.steady + Watcher.second
                everySecond(&capture, now, settled: settled(now.wall, hadPackets))
            }
            if orders.mustEnd {
                askForDrops(&capture)
                if isWatching { observer.pause(at: now.wall) }
                handOn()
                return false
            }
            return true
        }

        private mutating func askForDrops(_ capture: inout StandingCapture) {
            let now = WallClock.now
            observer.lost(capture.takeDrops(), from: min(dropsKnown, now), to: now)
            dropsKnown = now
        }

        // MARK: - Each second

        private mutating func everySecond(
            _ capture: inout StandingCapture, _ now: (wall: Instant, steady: Int64),
            settled: Instant
        ) {
            let look = capture.look()
            if look.state != state || look.isBroken { turn(look.state, look.isBroken, now.wall) }
            if isWatching {
                if settled > sound {
                    observer.advance(to: settled)
                    sound = settled
                }
                handOn()
            }
            if now.steady >= nextRetirement {
                nextRetirement = now.steady + Watcher.retirement
                observer.retire(silentSince: now.wall.advanced(byNanoseconds: -Watcher.retirement))
                observer.memory.forget(at: now.wall)
            }
            if observer.memory.hasChanged, !watcher.memoryFile.write(observer.memory.text()) {
                watcher.log.warning(
                    "which stream is whose cannot be kept for a restart",
                    metadata: ["file": "\(watcher.memoryFile.path)"])
            }
            tell(capture, now)
        }

        /// Goes over to another state of the interface.
        private mutating func turn(
            _ next: StandingCapture.State, _ isBroken: Bool, _ now: Instant
        ) {
            if isWatching {
                observer.pause(at: sound)
                forgetSilence()
                handOn()
            }
            if next != state {
                let who = watcher.settings.interface
                let text = next.text
                if next.isWatching {
                    watcher.log.notice("\(who): \(text)")
                } else {
                    watcher.log.error("\(who): \(text); nothing is seen there until it is back")
                }
            } else if next.isWatching {
                watcher.log.warning(
                    "\(watcher.settings.interface): was down for a moment; that time is unknown")
            }
            state = next
            isWatching = next.isWatching
            if isWatching {
                observer.begin(at: now)
                sound = now
            }
        }

        /// Has the measurements of closed intervals kept.
        private mutating func handOn() {
            let records = observer.take()
            guard !records.isEmpty else { return }
            for record in records {
                let measurement = record.observation.measurement
                silence.learn(record.camera, gap: measurement.frames.largestGapNanoseconds)
            }
            let vantage = watcher.vantage
            let own = watcher.board.withState { $0.ownClock }
            let letters = records.map { record in
                var observation = record.observation
                observation.hold(against: own)
                return NewObservation(
                    camera: record.camera, vantage: vantage, observation: observation)
            }
            if !watcher.mailbox.put(.observations(letters), weight: letters.count) {
                watcher.log.error(
                    "measurements given up, because too many wait for the ledger",
                    metadata: ["count": "\(letters.count)"])
            }
        }

        private mutating func tell(
            _ capture: borrowing StandingCapture, _ now: (wall: Instant, steady: Int64)
        ) {
            var told = NodeBoard.Vantage(interface: watcher.settings.interface)
            told.state = state?.text ?? "starting"
            told.isWatching = isWatching
            told.packets = capture.frames
            told.drops = capture.drops
            told.cameras = observer.watched.count
            told.streams = observer.tracker.streamCount
            told.unregisteredCount = observer.unregistered.count
            told.unregistered = Array(observer.unregistered.sorted().prefix(20))
            told.ambiguous = Array(observer.ambiguous.keys.sorted().prefix(20))
            told.lastPacket = observer.lastArrival
            let elapsed = now.steady - rate.at
            var packetRate: Double?
            if elapsed >= 10 * Watcher.second {
                if rate.at > 0 {
                    packetRate = Double(capture.frames - rate.packets) * 1e9 / Double(elapsed)
                }
                rate = (now.steady, capture.frames)
            }
            let name = watcher.vantage.text
            watcher.board.withState { state in
                told.packetRate = packetRate ?? state.vantages[name]?.packetRate ?? 0
                state.vantages[name] = told
            }
        }

        // MARK: - Four times a second

        /// Until when everything that came was seen.
        ///
        /// While the ring gives packets, as late as the last of them: more may wait behind it.
        private func settled(_ now: Instant, _ hadPackets: Bool) -> Instant {
            let asleep = now.advanced(byNanoseconds: -Watcher.settling)
            guard hadPackets, let last = observer.lastArrival else { return asleep }
            return min(last.advanced(byNanoseconds: -Watcher.disorder), now)
        }

        private mutating func lookForSilence(at now: Instant, settled: Instant) {
            guard isWatching else { return }
            var events: [StreamEvent] = []
            let vantage = watcher.vantage.text
            observer.visitArrivals { camera, last in
                if silence.see(camera, lastFrame: last) {
                    events.append(
                        StreamEvent(
                            camera: camera, vantage: vantage, kind: .returned, at: last,
                            noticed: now))
                }
            }
            for (camera, last) in silence.overdue(at: settled) {
                events.append(
                    StreamEvent(
                        camera: camera, vantage: vantage, kind: .silent, at: last, noticed: now))
            }
            guard !events.isEmpty else { return }
            watcher.board.note(events)
            for event in events {
                let text = event.kind == .silent ? "fell silent" : "is back"
                watcher.log.notice(
                    "\(event.camera): \(text)",
                    metadata: ["frame": "\(watcher.zone.text(event.at, decimals: 3))"])
            }
        }

        /// Begins to look for silence anew: what was silent before nobody knows now.
        private mutating func forgetSilence() {
            watcher.board.forgetSilence(of: silence.reset())
        }

        /// Notices that the wall clock was set, or that the thread did not run.
        private mutating func compareClocks(_ now: (wall: Instant, steady: Int64)) {
            let steady = now.steady - clocks.steady
            let wall = now.wall.nanoseconds - clocks.wall.nanoseconds
            let stepped = wall - steady
            defer { clocks = now }
            if abs(stepped) >= Watcher.step {
                watcher.log.warning(
                    "the clock was set", metadata: ["seconds": "\(Double(stepped) / 1e9)"])
                if isWatching {
                    observer.pause(at: sound)
                    forgetSilence()
                    handOn()
                    observer.begin(at: now.wall)
                    sound = now.wall
                }
                watcher.mailbox.put(.clockStepped(byNanoseconds: stepped))
            } else if steady >= Watcher.heldUp {
                // What came meanwhile lies in the ring, or is counted as dropped.
                watcher.log.warning(
                    "the capture was held up", metadata: ["seconds": "\(Double(steady) / 1e9)"])
            }
        }

        /// Goes on with another registry; what was measured until now is by the old one.
        private mutating func change(to registry: Registry, at now: Instant) {
            if isWatching { observer.pause(at: now) }
            handOn()
            let cameras = Array(observer.watched.keys)
            let memory = observer.memory
            let watch: CaptureObserver.Watch = watcher.settings.watch == .all ? .all : .seen
            observer = CaptureObserver(registry, watch: watch)
            observer.remember(cameras)
            observer.memory = memory
            forgetSilence()
            if isWatching {
                observer.begin(at: now)
                sound = now
            }
        }
    }
}

extension StandingCapture.State {
    /// What it is, in words.
    var text: String {
        switch self {
        case .watching: "watching"
        case .renamed(let name): "watching, renamed to \(name)"
        case .down: "the interface is down"
        case .noCarrier: "the interface has no link"
        case .missing: "there is no such interface"
        case .refused(let reason): "cannot be captured: \(reason)"
        }
    }
}
