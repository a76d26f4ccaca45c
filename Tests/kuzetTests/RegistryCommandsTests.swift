// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Registry
import Settings
import Testing

@testable import kuzet

@Suite struct RegistryCommandsTests {
    static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples").path

    /// A folder with the example's registry, spoilt or not; removed after `body`.
    static func withCopy<Result>(
        _ files: [String: String], _ body: (String) throws -> Result
    ) throws -> Result {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "kuzet-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: folder) }
        try manager.copyItem(atPath: examples + "/registry", toPath: folder.path)
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        return try body(folder.path)
    }

    static func example(_ name: String) throws -> String {
        try String(contentsOfFile: examples + "/registry/" + name, encoding: .utf8)
    }

    @Test func `the example is usable, as a folder and by its settings`() {
        let counts = "6 parties, 2 agreements, 3 sites, 3 channels, 7 cameras; 0 errors, 0 warnings"
        #expect(
            RegistryCheckCommand.answer(.folder(Self.examples + "/registry"))
                == RegistryAnswer(text: "registry: \(counts)\n", status: 0))
        #expect(
            RegistryCheckCommand.answer(.settings(Self.examples + "/kuzet.yaml"))
                == RegistryAnswer(text: "registry: \(counts)\n", status: 0))
        #expect(
            CheckConfig.answer(Self.examples + "/kuzet.yaml")
                == RegistryAnswer(text: "settings: usable, with \(counts)\n", status: 0))
    }

    @Test func `every problem of a spoilt registry is named in one form and counted`() throws {
        let cameras =
            try Self.example("cameras.csv")
            .replacing(
                "almaty-school-1,fibre-almaty-a,outdoor-entrance",
                with: "almaty-scool-1,fibre-almaty-a,outdoor-entrence"
            )
            .replacing("10.20.1.12,rtsp", with: "10.20.1.256,rtsp")
            .replacing("tau-parking,Паркинг,almaty-tau", with: "tau-parking,Паркинг,almaty-tua")
            .replacing("10.20.2.12:5004", with: "239.20.1.13:5004")
            + "school-1-yard,twice,almaty-school-1,fibre-almaty-a,outdoor-overview,,,,\nshort,row\n"
        let channels = try Self.example("channels.yaml")
            .replacing(
                "encrypted: true\n    capacity: 100 Mbit/s\n    sites: [almaty-school-1]",
                with: "encrypted: false\n    capacity: 100\n    sites: [almaty-school-1]"
            )
            .replacing(
                "operator: zhol-telecom\n    medium: fibre\n    role: main\n    encrypted: true",
                with:
                    "operater: zhol-telecom\n    medium: fibre\n    role: main\n    encrypted: yes")
        let text = try Self.withCopy(["cameras.csv": cameras, "channels.yaml": channels]) {
            folder in
            let answer = RegistryCheckCommand.answer(.folder(folder))
            #expect(answer.status == 2)
            return answer.text.replacing(folder + "/", with: "")
        }
        expectGolden(text, "registry-check.txt")
    }

    @Test func `what changed between two versions is told field by field`() throws {
        let cameras =
            try Self.example("cameras.csv")
            .replacing("rtsp://10.20.1.11/main", with: "rtsp://10.20.1.21/main")
            .replacing("Мектеп дәлізі", with: "Мектеп дәлізі (2-қабат)")
            + "tau-roof,Крыша,almaty-tau,fibre-almaty-a,outdoor-overview,,10.20.2.13,,\n"
        let agreements = try Self.example("agreements.yaml").replacing(
            "loss: 1 %", with: "loss: 2 %")
        let text = try Self.withCopy(["cameras.csv": cameras, "agreements.yaml": agreements]) {
            folder in
            let answer = RegistryDiff.answer(
                old: .folder(Self.examples + "/registry"), new: .folder(folder),
                isConfirmed: false)
            #expect(answer.status == 0)
            return answer.text
        }
        expectGolden(text, "registry-diff.txt")
    }

    @Test func `a removal of more than a tenth needs a word, and an unusable file changes nothing`()
        throws
    {
        let lines = try Self.example("cameras.csv").split(separator: "\n").map(String.init)
        let fewer = lines.dropLast().joined(separator: "\n") + "\n"
        try Self.withCopy(["cameras.csv": fewer]) { folder in
            let old = RegistryInput(path: Self.examples + "/registry")
            let new = RegistryInput(path: folder)
            let answer = RegistryDiff.answer(old: old, new: new, isConfirmed: false)
            #expect(answer.status == 2)
            #expect(
                answer.text == """
                    - camera road-12-west
                    difference: 0 added, 1 removed, 0 changed
                    removal of 1 of 7 cameras is more than 10 %: if it is meant, say --confirm-removal

                    """)
            let confirmed = RegistryDiff.answer(old: old, new: new, isConfirmed: true)
            #expect(confirmed.status == 0)
            #expect(!confirmed.text.contains("--confirm-removal"))
        }
        try Self.withCopy(["cameras.csv": ""]) { folder in
            let answer = RegistryDiff.answer(
                old: RegistryInput(path: Self.examples + "/kuzet.yaml"),
                new: RegistryInput(path: folder), isConfirmed: true)
            #expect(answer.status == 2)
            #expect(answer.text.hasSuffix("difference: not known; 1 error, 0 warnings\n"))
        }
    }

    @Test(
        arguments: [
            (
                nil, "10.20.1.9:5000", "239.20.1.13:5004",
                "camera school-1-yard by group_and_port\n", 0
            ),
            (
                "RTSP://10.20.1.11:554/main", "10.20.1.11:554", "10.1.1.1:5000",
                "camera school-1-gate by url\n", 0
            ),
            (nil, "10.20.2.12:5004", "10.1.1.1:5000", "camera tau-parking by sender_and_port\n", 0),
            (nil, "10.99.1.1:5004", "10.1.1.1:5000", "unregistered\n", 1),
        ] as [(String?, String, String, String, Int32)])
    func `a stream's camera is told with the evidence`(
        url: String?, source: String, destination: String, text: String, status: Int32
    ) throws {
        let trace = StreamTrace(
            url: url, source: try EndpointArgument.parse(source).endpoint,
            destination: try EndpointArgument.parse(destination).endpoint)
        #expect(
            RegistryMatch.answer(.folder(Self.examples + "/registry"), trace)
                == RegistryAnswer(text: text, status: status))
    }

    @Test(arguments: [
        ["registry", "check"], ["registry", "check", "a", "--settings", "b"],
        ["registry", "diff", "a"], ["check-config"],
        ["registry", "match", "a", "--source", "x", "--destination", "10.0.0.1:5"],
        ["registry", "match", "a", "--source", "10.0.0.1", "--destination", "10.0.0.1:5"],
    ])
    func `what makes no sense is refused before anything is read`(arguments: [String]) {
        #expect(throws: (any Error).self) { try Kuzet.parseAsRoot(arguments) }
    }

    @Test func `settings that are not there are a problem like any other`() {
        let answer = CheckConfig.answer("none/kuzet.yaml")
        #expect(
            answer
                == RegistryAnswer(
                    text: "none/kuzet.yaml:1:1: cannot be opened: No such file or directory "
                        + "(expected a file)\nsettings: not usable; 1 error, 0 warnings\n",
                    status: 2))
    }
}
