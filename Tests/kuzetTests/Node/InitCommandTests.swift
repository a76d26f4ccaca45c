// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Registry
import Settings
import Testing
import Timekeeping

@testable import kuzet

@Suite struct InitCommandTests {
    /// Questions that somebody answers line by line.
    static func questions(_ lines: [String]) -> InitQuestions {
        var questions = InitQuestions(silent: false)
        questions.interfaces = ["lo", "eth0", "eth1"]
        var rest = lines[...]
        questions.nextLine = { rest.popFirst() }
        return questions
    }

    static func command(_ words: String...) throws -> InitCommand {
        try InitCommand.parse(words)
    }

    @Test func `answers are taken as typed, and nothing typed means what is usual`() throws {
        let command = try Self.command("--zone", "Asia/Aqtobe")
        let answers = try InitAnswers(
            asking: command, Self.questions(["  eth1 ", "Қала", "kk"]))
        #expect(answers.interface == "eth1")
        #expect(answers.systemName == "Қала")
        #expect(answers.zone == "Asia/Aqtobe")
        #expect(answers.language == .kazakh)
        let usual = try InitAnswers(asking: command, Self.questions(["", "", ""]))
        #expect(usual.interface == "eth0")
        #expect(usual.systemName == "Video surveillance")
    }

    @Test func `a wrong answer is asked again, and given up after five`() throws {
        let command = try Self.command("--zone", "Asia/Almaty", "--name", "n", "--language", "ru")
        let answers = try InitAnswers(asking: command, Self.questions(["a/b", "eth9"]))
        #expect(answers.interface == "eth9")
        #expect(throws: Refusal.self) {
            try InitAnswers(asking: command, Self.questions(["/", "/", "/", "/", "/", "eth0"]))
        }
        #expect(throws: Refusal.self) { try InitAnswers(asking: command, Self.questions([])) }
    }

    @Test func `what the command line says wrongly is refused with what is expected`() throws {
        let faults = try [["--zone", "Asia/Almaata"], ["--language", "fr"], ["-i", "a b"]].map {
            words in
            let command = try InitCommand.parse(words + ["--yes"])
            let refusal = #expect(throws: Refusal.self) {
                try InitAnswers(asking: command, InitQuestions(silent: true))
            }
            return refusal?.description ?? ""
        }
        #expect(
            faults == [
                "Asia/Almaata: unknown zone, did you mean `Asia/Almaty`?; expected an IANA name"
                    + " such as Asia/Almaty",
                "kk, ru or en", "no name of an interface: a b",
            ])
        #expect(throws: (any Error).self) { try InitCommand.parse(["--listen", "2h"]) }
    }

    @Test func `files are written once, and what is there is never touched`() throws {
        try withNewFolder { folder in
            let place = folder + "/new"
            let command = try Self.command(place, "--yes", "--interface", "eth0")
            try command.run()
            let settings = try String(contentsOfFile: place + "/kuzet.yaml", encoding: .utf8)
            #expect(KuzetSettings.loadWithRegistry(place + "/kuzet.yaml").registry != nil)
            let again = try Self.command(place, "--yes", "--interface", "eth1")
            let code = #expect(throws: ExitCode.self) { try again.run() }
            #expect(code?.rawValue == 2)
            #expect(
                try String(contentsOfFile: place + "/kuzet.yaml", encoding: .utf8) == settings)
            // A single file that is there is enough, even a link that leads nowhere.
            let other = folder + "/other"
            try FileManager.default.createDirectory(
                atPath: other + "/registry", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: other + "/registry/sites.yaml", withDestinationPath: "/nowhere")
            let refusal = #expect(throws: Refusal.self) {
                try InitFolder(other).refuseExisting(["kuzet.yaml", "registry/sites.yaml"])
            }
            #expect(refusal?.description.hasPrefix("\(other)/registry/sites.yaml: already") == true)
            #expect(!FileManager.default.fileExists(atPath: other + "/kuzet.yaml"))
        }
    }

    @Test func `the usual answers are usable ones`() {
        #expect(InitQuestions.faultOfZone(InitQuestions.usualZone) == nil)
        #expect(InitQuestions.usualNode.utf8.count <= 64)
        #expect(InitFiles.word(InitQuestions.usualNode) == InitQuestions.usualNode)
        #expect(Self.questions([]).usualInterface == "eth0")
    }
}
