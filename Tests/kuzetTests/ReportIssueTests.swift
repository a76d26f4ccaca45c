// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import Reports
import Testing
import Timekeeping

@testable import kuzet

/// Revisions, which say something else, and issues, which say the same in another form.
@Suite struct ReportIssueTests {
    private func page(_ outcome: ReportRun.Outcome, _ lab: ReportLab) throws -> String {
        String(
            decoding: try #require(try lab.files(outcome.folder)["report.html"]), as: UTF8.self)
    }

    private func verify(_ outcome: ReportRun.Outcome, _ lab: ReportLab) throws -> ReportManifest {
        try ReportVerification(
            place: outcome.folder, publicKey: lab.folder + "/key.pub"
        ).run()
    }

    @Test func `another version of the program makes the next issue, not the next revision`() throws
    {
        let lab = try ReportLab()
        let first = try lab.run()
        let files = try lab.files(first.folder)
        let second = try lab.run(software: "2.0.0")
        #expect(second.revision == 1 && second.issue == 2 && !second.isUnchanged)
        #expect(second.folder.hasSuffix("/kuzet-2026-10-coordinator-en-r1-i2"))
        #expect(try page(second, lab).contains("Issue 2: the figures are those of the first issue"))
        #expect(try page(second, lab).contains("kuzet 2.0.0"))
        #expect(try !page(second, lab).contains("Differences from the revision before"))
        #expect(try lab.files(first.folder) == files, "what was issued stays")
        let manifests = try (verify(first, lab), verify(second, lab))
        #expect(manifests.0.content == manifests.1.content)
        #expect((manifests.0.issue, manifests.1.issue) == (1, 2))
        let again = try lab.run(software: "2.0.0")
        #expect(again.issue == 2 && again.isUnchanged)
        #expect(try lab.issued() == 2)
    }

    @Test func `the next issue does not need the folder of the last`() throws {
        let lab = try ReportLab()
        _ = try lab.run()
        let second = try lab.run(software: "2.0.0") { $0.out = lab.folder + "/other" }
        #expect(second.revision == 1 && second.issue == 2)
        _ = try verify(second, lab)
    }

    @Test func `another style of CSV is another issue too`() throws {
        let lab = try ReportLab()
        _ = try lab.run()
        let marked = try lab.run { $0.marksEncoding = true }
        #expect(marked.revision == 1 && marked.issue == 2)
    }

    @Test func `further forms join the last issue`() throws {
        let lab = try ReportLab()
        _ = try lab.run { $0.formats = "json" }
        let second = try lab.run(software: "2.0.0") { $0.formats = "json" }
        let both = try lab.run(software: "2.0.0") { $0.formats = "html" }
        #expect(both.issue == 2 && both.folder == second.folder)
        #expect(
            Set(try lab.files(both.folder).keys).isSuperset(of: ["report.json", "report.html"]))
        #expect(try lab.run(software: "2.0.0") { $0.formats = "json" }.isUnchanged)
    }

    @Test func `late data after an issue make the next revision, compared with the last issue`()
        throws
    {
        let lab = try ReportLab()
        _ = try lab.run()
        _ = try lab.run(software: "2.0.0")
        try lab.correct("cam-2", down: 5)
        let third = try lab.run(software: "2.0.0")
        #expect(third.revision == 2 && third.issue == 1)
        let text = try page(third, lab)
        #expect(text.contains("Differences from the revision before (1)"))
        #expect(!text.contains("Version of the program"), "it did not change since the last issue")
        let other = try lab.run(software: "3.0.0")
        #expect(other.revision == 2 && other.issue == 2)
        #expect(try page(other, lab).contains("Differences from the revision before (1)"))
    }

    @Test func `a revision is not made again without the figures that it was compared with`() throws
    {
        let lab = try ReportLab()
        let first = try lab.run()
        try lab.correct("cam-2", down: 5)
        let second = try lab.run()
        do {
            _ = try lab.run { $0.out = lab.folder + "/other" }
            Issue.record("it was made without its table")
        } catch let fault as ReportFault {
            #expect(fault.description.contains("give --out the folder that has"))
            #expect(fault.description.contains("kuzet-2026-10-coordinator-en-r1"))
        }
        #expect(!FileManager.default.fileExists(atPath: lab.folder + "/other"))
        try FileManager.default.createDirectory(
            atPath: lab.folder + "/other", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: first.folder, toPath: lab.folder + "/other/kuzet-2026-10-coordinator-en-r1")
        let again = try lab.run { $0.out = lab.folder + "/other" }
        #expect(again.isUnchanged)
        #expect(try page(again, lab) == page(second, lab))
    }

    @Test func `a revision issued without a table is made again without it`() throws {
        let lab = try ReportLab()
        _ = try lab.run()
        try lab.correct("cam-2", down: 5)
        let second = try lab.run { $0.out = lab.folder + "/other" }
        #expect(try page(second, lab).contains("are not at hand; there is no table"))
        let again = try lab.run()
        #expect(again.isUnchanged && again.revision == 2)
        #expect(try page(again, lab) == page(second, lab))
    }

    @Test func `a change that is no figure is a revision that says so`() throws {
        let lab = try ReportLab()
        _ = try lab.run()
        let ledger = try Ledger.open(lab.folder + "/l", access: .readWrite)
        try ledger.append(
            .clockStepped(byNanoseconds: 5), by: "operator",
            at: ReportLab.october.advanced(byNanoseconds: ReportLab.hour))
        try ledger.close()
        let second = try lab.run()
        #expect(second.revision == 2)
        #expect(try page(second, lab).contains("No figure changed"))
    }

    @Test func `what lies in the place of a report and was never issued is not overwritten`() throws
    {
        let lab = try ReportLab()
        let place = lab.folder + "/out/kuzet-2026-10-coordinator-en-r1"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        try "mine".write(toFile: place + "/note", atomically: true, encoding: .utf8)
        #expect(throws: ReportFault.self) { try lab.run() }
        #expect(try String(contentsOfFile: place + "/note", encoding: .utf8) == "mine")
        #expect(try lab.issued() == 0)
    }

    @Test func `without the program no PDF and nothing half written`() throws {
        let bodies = [
            "exit 3", "echo x > \"$3\"; exit 1", "sleep 60", "echo x > \"$3\"; sleep 60",
            "exit 0",
        ]
        for body in bodies {
            let lab = try ReportLab()
            let program = try FakeProgram(body)
            let printer = WeasyPrint(program: program.path, patience: 1)
            #expect(throws: ReportFault.self, "\(body)") {
                try lab.run(printer: printer) { $0.formats = "pdf,csv" }
            }
            #expect(!FileManager.default.fileExists(atPath: lab.folder + "/out"))
            #expect(try lab.issued() == 0)
        }
    }

    @Test func `a PDF that came out otherwise than issued is another issue`() throws {
        let lab = try ReportLab()
        let one = try FakeProgram("echo one > \"$3\"")
        let other = try FakeProgram("echo other > \"$3\"")
        let first = try lab.run(printer: WeasyPrint(program: one.path)) { $0.formats = "pdf" }
        #expect(
            try lab.run(printer: WeasyPrint(program: other.path)) { $0.formats = "pdf" }
                .isUnchanged, "what is there whole is not made again")
        let elsewhere = try lab.run(printer: WeasyPrint(program: other.path)) {
            $0.formats = "pdf"
            $0.out = lab.folder + "/other"
        }
        #expect(elsewhere.issue == 2)
        #expect(try verify(first, lab).content == verify(elsewhere, lab).content)
    }
}
