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
        func block(_ table: BlockTable) -> (String, (Row) throws -> Void) {
            (
                "SELECT key, body FROM \(table.name)",
                { row in
                    let block = try ObservationBlock(
                        BlockStretch(table: table, key: try row.read(0)),
                        packed: (try row.read(1) as Blob).octets, by: zstandard)
                    for row in block.rows { _ = try row.observation() }
                }
            )
        }
        let hasDays = try ObservationStore.hasDays(database)
        let tables = hasDays ? BlockTable.allCases : [.hour]
        let unpack: [(String, (Row) throws -> Void)] =
            tables.map(block) + [
                (
                    "SELECT key, body FROM rollup_block",
                    { row in
                        _ = try RollupBlock(
                            key: try row.read(0), packed: (try row.read(1) as Blob).octets,
                            by: zstandard)
                    }
                ),
                (
                    "SELECT start, end, code, camera FROM condition",
                    { _ = try ConditionStore.Stretch($0, of: try $0.read(3)) }
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
                    report.findings.append("\(table) \((try? row.read(0) as Int64) ?? 0) \(fault)")
                }
            }
        }
    }
}
