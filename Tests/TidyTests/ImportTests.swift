// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct ImportTests {
    /// The module that a line imports, if it does.
    static func module(importedBy line: String) -> String? {
        var words = line.code.split(separator: " ").map(String.init)
        let before: Set<String> = [
            "public", "package", "internal", "fileprivate", "private", "@testable",
            "@preconcurrency", "@_exported", "@_spi",
        ]
        while let first = words.first, before.contains(first) { words.removeFirst() }
        guard words.first == "import", words.count > 1 else { return nil }
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "var", "typealias",
        ]
        let path = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return path.split(separator: ".").first.map(String.init)
    }

    @Test func `a room imports only what its row of the table names`() {
        for source in Repository.swiftSources where !source.isTest {
            guard let room = ImportTable.room(source.target) else { continue }
            let allowed = room.mayImport.union(room.isPure ? [] : ImportTable.system)
            for (index, line) in source.lines.enumerated() where line.contains("import ") {
                guard let module = Self.module(importedBy: line), !allowed.contains(module)
                else { continue }
                let finding = Finding(
                    path: source.path, line: index + 1, what: "\(room.name) imports \(module)",
                    remedy: "move what needs it to a room that may, or change the table in "
                        + "docs/architecture.md and here with a reason in docs/decisions/")
                Issue.record("\(finding)")
            }
        }
    }

    @Test func `every folder of Sources has a row in the table`() {
        let folders = Set(
            Repository.files(ending: [".swift", ".modulemap"], under: ["Sources"])
                .map { String($0.split(separator: "/")[1]) })
        for folder in folders.sorted() where ImportTable.room(folder) == nil {
            Issue.record("Sources/\(folder):1: no row in ImportTable; say what it may import")
        }
    }

    @Test func `the table has no cycle and lets no pure room reach an edge`() {
        for room in ImportTable.rooms where room.isPure {
            for name in room.mayImport {
                guard let other = ImportTable.room(name) else {
                    Issue.record("\(room.name) may import \(name), which has no row")
                    continue
                }
                #expect(other.isPure, "\(room.name) is pure and may import \(name), an edge")
                #expect(
                    !other.mayImport.contains(room.name),
                    "\(room.name) and \(name) may import each other")
            }
        }
    }

    @Test func `the package gives each room exactly the dependencies of its row`() throws {
        let manifest = try #require(Repository.text("Package.swift"))
        for room in ImportTable.rooms {
            guard let declared = Self.dependencies(of: room.name, in: manifest) else { continue }
            #expect(
                declared == room.mayImport,
                "Package.swift: \(room.name) depends on \(declared.sorted()), the table says \(room.mayImport.sorted()); make them equal"
            )
        }
    }

    @Test func `the architecture page shows every room of the table`() throws {
        let page = try #require(Repository.text("docs/architecture.md"))
        for room in ImportTable.rooms where !room.name.hasPrefix("C") || room.name == "Capture" {
            #expect(
                page.contains("| `\(room.name)` |"),
                "docs/architecture.md: no row for \(room.name); add it to the table of rooms")
        }
    }

    @Test(
        arguments: [
            ("import Octets", "Octets"), ("public import Timekeeping", "Timekeeping"),
            ("@testable import RTP", "RTP"), ("import struct Foundation.Date", "Foundation"),
            ("// import Foundation", nil), ("let text = \"import X\"", nil),
        ] as [(String, String?)])
    func `imports are found in code and not in comments or literals`(
        line: String, module: String?
    ) {
        #expect(Self.module(importedBy: line) == module)
    }

    /// The dependencies that the manifest states for a target; nil if it is not ours to compare.
    static func dependencies(of name: String, in manifest: String) -> Set<String>? {
        var opening = "room(\"\(name)\""
        var list = "imports:"
        let flat = manifest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacing("room( ", with: "room(")
        if !flat.contains(opening) {
            opening = ".executableTarget( name: \"\(name)\""
            list = "dependencies:"
        }
        guard let start = flat.firstRange(of: opening) else { return nil }
        // Up to the next target; a room without imports has none.
        var rest = flat[start.upperBound...]
        for next in ["room(", ".systemLibrary(", ".testTarget("] {
            if let end = rest.firstRange(of: next) { rest = rest[..<end.lowerBound] }
        }
        guard let from = rest.firstRange(of: list),
            let open = rest[from.upperBound...].firstIndex(of: "["),
            let close = rest[open...].firstIndex(of: "]")
        else { return [] }
        let names = rest[open..<close].split(separator: "\"").enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return Set(names).subtracting([
            "swift-argument-parser", "swift-crypto", "swift-log", "GRDB.swift",
        ])
    }
}
