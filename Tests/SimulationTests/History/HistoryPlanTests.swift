// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import Simulation

/// 2026 in UTC+5.
let simulatedYear = TimeRange(
    start: Instant(nanoseconds: 1_767_207_600_000_000_000),
    nanoseconds: 365 * 86_400_000_000_000)

@Suite struct HistoryPlanTests {
    static let plan = HistoryPlan(HistoryOptions(cameras: 60, range: simulatedYear, seed: 7))

    @Test func `the same options draw the same plan and another seed another`() {
        let again = HistoryPlan(HistoryOptions(cameras: 60, range: simulatedYear, seed: 7))
        #expect(again.own == Self.plan.own)
        #expect(again.darkness == Self.plan.darkness)
        #expect(again.works == Self.plan.works)
        let other = HistoryPlan(HistoryOptions(cameras: 60, range: simulatedYear, seed: 8))
        #expect(other.own != Self.plan.own)
    }

    @Test func `every kind of trouble happens to somebody in a year`() {
        let kinds = Set(Self.plan.own.joined().map(\.kind))
        #expect(kinds == Set(Trouble.Kind.allCases))
        #expect(Self.plan.powerCuts.contains { !$0.isEmpty })
        #expect(Self.plan.channelCuts.contains { !$0.isEmpty })
        #expect(Self.plan.darkness.contains { !$0.isEmpty })
        #expect(!Self.plan.works.isEmpty)
        #expect(!Self.plan.exclusions.isEmpty)
        #expect(Self.plan.backlogs.contains { !$0.isEmpty })
    }

    @Test func `no two edges that touch one camera lie closer than ten minutes`() {
        let plan = Self.plan
        for camera in 0..<60 {
            let site = plan.layout.site(ofCamera: camera)
            let channel = plan.layout.channel(ofSite: site)
            var ranges = plan.own[camera].map(\.range)
            ranges += plan.powerCuts[site] + plan.channelCuts[channel]
            ranges += plan.darkness[plan.layout.probe(ofChannel: channel)]
            for (index, one) in ranges.enumerated() {
                for other in ranges[(index + 1)...] {
                    #expect(HistoryPlan.areApart(one, other), "camera \(camera)")
                }
            }
        }
    }

    @Test func `everything happens inside the history`() {
        let plan = Self.plan
        var ranges = plan.own.joined().map(\.range) + plan.powerCuts.joined()
        ranges += Array(plan.channelCuts.joined()) + Array(plan.darkness.joined())
        for range in ranges {
            #expect(simulatedYear.start <= range.start && range.end <= simulatedYear.end)
        }
    }
}
