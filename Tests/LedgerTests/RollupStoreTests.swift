// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct RollupStoreTests {
    func append(_ ledger: Ledger, hours: Range<Int64>, skipping: Int64? = nil) throws {
        for hour in hours {
            _ = try ledger.append(
                (Int64(0)..<360).compactMap { place in
                    guard place != skipping else { return nil }
                    return NewObservation(
                        camera: try camera(1), vantage: try vantage(),
                        observation: plain(
                            at: Scratch.hour + hour * ObservationBlock.hourNanoseconds + place
                                * Scratch.tenSeconds))
                })
        }
    }

    func end(_ hours: Int64) -> Instant {
        Instant(nanoseconds: Scratch.hour + hours * ObservationBlock.hourNanoseconds)
    }

    @Test func `minutes, hours and days add up to the observations, joined or not`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, hours: 0..<50)
        let range = wholeRange(hours: 50)
        for bound in [10, 50, 24 * 40] as [Int64] {
            try ledger.closeHours(before: end(bound))
            for step in RollupStep.allCases {
                let found = try ledger.rollups(of: camera(1), in: range, step: step)
                let packets = found.reduce(0) { $0 + $1.packets.received }
                #expect(packets == UInt64(min(bound, 50)) * 360 * 4_000, "\(step) \(bound)")
                let intervals = found.reduce(0) { $0 + Int($1.intervals) }
                #expect(intervals == Int(min(bound, 50)) * 360)
                for (left, right) in zip(found, found.dropFirst()) {
                    #expect(left.range.end == right.range.start)
                }
            }
        }
        let counts = try RollupStep.allCases.map {
            try ledger.rollups(of: camera(1), in: range, step: $0).count
        }
        // The first hour is 12:00 of its day.
        #expect(counts == [3_000, 50, 3])
        let hour = try #require(
            try ledger.rollups(of: camera(1), in: wholeRange(hours: 1), step: .hour).first)
        #expect(
            hour.bitrate.quantile(partsPerMillion: 500_000)
                == hour.bitrate.quantile(
                    partsPerMillion: 1_000_000))
    }

    @Test(arguments: [2, 24 * 40] as [Int64])
    func `late data makes the hour's roll-ups again and no others`(closed: Int64) throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, hours: 0..<2, skipping: 100)
        try ledger.closeHours(before: end(closed))
        let before = try ledger.rollups(of: camera(1), in: wholeRange(), step: .minute)
        #expect(before.map(\.intervals).filter { $0 == 5 }.count == 2)
        _ = try ledger.append([
            NewObservation(
                camera: camera(1), vantage: vantage(),
                observation: plain(at: Scratch.hour + 100 * Scratch.tenSeconds))
        ])
        let late = wholeRange(hours: 1)
        #expect(try ledger.observations(of: camera(1), in: late).count == 360)
        try ledger.closeHours(before: end(closed))
        #expect(try ledger.observations(of: camera(1), in: late).count == 360)
        let after = try ledger.rollups(of: camera(1), in: wholeRange(), step: .minute)
        #expect(after.map(\.intervals).filter { $0 == 5 }.count == 1)
        let hours = try ledger.rollups(of: camera(1), in: wholeRange(), step: .hour)
        #expect(hours.map(\.intervals) == [360, 359])
        let days = try ledger.rollups(of: camera(1), in: wholeRange(), step: .day)
        #expect(days.map(\.intervals) == [719])
    }

    @Test func `what overlaps counts once and is told`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.append(
            [0, 5, 10].map { second in
                NewObservation(
                    camera: try camera(1), vantage: try vantage(),
                    observation: plain(at: Scratch.hour + second * 1_000_000_000))
            })
        try ledger.closeHours(before: end(1))
        let hour = try ledger.rollups(of: camera(1), in: wholeRange(), step: .hour)
        #expect(hour.map(\.intervals) == [2])
        #expect(try ledger.tallies() == ["overlapping": 1])
        #expect(try ledger.observations(of: camera(1), in: wholeRange()).count == 3)
    }

    @Test(arguments: [71, 72] as [UInt64])
    func `blocks give back every roll-up`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let zstandard = try #require(Zstandard())
        var rollups: [Rollup] = []
        for place in Int64(0)..<50 {
            var noisy = NoisyCamera(seed: random.next(), isNoisy: place % 3 != 0)
            var rollup = Rollup(
                noisy.next(start: place * 60_000_000_000).kept, maximumLoss: 200)
            for part in 1..<Int64(6) {
                let next = noisy.next(start: place * 60_000_000_000 + part * 10_000_000_000)
                rollup.merge(Rollup(next.kept, maximumLoss: 200))
            }
            rollups.append(rollup)
        }
        let packed = try RollupBlock(key: 5, rollups: rollups).packed(by: zstandard)
        let read = try RollupBlock(key: 5, packed: packed, by: zstandard)
        #expect(read.rollups == rollups, "seed \(seed)")
        #expect(throws: PackingFault.wrongKey) {
            try RollupBlock(key: 6, packed: packed, by: zstandard)
        }
    }
}
