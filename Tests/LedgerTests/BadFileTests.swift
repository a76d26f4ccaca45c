// SPDX-License-Identifier: Apache-2.0
import Agreements
import Foundation
import GRDB
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct BadFileTests {
    func refusal(of scratch: Scratch, _ access: Ledger.Access) -> LedgerFault? {
        do {
            try scratch.open(access).close()
            return nil
        } catch {
            return error
        }
    }

    func change(_ path: String, _ statements: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: statements) }
        try queue.close()
    }

    @Test(arguments: [Ledger.Access.readOnly, .readWrite])
    func `what is no ledger is told and left as it is`(access: Ledger.Access) throws {
        for content in [
            [], Array("not a database".utf8), [UInt8](repeating: 0, count: 8_192),
            Array("SQLite format 3\0".utf8) + [UInt8](repeating: 7, count: 5_000),
        ] {
            let scratch = try Scratch()
            try scratch.write(content)
            let fault = try #require(refusal(of: scratch, access))
            #expect([.notALedger, .damaged].contains(fault.kind), "\(fault)")
            #expect(try scratch.octets() == content)
        }
        let scratch = try Scratch()
        try change(scratch.path, "CREATE TABLE other (x)")
        let before = try scratch.octets()
        #expect(refusal(of: scratch, access)?.kind == .notALedger)
        #expect(try scratch.octets() == before)
    }

    @Test func `a file that is not there is made only to be written`() throws {
        let scratch = try Scratch()
        #expect(refusal(of: scratch, .readOnly)?.kind == .absent)
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
        #expect(refusal(of: scratch, .readWrite) == nil)
        let elsewhere = scratch.folder + "/none/ledger"
        #expect(throws: LedgerFault.self) { try Ledger.open(elsewhere, access: .readWrite) }
        #expect(throws: LedgerFault.self) { try Ledger.open(scratch.folder, access: .readOnly) }
    }

    @Test(arguments: [Ledger.Access.readOnly, .readWrite])
    func `a newer ledger is refused by its version and left as it is`(
        access: Ledger.Access
    ) throws {
        let scratch = try Scratch()
        try scratch.open().close()
        try change(scratch.path, "PRAGMA user_version = 99")
        let before = try scratch.octets()
        let fault = try #require(refusal(of: scratch, access))
        #expect(fault.kind == .newerVersion)
        #expect(fault.description.contains("schema 99; this one knows up to \(Schema.newest)"))
        #expect(try scratch.octets() == before)
    }

    @Test(
        arguments: [
            "DROP TABLE condition", "ALTER TABLE camera ADD COLUMN more TEXT",
            "DROP TRIGGER journal_keeps_text", "DELETE FROM property WHERE name = 'epoch'",
            "UPDATE property SET value = 'NOT A NODE' WHERE name = 'node'",
            """
            DROP TRIGGER journal_keeps_text; UPDATE journal SET text = '{}';
            CREATE TRIGGER journal_keeps_text BEFORE UPDATE ON journal BEGIN
                SELECT RAISE(ABORT, 'the journal is only ever appended to');
            END
            """,
        ])
    func `a ledger that was tampered with is refused and says what is wrong`(
        statements: String
    ) throws {
        let scratch = try Scratch()
        try scratch.open().close()
        try change(scratch.path, statements)
        let fault = try #require(refusal(of: scratch, .readWrite))
        #expect(fault.kind == .damaged)
        #expect(fault.remedy.contains("kuzet restore"))
    }

    @Test func `another node's ledger is refused, and no name takes whosever it is`() throws {
        let scratch = try Scratch()
        try scratch.open().close()
        #expect(throws: LedgerFault.self) { try scratch.open(node: "astana-1") }
        let ledger = try scratch.open(node: nil)
        #expect(ledger.node.text == "almaty-1")
    }

    @Test func `a ledger cut short anywhere never stops the program`() throws {
        let scratch = try Scratch()
        try fill(scratch)
        let whole = try scratch.octets()
        for length in stride(from: 0, to: whole.count, by: 4_096 + 513) {
            try scratch.write(Array(whole[..<length]))
            let fault = try #require(refusal(of: scratch, .readOnly), "\(length) octets")
            #expect([.notALedger, .damaged].contains(fault.kind), "\(length): \(fault)")
        }
    }

    @Test func `one changed octet in any page never stops the program and is mostly found`() throws
    {
        let scratch = try Scratch()
        try fill(scratch)
        let whole = try scratch.octets()
        var random = Seeded(seed: 77)
        let original = try #require(try contents(scratch))
        var (unnoticed, rounds) = (0, 0)
        for page in 0..<whole.count / 4_096 {
            for _ in 0..<3 {
                var changed = whole
                let place = page * 4_096 + Int.random(in: 0..<4_096, using: &random)
                changed[place] ^= UInt8.random(in: 1...255, using: &random)
                try scratch.write(changed)
                rounds += 1
                guard let found = try contents(scratch) else { continue }
                unnoticed += 1
                #expect(found == original, "octet \(place)")
            }
        }
        // In a small ledger most pages are mostly unused.
        print("changed \(rounds) octets, one at a time: \(unnoticed) in unused places")
        #expect(unnoticed < rounds)
    }

    /// What a ledger says.
    struct Contents: Equatable {
        var observations: [Observation]
        var rollups: [Rollup]
        var conditions: [ConditionSpan]
        var entries: [JournalEntry]
    }

    /// What a ledger says; nil if it says that it is damaged.
    func contents(_ scratch: Scratch) throws -> Contents? {
        do {
            let ledger = try scratch.open(.readOnly, node: nil)
            defer { try? ledger.close() }
            let contents = Contents(
                observations: try ledger.observations(of: camera(1), in: wholeRange()).map {
                    $0.1
                },
                rollups: try ledger.rollups(of: camera(1), in: wholeRange(), step: .minute),
                conditions: try ledger.conditions(of: camera(1), in: wholeRange()),
                entries: try ledger.entries())
            return try ledger.verifyIntegrity().isSound ? contents : nil
        } catch let fault as LedgerFault {
            #expect(!fault.description.isEmpty)
            return nil
        }
    }

    func fill(_ scratch: Scratch) throws {
        let ledger = try scratch.open()
        var noisy = NoisyCamera(seed: 4)
        let records = try (0..<720).map { place in
            NewObservation(
                camera: try camera(1), vantage: try vantage(),
                observation: noisy.next(start: Scratch.hour + Int64(place) * Scratch.tenSeconds))
        }
        _ = try ledger.append(records)
        try ledger.closeHours(
            before: Instant(nanoseconds: Scratch.hour + ObservationBlock.hourNanoseconds))
        try ledger.replaceConditions(
            of: camera(1), in: wholeRange(),
            with: [.init(range: wholeRange(), condition: .up)])
        try ledger.close()
    }

    @Test func `nothing where something must be is damage, and ends no program`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try ledger.replaceConditions(
            of: camera(1), in: wholeRange(),
            with: [ConditionSpan(range: wholeRange(), condition: .up)])
        try ledger.close()
        let queue = try DatabaseQueue(path: scratch.path)
        try queue.inDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_schema SET sql = replace(sql, 'end INTEGER NOT NULL', 'end INTEGER')
                    WHERE name = 'condition';
                    """)
        }
        try queue.close()
        let second = try DatabaseQueue(path: scratch.path)
        try second.inDatabase { database in
            try database.execute(
                sql: """
                    UPDATE condition SET end = NULL;
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_schema SET sql = replace(sql, 'end INTEGER', 'end INTEGER NOT NULL')
                    WHERE name = 'condition';
                    """)
        }
        try second.close()
        let again = try scratch.open(.readOnly)
        #expect {
            try again.conditions(of: camera(1), in: wholeRange())
        } throws: {
            ($0 as? LedgerFault)?.kind == .damaged
        }
        #expect(try !again.verifyIntegrity().isSound)
    }
}
