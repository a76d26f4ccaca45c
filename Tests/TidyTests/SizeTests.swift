// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct SizeTests {
    /// Lines of a source file: about what one reads in a sitting (chosen).
    static let longestSource = 500
    /// Lines of a test file, which is a list and read in parts (chosen).
    static let longestTest = 800
    /// Lines of a function: a screen (chosen).
    static let longestFunction = 60

    @Test func `a file is no longer than can be read in a sitting`() {
        for source in Repository.swiftSources {
            let limit = source.isTest ? Self.longestTest : Self.longestSource
            // The last element is what follows the last line break.
            let count = source.lines.count - 1
            guard count > limit else { continue }
            let finding = Finding(
                path: source.path, line: limit + 1, what: "\(count) lines, more than \(limit)",
                remedy: "a noun is missing: find it and give it a file of its own")
            Issue.record("\(finding)")
        }
    }

    @Test func `a function is no longer than a screen unless it says why`() {
        for source in Repository.swiftSources {
            for function in Self.functions(in: source.lines, code: source.code)
            where function.length > Self.longestFunction && !function.isExcused {
                let finding = Finding(
                    path: source.path, line: function.line,
                    what: "\(function.name) has \(function.length) lines, more than "
                        + "\(Self.longestFunction)",
                    remedy: "divide it, or write `// long: reason` on the line above")
                Issue.record("\(finding)")
            }
        }
    }

    @Test func `the counter of lines sees braces in code only`() {
        let text = """
            // long: because
            func one() {
                let brace = "{"  // }
                if true { return }
            }

            init?(wide: Int) { self = 0 }
            var body: Int { 3 }
            func `a {} name`(
                of: Int
            ) -> Int {
                1
            }
            """
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let found = Self.functions(in: lines, code: lines.map(\.code))
        #expect(found.map(\.length) == [4, 1, 5])
        #expect(found.map(\.isExcused) == [true, false, false])
    }

    struct Function {
        let name: String
        let line: Int
        let isExcused: Bool
        var length = 0
    }

    /// Functions and initialisers by their declarations; one inside another counts as its part.
    static func functions(in lines: [String], code: [String]) -> [Function] {
        var found: [Function] = []
        var open: Function?
        var depth = 0
        var isLiteral = false
        for (index, (line, code)) in zip(lines, code).enumerated() {
            let fences = line.contains("\"\"\"") ? line.ranges(of: "\"\"\"").count : 0
            let wasLiteral = isLiteral
            if fences % 2 == 1 { isLiteral.toggle() }
            if wasLiteral && isLiteral { continue }
            if open == nil, declares(code) {
                let above = index > 0 ? lines[index - 1] : ""
                open = Function(
                    name: line.trimmed, line: index + 1, isExcused: above.contains("// long: "))
                depth = 0
            }
            guard var function = open else { continue }
            let before = depth
            depth += code.utf8.count { $0 == UInt8(ascii: "{") }
            depth -= code.utf8.count { $0 == UInt8(ascii: "}") }
            function.length = index + 2 - function.line
            let isOneLine = before == 0 && depth == 0 && code.contains("{")
            if isOneLine || (before > 0 && depth <= 0) {
                found.append(function)
                open = nil
            } else if before == 0, depth < 0 {
                open = nil  // A protocol's requirement: it had no body.
            } else {
                open = function
            }
        }
        return found
    }

    private static func declares(_ code: String) -> Bool {
        guard code.contains("func ") || code.contains("init") || code.contains("subscript(") else {
            return false
        }
        let words = code.split(separator: " ")
        return words.contains("func")
            || words.contains { word in
                word.hasPrefix("init(") || word.hasPrefix("init?(") || word.hasPrefix("subscript(")
            } && !code.contains("= init(") && !code.contains("return init(")
    }
}

extension String {
    /// Without white space before and behind.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }),
            let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
