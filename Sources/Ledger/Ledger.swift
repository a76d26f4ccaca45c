// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc
public import Measurements
import Synchronization
public import Timekeeping

/// What a node remembers: observations, roll-ups, conditions and the journal, in one file.
///
/// What a call that writes has returned for is on the disk. A call that throws has kept nothing,
/// says why in a sentence, and may be made again; after a fault of the disk the next call opens
/// the file anew and looks at it before it writes. Any thread may call; writers wait for each
/// other, readers for nobody. `docs/ledger.md` has the tables, the precision and the limits.
public final class Ledger: Sendable {
    /// What a ledger is opened for.
    public enum Access: Hashable, Sendable {
        /// To read and write; one process at a time.
        case readWrite
        /// To read, also while another process writes.
        case readOnly
    }

    /// The file.
    public let path: String
    /// What it was opened for.
    public let access: Access
    /// The node whose ledger it is.
    public let node: NodeID
    /// The time, where an event of the ledger itself is dated.
    let clock: @Sendable () -> Instant
    let file: Mutex<LedgerFile?>
    private let writing: Mutex<Writing>
    private let lock: Mutex<WriterLock?>

    /// The name of a node that was not given one.
    static let unnamed = "local"

    /// What the one writer knows between its transactions.
    private struct Writing {
        var state: WriterState?
        var reserve: Reserve?
        /// Set after a fault of the disk: nothing is believed until the file was opened anew.
        var isSuspect = false
        var isClosed = false
    }

    /// Opens the ledger at `path`, or makes one there if it is to be written and there is none.
    ///
    /// A file that is no ledger, that a newer version wrote or that is damaged is refused without
    /// having been changed: it is first opened to be read. What is looked at takes no longer for
    /// a large ledger than for a small one; `verifyIntegrity` looks at everything.
    ///
    /// - Parameters:
    ///   - node: whose ledger it is or will be; nil takes whosever it is, and `local` for a new one.
    ///   - reserve: octets kept free for a full disk, at most a sixteenth of the disk; 0 for none.
    ///   - clock: the time, by which the ledger's own events are dated.
    public static func open(
        _ path: String, access: Access, node: NodeID? = nil,
        reserve: Int64 = Ledger.usualReserve,
        clock: @escaping @Sendable () -> Instant = Ledger.wallClock
    ) throws(LedgerFault) -> Ledger {
        do {
            return try Ledger(path, access: access, node: node, reserve: reserve, clock: clock)
        } catch {
            throw LedgerFault(error, path, doing: "opening it")
        }
    }

    private init(
        _ path: String, access: Access, node: NodeID?, reserve: Int64,
        clock: @escaping @Sendable () -> Instant
    ) throws {
        self.path = path
        self.access = access
        self.clock = clock
        var lock: WriterLock?
        if access == .readWrite { lock = try WriterLock(path: path) }
        if try Examination.needsCreation(path, access: access) {
            let name = node?.text ?? Ledger.unnamed
            try LedgerFile.create(path) { database in
                try Identity.draw(node: name, in: database)
                try JournalChain.begin(database, node: name, at: clock())
            }
        }
        let identity = try Examination.examine(path)
        if let node, node != identity.node {
            throw LedgerFault(
                .otherNode, path, "belongs to the node \(identity.node), not to \(node)",
                remedy: "name another file, or the right node in the settings")
        }
        self.node = identity.node
        let file = try LedgerFile(path: path, isWritable: access == .readWrite)
        try file.writer?.write { try Schema.migrate($0) }
        self.file = Mutex(file)
        self.lock = Mutex(lock)
        writing = Mutex(
            Writing(
                reserve: access == .readWrite ? Reserve(path: path, size: reserve) : nil))
        if access == .readWrite {
            _ = try append(.ledgerOpened, by: Ledger.program, at: clock())
            // Without the folder nobody can ask; everything else goes on.
            try? JournalRequest.makeFolder(of: path)
            try takeRequests()
        }
    }

    /// Who caused what no person did.
    public static let program = "kuzet"

    /// The system's wall clock.
    @Sendable public static func wallClock() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Closes the file; every later call throws `closed`.
    ///
    /// Need not be called for anything to be kept. It is closed also where this throws that the
    /// journal could not be told.
    public func close() throws(LedgerFault) {
        var unwritten: LedgerFault?
        if access == .readWrite {
            do {
                try append(.ledgerClosed, by: Ledger.program, at: clock())
            } catch {
                unwritten = error
            }
        }
        writing.withLock { $0 = Writing(isClosed: true) }
        do {
            try file.withLock { file in
                try file?.close()
                file = nil
            }
        } catch {
            throw LedgerFault(error, path, doing: "closing it")
        }
        lock.withLock { $0 = nil }
        if let unwritten { throw unwritten }
    }

    /// Reads in one consistent view, whatever is written meanwhile.
    func read<Result: Sendable>(
        _ doing: String, _ body: (Database) throws -> Result
    ) throws(LedgerFault) -> Result {
        guard let open = file.withLock({ $0 }) else { throw .closed(path) }
        do {
            return try open.readers.read(body)
        } catch {
            throw LedgerFault(error, path, doing: doing)
        }
    }

    /// What is known of the room on the disk.
    public var room: RoomReport { writing.withLock { $0.reserve?.report ?? RoomReport() } }

    /// Writes in one transaction, which is on the disk when this returns.
    ///
    /// On a full disk the reserve is given up, half by half, and the same is done again.
    ///
    /// - Parameter observations: how many observations it is about; nil for all that goes on when
    ///   only the last of the reserve is left.
    func write<Result: Sendable>(
        _ doing: String, observations: Int? = nil,
        _ body: (Database, inout WriterState) throws -> Result
    ) throws(LedgerFault) -> Result {
        do {
            return try writing.withLock { writing in
                if writing.isClosed { throw LedgerFault.closed(path) }
                if let past = writing.reserve?.takeUp() { tell(.diskFreed(past), past, &writing) }
                while true {
                    if let observations, writing.reserve?.report.state == .full {
                        writing.reserve?.refuse(records: observations)
                        throw LedgerFault.full(path)
                    }
                    do {
                        return try attempt(&writing, body)
                    } catch  where Reserve.isShortage(error, at: path) {
                        guard writing.reserve?.giveUp(at: clock()) == true else {
                            if let observations {
                                writing.reserve?.refuse(records: observations)
                            }
                            throw error
                        }
                        let state = writing.reserve?.report.state ?? .full
                        tell(.diskFull(state), nil, &writing)
                    }
                }
            }
        } catch {
            throw LedgerFault(error, path, doing: doing)
        }
    }

    /// Enters what became of the room, and counts what was refused; as well as it can be done.
    private func tell(_ event: JournalEvent, _ past: RoomReport?, _ writing: inout Writing) {
        let now = clock()
        try? attempt(&writing) { database, _ in
            try JournalChain.append(event, by: Ledger.program, at: now, to: database)
            guard let past, past.refusedCalls > 0 else { return }
            try Tally.add(past.refusedCalls, to: "refused-full-calls", in: database)
            try Tally.add(past.refusedRecords, to: "refused-full-observations", in: database)
        }
    }

    /// Tries one transaction.
    private func attempt<Result>(
        _ writing: inout Writing, _ body: (Database, inout WriterState) throws -> Result
    ) throws -> Result {
        let writer = try sound(&writing)
        // Taken out, and put back only when all is on the disk: what the state knows may
        // else have been rolled back.
        let known = writing.state.take()
        do {
            let (result, state) = try writer.write { database in
                var state = try known ?? WriterState(database, path: path)
                return (try body(database, &state), state)
            }
            writing.state = state
            return result
        } catch {
            if let error = error as? DatabaseError,
                ![.SQLITE_CONSTRAINT, .SQLITE_BUSY].contains(error.resultCode)
            {
                writing.isSuspect = true
            }
            throw error
        }
    }

    /// Works on the writer's connection outside a transaction.
    func maintain<Result: Sendable>(
        _ doing: String, _ body: (Database) throws -> Result
    ) throws(LedgerFault) -> Result {
        do {
            return try writing.withLock { writing in
                if writing.isClosed { throw LedgerFault.closed(path) }
                return try sound(&writing).inDatabase(body)
            }
        } catch {
            throw LedgerFault(error, path, doing: doing)
        }
    }

    /// The writer's connection; after a fault of the disk a new one to a file that was looked at.
    private func sound(_ writing: inout Writing) throws -> DatabaseQueue {
        try file.withLock { file in
            if writing.isSuspect {
                try? file?.close()
                file = nil
                _ = try Examination.examine(path)
                file = try LedgerFile(path: path, isWritable: true)
                writing.isSuspect = false
            }
            guard let writer = file?.writer else {
                throw LedgerFault(
                    .readOnly, path, "was opened to be read", remedy: "open it to be written")
            }
            return writer
        }
    }
}
