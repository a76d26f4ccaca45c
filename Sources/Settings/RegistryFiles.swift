// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// The files of a registry: reading them into a registry, and writing one as files.
public enum RegistryFiles {
    /// Reads the registry in `folder`: `parties.yaml`, `agreements.yaml` (which may be left out),
    /// and `sites`, `channels` and `cameras`, each `.yaml` or `.csv` with commas.
    ///
    /// Dates begin in `zone`, by default that of Almaty.
    public static func load(
        folder: String, zone: ZoneRules? = nil
    ) -> (registry: Registry?, problems: ProblemList) {
        var problems = ProblemList()
        guard let zone = zone ?? (try? ZoneFiles.rules(KuzetSettings.defaultZone)) else {
            problems.append(
                RegistryProblem(
                    .error, .unreadable, at: SourcePlace(file: ZoneFiles.folder),
                    what: "no zone \(KuzetSettings.defaultZone)", expected: "tzdata installed"))
            return (nil, problems)
        }
        func path(_ name: String) -> String { InputFile.joined(folder, name) }
        var partial: Set<RegistryKind> = []
        func either(_ kind: String, _ what: RegistryKind) -> [String] {
            let (yaml, csv) = (path(kind + ".yaml"), path(kind + ".csv"))
            switch (InputFile.exists(yaml), InputFile.exists(csv)) {
            case (true, true):
                problems.append(
                    RegistryProblem(
                        .error, .duplicate, at: SourcePlace(file: csv),
                        what: "this file and \(yaml)",
                        expected: "one of them"))
                partial.insert(what)
                return []
            case (true, false): return [yaml]
            // One that is not there is reported when it is opened.
            case (false, _): return [csv]
            }
        }
        let agreements = path("agreements.yaml")
        let paths = KuzetSettings.RegistryPaths(
            parties: [path("parties.yaml")],
            agreements: InputFile.exists(agreements) ? [agreements] : [],
            sites: either("sites", .site), channels: either("channels", .channel),
            cameras: either("cameras", .camera))
        let (registry, more) = load(paths, zone: zone, partial: partial)
        problems.append(contentsOf: more)
        return (problems.hasErrors ? nil : registry, problems)
    }

    /// Whether `path` is a folder, so that it holds the files of a registry and is no settings.
    public static func isFolder(_ path: String) -> Bool { InputFile.isFolder(path) }

    /// Reads the registry of these files; nil, with the reasons, if it cannot be used.
    ///
    /// `credentials` are the names that cameras may refer to; nil if any will do.
    public static func load(
        _ paths: KuzetSettings.RegistryPaths, zone: ZoneRules, credentials: Set<String>? = nil
    ) -> (registry: Registry?, problems: ProblemList) {
        load(paths, zone: zone, credentials: credentials, partial: [])
    }

    private static func load(
        _ paths: KuzetSettings.RegistryPaths, zone: ZoneRules, credentials: Set<String>? = nil,
        partial: Set<RegistryKind>
    ) -> (registry: Registry?, problems: ProblemList) {
        var documents = RegistryDocuments(zone: zone)
        documents.drafts.partial = partial
        let separator = paths.separator
        documents.read(.party, paths.parties) { $0.readParties($1) }
        documents.read(.site, paths.sites) { $0.readSites($1, separator: separator) }
        documents.read(.channel, paths.channels) { $0.readChannels($1, separator: separator) }
        documents.read(.camera, paths.cameras) { $0.readCameras($1, separator: separator) }
        documents.read(.agreement, paths.agreements) { $0.readAgreements($1) }
        var problems = documents.problems
        if let credentials { check(documents.drafts, credentials, &problems) }
        let (registry, more) = Registry.make(documents.drafts)
        problems.append(contentsOf: more)
        return (problems.hasErrors ? nil : registry, problems)
    }

    private static func check(
        _ drafts: RegistryDrafts, _ credentials: Set<String>, _ problems: inout ProblemList
    ) {
        for draft in drafts.cameras {
            guard let name = draft.value.credentials, !credentials.contains(name) else { continue }
            problems.append(
                RegistryProblem(
                    .error, .danglingReference, at: draft.place(of: "credentials"),
                    field: "cameras.\(draft.value.id).credentials", what: "no such credentials",
                    got: name, expected: "a name in `credentials` of the settings",
                    suggestion: NearestWord.nearest(to: name, in: credentials)))
        }
    }
}
