// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct StatementTests {
    typealias System = MadeUpSystem

    @Test(arguments: [
        "coordinator", "technical-operator", "network-operator:net-north",
        "subscriber:school-board",
    ])
    func `a recipient is read as it is written`(text: String) {
        #expect(Statement.Recipient(text)?.description == text)
    }

    @Test(arguments: [
        "", "Coordinator", "coordinator:", "coordinator:x", "network-operator",
        "network-operator:", "network-operator:A", "subscriber:a:b", "user:a", "subscriber",
    ])
    func `whatever else is no recipient`(text: String) {
        #expect(Statement.Recipient(text) == nil)
    }

    @Test func `the five states add up to the period for every line`() {
        let statement = System.statement()
        for line in statement.cameras {
            #expect(line.totals.isBalanced)
            #expect(line.totals.period == Int128(System.month.nanoseconds))
            let listed = line.intervals.reduce(0) { $0 + Int128($1.range.nanoseconds) }
            #expect(listed == line.totals.period - line.totals.up, "every lost second is listed")
        }
        #expect(statement.system.totals.isBalanced)
        #expect(statement.system.totals.period == 8 * Int128(System.month.nanoseconds))
        let days = statement.days.reduce(into: (down: Int128(0), unknown: Int128(0))) {
            $0.down += $1.down
            $0.unknown += $1.unknown
        }
        #expect(statement.days.count == 31)
        #expect(days.down == statement.system.totals.down)
        #expect(days.unknown == statement.system.totals.unknown)
    }

    @Test func `the outage of a channel explains those of its cameras`() {
        let incidents = System.statement().incidents
        let channel = incidents.entries.first { $0.subject == .channel(System.id("fo-1")) }
        #expect(channel?.explains == 6)
        #expect(channel?.touched.count == 6)
        #expect(channel?.responsible?.text == "net-north")
        // Frozen and lossy hours of one camera, works at one site, and the cut.
        #expect(incidents.entries.count == 4)
        #expect(incidents.restored == 4)
        #expect(incidents.causes.map(\.count) == [1, 1, 1, 1])
    }

    @Test func `an outage that began long before is not explained by the channel's`() {
        var sources = System.sources()
        let early = System.range(System.at(5, 1), System.at(5, 5))
        let camera = sources.account.cameras.firstIndex { $0.camera.text == "k1-door" } ?? 0
        sources.account.cameras[camera].outages[0].range = early
        sources.account.cameras[camera].outages[0].begun = early.start
        let incidents = Statement.make(sources).incidents
        #expect(incidents.entries.contains { $0.subject == .camera(System.id("k1-door")) })
    }

    @Test func `the verdict says who exceeded the budget`() {
        let statement = System.statement()
        #expect(statement.summary.verdict == .breached)
        #expect(statement.summary.cameras.breached == 1)
        #expect(statement.outlook.first?.subject == .camera(System.id("k1-hall")))
        #expect(statement.outlook.first?.left ?? 0 == -5 * System.hour - 40 * System.second)
        #expect(
            statement.summary.brokenCriteria == [.resolution, .frameRate, .loss, .clockOffset])
    }

    @Test func `a criterion without evidence is not judged`() {
        let statement = System.statement()
        let fence = statement.cameras.first { $0.id.text == "d-fence" }
        let verdicts = fence?.criteria.filter { $0.criterion != .downtime }.map(\.verdict)
        #expect(verdicts == Array(repeating: .undecidable, count: 5))
    }

    @Test func `a revoked exclusion is listed and excludes nothing`() {
        let exclusions = System.statement().exclusions
        #expect(exclusions.map(\.id) == ["x-3", "x-4"])
        #expect(exclusions.map(\.excluded) == [Int128(24 * System.hour), 0])
    }

    @Test func `works entered after they began are marked, and their downtime counts`() {
        let statement = System.statement()
        #expect(statement.works.map(\.isAfterTheFact) == [true])
        #expect(statement.works.map(\.downtime) == [Int128(2 * System.hour)])
        let roof = statement.cameras.first { $0.id.text == "k2-roof" }
        #expect(roof?.budget.used == 4 * System.hour)
    }

    @Test func `a period that is not over or not complete is provisional`() {
        var sources = System.sources()
        #expect(!Statement.make(sources).header.isProvisional)
        sources.dataCompleteUntil = System.at(31)
        #expect(Statement.make(sources).header.provisional == [.dataIncomplete])
        sources.madeAt = System.at(31)
        #expect(Statement.make(sources).header.provisional == [.periodOpen])
    }

    /// Everything that is rendered of a statement, as one text.
    static func rendered(_ statement: Statement) -> String {
        DocumentSink.text { sink in
            for language in Language.allCases { statement.writeHTML(in: language, to: sink) }
            statement.writeJSON(to: sink)
            for table in StatementTable.allCases { statement.writeCSV(table, to: sink) }
            StatementFigures(statement).write(to: sink)
        }
    }

    @Test(arguments: [
        (
            "network-operator:net-north", ["fo-1", "k1-door", "k2-roof"],
            ["radio-2", "net-south", "Net South", "depot", "Depot", "d-fence", "d-gate", "x-3"]
        ),
        (
            "network-operator:net-south", ["radio-2", "d-fence", "x-3"],
            ["fo-1", "net-north", "korpus", "Корпус", "school", "School", "k1-", "k2-", "w-17"]
        ),
        (
            "subscriber:school-board", ["korpus-1", "k1-yard", "fo-1", "net-north"],
            ["depot", "Depot", "d-fence", "d-gate", "radio-2", "net-south", "x-3"]
        ),
        (
            "subscriber:depot-owner", ["depot", "d-gate", "x-3", "radio-2"],
            ["korpus", "Корпус", "school", "School", "k1-", "k2-", "fo-1", "net-north", "w-17"]
        ),
    ])
    func `nothing of another party is in the bytes`(
        recipient: String, own: [String], others: [String]
    ) throws {
        let statement = System.statement(try #require(Statement.Recipient(recipient)))
        let text = Self.rendered(statement)
        for word in own { #expect(text.contains(word), "\(word) is its own") }
        for word in others { #expect(!text.contains(word), "\(word) is another's") }
    }

    @Test func `a network operator's sums are of its own cameras`() throws {
        let statement = System.statement(
            try #require(Statement.Recipient("network-operator:net-north")))
        #expect(statement.system.cameras == 6)
        #expect(statement.sites.isEmpty)
        #expect(statement.channels.map(\.subject) == [.channel(System.id("fo-1"))])
        #expect(statement.parties.map(\.subject) == [.networkOperator(System.id("net-north"))])
    }

    @Test func `the same sources give the same bytes`() {
        #expect(Self.rendered(System.statement()) == Self.rendered(System.statement()))
    }
}
