// SPDX-License-Identifier: Apache-2.0
import Agreements
import Foundation
import GRDB
import Registry
import Testing
import Timekeeping

@testable import Ledger

@Suite struct JournalTests {
    func work(_ id: String, scope: Scope = .all) -> PlannedWork {
        PlannedWork(
            id: id, scope: scope, range: wholeRange(hours: 2),
            what: "new \"switch\"\nin cabinet 3 \\ өрт", enteredBy: "operator on duty",
            enteredAt: Scratch.noon)
    }

    func events() throws -> [JournalEvent] {
        let site = try #require(SiteID("site-1"))
        let channel = try #require(ChannelID("channel-1"))
        let party = try #require(PartyID("party-1"))
        var ended = work("w-2", scope: .channel(channel))
        ended.endedEarlyAt = Scratch.noon
        return [
            .workAdded(work("w-1", scope: .camera(try camera(1)))), .workAdded(ended),
            .workEnded(id: "w-1", at: Scratch.noon),
            .exclusionAdded(
                Exclusion(
                    id: "e-1", scope: .site(site), range: wholeRange(), reason: "no power",
                    document: "act 12", enteredBy: "coordinator", enteredAt: Scratch.noon)),
            .exclusionAdded(
                Exclusion(
                    id: "e-2", scope: .party(party), range: wholeRange(), reason: "order",
                    document: "law 5", enteredBy: "coordinator", enteredAt: Scratch.noon)),
            .exclusionRevoked(id: "e-1", at: Scratch.noon, by: "coordinator"),
            .reportIssued(
                IssuedReport(
                    number: 1, period: "2026-10", recipient: "coordinator", language: "kk",
                    revision: 1, digests: ["html": "00ff", "csv": "11ee"])),
            .registryChanged(what: "cameras.csv", before: "aa", after: "bb"),
            .agreementChanged(what: "agreements.yaml", before: "", after: "cc"),
            .clockStepped(byNanoseconds: -3_200_000_000),
            .ledgerRepaired(what: "index"), .ledgerRestored(epoch: "0123"),
            .conflictQuarantined(count: 3, first: "child-1/00/7", reason: "same-identity"),
            .other(name: "made-later", details: ["a": "1", "z": "\u{1}\u{7f}"]),
        ]
    }

    @Test func `every event comes back as it was entered`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let events = try events()
        for event in events { try ledger.append(event, by: "operator \"x\"") }
        let found = try ledger.entries()
        #expect(found.dropFirst(2).map(\.event) == events)
        #expect(found.map(\.index) == Array(1...Int64(events.count + 2)))
        #expect(found.last?.actor == "operator \"x\"")
        #expect(found.last?.at == Scratch.noon)
        #expect(try ledger.entries(in: 3...4).map(\.event) == Array(events[0...1]))
        #expect(try ledger.verify(against: nil).isSound)
    }

    @Test func `works and exclusions follow from the journal`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for event in try events() { try ledger.append(event, by: "x") }
        let works = try ledger.works()
        #expect(works.map(\.id) == ["w-1", "w-2"])
        #expect(works.map(\.endedEarlyAt) == [Scratch.noon, Scratch.noon])
        let exclusions = try ledger.exclusions()
        #expect(exclusions.map(\.isInForce) == [false, true])
        #expect(exclusions.first?.revokedBy == "coordinator")
        #expect(try ledger.issuedReports().map(\.digests) == [["html": "00ff", "csv": "11ee"]])
    }

    @Test func `the text and the hash of an entry are these`() {
        let entry = JournalEntry(
            index: 7, at: Scratch.noon, actor: "kuzet", event: .clockStepped(byNanoseconds: 5),
            after: .beginning)
        #expect(
            entry.text == """
                {"entry":7,"at":"2026-10-01T12:00:00.000000000Z","actor":"kuzet",\
                "event":"clock-stepped","details":{"nanoseconds":"5"}}
                """)
        let expected = JournalHash.of([UInt8](repeating: 0, count: 32) + Array(entry.text.utf8))
        #expect(entry.hash == expected)
        #expect(
            JournalHash.of(Array("abc".utf8)).description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `a checkpoint is one line and nothing else is one`() throws {
        let line = "kuzet-journal almaty-1 12 " + String(repeating: "0a", count: 32)
        let checkpoint = try #require(Checkpoint(line + "\n"))
        #expect(checkpoint.description == line)
        #expect(checkpoint.entries == 12)
        for wrong in ["", "kuzet-journal a 12", "journal a 12 00", line + "0", line + " x"] {
            #expect(Checkpoint(wrong) == nil)
        }
    }

    /// Changes a ledger's file behind its back; the triggers are no obstacle to a determined hand.
    func tamper(_ path: String, _ statements: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try database.execute(
                sql: "DROP TRIGGER journal_keeps_text; DROP TRIGGER journal_keeps_entries")
            try database.execute(sql: statements)
        }
        try queue.close()
    }

    @Test(
        arguments: [
            ("UPDATE journal SET text = replace(text, 'w-5', 'w-9') WHERE entry = 7", 7),
            ("UPDATE journal SET hash = zeroblob(32) WHERE entry = 5", 5),
            ("DELETE FROM journal WHERE entry = 4", 4),
            ("DELETE FROM journal WHERE entry = 1", 1),
            (
                """
                UPDATE journal SET entry = 100 WHERE entry = 5;
                UPDATE journal SET entry = 5 WHERE entry = 6;
                UPDATE journal SET entry = 6 WHERE entry = 100
                """, 5
            ),
            ("UPDATE journal SET text = x'00ff' WHERE entry = 3", 3),
            ("INSERT INTO journal SELECT 99, text, hash FROM journal WHERE entry = 3", 14),
            ("DELETE FROM journal WHERE entry > 10", 11),
        ] as [(String, Int64)])
    func `each edit, removal, insertion and change of order is found where it is`(
        statements: String, bad: Int64
    ) throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for number in 3...12 { try ledger.append(.workAdded(work("w-\(number - 2)")), by: "x") }
        let checkpoint = try #require(try ledger.verify().head)
        #expect(checkpoint.entries == 12)
        #expect(try ledger.verify(against: checkpoint).isSound)
        try ledger.close()
        try tamper(scratch.path, statements)
        let verdict = try DatabaseQueue(path: scratch.path).read {
            try JournalChain.verify($0, from: 1, checkpoint: checkpoint)
        }
        #expect(verdict.firstBad == bad, "\(verdict.reason)")
        #expect(verdict.head == nil)
    }

    @Test func `a chain rewritten whole is found by a checkpoint alone`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for number in 1...5 { try ledger.append(.workAdded(work("w-\(number)")), by: "x") }
        let checkpoint = try #require(try ledger.verify().head)
        try ledger.close()
        let closed = try scratch.open(.readOnly)
        let entries = try closed.entries()
        try closed.close()
        var hash = entries[3].hash
        var statements = ""
        for entry in entries[4...] {
            let text = entry.text.replacingOccurrences(of: "\"x\"", with: "\"y\"")
            hash = hash.followed(by: text)
            let quoted = text.replacingOccurrences(of: "'", with: "''")
            statements += "UPDATE journal SET text = '\(quoted)', hash = x'\(hash)' "
            statements += "WHERE entry = \(entry.index);"
        }
        try tamper(scratch.path, statements)
        let queue = try DatabaseQueue(path: scratch.path)
        let alone = try queue.read { try JournalChain.verify($0, from: 1, checkpoint: nil) }
        #expect(alone.isSound)
        let held = try queue.read { try JournalChain.verify($0, from: 1, checkpoint: checkpoint) }
        #expect(held.firstBad == 7)
    }

    @Test func `the triggers refuse to change or delete an entry`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for statement in ["UPDATE journal SET text = ''", "DELETE FROM journal"] {
            #expect(throws: LedgerFault.self) {
                try ledger.write("tampering") { database, _ in
                    try database.execute(sql: statement)
                }
            }
        }
        #expect(try ledger.entries().count == 2)
    }

    @Test func `an entry beyond the limit is refused and nothing is kept`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        var long = work("w-1")
        long.what = String(repeating: "x", count: 70_000)
        let event = JournalEvent.workAdded(long)
        #expect {
            try ledger.append(event, by: "x")
        } throws: {
            ($0 as? LedgerFault)?.kind == .beyondLimit
        }
        #expect(try ledger.entries().count == 2)
    }
}
