// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// The settings of one node: what `kuzet.yaml` says.
public struct KuzetSettings: Sendable {
    /// Where the registry's files are; several of a kind are read as one list.
    public struct RegistryPaths: Hashable, Sendable {
        /// Files of parties, YAML.
        public var parties: [String]
        /// Files of agreements, YAML; there may be none.
        public var agreements: [String]
        /// Files of sites, YAML or CSV.
        public var sites: [String]
        /// Files of channels, YAML or CSV.
        public var channels: [String]
        /// Files of cameras, YAML or CSV.
        public var cameras: [String]
        /// What separates the fields of CSV: `,`, `;` or a tab.
        public var separator: UInt8

        /// Makes a list of files.
        public init(
            parties: [String], agreements: [String] = [], sites: [String], channels: [String],
            cameras: [String], separator: UInt8 = UInt8(ascii: ",")
        ) {
            self.parties = parties
            self.agreements = agreements
            self.sites = sites
            self.channels = channels
            self.cameras = cameras
            self.separator = separator
        }
    }

    /// What the ledger keeps, and how long.
    public struct Ledger: Hashable, Sendable {
        /// The file.
        public var path: String
        /// Nanoseconds that measurements are kept at full resolution; A2.6.10 asks for 30 days.
        public var measurements: Int64 = 35 * KuzetSettings.day
        /// Nanoseconds that minutes are kept: at least 24 months.
        public var minutes: Int64 = 790 * KuzetSettings.day
        /// Nanoseconds that hours are kept: at least 24 months.
        public var hours: Int64 = 790 * KuzetSettings.day

        /// Makes settings with the defaults of 35, 790 and 790 days.
        public init(path: String) {
            self.path = path
        }
    }

    /// A name and password for cameras, as cameras refer to them.
    public struct Credentials: Hashable, Sendable {
        /// What cameras call them.
        public let name: String
        /// The user's name.
        public let user: String
        /// Where the password is.
        public let password: SecretReference
    }

    /// What a node is and where it is spoken to.
    public struct Node: Hashable, Sendable {
        /// What it is called in a ledger and by other nodes; nil where nobody said.
        public var name: String?
        /// The socket at which `kuzet status` and the like speak to it; nil for `kuzet.sock` beside
        /// the ledger.
        public var socket: String?
        /// By what the node's own clock is taken to be in step.
        public var clock = Clock.kernel

        /// Who says whether the node's own clock is in step.
        public enum Clock: String, CaseIterable, Sendable {
            /// The kernel, and chrony where there is one.
            case kernel
            /// Whoever wrote the settings: for a machine whose clock is kept from outside, as a
            /// container's or a virtual machine's may be.
            case trusted
        }

        /// Makes a node without a name.
        public init() {}
    }

    /// One interface whose packets are watched.
    public struct Capture: Hashable, Sendable {
        /// Which cameras count as silent when nothing of them comes.
        public enum Watch: String, CaseIterable, Sendable {
            /// Those that were ever seen there.
            case seen
            /// All of the registry.
            case all
        }

        /// The interface.
        public var interface: String
        /// What the ledger calls this place of the network.
        public var vantage: String
        /// Which packets to keep, in the language of libpcap; nil keeps all.
        public var filter: String?
        /// How large the kernel's ring is, in bytes.
        public var ringBytes: Int64 = 32 << 20
        /// Whether to take in packets for others too, as a mirror port needs.
        public var isPromiscuous = true
        /// Which cameras are watched there.
        public var watch = Watch.seen

        /// Makes a capture with the usual ring that is called as its interface is.
        public init(interface: String) {
            self.interface = interface
            vantage = interface
        }
    }

    /// The node itself.
    public var node = Node()
    /// What is watched passively.
    public var captures: [Capture] = []
    /// What is asked actively.
    public var checks = Checks()
    /// What people call the system; empty if nobody said.
    public var systemName = ""
    /// The zone whose calendar counts where no site's does.
    public var zone: ZoneRules
    /// The registry's files.
    public var registry: RegistryPaths
    /// The ledger, if there is one.
    public var ledger: Ledger?
    /// Where the key is that signs reports, if they are signed.
    public var signingKey: SecretReference?
    /// Names and passwords by their names.
    public var credentials: [String: Credentials] = [:]

    /// The socket at which the node is spoken to: as it was set, or `kuzet.sock` beside the ledger;
    /// nil where there is neither.
    public var socketPath: String? {
        node.socket ?? ledger.map { InputFile.joined(InputFile.parent(of: $0.path), "kuzet.sock") }
    }

    static let day: Int64 = 86_400_000_000_000
    /// The zone of a system that names none.
    public static let defaultZone = "Asia/Almaty"

    /// Reads the settings at `path`; nil, with the reasons, if they cannot be used.
    ///
    /// Paths in them are seen from the folder of the file.
    public static func load(_ path: String) -> (settings: KuzetSettings?, problems: ProblemList) {
        var reader = SettingsReader(path: path)
        let settings = reader.read()
        return (reader.problems.hasErrors ? nil : settings, reader.problems)
    }

    /// Reads settings and the registry that they name, and holds one against the other.
    public static func loadWithRegistry(
        _ path: String
    ) -> (settings: KuzetSettings?, registry: Registry?, problems: ProblemList) {
        var (settings, problems) = load(path)
        guard let found = settings else { return (nil, nil, problems) }
        let (registry, more) = RegistryFiles.load(
            found.registry, zone: found.zone, credentials: Set(found.credentials.keys))
        problems.append(contentsOf: more)
        if let registry { problems.append(contentsOf: found.checks.problems(with: registry)) }
        if problems.hasErrors { settings = nil }
        return (settings, registry, problems)
    }
}
