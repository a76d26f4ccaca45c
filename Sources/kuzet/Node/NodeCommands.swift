// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Registry
import Settings

/// `kuzet run`: one process that observes, judges and keeps.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watches the cameras of a registry and keeps their account, until it is ended.",
        discussion: """
            Needs CAP_NET_RAW to open the interfaces, and gives it up before anything else. \
            SIGHUP or `kuzet reload` reads settings and registry again; SIGTERM ends in order.
            """)

    @Argument(help: "The settings file.", completion: .file())
    var settings = "kuzet.yaml"

    @Option(help: "How the log is written: text or json.")
    var logFormat = LogFormat.text

    @Option(help: "The least level that is logged: debug, info, notice, warning or error.")
    var logLevel = LogLevelArgument.notice

    func run() throws {
        var status: Int32 = 0
        try Messages.refusing {
            let found = KuzetSettings.loadWithRegistry(settings)
            for problem in found.problems.sorted { Messages.say("\(problem)") }
            guard let loaded = found.settings, let registry = found.registry else {
                throw Refusal("\(settings): cannot be used; nothing was started")
            }
            guard let ledger = loaded.ledger?.path, let socket = loaded.socketPath else {
                throw Refusal("\(settings): names no ledger (`ledger: path:`)")
            }
            guard !loaded.captures.isEmpty || loaded.checks.sampleSpacing != nil else {
                throw Refusal(
                    "\(settings): nothing is watched (`capture:` and `checks: pull:` are missing)")
            }
            let node = try Node(
                Node.Start(
                    settingsPath: settings, settings: loaded, registry: registry,
                    logFormat: logFormat, logLevel: logLevel.level), ledgerPath: ledger)
            status = try node.run(control: socket)
        }
        if status != 0 { throw ExitCode(status) }
    }
}

extension LogFormat: ExpressibleByArgument {}

/// A level of the log on the command line.
enum LogLevelArgument: String, CaseIterable, ExpressibleByArgument {
    case debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .notice }
}

/// Where a running node is found.
struct NodeArguments: ParsableArguments {
    @Option(help: "The settings file of the node.", completion: .file())
    var settings = "kuzet.yaml"

    @Option(help: "The node's socket, in place of the settings'.", completion: .file())
    var socket: String?

    func path() throws -> String {
        if let socket { return socket }
        let found = KuzetSettings.load(settings)
        if let path = found.settings?.socketPath { return path }
        for problem in found.problems.sorted { Messages.say("\(problem)") }
        throw Refusal("give --socket FILE, or --settings FILE of the node")
    }

    /// Asks the node; ends the command where none answers.
    func ask(_ request: String) throws -> String {
        let (answer, fault) = ControlClient.ask(request, at: try path())
        guard let answer else { throw Refusal(fault) }
        return answer
    }

    /// Asks for a status.
    func status(_ request: String) throws -> NodeStatus {
        let answer = try ask(request)
        do {
            return try JSONDecoder().decode(NodeStatus.self, from: Data(answer.utf8))
        } catch {
            throw Refusal("the node answers in another version's words; restart it")
        }
    }
}

/// `kuzet status`: one screen that says how a running node is.
struct StatusCommand: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says what a running node watches, what is wrong, and what is not known.")

    @OptionGroup var node: NodeArguments

    @Option(help: "text or json; json has every camera.")
    var format = Format.text

    func run() throws {
        try Messages.refusing {
            let sink = ByteSink(descriptor: STDOUT_FILENO)
            switch format {
            case .json: sink.write(try node.ask("cameras"))
            case .text:
                let style = TerminalStyle.of(descriptor: STDOUT_FILENO)
                for line in StatusScreen(try node.status("status")).lines {
                    sink.write(line.rendered(colour: style.colour) + "\n")
                }
            }
            sink.flush()
        }
    }
}

/// `kuzet reload`: has a running node read settings and registry again.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Has a running node read its settings and registry again.",
        discussion: "Files that are wrong are named and leave the running ones in force.")

    @OptionGroup var node: NodeArguments

    func run() throws {
        try Messages.refusing {
            let answer = try node.ask("reload")
            guard answer.hasPrefix("reloaded") else { throw Refusal(answer) }
            Messages.say("kuzet: \(answer)")
        }
    }
}

/// `kuzet top`: the cameras of a running node, live.
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows the cameras of a running node, live, worst first.",
        discussion: "Keys: arrows choose, enter shows a camera, s sorts, a all cameras, q quits.")

    @OptionGroup var node: NodeArguments

    /// How often the node is asked, ns.
    private static let rhythm: Int64 = 1_000_000_000

    func run() throws {
        try Messages.refusing {
            let path = try node.path()
            var status = try node.status("cameras")
            let style = TerminalStyle.of(descriptor: STDOUT_FILENO)
            guard var session = TerminalSession(style: style) else {
                throw Refusal("top needs a terminal; `kuzet status` prints one screen")
            }
            var screen = TopScreen()
            var next = MonotonicClock.now + Self.rhythm
            session.draw(screen.lines(status, size: session.size))
            while true {
                var mustDraw = false
                for event in session.wait(milliseconds: 100) {
                    switch event {
                    case .ended: return
                    case .key(let key):
                        guard screen.press(key) else { return }
                        mustDraw = true
                    case .resized: mustDraw = true
                    case .readable: break
                    }
                }
                if MonotonicClock.now >= next {
                    next = MonotonicClock.now + Self.rhythm
                    let (answer, fault) = ControlClient.ask("cameras", at: path)
                    if let answer, let now = Self.decoded(answer) {
                        status = now
                        screen.trouble = nil
                    } else {
                        screen.trouble = fault
                    }
                    if let camera = screen.shown {
                        screen.intervals = Self.intervals(of: camera, at: path)
                    }
                    mustDraw = true
                }
                if mustDraw { session.draw(screen.lines(status, size: session.size)) }
            }
        }
    }

    private static func decoded(_ answer: String) -> NodeStatus? {
        try? JSONDecoder().decode(NodeStatus.self, from: Data(answer.utf8))
    }

    private static func intervals(of camera: String, at path: String) -> [NodeStatus.Camera] {
        guard let answer = ControlClient.ask("camera \(camera)", at: path).answer else { return [] }
        return (try? JSONDecoder().decode([NodeStatus.Camera].self, from: Data(answer.utf8))) ?? []
    }
}
