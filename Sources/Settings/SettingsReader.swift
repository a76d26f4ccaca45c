// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// Reads `kuzet.yaml` by its schema.
struct SettingsReader {
    static let sections = [
        "system", "node", "registry", "ledger", "capture", "checks", "reports", "credentials",
    ]

    let path: String
    var problems = ProblemList()
    var folder: String { InputFile.parent(of: path) }

    init(path: String) {
        self.path = path
    }

    mutating func read() -> KuzetSettings? {
        guard let root = YAMLDocument.read(path, &problems) else { return nil }
        guard case .mapping(let mapping) = root else {
            wrongType(
                root, "", expected: "a mapping of " + Self.sections.joined(separator: ", "))
            return nil
        }
        mapping.checkKeys(Self.sections, path: "", &problems)
        let system = readSystem(mapping)
        let registry = readRegistry(mapping)
        let ledger = readLedger(mapping)
        let key = readReports(mapping)
        let credentials = readCredentials(mapping)
        let node = readNode(mapping)
        let captures = readCaptures(mapping)
        let checks = readChecks(mapping)
        guard let zone = system?.zone, let registry else { return nil }
        var settings = KuzetSettings(zone: zone, registry: registry)
        settings.systemName = system?.name ?? ""
        settings.ledger = ledger
        settings.signingKey = key
        settings.credentials = credentials
        settings.node = node
        settings.captures = captures
        settings.checks = checks
        return settings
    }

    mutating func wrongType(_ node: YAMLNode, _ field: String, expected: String) {
        problems.append(
            RegistryProblem(
                .error, .wrongType, at: node.place, field: field, what: node.kind,
                expected: expected))
    }

    /// The mapping of a section whose keys are `known`; nil if it is not there.
    mutating func section(
        _ parent: YAMLMapping, _ key: String, _ known: [String], path: String = ""
    ) -> YAMLMapping? {
        guard let entry = parent[key] else { return nil }
        let field = path.isEmpty ? key : path + "." + key
        guard case .mapping(let mapping) = entry.value else {
            wrongType(
                entry.value, field, expected: "a mapping of " + known.joined(separator: ", "))
            return nil
        }
        mapping.checkKeys(known, path: field, &problems)
        return mapping
    }

    // MARK: - Sections

    private mutating func readSystem(_ root: YAMLMapping) -> (name: String, zone: ZoneRules)? {
        let mapping = section(root, "system", ["name", "time_zone"])
        var reader = RecordReader(
            YAMLRecord(mapping: mapping ?? YAMLMapping(entries: [], place: root.place)),
            at: "system")
        let name = reader.optional("name", FieldRules.name)
        let named = reader.optional("time_zone", ZoneFiles.rules)
        if mapping?["time_zone"] != nil, named == nil, !reader.problems.hasErrors {
            // There and empty is a slip, not a wish for the default.
            _ = reader.required("time_zone", expected: ZoneFiles.expected, ZoneFiles.rules)
        }
        problems.append(contentsOf: reader.problems)
        if reader.problems.hasErrors { return nil }
        if let named { return (name ?? "", named) }
        do {
            return (name ?? "", try ZoneFiles.rules(KuzetSettings.defaultZone))
        } catch {
            problems.append(
                RegistryProblem(
                    error, at: root.place, field: "system.time_zone",
                    got: KuzetSettings.defaultZone))
            return nil
        }
    }

    private mutating func readRegistry(
        _ root: YAMLMapping
    ) -> KuzetSettings.RegistryPaths? {
        let kinds = ["parties", "agreements", "sites", "channels", "cameras"]
        guard let mapping = section(root, "registry", kinds + ["separator"]) else {
            if root["registry"] == nil {
                problems.append(
                    RegistryProblem(
                        .error, .missing, at: root.place, field: "registry", what: "missing",
                        expected: "the files of " + kinds.joined(separator: ", ")))
            }
            return nil
        }
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: "registry")
        var files: [String: [String]] = [:]
        for kind in kinds {
            files[kind] = reader.list(kind, FieldRules.name)
                .map { InputFile.joined(folder, $0) }
            if files[kind]?.isEmpty != false, kind != "agreements" {
                _ = reader.required(kind, expected: "a file", FieldRules.name)
            }
        }
        let separator = reader.optional("separator", FieldRules.separator)
        problems.append(contentsOf: reader.problems)
        return KuzetSettings.RegistryPaths(
            parties: files["parties"] ?? [], agreements: files["agreements"] ?? [],
            sites: files["sites"] ?? [], channels: files["channels"] ?? [],
            cameras: files["cameras"] ?? [], separator: separator ?? UInt8(ascii: ","))
    }

    private mutating func readLedger(_ root: YAMLMapping) -> KuzetSettings.Ledger? {
        guard let mapping = section(root, "ledger", ["path", "retain"]) else { return nil }
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: "ledger")
        let path = reader.required("path", expected: "a file", FieldRules.name)
        problems.append(contentsOf: reader.problems)
        var ledger = KuzetSettings.Ledger(path: InputFile.joined(folder, path ?? ""))
        if let retain = section(
            mapping, "retain", ["measurements", "minutes", "hours"], path: "ledger")
        {
            let day = KuzetSettings.day
            func days(
                _ least: Int64, _ example: String
            ) -> (String) throws(ValueFault) -> Int64 {
                { (text) throws(ValueFault) in
                    try FieldRules.duration(
                        text, in: (least * day)...(3660 * day), example: example)
                }
            }
            var reader = RecordReader(YAMLRecord(mapping: retain), at: "ledger.retain")
            // A2.6.10 asks for 30 days; 24 months can have 731 days.
            ledger.measurements =
                reader.optional("measurements", days(30, "35d")) ?? ledger.measurements
            ledger.minutes = reader.optional("minutes", days(731, "790d")) ?? ledger.minutes
            ledger.hours = reader.optional("hours", days(731, "790d")) ?? ledger.hours
            problems.append(contentsOf: reader.problems)
        }
        return ledger
    }

    private mutating func readReports(_ root: YAMLMapping) -> SecretReference? {
        let keys = SettingsReader.secretKeys("signing_key")
        guard let mapping = section(root, "reports", keys) else { return nil }
        return secret(mapping, "signing_key", path: "reports")
    }

    private mutating func readCredentials(
        _ root: YAMLMapping
    ) -> [String: KuzetSettings.Credentials] {
        guard let entry = root["credentials"] else { return [:] }
        guard case .mapping(let names) = entry.value else {
            wrongType(entry.value, "credentials", expected: "a mapping of names")
            return [:]
        }
        var found: [String: KuzetSettings.Credentials] = [:]
        for name in names.entries {
            let path = "credentials.\(name.key)"
            if !Identifier.isValid(name.key) {
                problems.append(
                    RegistryProblem(
                        LookAlike.fault(ofIdentifier: name.key), at: name.place, field: path,
                        got: name.key))
            }
            let keys = ["user"] + SettingsReader.secretKeys("password")
            guard let mapping = section(names, name.key, keys, path: "credentials") else {
                continue
            }
            var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
            let user = reader.required("user", expected: "a user's name", FieldRules.name)
            problems.append(contentsOf: reader.problems)
            let password = secret(mapping, "password", path: path)
            if let user, let password {
                found[name.key] = KuzetSettings.Credentials(
                    name: name.key, user: user, password: password)
            }
        }
        return found
    }

    // MARK: - Secrets

    private static func secretKeys(_ key: String) -> [String] {
        [key + "_file", key + "_env", "credential"]
    }

    /// The place of a secret, which must be there and safe.
    private mutating func secret(
        _ mapping: YAMLMapping, _ key: String, path: String
    ) -> SecretReference? {
        let keys = SettingsReader.secretKeys(key)
        let given = mapping.entries.filter { keys.contains($0.key) }
        guard given.count == 1, let entry = given.first else {
            let isClear = mapping.entries.contains { SecretReference.isClear(key: $0.key) }
            if given.isEmpty, isClear { return nil }  // Reported with the key.
            problems.append(
                RegistryProblem(
                    .error, given.isEmpty ? .missing : .duplicate,
                    at: given.last?.place ?? mapping.place, field: path + "." + key,
                    what: given.isEmpty ? "no place of the secret" : "several places of one secret",
                    expected: "one of " + keys.joined(separator: ", ")))
            return nil
        }
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
        let text = reader.required(entry.key, expected: "a place", FieldRules.name)
        problems.append(contentsOf: reader.problems)
        guard let text else { return nil }
        let reference: SecretReference
        switch entry.key {
        case key + "_file": reference = .file(InputFile.joined(folder, text))
        case key + "_env": reference = .environment(text)
        default:
            guard !text.contains("/"), text != "..", text != "." else {
                problems.append(
                    RegistryProblem(
                        .error, .invalidValue, at: entry.value.place,
                        field: path + ".credential", what: "a path", got: text,
                        expected: "the name of a credential"))
                return nil
            }
            reference = .credential(text)
        }
        do {
            _ = try reference.read(place: entry.value.place, field: path + "." + entry.key)
            return reference
        } catch {
            problems.append(error)
            return nil
        }
    }
}
