// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct DayJoiningTests {
    static let hour = ObservationBlock.hourNanoseconds
    /// The begin of the day after that of `Scratch.hour`, ns.
    static let day = (Scratch.hour / (24 * hour) + 1) * 24 * hour

    /// Appends intervals of the day, noisy, one in `step`.
    func append(
        _ ledger: Ledger, hours: Range<Int64>, step: Int64 = 30, skipping: Set<Int64> = []
    ) throws {
        var source = NoisyCamera(seed: 7)
        var records: [NewObservation] = []
        for place in stride(from: hours.lowerBound * 360, to: hours.upperBound * 360, by: Int(step))
        {
            let observation = source.next(start: Self.day + place * Scratch.tenSeconds)
            guard !skipping.contains(place) else { continue }
            records.append(
                NewObservation(
                    camera: try camera(1), vantage: try vantage(), observation: observation))
        }
        _ = try ledger.append(records)
    }

    func blocks(_ ledger: Ledger) throws -> [Int] {
        try ledger.read("counting") { database in
            try BlockTable.allCases.map {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0.name)") ?? 0
            }
        }
    }

    func end(_ hours: Int64) -> Instant { Instant(nanoseconds: Self.day + hours * Self.hour) }

    var range: TimeRange {
        TimeRange(start: Instant(nanoseconds: Self.day), nanoseconds: 48 * Self.hour)
    }

    func observations(_ ledger: Ledger) throws -> [Observation] {
        try ledger.observations(of: camera(1), in: range).map { $0.1 }
    }

    @Test func `a day's hours become one block when it is over, and say the same`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, hours: 0..<30)
        let all = try observations(ledger)
        #expect(all.count == 360)
        try ledger.closeHours(before: end(23)) { _, _ in 1_000 }
        #expect(try blocks(ledger) == [23, 0])
        let minutes = try ledger.rollups(of: camera(1), in: range, step: .minute)
        #expect(minutes.contains { $0.intervalsAboveLossLimit > 0 } == false)
        #expect(try observations(ledger) == all)
        try ledger.closeHours(before: end(30)) { _, _ in 1_000 }
        #expect(try blocks(ledger) == [6, 1])
        #expect(try observations(ledger) == all)
        let joined = try ledger.rollups(of: camera(1), in: range, step: .minute)
        #expect(joined.filter { $0.range.start < end(23) } == minutes)
        #expect(try ledger.verifyIntegrity().isSound)
        // A part of the day is read from the day's block.
        let part = TimeRange(start: end(5), end: end(6))
        let inside = try ledger.observations(of: camera(1), in: try #require(part)).map { $0.1 }
        #expect(inside == all.filter { $0.range.end > end(5) && $0.range.start < end(6) })
    }

    @Test func `what comes late for a joined day is packed with it, once`() throws {
        let late: Set<Int64> = [3 * 360, 3 * 360 + 30, 9 * 360, 23 * 360]
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, hours: 0..<24, skipping: late)
        try ledger.closeHours(before: end(24))
        #expect(try blocks(ledger) == [0, 1])
        #expect(try observations(ledger).count == 284)
        // The others are told again: each is put aside, and changes nothing.
        try append(ledger, hours: 0..<24)
        #expect(try ledger.tallies()["quarantined-repeated"] == 284)
        #expect(try ledger.closeHours(before: end(24)) == 1)
        #expect(try blocks(ledger) == [0, 1])
        let straight = try Scratch()
        let other = try straight.open()
        try append(other, hours: 0..<24)
        try other.closeHours(before: end(24))
        #expect(try observations(ledger) == observations(other))
        for step in RollupStep.allCases {
            #expect(
                try ledger.rollups(of: camera(1), in: range, step: step)
                    == other.rollups(of: camera(1), in: range, step: step), "\(step)")
        }
    }

    @Test func `minutes are the same before and after their observations are deleted`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, hours: 0..<30, step: 2)
        // A limit of nothing at all: each lost packet counts.
        try ledger.closeHours(before: end(30)) { _, _ in 0 }
        let steps = try RollupStep.allCases.map {
            try ledger.rollups(of: camera(1), in: range, step: $0)
        }
        #expect(steps[0].count == 1_800)
        #expect(steps[0].contains { $0.intervalsAboveLossLimit > 0 })
        let pruned = try ledger.prune(
            now: end(24 * 50), retention: Retention(observations: 1))
        #expect(pruned.observationBlocks == 7)
        #expect(try blocks(ledger) == [0, 0])
        let after = try RollupStep.allCases.map {
            try ledger.rollups(of: camera(1), in: range, step: $0)
        }
        #expect(after == steps)
        // Another close joins the minutes of single hours and changes none.
        try ledger.closeHours(before: end(24 * 50))
        #expect(try ledger.rollups(of: camera(1), in: range, step: .minute) == steps[0])
    }

    @Test func `a day of very many observations stays in hours`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for hour in Int64(0)..<6 {
            _ = try ledger.append(
                (Int64(0)..<3_000).map { place in
                    NewObservation(
                        camera: try camera(1), vantage: try vantage(),
                        observation: plain(
                            at: Self.day + hour * Self.hour + place * 1_000_000_000, seconds: 1))
                })
        }
        try ledger.closeHours(before: end(24))
        #expect(try blocks(ledger) == [6, 0])
        try ledger.closeHours(before: end(30))
        #expect(try blocks(ledger) == [6, 0])
        #expect(try observations(ledger).count == 18_000)
    }
}
