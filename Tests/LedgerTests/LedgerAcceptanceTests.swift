// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerAcceptanceTests {
    let child = Epoch(high: 1, low: 2)

    func record(
        _ sequence: UInt64, interval: Int64, packets: UInt64 = 4_000, node: String = "child-1"
    ) throws -> KeptObservation {
        KeptObservation(
            identity: RecordIdentity(
                node: try #require(NodeID(node)), epoch: child, sequence: sequence),
            camera: try camera(1), vantage: try vantage("child-1/eth0"),
            observation: plain(
                at: Scratch.hour + interval * Scratch.tenSeconds, packets: packets))
    }

    @Test(arguments: [false, true])
    func `sending again changes nothing, before and after the hour is closed`(closed: Bool) throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let records = try (1...30).map { try record(UInt64($0), interval: Int64($0)) }
        #expect(try ledger.accept(Array(records[0..<20])).new == 20)
        if closed {
            try ledger.closeHours(
                before: Instant(
                    nanoseconds: Scratch.hour + ObservationBlock.hourNanoseconds))
        }
        let again = try ledger.accept(records.reversed())
        #expect(again.new == 10)
        #expect(again.known == 20)
        #expect(again.conflicting.isEmpty)
        let found = try ledger.observations(of: camera(1), in: wholeRange())
        #expect(found.map { $0.1 } == records.map(\.observation.kept))
        #expect(try ledger.tallies().isEmpty)
    }

    @Test(arguments: [false, true])
    func `the same identity with another body is put aside and both are kept`(
        closed: Bool
    ) throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.accept([record(1, interval: 1), record(2, interval: 2)])
        if closed {
            try ledger.closeHours(
                before: Instant(nanoseconds: Scratch.hour + ObservationBlock.hourNanoseconds))
        }
        let forged = try record(2, interval: 2, packets: 5)
        let elsewhere = try record(1, interval: 9)
        let answer = try ledger.accept([forged, elsewhere])
        #expect(answer.new == 0)
        #expect(answer.conflicting.map(\.reason) == [.sameIdentity, .sameIdentity])
        // The same answer again, and nothing more is kept or told.
        #expect(try ledger.accept([forged, elsewhere]) == answer)
        #expect(try ledger.tallies() == ["quarantined-same-identity": 2])
        let found = try ledger.observations(of: camera(1), in: wholeRange())
        #expect(found.map { $0.1.measurement.packets.received } == [4_000, 4_000])
        #expect(try ledger.quarantined().map(\.reason) == [.sameIdentity, .sameIdentity])
        #expect(
            try ledger.quarantined().map(\.record.observation) == [
                forged.observation.kept, elsewhere.observation.kept,
            ])
        let events = try ledger.entries().map(\.event)
        #expect(
            events.last
                == .conflictQuarantined(
                    count: 2, first: "child-1/\(child)/2", reason: "same-identity"))
    }

    @Test(arguments: [false, true])
    func `of two records of one interval the first counts and the second is put aside`(
        closed: Bool
    ) throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.accept([record(1, interval: 1)])
        if closed {
            try ledger.closeHours(
                before: Instant(nanoseconds: Scratch.hour + ObservationBlock.hourNanoseconds))
        }
        let answer = try ledger.accept([
            record(2, interval: 1), record(3, interval: 1, packets: 7),
        ])
        #expect(answer.conflicting.map(\.reason) == [.repeated, .sameInterval])
        #expect(
            try ledger.accept([record(2, interval: 1)]).conflicting.map(\.reason)
                == [.repeated])
        #expect(
            try ledger.tallies() == [
                "quarantined-repeated": 1, "quarantined-same-interval": 1,
            ])
        #expect(try ledger.observations(of: camera(1), in: wholeRange()).count == 1)
    }

    @Test(arguments: [11, 12] as [UInt64])
    func `any order, chunking and repetition gives the same ledger`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let records = try (1...200).map { number in
            try record(UInt64(number), interval: Int64(number * 7), packets: UInt64(number))
        }
        let straight = try Scratch()
        let ledger = try straight.open()
        _ = try ledger.accept(records)
        let bound = Instant(nanoseconds: Scratch.hour + 9 * ObservationBlock.hourNanoseconds)
        try ledger.closeHours(before: bound)
        let crooked = try Scratch()
        let other = try crooked.open()
        var sent = records + records.shuffled(using: &random) + records.prefix(50)
        sent.shuffle(using: &random)
        while !sent.isEmpty {
            let count = min(sent.count, Int.random(in: 1...60, using: &random))
            let answer = try other.accept(Array(sent.prefix(count)))
            #expect(answer.conflicting.isEmpty, "seed \(seed)")
            sent.removeFirst(count)
            if Bool.random(using: &random) { try other.closeHours(before: bound) }
        }
        try other.closeHours(before: bound)
        let range = wholeRange()
        let (left, right) = (
            try ledger.observations(of: camera(1), in: range),
            try other.observations(of: camera(1), in: range)
        )
        #expect(left.map { $0.1 } == right.map { $0.1 }, "seed \(seed)")
        #expect(left.count == 200)
        for step in [RollupStep.minute, .hour, .day] {
            #expect(
                try ledger.rollups(of: camera(1), in: range, step: step)
                    == other.rollups(of: camera(1), in: range, step: step), "seed \(seed)")
        }
    }
}
