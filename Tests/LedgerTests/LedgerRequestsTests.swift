// SPDX-License-Identifier: Apache-2.0
import Agreements
import Foundation
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerRequestsTests {
    func work(_ what: String, id: String = "") -> PlannedWork {
        PlannedWork(
            id: id, scope: .all, range: wholeRange(hours: 1), what: what, enteredBy: "operator",
            enteredAt: Scratch.noon)
    }

    @Test func `without another writer it is entered at once, with the next number`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        _ = try ledger.append(.workAdded(work("first", id: "work-1")), by: "operator")
        try ledger.close()
        let entry = try Ledger.enter(
            .workAdded(work("second")), by: "operator", into: scratch.path, clock: Scratch.clock)
        #expect(entry.event == .workAdded(work("second", id: "work-2")))
        #expect(!entry.text.contains("request"))
        let again = try scratch.open()
        #expect(try again.works().map(\.id) == ["work-1", "work-2"])
        #expect(try again.verify().isSound)
    }

    @Test func `beside a process that writes, entries of many others are made and chained`() throws
    {
        let scratch = try Scratch()
        let run = try KillTarget.run(
            """
            "$TARGET" '\(scratch.path)' hold &
            while [ ! -e '\(scratch.path).requests' ]; do sleep 0.01; done
            for name in a b c d e f g h; do "$TARGET" '\(scratch.path)' enter $name & done
            wait
            """)
        #expect(run.faults.isEmpty, "\(run.lines)")
        let entered = run.lines.filter { $0.hasPrefix("entered ") }
        #expect(entered.count == 8)
        #expect(run.lines.contains("end"))
        let ledger = try scratch.open(.readOnly, node: nil)
        let works = try ledger.works()
        #expect(Set(works.map { "entered \($0.id) \($0.what)" }) == Set(entered))
        #expect(works.map(\.id) == (1...8).map { "work-\($0)" })
        // The time of entering is that of the request's file, and not what it said.
        #expect(works.allSatisfy { $0.isAfterTheFact == (Ledger.wallClock() > $0.range.start) })
        let verdict = try ledger.verify()
        #expect(verdict.isSound, "\(verdict)")
        try LedgerKillTests.check(run, scratch.path, round: 0)
        #expect(try JournalRequest.waiting(at: scratch.path).requests.isEmpty)
    }

    @Test func `a request is entered once, also if its writer ended before it was removed`() throws
    {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let request = JournalRequest(.workAdded(work("once")), by: "operator", at: Scratch.noon)
        try request.submit(to: scratch.path)
        let entry = try #require(try ledger.takeRequests().first)
        #expect(entry.text.contains("\"request\":\"\(request.name)\""))
        #expect(entry.actor == "operator")
        try request.submit(to: scratch.path)
        #expect(try ledger.takeRequests().isEmpty)
        try request.submit(to: scratch.path)
        try ledger.close()
        let again = try scratch.open()
        #expect(try again.works().map(\.id) == ["work-1"])
        #expect(try again.verify().isSound)
        #expect(try JournalRequest.waiting(at: scratch.path).requests.isEmpty)
    }

    @Test func `what is no request is put out of the way and counted`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let folder = JournalRequest.folder(of: scratch.path)
        let long = String(repeating: "x", count: JournalEntry.longest + 1)
        for (name, text) in [("1-a", "{}"), ("2-b", ""), ("3-c", long), ("4 d", "{}")] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).request"))
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/5-e.request", withDestinationPath: "/etc/hostname")
        #expect(try ledger.takeRequests().isEmpty)
        #expect(try ledger.tallies()["requests-refused"] == 5)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left.count == 5 && left.allSatisfy { $0.hasSuffix(".refused") })
    }

    @Test func `a writer that takes nothing up is told of, and the request is left`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        #expect {
            try Ledger.enter(
                .workAdded(work("later")), by: "operator", into: scratch.path,
                clock: Scratch.clock, patience: 100)
        } throws: {
            let fault = $0 as? LedgerFault
            return fault?.kind == .busy && fault?.remedy.contains("do not enter it again") == true
        }
        let length = try ledger.journalLength()
        #expect(try ledger.journalChanged(since: length) == nil)
        // Any commit of observations takes it up.
        _ = try ledger.append([
            NewObservation(
                camera: camera(1), vantage: vantage(), observation: plain(at: Scratch.hour))
        ])
        #expect(try ledger.journalChanged(since: length) == length + 1)
        #expect(try ledger.works().map(\.what) == ["later"])
    }
}
