// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Settings
import Testing
import Timekeeping

@testable import kuzet

/// A new folder, removed after `body`.
func withNewFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "kuzet-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: folder) }
    return try body(folder.path)
}

@Suite struct InitFilesTests {
    static let answers = InitAnswers(
        interface: "eth1", zone: "Asia/Aqtobe", systemName: "Қала \"Тау\" \\ 1", node: "probe-1",
        language: .kazakh)

    /// What a reader makes of the files.
    static func loaded(
        _ answers: InitAnswers
    ) throws -> (settings: KuzetSettings?, registry: Registry?, problems: [String]) {
        try withNewFolder { folder in
            try InitFolder(folder).write(InitFiles(answers).all)
            let found = KuzetSettings.loadWithRegistry(folder + "/kuzet.yaml")
            return (found.settings, found.registry, found.problems.sorted.map(\.description))
        }
    }

    @Test(arguments: Language.allCases)
    func `what is written is read without an error`(language: Language) throws {
        var answers = Self.answers
        answers.language = language
        let (settings, registry, problems) = try Self.loaded(answers)
        // Nothing was heard: that alone is remarked.
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix("warning: cameras: a registry without cameras") == true)
        #expect(settings?.systemName == "Қала \"Тау\" \\ 1")
        #expect(settings?.zone.name == "Asia/Aqtobe")
        #expect(settings?.node.name == "probe-1")
        #expect(settings?.captures.map(\.interface) == ["eth1"])
        #expect(settings?.ledger?.path.hasSuffix("/kuzet.ledger") == true)
        #expect(registry?.parties.map(\.language) == [language, language, language])
        #expect(registry?.sites.count == 1)
        #expect(registry?.channels.count == 1)
        #expect(registry?.cameras.isEmpty == true)
    }

    @Test func `each stream heard is a camera, and two of one host have names of their own`() throws
    {
        var answers = Self.answers
        answers.found = [
            InitAnswers.Found(
                stream: "rtsp://10.0.0.11/a?x=1,2", host: "10.0.0.11", what: "1920x1080 h264"),
            InitAnswers.Found(stream: "rtsp://10.0.0.11/b", host: "10.0.0.11", what: ""),
            InitAnswers.Found(stream: "239.1.1.1:5004", host: "2001:db8::1", what: "h265"),
            InitAnswers.Found(stream: "10.0.0.12", host: "10.0.0.12", what: "mjpeg"),
        ]
        let (_, registry, problems) = try Self.loaded(answers)
        #expect(problems == [])
        let cameras = registry?.cameras ?? []
        #expect(
            cameras.map(\.id.text) == [
                "cam-10-0-0-11", "cam-10-0-0-11-2", "cam-10-0-0-12", "cam-2001-db8--1",
            ])
        #expect(
            cameras.map { $0.stream?.description } == [
                "rtsp://10.0.0.11/a?x=1,2", "rtsp://10.0.0.11/b", "10.0.0.12", "239.1.1.1:5004",
            ])
        #expect(cameras.first?.name == "10.0.0.11, 1920x1080 h264")
    }

    @Test func `the service keeps its ledger and its socket where systemd makes room for them`()
        throws
    {
        var answers = Self.answers
        answers.isService = true
        answers.found = [InitAnswers.Found(stream: "10.0.0.1", host: "10.0.0.1", what: "")]
        let (settings, _, problems) = try Self.loaded(answers)
        #expect(problems == [])
        #expect(settings?.ledger?.path == "/var/lib/kuzet/kuzet.ledger")
        #expect(settings?.socketPath == "/run/kuzet/kuzet.sock")
    }

    @Test func `a word of an id has small letters, digits and hyphens alone`() {
        #expect(InitFiles.word("Probe_1.Site") == "probe-1-site")
        #expect(InitFiles.word("Ә1") == "--1")
        #expect(InitFiles.word(String(repeating: "a", count: 80)).utf8.count == 48)
    }
}
