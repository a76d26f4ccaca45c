// SPDX-License-Identifier: Apache-2.0
import GRDB
import Glibc

/// What is looked at before a ledger is believed.
///
/// The header, the schema, whose it is, the last entries of the journal. It changes nothing and takes no longer for a large file.
enum Examination {
    /// How many entries of the journal are looked at (chosen: more than a busy day makes).
    static let lastEntries = 256

    /// Whether a ledger must be made first.
    static func needsCreation(_ path: String, access: Ledger.Access) throws -> Bool {
        guard let size = LedgerFile.size(of: path) else {
            guard errno == ENOENT else {
                throw LedgerFault(
                    .disk, path, "cannot be looked at (\(SystemFault("stat")))",
                    remedy: "see to the path and the rights of its folders")
            }
            guard access == .readWrite else {
                throw LedgerFault(
                    .absent, path, "does not exist", remedy: "see to the path; nothing was made")
            }
            return true
        }
        guard size > 0 else {
            throw LedgerFault(
                .notALedger, path, "is empty and no ledger",
                remedy: "remove the file if nothing else needs it")
        }
        return false
    }

    /// Looks at the file, opened to be read; says whose it is.
    static func examine(_ path: String) throws -> Identity {
        var configuration = LedgerFile.reading
        configuration.label = "ledger.examination"
        let queue = try DatabaseQueue(
            path: LedgerFile.readingName(path), configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            try header(database, path)
            try schema(database, path)
            guard let identity = try Identity(database) else {
                throw LedgerFault.damaged(path, "it does not say whose it is")
            }
            let verdict = try JournalChain.verifyTail(database, count: lastEntries)
            if let bad = verdict.firstBad {
                throw LedgerFault.damaged(path, "entry \(bad) of the journal \(verdict.reason)")
            }
            return identity
        }
    }

    private static func header(_ database: Database, _ path: String) throws {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard application == Schema.applicationID else { throw LedgerFault.notALedger(path) }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= Schema.newest else {
            throw LedgerFault(
                .newerVersion, path,
                "was written by a newer version (schema \(version); this one knows up to "
                    + "\(Schema.newest))",
                remedy: "use that version; nothing was changed")
        }
        guard version > 0 else { throw LedgerFault.damaged(path, "its schema has no version") }
        // Without a log the file is all there is.
        guard LedgerFile.size(of: path + "-wal") ?? 0 == 0,
            let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count"),
            let octets = try Int64.fetchOne(database, sql: "PRAGMA page_size"),
            let size = LedgerFile.size(of: path)
        else { return }
        guard size >= pages * octets else {
            throw LedgerFault.damaged(
                path, "\(size) octets are there of \(pages * octets)")
        }
    }

    private static func schema(_ database: Database, _ path: String) throws {
        let found = try Schema.dump(database)
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let expected = try DatabaseQueue().inDatabase { model in
            for step in Schema.steps.prefix(version) { try model.execute(sql: step) }
            try model.execute(sql: "PRAGMA user_version = \(version)")
            return try Schema.dump(model)
        }
        guard found != expected else { return }
        let lines = zip(
            found.split(separator: "\n"), expected.split(separator: "\n"))
        let first = lines.first { $0 != $1 }?.0 ?? "a table is missing"
        throw LedgerFault.damaged(path, "its schema is not that of version \(version): \(first)")
    }
}
