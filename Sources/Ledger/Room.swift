// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc
public import Timekeeping

/// How much room there is on the ledger's disk, as far as it matters.
public enum RoomState: String, Hashable, Sendable {
    /// Enough; the reserve is kept.
    case enough
    /// The disk was full once: half of the reserve was given up, and everything is kept still.
    case low
    /// The whole reserve was given up: observations are refused; the journal, conditions, closing
    /// and deleting go on in it.
    case full
}

/// What is known of the room on the disk, and what it cost to have none.
public struct RoomReport: Hashable, Sendable {
    /// Whether there is room.
    public var state = RoomState.enough
    /// Since when not; nil if there is enough.
    public var since: Instant?
    /// Calls refused since then.
    public var refusedCalls = 0
    /// Observations in those calls; whoever gave them still has them.
    public var refusedRecords = 0
    /// Octets of the reserve that are on the disk now.
    public var reserved: Int64 = 0
}

/// A file that takes up room beside the ledger, so that there is some left when the disk is full.
///
/// It is given up in two halves: with the first everything goes on, so that what is being measured
/// can be ended in order; with the second only what is small or makes room.
struct Reserve {
    private let file: String
    private let path: String
    /// Octets it has when all is well.
    private let wanted: Int64
    private(set) var report = RoomReport()
    private var lastTried: Int64 = 0

    /// At most this part of the file system is taken: a sixteenth.
    private static let share: UInt64 = 16
    /// Between two tries to take it up again, ns: a second.
    private static let pause: Int64 = 1_000_000_000
    /// Less than this free is none: what a commit of a busy second takes (measured).
    static let least: Int64 = 1 << 20

    /// Takes up the reserve of the ledger at `path`, or what there is of it.
    init(path: String, size: Int64) {
        file = path + ".reserve"
        self.path = path
        var status = statvfs()
        let isKnown = unsafe statvfs(path, &status) == 0
        let all = isKnown ? UInt64(status.f_blocks) &* UInt64(status.f_frsize) / Self.share : 0
        wanted = max(0, min(size, Int64(clamping: all)))
        if wanted == 0 {
            unsafe unlink(file)
        } else {
            // An earlier process may have ended while the disk was full.
            _ = allocate(wanted) || allocate(wanted / 2)
        }
    }

    /// Gives the next half up; false if there is none left.
    mutating func giveUp(at now: Instant) -> Bool {
        guard report.reserved > 0 else {
            if report.state == .enough, wanted > 0 { turn(.full, at: now) }
            return false
        }
        let isFirst = report.state == .enough && report.reserved > wanted / 2
        let left = isFirst ? wanted / 2 : 0
        guard unsafe truncate(file, off_t(left)) == 0 else { return false }
        report.reserved = left
        turn(isFirst ? .low : .full, at: now)
        return true
    }

    private mutating func turn(_ state: RoomState, at now: Instant) {
        report.state = state
        if report.since == nil { report.since = now }
    }

    /// Takes the reserve up again if there is room now, and says what is to be told of the time
    /// without it.
    ///
    /// Tries once a second.
    mutating func takeUp() -> RoomReport? {
        guard report.state != .enough else { return nil }
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        guard now - lastTried >= Self.pause else { return nil }
        lastTried = now
        // Not at the edge: the reserve alone is no room to work in.
        let room = wanted - report.reserved + max(Self.least, wanted / 4)
        guard Self.free(beside: file) >= room, allocate(wanted) else { return nil }
        let past = report
        report = RoomReport(reserved: wanted)
        return past
    }

    /// Notes a call that was refused.
    mutating func refuse(records: Int) {
        report.refusedCalls += 1
        report.refusedRecords += records
    }

    private mutating func allocate(_ size: Int64) -> Bool {
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        LedgerFile.giveToOwner(file, of: path)
        guard posix_fallocate(descriptor, 0, off_t(size)) == 0, fsync(descriptor) == 0 else {
            _ = ftruncate(descriptor, off_t(report.reserved))
            return false
        }
        _ = ftruncate(descriptor, off_t(size))
        report.reserved = size
        return true
    }

    /// Octets that may be written to the file system of `file`.
    static func free(beside file: String) -> Int64 {
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else { return .max }
        return Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }

    /// Whether an error means that the disk is full.
    static func isShortage(_ error: any Error, at path: String) -> Bool {
        switch error {
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: true
        // The log's index, a new page of the log, a file that is opened: told as other faults.
        case let error as DatabaseError
        where [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode):
            free(beside: path) < least
        case let error as SystemFault: [ENOSPC, EDQUOT].contains(error.code)
        case let error as LedgerFault: error.kind == .full
        default: false
        }
    }
}

extension Ledger {
    /// The usual reserve: 64 MiB, so that a full disk can be told and ended in order.
    public static let usualReserve: Int64 = 64 << 20
}

extension JournalEvent {
    /// The disk is full.
    static func diskFull(_ state: RoomState) -> JournalEvent {
        .other(name: "disk-full", details: ["room": state.rawValue])
    }

    /// There is room again; what was refused meanwhile.
    static func diskFreed(_ past: RoomReport) -> JournalEvent {
        .other(
            name: "disk-freed",
            details: [
                "since": past.since?.description ?? "", "calls": String(past.refusedCalls),
                "observations": String(past.refusedRecords),
            ])
    }
}
