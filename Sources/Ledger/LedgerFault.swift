// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc

/// Why the ledger could not do what it was asked: what is wrong, and what a person can do.
public struct LedgerFault: Error, Hashable, Sendable {
    /// What is wrong, for a program.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// There is no file.
        case absent
        /// The file is something else.
        case notALedger
        /// A newer version wrote it.
        case newerVersion
        /// It does not hold together.
        case damaged
        /// No room on the disk.
        case full
        /// Nothing may be written.
        case readOnly
        /// The disk reported an error.
        case disk
        /// Another process has it.
        case busy
        /// It belongs to another node.
        case otherNode
        /// It was closed.
        case closed
        /// What was asked for breaks a limit.
        case beyondLimit
        /// What was to be written exists.
        case exists
    }

    /// What is wrong, for a program.
    public let kind: Kind
    /// The file.
    public let path: String
    /// What is wrong, as a clause.
    public let what: String
    /// What to do, as a clause.
    public let remedy: String

    /// Makes a fault.
    init(_ kind: Kind, _ path: String, _ what: String, remedy: String) {
        self.kind = kind
        self.path = path
        self.what = what
        self.remedy = remedy
    }

    /// Whether the same call may succeed later without anybody changing the file.
    public var mayPass: Bool { [.full, .readOnly, .disk, .busy].contains(kind) }
}

extension LedgerFault: CustomStringConvertible {
    /// `<file>: <what>; <remedy>`.
    public var description: String { "\(path): \(what); \(remedy)" }
}

extension LedgerFault {
    /// Says of an error thrown while `doing` what it means for the ledger at `path`.
    init(_ error: any Error, _ path: String, doing: String) {
        switch error {
        case let fault as LedgerFault: self = fault
        case let fault as PackingFault: self = .damaged(path, "what \(doing) needs \(fault)")
        case let error as DatabaseError: self.init(error, path, doing: doing)
        case let error as SystemFault: self.init(error, path, doing: doing)
        default:
            self.init(
                .disk, path, "\(doing) failed (\(error))", remedy: "try again; then report this")
        }
    }

    private init(_ error: SystemFault, _ path: String, doing: String) {
        let said = "\(doing) failed (\(error))"
        switch error.code {
        case ENOSPC, EDQUOT: self.init(.full, path, said, remedy: "free some space")
        case EROFS, EACCES, EPERM:
            self.init(.readOnly, path, said, remedy: "see to the rights of file and folder")
        default:
            self.init(
                .disk, path, said, remedy: "look at the system's log for errors of the disk")
        }
    }

    private init(_ error: DatabaseError, _ path: String, doing: String) {
        let said =
            "\(doing) failed (SQLite \(error.extendedResultCode.rawValue): "
            + "\(error.message ?? "no reason given"))"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self = .notALedger(path)
        case .SQLITE_CORRUPT:
            self = .damaged(path, said)
        case .SQLITE_FULL:
            self.init(
                .full, path, "\(said): the disk is full and nothing of it was kept",
                remedy: "free some space; nothing else need be done")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly, path, "\(said): nothing may be written",
                remedy: "see to the rights of file and folder, and whether the disk was "
                    + "remounted read-only after an error")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy, path, "\(said): another process has it",
                remedy: "end the other one, or wait for it")
        case .SQLITE_CANTOPEN:
            self.init(
                .disk, path, "\(said): it cannot be opened",
                remedy: "see to the rights of file and folder and to the limit of open files")
        default:
            self.init(
                .disk, path, "\(said): what was not acknowledged is not kept",
                remedy: "look at the system's log for errors of the disk; the ledger opens its "
                    + "file anew and goes on when the disk does")
        }
    }

    static func notALedger(_ path: String) -> LedgerFault {
        LedgerFault(
            .notALedger, path, "is no ledger of Kuzet",
            remedy: "name the file that `kuzet run` writes; nothing was changed")
    }

    static func full(_ path: String) -> LedgerFault {
        LedgerFault(
            .full, path, "has no room on its disk: nothing of this call was kept",
            remedy: "free some space; the ledger sees that by itself within a second")
    }

    static func damaged(_ path: String, _ what: String) -> LedgerFault {
        LedgerFault(
            .damaged, path, "is damaged: \(what)",
            remedy: "keep the file, and restore the last backup with `kuzet restore`")
    }

    static func closed(_ path: String) -> LedgerFault {
        LedgerFault(.closed, path, "was closed", remedy: "open it again")
    }
}
