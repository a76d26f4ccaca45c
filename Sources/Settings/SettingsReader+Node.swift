// SPDX-License-Identifier: Apache-2.0
import Registry

/// The sections by which `kuzet run` goes: what the node is called, and what it watches.
extension SettingsReader {
    /// Interfaces of one node; more than any machine has ports.
    static let mostCaptures = 64

    mutating func readNode(_ root: YAMLMapping) -> KuzetSettings.Node {
        var node = KuzetSettings.Node()
        guard let mapping = section(root, "node", ["name", "socket", "clock"]) else { return node }
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: "node")
        node.name = reader.optional("name", FieldRules.node)
        node.socket = reader.optional("socket", FieldRules.name)
            .map { InputFile.joined(folder, $0) }
        node.clock = reader.optional("clock", FieldRules.word) ?? node.clock
        problems.append(contentsOf: reader.problems)
        if let socket = node.socket, socket.utf8.count > FieldRules.longestSocketPath,
            let entry = mapping["socket"]
        {
            problems.append(
                RegistryProblem(
                    .error, .outOfRange, at: entry.value.place, field: "node.socket",
                    what: "too long a path for a socket", got: socket,
                    expected: "at most \(FieldRules.longestSocketPath) octets"))
        }
        return node
    }

    mutating func readCaptures(_ root: YAMLMapping) -> [KuzetSettings.Capture] {
        guard let entry = root["capture"] else { return [] }
        guard case .list(let nodes, _) = entry.value else {
            wrongType(entry.value, "capture", expected: "a list, each with an interface")
            return []
        }
        guard nodes.count <= SettingsReader.mostCaptures else {
            problems.append(
                RegistryProblem(
                    .error, .outOfRange, at: entry.value.place, field: "capture",
                    what: "too many interfaces", got: String(nodes.count),
                    expected: "at most \(SettingsReader.mostCaptures)"))
            return []
        }
        var found: [KuzetSettings.Capture] = []
        for (index, node) in nodes.enumerated() {
            guard let capture = readCapture(node, "capture[\(index + 1)]") else { continue }
            if let other = found.first(where: { $0.vantage == capture.vantage }) {
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: node.place,
                        field: "capture[\(index + 1)].vantage",
                        what: "the vantage of \(other.interface) too", got: capture.vantage,
                        expected: "a name of its own"))
            }
            found.append(capture)
        }
        return found
    }

    private mutating func readCapture(
        _ node: YAMLNode, _ path: String
    ) -> KuzetSettings.Capture? {
        let keys = ["interface", "vantage", "filter", "ring", "promiscuous", "watch"]
        guard case .mapping(let mapping) = node else {
            wrongType(node, path, expected: "a mapping of " + keys.joined(separator: ", "))
            return nil
        }
        mapping.checkKeys(keys, path: path, &problems)
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
        let interface = reader.required(
            "interface", expected: "the name of an interface", FieldRules.interface)
        let vantage = reader.optional("vantage", FieldRules.vantage)
        let filter = reader.optional("filter", FieldRules.name)
        let ring = reader.optional("ring") { (text) throws(ValueFault) in
            try FieldRules.size(text, in: (1 << 20)...(1 << 30))
        }
        let isPromiscuous = reader.optional("promiscuous", FieldRules.truth)
        let watch: KuzetSettings.Capture.Watch? = reader.optional("watch", FieldRules.word)
        problems.append(contentsOf: reader.problems)
        guard let interface else { return nil }
        var capture = KuzetSettings.Capture(interface: interface)
        capture.vantage = vantage ?? FieldRules.usualVantage(ofInterface: interface)
        capture.filter = filter
        if let ring { capture.ringBytes = ring }
        if let isPromiscuous { capture.isPromiscuous = isPromiscuous }
        if let watch { capture.watch = watch }
        return capture
    }
}

extension FieldRules {
    /// Octets of the path of a Unix socket (unix(7)), its closing zero left out.
    static let longestSocketPath = 107

    /// The name of an interface, as the kernel allows it (IFNAMSIZ).
    static func interface(_ text: String) throws(ValueFault) -> String {
        let isValid =
            (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
        guard isValid else {
            throw ValueFault(
                .invalidValue, "no name of an interface",
                expected: "1 to 15 letters, digits and the like, such as eth0")
        }
        return text
    }

    /// What a ledger calls a place of the network (`VantageID`).
    static func vantage(_ text: String) throws(ValueFault) -> String {
        try place(text, "no name of a vantage", extra: "./:-")
    }

    /// An interface's name as a vantage, with what a vantage cannot hold as `-`.
    static func usualVantage(ofInterface name: String) -> String {
        String(
            name.lowercased().map { letter in
                let isAllowed = letter.isASCII && (letter.isLetter || letter.isNumber)
                return isAllowed || "./:-".contains(letter) ? letter : "-"
            })
    }

    /// What a ledger calls its node (`NodeID`).
    static func node(_ text: String) throws(ValueFault) -> String {
        try place(text, "no name of a node", extra: "-")
    }

    private static func place(
        _ text: String, _ what: String, extra: String
    ) throws(ValueFault) -> String {
        let isValid =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || extra.utf8.contains($0)
            }
        guard isValid else {
            throw ValueFault(
                .invalidValue, what,
                expected: "1 to 64 of a-z, 0-9 and "
                    + extra.map(String.init).joined(separator: " "))
        }
        return text
    }
}
