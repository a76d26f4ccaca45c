// SPDX-License-Identifier: Apache-2.0
import Registry

/// Looks over the text of a YAML file for what we refuse, before anything is built of it.
///
/// A small file can unfold into gigabytes by references to references, and one nested deep enough
/// ends a parser that calls itself. So neither reaches the parser. Each line is looked at by
/// itself: a quoted text must end on its line, which is all that settings need.
struct YAMLScan {
    /// Mappings and lists in each other, at most; ours need five (chosen).
    static let deepest = 16

    private let file: String
    private var problems = ProblemList()
    private var line = 0
    /// Columns at which the blocks begin that are open.
    private var indents: [Int] = []
    /// Brackets that are open.
    private var flowDepth = 0

    private init(file: String) {
        self.file = file
    }

    /// What is refused in `text`.
    static func problems(in text: String, file: String) -> ProblemList {
        var scan = YAMLScan(file: file)
        for line in text.utf8.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            scan.line += 1
            scan.look(at: Array(line))
            if scan.problems.hasErrors, scan.problems.problems.last?.code == .tooLarge { break }
        }
        return scan.problems
    }

    private mutating func refuse(
        _ code: RegistryProblem.Code, _ column: Int, _ what: String, expected: String
    ) {
        problems.append(
            RegistryProblem(
                .error, code, at: SourcePlace(file: file, line: line, column: column + 1),
                what: what, expected: expected))
    }

    private mutating func look(at line: [UInt8]) {
        let indent = line.prefix { $0 == UInt8(ascii: " ") }.count
        guard indent < line.count, line[indent] != UInt8(ascii: "\r") else { return }
        if line[indent] == UInt8(ascii: "\t") {
            let rest = line[indent...].first { $0 != 0x20 && $0 != 0x09 }
            if let rest, rest != UInt8(ascii: "#"), rest != UInt8(ascii: "\r") {
                refuse(.syntax, indent, "a tab before the text", expected: "spaces")
            }
            return
        }
        if line[indent] == UInt8(ascii: "#") { return }
        if flowDepth == 0 {
            while let last = indents.last, last > indent { indents.removeLast() }
            if indents.last != indent { indents.append(indent) }
        }
        tokens(of: line, from: indent)
    }

    /// Walks over what stands on a line.
    private mutating func tokens(of line: [UInt8], from start: Int) {
        var position = start
        var column = start
        var nested = 0
        var isNodeStart = true
        while position < line.count {
            let octet = line[position]
            let next = position + 1 < line.count ? line[position + 1] : 0x20
            let isSpaced = next == 0x20 || next == 0x0d || next == 0x09
            var width = 1
            switch octet {
            case 0x20, 0x09, 0x0d: break
            case UInt8(ascii: "#") where position == start || line[position - 1] <= 0x20: return
            case UInt8(ascii: "-") where isNodeStart && isSpaced && flowDepth == 0: nested += 1
            case UInt8(ascii: ":") where isSpaced: isNodeStart = true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                if isNodeStart {
                    guard let end = YAMLScan.end(ofQuoted: line, from: position) else {
                        refuse(
                            .syntax, column, "a quote that is not closed on its line",
                            expected: "the closing quote")
                        return
                    }
                    width = end - position
                    isNodeStart = false
                }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if isNodeStart || flowDepth > 0 {
                    flowDepth += 1
                    isNodeStart = true
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): flowDepth = max(0, flowDepth - 1)
            case UInt8(ascii: ",") where flowDepth > 0: isNodeStart = true
            default:
                if isNodeStart, refuses(octet, isSpaced: isSpaced, column) { return }
                isNodeStart = false
            }
            if indents.count + nested + flowDepth > YAMLScan.deepest {
                refuse(
                    .tooLarge, column, "nested too deep",
                    expected: "at most \(YAMLScan.deepest) mappings and lists in each other")
                return
            }
            for index in position..<position + width where line[index] & 0xc0 != 0x80 {
                column += 1
            }
            position += width
        }
    }

    /// Whether what begins with `octet` is of the parts of YAML that we do without.
    private mutating func refuses(_ octet: UInt8, isSpaced: Bool, _ column: Int) -> Bool {
        let plain = "the value itself"
        switch octet {
        case UInt8(ascii: "&"): refuse(.syntax, column, "an anchor", expected: plain)
        case UInt8(ascii: "*"):
            refuse(.syntax, column, "an alias", expected: plain + "; quote a text with *")
        case UInt8(ascii: "!"): refuse(.syntax, column, "a tag", expected: plain)
        case UInt8(ascii: "|"), UInt8(ascii: ">"):
            refuse(.syntax, column, "a text over several lines", expected: "a text on one line")
        case UInt8(ascii: "?") where isSpaced:
            refuse(.syntax, column, "a key that is no text", expected: "KEY: VALUE")
        case UInt8(ascii: "%") where column == 0:
            refuse(.syntax, column, "a directive", expected: "KEY: VALUE")
        default: return false
        }
        return true
    }

    /// The place behind the closing quote, or nil if there is none on this line.
    private static func end(ofQuoted line: [UInt8], from start: Int) -> Int? {
        let quote = line[start]
        var position = start + 1
        while position < line.count {
            if quote == UInt8(ascii: "\""), line[position] == UInt8(ascii: "\\") {
                position += 2
            } else if line[position] == quote {
                let isDoubled =
                    quote == UInt8(ascii: "'") && position + 1 < line.count
                    && line[position + 1] == quote
                guard isDoubled else { return position + 1 }
                position += 2
            } else {
                position += 1
            }
        }
        return nil
    }
}
