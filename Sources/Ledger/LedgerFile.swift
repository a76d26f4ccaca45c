// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc

/// The connections to one ledger's file.
///
/// Exactly one connection writes, and it also makes all checkpoints of the write-ahead log;
/// readers are opened read-only and can do neither (`docs/decisions/0007-one-writer.md`).
struct LedgerFile: Sendable {
    let path: String
    /// Nil if the ledger was opened to be read.
    let writer: DatabaseQueue?
    let readers: DatabasePool

    /// Most readers at a time: a page, a report, a backup, an uplink (chosen).
    private static let mostReaders = 4
    /// Pages of the log after which the writer moves them into the file: 32 MB.
    ///
    /// Fewer would write the same page of a busy table more often; more would fill the disk.
    private static let logPages = 8_192
    /// Most that the writer's cache of pages may take, KiB.
    private static let writerCache = 65_536

    /// Opens the file for reading, and for writing too if asked.
    init(path: String, isWritable: Bool) throws {
        self.path = path
        if isWritable {
            let writer = try DatabaseQueue(path: path, configuration: Self.writing)
            // The readers find the log and its index there.
            _ = try writer.inDatabase { try Int.fetchOne($0, sql: "PRAGMA user_version") }
            self.writer = writer
        } else {
            writer = nil
        }
        readers = try DatabasePool(path: Self.readingName(path), configuration: Self.reading)
    }

    /// The name under which SQLite opens the file to be read.
    ///
    /// Reading needs the log's index beside the file. On a file system that nobody can write to
    /// there is none to be made, and none is needed: the file cannot change.
    static func readingName(_ path: String) -> String {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0, status.f_flag & UInt(ST_RDONLY) != 0,
            size(of: path + "-wal") ?? 0 == 0
        else { return path }
        let escaped = path.utf8.map { octet in
            // RFC 3986 section 2.3, and the slash.
            let isPlain =
                octet < 0x80
                && (Character(UnicodeScalar(octet)).isLetter
                    || Character(UnicodeScalar(octet)).isNumber || "/-._~".utf8.contains(octet))
            let digits = String(octet, radix: 16)
            return isPlain
                ? String(UnicodeScalar(octet)) : "%" + (octet < 16 ? "0" : "") + digits
        }
        return "file:" + escaped.joined() + "?immutable=1"
    }

    /// Closes readers first, so that the writer is the last and makes the last checkpoint.
    func close() throws {
        try readers.close()
        try writer?.close()
    }

    private static var shared: Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.foreignKeysEnabled = false
        // A checkpoint or a closing process holds its lock for a moment.
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // What a damaged or foreign schema says is not executed, and pages are looked at
            // before they are believed.
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
            // Errors of the disk come as errors and not as SIGBUS.
            try database.execute(sql: "PRAGMA mmap_size = 0")
        }
        return configuration
    }

    static var writing: Configuration {
        var configuration = shared
        configuration.prepareDatabase { database in
            // Every commit is on the disk when it returns.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Debian's SQLite overwrites what is deleted; nothing here is a secret, and each closed
            // hour deletes its rows.
            try database.execute(sql: "PRAGMA secure_delete = OFF")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(logPages)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(logPages * 4_096)")
            try database.execute(sql: "PRAGMA cache_size = -\(writerCache)")
        }
        return configuration
    }

    static var reading: Configuration {
        var configuration = shared
        configuration.readonly = true
        configuration.maximumReaderCount = mostReaders
        return configuration
    }

    /// Makes a new ledger: under another name first, and complete when it gets its own.
    static func create(
        _ path: String, filling: (Database) throws -> Void
    ) throws {
        let draft = path + ".new"
        removeDatabase(draft)
        let queue = try DatabaseQueue(path: draft, configuration: writing)
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        }
        try queue.write { database in
            try Schema.migrate(database)
            try filling(database)
        }
        try queue.close()
        giveToOwner(draft, of: path)
        try syncFile(draft)
        try moveInPlace(draft, to: path)
    }

    /// Removes a database with its log, if there is one.
    static func removeDatabase(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { unsafe unlink(path + suffix) }
    }

    /// Gives a complete file its name and makes the name last.
    static func moveInPlace(_ draft: String, to path: String) throws {
        // A log left by another file of that name would be played into this one.
        for suffix in ["-wal", "-shm"] { unsafe unlink(path + suffix) }
        guard unsafe rename(draft, path) == 0 else { throw SystemFault("rename \(draft)") }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        try syncFile(folder)
    }

    /// Gives what root made beside the ledger at `path` to the ledger's owner, or the folder's where
    /// there is no ledger: the node that writes it is not root.
    ///
    /// As well as it can be done: what cannot be given away is told by whoever cannot open it.
    static func giveToOwner(_ file: String, of path: String) {
        guard geteuid() == 0 else { return }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var status = stat()
        guard unsafe (stat(path, &status) == 0 || stat(folder, &status) == 0) else { return }
        _ = unsafe lchown(file, status.st_uid, status.st_gid)
    }

    /// Writes a file's or folder's changes to the disk.
    static func syncFile(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFault("open \(path)") }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemFault("fsync \(path)") }
    }

    /// Who may do what with a file; nil if there is none.
    static func rights(of path: String) -> mode_t? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return status.st_mode & 0o777
    }

    /// Octets of the file; nil if there is none.
    static func size(of path: String) -> Int64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }
}

/// What the system answered to a call.
struct SystemFault: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    init(_ call: String) {
        code = errno
        self.call = call
    }

    var description: String { unsafe "\(call): \(String(cString: strerror(code)))" }
}

/// A lock beside the ledger that its only writer holds; the system releases it when the process
/// ends, however it ends.
///
/// A file of its own: closing a descriptor of the ledger itself would release SQLite's locks.
final class WriterLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let fault = SystemFault("open \(path).lock")
            throw LedgerFault(
                fault.code == ENOSPC ? .full : .readOnly, path,
                "cannot be written beside (\(fault))",
                remedy: "see to the rights of the folder and the room on the disk")
        }
        LedgerFile.giveToOwner(path + ".lock", of: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw LedgerFault(
                .busy, path, "is being written by another process",
                remedy: "end the other one (`kuzet run`?), or ask it instead")
        }
    }

    deinit { Glibc.close(descriptor) }
}
