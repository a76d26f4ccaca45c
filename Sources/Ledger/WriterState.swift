// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Registry

/// What the writer keeps in memory of the tables that it looks into for every record.
///
/// Read from the file when first needed, thrown away whenever a transaction fails.
struct WriterState: Sendable {
    /// A camera as seen from one vantage.
    struct View: Hashable, Sendable {
        var camera: CameraID
        var vantage: VantageID
    }

    let path: String
    let zstandard: Zstandard
    let identity: Identity
    /// The key of this node's own source in the present epoch.
    private(set) var own: Int64 = 0
    /// Hours before this one may have blocks.
    var closedThrough: Int64
    /// Blocks of hours before this one were deleted.
    var prunedThrough: Int64
    /// Hours of days before this one were joined to days.
    private(set) var joinedThrough: Int64
    private(set) var longest: Int64
    private var cameras: [CameraID: Int64] = [:]
    private var vantages: [VantageID: Int64] = [:]
    private var views: [View: Int64] = [:]
    private var sources: [String: Int64] = [:]
    private var held: [Int64: SequenceSet] = [:]
    /// Records that are put aside.
    var quarantined: Int
    /// Whether some that were put aside are not kept any more, or never were.
    var hasForgottenQuarantined: Bool
    /// The begin of the earliest record of the future that is put aside; nil if there is none.
    var earliestFuture: Int64?
    /// The block that was looked into last: late records come in runs.
    var lastBlock: ObservationBlock?
    /// Whether the hour that was asked for last had a block that was deleted.
    var lastGone: (key: Int64, isGone: Bool)?

    /// Most views: 262,144 cameras seen from two places would be more than one ledger bears.
    static let mostViews = 524_288
    /// Longest observation, ns: a day; a longer silence is several observations.
    static let longestObservation: Int64 = 86_400_000_000_000

    init(_ database: Database, path: String) throws {
        guard let zstandard = Zstandard() else {
            throw PackingFault.compression("there is no memory for it")
        }
        guard let identity = try Identity(database) else {
            throw LedgerFault.damaged(path, "it does not say whose it is")
        }
        self.path = path
        self.zstandard = zstandard
        self.identity = identity
        closedThrough = try Property.number(Property.closedThrough, in: database) ?? .min
        prunedThrough = try Property.number(Property.prunedThrough, in: database) ?? .min
        joinedThrough = try Property.number(Property.joinedThrough, in: database) ?? .min
        longest = try Property.number(Property.longest, in: database) ?? 0
        quarantined =
            try Int.fetchOne(database, sql: "SELECT count(*) FROM quarantine") ?? 0
        hasForgottenQuarantined =
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM tally WHERE name IN (?, ?))",
                arguments: [Refusals.droppedTally, Refusals.expiredTally]) ?? false
        earliestFuture = try FutureRecords.earliest(in: database)
        try readNames(database)
        for row in try Row.fetchAll(database, sql: "SELECT key, node, epoch FROM source") {
            sources[Self.name(node: try row.read("node"), epoch: try row.read("epoch"))] =
                try row.read("key")
        }
        for row in try Row.fetchAll(
            database, sql: "SELECT source, first, last FROM held ORDER BY source, first")
        {
            let first = UInt64(bitPattern: try row.read("first") as Int64)
            let last = UInt64(bitPattern: try row.read("last") as Int64)
            guard first <= last else { throw LedgerFault.damaged(path, "a range is upside down") }
            held[try row.read("source"), default: SequenceSet()].insert(first...last)
        }
        own = try source(node: identity.node, epoch: identity.epoch, in: database)
    }

    private mutating func readNames(_ database: Database) throws {
        var cameraNames: [Int64: CameraID] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT key, id FROM camera") {
            guard let id = CameraID(try row.read("id")) else { continue }
            cameras[id] = try row.read("key")
            cameraNames[try row.read("key")] = id
        }
        var vantageNames: [Int64: VantageID] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT key, id FROM vantage") {
            guard let id = VantageID(try row.read("id")) else { continue }
            vantages[id] = try row.read("key")
            vantageNames[try row.read("key")] = id
        }
        for row in try Row.fetchAll(database, sql: "SELECT key, camera, vantage FROM view") {
            guard let camera = cameraNames[try row.read("camera")],
                let vantage = vantageNames[try row.read("vantage")]
            else { continue }
            views[View(camera: camera, vantage: vantage)] = try row.read("key")
        }
    }

    private static func name(node: String, epoch: String) -> String { node + "/" + epoch }

    /// The key of a camera, given now if it has none.
    mutating func camera(_ id: CameraID, in database: Database) throws -> Int64 {
        if let key = cameras[id] { return key }
        try database.execute(sql: "INSERT INTO camera (id) VALUES (?)", arguments: [id.text])
        cameras[id] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    /// The key of a view, given now if it has none.
    mutating func view(_ camera: CameraID, _ vantage: VantageID, in database: Database) throws
        -> Int64
    {
        if let key = views[View(camera: camera, vantage: vantage)] { return key }
        guard views.count < Self.mostViews else {
            throw LedgerFault(
                .beyondLimit, path, "has \(views.count) pairs of camera and vantage",
                remedy: "let another node keep the rest")
        }
        let cameraKey = try self.camera(camera, in: database)
        var vantageKey = vantages[vantage]
        if vantageKey == nil {
            try database.execute(
                sql: "INSERT INTO vantage (id) VALUES (?)", arguments: [vantage.text])
            vantageKey = database.lastInsertedRowID
            vantages[vantage] = vantageKey
        }
        try database.execute(
            sql: "INSERT INTO view (camera, vantage) VALUES (?, ?)",
            arguments: [cameraKey, vantageKey])
        views[View(camera: camera, vantage: vantage)] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    /// The key of a source, given now if it has none.
    mutating func source(node: NodeID, epoch: Epoch, in database: Database) throws -> Int64 {
        let name = Self.name(node: node.text, epoch: epoch.description)
        if let key = sources[name] { return key }
        try database.execute(
            sql: "INSERT INTO source (node, epoch) VALUES (?, ?)",
            arguments: [node.text, epoch.description])
        sources[name] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    /// The sequence numbers that are held of a source.
    func numbers(of source: Int64) -> SequenceSet { held[source] ?? SequenceSet() }

    /// Says that these numbers of a source are held now.
    mutating func hold(_ added: SequenceSet, of source: Int64, in database: Database) throws {
        let before = numbers(of: source)
        var after = before
        for range in added.ranges { after.insert(range) }
        guard after.ranges.count <= SequenceSet.mostRanges else {
            throw LedgerFault(
                .beyondLimit, path, "lacks too many stretches of one source's records",
                remedy: "send the missing ones first; nothing of this call was kept")
        }
        held[source] = after
        let (old, new) = (Set(before.ranges), Set(after.ranges))
        for range in old.subtracting(new) {
            try database.execute(
                sql: "DELETE FROM held WHERE source = ? AND first = ?",
                arguments: [source, Int64(bitPattern: range.lowerBound)])
        }
        for range in new.subtracting(old) {
            try database.execute(
                sql: "INSERT INTO held (source, first, last) VALUES (?, ?, ?)",
                arguments: [
                    source, Int64(bitPattern: range.lowerBound),
                    Int64(bitPattern: range.upperBound),
                ])
        }
    }

    /// Notes that the days before `hour` are joined.
    mutating func joined(through hour: Int64, in database: Database) throws {
        joinedThrough = hour
        try Property.set(Property.joinedThrough, to: String(hour), in: database)
    }

    /// Notes that a day which lies before those that are to be joined has a new block of an hour.
    mutating func joinAgain(from hour: Int64, in database: Database) throws {
        try joined(through: RollupStore.floor(hour, 24) * 24, in: database)
    }

    /// Notes the length of an observation that is kept.
    mutating func note(length: Int64, in database: Database) throws {
        guard length > longest else { return }
        longest = length
        try Property.set(Property.longest, to: String(length), in: database)
    }
}
