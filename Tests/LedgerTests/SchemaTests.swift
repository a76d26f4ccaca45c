// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite struct SchemaTests {
    static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/schema.sql")

    @Test func `all steps together make the golden schema`() throws {
        let dump = try DatabaseQueue().write { database in
            try Schema.migrate(database)
            return try Schema.dump(database)
        }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try dump.write(to: Self.golden, atomically: true, encoding: .utf8)
        }
        #expect(try dump == String(contentsOf: Self.golden, encoding: .utf8))
    }

    @Test func `taking the steps again changes nothing`() throws {
        let (first, second) = try DatabaseQueue().write { database in
            try Schema.migrate(database)
            let first = try Schema.dump(database)
            try Schema.migrate(database)
            return (first, try Schema.dump(database))
        }
        #expect(first == second)
    }

    @Test func `a ledger commits to the disk and has one writer that makes checkpoints`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let settings = try ledger.maintain("looking") { database in
            try ["synchronous", "journal_mode", "auto_vacuum", "mmap_size", "cell_size_check"]
                .map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
        }
        #expect(settings == ["2", "wal", "2", "0", "1"])
        #expect(
            throws: LedgerFault.self,
            performing: { _ = try scratch.open() })
        #expect(throws: DatabaseError.self) {
            let readers = try LedgerFile(path: scratch.path, isWritable: false).readers
            try readers.writeWithoutTransaction { database in
                try database.execute(sql: "DELETE FROM camera")
            }
        }
    }
}
