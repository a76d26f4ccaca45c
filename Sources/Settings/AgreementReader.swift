// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

extension RegistryDocuments {
    static let agreementFields = [
        "id", "between", "document", "valid_from", "valid_until", "scope", "thresholds",
    ]
    static let scopeFields = ["camera_kinds", "sites", "cameras"]

    mutating func agreement(_ mapping: YAMLMapping, _ number: Int) -> Drafted<Agreement>? {
        let fields = YAMLRecord(mapping: mapping)
        let zone = zone
        var reader = RecordReader(fields, list: "agreements", number: number)
        let before = problems.errorCount
        mapping.checkKeys(RegistryDocuments.agreementFields, path: reader.path, &problems)
        let id = reader.required("id", expected: Identifier.rule, FieldRules.agreement)
        let parties = reader.list("between", FieldRules.party)
        let document = reader.required(
            "document", expected: "the paper's name and date", FieldRules.name)
        let from = reader.required("valid_from", expected: "a date or time stamp") {
            (text) throws(ValueFault) in try FieldRules.instant(text, zone: zone)
        }
        let until = reader.optional("valid_until") { (text) throws(ValueFault) in
            try FieldRules.instant(text, zone: zone)
        }
        problems.append(contentsOf: reader.problems)
        let scope = readScope(mapping, reader.path)
        let overrides = readOverrides(mapping, reader.path)
        guard problems.errorCount == before, let id, let document, let from, let scope,
            let overrides
        else { return nil }
        let agreement = Agreement(
            id: id, parties: parties, scope: scope, overrides: overrides, validFrom: from,
            validUntil: until, document: document)
        return Drafted(
            agreement, at: mapping.place, fields: scopePlaces(mapping, fields.places))
    }

    /// The elements of a scope by their numbers, whatever kind of scope it is.
    private func scopePlaces(_ mapping: YAMLMapping, _ places: FieldPlaces) -> FieldPlaces {
        guard case .places(var all) = places, case .mapping(let scope)? = mapping["scope"]?.value
        else { return places }
        for entry in scope.entries {
            guard case .list(let nodes, _) = entry.value else { continue }
            for (index, node) in nodes.enumerated() { all["scope[\(index)]"] = node.place }
        }
        return .places(all)
    }

    private mutating func readScope(
        _ mapping: YAMLMapping, _ path: String
    ) -> Agreement.Scope? {
        let path = path + ".scope"
        let expected = "all, or one of " + RegistryDocuments.scopeFields.joined(separator: ", ")
        guard let entry = mapping["scope"] else {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: mapping.place, field: path, what: "missing",
                    expected: expected))
            return nil
        }
        switch entry.value {
        case .text(let value) where value.text == "all": return .all
        case .mapping(let scope) where scope.entries.count == 1:
            scope.checkKeys(RegistryDocuments.scopeFields, path: path, &problems)
            var reader = RecordReader(YAMLRecord(mapping: scope), at: path)
            defer { problems.append(contentsOf: reader.problems) }
            switch scope.entries[0].key {
            case "camera_kinds": return .kinds(reader.list("camera_kinds", FieldRules.kind))
            case "sites": return .sites(reader.list("sites", FieldRules.site))
            case "cameras": return .cameras(reader.list("cameras", FieldRules.camera))
            default: return nil
            }
        default:
            wrongType(entry.value, path, expected: expected)
            return nil
        }
    }

    private mutating func readOverrides(
        _ mapping: YAMLMapping, _ path: String
    ) -> ThresholdOverrides? {
        let path = path + ".thresholds"
        let keys = Threshold.allCases.map(\.key)
        guard let entry = mapping["thresholds"], case .mapping(let inner) = entry.value else {
            problems.append(
                RegistryProblem(
                    .error, mapping["thresholds"] == nil ? .missing : .wrongType,
                    at: mapping["thresholds"]?.value.place ?? mapping.place, field: path,
                    what: mapping["thresholds"]?.value.kind ?? "missing",
                    expected: "a mapping of " + keys.joined(separator: ", ")))
            return nil
        }
        inner.checkKeys(keys, path: path, &problems)
        let (second, hour): (Int64, Int64) = (1_000_000_000, 3_600_000_000_000)
        var reader = RecordReader(YAMLRecord(mapping: inner), at: path)
        let overrides = ThresholdOverrides(
            resolution: reader.optional(Threshold.resolution.key, FieldRules.pictureSize),
            minimumBitrate: reader.optional(Threshold.bitrate.key, FieldRules.bitRate),
            minimumFrameRate: reader.optional(Threshold.frameRate.key, FieldRules.frameRate),
            maximumLoss: reader.optional(Threshold.loss.key, FieldRules.share),
            maximumClockOffset: reader.optional(Threshold.clockOffset.key) {
                (text) throws(ValueFault) in
                try FieldRules.duration(text, in: 1_000_000...(3600 * second), example: "500ms")
            },
            annualDowntime: reader.optional(Threshold.annualDowntime.key) {
                (text) throws(ValueFault) in
                try FieldRules.duration(text, in: 0...(8760 * hour), example: "50h")
            })
        problems.append(contentsOf: reader.problems)
        return overrides
    }
}
