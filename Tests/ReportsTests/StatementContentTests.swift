// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct StatementContentTests {
    static func text(_ change: (inout Statement) -> Void = { _ in }) -> String {
        var statement = MadeUpSystem.statement()
        change(&statement)
        return DocumentSink.text { statement.writeContent(to: $0) }
    }

    @Test func `who made it, and which number it has, is no content`() {
        let content = Self.text()
        let same = Self.text {
            $0.header.softwareVersion = "9.9.9"
            $0.header.tzdataVersion = "2030z"
            $0.header.revision = 7
            $0.header.issue = 3
            $0.differences = Statement.Differences(
                previousRevision: 6, previousDigest: "00", rows: nil)
        }
        #expect(same == content)
    }

    @Test func `what was measured, judged or entered is`() {
        let content = Self.text()
        let changes: [(inout Statement) -> Void] = [
            { $0.cameras[0].totals.up += 1 },
            { $0.cameras[0].name += "x" },
            { $0.cameras[0].quality.largestGap += 1 },
            { $0.cameras[3].intervals[0].responsible = "somebody" },
            { $0.incidents.entries[0].cause = .maintenance },
            { $0.incidents.entries[0].responsible = nil },
            { $0.works[0].what += "." },
            { $0.exclusions[0].document = "No. 15" },
            { $0.security.events[0].actor = "somebody" },
            { $0.channels[0].line = nil },
            { $0.summary.changes[0].before = nil },
            { $0.header.rules.limits[0].cameras += 1 },
            { $0.header.recipientName = "x" },
            { $0.outlook.removeLast() },
        ]
        for (index, change) in changes.enumerated() {
            #expect(Self.text(change) != content, "change \(index)")
        }
    }
}
