// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Measurements
import Testing
import Timekeeping

@testable import Ledger

/// Ledgers that earlier versions wrote, as SQL in `Golden`.
@Suite struct SchemaMigrationTests {
    /// The hour at which the benchmark that wrote them begins: 1 October 2026, 00:00 UTC.
    static let hour: Int64 = 497_448

    /// Makes the ledger that version 1 wrote: two hours of one noisy camera, closed.
    func first(in scratch: Scratch) throws {
        let sql = try String(
            contentsOfFile: #filePath.replacingOccurrences(
                of: "SchemaMigrationTests.swift", with: "Golden/ledger-1.sql"), encoding: .utf8)
        let queue = try DatabaseQueue(path: scratch.path)
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: sql)
            try database.execute(sql: "PRAGMA user_version = 1")
            try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        }
        try queue.close()
    }

    /// What its camera saw.
    func expected() -> [Observation] {
        var source = NoisyCamera(seed: 0)
        return (0..<720).map { place in
            source.next(
                start: Self.hour * ObservationBlock.hourNanoseconds + place
                    * NoisyCamera.interval
            ).kept
        }
    }

    func range(hours: Int64) -> TimeRange {
        TimeRange(
            start: Instant(nanoseconds: Self.hour * ObservationBlock.hourNanoseconds),
            nanoseconds: hours * ObservationBlock.hourNanoseconds)
    }

    /// Roll-ups as they would be made of the observations alone.
    func rollups(_ step: Int64) -> [Rollup] {
        Dictionary(grouping: expected()) { $0.range.start.nanoseconds / step }
            .sorted { $0.key < $1.key }
            .map { _, observations in
                observations.dropFirst().reduce(
                    Rollup(observations[0], maximumLoss: 200_000)
                ) { sum, next in
                    var sum = sum
                    sum.merge(Rollup(next, maximumLoss: 200_000))
                    return sum
                }
            }
    }

    /// Roll-ups without what blocks of version 1 do not tell.
    func old(_ rollups: [Rollup]) -> [Rollup] {
        rollups.map { rollup in
            var old = rollup
            (old.encryptedNanoseconds, old.openNanoseconds, old.isEncryptionKnown) = (0, 0, false)
            (old.stalls, old.longestStall) = (0, nil)
            return old
        }
    }

    @Test func `what version 1 wrote is read, joined to a day, and added to`() throws {
        let scratch = try Scratch()
        try first(in: scratch)
        let ledger = try scratch.open(node: nil)
        let camera = try #require(try ledger.cameras().first)
        let hour = ObservationBlock.hourNanoseconds
        func check() throws {
            let found = try ledger.observations(of: camera, in: range(hours: 2)).map { $0.1 }
            #expect(found == expected())
            #expect(
                try old(ledger.rollups(of: camera, in: range(hours: 2), step: .hour))
                    == old(rollups(hour)))
            #expect(
                try old(ledger.rollups(of: camera, in: range(hours: 2), step: .minute))
                    == old(rollups(RollupStore.minuteNanoseconds)))
            let report = try ledger.verifyIntegrity()
            #expect(report.isSound, "\(report.findings)")
        }
        try check()
        let vantage = try vantage("almaty-1/eth0")
        let late = plain(at: range(hours: 3).end.nanoseconds - hour)
        _ = try ledger.append([
            NewObservation(camera: camera, vantage: vantage, observation: late)
        ])
        try ledger.closeHours(before: range(hours: 24).end)
        let blocks = try ledger.maintain("looking") { database in
            try Int.fetchAll(
                database,
                sql: """
                    SELECT count(*) FROM observation_block UNION ALL
                    SELECT count(*) FROM observation_day
                    """)
        }
        #expect(blocks == [0, 1])
        try check()
        #expect(try ledger.observations(of: camera, in: range(hours: 3)).count == 721)
        // Another writer's version is in the file now.
        try ledger.close()
        #expect(try scratch.open(.readOnly, node: nil).cameras() == [camera])
    }

    @Test func `a reader of this version reads a ledger of version 1 without changing it`() throws {
        let scratch = try Scratch()
        try first(in: scratch)
        let before = try scratch.octets()
        let ledger = try scratch.open(.readOnly, node: nil)
        let camera = try #require(try ledger.cameras().first)
        let found = try ledger.observations(of: camera, in: range(hours: 2)).map { $0.1 }
        #expect(found == expected())
        let hours = try ledger.rollups(of: camera, in: range(hours: 2), step: .hour)
        #expect(hours == old(hours) && hours.count == 2, "they do not tell encryption")
        #expect(try ledger.verifyIntegrity().isSound)
        try ledger.close()
        #expect(try scratch.octets() == before)
    }
}
