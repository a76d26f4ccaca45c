// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Capture
import Checks
import Registry
import Settings

/// `kuzet discover`: cameras that a network has, as rows for a registry.
struct DiscoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Finds cameras by ONVIF and on the wire, and prints rows for a registry.",
        discussion: """
            Asks all devices of ONVIF on the networks of its interfaces to answer \
            (WS-Discovery), then each that answered what it is and which streams it has. With \
            --for it also hears which streams an interface carries. Nothing is written, nothing \
            is set, and no stream is pulled. Only listening needs rights.

            Examples:
              kuzet discover
              kuzet discover --user viewer --password-file viewer.password
              sudo kuzet discover --interface eth1 --for 30s --passive
              kuzet discover --registry registry --new >> registry/cameras.csv
            """)

    @Option(
        name: .shortAndLong,
        help: "The interfaces to search and listen from; by default search from all with IPv4.")
    var interface: [String] = []

    @Option(help: "How long to listen on --interface, such as 30s; not at all by default.")
    var `for`: DurationArgument?

    @Option(help: "How long devices may take to answer a search.")
    var search = DurationArgument(nanoseconds: 3_000_000_000)

    @Flag(help: "Only listen: send nothing and ask nobody.")
    var passive = false

    @Option(help: "Networks that may be asked, as in 10.20.0.0/16; by default the interfaces' own.")
    var allow: [String] = []

    @OptionGroup var login: LoginArguments

    @Option(
        help: "The registry, a folder or a file of settings: what it has is marked.",
        completion: .file())
    var registry: String?

    @Option(help: "Settings that name the registry, instead of --registry.", completion: .file())
    var settings: String?

    @Flag(help: "Only what the registry does not have.")
    var new = false

    @Option(help: "The site of the rows; by default that of their neighbours in the registry.")
    var site: String?

    @Option(help: "The channel of the rows; by default that of their neighbours in the registry.")
    var channel: String?

    @Option(help: "csv, table or json.")
    var format = DiscoverFormat.csv

    /// The longest that one may listen or search: what a person waits for.
    private static let longest: Int64 = 3_600_000_000_000

    func validate() throws {
        guard registry == nil || settings == nil else {
            throw ValidationError("expected --registry or --settings, not both")
        }
        guard !new || registry != nil || settings != nil else {
            throw ValidationError("--new needs --registry or --settings")
        }
        guard self.for == nil || !interface.isEmpty else {
            throw ValidationError("--for needs --interface")
        }
        guard !passive || self.for != nil else { throw ValidationError("--passive needs --for") }
        for (name, duration) in [("--for", self.for), ("--search", search)] {
            let isLong = duration.map { (100_000_000...Self.longest).contains($0.nanoseconds) }
            guard isLong ?? true else { throw ValidationError("\(name): expected 100ms to 1h") }
        }
    }

    func run() throws {
        try Messages.refusing {
            let (registry, columns) = try readRegistry()
            let places = try RowPlaces(registry, site: site, channel: channel)
            let (devices, heard) = try find()
            let found = FoundCameras(devices: devices, heard: heard, registry: registry)
            let answer = DiscoverAnswer(
                found, places, taken: registry?.cameras.map(\.id.text) ?? [],
                columns: columns, isNewOnly: new)
            for remark in answer.remarks { Messages.say(remark) }
            try answer.write(format)
        }
    }

    /// The registry and how its file of cameras is written; nil if none was named.
    func readRegistry() throws -> (Registry?, CameraColumns?) {
        guard registry != nil || settings != nil else { return (nil, nil) }
        let input =
            settings.map { RegistryInput.settings($0) } ?? RegistryInput(path: registry ?? ".")
        let (found, problems) = input.load()
        guard let found else {
            throw Refusal("the registry cannot be used:\n\(problems.lines)")
        }
        var (file, separator) = ("", UInt8(ascii: ","))
        switch input {
        case .folder(let path): file = path + "/cameras.csv"
        case .settings(let path):
            let paths = KuzetSettings.load(path).settings?.registry
            (file, separator) = (paths?.cameras.first ?? "", paths?.separator ?? separator)
        }
        var columns = CameraColumns()
        if let names = RegistryFiles.columns(of: file, separator: separator) {
            columns.names = names
            columns.separator = String(UnicodeScalar(separator))
        }
        return (found, columns)
    }

    /// The networks to search from.
    static func networks(
        _ interfaces: [String], among all: [LocalNetwork]
    ) throws -> [LocalNetwork] {
        guard !interfaces.isEmpty else { return all.filter(\.leadsOut) }
        return try interfaces.flatMap { name in
            let found = all.filter { $0.interface == name }
            guard !found.isEmpty else {
                let shown = PrintableText.shown(name, ascii: true)
                throw Refusal("\(shown): no such interface is up with an IPv4 address")
            }
            return found
        }
    }

    /// Searches, asks and listens until all of it is over or somebody ends it.
    private func find() throws -> (devices: [AskedDevice], heard: [InitAnswers.Found]) {
        let networks = passive ? [] : try Self.networks(interface, among: LocalNetwork.all())
        guard passive || !networks.isEmpty else {
            throw Refusal("no interface is up with an IPv4 address")
        }
        let signals = EndingSignals()
        let allowed =
            try AllowedAddresses(given: allow) ?? AllowedAddresses(onLink: networks)
        let devices = try DeviceSearch(allowed: allowed, credentials: login.credentials())
        var listening: [Listening] = []
        if self.for != nil {
            for name in interface {
                do {
                    listening.append(try Listening(name))
                } catch {
                    throw Refusal("\(error)")
                }
            }
        }
        for network in networks { devices.search(network, nanoseconds: search.nanoseconds) }
        let end = MonotonicClock.now + (self.for?.nanoseconds ?? 0)
        while devices.isBusy || (MonotonicClock.now < end && !listening.isEmpty),
            !signals.haveCome
        {
            devices.turn(milliseconds: listening.isEmpty ? 100 : 0)
            guard MonotonicClock.now < end else { continue }
            for one in listening {
                do {
                    try one.turn(milliseconds: 50)
                } catch {
                    throw Refusal("\(error)")
                }
            }
        }
        if devices.failures.count == networks.count, let first = devices.failures.first {
            throw Refusal("\(first.interface): \(first.failure.text)")
        }
        for (name, failure) in devices.failures { Messages.say("\(name): \(failure.text)") }
        return (devices.devices, listening.flatMap { $0.finish() })
    }
}

/// How a search answers.
enum DiscoverFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, table, json
}
