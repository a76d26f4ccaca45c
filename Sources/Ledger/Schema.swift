// SPDX-License-Identifier: Apache-2.0
import GRDB

/// The tables, as numbered steps that are never changed once released.
///
/// `PRAGMA user_version` is the number of the last step taken; `docs/ledger.md` explains each
/// table. `Tests/LedgerTests/Golden/schema.sql` is what all steps together make.
enum Schema {
    /// "Kuzt", by which `file(1)` and we tell a ledger from other SQLite files.
    static let applicationID: Int32 = 0x4B75_7A74
    /// The version that this program writes.
    static var newest: Int { steps.count }

    /// Step n−1 leads from version n−1 to version n.
    static let steps: [String] = [first, second, third]

    /// Takes the steps that are missing, all or none.
    static func migrate(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        for step in steps.dropFirst(version) { try database.execute(sql: step) }
        try database.execute(sql: "PRAGMA user_version = \(newest)")
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    /// Every table, index and trigger as SQL text, sorted by name.
    static func dump(_ database: Database) throws -> String {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT type, name, sql FROM sqlite_schema
                WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL ORDER BY type, name
                """)
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        return try rows.reduce("-- version \(version)\n") { text, row in
            text + (try row.read("sql") as String) + ";\n"
        }
    }

    private static let first = """
        CREATE TABLE property (
            name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE camera (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE vantage (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
        CREATE TABLE view (
            key INTEGER PRIMARY KEY, camera INTEGER NOT NULL, vantage INTEGER NOT NULL,
            UNIQUE (camera, vantage));
        CREATE TABLE source (
            key INTEGER PRIMARY KEY, node TEXT NOT NULL, epoch TEXT NOT NULL,
            UNIQUE (node, epoch));
        CREATE TABLE held (
            source INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY (source, first)) WITHOUT ROWID;
        CREATE TABLE observation (
            view INTEGER NOT NULL, start INTEGER NOT NULL, source INTEGER NOT NULL,
            sequence INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (view, start)) WITHOUT ROWID;
        CREATE TABLE observation_block (
            key INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE rollup_block (
            key INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE condition (
            camera INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
            code INTEGER NOT NULL, PRIMARY KEY (camera, start)) WITHOUT ROWID;
        CREATE TABLE checkpoint (
            camera INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (camera, at)) WITHOUT ROWID;
        CREATE TABLE journal (
            entry INTEGER PRIMARY KEY, text TEXT NOT NULL, hash BLOB NOT NULL);
        CREATE TRIGGER journal_keeps_text BEFORE UPDATE ON journal BEGIN
            SELECT RAISE(ABORT, 'the journal is only ever appended to');
        END;
        CREATE TRIGGER journal_keeps_entries BEFORE DELETE ON journal BEGIN
            SELECT RAISE(ABORT, 'the journal is only ever appended to');
        END;
        CREATE TABLE quarantine (
            key INTEGER PRIMARY KEY, reason TEXT NOT NULL, view INTEGER NOT NULL,
            start INTEGER NOT NULL, source INTEGER NOT NULL, sequence INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX quarantine_identity ON quarantine (source, sequence);
        CREATE TABLE tally (
            name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE uplink (
            name TEXT NOT NULL, source INTEGER NOT NULL, passed INTEGER NOT NULL,
            PRIMARY KEY (name, source)) WITHOUT ROWID;
        """

    /// Days in one block; when a record was put aside.
    private static let second = """
        CREATE TABLE observation_day (
            key INTEGER PRIMARY KEY, body BLOB NOT NULL);
        ALTER TABLE quarantine ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
        UPDATE quarantine SET at = start;
        """

    /// No table changes: roll-ups are in blocks of layout 3 from here on, which tell encryption and
    /// stalls, and which earlier versions cannot read.
    private static let third = "-- rollup_block: layout 3"
}
