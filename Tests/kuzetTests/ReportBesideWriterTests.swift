// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Reports
import Synchronization
import Testing
import Timekeeping

@testable import kuzet

/// Reports while another process, such as `kuzet run`, writes the ledger.
@Suite struct ReportBesideWriterTests {
    /// Writes a ledger and takes requests up until it is told to end, as a node does.
    private final class Writer: Sendable {
        let ledger: Ledger
        private let isEnding = Atomic(false)
        private let ended = DispatchSemaphore(value: 0)

        init(_ path: String) throws {
            ledger = try Ledger.open(path, access: .readWrite)
            Thread.detachNewThread { [self] in
                while !isEnding.load(ordering: .relaxed) {
                    // What others entered in between moves the head.
                    if let entries = try? ledger.takeRequests(), !entries.isEmpty {
                        _ = try? ledger.append(.ledgerRepaired(what: "nothing"), by: "test")
                    }
                    sched_yield()
                }
                ended.signal()
            }
        }

        func end() throws {
            isEnding.store(true, ordering: .relaxed)
            ended.wait()
            try ledger.close()
        }
    }

    @Test func `the writer enters each issue, and numbers it`() throws {
        let lab = try ReportLab()
        let writer = try Writer(lab.folder + "/l")
        let first = try lab.run()
        let second = try lab.run { $0.language = "kk" }
        try writer.end()
        let ledger = try Ledger.open(lab.folder + "/l", access: .readOnly)
        let reports = try ledger.issuedReports()
        #expect(reports.map(\.number) == [1, 2])
        #expect(reports.map(\.language) == ["en", "kk"])
        for (outcome, report) in zip([first, second], reports) {
            let manifest = try ReportVerification(
                place: outcome.folder, publicKey: lab.folder + "/key.pub"
            ).run()
            #expect(manifest.journal == report.head?.description)
            #expect(try ledger.verify(against: report.head).isSound)
            let text = try #require(try lab.files(outcome.folder)["manifest.txt"])
            #expect(report.digests["manifest"] == ReportFiles.digest(Array(text)))
        }
        #expect(try ledger.entries().filter { $0.text.contains("\"request\":") }.count == 2)
    }

    @Test func `the same is the same, beside a writer and without one`() throws {
        let lab = try ReportLab()
        let writer = try Writer(lab.folder + "/l")
        let first = try lab.run()
        let files = try lab.files(first.folder)
        #expect(try lab.run().isUnchanged)
        let elsewhere = try lab.run { $0.out = lab.folder + "/other" }
        #expect(elsewhere.isUnchanged)
        #expect(try lab.files(elsewhere.folder) == files, "the manifest too, whatever came between")
        try writer.end()
        #expect(try lab.run().isUnchanged)
        #expect(try lab.files(first.folder) == files)
        #expect(try lab.issued() == 1)
    }

    @Test func `a writer that does not answer is told of, and nothing is issued or waits`() throws {
        let lab = try ReportLab()
        let hung = try Ledger.open(lab.folder + "/l", access: .readWrite)
        let request = try ReportRequest(
            lab.words(), registry: ReportLab.registry, zone: try .almaty, key: nil)
        var run = ReportRun(request: request, now: ReportLab.december, software: "1.0.0")
        run.patience = 100
        let fault = #expect(throws: ReportFault.self) { try run.run() }
        #expect(fault?.description.contains("which does not answer") == true)
        #expect(fault?.description.contains("nothing waits") == true)
        #expect(!FileManager.default.fileExists(atPath: lab.folder + "/out"))
        #expect(try hung.takeRequests().isEmpty)
        try hung.close()
        #expect(try lab.issued() == 0)
        #expect(try lab.run().revision == 1)
    }
}
