// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Simulation

@Suite struct HistoryFeedTests {
    private static let range = TimeRange(
        start: simulatedYear.start, nanoseconds: 40 * 86_400_000_000_000)

    @Test func `the measurements of a camera cover what was watched and nothing twice`() {
        let plan = HistoryPlan(HistoryOptions(cameras: 8, range: Self.range, seed: 3))
        var feed = HistoryFeed(plan)
        var covered = Array(repeating: [TimeRange](), count: 8)
        while let batch = feed.next() {
            guard !batch.isRepeat else { continue }
            for record in batch.records { covered[record.camera].append(record.observation.range) }
        }
        for camera in 0..<8 {
            let watched = TimeRangeSet(Self.range).subtracting(TimeRangeSet(plan.darkness[0]))
            #expect(TimeRangeSet(covered[camera]) == watched)
            let sum = covered[camera].reduce(0) { $0 + $1.nanoseconds }
            #expect(sum == watched.nanoseconds, "nothing is measured twice")
        }
    }

    @Test func `sequence numbers run without a gap and a repeat changes none`() {
        let plan = HistoryPlan(HistoryOptions(cameras: 8, range: Self.range, seed: 3))
        var feed = HistoryFeed(plan)
        var seen: Set<UInt64> = []
        var repeats = 0
        while let batch = feed.next() {
            for record in batch.records {
                let isNew = seen.insert(record.sequence).inserted
                #expect(isNew != batch.isRepeat)
            }
            repeats += batch.isRepeat ? 1 : 0
        }
        #expect(seen.max().map { Int($0) + 1 } == seen.count)
        #expect(seen.count > 8 * 40 * 4)
    }

    @Test func `what an uplink held back comes later, last day first`() throws {
        let options = HistoryOptions(cameras: 8, range: simulatedYear, seed: 11)
        let plan = HistoryPlan(options)
        let backlog = try #require(plan.backlogs[0].first)
        var feed = HistoryFeed(plan)
        var days: [Int] = []
        while let batch = feed.next() { if !batch.isRepeat { days.append(batch.day) } }
        #expect(days.sorted() == Array(0..<365))
        let first = try #require(days.firstIndex(of: backlog.days.lowerBound))
        #expect(days[first - 1] == backlog.days.lowerBound + 1 || backlog.days.count == 1)
        let before = days[..<first].max() ?? 0
        #expect(before >= backlog.days.upperBound - 1 + backlog.delay)
    }
}
