// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

@Suite struct BudgetTests {
    static let hour: Int64 = 3600
    static let day: Int64 = 86_400

    /// A camera up all of 2026 but for `down` hours at its beginning and `unknown` at its end.
    static func year(down: Int64, unknown: Int64) -> Budget? {
        var system = TestSystem([(0, 0)])
        system.say(0, until: down * hour, .down(.silence))
        system.say(0, until: 365 * day - unknown * hour, .up)
        return system.account(0, 365 * day).cameras.first?.budgets.first
    }

    @Test func `fifty hours are met, a nanosecond more is not`() throws {
        let met = try #require(Self.year(down: 50, unknown: 0))
        #expect(met.verdict == Verdict(.met, isProvisional: false))
        #expect(met.leftAtLeast == 0 && met.leftAtMost == 0)
        var system = TestSystem([(0, 0)])
        system.say(0, until: 50 * Self.hour, .down(.silence))
        system.conditions[TestSystem.camera(0)]?[0].range = TimeRange(
            start: newYear, nanoseconds: 50 * Self.hour * second + 1)
        system.say(0, until: 365 * Self.day, .up)
        let camera = try #require(system.account(0, 365 * Self.day).cameras.first)
        #expect(camera.budgets[0].verdict.finding == .breached)
        #expect(camera.budgets[0].leftAtMost == -1)
        #expect(camera.breached == [Breach(criterion: .downtime, nanoseconds: 1, count: 1)])
    }

    @Test func `unknown time that could tip it leaves it undecidable`() throws {
        #expect(Self.year(down: 20, unknown: 30)?.verdict.finding == .met)
        #expect(
            Self.year(down: 20, unknown: 31)?.verdict.finding
                == .undecidable(.unknownTimeCouldTip))
        #expect(Self.year(down: 51, unknown: 8000)?.verdict.finding == .breached)
        let bounds = try #require(Self.year(down: 20, unknown: 31))
        #expect(bounds.availabilityAtLeast.percentText(decimals: 3) == "99.417")
        #expect(bounds.availabilityAtMost.percentText(decimals: 3) == "99.771")
        #expect(bounds.coverage.percentText(decimals: 2) == "99.64")
    }

    @Test func `below 99 % coverage there is no verdict of met`() {
        var system = TestSystem([(0, 0)])
        // An agreement of little weight: 200 hours.
        system.rules.leastCoverage = 999_000
        system.say(0, until: 365 * Self.day - 10 * Self.hour, .up)
        let budget = system.account(0, 365 * Self.day).cameras.first?.budgets.first
        guard case .undecidable(.coverageTooLow(let share)) = budget?.verdict.finding else {
            Issue.record("\(String(describing: budget?.verdict))")
            return
        }
        #expect(share == Share(8750 * Self.hour * second, of: 8760 * Self.hour * second))
    }

    @Test func `a second down in a month is never printed as 100 %`() {
        let month = 30 * Self.day * second
        let share = Share(month - second, of: month)
        #expect(share.percentText(decimals: 3) == "99.999")
        #expect(share.percentText(decimals: 5) == "99.99996")
        #expect(share.percentText(decimals: 0) == "99")
        #expect(Share(month, of: month).percentText(decimals: 3) == "100.000")
        #expect(Share(0, of: 0).percentText(decimals: 3) == nil)
        #expect(Share(month - 1, of: month).percentText(decimals: 9) == "99.999999999")
    }

    @Test func `the rate of the last 30 days says when the budget runs out`() throws {
        var system = TestSystem([(0, 0)])
        system.say(0, until: 90 * Self.day, .up)
        system.say(0, until: 90 * Self.day + 10 * Self.hour, .down(.silence))
        system.say(0, until: 120 * Self.day, .up)
        let account = system.account(0, 365 * Self.day, now: 120 * Self.day)
        let budget = try #require(account.cameras.first?.budgets.first)
        #expect(budget.verdict == Verdict(.met, isProvisional: true))
        #expect(budget.burn.map(\.used) == [0, 0, 0, 0, 10 * Self.hour * second])
        #expect(budget.burn.map(\.known) == Burn.windows)
        // 40 h left at 10 h in 30 days: 120 days on.
        let projection = try #require(budget.runsOut)
        #expect(projection.at == at(240 * Self.day))
        #expect(projection.isWithinYear)
        #expect(projection.basis.used == 10 * Self.hour * second)
    }

    @Test func `nothing used, nothing projected`() throws {
        var system = TestSystem([(0, 0)])
        system.say(0, until: 90 * Self.day, .up)
        let budget = system.account(0, 90 * Self.day).cameras.first?.budgets.first
        #expect(try #require(budget).runsOut == nil)
    }

    @Test func `31 December 23:59:59 parts two years in the zone of the site`() throws {
        var system = TestSystem([(0, 0)])
        system.zone = try zoneRules("Asia/Almaty")
        // Midnight in Almaty is 19:00 UTC of 31 December.
        let midnight = newYear.advanced(byNanoseconds: -5 * Self.hour * second)
        let start = midnight.advanced(byNanoseconds: -second)
        let end = midnight.advanced(byNanoseconds: second)
        let id = TestSystem.camera(0)
        let early = midnight.advanced(byNanoseconds: -Self.day * second)
        let late = midnight.advanced(byNanoseconds: Self.day * second)
        let edges = [(early, start, Condition.up), (start, end, .down(.loss)), (end, late, .up)]
        system.conditions[id] = edges.compactMap { from, until, condition in
            TimeRange(start: from, end: until).map {
                ConditionSpan(range: $0, condition: condition)
            }
        }
        let period = try #require(TimeRange(start: early, end: late))
        let camera = try #require(system.account(period, now: late).cameras.first)
        #expect(camera.budgets.map(\.year) == [2025, 2026])
        #expect(camera.budgets.map(\.used) == [second, second])
        #expect(camera.budgets.map(\.isWhole) == [true, false])
        #expect(camera.outages.count == 1)
        #expect(camera.outages[0].downNanoseconds == 2 * second)
        #expect(camera.budgets[0].range.end == midnight)
    }

    @Test(arguments: [("Asia/Almaty", 8785), ("Asia/Aqtobe", 8784)] as [(String, Int64)])
    func `2024 is as long as the clocks made it`(zone: String, hours: Int64) throws {
        var system = TestSystem([(0, 0)])
        system.zone = try zoneRules(zone)
        let period = try #require(Period(year: 2024)).range(in: system.zone)
        #expect(period.nanoseconds == hours * Self.hour * second)
        let account = system.account(period, now: period.end)
        let budget = try #require(account.cameras.first?.budgets.first)
        #expect(budget.totals.unknown == Int128(hours * Self.hour * second))
        #expect(budget.limit == 50 * Self.hour * second)
    }

    @Test func `29 February 2024 had 25 hours in Almaty`() throws {
        let zone = try zoneRules("Asia/Almaty")
        let day = try #require(CalendarDate(year: 2024, month: 2, day: 29))
        var system = TestSystem([(0, 0)])
        system.zone = zone
        let account = system.account(zone.day(day), now: newYear)
        #expect(account.cameras[0].totals.total == Int128(25 * Self.hour * second))
    }

    @Test func `the conditions needed reach back to the year's begin and 30 days`() throws {
        let zone = try zoneRules("Asia/Almaty")
        let period = range(9 * Self.day, 10 * Self.day)
        let needed = Account.rangeNeeded(for: period, now: at(20 * Self.day), zones: [zone])
        #expect(needed == range(-20 * Self.day, 10 * Self.day))
        let later = Account.rangeNeeded(
            for: range(99 * Self.day, 100 * Self.day), now: at(200 * Self.day), zones: [zone])
        #expect(later == range(-5 * Self.hour, 100 * Self.day))
    }
}
