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
        /// The same lines as the compiler sees them; see `String.code`.
        let code: [String]

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
    static let texts: [Source] =
        (files(
            ending: [".md", ".py", ".h", ".modulemap", ".yml", ".yaml", ".sh"],
            under: ["Sources", "Tests", "docs", "packaging", "examples", "Benchmarks", "Fuzz"])
        + [
            "Makefile", "Package.swift", "README.md", "CHANGELOG.md", "CONTRIBUTING.md",
            "SECURITY.md",
        ]
        + files(ending: [""], under: [".ci", "packaging"]).filter { !$0.contains(".") })
        .compactMap(source)

    /// The text of a file, or nil if there is none.
    static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func source(_ path: String) -> Source? {
        text(path).map { text in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
            return Source(path: path, lines: lines, code: lines.map(\.code))
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
    /// Whether `word` stands here and is not the end of a longer name.
    func containsWord(_ word: String) -> Bool {
        guard utf8.contains(word.utf8.first ?? 0), contains(word) else { return false }
        let isName = word.first.map { $0.isLetter } ?? false
        return ranges(of: word).contains { range in
            guard isName, range.lowerBound > startIndex else { return true }
            let before = self[index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && before != "_"
        }
    }

    /// The line without its comment, without the text of literals, and without the marks of raw
    /// identifiers: what the compiler sees as code.
    ///
    /// Good for one line at a time; a literal over several lines is read as code.
    var code: String {
        var result: [UInt8] = []
        var quote: UInt8?
        var isEscaped = false
        let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
        for octet in utf8 {
            if let open = quote {
                if octet == open, !isEscaped { quote = nil }
                isEscaped = octet == backslash && !isEscaped
            } else if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "`") {
                quote = octet
                isEscaped = false
            } else if octet == slash, result.last == slash {
                result.removeLast()
                break
            } else {
                result.append(octet)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
