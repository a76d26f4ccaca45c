// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite struct FixtureTests {
    static let folder = "Tests/Fixtures/captures"
    /// Bytes that all captures may take: a checkout must stay small (chosen).
    static let largestTotal = 9_500_000

    static let files = Repository.files(ending: [""], under: [folder])
    static let captures = files.filter { !$0.hasSuffix(".tsv") }

    @Test func `every capture has its line in the list with its origin`() throws {
        let list = try #require(Repository.text("Tests/Fixtures/README.md"))
        for capture in Self.captures {
            let name = capture.split(separator: "/").last.map(String.init) ?? ""
            if !list.contains("| `\(name)` | ") {
                Issue.record(
                    "\(capture):1: no line in Tests/Fixtures/README.md; say where it comes from and what it covers"
                )
            }
        }
    }

    @Test func `every line of the list names a capture that is there`() throws {
        let list = try #require(Repository.text("Tests/Fixtures/README.md"))
        for (index, line) in list.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where line.hasPrefix("| `")
        {
            let name = line.dropFirst(3).prefix { $0 != "`" }
            if !Self.captures.contains("\(Self.folder)/\(name)") {
                Issue.record(
                    "Tests/Fixtures/README.md:\(index + 1): no capture \(name); remove the line")
            }
        }
    }

    @Test func `every capture has an oracle and every oracle a capture`() {
        let bases = Set(
            Self.captures.map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 })
        let oracles = Set(
            Self.files.filter { $0.hasSuffix(".oracle.tsv") }
                .map { String($0.dropLast(".oracle.tsv".count)) })
        for base in bases.subtracting(oracles).sorted() {
            Issue.record("\(base):1: no oracle; write \(base).oracle.tsv")
        }
        for base in oracles.subtracting(bases).sorted() {
            Issue.record("\(base).oracle.tsv:1: no capture; remove it")
        }
    }

    @Test func `all captures together stay small`() throws {
        let sizes = try Self.files.map { path in
            try Repository.root.appending(path: path).resourceValues(forKeys: [.fileSizeKey])
                .fileSize ?? 0
        }
        let total = sizes.reduce(0, +)
        #expect(
            total <= Self.largestTotal,
            "\(Self.folder):1: \(total) bytes; blank payloads with blank_payload.py or shorten one")
    }

    @Test func `fixtures of a room are listed beside them or read by a test`() throws {
        let tests = Repository.swiftSources.filter(\.isTest)
            .flatMap(\.lines).joined(separator: "\n")
        let folders = Repository.files(ending: [""], under: ["Tests"])
            .filter { $0.contains("Tests/Fixtures/") && !$0.hasPrefix("Tests/Fixtures/") }
        for path in folders where !path.hasSuffix("README.md") {
            let parts = path.split(separator: "/").map(String.init)
            let list = Repository.text("Tests/\(parts[1])/Fixtures/README.md") ?? ""
            let name = parts.last ?? ""
            let stem = name.split(separator: ".").first.map(String.init) ?? name
            // Tests put names together: `gst_mcast6` and `_client`.
            let pair = stem.lastIndex(of: "_").map { String(stem[..<$0]) } ?? stem
            let isKnown = [name, stem, pair].contains { list.contains($0) || tests.contains($0) }
            if !isKnown {
                Issue.record("\(path):1: no test reads it; remove it, or name it in a test")
            }
        }
    }
}
