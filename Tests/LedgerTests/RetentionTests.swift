// SPDX-License-Identifier: Apache-2.0
import Agreements
import GRDB
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct RetentionTests {
    static let day = 24 * ObservationBlock.hourNanoseconds

    func at(days: Int64) -> Instant {
        Instant(nanoseconds: Scratch.hour + days * Self.day)
    }

    func append(_ ledger: Ledger, day: Int64, packets: UInt64 = 4_000) throws {
        let start = at(days: day).nanoseconds
        _ = try ledger.append(
            (0..<60).map { place in
                NewObservation(
                    camera: try camera(1), vantage: try vantage(),
                    observation: plain(
                        at: start + Int64(place) * Scratch.tenSeconds, packets: packets))
            })
    }

    func counts(_ ledger: Ledger, day: Int64) throws -> [Int] {
        let range = TimeRange(start: at(days: day), nanoseconds: Self.day)
        return [
            try ledger.observations(of: camera(1), in: range).count,
            try ledger.rollups(of: camera(1), in: range, step: .minute).count,
            try ledger.rollups(of: camera(1), in: range, step: .hour).count,
            try ledger.rollups(of: camera(1), in: range, step: .day).count,
        ]
    }

    @Test func `what is old enough goes in its turn and nothing before`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for day in [0, 10, 50] as [Int64] { try append(ledger, day: day) }
        let spans = [ConditionSpan(range: wholeRange(), condition: .up)]
        try ledger.replaceConditions(of: camera(1), in: wholeRange(), with: spans)
        let entries = try ledger.entries().count
        // Not packed yet: nothing goes, however old.
        #expect(try ledger.prune(now: at(days: 60)).observationBlocks == 0)
        #expect(try counts(ledger, day: 0) == [60, 0, 0, 0])
        try ledger.closeHours(before: at(days: 60))
        #expect(try counts(ledger, day: 0) == [60, 10, 1, 1])
        #expect(try ledger.prune(now: at(days: 35)).observationBlocks == 0)
        let pruned = try ledger.prune(now: at(days: 60))
        #expect(pruned.observationBlocks == 2)
        #expect(pruned.rollupBlocks == 0)
        #expect(try counts(ledger, day: 0) == [0, 10, 1, 1])
        #expect(try counts(ledger, day: 50) == [60, 10, 1, 1])
        // Conditions stay 26 months, whatever is asked for.
        try ledger.prune(
            now: at(days: 500), retention: Retention(observations: 1, rollups: 1, conditions: 1))
        #expect(try counts(ledger, day: 0) == [0, 0, 0, 0])
        #expect(try ledger.conditions(of: camera(1), in: wholeRange()) == spans)
        #expect(try ledger.prune(now: at(days: 806)).conditions == 0)
        #expect(try ledger.prune(now: at(days: 807)).conditions == 1)
        #expect(try ledger.entries().count == entries)
        #expect(try ledger.verifyIntegrity().isSound)
    }

    @Test func `a record of an hour that is gone is put aside and its roll-ups stay`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, day: 0)
        try ledger.closeHours(before: at(days: 1))
        try ledger.prune(now: at(days: 40))
        _ = try ledger.append([
            NewObservation(
                camera: camera(1), vantage: vantage(),
                observation: plain(at: at(days: 0).nanoseconds + 1_800 * 1_000_000_000))
        ])
        // As old, and of an hour of which nothing was ever there: kept.
        try append(ledger, day: 2)
        try ledger.closeHours(before: at(days: 41))
        #expect(try ledger.quarantined().map(\.reason) == [.tooLate])
        #expect(try counts(ledger, day: 0) == [0, 10, 1, 1])
        #expect(try counts(ledger, day: 2) == [60, 10, 1, 1])
    }

    @Test func `nothing goes that an uplink has not passed on`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try append(ledger, day: 0)
        try append(ledger, day: 1)
        try ledger.closeHours(before: at(days: 2))
        let identity = try ledger.identity()
        try ledger.note(
            uplink: "hub", passed: 60, of: identity.node, epoch: identity.epoch)
        try ledger.note(
            uplink: "second", passed: 0, of: identity.node, epoch: identity.epoch)
        var pruned = try ledger.prune(now: at(days: 60))
        #expect(pruned.observationBlocks == 0)
        #expect(pruned.waiting == 2)
        try ledger.note(
            uplink: "second", passed: 90, of: identity.node, epoch: identity.epoch)
        pruned = try ledger.prune(now: at(days: 60))
        #expect(pruned.observationBlocks == 1)
        #expect(pruned.waiting == 1)
        #expect(try counts(ledger, day: 0)[0] == 0)
        #expect(try counts(ledger, day: 1)[0] == 60)
    }

    @Test func `the last checkpoint before what is kept stays`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try ledger.replaceConditions(
            of: camera(1), in: TimeRange(start: at(days: 0), nanoseconds: 60 * Self.day),
            with: [], checkpoints: [1, 5, 9, 30].map { (at(days: $0), [1]) })
        #expect(try ledger.prune(now: at(days: 45)).checkpoints == 2)
        #expect(try ledger.checkpoint(of: camera(1), atOrBefore: at(days: 10))?.0 == at(days: 9))
        #expect(try ledger.checkpoint(of: camera(1), atOrBefore: at(days: 6)) == nil)
    }

    @Test func `what goes gives its room back to the disk`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        for day in Int64(0)..<40 { try append(ledger, day: day) }
        try ledger.closeHours(before: at(days: 40))
        let pruned = try ledger.prune(
            now: at(days: 400), retention: Retention(observations: 1, rollups: 1))
        #expect(pruned.pages > 0)
        let free = try ledger.read("looking") {
            try Int.fetchOne($0, sql: "PRAGMA freelist_count")
        }
        #expect(free == 0)
    }
}
