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

/// Keeps and judges what the watchers measure, on a thread of its own: the ledger's one writer.
///
/// A disk that is full or gone for a while costs nothing: what could not be written is tried again
/// each second and later measurements wait, up to the mailbox's limit.
final class Keeper: Sendable {
    private static let hour: Int64 = 3_600_000_000_000
    private static let day: Int64 = 86_400_000_000_000
    /// How long after an hour's end its measurements are packed, ns: late ones have come by then.
    private static let closing: Int64 = 60_000_000_000
    /// How often the disk is looked at, ns.
    private static let looking: Int64 = 10_000_000_000

    let mailbox: Mailbox<NodeLetter>
    private let ledger: Ledger
    private let board: NodeBoard
    private let log: Logger
    private let rules: JudgingRules
    private let retention: Retention
    private let orders = Mutex<(registry: Registry?, mustEnd: Bool)>((nil, false))

    init(
        _ ledger: Ledger, rules: JudgingRules, retention: Retention,
        mailbox: Mailbox<NodeLetter>, board: NodeBoard, log: Logger
    ) {
        self.rules = rules
        self.ledger = ledger
        self.retention = retention
        self.mailbox = mailbox
        self.board = board
        self.log = log
    }

    /// Asks the thread to keep what is there and end.
    func end() { orders.withLock { $0.mustEnd = true } }

    /// Asks the thread to judge by another registry from now on.
    func use(_ registry: Registry) { orders.withLock { $0.registry = registry } }

    /// Keeps until `end`; run on the keeper's own thread.
    func run(_ registry: Registry) {
        var books = Bookkeeper(ledger, registry, rules: rules)
        noteRules(registry)
        catchUp(books)
        var nextHour = Self.floor(WallClock.now, Self.hour) + Self.hour + Self.closing
        var nextLook: Int64 = 0
        var disk = DiskLook(ledger.path)
        var registry = registry
        while true {
            let order = orders.withLock { orders in
                defer { orders.registry = nil }
                return orders
            }
            if let next = order.registry {
                registry = next
                noteRules(registry)
                books = Bookkeeper(ledger, registry, rules: rules)
                catchUp(books)
            }
            let letters = mailbox.take(waitingMilliseconds: order.mustEnd ? 0 : 500)
            for letter in letters { keep(letter, books) }
            takeRequests()
            let now = WallClock.now.nanoseconds
            if now >= nextHour {
                nextHour = Self.floor(WallClock.now, Self.hour) + Self.hour + Self.closing
                closeHour(before: Instant(nanoseconds: now - Self.closing), registry)
            }
            if MonotonicClock.now >= nextLook {
                nextLook = MonotonicClock.now + Self.looking
                disk.look()
                tell(disk)
            }
            if order.mustEnd, letters.isEmpty { break }
        }
        attempt("closing the ledger") { try ledger.close() }
    }

    private static func floor(_ instant: Instant, _ length: Int64) -> Int64 {
        instant.floored(toNanoseconds: length).nanoseconds
    }

    /// Has the journal say which registry and agreements hold from now on.
    private func noteRules(_ registry: Registry) {
        attempt("writing to the journal") {
            var rules = try RulesInForce(ledger)
            let changed = try rules.note(registry, by: Ledger.program)
            if !changed.isEmpty {
                log.notice(
                    "in force from now on, otherwise than before",
                    metadata: ["lists": "\(changed.joined(separator: ","))"])
            }
        }
    }

    /// Judges what the last run kept and did not judge, and learns how cameras stood then.
    private func catchUp(_ books: Bookkeeper) {
        attempt("judging what was kept before") {
            try books.catchUp(try ledger.cameras())
        }
        board.withState { state in
            for (camera, condition) in books.latest {
                state.cameras[camera, default: NodeBoard.Present()].condition = condition
            }
        }
    }

    private func keep(_ letter: NodeLetter, _ books: Bookkeeper) {
        switch letter {
        case .observations(let records):
            var isKept = false
            attempt("keeping measurements") {
                if isKept { return try books.catchUp(Array(Set(records.map(\.camera)))) }
                try books.keep(records)
                isKept = true
                try books.judge(records)
            }
            board.note(records, conditions: books.latest, at: WallClock.now)
        case .clockStepped(let nanoseconds):
            attempt("writing to the journal") {
                _ = try ledger.append(
                    .clockStepped(byNanoseconds: nanoseconds), by: Ledger.program)
            }
        case .check(let note, let what):
            attempt("writing to the journal") {
                _ = try ledger.append(note.event(of: what), by: Ledger.program)
            }
        }
    }

    /// Enters works and exclusions that people enter while the node runs.
    private func takeRequests() {
        do {
            for entry in try ledger.takeRequests() {
                log.notice("entered for \(entry.actor): entry \(entry.index) of the journal")
            }
        } catch {
            log.error("entering what was asked for: \(error)")
        }
    }

    private func closeHour(before bound: Instant, _ registry: Registry) {
        attempt("packing an hour") {
            try ledger.closeHours(before: bound) { camera, at in
                registry.thresholds(for: camera, at: at).maximumLoss
            }
        }
        attempt("deleting what is old") {
            _ = try ledger.prune(now: bound, retention: retention)
        }
    }

    /// Does it, again and again while it may pass; gives it up, and says so, where it cannot.
    ///
    /// While the node is asked to end nothing is tried for longer than `patience`.
    private func attempt(_ what: String, _ body: () throws -> Void) {
        var tries = 0
        while true {
            do {
                try body()
                if tries > 0 {
                    log.notice("\(what): done, after \(tries) attempts")
                    board.withState { $0.ledger.fault = nil }
                }
                return
            } catch {
                let mayPass = (error as? LedgerFault)?.mayPass ?? false
                log.error("\(what): \(error)")
                board.withState { $0.ledger.fault = "\(what): \(error)" }
                let mustEnd = orders.withLock { $0.mustEnd }
                guard mayPass, !mustEnd || tries < 3 else {
                    log.critical("\(what): given up")
                    return
                }
                tries += 1
                usleep(1_000_000)
            }
        }
    }

    /// What is said while the disk is nearly full and writing still succeeds.
    private static let nearlyFull = "the disk is nearly full"

    private func tell(_ disk: DiskLook) {
        let fill = mailbox.fill
        if disk.isNearlyFull {
            log.warning(
                "\(Self.nearlyFull); free some space",
                metadata: ["path": "\(disk.path)", "free": "\(StatusScreen.size(disk.free))"])
        }
        board.withState { state in
            if disk.isNearlyFull {
                state.ledger.fault = state.ledger.fault ?? Self.nearlyFull
            } else if state.ledger.fault == Self.nearlyFull {
                state.ledger.fault = nil
            }
            state.ledger.octets = disk.octets
            state.ledger.diskFree = disk.free
            state.ledger.daysLeft = disk.daysLeft
            state.ledger.waiting = fill.waiting
            state.ledger.refused = fill.refused
        }
    }
}

/// How large the ledger is, and how long the disk will do.
struct DiskLook {
    private static let day = 86_400e9
    /// Growth is told from this long on, ns: a file grows in steps.
    private static let least: Int64 = 3_600_000_000_000

    let path: String
    private(set) var octets: Int64 = 0
    private(set) var free: Int64 = 0
    /// Less than a GiB and a twentieth of the disk is left.
    private(set) var isNearlyFull = false
    private var first: (at: Int64, octets: Int64)?
    private var last: Int64 = 0

    init(_ path: String) {
        self.path = path
    }

    /// Reads both from the file system.
    mutating func look() {
        octets = 0
        for suffix in ["", "-wal"] {
            var status = stat()
            if unsafe stat(path + suffix, &status) == 0 { octets += Int64(status.st_size) }
        }
        var system = statvfs()
        if unsafe statvfs(path, &system) == 0 {
            free = Int64(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize))
            let whole = Int64(clamping: UInt64(system.f_blocks) * UInt64(system.f_frsize))
            isNearlyFull = free < 1 << 30 && free < whole / 20
        }
        last = MonotonicClock.now
        if first == nil { first = (last, octets) }
    }

    /// Days until the disk is full if the ledger goes on growing as it did; nil until that is
    /// known or while it does not grow.
    var daysLeft: Double? {
        guard let first, last - first.at >= DiskLook.least, octets > first.octets else {
            return nil
        }
        let perDay = Double(octets - first.octets) * DiskLook.day / Double(last - first.at)
        return Double(free) / perDay
    }
}
