// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Registry
import Timekeeping

/// A record that was put aside.
public struct QuarantinedObservation: Hashable, Sendable {
    /// The record as it was given.
    public let record: KeptObservation
    /// Why it was put aside.
    public let reason: QuarantineReason
}

extension Ledger {
    /// Most records that one call gives back.
    public static let mostQuarantined = 10_000

    /// Most records that are kept aside (chosen: 20 MB).
    ///
    /// The first ones are, for they show how it began. What comes after is answered in the same
    /// way, counted, and not kept.
    public static let mostInQuarantine = 100_000
    /// How far after the ledger's clock the end of an observation may lie, ns: five
    /// minutes, more than clocks differ that are set at all (chosen).
    public static let greatestLead: Int64 = 300_000_000_000

    /// Keeps the records of the future whose time has come, and gives them back to be judged.
    ///
    /// Cheap where there are none. At most `mostQuarantined` a call.
    public func admitDue() throws(LedgerFault) -> [KeptObservation] {
        let now = clock()
        return try write("keeping what was of the future") { database, state in
            guard let earliest = state.earliestFuture,
                earliest <= now.advanced(byNanoseconds: Ledger.greatestLead).nanoseconds
            else { return [] }
            return try FutureRecords.admit(at: now, in: database, &state)
        }
    }

    /// The records put aside, in the order in which they came, at most `mostQuarantined`.
    public func quarantined() throws(LedgerFault) -> [QuarantinedObservation] {
        try read("reading what was put aside") { database in
            try QuarantinedObservation.all(database, where: "TRUE").map(\.1)
        }
    }
}

extension QuarantinedObservation {
    /// The records put aside of which `condition` holds, with their keys, in order.
    static func all(
        _ database: Database, where condition: String
    ) throws -> [(Int64, QuarantinedObservation)] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT quarantine.view, start, source, sequence, body, reason,
                    camera.id AS camera, vantage.id AS vantage, node, epoch,
                    quarantine.key AS key
                FROM quarantine JOIN view ON view.key = quarantine.view
                JOIN camera ON camera.key = view.camera
                JOIN vantage ON vantage.key = view.vantage
                JOIN source ON source.key = quarantine.source
                WHERE \(condition) ORDER BY quarantine.key LIMIT ?
                """, arguments: [Ledger.mostQuarantined])
        return try rows.map { row in
            let kept = try ObservationRow(row)
            guard let node = NodeID(try row.read("node")),
                let epoch = Epoch(try row.read("epoch")),
                let camera = CameraID(try row.read("camera")),
                let vantage = VantageID(try row.read("vantage")),
                let reason = QuarantineReason(rawValue: try row.read("reason"))
            else { throw PackingFault.outOfRange(field: "name", offset: 0) }
            let quarantined = QuarantinedObservation(
                record: KeptObservation(
                    identity: RecordIdentity(
                        node: node, epoch: epoch, sequence: kept.sequence),
                    camera: camera, vantage: vantage, observation: try kept.observation()),
                reason: reason)
            return (try row.read("key"), quarantined)
        }
    }
}

/// Records that are dated after the ledger's clock: another node's, or this node's own where that
/// clock was set back.
///
/// They are put aside, so that no watermark and no judge moves on by them, and are kept as others
/// are when the clock comes to them: it may have been the ledger's own that was wrong.
enum FutureRecords {
    /// Takes those that are due out of quarantine.
    static func admit(
        at now: Instant, in database: Database, _ state: inout WriterState
    ) throws -> [KeptObservation] {
        let bound = now.advanced(byNanoseconds: Ledger.greatestLead)
        let reason = QuarantineReason.future.rawValue
        var admitted: [KeptObservation] = []
        for (key, aside) in try QuarantinedObservation.all(
            database, where: "reason = '\(reason)' AND start <= \(bound.nanoseconds)")
        where aside.record.observation.range.end <= bound {
            let record = aside.record
            let row = ObservationRow(
                view: try state.view(record.camera, record.vantage, in: database),
                start: record.observation.range.start.nanoseconds,
                source: try state.source(
                    node: record.identity.node, epoch: record.identity.epoch, in: database),
                sequence: record.identity.sequence, observation: record.observation)
            switch try ObservationStore.store(row, in: database, &state) {
            case .stored:
                admitted.append(record)
                try database.execute(
                    sql: "DELETE FROM quarantine WHERE key = ?", arguments: [key])
                state.quarantined -= 1
            case .known:
                try database.execute(
                    sql: "DELETE FROM quarantine WHERE key = ?", arguments: [key])
                state.quarantined -= 1
            case .refused(let reason):
                try database.execute(
                    sql: "UPDATE quarantine SET reason = ? WHERE key = ?",
                    arguments: [reason.rawValue, key])
            }
        }
        if !admitted.isEmpty {
            try Tally.add(admitted.count, to: "admitted-future", in: database)
        }
        state.earliestFuture = try earliest(in: database)
        return admitted
    }

    /// The begin of the earliest one that is put aside; nil if there is none.
    static func earliest(in database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database, sql: "SELECT min(start) FROM quarantine WHERE reason = ?",
            arguments: [QuarantineReason.future.rawValue])
    }
}
