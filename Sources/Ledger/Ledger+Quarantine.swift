// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Registry

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

    /// The records put aside, in the order in which they came, at most `mostQuarantined`.
    public func quarantined() throws(LedgerFault) -> [QuarantinedObservation] {
        try read("reading what was put aside") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT quarantine.view, start, source, sequence, body, reason,
                        camera.id AS camera, vantage.id AS vantage, node, epoch
                    FROM quarantine JOIN view ON view.key = quarantine.view
                    JOIN camera ON camera.key = view.camera
                    JOIN vantage ON vantage.key = view.vantage
                    JOIN source ON source.key = quarantine.source
                    ORDER BY quarantine.key LIMIT ?
                    """, arguments: [Ledger.mostQuarantined])
            return try rows.map { row in
                let kept = try ObservationRow(row)
                guard let node = NodeID(try row.read("node")),
                    let epoch = Epoch(try row.read("epoch")),
                    let camera = CameraID(try row.read("camera")),
                    let vantage = VantageID(try row.read("vantage")),
                    let reason = QuarantineReason(rawValue: try row.read("reason"))
                else { throw PackingFault.outOfRange(field: "name", offset: 0) }
                return QuarantinedObservation(
                    record: KeptObservation(
                        identity: RecordIdentity(
                            node: node, epoch: epoch, sequence: kept.sequence),
                        camera: camera, vantage: vantage, observation: try kept.observation()),
                    reason: reason)
            }
        }
    }
}
