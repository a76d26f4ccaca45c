// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Capture
import Glibc
import Measurements
import Registry
import Settings
import Timekeeping

/// `kuzet init`: settings and a registry to begin with, by the answers to a few questions.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes settings and a registry to begin with.",
        discussion: """
            Asks the few things that matter; --yes takes what is usual. With --listen it hears \
            what the interface carries and writes a camera for each stream of video. Files that \
            exist are never overwritten.

            Examples:
              kuzet init
              sudo kuzet init site --interface eth1 --listen 30s --yes
            """)

    @Argument(help: "The folder to write to; made if it is not there.", completion: .directory)
    var folder = "."

    @Option(name: .shortAndLong, help: "The interface to watch.")
    var interface: String?

    @Option(help: "The system's time zone, such as Asia/Almaty.")
    var zone: String?

    @Option(help: "What people call the system.")
    var name: String?

    @Option(help: "The language of reports: kk, ru or en.")
    var language: String?

    @Option(help: "How long to listen for cameras, such as 30s; 0s not at all.")
    var listen: DurationArgument?

    @Flag(help: "Ask nothing.")
    var yes = false

    /// How long one may listen: what a person waits for.
    private static let longestListening: Int64 = 3_600_000_000_000

    func validate() throws {
        if let listen, !(0...Self.longestListening).contains(listen.nanoseconds) {
            throw ValidationError("--listen must be 0s to 1h.")
        }
    }

    func run() throws {
        try Messages.refusing {
            let paths = InitFiles(InitAnswers(self, InitQuestions(silent: true))).all.map(\.path)
            try InitFolder(folder).refuseExisting(paths)
            let questions = InitQuestions(silent: yes)
            var answers = try InitAnswers(asking: self, questions)
            let seconds = try questions.listening(self)
            if seconds > 0 {
                Messages.say("listening on \(answers.interface) for \(seconds) s ...")
                let (found, fault) = Listening.hear(answers.interface, seconds: seconds)
                if let fault, listen != nil { throw Refusal("\(fault); nothing was written") }
                if let fault { Messages.say("kuzet: \(fault)") }
                answers.found = found
            }
            try InitFolder(folder).write(InitFiles(answers).all)
            finish(answers)
        }
    }

    /// Keeps which stream is whose for the node: it begins in the midst of sessions whose signalling
    /// was heard now and will not be heard again.
    private func remember(
        _ found: [InitAnswers.Found], _ settings: KuzetSettings, _ registry: Registry
    ) {
        guard let ledger = settings.ledger?.path,
            let vantage = settings.captures.first.flatMap({ VantageID($0.vantage) })
        else { return }
        var memory = StreamMemory()
        for one in found {
            guard let stream = try? StreamSource(parsing: one.stream),
                let camera = registry.cameras.first(where: { $0.stream == stream })
            else { continue }
            for identity in one.heard { memory.remember(identity, camera.id, at: WallClock.now) }
        }
        guard memory.hasChanged else { return }
        let file = SmallFile(memoryOf: vantage, besideLedger: ledger)
        if !file.write(memory.text()) {
            Messages.say("\(file.path): cannot be written; run the node before cameras are pulled")
        }
    }

    /// Says what was written, what of it is wrong if anything, and what comes next.
    private func finish(_ answers: InitAnswers) {
        let settings = InitFolder(folder).path("kuzet.yaml")
        let loaded = KuzetSettings.loadWithRegistry(settings)
        for problem in loaded.problems.sorted { Messages.say("\(problem)") }
        if let settings = loaded.settings, let registry = loaded.registry {
            remember(answers.found, settings, registry)
        }
        let count = answers.found.count
        Messages.say(
            """
            \(settings) and registry/ beside it are written, with \(count) \
            \(count == 1 ? "camera" : "cameras"). Next:
              put names, sites and cameras into registry/ and look: kuzet check-config \(settings)
              watch: sudo kuzet run \(settings)
              ask:   sudo kuzet status --settings \(settings)
            """)
    }
}

extension InitAnswers {
    /// What the command line says, and what is usual where it says nothing.
    init(_ command: InitCommand, _ questions: InitQuestions) {
        self.init(
            interface: command.interface ?? questions.usualInterface,
            zone: command.zone ?? InitQuestions.usualZone,
            systemName: command.name ?? "Video surveillance",
            node: InitQuestions.usualNode,
            language: command.language.flatMap { Language(rawValue: $0) }
                ?? InitQuestions.usualLanguage)
    }

    /// The same, with questions about what the command line does not say.
    init(asking command: InitCommand, _ questions: InitQuestions) throws {
        self.init(command, questions)
        func settled(
            _ given: String?, _ question: String, usual: String, _ fault: (String) -> String?
        ) throws -> String {
            if let given {
                if let fault = fault(given) { throw Refusal(fault) }
                return given
            }
            return try questions.ask(question, usual: usual, fault)
        }
        let there = questions.interfaces.joined(separator: ", ")
        interface = try settled(
            command.interface, "Interface to watch (\(there))", usual: interface,
            InitQuestions.faultOfInterface)
        systemName = try settled(
            command.name, "What people call the system", usual: systemName,
            InitQuestions.faultOfName)
        zone = try settled(command.zone, "Time zone", usual: zone, InitQuestions.faultOfZone)
        let chosen = try settled(
            command.language, "Language of reports (kk, ru, en)", usual: language.rawValue,
            InitQuestions.faultOfLanguage)
        language = Language(rawValue: chosen) ?? language
        isService = InitFolder(command.folder).isService
    }
}

/// Questions at the terminal, each with the answer that is usual.
struct InitQuestions {
    /// Wrong answers to a question before it is given up.
    private static let mostAttempts = 5
    /// How long cameras are listened for where nobody says, s: a key frame of each has come then.
    private static let usualListening = 20

    /// Whether nothing is asked and the usual is taken.
    var silent: Bool
    var interfaces: [String] = LiveCapture.interfaces().filter { $0 != "any" }
    /// The next line that somebody typed; nil at the end.
    var nextLine: () -> String? = { readLine() }

    init(silent: Bool) {
        self.silent = silent
    }

    /// Asks until the answer has no fault.
    func ask(_ question: String, usual: String, _ fault: (String) -> String?) throws -> String {
        if silent { return usual }
        for _ in 0..<Self.mostAttempts {
            let sink = ByteSink(descriptor: STDERR_FILENO)
            sink.write("\(question) [\(usual)]: ")
            sink.flush()
            guard let line = nextLine() else {
                throw Refusal("the answers ended; nothing was written")
            }
            let answer = Self.trimmed(line)
            if answer.isEmpty { return usual }
            guard let fault = fault(answer) else { return answer }
            Messages.say("  \(fault)")
        }
        throw Refusal("no usable answer; nothing was written")
    }

    /// Seconds to listen.
    func listening(_ command: InitCommand) throws -> Int {
        if let given = command.listen {
            return Int((given.nanoseconds + 999_999_999) / 1_000_000_000)
        }
        if silent { return 0 }
        let answer = try ask(
            "Seconds to listen for cameras (0: not at all)", usual: "\(Self.usualListening)"
        ) { Int($0).map { (0...3_600).contains($0) } == true ? nil : "a number from 0 to 3600" }
        return Int(answer) ?? 0
    }

    private static func trimmed(_ line: String) -> String {
        let front = line.drop { $0 == " " || $0 == "\t" }
        return String(front.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    // MARK: - What is usual

    /// The first interface that leads anywhere.
    var usualInterface: String {
        interfaces.first { $0 != "lo" } ?? interfaces.first ?? "eth0"
    }

    static var usualZone: String {
        var target = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe readlink("/etc/localtime", &target, target.count)
        guard count > 0 else { return KuzetSettings.defaultZone }
        let path = String(decoding: target[..<count], as: UTF8.self)
        guard let folder = path.firstRange(of: "zoneinfo/") else {
            return KuzetSettings.defaultZone
        }
        let zone = String(path[folder.upperBound...])
        // A machine that keeps UTC says nothing about the place.
        let isPlace = !zone.hasPrefix("Etc/") && !["UTC", "GMT", "Universal"].contains(zone)
        return isPlace && faultOfZone(zone) == nil ? zone : KuzetSettings.defaultZone
    }

    static var usualLanguage: Language {
        for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = unsafe getenv(variable) else { continue }
            let text = unsafe String(cString: value)
            if let language = Language(rawValue: String(text.prefix(2))) { return language }
        }
        return .english
    }

    /// The machine's name as a node's.
    static var usualNode: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "node-1" }
        let octets = name.prefix { $0 != 0 && $0 != CChar(bitPattern: UInt8(ascii: ".")) }
        let word = InitFiles.word(
            String(decoding: octets.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        return word.isEmpty ? "node-1" : word
    }

    // MARK: - What is wrong

    static func faultOfInterface(_ name: String) -> String? {
        let isName =
            (1...15).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
        return isName ? nil : "no name of an interface: \(PrintableText.shown(name, ascii: true))"
    }

    static func faultOfName(_ name: String) -> String? {
        let isName =
            (1...200).contains(name.count) && name.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        return isName ? nil : "1 to 200 letters on one line"
    }

    static func faultOfZone(_ name: String) -> String? {
        do {
            _ = try ZoneFiles.rules(name)
            return nil
        } catch {
            return
                "\(PrintableText.shown(name, ascii: true)): \(error.what); expected \(error.expected)"
        }
    }

    static func faultOfLanguage(_ word: String) -> String? {
        Language(rawValue: word) == nil ? "kk, ru or en" : nil
    }
}

/// The folder that `kuzet init` writes to.
struct InitFolder {
    /// Where the service has its settings.
    static let service = "/etc/kuzet"

    let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    func path(_ name: String) -> String { folder == "." ? name : folder + "/" + name }

    /// Whether it is the service's.
    var isService: Bool {
        guard let real = unsafe realpath(folder, nil) else {
            return folder == Self.service || folder == Self.service + "/"
        }
        defer { unsafe free(real) }
        return unsafe String(cString: real) == Self.service
    }

    /// Refuses to go on if any of the files is there.
    func refuseExisting(_ names: [String]) throws {
        var status = stat()
        let existing = names.map(path).filter { unsafe lstat($0, &status) == 0 }
        guard existing.isEmpty else {
            throw Refusal(
                existing.joined(separator: ", ")
                    + ": already there, and nothing is overwritten; move it away, or name another"
                    + " folder")
        }
    }

    /// Writes all files, each of which must not exist.
    func write(_ files: [(path: String, text: String)]) throws {
        for part in [folder, path("registry")] where unsafe mkdir(part, 0o755) != 0 {
            guard errno == EEXIST else { throw Self.refusal(part) }
        }
        for (name, text) in files {
            let file = unsafe open(path(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else { throw Self.refusal(path(name)) }
            defer { close(file) }
            var octets = Array(text.utf8)[...]
            while !octets.isEmpty {
                let count = unsafe octets.withUnsafeBytes {
                    unsafe Glibc.write(file, $0.baseAddress, $0.count)
                }
                guard count > 0 else { throw Self.refusal(path(name)) }
                octets = octets.dropFirst(count)
            }
        }
    }

    private static func refusal(_ path: String) -> Refusal {
        Refusal("\(path): cannot be written: \(unsafe String(cString: strerror(errno)))")
    }
}
