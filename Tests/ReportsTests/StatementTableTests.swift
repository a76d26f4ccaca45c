// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct StatementTableTests {
    static func csv(_ table: StatementTable, _ statement: Statement) -> String {
        DocumentSink.text { statement.writeCSV(table, to: $0) }
    }

    /// Reads RFC 4180 back, each record by the names of its columns.
    static func records(_ table: StatementTable, _ statement: Statement) -> [[String: String]] {
        var rows: [[String]] = [[]]
        var field = ""
        var isQuoted = false
        var wasQuote = false
        for character in csv(table, statement).unicodeScalars {
            if wasQuote {
                wasQuote = false
                if character == "\"" {
                    field.unicodeScalars.append(character)
                    continue
                }
                isQuoted = false
            }
            switch character {
            case "\"" where isQuoted: wasQuote = true
            case "\"": isQuoted = true
            case "," where !isQuoted:
                rows[rows.count - 1].append(field)
                field = ""
            case "\n" where !isQuoted:
                rows[rows.count - 1].append(field)
                field = ""
                rows.append([])
            case "\r" where !isQuoted: break
            default: field.unicodeScalars.append(character)
            }
        }
        let header = rows.removeFirst()
        rows.removeLast()
        return rows.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    @Test(arguments: StatementTable.allCases)
    func `a table of a made-up system is as agreed`(table: StatementTable) {
        expectGolden(Self.csv(table, MadeUpSystem.statement()), "coordinator-" + table.fileName)
    }

    @Test func `every record has as many fields as the header`() {
        for table in StatementTable.allCases {
            for record in Self.records(table, MadeUpSystem.statement()) {
                #expect(record.count == table.columns.count)
            }
        }
    }

    @Test func `what somebody entered is never a formula`() {
        let exclusions = Self.records(.exclusions, MadeUpSystem.statement())
        #expect(exclusions.last?["document"] == "'=HYPERLINK(1)")
        let gate = Self.records(.cameras, MadeUpSystem.statement()).first { $0["id"] == "d-gate" }
        #expect(gate?["name"] == "'=Gate")
    }

    @Test func `the intervals of the file add up to the downtime of the cameras`() {
        let statement = MadeUpSystem.statement()
        let records = Self.records(.intervals, statement)
        for line in statement.cameras {
            let down = records.filter {
                $0["camera"] == line.id.text && $0["state"]?.hasPrefix("down") == true
            }.compactMap { $0["duration_s"] }
            let listed = line.intervals.filter {
                $0.state == .downFailure || $0.state == .downMaintenance
            }
            #expect(down == listed.map { ExactText.seconds(Int128($0.range.nanoseconds)) })
            #expect(
                listed.reduce(0) { $0 + Int128($1.range.nanoseconds) } == line.totals.down)
        }
    }
}
