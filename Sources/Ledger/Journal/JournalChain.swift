// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Timekeeping

/// The journal's table and its chain of hashes.
enum JournalChain {
    /// Writes the first entry.
    static func begin(_ database: Database, node: String, at: Instant) throws {
        let epoch = try Identity(database)?.epoch.description ?? ""
        try append(
            .ledgerCreated(node: node, epoch: epoch), by: Ledger.program, at: at, to: database)
    }

    /// Appends an entry behind the last.
    @discardableResult
    static func append(
        _ event: JournalEvent, by actor: String, at: Instant, to database: Database,
        request: String? = nil
    ) throws -> JournalEntry {
        let last = try last(in: database)
        let entry = JournalEntry(
            index: last.index + 1, at: at, actor: actor, event: try event.numbered(in: database),
            request: request, after: last.hash)
        try database.execute(
            sql: "INSERT INTO journal (entry, text, hash) VALUES (?, ?, ?)",
            arguments: [entry.index, entry.text, Blob(entry.hash.octets)])
        return entry
    }

    /// How many entries tell of an event of this name.
    static func count(of name: String, in database: Database) throws -> Int {
        try Ledger.entries(
            database, where: "instr(text, ?) > 0", ["\"event\":\"\(name)\""]
        ).count { $0.event.written.name == name }
    }

    /// Place and hash of the last entry; 0 if there is none.
    static func last(in database: Database) throws -> (index: Int64, hash: JournalHash) {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT entry, hash FROM journal ORDER BY entry DESC LIMIT 1")
        else { return (0, .beginning) }
        guard let hash = JournalHash(octets: (try row.read("hash") as Blob).octets) else {
            throw PackingFault.outOfRange(field: "hash of the journal", offset: 0)
        }
        return (try row.read("entry"), hash)
    }

    /// Looks at the last `count` entries only.
    static func verifyTail(_ database: Database, count: Int) throws -> JournalVerdict {
        let last = try last(in: database).index
        return try verify(database, from: max(1, last - Int64(count) + 1), checkpoint: nil)
    }

    /// Looks at every entry from `first` on; at all of them if it is 1.
    static func verify(
        _ database: Database, from first: Int64, checkpoint: Checkpoint?
    ) throws -> JournalVerdict {
        var walk = Walk(next: first, checkpoint: checkpoint)
        if first > 1 {
            let octets = try Blob.fetchOne(
                database, sql: "SELECT hash FROM journal WHERE entry = ?", arguments: [first - 1])
            walk.hash = octets.flatMap { JournalHash(octets: $0.octets) } ?? .beginning
        }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT entry, text, hash FROM journal WHERE entry >= ? ORDER BY entry",
            arguments: [first])
        while walk.fault == nil, let row = try rows.next() {
            // What is no text or no hash is a fault of the entry and not of the program.
            let text = String.fromDatabaseValue(row["text"])
            let hash = Blob.fromDatabaseValue(row["hash"]).flatMap {
                JournalHash(octets: $0.octets)
            }
            walk.visit(index: try row.read("entry"), text: text, hash: hash)
        }
        let node = try Property.text("node", in: database) ?? Ledger.unnamed
        return walk.verdict(node: node)
    }

    /// One pass along the chain.
    private struct Walk {
        var next: Int64
        let checkpoint: Checkpoint?
        var hash = JournalHash.beginning
        var fault: (index: Int64, reason: String)?

        mutating func visit(index: Int64, text: String?, hash kept: JournalHash?) {
            guard index == next else {
                fault = (next, index > next ? "is missing" : "stands at another place")
                return
            }
            guard let text, let kept, let entry = JournalEntry(text: text, hash: kept) else {
                fault = (index, "cannot be read")
                return
            }
            guard entry.index == index else {
                fault = (index, "stands where entry \(entry.index) should not")
                return
            }
            hash = hash.followed(by: text)
            guard hash == kept else {
                fault = (index, "was changed, or one before it: the hash does not match")
                return
            }
            if let checkpoint, checkpoint.entries == index, checkpoint.hash != hash {
                fault = (index, "or one before it was rewritten: the checkpoint has another hash")
            }
            next += 1
        }

        func verdict(node: String) -> JournalVerdict {
            let count = next - 1
            if let fault {
                return JournalVerdict(
                    entries: count, firstBad: fault.index, reason: fault.reason, head: nil)
            }
            if let checkpoint, checkpoint.node != node {
                return JournalVerdict(
                    entries: count, firstBad: 1,
                    reason: "is of \(node); the checkpoint is of \(checkpoint.node)", head: nil)
            }
            if let checkpoint, checkpoint.entries > count {
                return JournalVerdict(
                    entries: count, firstBad: count + 1,
                    reason: "and those after it were taken away: the checkpoint counts "
                        + "\(checkpoint.entries)", head: nil)
            }
            return JournalVerdict(
                entries: count, firstBad: nil, reason: "is sound",
                head: count == 0
                    ? nil : Checkpoint(node: node, entries: count, hash: hash))
        }
    }
}
