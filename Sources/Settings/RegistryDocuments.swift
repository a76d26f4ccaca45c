// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// The YAML files of a registry: each has one key, the name of its list.
struct RegistryDocuments {
    /// The zone in which dates begin, and which sites have that name none.
    let zone: ZoneRules
    var zones = ZoneNames()
    var ids = SharedIDs()
    var drafts = RegistryDrafts()
    var problems = ProblemList()

    init(zone: ZoneRules) {
        self.zone = zone
    }

    /// Reads all files of one kind, and remembers if they could not be read whole.
    mutating func read(
        _ kind: RegistryKind, _ paths: [String],
        _ body: (inout RegistryDocuments, String) -> Void
    ) {
        let errors = problems.errorCount
        for path in paths { body(&self, path) }
        if problems.errorCount > errors { drafts.partial.insert(kind) }
    }

    mutating func readParties(_ path: String) {
        for (number, mapping) in records(path, "parties").enumerated() {
            if let draft = party(mapping, number + 1) { drafts.parties.append(draft) }
        }
    }

    mutating func readAgreements(_ path: String) {
        for (number, mapping) in records(path, "agreements").enumerated() {
            if let draft = agreement(mapping, number + 1) { drafts.agreements.append(draft) }
        }
    }

    mutating func readSites(_ path: String, separator: UInt8) {
        if RegistryDocuments.isCSV(path) {
            let zone = zone.name
            var (found, zones) = (drafts.sites, zones)
            drafts.sites = []
            CSVFile.read(
                path, separator: separator, names: RecordReaders.siteFields,
                required: RecordReaders.requiredSiteFields, &problems
            ) { record, number, problems in
                let draft = RecordReaders.site(
                    record, number, zone: zone, zones: &zones, &problems)
                if let draft { found.append(draft) }
            }
            drafts.sites = found
            return
        }
        for (number, mapping) in records(path, "sites").enumerated() {
            checkKeys(mapping, "sites", number + 1, RecordReaders.siteFields)
            let draft = RecordReaders.site(
                YAMLRecord(mapping: mapping), number + 1, zone: zone.name, zones: &zones,
                &problems)
            if let draft { drafts.sites.append(draft) }
        }
    }

    mutating func readChannels(_ path: String, separator: UInt8) {
        if RegistryDocuments.isCSV(path) {
            var found = drafts.channels
            CSVFile.read(
                path, separator: separator, names: RecordReaders.channelFields,
                required: RecordReaders.requiredChannelFields, &problems
            ) { record, number, problems in
                let draft = RecordReaders.channel(record, number, &problems)
                if let draft { found.append(draft) }
            }
            drafts.channels = found
            return
        }
        for (number, mapping) in records(path, "channels").enumerated() {
            checkKeys(mapping, "channels", number + 1, RecordReaders.channelFields)
            let draft = RecordReaders.channel(
                YAMLRecord(mapping: mapping), number + 1, &problems)
            if let draft { drafts.channels.append(draft) }
        }
    }

    mutating func readCameras(_ path: String, separator: UInt8) {
        if RegistryDocuments.isCSV(path) {
            // Moved out and back, so that the list has one owner and is not copied.
            var (found, ids) = (drafts.cameras, ids)
            drafts.cameras = []
            CSVFile.read(
                path, separator: separator, names: RecordReaders.cameraFields,
                required: RecordReaders.requiredCameraFields, &problems
            ) { record, number, problems in
                let draft = RecordReaders.camera(record, number, ids: &ids, &problems)
                if let draft { found.append(draft) }
            }
            drafts.cameras = found
            return
        }
        for (number, mapping) in records(path, "cameras").enumerated() {
            checkKeys(mapping, "cameras", number + 1, RecordReaders.cameraFields)
            let draft = RecordReaders.camera(
                YAMLRecord(mapping: mapping), number + 1, ids: &ids, &problems)
            if let draft { drafts.cameras.append(draft) }
        }
    }

    static func isCSV(_ path: String) -> Bool { path.lowercased().hasSuffix(".csv") }

    // MARK: - The shape of a file

    /// The mappings of the list `key`, which is all that the file may have.
    private mutating func records(_ path: String, _ key: String) -> [YAMLMapping] {
        guard let root = YAMLDocument.read(path, &problems) else { return [] }
        guard case .mapping(let mapping) = root else {
            wrongType(root, "", expected: "a mapping with the key `\(key)`")
            return []
        }
        mapping.checkKeys([key], path: "", &problems)
        guard let entry = mapping[key] else {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: mapping.place, field: key, what: "missing",
                    expected: "a list; an empty one is []"))
            return []
        }
        guard case .list(let nodes, _) = entry.value else {
            wrongType(entry.value, key, expected: "a list; an empty one is []")
            return []
        }
        var mappings: [YAMLMapping] = []
        for (index, node) in nodes.enumerated() {
            if case .mapping(let mapping) = node {
                mappings.append(mapping)
            } else {
                wrongType(node, "\(key)[\(index + 1)]", expected: "a mapping that begins with `id`")
            }
        }
        return mappings
    }

    mutating func wrongType(_ node: YAMLNode, _ field: String, expected: String) {
        problems.append(
            RegistryProblem(
                .error, .wrongType, at: node.place, field: field, what: node.kind,
                expected: expected))
    }

    private mutating func checkKeys(
        _ mapping: YAMLMapping, _ list: String, _ number: Int, _ known: [String]
    ) {
        let reader = RecordReader(YAMLRecord(mapping: mapping), list: list, number: number)
        mapping.checkKeys(known, path: reader.path, &problems)
    }
}

// MARK: - Parties

extension RegistryDocuments {
    static let partyFields = ["id", "name", "role", "language", "contacts"]
    static let contactFields = ["emails", "phones", "webhooks"]

    private mutating func party(_ mapping: YAMLMapping, _ number: Int) -> Drafted<Party>? {
        let fields = YAMLRecord(mapping: mapping)
        var reader = RecordReader(fields, list: "parties", number: number)
        let before = problems.errorCount
        mapping.checkKeys(RegistryDocuments.partyFields, path: reader.path, &problems)
        let id = reader.required("id", expected: Identifier.rule, FieldRules.party)
        let name = reader.required("name", expected: "a name", FieldRules.name)
        let role: Party.Role? = reader.required(
            "role", expected: Party.Role.allCases.map(\.rawValue).joined(separator: ", "),
            FieldRules.word)
        let language: Language? = reader.required(
            "language", expected: "kk, ru or en", FieldRules.word)
        var contacts = Party.Contacts()
        if let entry = mapping["contacts"] {
            if case .mapping(let inner) = entry.value {
                contacts = readContacts(inner, reader.path)
            } else {
                wrongType(
                    entry.value, reader.path + ".contacts",
                    expected: "a mapping of emails, phones, webhooks")
            }
        }
        problems.append(contentsOf: reader.problems)
        guard problems.errorCount == before, let id, let name, let role, let language else {
            return nil
        }
        return Drafted(
            Party(id: id, name: name, role: role, language: language, contacts: contacts),
            at: mapping.place, fields: fields.places)
    }

    private mutating func readContacts(
        _ mapping: YAMLMapping, _ path: String
    ) -> Party.Contacts {
        mapping.checkKeys(
            RegistryDocuments.contactFields, path: path + ".contacts", &problems)
        var reader = RecordReader(
            YAMLRecord(mapping: mapping), at: path + ".contacts")
        let contacts = Party.Contacts(
            emails: reader.list("emails", FieldRules.email),
            phones: reader.list("phones", FieldRules.phone),
            webhooks: reader.list("webhooks", FieldRules.reference))
        problems.append(contentsOf: reader.problems)
        return contacts
    }
}
