// SPDX-License-Identifier: Apache-2.0
import GRDB
import Measurements
import Synchronization
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerQuarantineTests {
    func record(
        _ sequence: UInt64, at start: Int64, packets: UInt64 = 4_000
    ) throws -> KeptObservation {
        KeptObservation(
            identity: RecordIdentity(
                node: try #require(NodeID("child-1")), epoch: Epoch(high: 1, low: 2),
                sequence: sequence),
            camera: try camera(1), vantage: try vantage("child-1/eth0"),
            observation: plain(at: start, packets: packets))
    }

    /// Puts so many records aside, as another version of a record that is kept.
    func fill(_ ledger: Ledger, count: Int) throws {
        _ = try ledger.accept([
            record(1, at: Scratch.hour), record(2, at: Scratch.hour, packets: 7),
        ])
        try ledger.write("filling") { database, state in
            try database.execute(
                sql: """
                    WITH RECURSIVE number (n) AS (
                        SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
                    INSERT INTO quarantine (reason, view, start, source, sequence, body, at)
                    SELECT reason, view, start, source, sequence, body, at
                    FROM quarantine, number
                    """, arguments: [count - 1])
            state.quarantined = count
        }
    }

    @Test func `what is put aside has an upper limit, beyond which it is counted`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        try fill(ledger, count: Ledger.mostInQuarantine - 1)
        let forged = try (3...5).map {
            try record(UInt64($0), at: Scratch.hour, packets: UInt64($0))
        }
        let answer = try ledger.accept(forged)
        #expect(answer.conflicting.map(\.reason) == [.sameInterval, .sameInterval, .sameInterval])
        let tallies = try ledger.tallies()
        #expect(tallies["quarantined-same-interval"] == 2)
        #expect(tallies["quarantine-dropped"] == 2)
        // Whoever sends it again, also to a ledger that was opened again, gets the same answer.
        try ledger.close()
        let again = try scratch.open()
        #expect(try again.accept(forged) == answer)
        let count = try again.read("counting") {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM quarantine")
        }
        #expect(count == Ledger.mostInQuarantine)
        // Told once, not each time.
        let events = try again.entries().map(\.event)
        #expect(events.count { $0 == .quarantineFull(kept: Ledger.mostInQuarantine) } == 1)
        #expect(try again.observations(of: camera(1), in: wholeRange()).count == 1)
    }

    @Test func `what was put aside long ago is deleted and counted`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.accept([record(1, at: Scratch.hour)])
        let forged = try record(2, at: Scratch.hour, packets: 7)
        let future = try record(3, at: Scratch.noon.nanoseconds + 3 * Ledger.greatestLead)
        let answer = try ledger.accept([forged, future])
        #expect(answer.conflicting.map(\.reason) == [.sameInterval, .future])
        let day = 24 * ObservationBlock.hourNanoseconds
        let keep = Retention(observations: 1_000)
        #expect(
            try ledger.prune(
                now: Scratch.noon.advanced(byNanoseconds: 91 * day), retention: keep
            ).quarantined == 0)
        #expect(
            try ledger.prune(
                now: Scratch.noon.advanced(byNanoseconds: 93 * day), retention: keep
            ).quarantined == 1)
        #expect(try ledger.quarantined().map(\.reason) == [.future])
        #expect(try ledger.tallies()["quarantine-expired"] == 1)
        #expect(try ledger.accept([forged]).conflicting.map(\.reason) == [.sameInterval])
        #expect(try ledger.observations(of: camera(1), in: wholeRange()).count == 1)
    }

    @Test func `a record of the future is kept aside until its time comes`() throws {
        let scratch = try Scratch()
        let now = Mutex(Scratch.noon)
        func open() throws -> Ledger {
            try Ledger.open(
                scratch.path, access: .readWrite, clock: { now.withLock { $0 } })
        }
        let ledger = try open()
        let year = 365 * 24 * ObservationBlock.hourNanoseconds
        let soon = try record(
            1, at: Scratch.noon.nanoseconds + Ledger.greatestLead - Scratch.tenSeconds)
        let late = try record(2, at: Scratch.noon.nanoseconds + 2 * year)
        let answer = try ledger.accept([late, soon])
        #expect(answer.new == 1)
        #expect(answer.conflicting.map(\.reason) == [.future])
        #expect(answer.conflicting.map(\.identity) == [late.identity])
        // Sent again it gets the same answer; nothing of it is among the observations.
        #expect(try ledger.accept([late]).conflicting.map(\.reason) == [.future])
        let ever = TimeRange(start: Scratch.noon, nanoseconds: 3 * year)
        #expect(try ledger.observations(of: camera(1), in: ever).count == 1)
        #expect(try ledger.tallies() == ["quarantined-future": 1])
        #expect(try ledger.admitDue() == [])
        try ledger.close()
        now.withLock { $0 = Scratch.noon.advanced(byNanoseconds: 2 * year) }
        let again = try open()
        #expect(try again.admitDue().map(\.identity) == [late.identity])
        #expect(try again.admitDue() == [])
        #expect(try again.observations(of: camera(1), in: ever).count == 2)
        #expect(try again.accept([late, soon]).known == 2)
        #expect(try again.quarantined().isEmpty)
        #expect(try again.tallies()["admitted-future"] == 1)
    }

    @Test func `an own record of the future and an own duplicate are put aside and told`() throws {
        let scratch = try Scratch()
        let now = Mutex(Scratch.noon)
        let ledger = try Ledger.open(
            scratch.path, access: .readWrite, clock: { now.withLock { $0 } })
        func own(_ start: Int64, packets: UInt64 = 4_000) throws -> NewObservation {
            NewObservation(
                camera: try camera(1), vantage: try vantage(),
                observation: plain(at: start, packets: packets))
        }
        let soon = Scratch.noon.nanoseconds
        let late = soon + 2 * Ledger.greatestLead
        let keeping = try ledger.keep(
            [own(soon), own(late), own(soon), own(soon, packets: 7)], takesFuture: false)
        #expect(keeping.numbers == 1...4)
        #expect(keeping.aside == [1: .future, 2: .repeated, 3: .sameInterval])
        let ever = TimeRange(start: Scratch.noon, nanoseconds: 4 * Ledger.greatestLead)
        #expect(try ledger.observations(of: camera(1), in: ever).count == 1)
        #expect(try ledger.admitDue().isEmpty)
        now.withLock { $0 = Scratch.noon.advanced(byNanoseconds: 2 * Ledger.greatestLead) }
        #expect(try ledger.admitDue().map(\.identity.sequence) == [2])
        #expect(try ledger.observations(of: camera(1), in: ever).count == 2)
        #expect(try ledger.verifyIntegrity().isSound)
        // What a capture tells may lie anywhere.
        let far = soon + 1_000 * Ledger.greatestLead
        #expect(try ledger.keep([own(far)]).aside.isEmpty)
    }
}
