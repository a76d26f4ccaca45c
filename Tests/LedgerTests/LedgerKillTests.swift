// SPDX-License-Identifier: Apache-2.0
import Foundation
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Ledger

@Suite(.serialized) struct LedgerKillTests {
    static let rounds = ProcessInfo.processInfo.environment["KUZET_LONG"] == nil ? 10 : 300

    /// The interval that the program numbers so, as what it must have kept of a camera.
    static func packets(_ interval: Int64, camera: Int) -> UInt64 {
        UInt64(interval) * 10 + UInt64(camera)
    }

    static func check(_ run: KillTarget.Run, _ path: String, round: Int) throws {
        let ledger = try Ledger.open(path, access: .readWrite, node: nil)
        defer { try? ledger.close() }
        let report = try ledger.verifyIntegrity()
        try #require(report.isSound, "round \(round): \(report.findings)")
        let last = try #require(try ledger.entries().last?.index)
        if let entry = run.entries.last { try #require(entry <= last, "round \(round)") }
        guard let first = run.acknowledged.first, let end = run.acknowledged.last else { return }
        let range = TimeRange(
            start: Instant(nanoseconds: Scratch.hour + first.interval * Scratch.tenSeconds),
            nanoseconds: (end.interval - first.interval + 1) * Scratch.tenSeconds)
        for number in [0, 7] {
            let found = try ledger.observations(
                of: try #require(CameraID("cam-\(number)")), in: range)
            let packets = Set(found.map { $0.1.measurement.packets.received })
            for acked in run.acknowledged {
                try #require(
                    packets.contains(Self.packets(acked.interval, camera: number)),
                    "round \(round): interval \(acked.interval) was acknowledged and is lost")
            }
        }
    }

    @Test func `whenever it is killed, what was acknowledged is there`() throws {
        let scratch = try Scratch()
        var random = Seeded(seed: 300)
        var (acknowledged, closed, backups) = (0, 0, 0)
        for round in 0..<Self.rounds {
            let run = try KillTarget.run(
                "exec \"$TARGET\" '\(scratch.path)'",
                killedAfter: Double.random(in: 0.02...0.9, using: &random))
            try #require(run.faults.isEmpty, "round \(round): \(run.lines)")
            acknowledged += run.acknowledged.count
            closed += run.lines.count { $0 == "closed" }
            backups += run.lines.count { $0 == "backed-up" }
            guard LedgerFile.size(of: scratch.path) != nil else {
                #expect(run.acknowledged.isEmpty, "round \(round)")
                continue
            }
            try Self.check(run, scratch.path, round: round)
            if LedgerFile.size(of: scratch.path + ".backup") != nil {
                let backup = try Ledger.open(scratch.path + ".backup", access: .readOnly)
                #expect(try backup.verifyIntegrity().isSound, "round \(round)")
                try backup.close()
            }
        }
        print(
            "killed \(Self.rounds) times: \(acknowledged) calls acknowledged, 0 lost; "
                + "hours closed \(closed) times, \(backups) backups")
    }
}
