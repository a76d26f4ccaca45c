// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The checkout that holds this file, as text.
enum Repository {
    /// The folder of `Package.swift`.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// One text file.
    struct Source: Sendable {
        /// From the root, such as `Sources/RTP/RTPHeader.swift`.
        let path: String
        let lines: [String]

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
        var isTest: Bool { path.hasPrefix("Tests/") }
        /// The target's folder: the second part of the path.
        var target: String {
            let parts = path.split(separator: "/")
            return parts.count > 2 ? String(parts[1]) : ""
        }
    }

    /// Every Swift file of ours, in the order of paths.
    static let swiftSources: [Source] = files(ending: [".swift"], under: ["Sources", "Tests"])
        .compactMap(source)

    /// Every other text file that is committed, as far as endings tell.
    static let texts: [Source] = (files(
        ending: [".md", ".py", ".h", ".modulemap", ".yml", ".yaml", ".sh"],
        under: ["Sources", "Tests", "docs", "packaging", "examples", "Benchmarks", "Fuzz"])
        + ["Makefile", "Package.swift", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        + files(ending: [""], under: [".ci", "packaging"]).filter { !$0.contains(".") })
        .compactMap(source)

    /// The text of a file, or nil if there is none.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func source(_ path: String) -> Source? {
        text(path).map { text in
            Source(
                path: path,
                lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                    .map(String.init))
        }
    }

    /// Paths from the root of all files under `folders`, without what is built.
    static func files(ending endings: [String], under folders: [String]) -> [String] {
        var found: [String] = []
        for folder in folders {
            let enumerator = FileManager.default.enumerator(
                atPath: root.appending(path: folder).path)
            while let path = enumerator?.nextObject() as? String {
                if path.split(separator: "/").contains(where: { $0.hasPrefix(".build") }) {
                    continue
                }
                let isWanted = endings.contains { path.hasSuffix($0) }
                let type = enumerator?.fileAttributes?[.type] as? FileAttributeType
                if isWanted, type == .typeRegular { found.append("\(folder)/\(path)") }
            }
        }
        return found.sorted()
    }
}

/// Something out of order: where, what, and what to do about it.
struct Finding: CustomStringConvertible {
    let path: String
    let line: Int
    let what: String
    let remedy: String

    var description: String { "\(path):\(line): \(what); \(remedy)" }
}

extension String {
    /// The line without its comment, without the text of literals, and without the marks of raw
    /// identifiers: what the compiler sees as code.
    ///
    /// Good for one line at a time; a literal over several lines is read as code.
    var code: String {
        var result = ""
        var quote: Character?
        var previous: Character?
        for character in self {
            if let open = quote {
                if character == open, previous != "\\" { quote = nil }
                previous = previous == "\\" && character == "\\" ? nil : character
                continue
            }
            if character == "\"" || character == "`" {
                quote = character
                previous = nil
                continue
            }
            if character == "/", result.last == "/" {
                result.removeLast()
                return result
            }
            result.append(character)
        }
        return result
    }
}
