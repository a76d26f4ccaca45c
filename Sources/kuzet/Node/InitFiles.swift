// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry

/// The answers from which `kuzet init` writes its files.
struct InitAnswers: Hashable {
    /// A stream of video that was heard, as a registry would name it.
    struct Found: Hashable {
        /// What the column `stream` says: a URL, a group, or a sender.
        var stream: String
        /// The host, for a name.
        var host: String
        /// What it looked like, such as `1920x1080 h264`.
        var what: String
        /// The streams by which it was heard.
        var heard: [StreamIdentity] = []

        /// What people may call it until somebody says it better.
        var name: String { what.isEmpty ? host : "\(host), \(what)" }
    }

    var interface: String
    var zone: String
    var systemName: String
    var node: String
    var language: Language
    var found: [Found] = []
    /// Whether the files are those of the service: it keeps its ledger elsewhere.
    var isService = false
}

/// The settings and the registry's skeleton that `kuzet init` writes: texts, nothing else.
struct InitFiles {
    /// Rows written for streams that were heard; what is beyond is a network for more thought.
    static let mostRows = 10_000

    let answers: InitAnswers

    init(_ answers: InitAnswers) {
        self.answers = answers
    }

    /// Paths seen from the folder, and what is written there.
    var all: [(path: String, text: String)] {
        [
            ("kuzet.yaml", settings), ("registry/parties.yaml", parties),
            ("registry/sites.yaml", sites), ("registry/channels.yaml", channels),
            ("registry/cameras.csv", cameras),
        ]
    }

    private var settings: String {
        let ledger = answers.isService ? "/var/lib/kuzet/kuzet.ledger" : "kuzet.ledger"
        let socket = answers.isService ? "/run/kuzet/kuzet.sock" : nil
        return """
            # Settings of this node. docs/registry.md explains every key; `kuzet check-config FILE`
            # names every mistake, `kuzet reload` has a running node take over changes.

            system:
              name: \(Self.quoted(answers.systemName))
              # The zone whose calendar counts: downtime is kept per calendar year (A2.7.5).
              time_zone: \(answers.zone)

            node:
              # What the ledger calls this node; do not change it later.
              name: \(answers.node)
              # Where `kuzet status` asks it; by default kuzet.sock beside the ledger.
              \(socket.map { "socket: \($0)" } ?? "# socket: /run/kuzet/kuzet.sock")

            # Paths are seen from the folder of this file.
            registry:
              parties: registry/parties.yaml
              sites: registry/sites.yaml
              channels: registry/channels.yaml
              cameras: registry/cameras.csv

            ledger:
              path: \(ledger)
              retain:
                # At full resolution at least 30 days (A2.6.10).
                measurements: 35d

            # What is watched: an interface each, such as the one at the switch's mirror port.
            capture:
              - interface: \(Self.quoted(answers.interface))
                # Packets that wait while the program is busy: 32MiB hold 300 ms at 800 Mbit/s.
                ring: 32MiB
                # Which cameras count as down when nothing of them comes: `seen`, those that were
                # ever seen here; `all`, every one of the registry.
                watch: seen

            """
    }

    private var parties: String {
        let names = InitWords(answers.language)
        let language = answers.language.rawValue
        return """
            # Who takes part (¶14). Put the real names in; ids are names for good.
            parties:
              - {id: coordinator, name: \(names.coordinator), role: coordinator, language: \(language)}
              - {id: operator, name: \(names.operator), role: network-operator, language: \(language)}
              - {id: owner, name: \(names.owner), role: subscriber, language: \(language)}

            """
    }

    private var sites: String {
        """
        # Objects with cameras (¶2.8). object_class: crowded-place, courtyard, strategic,
        # road-safety (A2.4) or other.
        sites:
          - {id: site-1, name: \(InitWords(answers.language).site), subscriber: owner, \
        object_class: other}

        """
    }

    private var channels: String {
        """
        # Lines between sites and where their video goes (¶10). medium: fibre or wireless;
        # role: main or reserve.
        channels:
          - id: line-1
            name: \(InitWords(answers.language).line)
            operator: operator
            medium: fibre
            role: main
            encrypted: false
            sites: [site-1]

        """
    }

    private var cameras: String {
        var text = """
            # One camera a line. kind: what it is for (docs/registry.md), which is a guess here.
            # stream: its URL (rtsp://10.0.0.11/main), its group (239.1.1.1:5004), or its address.
            # A camera's second, smaller stream is no camera of its own: delete such lines.
            # Where a line has an address and a port, the stream's beginning was not heard: put its
            # URL there, as the port may be another one tomorrow.

            """
        text += CameraColumns().header
        var ids = CameraIDs()
        for found in answers.found.prefix(Self.mostRows) {
            let row = CameraRow(
                id: ids.next(for: found.host), name: found.name, site: "site-1", channel: "line-1",
                stream: found.stream)
            text += row.csv
        }
        if answers.found.isEmpty {
            text += "# cam-1,Gate,site-1,line-1,outdoor-entrance,,rtsp://10.0.0.11/main,,\n"
        }
        return text
    }

    /// A text as a word of an id: small letters, digits, and `-` for the rest, 48 at most.
    static func word(_ text: String) -> String {
        let octets = text.lowercased().utf8.map { octet -> UInt8 in
            let isAllowed =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
            return isAllowed ? octet : UInt8(ascii: "-")
        }
        return String(decoding: octets.prefix(48), as: UTF8.self)
    }

    /// A text of YAML between double quotes.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

/// What parties and places are called until somebody says it better.
private struct InitWords {
    let coordinator: String
    let `operator`: String
    let owner: String
    let site: String
    let line: String

    init(_ language: Language) {
        switch language {
        case .kazakh:
            coordinator = "Үйлестіруші орган"
            `operator` = "Желі операторы"
            owner = "Объект иесі"
            site = "1-объект"
            line = "1-желі"
        case .russian:
            coordinator = "Координирующий орган"
            `operator` = "Оператор сети"
            owner = "Владелец объекта"
            site = "Объект 1"
            line = "Линия 1"
        case .english:
            coordinator = "Coordinator"
            `operator` = "Network operator"
            owner = "Owner of the site"
            site = "Site 1"
            line = "Line 1"
        }
    }
}
