// SPDX-License-Identifier: Apache-2.0
import GRDB
public import Measurements

/// Whose ledger it is, and which life of it.
struct Identity: Hashable, Sendable {
    let node: NodeID
    let epoch: Epoch

    private static let nodeName = "node"
    private static let epochName = "epoch"

    /// Reads it; nil if it is not there or not readable.
    init?(_ database: Database) throws {
        guard let node = try Property.text(Self.nodeName, in: database).flatMap(NodeID.init),
            let epoch = try Property.text(Self.epochName, in: database).flatMap({ Epoch($0) })
        else { return nil }
        self.node = node
        self.epoch = epoch
    }

    /// Names the node and draws an epoch at random.
    static func draw(node: String, in database: Database) throws {
        try Property.set(nodeName, to: node, in: database)
        try drawEpoch(in: database)
    }

    /// Begins another life, whose sequence starts anew: after a restore, where the numbers given
    /// since the backup are not known any more.
    static func drawEpoch(in database: Database) throws {
        var random = SystemRandomNumberGenerator()
        let epoch = Epoch(high: random.next(), low: random.next())
        try Property.set(epochName, to: epoch.description, in: database)
    }
}

/// The table `property`: single values of the ledger as a whole.
enum Property {
    /// Hours before this one may have blocks.
    static let closedThrough = "closed-through"
    /// Blocks of hours before this one were deleted.
    static let prunedThrough = "pruned-through"
    /// Days before this hour were joined.
    static let joinedThrough = "joined-through"
    /// Length of the longest observation ever kept, ns.
    static let longest = "longest"

    static func text(_ name: String, in database: Database) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT value FROM property WHERE name = ?", arguments: [name])
    }

    static func number(_ name: String, in database: Database) throws -> Int64? {
        try text(name, in: database).flatMap { Int64($0) }
    }

    static func set(_ name: String, to value: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO property (name, value) VALUES (?, ?)",
            arguments: [name, value])
    }
}

/// The table `tally`: how often something happened that should be seen.
enum Tally {
    static func add(_ count: Int, to name: String, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO tally (name, count) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET count = count + excluded.count
                """, arguments: [name, count])
    }
}

extension Ledger {
    /// The node and the epoch under which its records are numbered at present.
    public func identity() throws(LedgerFault) -> (node: NodeID, epoch: Epoch) {
        let path = path
        let found = try read("reading whose it is") { database in
            guard let identity = try Identity(database) else {
                throw LedgerFault.damaged(path, "it does not say whose it is")
            }
            return identity
        }
        return (found.node, found.epoch)
    }
}
