// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc
import Measurements
import Synchronization
public import Timekeeping

/// What a backup holds.
public struct BackupReport: Hashable, Sendable {
    /// The file.
    public let path: String
    /// Its length in octets.
    public let octets: Int64
    /// How long the journal was: keep this line elsewhere.
    public let checkpoint: Checkpoint?
}

extension Ledger {
    /// Pages copied between two looks at other work: 4 MB.
    private static let backupPages: Int32 = 1_024

    /// Copies the ledger as it is now to another file, while it goes on being written.
    ///
    /// The copy is verified entirely before it gets its name; a file of that name is replaced in
    /// one step, and only then. Whatever fails, the earlier backup is still there.
    @discardableResult
    public func backup(to target: String) throws(LedgerFault) -> BackupReport {
        guard target != path else {
            throw LedgerFault(
                .exists, path, "cannot be backed up to itself", remedy: "name another file")
        }
        guard let open = file.withLock({ $0 }) else { throw .closed(path) }
        let draft = target + ".new"
        do {
            LedgerFile.removeDatabase(draft)
            let copy = try DatabaseQueue(path: draft, configuration: LedgerFile.writing)
            try open.readers.backup(to: copy, pagesPerStep: Self.backupPages)
            try copy.close()
            let checkpoint = try Self.verified(draft)
            try LedgerFile.syncFile(draft)
            try LedgerFile.moveInPlace(draft, to: target)
            return BackupReport(
                path: target, octets: LedgerFile.size(of: target) ?? 0, checkpoint: checkpoint)
        } catch {
            LedgerFile.removeDatabase(draft)
            throw LedgerFault(error, target, doing: "backing \(path) up")
        }
    }

    /// Brings a backup back as the ledger at `target`.
    ///
    /// The backup is verified entirely first, its journal too. A ledger that is there is replaced
    /// only with `force`, and then kept as `<target>.before-restore`. The node goes on in a new
    /// epoch, because the numbers that it gave after the backup are not known any more; the
    /// restore is entered into the journal. Where root restores, the file belongs to whom the
    /// replaced one belonged to, with its rights, or to the folder's owner.
    ///
    /// - Parameter checkpoint: the journal's last known checkpoint; what the backup lacks of it is
    ///   told in the fault, and nothing is restored without `force`.
    public static func restore(
        from backup: String, to target: String, force: Bool = false,
        against checkpoint: Checkpoint? = nil,
        clock: @Sendable () -> Instant = Ledger.wallClock
    ) throws(LedgerFault) {
        let draft = target + ".new"
        do {
            let lock = try WriterLock(path: target)
            let isThere = LedgerFile.size(of: target) != nil
            if isThere, !force {
                throw LedgerFault(
                    .exists, target, "exists",
                    remedy: "name another file, or confirm with --force that it is to be replaced")
            }
            _ = try Examination.examine(backup)
            _ = try verified(backup, against: force ? nil : checkpoint)
            LedgerFile.removeDatabase(draft)
            try copy(backup, to: draft, at: clock())
            _ = try verified(draft)
            LedgerFile.giveToOwner(draft, of: target)
            if let rights = LedgerFile.rights(of: target) { _ = unsafe chmod(draft, rights) }
            try LedgerFile.syncFile(draft)
            if isThere { try setAside(target) }
            try LedgerFile.moveInPlace(draft, to: target)
            withExtendedLifetime(lock) {}
        } catch {
            LedgerFile.removeDatabase(draft)
            throw LedgerFault(error, target, doing: "restoring \(backup)")
        }
    }

    private static func copy(_ backup: String, to draft: String, at now: Instant) throws {
        let source = try DatabaseQueue(path: backup, configuration: LedgerFile.reading)
        let copy = try DatabaseQueue(path: draft, configuration: LedgerFile.writing)
        try source.backup(to: copy)
        try source.close()
        try copy.write { database in
            try Identity.drawEpoch(in: database)
            let epoch = try Identity(database)?.epoch.description ?? ""
            try JournalChain.append(
                .ledgerRestored(epoch: epoch), by: program, at: now, to: database)
        }
        try copy.close()
    }

    /// Moves a ledger that is to be replaced out of the way, with its log.
    private static func setAside(_ target: String) throws {
        let aside = target + ".before-restore"
        LedgerFile.removeDatabase(aside)
        for suffix in ["-wal", "-shm", ""]
        where LedgerFile.size(of: target + suffix) != nil {
            guard unsafe rename(target + suffix, aside + suffix) == 0 else {
                throw SystemFault("rename \(target + suffix)")
            }
        }
    }

    /// Opens a file to be read and looks at everything in it; its journal's checkpoint.
    private static func verified(
        _ path: String, against checkpoint: Checkpoint? = nil
    ) throws -> Checkpoint? {
        let ledger = try Ledger.open(path, access: .readOnly)
        let report = try ledger.verifyIntegrity(against: checkpoint)
        try ledger.close()
        guard report.isSound else {
            let what =
                report.findings.first
                ?? "entry \(report.journal.firstBad ?? 0) of the journal \(report.journal.reason)"
            throw LedgerFault.damaged(path, what)
        }
        // Reading left an empty log and its index beside the file.
        for suffix in ["-wal", "-shm"] where path.hasSuffix(".new") {
            unsafe unlink(path + suffix)
        }
        return report.journal.head
    }
}
