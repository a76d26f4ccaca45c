// SPDX-License-Identifier: Apache-2.0
import Foundation
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerBackupTests {
    func append(_ ledger: Ledger, _ intervals: Range<Int64>) throws {
        _ = try ledger.append(
            intervals.map { place in
                NewObservation(
                    camera: try camera(1), vantage: try vantage(),
                    observation: plain(at: Scratch.hour + place * Scratch.tenSeconds))
            })
    }

    func count(_ path: String) throws -> Int {
        let ledger = try Ledger.open(path, access: .readOnly)
        defer { try? ledger.close() }
        return try ledger.observations(of: camera(1), in: wholeRange()).count
    }

    @Test func `a backup is brought back, goes on in a new epoch, and says so`() throws {
        let scratch = try Scratch()
        let backup = scratch.folder + "/backup"
        let ledger = try scratch.open()
        try append(ledger, 0..<20)
        let report = try ledger.backup(to: backup)
        #expect(report.octets > 0)
        #expect(report.checkpoint == (try ledger.verify().head))
        try append(ledger, 20..<30)
        let before = try ledger.identity()
        let checkpoint = try ledger.verify().head
        try ledger.close()
        #expect(try count(backup) == 20)
        #expect(try count(scratch.path) == 30)
        // Not over what is there without being told.
        let exists = #expect(throws: LedgerFault.self) {
            try Ledger.restore(from: backup, to: scratch.path)
        }
        #expect(exists?.kind == .exists)
        #expect(try count(scratch.path) == 30)
        try Ledger.restore(
            from: backup, to: scratch.path, force: true, against: checkpoint,
            clock: Scratch.clock)
        #expect(try count(scratch.path) == 20)
        #expect(try count(scratch.path + ".before-restore") == 30)
        let again = try scratch.open()
        let after = try again.identity()
        #expect(after.node == before.node)
        #expect(after.epoch != before.epoch)
        #expect(try again.verify(against: report.checkpoint).isSound)
        // What the checkpoint knows and the backup lacks cannot be hidden.
        #expect(try !again.verify(against: try ledgerCheckpoint(checkpoint, 40)).isSound)
        #expect(
            try again.entries().map(\.event).contains(
                .ledgerRestored(epoch: after.epoch.description)))
        try append(again, 20..<25)
        #expect(try again.observations(of: camera(1), in: wholeRange()).count == 25)
        #expect(try again.verifyIntegrity().isSound)
    }

    func ledgerCheckpoint(_ checkpoint: Checkpoint?, _ entries: Int64) throws -> Checkpoint {
        let known = try #require(checkpoint)
        return Checkpoint(node: known.node, entries: entries, hash: known.hash)
    }

    @Test func `a damaged backup is not restored, and one that fails leaves the earlier`() throws {
        let scratch = try Scratch()
        let backup = scratch.folder + "/backup"
        let ledger = try scratch.open()
        try append(ledger, 0..<20)
        try ledger.backup(to: backup)
        var octets = Array(try Data(contentsOf: URL(fileURLWithPath: backup)))
        // Every third octet of the page in the middle.
        for place in stride(from: octets.count / 2, to: octets.count / 2 + 4_096, by: 3) {
            octets[place] ^= 0x55
        }
        let damaged = scratch.folder + "/damaged"
        try Data(octets).write(to: URL(fileURLWithPath: damaged))
        let target = scratch.folder + "/target"
        let fault = #expect(throws: LedgerFault.self) {
            try Ledger.restore(from: damaged, to: target)
        }
        #expect(fault?.kind == .damaged)
        #expect(!FileManager.default.fileExists(atPath: target))
        #expect(throws: LedgerFault.self) {
            try Ledger.restore(from: scratch.folder + "/none", to: target)
        }
        #expect(throws: LedgerFault.self) { try ledger.backup(to: scratch.path) }
        #expect(throws: LedgerFault.self) {
            try ledger.backup(to: scratch.folder + "/none/backup")
        }
        #expect(try count(backup) == 20)
    }

    @Test func `a backup against a checkpoint that it lacks is refused`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let backup = scratch.folder + "/backup"
        try ledger.backup(to: backup)
        try ledger.append(.clockStepped(byNanoseconds: 1), by: "x")
        let checkpoint = try ledger.verify().head
        let fault = #expect(throws: LedgerFault.self) {
            try Ledger.restore(
                from: backup, to: scratch.folder + "/target", against: checkpoint)
        }
        #expect(fault?.description.contains("taken away") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `what root restores belongs to whom the ledger or its folder belonged to`() throws {
        let scratch = try Scratch()
        let backup = scratch.folder + "/backup"
        let ledger = try scratch.open()
        try append(ledger, 0..<3)
        try ledger.backup(to: backup)
        try ledger.close()
        func status(_ path: String) -> (uid_t, gid_t, mode_t) {
            var status = stat()
            _ = unsafe stat(path, &status)
            return (status.st_uid, status.st_gid, status.st_mode & 0o777)
        }
        let (node, group): (uid_t, gid_t) = (54_321, 54_322)
        #expect(unsafe chown(scratch.path, node, group) == 0)
        #expect(unsafe chmod(scratch.path, 0o640) == 0)
        try Ledger.restore(from: backup, to: scratch.path, force: true)
        #expect(status(scratch.path) == (node, group, 0o640))
        #expect(status(scratch.path + ".before-restore").0 == node)
        let again = try scratch.open(node: nil)
        for name in [".lock", ".requests", ".reserve"] {
            #expect(status(scratch.path + name).0 == node, "\(name)")
        }
        try again.close()
        // Where nothing is, the folder tells; a new ledger too.
        let home = scratch.folder + "/home"
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true)
        #expect(unsafe chown(home, node, group) == 0)
        try Ledger.restore(from: backup, to: home + "/restored")
        try Ledger.open(home + "/new", access: .readWrite).close()
        for name in ["restored", "restored.lock", "new", "new.lock", "new.requests"] {
            #expect(status(home + "/" + name).0 == node, "\(name)")
        }
    }
}
