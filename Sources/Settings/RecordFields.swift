// SPDX-License-Identifier: Apache-2.0
import Registry

/// The fields of one record, whether a mapping of YAML or a row of CSV: so that each kind of
/// record is read by one reader.
protocol RecordFields {
    /// Where the record begins.
    var place: SourcePlace { get }
    /// Where its fields stand.
    var places: FieldPlaces { get }
    /// Whether a field is there, even if empty.
    func has(_ key: String) -> Bool
    /// The text of a field; nil if it is not there, is empty, or is no text, which is reported.
    func text(_ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList)
        -> FieldValue?
    /// The texts of a list; empty if it is not there.
    func texts(_ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList)
        -> [FieldValue]
}

/// Reads the fields of one record by their rules, and collects what is wrong.
struct RecordReader<Fields: RecordFields> {
    let fields: Fields
    var problems: ProblemList
    private let list: String
    private let number: Int

    /// Begins to read a record of `list`; one without a valid id is called by its number.
    init(_ fields: Fields, list: String, number: Int) {
        self.fields = fields
        self.list = list
        self.number = number
        problems = ProblemList()
    }

    /// Begins to read what is part of a record, at `path`.
    init(_ fields: Fields, at path: String) {
        self.init(fields, list: path, number: 0)
    }

    /// The record's path in messages, such as `sites.almaty-school-1`.
    ///
    /// Made only when there is something to say: most records have nothing wrong.
    var path: String {
        if number == 0 { return list }
        var ignored = ProblemList()
        if let id = fields.text("id", "", &ignored)?.text, Identifier.isValid(id) {
            return "\(list).\(id)"
        }
        return "\(list)[\(number)]"
    }

    /// A field that must be there.
    mutating func required<Value>(
        _ key: String, expected: String,
        _ convert: (String) throws(ValueFault) -> Value
    ) -> Value? {
        guard let value = text(key) else {
            if !fields.has(key) || isNothing(key) {
                problems.append(
                    RegistryProblem(
                        .error, .missing, at: fields.places.place(of: key) ?? fields.place,
                        field: "\(path).\(key)", what: "missing", expected: expected))
            }
            return nil
        }
        return self.value(value, key, convert)
    }

    /// A field that may be left out.
    mutating func optional<Value>(
        _ key: String, _ convert: (String) throws(ValueFault) -> Value
    ) -> Value? {
        guard let value = text(key) else { return nil }
        return self.value(value, key, convert)
    }

    /// A list, each element by the same rule; what breaks it is left out.
    mutating func list<Value>(
        _ key: String, _ convert: (String) throws(ValueFault) -> Value
    ) -> [Value] {
        var found = ProblemList()
        let texts = fields.texts(key, "\(path).\(key)", &found)
        if found.hasErrors { problems.append(contentsOf: found) }
        var values: [Value] = []
        for (index, text) in texts.enumerated() {
            if let value = value(text, texts.count == 1 ? key : "\(key)[\(index + 1)]", convert) {
                values.append(value)
            }
        }
        return values
    }

    /// The text of a field, what is wrong with it noted.
    private mutating func text(_ key: String) -> FieldValue? {
        var found = ProblemList()
        let value = fields.text(key, "\(path).\(key)", &found)
        if found.hasErrors { problems.append(contentsOf: found) }
        return value
    }

    /// Whether a field is there and says nothing.
    private func isNothing(_ key: String) -> Bool {
        var ignored = ProblemList()
        return fields.text(key, "", &ignored) == nil && !ignored.hasErrors
    }

    private mutating func value<Value>(
        _ field: FieldValue, _ key: String, _ convert: (String) throws(ValueFault) -> Value
    ) -> Value? {
        do {
            return try convert(field.text)
        } catch {
            problems.append(
                RegistryProblem(
                    error, at: field.place, field: "\(path).\(key)", got: field.text))
            return nil
        }
    }
}

/// A mapping of YAML as a record.
struct YAMLRecord: RecordFields {
    let mapping: YAMLMapping

    var place: SourcePlace { mapping.place }

    var places: FieldPlaces {
        var places: [String: SourcePlace] = [:]
        YAMLRecord.add(mapping, prefix: "", to: &places)
        return .places(places)
    }

    private static func add(
        _ mapping: YAMLMapping, prefix: String, to places: inout [String: SourcePlace]
    ) {
        for entry in mapping.entries {
            let name = prefix + entry.key
            places[name] = entry.value.place
            switch entry.value {
            case .text: break
            case .list(let nodes, _):
                for (index, node) in nodes.enumerated() {
                    places["\(name)[\(index)]"] = node.place
                }
            case .mapping(let inner): add(inner, prefix: name + ".", to: &places)
            }
        }
    }

    func has(_ key: String) -> Bool { mapping[key] != nil }

    func text(
        _ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList
    ) -> FieldValue? {
        guard let entry = mapping[key] else { return nil }
        guard case .text(let value) = entry.value else {
            problems.append(
                RegistryProblem(
                    .error, .wrongType, at: entry.value.place, field: path(),
                    what: entry.value.kind, expected: "a text"))
            return nil
        }
        return value.isNothing ? nil : value
    }

    func texts(
        _ key: String, _ path: @autoclosure () -> String, _ problems: inout ProblemList
    ) -> [FieldValue] {
        guard let entry = mapping[key] else { return [] }
        let nodes: [YAMLNode]
        switch entry.value {
        case .list(let list, _): nodes = list
        case .text(let value): return value.isNothing ? [] : [value]
        case .mapping: nodes = [entry.value]
        }
        var values: [FieldValue] = []
        for (index, node) in nodes.enumerated() {
            if case .text(let value) = node, !value.isNothing {
                values.append(value)
            } else {
                problems.append(
                    RegistryProblem(
                        .error, .wrongType, at: node.place, field: "\(path())[\(index + 1)]",
                        what: node.kind, expected: "a text"))
            }
        }
        return values
    }
}

extension YAMLMapping {
    /// Says which keys nobody knows, and what was probably meant.
    func checkKeys(_ known: [String], path: String, _ problems: inout ProblemList) {
        for entry in entries where !known.contains(entry.key) {
            let field = (path.isEmpty ? "" : path + ".") + entry.key
            if SecretReference.isClear(key: entry.key) {
                problems.append(
                    RegistryProblem(
                        .error, .secretInClear, at: entry.place, field: field,
                        what: "a secret in clear",
                        expected: "its place: `\(entry.key)_file` (mode 0600), "
                            + "`\(entry.key)_env`, or `credential` (systemd)"))
                continue
            }
            problems.append(
                RegistryProblem(
                    .error, .unknownField, at: entry.place, field: field, what: "unknown key",
                    expected: "one of " + known.joined(separator: ", "),
                    suggestion: NearestWord.nearest(to: entry.key, in: known)))
        }
    }
}
