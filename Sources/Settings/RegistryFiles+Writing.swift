// SPDX-License-Identifier: Apache-2.0
import Foundation
public import Registry
import Timekeeping

extension RegistryFiles {
    /// The files of `registry`, by name: what `load(folder:)` reads back as an equal registry.
    ///
    /// The same registry gives the same octets. Sites and channels are CSV too when they would not
    /// fit a YAML file.
    public static func texts(of registry: Registry) -> [(name: String, text: String)] {
        var files = [
            ("parties.yaml", parties(registry.parties)),
            ("agreements.yaml", agreements(registry.agreements)),
        ]
        files.append(
            list(registry.sites, "sites", ids: \.id.text, fields: RecordReaders.siteFields))
        files.append(
            list(
                registry.channels, "channels", ids: \.id.text,
                fields: RecordReaders.channelFields))
        files.append(
            ("cameras.csv", csv(registry.cameras, \.id.text, RecordReaders.cameraFields)))
        return files
    }

    /// Writes the files of `registry` into `folder`, which is made if it is not there.
    ///
    /// Each file is written whole beside its place and then moved there, so that nobody reads half
    /// of one.
    public static func write(_ registry: Registry, to folder: String) throws {
        let place = URL(filePath: folder, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let files = texts(of: registry)
        for (name, text) in files {
            try Data(text.utf8).write(to: place.appending(path: name), options: .atomic)
        }
        // A list that was written in the other form before would be there twice.
        let names = Set(files.map(\.name))
        for kind in ["sites", "channels", "cameras"] {
            for name in [kind + ".yaml", kind + ".csv"] where !names.contains(name) {
                let other = place.appending(path: name)
                if FileManager.default.fileExists(atPath: other.path) {
                    try FileManager.default.removeItem(at: other)
                }
            }
        }
    }

    // MARK: - CSV

    private static func list<Value: FieldText>(
        _ values: [Value], _ kind: String, ids: (Value) -> String, fields: [String]
    ) -> (String, String) {
        let yaml = values.isEmpty ? "\(kind): []\n" : yaml(values, kind, ids)
        // Half of what is read, as a person may add to it.
        return yaml.utf8.count <= YAMLDocument.largest / 2
            ? (kind + ".yaml", yaml) : (kind + ".csv", csv(values, ids, fields))
    }

    private static func csv<Value: FieldText>(
        _ values: [Value], _ id: (Value) -> String, _ fields: [String]
    ) -> String {
        var text = fields.joined(separator: ",") + "\n"
        for value in values {
            text += cell(id(value))
            for field in value.fieldTexts {
                text += ","
                text += cell(field.text)
            }
            text += "\n"
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        let needsQuotes =
            text.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
            || text.utf8.first == UInt8(ascii: "#")
        return needsQuotes
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    // MARK: - YAML

    private static func yaml<Value: FieldText>(
        _ values: [Value], _ kind: String, _ id: (Value) -> String
    ) -> String {
        var text = "\(kind):\n"
        for value in values {
            text += "  - id: \(scalar(id(value)))\n"
            for field in value.fieldTexts where !field.text.isEmpty {
                if kind == "channels", field.name == "sites" {
                    let sites = field.text.split(separator: " ").map { scalar(String($0)) }
                    text += "    sites: [\(sites.joined(separator: ", "))]\n"
                } else {
                    text += "    \(field.name): \(scalar(field.text))\n"
                }
            }
        }
        return text
    }

    private static func parties(_ parties: [Party]) -> String {
        if parties.isEmpty { return "parties: []\n" }
        var text = "parties:\n"
        for party in parties {
            text += """
                  - id: \(scalar(party.id.text))
                    name: \(scalar(party.name))
                    role: \(party.role.rawValue)
                    language: \(party.language.rawValue)

                """
            let contacts = [
                ("emails", party.contacts.emails), ("phones", party.contacts.phones),
                ("webhooks", party.contacts.webhooks),
            ].filter { !$0.1.isEmpty }
            if !contacts.isEmpty { text += "    contacts:\n" }
            for (key, values) in contacts { text += "      \(key): \(flow(values))\n" }
        }
        return text
    }

    private static func agreements(_ agreements: [Agreement]) -> String {
        if agreements.isEmpty { return "agreements: []\n" }
        var text = "agreements:\n"
        for agreement in agreements {
            text += """
                  - id: \(scalar(agreement.id.text))
                    between: \(flow(agreement.parties.map(\.text)))
                    document: \(scalar(agreement.document))
                    valid_from: \(scalar(agreement.validFrom.description))

                """
            if let end = agreement.validUntil {
                text += "    valid_until: \(scalar(end.description))\n"
            }
            switch agreement.scope {
            case .all: text += "    scope: all\n"
            case .kinds(let kinds):
                text += "    scope:\n      camera_kinds: \(flow(kinds.map(\.key)))\n"
            case .sites(let sites): text += "    scope:\n      sites: \(flow(sites.map(\.text)))\n"
            case .cameras(let cameras):
                text += "    scope:\n      cameras: \(flow(cameras.map(\.text)))\n"
            }
            text += "    thresholds:\n"
            let prefix = "thresholds."
            for field in agreement.fieldTexts
            where field.name.hasPrefix(prefix) && !field.text.isEmpty {
                text += "      \(field.name.dropFirst(prefix.count)): \(scalar(field.text))\n"
            }
        }
        return text
    }

    private static func flow(_ values: [String]) -> String {
        "[" + values.map(scalar).joined(separator: ", ") + "]"
    }

    /// A text as YAML: as it is where every reader takes it for a text, else in quotes.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d
        }
        let begins = text.utf8.first.map { $0 >= 0x61 && $0 <= 0x7a } ?? false
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        if isPlain, begins, !words.contains(text) { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
