// SPDX-License-Identifier: Apache-2.0
import Agreements
import Glibc
import Ledger
import Logging
import Measurements
import Registry
import Settings
import Synchronization
import Timekeeping

/// A node that runs: one watcher an interface, one that asks, one keeper, and a socket at which it
/// is asked itself.
///
/// ```
/// interface ─ Watcher ─┐
/// interface ─ Watcher ─┤                      ┌─ Ledger
///   cameras ─ Checker ─┼─ Mailbox ─ Keeper ───┤
///                      └────────── NodeBoard ─┴─ ControlServer ─ kuzet status, top, reload
/// ```
final class Node: Sendable {
    /// What a node was started with.
    struct Start: Sendable {
        var settingsPath: String
        var settings: KuzetSettings
        var registry: Registry
        var logFormat: LogFormat
        var logLevel: Logger.Level
    }

    /// Measurements that may wait for the ledger: an hour of 10,000 cameras, 600 octets each.
    static let mostWaiting = 3_600_000
    /// How long ending may take before it is done without what is still open, ms.
    static let patience = 5_000

    let board: NodeBoard
    let ledger: Ledger
    let started = WallClock.now
    let log: Logger
    private let start: Start
    private let output: LogOutput
    private let current: Mutex<(registry: Registry, settings: KuzetSettings)>
    private let keeper: Keeper
    private let watchers: [Watcher]
    private let checker: Checker

    /// Opens the ledger; says what is wrong if it cannot be.
    init(_ start: Start, ledgerPath: String) throws {
        let output = LogOutput(start.logFormat, zone: start.settings.zone)
        self.start = start
        self.output = output
        log = Node.logger("node", output, start.logLevel)
        let node = start.settings.node.name.flatMap { NodeID($0) }
        do {
            ledger = try Ledger.open(ledgerPath, access: .readWrite, node: node)
        } catch {
            throw Refusal("\(error)")
        }
        let board = NodeBoard(ledger: ledgerPath)
        let mailbox = Mailbox<NodeLetter>(limit: Node.mostWaiting)
        self.board = board
        let kept = start.settings.ledger
        let retention = Retention(
            observations: Node.days(kept?.measurements), rollups: Node.days(kept?.hours),
            conditions: Node.days(kept?.hours))
        var rules = JudgingRules.standard
        rules.sampleSpacing = start.settings.checks.sampleSpacing
        keeper = Keeper(
            ledger, rules: rules, retention: retention, mailbox: mailbox, board: board,
            log: Node.logger("ledger", output, start.logLevel))
        guard let vantage = VantageID(start.settings.checks.vantage) else {
            throw Refusal("checks: \(start.settings.checks.vantage) is no vantage")
        }
        checker = Checker(
            start.settings, vantage,
            CheckTargets(start.settings, start.registry, at: WallClock.now), board: board,
            mailbox: mailbox, log: Node.logger("checks", output, start.logLevel))
        current = Mutex((start.registry, start.settings))
        watchers = try start.settings.captures.map { capture in
            guard let vantage = VantageID(capture.vantage) else {
                throw Refusal("capture of \(capture.interface): \(capture.vantage) is no vantage")
            }
            return Watcher(
                capture, vantage, board: board, mailbox: mailbox,
                memory: SmallFile(memoryOf: vantage, besideLedger: ledgerPath),
                zone: start.settings.zone,
                log: Node.logger(vantage.text, output, start.logLevel))
        }
    }

    private static func logger(
        _ label: String, _ output: LogOutput, _ level: Logger.Level
    ) -> Logger {
        Logger(label: label) { NodeLogHandler($0, output, level: level) }
    }

    private static func days(_ nanoseconds: Int64?) -> Int {
        nanoseconds.map { Int($0 / 86_400_000_000_000) } ?? Retention().rollups
    }

    /// The registry and settings in force.
    var rules: (registry: Registry, settings: KuzetSettings) { current.withLock { $0 } }

    /// Runs until a signal asks it to end; its exit status.
    func run(control socket: String) throws -> Int32 {
        // Before any thread begins: each inherits what is blocked.
        let signals = NodeSignals()
        var threads: [NodeThread] = []
        for watcher in watchers {
            // Cameras that were ever seen there count as watched from the first moment on.
            let seen = try ledger.cameras(seenFrom: watcher.vantage)
            let registry = start.registry
            let thread = NodeThread("watch-\(watcher.settings.interface)") {
                watcher.run(registry, remembering: seen)
            }
            guard let thread else { throw Refusal("the system has no thread left") }
            threads.append(thread)
        }
        let faults = watchers.compactMap { $0.waitUntilOpen() }
        if !faults.isEmpty {
            for watcher in watchers { watcher.end() }
            try? ledger.close()
            throw Refusal(faults.joined(separator: "\nkuzet: "))
        }
        guard let asking = NodeThread("checks", { [checker] in checker.run() }) else {
            throw Refusal("the system has no thread left")
        }
        threads.append(asking)
        // Everything that needs a privilege is done, or on its way in threads that drop it.
        guard Privileges.drop() else { throw Refusal("privileges could not be given up") }
        let server = try ControlServer(path: socket)
        let registry = start.registry
        guard let keeping = NodeThread("keeper", { [keeper] in keeper.run(registry) }) else {
            throw Refusal("the system has no thread left")
        }
        let notice = ServiceNotice()
        log.notice(
            "running",
            metadata: [
                "version": "\(SoftwareVersion.text)", "cameras": "\(registry.cameras.count)",
                "interfaces": "\(watchers.map(\.settings.interface).joined(separator: ","))",
                "ledger": "\(ledger.path)", "socket": "\(socket)",
            ])
        notice.ready(status: "watching \(registry.cameras.count) cameras")
        let signal = serve(server, signals, notice)
        notice.stopping()
        log.notice("ending", metadata: ["signal": "\(signal)"])
        for watcher in watchers { watcher.end() }
        checker.end()
        for thread in threads { thread.join() }
        keeper.end()
        keeping.join()
        server.close()
        log.notice("ended")
        return 0
    }

    /// Answers those who ask until a signal comes.
    private func serve(
        _ server: ControlServer, _ signals: NodeSignals, _ notice: ServiceNotice
    ) -> Int32 {
        while true {
            if let signal = signals.next() {
                if signal != SIGHUP { return signal }
                notice.reloading()
                _ = reloadAndTell()
                notice.ready(status: "watching \(rules.registry.cameras.count) cameras")
            }
            notice.alive()
            server.serve(waitingMilliseconds: 100) { answer($0) }
        }
    }

    private func answer(_ request: String) -> String {
        switch request {
        case "status": NodeReporter(self).status(everything: false)
        case "cameras": NodeReporter(self).status(everything: true)
        case "reload": reloadAndTell()
        case _ where request.hasPrefix("retry "): retry(String(request.dropFirst(6)))
        case _ where request.hasPrefix("camera "):
            NodeReporter(self).intervals(of: String(request.dropFirst(7)))
        default: "unknown request"
        }
    }

    /// Has a camera tried again that was left alone.
    private func retry(_ name: String) -> String {
        guard let camera = CameraID(name), rules.registry.camera(camera) != nil else {
            return "no such camera: \(PrintableText.shown(name, ascii: false))\n"
        }
        checker.retry(camera)
        log.notice("\(camera): somebody asks to try it again")
        return "\(camera) is tried again\n"
    }

    private func reloadAndTell() -> String {
        let outcome = reload()
        log.notice("\(outcome)")
        return outcome
    }

    /// Reads settings and registry again; a wrong file leaves those in force.
    func reload() -> String {
        let found = KuzetSettings.loadWithRegistry(start.settingsPath)
        guard let settings = found.settings, let registry = found.registry else {
            let problems = found.problems.sorted.prefix(20).map(\.description)
            return "not reloaded, the old settings stay in force:\n"
                + problems.joined(separator: "\n")
        }
        var remarks: [String] = []
        if settings.captures != start.settings.captures {
            remarks.append("changes of `capture` need a restart")
        }
        if settings.checks.vantage != start.settings.checks.vantage
            || settings.checks.reflector != start.settings.checks.reflector
            || settings.checks.sampleSpacing != start.settings.checks.sampleSpacing
        {
            remarks.append(
                "another vantage, reflector or period of samples of `checks` needs a restart")
        }
        if settings.ledger?.path != start.settings.ledger?.path {
            remarks.append("another ledger needs a restart")
        }
        current.withLock { $0 = (registry, settings) }
        for watcher in watchers { watcher.use(registry) }
        keeper.use(registry)
        checker.use(
            CheckTargets(settings, registry, at: WallClock.now), clock: settings.node.clock)
        let what = "reloaded: \(registry.cameras.count) cameras"
        return ([what] + remarks).joined(separator: "; ")
    }
}

/// The signals that a node knows, blocked in all threads and taken when the main loop looks.
struct NodeSignals: Sendable {
    private let watched: sigset_t

    /// Blocks them for the calling thread and those it begins.
    init() {
        var watched = sigset_t()
        unsafe sigemptyset(&watched)
        for signal in [SIGINT, SIGTERM, SIGQUIT, SIGHUP] {
            unsafe sigaddset(&watched, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &watched, nil)
        // Somebody who asked and went away is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        self.watched = watched
    }

    /// The next one that has come, without waiting.
    func next() -> Int32? {
        var watched = watched
        var none = timespec()
        let signal = unsafe sigtimedwait(&watched, nil, &none)
        return signal > 0 ? signal : nil
    }
}
