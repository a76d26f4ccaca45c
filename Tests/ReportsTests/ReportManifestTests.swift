// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct ReportManifestTests {
    static let digest = String(repeating: "0a", count: 32)

    static func manifest() -> ReportManifest {
        ReportManifest(
            header: MadeUpSystem.statement().header, language: "ru", content: digest,
            journal: "kuzet-journal hub 12 " + digest,
            files: [
                .init(name: "report.html", octets: 5, digest: digest),
                .init(name: "cameras.csv", octets: 0, digest: digest),
            ])
    }

    @Test func `the text has one order and is read back`() {
        let text = """
            kuzet.manifest/1
            period: 2026-10
            recipient: coordinator
            language: ru
            revision: 1
            provisional: no
            content: \(Self.digest)
            journal: kuzet-journal hub 12 \(Self.digest)
            tzdata: 2026a
            software: 1.2.3
            file: \(Self.digest) 0 cameras.csv
            file: \(Self.digest) 5 report.html

            """
        #expect(Self.manifest().text == text)
        #expect(ReportManifest(parsing: text) == Self.manifest())
    }

    @Test func `a second issue is named, a first one is not`() {
        var manifest = Self.manifest()
        #expect(!manifest.text.contains("issue:"))
        manifest.issue = 2
        #expect(manifest.text.contains("revision: 1\nissue: 2\nprovisional"))
        #expect(ReportManifest(parsing: manifest.text) == manifest)
        #expect(manifest.folderName == "kuzet-2026-10-coordinator-ru-r1-i2")
        for number in ["1", "0", "-1", "x", ""] {
            let text = manifest.text.replacing("issue: 2", with: "issue: \(number)")
            #expect(ReportManifest(parsing: text) == nil, "\(number)")
        }
    }

    @Test func `a text that differs in one octet from ours is refused or reads otherwise`() {
        let text = Self.manifest().text
        for place in text.utf8.indices {
            var octets = Array(text.utf8)
            octets[text.utf8.distance(from: text.startIndex, to: place)] ^= 0x01
            let read = ReportManifest(parsing: String(decoding: octets, as: UTF8.self))
            #expect(read != Self.manifest())
        }
        #expect(ReportManifest(parsing: "") == nil)
        #expect(ReportManifest(parsing: String(text.dropLast())) == nil)
        #expect(ReportManifest(parsing: text + "\n") == nil)
    }

    @Test(arguments: ["../x", ".hidden", "a/b", "", "a b"])
    func `a file's name leads nowhere else`(name: String) {
        let text = Self.manifest().text.replacing("report.html", with: name)
        #expect(ReportManifest(parsing: text) == nil)
    }

    @Test func `a folder's name has nothing that a file system minds`() {
        let name = ReportManifest.folderName(
            period: "2026-10-01T00:00..2026-10-02", recipient: "subscriber:a", language: "kk",
            revision: 2, issue: 1)
        #expect(name == "kuzet-2026-10-01T00-00..2026-10-02-subscriber-a-kk-r2")
    }
}
