// SPDX-License-Identifier: Apache-2.0
import Timekeeping

extension Registry {
    /// Holds drafts against each other and makes a registry of them.
    ///
    /// All problems are found, not the first. With an error among them, or if not all could be
    /// read (`RegistryDrafts.partial`), there is no registry; warnings leave it.
    public static func make(
        _ drafts: RegistryDrafts
    ) -> (registry: Registry?, problems: ProblemList) {
        var check = RegistryCheck(drafts)
        check.run()
        guard !check.problems.hasErrors, drafts.partial.isEmpty else {
            return (nil, check.problems)
        }
        let parties = sorted(drafts.parties, by: \.id)
        let agreements = sorted(drafts.agreements, by: \.id)
        let sites = sorted(drafts.sites, by: \.id)
        let channels = sorted(drafts.channels, by: \.id)
        let cameras = sorted(drafts.cameras, by: \.id)
        // The cameras' places are known already if the files were in the order of ids.
        let isSorted = zip(cameras, drafts.cameras).allSatisfy { $0.id == $1.value.id }
        let index = RegistryIndex(
            parties: parties, agreements: agreements, sites: sites, channels: channels,
            cameras: cameras, places: isSorted ? check.cameras : nil)
        let registry = Registry(
            parties: parties, agreements: agreements, sites: sites, channels: channels,
            cameras: cameras, index: index)
        return (registry, check.problems)
    }

    private static func sorted<Value, ID: Comparable>(
        _ drafts: [Drafted<Value>], by id: (Value) -> ID
    ) -> [Value] {
        let values = drafts.map(\.value)
        // Files are mostly in order already; comparing neighbours costs a fraction of sorting.
        let isSorted = zip(values, values.dropFirst()).allSatisfy { id($0) < id($1) }
        return isSorted ? values : values.sorted { id($0) < id($1) }
    }
}

/// Finds what is wrong between the values of drafts.
struct RegistryCheck {
    let drafts: RegistryDrafts
    var problems = ProblemList()

    /// Suggestions looked for at most: each walks over all ids of a kind (chosen).
    static let mostSuggestions = 200

    private(set) var parties: [PartyID: Int32] = [:]
    private(set) var sites: [SiteID: Int32] = [:]
    private(set) var channels: [ChannelID: Int32] = [:]
    private(set) var cameras: [CameraID: Int32] = [:]
    /// What was suggested for an id, so that 10,000 cameras of one lost site ask once.
    private var suggestions: [String: String?] = [:]

    init(_ drafts: RegistryDrafts) {
        self.drafts = drafts
    }

    mutating func run() {
        parties = firstPlaces(drafts.parties, "parties", id: \.id)
        sites = firstPlaces(drafts.sites, "sites", id: \.id)
        channels = firstPlaces(drafts.channels, "channels", id: \.id)
        cameras = firstPlaces(drafts.cameras, "cameras", id: \.id)
        _ = firstPlaces(drafts.agreements, "agreements", id: \.id)
        checkParties()
        for draft in drafts.sites { checkSite(draft) }
        for draft in drafts.channels { checkChannel(draft) }
        checkMainLines()
        checkCameras()
        checkClaims()
        for draft in drafts.agreements { checkAgreement(draft) }
        checkTies()
    }

    // MARK: - Ids

    /// The first draft of each id; every later one of the same id is a problem.
    private mutating func firstPlaces<Value, ID: RegistryIdentifier>(
        _ drafts: [Drafted<Value>], _ kind: String, id: (Value) -> ID
    ) -> [ID: Int32] {
        var places: [ID: Int32] = [:]
        places.reserveCapacity(drafts.count)
        for (index, draft) in drafts.enumerated() {
            let id = id(draft.value)
            // One look in the table: it is put in, and back if it was there.
            guard let first = places.updateValue(Int32(index), forKey: id) else { continue }
            places[id] = first
            problems.append(
                RegistryProblem(
                    .error, .duplicate, at: draft.place(of: "id"), field: "\(kind).\(id).id",
                    what: "an id twice (first at \(drafts[Int(first)].place(of: "id")))",
                    got: id.text,
                    expected: "each id once"))
        }
        return places
    }

    /// Whether `id` is one of `known`; if not, says so and what was probably meant.
    mutating func isKnown<ID: RegistryIdentifier>(
        _ id: ID, in known: KeyPath<RegistryCheck, [ID: Int32]>, kind: RegistryKind, field: String,
        at place: @autoclosure () -> SourcePlace
    ) -> Bool {
        if self[keyPath: known][id] != nil { return true }
        // It may be in what could not be read.
        if drafts.partial.contains(kind) { return false }
        let key = kind.rawValue + " " + id.text
        if suggestions[key] == nil, suggestions.count < RegistryCheck.mostSuggestions {
            suggestions[key] = NearestWord.nearest(
                to: id.text, in: self[keyPath: known].keys.lazy.map(\.text))
        }
        problems.append(
            RegistryProblem(
                .error, .danglingReference, at: place(), field: field,
                what: "no such \(kind.rawValue)",
                got: id.text, expected: "the id of a \(kind.rawValue)",
                suggestion: suggestions[key] ?? nil))
        return false
    }

    mutating func warn(
        _ code: RegistryProblem.Code, at place: SourcePlace, _ field: String, _ what: String,
        expected: String? = nil
    ) {
        problems.append(
            RegistryProblem(.warning, code, at: place, field: field, what: what, expected: expected)
        )
    }

    func party(_ id: PartyID) -> Party? { parties[id].map { drafts.parties[Int($0)].value } }
}

// MARK: - Parties, sites, channels

extension RegistryCheck {
    fileprivate mutating func checkParties() {
        for role in [Party.Role.coordinator, .technicalOperator] {
            let holders = drafts.parties.filter { $0.value.role == role }
            for draft in holders.dropFirst() {
                let first = holders[0]
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: draft.place(of: "role"),
                        field: "parties.\(draft.value.id).role",
                        what: "a second \(role.rawValue) (the first is `\(first.value.id)` at "
                            + "\(first.place(of: "role")))",
                        got: role.rawValue, expected: "one in a registry"))
            }
        }
        for draft in drafts.parties {
            warnMixedScripts(draft.value.name, "parties.\(draft.value.id).name", draft)
        }
    }

    private mutating func warnMixedScripts<Value>(
        _ name: String, _ field: @autoclosure () -> String, _ draft: Drafted<Value>
    ) {
        guard let word = LookAlike.mixedWord(in: name) else { return }
        problems.append(
            RegistryProblem(
                .warning, .lookAlike, at: draft.place(of: "name"), field: field(),
                what: "a word of Latin and Cyrillic letters", got: word,
                expected: "one alphabet in a word"))
    }

    fileprivate mutating func checkSite(_ draft: Drafted<Site>) {
        let site = draft.value
        let path = "sites.\(site.id)"
        warnMixedScripts(site.name, path + ".name", draft)
        if isKnown(
            site.subscriber, in: \.parties, kind: .party, field: path + ".subscriber",
            at: draft.place(of: "subscriber")),
            let party = party(site.subscriber), party.role != .subscriber
        {
            problems.append(
                RegistryProblem(
                    .error, .wrongReference, at: draft.place(of: "subscriber"),
                    field: path + ".subscriber", what: "a \(party.role.rawValue)",
                    got: site.subscriber.text, expected: "a party whose role is subscriber"))
        }
        let least = Site.leastAutonomousPowerMinutes
        if let minutes = site.autonomousPowerMinutes, minutes < least {
            warn(
                .autonomousPower, at: draft.place(of: "autonomous_power"),
                path + ".autonomous_power", "\(minutes) minutes of autonomous power",
                expected: "at least \(least), A2.5.3")
        }
    }

    fileprivate mutating func checkChannel(_ draft: Drafted<Channel>) {
        let channel = draft.value
        let path = "channels.\(channel.id)"
        warnMixedScripts(channel.name, path + ".name", draft)
        if isKnown(
            channel.operator, in: \.parties, kind: .party, field: path + ".operator",
            at: draft.place(of: "operator")),
            let party = party(channel.operator),
            ![.networkOperator, .subscriber, .user].contains(party.role)
        {
            problems.append(
                RegistryProblem(
                    .error, .wrongReference, at: draft.place(of: "operator"),
                    field: path + ".operator", what: "a \(party.role.rawValue)",
                    got: channel.operator.text,
                    expected: "a network operator, or the subscriber or user whose own line it is"))
        }
        if channel.sites.isEmpty {
            warn(
                .incomplete, at: draft.place(of: "sites"), path + ".sites",
                "a channel that carries no site")
        }
        var seen: Set<SiteID> = []
        for (index, site) in channel.sites.enumerated() {
            let place = draft.fields.place(of: "sites[\(index)]", from: draft.place(of: "sites"))
            _ = isKnown(
                site, in: \.sites, kind: .site, field: "\(path).sites[\(index + 1)]", at: place)
            if !seen.insert(site).inserted {
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: place, field: "\(path).sites[\(index + 1)]",
                        what: "a site twice", got: site.text, expected: "each site once"))
            }
        }
        warnWireless(draft, path)
    }

    private mutating func warnWireless(_ draft: Drafted<Channel>, _ path: String) {
        guard draft.value.medium == .wireless else { return }
        if draft.value.role == .main {
            warn(
                .wirelessMain, at: draft.place(of: "medium"), path + ".medium",
                "a wireless main line", expected: "fibre, A2.7.7; wireless as reserve, A2.7.8")
        }
        if !draft.value.isEncrypted {
            warn(
                .wirelessUnencrypted, at: draft.place(of: "encrypted"), path + ".encrypted",
                "a wireless line without encryption", expected: "encryption, A2.7.9")
        }
    }

    /// A site that only reserve lines carry lacks what A2.7.7 asks for.
    fileprivate mutating func checkMainLines() {
        if drafts.partial.contains(.channel) { return }
        var roles: [SiteID: Bool] = [:]
        for draft in drafts.channels {
            for site in draft.value.sites {
                roles[site] = roles[site, default: false] || draft.value.role == .main
            }
        }
        for draft in drafts.sites where roles[draft.value.id] == false {
            warn(
                .incomplete, at: draft.place, "sites.\(draft.value.id)",
                "reserve channels alone carry this site", expected: "a main line, A2.7.7")
        }
    }
}
