// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct VersionTests {
    /// The file that names the version.
    static let source = "Sources/kuzet/SoftwareVersion.swift"

    @Test func `the newest heading of the changelog is the version of the software`() throws {
        let source = try #require(Repository.source(Self.source))
        let line = try #require(source.lines.first { $0.contains("static let number = ") })
        let number = line.split(separator: "\"").dropFirst().first.map(String.init)
        let page = try #require(Repository.source("CHANGELOG.md"))
        let heading = try #require(page.lines.firstIndex { $0.hasPrefix("## ") })
        let newest = page.lines[heading].dropFirst(3).prefix { $0 != "," && $0 != " " }
        if number != String(newest) {
            Issue.record(
                """
                \(page.path):\(heading + 1): \(newest), and \(Self.source) has \
                \(number ?? "none"); write the same in both
                """)
        }
    }

    @Test func `no other source names the version`() throws {
        let source = try #require(Repository.source(Self.source))
        let line = try #require(source.lines.first { $0.contains("static let number = ") })
        let quoted = try #require(line.split(separator: " ").last.map(String.init))
        for other in Repository.swiftSources where !other.isTest && other.path != Self.source {
            for (index, text) in other.lines.enumerated() where text.contains(quoted) {
                Issue.record("\(other.path):\(index + 1): \(quoted); use SoftwareVersion.number")
            }
        }
    }
}
