// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct StatementDaysTests {
    @Test func `the days add up to what the lines say, breach by breach`() {
        let statement = MadeUpSystem.statement()
        let whole = statement.days.dropFirst().reduce(into: statement.days[0]) { $0 += $1 }
        #expect(whole.length == statement.system.totals.period)
        #expect(whole.down == statement.system.totals.down)
        #expect(whole.unknown == statement.system.totals.unknown)
        #expect(whole.excluded == statement.system.totals.excluded)
        for line in statement.criteria where line.criterion != .downtime {
            #expect(whole.breached[line.criterion, default: 0] == line.breachedTime)
        }
        #expect(whole.availabilityLower == statement.system.totals.availabilityLower)
        #expect(whole.availabilityUpper == statement.system.totals.availabilityUpper)
        #expect(whole.coverage == statement.system.totals.coverage)
    }

    @Test func `a day has what happened in it`() {
        let days = MadeUpSystem.statement().days
        let hour = Int128(MadeUpSystem.hour)
        #expect(days[11].down == 2 * hour, "an hour of planned works at a site of two cameras")
        #expect(
            days[7].breached == [.loss: 1250 * Int128(MadeUpSystem.second), .frameRate: 24 * hour])
        #expect(days[19].excluded == 24 * hour)
        #expect(days[15].unknown == 24 * hour)
    }

    @Test func `the days before are those of the last period, and only of what the reader sees`()
        throws
    {
        let all = MadeUpSystem.statement()
        #expect(all.previousDays.count == 30)
        #expect(all.previousDays.first?.date.description == "2026-09-01")
        let recipient = try #require(Statement.Recipient("subscriber:depot-owner"))
        let own = MadeUpSystem.statement(recipient)
        #expect(own.previousDays.first?.length == 2 * 24 * Int128(MadeUpSystem.hour))
        var sources = MadeUpSystem.sources()
        sources.previous = nil
        #expect(Statement.make(sources).previousDays.isEmpty)
    }
}
