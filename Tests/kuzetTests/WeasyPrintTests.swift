// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing

@testable import kuzet

/// A folder with a program of the test's own, gone with the test.
final class FakeProgram {
    let folder: String
    var path: String { folder + "/weasyprint" }
    var html: String { folder + "/report.html" }
    var pdf: String { folder + "/report.pdf" }

    /// `body` is a script of the shell; `$2` is the page and `$3` the PDF.
    init(_ body: String) throws {
        folder =
            FileManager.default.temporaryDirectory
            .appending(path: "kuzet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try "<p>page</p>".write(toFile: html, atomically: true, encoding: .utf8)
        // Another process writes the program's file: a test beside this one that forks while we
        // had it open for writing would hold it open a moment longer, and the kernel starts no
        // program that anyone may still write to (ETXTBSY).
        let source = folder + "/source"
        try "#!/bin/sh\n\(body)\n".write(toFile: source, atomically: true, encoding: .utf8)
        let install = try Process.run(
            URL(filePath: "/usr/bin/install"), arguments: ["-m", "755", source, path])
        install.waitUntilExit()
        try #require(install.terminationStatus == 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func run(_ change: (inout WeasyPrint) -> Void = { _ in }) throws(ReportFault) {
        var printer = WeasyPrint(program: path)
        change(&printer)
        try printer.run(html: html, pdf: pdf, epoch: 1_790_794_800)
    }

    /// What is wrong, or nil if all went well.
    func fault(_ change: (inout WeasyPrint) -> Void = { _ in }) -> String? {
        do throws(ReportFault) { try run(change) } catch { return error.description }
        return nil
    }
}

@Suite struct WeasyPrintTests {
    @Test func `it gets the page, the place, and no more of the environment than it needs`() throws
    {
        let program = try FakeProgram("{ echo \"$1\"; cat \"$2\"; env; } > \"$3\"")
        #expect(program.fault() == nil)
        let made = try String(contentsOfFile: program.pdf, encoding: .utf8)
        #expect(made.hasPrefix("--quiet\n<p>page</p>"))
        #expect(made.contains("SOURCE_DATE_EPOCH=1790794800\n"))
        #expect(made.contains("LANG=C.UTF-8\n"))
        let names = made.split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(!names.contains("KUZET_LONG") && !names.contains("USER"))
    }

    @Test func `that it is not there is told with what to install`() {
        let printer = WeasyPrint(program: "kuzet-no-such-program")
        do throws(ReportFault) {
            try printer.run(html: "a", pdf: "b", epoch: 0)
            Issue.record("it ran")
        } catch {
            #expect(error.description.contains("install the Debian package weasyprint"))
        }
    }

    @Test func `that it fails is told with its status and what it said`() throws {
        let program = try FakeProgram("echo 'no such\tfont' >&2; echo; exit 3")
        let fault = try #require(program.fault())
        #expect(fault.contains("ended with status 3: no such font; there is no PDF"))
    }

    @Test func `that it was ended by a signal is told`() throws {
        let program = try FakeProgram("kill -11 $$")
        #expect(try #require(program.fault()).contains("ended by signal 11"))
    }

    @Test func `one that ends well and writes nothing is no success`() throws {
        let none = try FakeProgram("exit 0")
        #expect(try #require(none.fault()).contains("wrote no PDF"))
        let empty = try FakeProgram(": > \"$3\"")
        #expect(try #require(empty.fault()).contains("0 octets"))
    }

    @Test func `one that hangs is ended with what it started, in the time that it has`() throws {
        let program = try FakeProgram("sleep 600 & echo $! > \"$(dirname \"$3\")/pid\"; wait")
        let clock = ContinuousClock()
        let took = clock.measure {
            let fault = program.fault { $0.patience = 1 }
            #expect(fault?.contains("took longer than 1 s and was ended") ?? false)
        }
        #expect(took < .seconds(30))
        let pid = try String(contentsOfFile: program.folder + "/pid", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // It was told to end and does so when the kernel comes to it; whoever adopted it may not
        // have buried it yet.
        var isRunning = true
        for _ in 0..<500 where isRunning {
            let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            isRunning = state.map { !$0.contains(") Z ") && !$0.contains(") X ") } ?? false
            if isRunning { usleep(10_000) }
        }
        #expect(!isRunning, "what it started is ended too")
    }

    @Test func `one that leaves a child behind with its pipe is not waited for`() throws {
        let program = try FakeProgram("sleep 600 & echo x > \"$3\"")
        let took = ContinuousClock().measure { #expect(program.fault() == nil) }
        #expect(took < .seconds(30))
    }

    @Test func `one that says too much is ended`() throws {
        let program = try FakeProgram("while :; do echo talk talk talk talk; done")
        let fault = program.fault { $0.messageLimits.read = 10_000 }
        #expect(fault?.contains("said more than 10000 octets and was ended") ?? false)
    }

    @Test func `one that writes too much is refused`() throws {
        let program = try FakeProgram("head -c 5000 /dev/zero > \"$3\"")
        #expect(program.fault { $0.largestPDF = 5000 } == nil)
        #expect(try #require(program.fault { $0.largestPDF = 4999 }).contains("5000 octets"))
    }

    @Test func `what it says cannot move the reader's terminal`() throws {
        let program = try FakeProgram("printf 'a\\033[2Jb\\007' >&2; exit 1")
        let fault = try #require(program.fault())
        #expect(fault.utf8.allSatisfy { $0 >= 0x20 })
    }
}
