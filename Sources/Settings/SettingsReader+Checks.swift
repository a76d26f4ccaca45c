// SPDX-License-Identifier: Apache-2.0
import Registry

/// The section by which cameras, sites and channels are asked actively.
extension SettingsReader {
    private static let second: Int64 = 1_000_000_000
    private static let planKeys = [
        "allow", "pull", "every", "for", "delivery", "sessions", "basic", "verify", "behind_nat",
        "tunnel_port", "device_port", "echo", "connect", "certificate", "device",
    ]
    /// Rules and channels of one node; each is gone through for every camera when settings are
    /// read.
    static let mostCheckRules = 1000
    /// Networks of one list.
    static let mostNetworks = 256

    mutating func readChecks(_ root: YAMLMapping) -> KuzetSettings.Checks {
        var checks = KuzetSettings.Checks()
        let keys = ["vantage"] + Self.planKeys + ["rules", "channels", "reflector"]
        guard let mapping = section(root, "checks", keys) else { return checks }
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: "checks")
        checks.vantage = reader.optional("vantage", FieldRules.vantage) ?? checks.vantage
        checks.reflector = reader.optional("reflector", FieldRules.listener)
        problems.append(contentsOf: reader.problems)
        for setting in readPlan(mapping, "checks") { setting.change(&checks.usual) }
        for (index, node) in list(mapping, "rules").enumerated() {
            guard let rule = readRule(node, "checks.rules[\(index + 1)]") else { continue }
            checks.rules.append(rule)
        }
        for (index, node) in list(mapping, "channels").enumerated() {
            guard let end = readChannelEnd(node, "checks.channels[\(index + 1)]") else {
                continue
            }
            checks.channels.append(end)
        }
        checkLengths(checks, mapping.place)
        return checks
    }

    private mutating func list(_ mapping: YAMLMapping, _ key: String) -> [YAMLNode] {
        guard let entry = mapping[key] else { return [] }
        guard case .list(let nodes, _) = entry.value else {
            wrongType(entry.value, "checks.\(key)", expected: "a list of mappings")
            return []
        }
        guard nodes.count <= Self.mostCheckRules else {
            problems.append(
                RegistryProblem(
                    .error, .outOfRange, at: entry.value.place, field: "checks.\(key)",
                    what: "too many", got: String(nodes.count),
                    expected: "at most \(Self.mostCheckRules)"))
            return []
        }
        return nodes
    }

    private mutating func readRule(
        _ node: YAMLNode, _ path: String
    ) -> KuzetSettings.CheckRule? {
        let scopes = ["sites", "channels", "cameras", "agreements"]
        guard case .mapping(let mapping) = node else {
            wrongType(node, path, expected: "a mapping of " + scopes.joined(separator: ", "))
            return nil
        }
        mapping.checkKeys(scopes + Self.planKeys, path: path, &problems)
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
        var rule = KuzetSettings.CheckRule(place: node.place)
        rule.sites = Set(reader.list("sites", FieldRules.site))
        rule.channels = Set(reader.list("channels", FieldRules.channel))
        rule.cameras = Set(reader.list("cameras", FieldRules.camera))
        rule.agreements = Set(reader.list("agreements", FieldRules.agreement))
        let isSound = !reader.problems.hasErrors
        problems.append(contentsOf: reader.problems)
        let names = rule.sites.count + rule.channels.count + rule.cameras.count
        if isSound, names + rule.agreements.count == 0 {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: node.place, field: path, what: "about no camera",
                    expected: "one of " + scopes.joined(separator: ", ")))
        }
        rule.settings = readPlan(mapping, path)
        return rule
    }

    private mutating func readChannelEnd(
        _ node: YAMLNode, _ path: String
    ) -> KuzetSettings.ChannelEnd? {
        let keys = ["channel", "far_end", "stamp", "every"]
        guard case .mapping(let mapping) = node else {
            wrongType(node, path, expected: "a mapping of " + keys.joined(separator: ", "))
            return nil
        }
        mapping.checkKeys(keys, path: path, &problems)
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
        let channel = reader.required("channel", expected: "a channel", FieldRules.channel)
        let farEnd = reader.optional("far_end", FieldRules.host)
        let stamp = reader.optional("stamp", FieldRules.listener)
        let every = reader.optional("every", Self.period)
        let isSound = !reader.problems.hasErrors
        problems.append(contentsOf: reader.problems)
        guard let channel else { return nil }
        if isSound, farEnd == nil, stamp == nil {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: node.place, field: path, what: "nobody to ask",
                    expected: "far_end, stamp or both"))
        }
        var end = KuzetSettings.ChannelEnd(
            channel: channel, farEnd: farEnd, stamp: stamp, place: node.place)
        if let every, every > 0 { end.every = every }
        return end
    }

    /// How often something is asked: `off`, or 10 s to 7 days.
    private static func period(_ text: String) throws(ValueFault) -> Int64 {
        if text == "off" { return 0 }
        return try FieldRules.duration(
            text, in: (10 * second)...(7 * KuzetSettings.day), example: "1m")
    }

    private static func port(_ text: String) throws(ValueFault) -> UInt16 {
        UInt16(clamping: try FieldRules.integer(text, in: 1...65_535))
    }

    private mutating func readPlan(
        _ mapping: YAMLMapping, _ path: String
    ) -> [KuzetSettings.CheckSetting] {
        var reader = RecordReader(YAMLRecord(mapping: mapping), at: path)
        var found: [KuzetSettings.CheckSetting] = []
        if mapping["allow"] != nil {
            let networks = reader.list("allow") { (text) throws(ValueFault) in
                try AddressPrefix(parsing: text)
            }
            if networks.count > Self.mostNetworks, let entry = mapping["allow"] {
                problems.append(
                    RegistryProblem(
                        .error, .outOfRange, at: entry.value.place, field: path + ".allow",
                        what: "too many networks", got: String(networks.count),
                        expected: "at most \(Self.mostNetworks)"))
            }
            found.append(.allow(networks))
        }
        if mapping["delivery"] != nil {
            let kinds: [CheckPlan.Delivery] = reader.list("delivery", FieldRules.word)
            if kinds.contains(.http), kinds.count > 1, let entry = mapping["delivery"] {
                problems.append(
                    RegistryProblem(
                        .error, .invalidValue, at: entry.value.place, field: path + ".delivery",
                        what: "http beside others", expected: "http alone, or without it"))
            }
            if !kinds.isEmpty { found.append(.delivery(kinds)) }
        }
        let second = Self.second
        let values: [KuzetSettings.CheckSetting?] = [
            reader.optional("pull", FieldRules.word).map { .pull($0) },
            reader.optional("every") { (text) throws(ValueFault) in
                try FieldRules.duration(
                    text, in: (60 * second)...(KuzetSettings.day), example: "5m")
            }.map { .every($0) },
            reader.optional("for") { (text) throws(ValueFault) in
                try FieldRules.duration(text, in: (10 * second)...(3600 * second), example: "30s")
            }.map { .length($0) },
            reader.optional("sessions") { (text) throws(ValueFault) in
                try FieldRules.integer(text, in: 1...256)
            }.map { .sessions(Int($0)) },
            reader.optional("basic", FieldRules.truth).map { .basic($0) },
            reader.optional("verify", FieldRules.truth).map { .verify($0) },
            reader.optional("behind_nat", FieldRules.truth).map { .behindNAT($0) },
            reader.optional("tunnel_port", Self.port).map { .tunnelPort($0) },
            reader.optional("device_port", Self.port).map { .devicePort($0) },
            reader.optional("echo", Self.period).map { .echo($0) },
            reader.optional("connect", Self.period).map { .connect($0) },
            reader.optional("certificate", Self.period).map { .certificate($0) },
            reader.optional("device", Self.period).map { .device($0) },
        ]
        problems.append(contentsOf: reader.problems)
        return found + values.compactMap { $0 }
    }

    /// Says where samples would overlap: they must leave half of their period free, or be
    /// continuous.
    private mutating func checkLengths(_ checks: KuzetSettings.Checks, _ place: SourcePlace) {
        var plans = [(checks.usual, place, "checks.for")]
        for (index, rule) in checks.rules.enumerated() {
            var plan = checks.usual
            rule.change(&plan)
            plans.append((plan, rule.place, "checks.rules[\(index + 1)].for"))
        }
        for (plan, place, field) in plans where plan.length > plan.every / 2 {
            problems.append(
                RegistryProblem(
                    .error, .outOfRange, at: place, field: field,
                    what: "samples as long as half of their period or longer",
                    expected: "a shorter `for`, a longer `every`, or `pull: continuous`"))
        }
        let asks = plans.contains { plan, _, _ in
            plan.pull != .off || plan.echo + plan.connect + plan.certificate + plan.device > 0
        }
        let dials = asks || !checks.channels.isEmpty
        if dials, plans.allSatisfy({ $0.0.allowed.isEmpty }) {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: place, field: "checks.allow",
                    what: "nothing may be dialled, so that nothing can be asked",
                    expected: "the networks of the cameras, such as 10.20.0.0/16"))
        }
    }
}

extension FieldRules {
    /// An address with a port, such as `192.0.2.1:862`.
    static func listener(_ text: String) throws(ValueFault) -> HostPort {
        let place = try HostPort(parsing: text)
        guard let address = place.host.address, place.port != nil, !address.isMulticast else {
            throw ValueFault(
                .invalidValue, "no address with a port", expected: "such as 192.0.2.1:862")
        }
        return place
    }
}
