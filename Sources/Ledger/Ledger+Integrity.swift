// SPDX-License-Identifier: Apache-2.0
import GRDB

/// What looking at everything found.
public struct IntegrityReport: Hashable, Sendable {
    /// What is wrong, one clause each, at most `mostFindings`; empty if all is well.
    public var findings: [String] = []
    /// Blocks and rows that were unpacked.
    public var unpacked = 0
    /// The journal's verdict.
    public var journal: JournalVerdict

    /// Most findings told: a file that has more is not looked at further.
    public static let mostFindings = 100

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty && journal.isSound }
}

extension Ledger {
    /// Looks at all there is: every page and index (`PRAGMA integrity_check`), every packed block
    /// and row with its checksum, the journal's chain.
    ///
    /// Reads the whole file: minutes for a large one.
    public func verifyIntegrity(
        against checkpoint: Checkpoint? = nil
    ) throws(LedgerFault) -> IntegrityReport {
        try read("verifying it") { database in
            var report = IntegrityReport(
                journal: try JournalChain.verify(database, from: 1, checkpoint: checkpoint))
            guard let zstandard = Zstandard() else {
                throw PackingFault.compression("there is no memory for it")
            }
            let said = try String.fetchAll(
                database, sql: "PRAGMA integrity_check(\(IntegrityReport.mostFindings))")
            report.findings = said.filter { $0 != "ok" }
            try Self.unpackAll(database, zstandard, &report)
            return report
        }
    }

    private static func unpackAll(
        _ database: Database, _ zstandard: Zstandard, _ report: inout IntegrityReport
    ) throws {
        let unpack: [(String, (Row) throws -> Void)] = [
            (
                "SELECT key, body FROM observation_block",
                { row in
                    let key: Int64 = row[0]
                    let block = try ObservationBlock(
                        hour: ObservationStore.hour(ofKey: key),
                        view: ObservationStore.view(ofKey: key),
                        packed: (row[1] as Blob).octets, by: zstandard)
                    for row in block.rows { _ = try row.observation() }
                }
            ),
            (
                "SELECT key, body FROM rollup_block",
                { row in
                    _ = try RollupBlock(
                        key: row[0], packed: (row[1] as Blob).octets, by: zstandard)
                }
            ),
            (
                "SELECT start, end, code, camera FROM condition",
                { _ = try ConditionStore.Stretch($0, of: $0[3]) }
            ),
            (
                "SELECT view, start, source, sequence, body FROM observation",
                { _ = try ObservationRow($0).observation() }
            ),
            (
                "SELECT view, start, source, sequence, body FROM quarantine",
                { _ = try ObservationRow($0).observation() }
            ),
        ]
        for (query, check) in unpack {
            let rows = try Row.fetchCursor(database, sql: query)
            while let row = try rows.next() {
                guard report.findings.count < IntegrityReport.mostFindings else { return }
                do {
                    try check(row)
                    report.unpacked += 1
                } catch let fault as PackingFault {
                    let table = query.split(separator: " ").last ?? ""
                    report.findings.append("\(table) \(row[0] ?? 0 as Int64) \(fault)")
                }
            }
        }
    }
}
