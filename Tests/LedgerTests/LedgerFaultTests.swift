// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Ledger

/// Disks that fail, in name spaces of their own; skipped where the system allows none.
@Suite(.serialized) struct LedgerFaultTests {
    static let hasNamespaces = works("unshare -rm mount -t tmpfs none /mnt")
    static let hasTracing = works("strace -o /dev/null true")

    static func works(_ command: String) -> Bool {
        (try? KillTarget.run(command))?.status == 0
    }

    @Test(.enabled(if: hasNamespaces, "no user name spaces here"))
    func `a full disk is told, loses nothing, and is gone on from when there is room`() throws {
        let scratch = try Scratch()
        // Fill what is left, work, make room, work again, and carry the ledger out.
        let run = try KillTarget.run(
            """
            unshare -rm bash -c '
            mkdir -p "\(scratch.folder)/small"
            mount -t tmpfs -o size=6m none "\(scratch.folder)/small"
            cd "\(scratch.folder)/small"
            "$TARGET" l 50
            head -c 5m /dev/zero > ballast 2>/dev/null
            "$TARGET" l 400
            rm ballast
            "$TARGET" l 50
            cp l* "\(scratch.folder)/"'
            """)
        #expect(run.faults.contains("full"))
        #expect(run.faults.allSatisfy { ["full", "disk"].contains($0) }, "\(Set(run.faults))")
        #expect(run.lines.last == "end")
        try LedgerKillTests.check(run, scratch.folder + "/l", round: 0)
    }

    @Test(.enabled(if: hasNamespaces, "no user name spaces here"))
    func `with the reserve a full disk is told and ended in order, and left when there is room`()
        throws
    {
        let scratch = try Scratch()
        let run = try KillTarget.run(
            """
            unshare -rm bash -c '
            mkdir -p "\(scratch.folder)/small"
            mount -t tmpfs -o size=24m none "\(scratch.folder)/small"
            cd "\(scratch.folder)/small"
            "$TARGET" l full
            cp l* "\(scratch.folder)/"'
            """)
        #expect(run.lines.last == "end", "\(run.lines.suffix(5))")
        #expect(Set(run.faults) == ["full"])
        let rooms = run.lines.filter { $0.hasPrefix("room ") }
        #expect(rooms == ["room full", "room enough"])
        // What can be done while it is full was done while it was full.
        let order = run.lines.filter { !$0.hasPrefix("acked ") && $0 != "fault full" }
        #expect(order.count == 5 && order[1].hasPrefix("entry ") && order[2] == "closed")
        try LedgerKillTests.check(run, scratch.folder + "/l", round: 0)
        let ledger = try Ledger.open(scratch.folder + "/l", access: .readOnly)
        let events = try ledger.entries().map(\.event.written)
        let told = events.filter { $0.name.hasPrefix("disk-") }
        #expect(told.map(\.name) == ["disk-full", "disk-full", "disk-freed"])
        #expect(told.map { $0.details["room"] } == ["low", "full", nil])
        let tallies = try ledger.tallies()
        #expect(tallies["refused-full-calls"] == run.faults.count)
        #expect(tallies["refused-full-observations"] == run.faults.count * 8)
    }

    @Test(.enabled(if: hasNamespaces, "no user name spaces here"))
    func `a disk that was remounted read-only is told, and read`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.append([
            NewObservation(
                camera: camera(1), vantage: vantage(), observation: plain(at: Scratch.hour))
        ])
        try ledger.close()
        let run = try KillTarget.run(
            """
            unshare -rm bash -c 'mount --bind "\(scratch.folder)" "\(scratch.folder)" &&
            mount -o remount,ro,bind "\(scratch.folder)" &&
            { "$TARGET" "\(scratch.path)" 5; "$TARGET" "\(scratch.path)" read; }'
            """)
        #expect(run.faults == ["readOnly"])
        #expect(run.lines.last == "cameras 1")
        let again = try scratch.open(.readOnly)
        #expect(try again.observations(of: camera(1), in: wholeRange()).count == 1)
    }

    @Test(.enabled(if: hasTracing, "no strace here"), arguments: 1...4)
    func `a disk that fails while a ledger is made leaves none or a sound one`(
        when: Int
    ) throws {
        let scratch = try Scratch()
        let run = try KillTarget.run(
            "strace -f -o /dev/null -e inject=fsync,fdatasync:error=EIO:when=\(when) "
                + "\"$TARGET\" '\(scratch.path)' 3")
        #expect(!run.faults.isEmpty)
        let healthy = try KillTarget.run("\"$TARGET\" '\(scratch.path)' 5")
        #expect(healthy.faults.isEmpty, "\(healthy.lines)")
        try LedgerKillTests.check(healthy, scratch.path, round: when)
    }

    @Test(
        .enabled(if: hasTracing, "no strace here"),
        arguments: [
            "fdatasync:error=EIO:when=12+9", "fdatasync:error=EIO:when=20..30",
            "pwrite64:error=ENOSPC:when=90+70", "pwrite64:error=EIO:when=120..180",
        ])
    func `a disk that reports errors loses nothing that was acknowledged`(fault: String) throws {
        let scratch = try Scratch()
        let command =
            "strace -f -o /dev/null -e inject=\(fault) \"$TARGET\" '\(scratch.path)' 60"
        #expect(try KillTarget.run("\"$TARGET\" '\(scratch.path)' 10").status == 0)
        for round in 0..<2 {
            let run = try KillTarget.run(command)
            // Killed by a signal would be 128 and more.
            #expect(run.status == 0 || run.status == 1, "\(run.lines.suffix(3))")
            #expect(!run.faults.isEmpty && !run.acknowledged.isEmpty, "\(run.lines)")
            try LedgerKillTests.check(run, scratch.path, round: round)
        }
        let healthy = try KillTarget.run("\"$TARGET\" '\(scratch.path)' 20")
        #expect(healthy.faults.isEmpty)
        try LedgerKillTests.check(healthy, scratch.path, round: 2)
    }
}
