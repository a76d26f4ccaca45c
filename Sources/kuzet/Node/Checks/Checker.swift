// SPDX-License-Identifier: Apache-2.0
import Checks
import Ledger
import Logging
import Measurements
import Registry
import Settings
import Synchronization
import Timekeeping

/// Asks cameras, sites and channels on a thread of its own: pulls streams by a schedule, tells
/// whether somebody is there, and keeps an eye on the node's own clock.
final class Checker: Sendable {
    /// What others ask of it.
    private struct Orders {
        var targets: CheckTargets?
        var clock: KuzetSettings.Node.Clock?
        var retries: [CameraID] = []
        var mustEnd = false
    }

    let vantage: VantageID
    let board: NodeBoard
    let mailbox: Mailbox<NodeLetter>
    let log: Logger
    /// The zone of instants in the log.
    let zone: ZoneRules
    let reflector: HostPort?
    private let orders: Mutex<Orders>
    /// Own troubles that were told: they are the same for every camera.
    private let told = Mutex<Set<String>>([])
    private let news = Mutex(CheckNews())

    init(
        _ settings: KuzetSettings, _ vantage: VantageID, _ targets: CheckTargets, board: NodeBoard,
        mailbox: Mailbox<NodeLetter>, log: Logger
    ) {
        self.vantage = vantage
        self.board = board
        self.mailbox = mailbox
        self.log = log
        zone = settings.zone
        reflector = settings.checks.reflector
        orders = Mutex(Orders(targets: targets, clock: settings.node.clock))
    }

    /// Asks the thread to end its sessions and end.
    func end() { orders.withLock { $0.mustEnd = true } }

    /// Asks the thread to go by these from now on.
    func use(_ targets: CheckTargets, clock: KuzetSettings.Node.Clock) {
        orders.withLock {
            $0.targets = targets
            $0.clock = clock
        }
    }

    /// Asks the thread to try a camera again that was left alone.
    func retry(_ camera: CameraID) { orders.withLock { $0.retries.append(camera) } }

    /// Asks until `end`; run on the checker's own thread.
    func run() {
        do {
            let round = try CheckRound(self)
            guard Privileges.drop() else {
                log.critical("privileges could not be given up; nothing is asked")
                return
            }
            while round.go() {}
        } catch {
            log.critical("nothing can be asked: \(error)")
        }
    }

    /// What was ordered since last asked.
    func takeOrders() -> (
        targets: CheckTargets?, clock: KuzetSettings.Node.Clock?, retries: [CameraID],
        mustEnd: Bool
    ) {
        orders.withLock { orders in
            defer {
                orders.targets = nil
                orders.clock = nil
                orders.retries = []
            }
            return (orders.targets, orders.clock, orders.retries, orders.mustEnd)
        }
    }

    /// Has what a check found shown, and where it says something new, told and kept.
    func tell(_ note: CheckNote, of camera: CameraID) {
        let before = board.withState { state in
            let before = state.cameraChecks[camera]?[note.name]
            state.cameraChecks[camera, default: [:]][note.name] = note
            return before
        }
        guard !note.isSame(as: before) else { return }
        // That all is well at first is no news.
        if before == nil, note.isWell { return }
        tellChange(note, of: "\(camera)")
    }

    /// The same of a site's gateway.
    func tell(_ note: CheckNote, of site: SiteID) {
        let before = board.withState { $0.siteChecks.updateValue(note, forKey: site) }
        guard !note.isSame(as: before), before != nil || !note.isWell else { return }
        tellChange(note, of: "\(site)")
    }

    /// The same of a channel.
    func tell(_ note: CheckNote, of channel: ChannelID) {
        let before = board.withState {
            $0.channelChecks[channel, default: [:]].updateValue(note, forKey: note.name)
        }
        guard !note.isSame(as: before), before != nil || !note.isWell else { return }
        tellChange(note, of: "\(channel)")
    }

    /// Says how much of the same was not said; to be called about once a second.
    func tellSuppressed(at steady: Int64) {
        for (what, count) in news.withLock({ $0.suppressed(at: steady) }) {
            log.warning("\(what): the same of \(count) more")
        }
    }

    /// Logs what is new, and has the journal keep it.
    func tellChange(_ note: CheckNote, of what: String) {
        if note.result == CheckFailure.Kind.probe.rawValue {
            let isNew = told.withLock { $0.insert("\(note.name) \(note.text)").inserted }
            if isNew { log.error("\(note.name.rawValue): \(note.text)") }
            return
        }
        let isTold = news.withLock { $0.admit(note) }
        if isTold {
            let text = "\(what): \(note.name.rawValue): \(note.isWell ? "well again" : note.result)"
            log.log(
                level: note.isWell ? .notice : .warning, "\(text)",
                metadata: ["found": "\(note.text)"])
        }
        mailbox.put(.check(note, of: what))
    }
}

/// Keeps a thousand cameras that fail together from filling the log.
///
/// So many lines of one kind in ten seconds, and then their number; the journal has each of them.
struct CheckNews {
    /// Lines of one kind in a round of ten seconds.
    private static let most = 20
    private static let round: Int64 = 10_000_000_000

    private var counts: [String: Int] = [:]
    private var roundEnd: Int64 = 0

    /// Whether it is to be said, which is counted.
    mutating func admit(_ note: CheckNote) -> Bool {
        let kind = "\(note.name.rawValue): \(note.isWell ? "well again" : note.result)"
        counts[kind, default: 0] += 1
        return counts[kind, default: 0] <= Self.most
    }

    /// What was not said in a round that is over, by kind.
    mutating func suppressed(at steady: Int64) -> [(kind: String, count: Int)] {
        guard steady >= roundEnd else { return [] }
        defer {
            counts = [:]
            roundEnd = steady + Self.round
        }
        return counts.filter { $0.value > Self.most }.map { ($0.key, $0.value - Self.most) }
            .sorted { $0.kind < $1.kind }
    }
}
