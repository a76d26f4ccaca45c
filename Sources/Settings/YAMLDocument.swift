// SPDX-License-Identifier: Apache-2.0
import Registry
import Yams

/// Reads a YAML file into nodes.
enum YAMLDocument {
    /// Octets of a file, at most: some 4,000 sites; larger lists are CSV (chosen).
    static let largest = 1 << 20
    /// Keys that are there twice and are looked for, at most (chosen).
    static let mostDuplicates = 50

    /// The nodes of the file at `path`; nil, with the reason among `problems`, if there are none.
    static func read(_ path: String, _ problems: inout ProblemList) -> YAMLNode? {
        do {
            return parse(
                try InputFile.octets(of: path, limit: largest), file: path, &problems)
        } catch {
            problems.append(error)
            return nil
        }
    }

    /// The nodes of `octets`.
    static func parse(
        _ octets: [UInt8], file: String, _ problems: inout ProblemList
    ) -> YAMLNode? {
        let body = octets.starts(with: [0xef, 0xbb, 0xbf]) ? Array(octets.dropFirst(3)) : octets
        guard let text = Unicode8.text(body) else {
            let fault = Unicode8.firstFault(in: body)
            let before = body[..<fault]
            let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
            problems.append(
                Unicode8.problem(
                    octet: body[fault], offset: fault + octets.count - body.count, begins: octets,
                    at: SourcePlace(
                        file: file, line: before.count { $0 == 0x0a } + 1,
                        column: body[lineStart..<fault].count { $0 & 0xc0 != 0x80 } + 1)))
            return nil
        }
        let refused = YAMLScan.problems(in: text, file: file)
        problems.append(contentsOf: refused)
        if refused.hasErrors { return nil }
        var composer = YAMLComposer(text: text, file: file)
        let node = composer.compose()
        problems.append(contentsOf: composer.problems)
        return node
    }
}

/// Turns text into nodes by Yams, and names every key that is there twice.
private struct YAMLComposer {
    var text: String
    let file: String
    var problems = ProblemList()
    /// Keys that were given another name, by their places.
    ///
    /// Yams refuses a mapping in which a key
    /// is there twice and says where the first is, not the second. So the first gets a name that
    /// nobody uses, and all others can be found.
    private var renamed: [Place: String] = [:]

    private struct Place: Hashable {
        let line: Int
        let column: Int
    }

    init(text: String, file: String) {
        self.text = text
        self.file = file
    }

    mutating func compose() -> YAMLNode? {
        while true {
            do {
                // Held until the end: anchors live only as long as their parser.
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    return .mapping(YAMLMapping(entries: [], place: SourcePlace(file: file)))
                }
                let node = convert(root)
                withExtendedLifetime(parser) {}
                return problems.hasErrors ? nil : node
            } catch let error as YamlError {
                if case .duplicatedKeysInMapping(let keys, let context) = error,
                    let key = keys.first, rename(key, at: context.mark)
                {
                    continue
                }
                problems.append(problem(of: error))
                return nil
            } catch {
                problems.append(
                    RegistryProblem(
                        .error, .syntax, at: SourcePlace(file: file), what: "cannot be read"))
                return nil
            }
        }
    }

    /// Gives the key at `mark` a name of its own, of as many letters; false if that cannot be done.
    private mutating func rename(_ key: String, at mark: Mark) -> Bool {
        let count = key.unicodeScalars.count
        guard renamed.count < YAMLDocument.mostDuplicates, count > 0,
            var start = index(of: mark),
            let letter = Unicode.Scalar(UInt32(0xe000 + renamed.count))
        else { return false }
        if let first = text[start...].utf8.first, first == 0x22 || first == 0x27 {
            start = text.utf8.index(after: start)
        }
        guard text[start...].hasPrefix(key) else { return false }
        let end = text.unicodeScalars.index(start, offsetBy: count)
        let name = String(String.UnicodeScalarView(repeatElement(letter, count: count)))
        text.replaceSubrange(start..<end, with: name)
        renamed[Place(line: mark.line, column: mark.column)] = key
        return true
    }

    private func index(of mark: Mark) -> String.Index? {
        var start = text.startIndex
        for _ in 1..<max(1, mark.line) {
            guard let end = text.utf8[start...].firstIndex(of: 0x0a) else { return nil }
            start = text.utf8.index(after: end)
        }
        return text.unicodeScalars.index(
            start, offsetBy: mark.column - 1, limitedBy: text.endIndex)
    }

    private func place(_ mark: Mark?) -> SourcePlace {
        SourcePlace(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private mutating func convert(_ node: Node) -> YAMLNode {
        if node.anchor != nil {
            problems.append(
                RegistryProblem(
                    .error, .syntax, at: place(node.mark), what: "an anchor or alias",
                    expected: "the value itself"))
            return .text(FieldValue(text: "", place: place(node.mark)))
        }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
            return .text(
                FieldValue(text: scalar.string, place: place(scalar.mark), isQuoted: isQuoted))
        case .sequence(let sequence):
            return .list(sequence.map { convert($0) }, at: place(sequence.mark))
        case .mapping(let mapping): return .mapping(convert(mapping))
        case .alias: return .text(FieldValue(text: "", place: place(node.mark)))
        }
    }

    private mutating func convert(_ mapping: Node.Mapping) -> YAMLMapping {
        var entries: [YAMLMapping.Entry] = []
        var first: [String: SourcePlace] = [:]
        for (keyNode, valueNode) in mapping {
            let place = place(keyNode.mark)
            guard case .scalar(let scalar) = keyNode else {
                problems.append(
                    RegistryProblem(
                        .error, .syntax, at: place, what: "a key that is no text",
                        expected: "KEY: VALUE"))
                continue
            }
            let key =
                renamed[Place(line: Int(place.line), column: Int(place.column))]
                ?? scalar.string
            if let earlier = first[key] {
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: place, field: key,
                        what: "duplicate key (first at line \(earlier.line))"))
                continue
            }
            first[key] = place
            entries.append(
                YAMLMapping.Entry(key: key, place: place, value: convert(valueNode)))
        }
        return YAMLMapping(entries: entries, place: place(mapping.mark))
    }

    private func problem(of error: YamlError) -> RegistryProblem {
        func syntax(_ what: String, _ mark: Mark?) -> RegistryProblem {
            RegistryProblem(.error, .syntax, at: place(mark), what: what)
        }
        switch error {
        case .scanner(_, let what, let mark, _), .parser(_, let what, let mark, _),
            .composer(_, let what, let mark, _):
            return syntax(what, mark)
        case .reader(let what, let offset, _, let yaml):
            let before = yaml.utf8.prefix(max(0, offset ?? 0))
            let line = before.count { $0 == 0x0a } + 1
            return RegistryProblem(
                .error, .syntax, at: SourcePlace(file: file, line: line), what: what)
        case .duplicatedKeysInMapping(let keys, let context):
            return RegistryProblem(
                .error, .duplicate, at: place(context.mark), field: keys.first ?? "",
                what: "duplicate key (this is the first)")
        default: return syntax("cannot be read", nil)
        }
    }
}
