// SPDX-License-Identifier: Apache-2.0
import Agreements
import GRDB
import Glibc
public import Timekeeping

extension Ledger {
    /// How long a request waits for the writer to take it up, ms (chosen: five of its seconds).
    public static let usualPatience = 5_000
    /// Between two looks whether it has, µs.
    private static let lookAgain: UInt32 = 20_000
    /// How much earlier than its file a request may say that it was made, ns.
    private static let greatestDelay: Int64 = 2_000_000_000

    /// Enters an event into the journal of the ledger at `path`, whoever writes that: as its
    /// writer if there is no other, and else by asking the other, which enters it at its next
    /// commit.
    ///
    /// A planned work or exclusion whose id is empty, and a report whose number is 0, get the next
    /// number; the entry that is given back has it.
    ///
    /// - Parameters:
    ///   - patience: how long the writer is waited for, ms. Then a fault says what became of the
    ///     request.
    ///   - leavesRequest: whether a request that was not taken up in that time is left, and will
    ///     be entered; else it is withdrawn.
    public static func enter(
        _ event: JournalEvent, by actor: String, into path: String,
        clock: @escaping @Sendable () -> Instant = Ledger.wallClock,
        patience: Int = Ledger.usualPatience, leavesRequest: Bool = true
    ) throws(LedgerFault) -> JournalEntry {
        let now = clock()
        do {
            return try enter(event, by: actor, at: now, asWriterOf: path, clock)
        } catch {
            // A writer of an earlier version makes no folder and takes nothing up.
            guard error.kind == .busy, LedgerFile.size(of: JournalRequest.folder(of: path)) != nil
            else { throw error }
        }
        let request = JournalRequest(event, by: actor, at: now)
        let reader = try Ledger.open(path, access: .readOnly)
        defer { try? reader.close() }
        do {
            let after = try reader.journalLength()
            try request.submit(to: path)
            for round in 0..<max(1, patience * 1_000 / Int(lookAgain)) {
                if let entry = try reader.entry(of: request.name, after: after) { return entry }
                usleep(lookAgain)
                guard round % 10 == 9 else { continue }
                // Whoever wrote may have ended: opening takes up what waits.
                try? Ledger.open(path, access: .readWrite, clock: clock).close()
            }
            if !leavesRequest { JournalRequest.remove(request.name, at: path) }
            // It may have been taken up at the last moment.
            if let entry = try reader.entry(of: request.name, after: after) { return entry }
        } catch {
            throw LedgerFault(error, path, doing: "asking its writer")
        }
        throw unanswered(path, isLeft: leavesRequest)
    }

    private static func unanswered(_ path: String, isLeft: Bool) -> LedgerFault {
        isLeft
            ? LedgerFault(
                .busy, path, "is written by another process, which did not take the entry up yet",
                remedy: "do not enter it again: it waits, and is entered when that process next "
                    + "looks")
            : LedgerFault(
                .busy, path, "is written by another process, which does not answer",
                remedy: "look whether `kuzet run` is well (`kuzet status`), and try again: "
                    + "nothing was entered and nothing waits")
    }

    private static func enter(
        _ event: JournalEvent, by actor: String, at now: Instant, asWriterOf path: String,
        _ clock: @escaping @Sendable () -> Instant
    ) throws(LedgerFault) -> JournalEntry {
        let ledger = try Ledger.open(path, access: .readWrite, clock: clock)
        let entry = try ledger.append(event, by: actor, at: now)
        try ledger.close()
        return entry
    }

    /// Enters what other processes asked for; the entries, none if nobody asked.
    ///
    /// Looks into one folder, so that it may be called each second. `append` and `accept` call it.
    @discardableResult
    public func takeRequests() throws(LedgerFault) -> [JournalEntry] {
        let found: (requests: [(JournalRequest, changed: Instant)], refused: Int)
        do {
            found = try JournalRequest.waiting(at: path)
        } catch {
            throw LedgerFault(error, path, doing: "looking for requests")
        }
        guard !found.requests.isEmpty || found.refused > 0 else { return [] }
        let now = clock()
        let (requests, refused) = found
        let entered = try write("entering what was asked for") { database, _ in
            if refused > 0 { try Tally.add(refused, to: "requests-refused", in: database) }
            return try requests.compactMap { request, changed -> JournalEntry? in
                guard try Self.entry(of: request.name, after: 0, in: database) == nil else {
                    return nil
                }
                // Nobody can say that it was asked for before its file was there.
                let asked = min(
                    now, max(request.at, changed.advanced(byNanoseconds: -Self.greatestDelay)))
                return try JournalChain.append(
                    request.event.asked(at: asked), by: request.actor, at: now, to: database,
                    request: request.name)
            }
        }
        for (request, _) in requests { JournalRequest.remove(request.name, at: path) }
        return entered
    }

    /// How many entries the journal has now, if not `entries`; nil if nothing was entered since.
    ///
    /// Cheap: one look at the end of a table. For whoever has to notice what others entered.
    public func journalChanged(since entries: Int64) throws(LedgerFault) -> Int64? {
        let length = try journalLength()
        return length == entries ? nil : length
    }

    /// How many entries the journal has.
    public func journalLength() throws(LedgerFault) -> Int64 {
        try read("reading the journal's length") { database in
            try Int64.fetchOne(database, sql: "SELECT max(entry) FROM journal") ?? 0
        }
    }

    private func entry(of request: String, after: Int64) throws(LedgerFault) -> JournalEntry? {
        try read("reading the journal") { database in
            try Self.entry(of: request, after: after, in: database)
        }
    }

    private static func entry(
        of request: String, after: Int64, in database: Database
    ) throws -> JournalEntry? {
        let found = try entries(
            database, where: "entry > ? AND instr(text, ?) > 0",
            [after, "\"\(JournalRequest.field)\":\"\(request)\""])
        return found.first
    }
}

extension JournalEvent {
    /// The event, said to have been caused at an instant.
    fileprivate func asked(at instant: Instant) -> JournalEvent {
        switch self {
        case .workAdded(var work):
            work.enteredAt = instant
            return .workAdded(work)
        case .workEnded(let id, _): return .workEnded(id: id, at: instant)
        case .exclusionAdded(var exclusion):
            exclusion.enteredAt = instant
            return .exclusionAdded(exclusion)
        case .exclusionRevoked(let id, _, let by):
            return .exclusionRevoked(id: id, at: instant, by: by)
        default: return self
        }
    }

    /// The event with the next number where a work, exclusion or report has none.
    func numbered(in database: Database) throws -> JournalEvent {
        switch self {
        case .workAdded(var work) where work.id.isEmpty:
            work.id = "work-\(try JournalChain.count(of: "work-added", in: database) + 1)"
            return .workAdded(work)
        case .exclusionAdded(var exclusion) where exclusion.id.isEmpty:
            let count = try JournalChain.count(of: "exclusion-added", in: database)
            exclusion.id = "exclusion-\(count + 1)"
            return .exclusionAdded(exclusion)
        case .reportIssued(var report) where report.number == 0:
            report.number = try JournalChain.count(of: "report-issued", in: database) + 1
            return .reportIssued(report)
        default: return self
        }
    }
}
