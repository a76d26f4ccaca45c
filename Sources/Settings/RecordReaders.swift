// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// The fields of sites, channels and cameras, and how each record becomes a value.
///
/// A record with a fault becomes a value too if its ids are right: the files are refused in any
/// case, but what it refers to can be checked with all the rest.
enum RecordReaders {
    static let siteFields = [
        "id", "name", "subscriber", "address", "object_class", "time_zone", "connection_act_date",
        "autonomous_power", "gateway",
    ]
    static let requiredSiteFields = ["id", "name", "subscriber", "object_class"]
    static let channelFields = [
        "id", "name", "operator", "medium", "role", "encrypted", "capacity", "sites",
    ]
    static let requiredChannelFields = ["id", "name", "operator", "medium", "role", "encrypted"]
    static let cameraFields = [
        "id", "name", "site", "channel", "kind", "address", "stream", "credentials", "declared",
    ]
    static let requiredCameraFields = ["id", "name", "site", "channel", "kind"]
    static let idExpected = Identifier.rule

    /// A site; `zones` remembers which zones were found to be there.
    static func site(
        _ fields: some RecordFields, _ number: Int, zone: String, zones: inout ZoneNames,
        _ problems: inout ProblemList
    ) -> Drafted<Site>? {
        var reader = RecordReader(fields, list: "sites", number: number)
        defer { problems.append(contentsOf: reader.problems) }
        let id = reader.required("id", expected: idExpected, FieldRules.site)
        let name = reader.required("name", expected: "a name", FieldRules.name)
        let subscriber = reader.required(
            "subscriber", expected: "a party's id", FieldRules.party)
        let address = reader.optional("address", FieldRules.name)
        let objectClass: ObjectClass? = reader.required(
            "object_class", expected: ObjectClass.allCases.map(\.rawValue).joined(separator: ", "),
            FieldRules.word)
        let timeZone = reader.optional("time_zone") { (text) throws(ValueFault) in
            try zones.check(text)
        }
        let date = reader.optional("connection_act_date", FieldRules.date)
        let power = reader.optional("autonomous_power") { (text) throws(ValueFault) in
            let minute: Int64 = 60_000_000_000
            let time = try FieldRules.duration(
                text, in: 0...(minute * 60 * 24 * 30), example: "60m")
            guard time % minute == 0 else {
                throw ValueFault(.invalidValue, "no whole minutes", expected: "such as 60m")
            }
            return Int(time / minute)
        }
        let gateway = reader.optional("gateway", FieldRules.host)
        guard let id, let subscriber else { return nil }
        let site = Site(
            id: id, name: name ?? "", subscriber: subscriber, address: address ?? "",
            objectClass: objectClass ?? .other, timeZone: timeZone ?? zone, connectionActDate: date,
            autonomousPowerMinutes: power, gateway: gateway)
        return Drafted(site, at: fields.place, fields: fields.places)
    }

    static func channel(
        _ fields: some RecordFields, _ number: Int, _ problems: inout ProblemList
    ) -> Drafted<Channel>? {
        var reader = RecordReader(fields, list: "channels", number: number)
        defer { problems.append(contentsOf: reader.problems) }
        let id = reader.required("id", expected: idExpected, FieldRules.channel)
        let name = reader.required("name", expected: "a name", FieldRules.name)
        let runner = reader.required("operator", expected: "a party's id", FieldRules.party)
        let medium: Channel.Medium? = reader.required(
            "medium", expected: "fibre or wireless", FieldRules.word)
        let role: Channel.Role? = reader.required(
            "role", expected: "main or reserve", FieldRules.word)
        let isEncrypted = reader.required(
            "encrypted", expected: "true or false", FieldRules.truth)
        let capacity = reader.optional("capacity", FieldRules.bitRate)
        let sites = reader.list("sites", FieldRules.site)
        guard let id, let runner else { return nil }
        let channel = Channel(
            id: id, name: name ?? "", operator: runner, medium: medium ?? .fibre,
            role: role ?? .main, isEncrypted: isEncrypted ?? true, capacityBitsPerSecond: capacity,
            sites: sites)
        return Drafted(channel, at: fields.place, fields: fields.places)
    }

    static func camera(
        _ fields: some RecordFields, _ number: Int, ids: inout SharedIDs,
        _ problems: inout ProblemList
    ) -> Drafted<Camera>? {
        var reader = RecordReader(fields, list: "cameras", number: number)
        defer { if reader.problems.hasErrors { problems.append(contentsOf: reader.problems) } }
        let id = reader.required("id", expected: idExpected, FieldRules.camera)
        let name = reader.required("name", expected: "a name", FieldRules.name)
        let site = reader.required("site", expected: "a site's id") { (text) throws(ValueFault) in
            try ids.site(text)
        }
        let channel = reader.required("channel", expected: "a channel's id") {
            (text) throws(ValueFault) in try ids.channel(text)
        }
        let kind = reader.required("kind", expected: "a kind of annex 2", FieldRules.kind)
        let address = reader.optional("address", FieldRules.hostPort)
        let stream = reader.optional("stream", FieldRules.stream)
        let credentials = reader.optional("credentials", FieldRules.reference)
        let declared = reader.optional("declared") { (text) throws(ValueFault) in
            try ids.properties(text)
        }
        guard let id, let site, let channel else { return nil }
        let camera = Camera(
            id: id, name: name ?? "", site: site, channel: channel,
            kind: kind ?? .outdoorOverview, address: address,
            stream: stream, credentials: credentials, declared: declared ?? [])
        return Drafted(camera, at: fields.place, fields: fields.places)
    }
}

/// Zones that were looked for, so that each file is opened once.
struct ZoneNames {
    private var known: Set<String> = []

    mutating func check(_ name: String) throws(ValueFault) -> String {
        if !known.contains(name) {
            _ = try ZoneFiles.rules(name)
            known.insert(name)
        }
        return name
    }
}

/// Ids and properties that many cameras share, each kept once: a hundred cameras of a site hold
/// one text, not a hundred.
struct SharedIDs {
    private var sites: [String: SiteID] = [:]
    private var channels: [String: ChannelID] = [:]
    // Most cameras follow one of the same site.
    private var lastSite: SiteID?
    private var lastChannel: ChannelID?
    private var declared: [String: [DeclaredProperty]] = [:]
    /// Different lists of properties that are remembered, at most (chosen).
    static let mostDeclared = 10_000

    mutating func site(_ text: String) throws(ValueFault) -> SiteID {
        if let lastSite, lastSite.text == text { return lastSite }
        if let known = sites[text] {
            lastSite = known
            return known
        }
        let id = try FieldRules.site(text)
        sites[text] = id
        lastSite = id
        return id
    }

    mutating func channel(_ text: String) throws(ValueFault) -> ChannelID {
        if let lastChannel, lastChannel.text == text { return lastChannel }
        if let known = channels[text] {
            lastChannel = known
            return known
        }
        let id = try FieldRules.channel(text)
        channels[text] = id
        lastChannel = id
        return id
    }

    /// Properties from `NAME=VALUE by PARTY on DATE; …`.
    mutating func properties(_ text: String) throws(ValueFault) -> [DeclaredProperty] {
        if let known = declared[text] { return known }
        var properties: [DeclaredProperty] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: true) {
            let words = part.drop { $0 == " " }
            if words.isEmpty { continue }
            properties.append(try SharedIDs.property(String(words)))
        }
        if declared.count < SharedIDs.mostDeclared { declared[text] = properties }
        return properties
    }

    private static func property(_ text: String) throws(ValueFault) -> DeclaredProperty {
        let expected =
            "NAME=VALUE by PARTY on DATE, such as protection=IP66 by operator-1 on "
            + "2026-03-01, with ; between"
        let fault = ValueFault(.invalidValue, "no declared property", expected: expected)
        guard let equals = text.firstIndex(of: "="),
            let on = text.ranges(of: " on ").last,
            let by = text[..<on.lowerBound].ranges(
                of: " by "
            ).last, equals < by.lowerBound
        else { throw fault }
        let name = String(text[..<equals])
        guard Identifier.isValid(name) else { throw fault }
        let date = text[on.upperBound...].filter { $0 != " " }
        return DeclaredProperty(
            name: name,
            value: try FieldRules.name(String(text[text.index(after: equals)..<by.lowerBound])),
            declaredBy: try FieldRules.party(String(text[by.upperBound..<on.lowerBound])),
            declaredOn: try FieldRules.date(date))
    }
}
