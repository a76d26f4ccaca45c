// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct TextTests {
    static let licence = "SPDX-License-Identifier: Apache-2.0"

    /// This folder names what it looks for.
    static func isOurs(_ source: Repository.Source) -> Bool {
        !source.path.hasPrefix("Tests/TidyTests/")
    }

    @Test func `every source says its licence in the first line`() {
        for source in Repository.swiftSources
        where source.lines.first != "// " + Self.licence {
            Issue.record("\(source.path):1: no licence; begin with `// \(Self.licence)`")
        }
        for source in Repository.texts
        where source.path.hasSuffix(".py") || source.path.hasPrefix(".ci/")
            || (source.path.hasPrefix("packaging/") && !source.name.contains("."))
        {
            let head = source.lines.prefix(2)
            if !head.contains("# " + Self.licence) {
                Issue.record("\(source.path):2: no licence; write `# \(Self.licence)`")
            }
        }
    }

    @Test func `nothing is left to be done later`() {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]
        for source in Repository.swiftSources + Repository.texts where Self.isOurs(source) {
            for (index, line) in source.lines.enumerated() {
                for mark in marks where line.containsWord(mark) {
                    Issue.record(
                        "\(source.path):\(index + 1): \(mark); do it, or write down in docs/ what is missing and why"
                    )
                }
            }
        }
    }

    @Test func `no path of one machine is in the text`() {
        // In parts, so that a search for them does not end here.
        let paths = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/" + "swift"]
        for source in Repository.swiftSources + Repository.texts where Self.isOurs(source) {
            for (index, line) in source.lines.enumerated()
            where line.utf8.contains(UInt8(ascii: "/")) {
                for path in paths where line.contains(path) {
                    Issue.record(
                        "\(source.path):\(index + 1): \(path); write a path from the top of the checkout"
                    )
                }
            }
        }
    }

    @Test func `a test file is named after the source that it tests`() {
        let sources = Dictionary(
            grouping: Repository.swiftSources.filter { !$0.isTest }, by: \.target)
        for test in Repository.swiftSources
        where test.isTest && test.name.hasSuffix("Tests.swift") && test.target != "TidyTests" {
            let stem = test.name.dropLast("Tests.swift".count)
            // A file, or a folder of files that are tested together.
            let names = sources[String(test.target.dropLast("Tests".count)), default: []]
                .flatMap { source in
                    let parts = source.path.dropLast(".swift".count).split(separator: "/")
                    return parts.dropFirst(2).map { part in part.filter { $0 != "+" } }
                }
            // Or else what a room as a whole does with bad input, by the kind of input.
            let isNamed = names.contains { stem.hasPrefix($0) } || stem.hasPrefix("Bad")
            if !isNamed {
                Issue.record(
                    "\(test.path):1: no source \(stem).swift in its room; name it after what it tests"
                )
            }
        }
    }

    @Test func `no room and no file is a drawer for everything`() {
        let drawers = [
            "Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Core", "Shared", "Misc",
            "Extensions", "Models",
        ]
        for source in Repository.swiftSources {
            let stem = source.name.split(separator: ".").first.map(String.init) ?? ""
            for drawer in drawers where stem.hasSuffix(drawer) || source.target == drawer {
                Issue.record("\(source.path):1: \(drawer); say what it is for instead")
            }
        }
    }
}
