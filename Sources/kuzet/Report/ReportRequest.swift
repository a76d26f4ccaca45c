// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Reports
import Settings
import Timekeeping

/// What `kuzet report` was asked for, read and held against the registry.
struct ReportRequest {
    /// A form of the report.
    enum Format: String, CaseIterable {
        case html, pdf, csv, json
    }

    var period: Period
    /// The period as it was asked for.
    var periodName: String
    var range: TimeRange
    var recipient: Statement.Recipient
    var language: Language
    var formats: Set<Format>
    var marksEncoding: Bool
    var registry: Registry
    var zone: ZoneRules
    var ledger: String
    var out: String
    /// The private key as PEM; nil leaves the report unsigned.
    var key: [UInt8]?

    /// The words of a command line.
    struct Words {
        var period: String
        var recipient: String
        var language: String?
        var formats = "html,pdf,csv,json"
        var marksEncoding = false
        var out: String
        var settings: String?
        var ledger: String?
        var registry: String?
        var zone = KuzetSettings.defaultZone
        var key: String?
    }

    /// Reads the words, and what they name; throws everything that is wrong with them.
    init(_ words: Words) throws(ReportFault) {
        let place = try Place(words)
        var words = words
        words.ledger = place.ledger
        try self.init(words, registry: place.registry, zone: place.zone, key: place.key)
    }

    /// Reads the words about a registry that is at hand.
    init(
        _ words: Words, registry: Registry, zone: ZoneRules, key: [UInt8]?
    ) throws(ReportFault) {
        self.registry = registry
        self.zone = zone
        self.key = key
        ledger = words.ledger ?? ""
        out = words.out
        marksEncoding = words.marksEncoding
        var wrong: [String] = []
        func check<Value>(_ body: () throws(ReportFault) -> Value) -> Value? {
            do throws(ReportFault) { return try body() } catch {
                wrong += error.lines
                return nil
            }
        }
        let found = (
            period: check { () throws(ReportFault) in
                try ReportRequest.period(words.period, zone)
            },
            recipient: check { () throws(ReportFault) in
                try ReportRequest.recipient(words.recipient, registry)
            },
            formats: check { () throws(ReportFault) in try ReportRequest.formats(words.formats) },
            language: check { () throws(ReportFault) in try ReportRequest.language(words.language) }
        )
        guard let period = found.period, let recipient = found.recipient,
            let formats = found.formats, let language = found.language
        else { throw ReportFault(lines: wrong) }
        self.period = period
        periodName = words.period
        range = period.range(in: zone)
        self.recipient = recipient
        self.formats = formats
        self.language = language ?? ReportRequest.language(of: recipient, registry)
    }

    // MARK: - One word each

    static func period(_ text: String, _ zone: ZoneRules) throws(ReportFault) -> Period {
        do throws(PeriodFault) { return try Period(parsing: text, zone: zone) } catch {
            throw ReportFault("--period: \(error)")
        }
    }

    static func recipient(
        _ text: String, _ registry: Registry
    ) throws(ReportFault) -> Statement.Recipient {
        let got = "(got \(RegistryProblem.quoted(text)); expected"
        guard let recipient = Statement.Recipient(text) else {
            throw ReportFault(
                "--for: no recipient \(got) coordinator, technical-operator, "
                    + "network-operator:ID or subscriber:ID)")
        }
        guard let party = recipient.party else { return recipient }
        guard registry.party(party)?.role.rawValue == recipient.role else {
            let all = registry.parties.filter { $0.role.rawValue == recipient.role }
            let names = all.prefix(5).map(\.id.text).joined(separator: ", ")
            throw ReportFault(
                "--for: the registry has no such \(recipient.role) \(got) "
                    + (names.isEmpty ? "none: there is none" : "one such as \(names)") + ")")
        }
        return recipient
    }

    static func formats(_ text: String) throws(ReportFault) -> Set<Format> {
        var formats: Set<Format> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let format = Format(rawValue: String(word)) else {
                throw ReportFault(
                    "--format: no such form (got \(RegistryProblem.quoted(String(word))); "
                        + "expected some of html,pdf,csv,json)")
            }
            formats.insert(format)
        }
        return formats
    }

    static func language(_ text: String?) throws(ReportFault) -> Language? {
        guard let text else { return nil }
        guard let language = Language(rawValue: text) else {
            throw ReportFault(
                "--language: no such language (got \(RegistryProblem.quoted(text)); "
                    + "expected kk, ru or en)")
        }
        return language
    }

    /// The language of the party that reads, if the registry tells.
    static func language(of recipient: Statement.Recipient, _ registry: Registry) -> Language {
        switch recipient {
        case .coordinator: registry.coordinator?.language ?? .kazakh
        case .technicalOperator: registry.technicalOperator?.language ?? .kazakh
        case .networkOperator(let party), .subscriber(let party):
            registry.party(party)?.language ?? .kazakh
        }
    }

    // MARK: - Where the ledger and the registry are

    private struct Place {
        var registry: Registry
        var zone: ZoneRules
        var ledger: String
        var key: [UInt8]?

        init(_ words: Words) throws(ReportFault) {
            if let path = words.settings {
                let (settings, registry, problems) = KuzetSettings.loadWithRegistry(path)
                guard let settings, let registry else {
                    throw ReportFault(lines: problems.sorted.map(\.description))
                }
                guard let ledger = words.ledger ?? settings.ledger?.path else {
                    throw ReportFault("\(path): ledger: none is named; give --ledger")
                }
                self.registry = registry
                zone = settings.zone
                self.ledger = ledger
                key = try Place.key(words.key, settings.signingKey, path)
                return
            }
            guard let folder = words.registry, let ledger = words.ledger else {
                throw ReportFault("give --settings, or --ledger and --registry")
            }
            guard ReportFiles.isFolder(folder) else {
                throw ReportFault("\(folder): no such folder (expected that of the registry)")
            }
            do throws(ValueFault) { zone = try ZoneFiles.rules(words.zone) } catch {
                throw ReportFault(
                    "--zone: \(error.what) (got \(RegistryProblem.quoted(words.zone)); expected "
                        + "\(error.expected))")
            }
            let (registry, problems) = RegistryFiles.load(folder: folder, zone: zone)
            guard let registry else {
                throw ReportFault(lines: problems.sorted.map(\.description))
            }
            self.registry = registry
            self.ledger = ledger
            key = try Place.key(words.key, nil, "")
        }

        private static func key(
            _ path: String?, _ reference: SecretReference?, _ settings: String
        ) throws(ReportFault) -> [UInt8]? {
            var octets: [UInt8]?
            if let path {
                octets = try ReportFiles.read(path, limit: SigningKey.largestFile)
            } else if let reference {
                do throws(RegistryProblem) {
                    octets = try reference.read(
                        place: SourcePlace(file: settings), field: "reports.signing_key"
                    ).withOctets { $0 }
                } catch {
                    throw ReportFault("\(error)")
                }
            }
            guard let octets else { return nil }
            guard SigningKey.publicKey(ofPrivate: octets) != nil else {
                throw ReportFault(
                    "\(path ?? settings): no private key (expected Ed25519 in PEM, as "
                        + "`kuzet report keygen` writes it)")
            }
            return octets
        }
    }
}
