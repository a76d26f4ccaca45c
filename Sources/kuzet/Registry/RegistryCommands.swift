// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Registry
import Settings

/// `kuzet registry`: who and what is watched.
struct RegistryCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: "Checks and compares registries: parties, sites, channels, cameras.",
        subcommands: [RegistryCheckCommand.self, RegistryDiff.self, RegistryMatch.self])
}

/// `kuzet registry check`: every problem of a registry.
struct RegistryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Names every problem of a registry's files by file, line, column and field.",
        discussion: """
            Warnings leave the registry usable. Ends with 0 if it is usable, with 2 if not.
            """)

    @Argument(help: "The folder of the registry's files.")
    var folder: String?

    @Option(help: "Settings that name the files, instead of a folder.")
    var settings: String?

    func validate() throws {
        guard (folder == nil) != (settings == nil) else {
            throw ValidationError("expected a folder or --settings FILE, and not both")
        }
    }

    func run() throws {
        let input = settings.map { RegistryInput.settings($0) } ?? .folder(folder ?? ".")
        let answer = Self.answer(input)
        try answer.write()
        if answer.status != 0 { throw ExitCode(answer.status) }
    }

    static func answer(_ input: RegistryInput) -> RegistryAnswer {
        let (registry, problems) = input.load()
        let what = registry.map(\.counts) ?? "not usable"
        return RegistryAnswer(
            text: problems.lines + "registry: \(what); \(problems.counts)\n",
            status: registry == nil ? 2 : 0)
    }
}

/// `kuzet registry diff`: what a new version changes.
struct RegistryDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what a new version of a registry adds, removes and changes.",
        discussion: """
            Things are told apart by their ids: a camera with a new address is the same camera. \
            If more than 10 % of the cameras are gone, it ends with 2 unless --confirm-removal \
            says that this is meant.
            """)

    @Argument(help: "The version in force: a folder, or a file of settings.")
    var old: String

    @Argument(help: "The new version: a folder, or a file of settings.")
    var new: String

    @Flag(help: "More than 10 % of the cameras are meant to go.")
    var confirmRemoval = false

    func run() throws {
        let answer = Self.answer(
            old: RegistryInput(path: old), new: RegistryInput(path: new),
            isConfirmed: confirmRemoval)
        try answer.write()
        if answer.status != 0 { throw ExitCode(answer.status) }
    }

    static func answer(
        old: RegistryInput, new: RegistryInput, isConfirmed: Bool
    ) -> RegistryAnswer {
        let (before, oldProblems) = old.load()
        let (after, newProblems) = new.load()
        guard let before, let after else {
            var problems = ProblemList()
            if before == nil { problems.append(contentsOf: oldProblems) }
            if after == nil { problems.append(contentsOf: newProblems) }
            return RegistryAnswer(
                text: problems.lines + "difference: not known; \(problems.counts)\n", status: 2)
        }
        let difference = RegistryDifference(from: before, to: after)
        var text = difference.changes.map(line).joined()
        text += "difference: \(counts(difference))\n"
        guard difference.needsConfirmation, !isConfirmed else {
            return RegistryAnswer(text: text, status: 0)
        }
        text +=
            "removal of \(difference.removedCameraCount) of "
            + "\(counted(difference.oldCameraCount, "camera")) is more than 10 %: if it is meant, "
            + "say --confirm-removal\n"
        return RegistryAnswer(text: text, status: 2)
    }

    private static func counts(_ difference: RegistryDifference) -> String {
        var (added, removed, changed) = (0, 0, 0)
        for change in difference.changes {
            switch change.event {
            case .added: added += 1
            case .removed: removed += 1
            case .changed: changed += 1
            }
        }
        return "\(added) added, \(removed) removed, \(changed) changed"
    }

    private static func line(_ change: RegistryDifference.Change) -> String {
        let name = "\(change.kind.rawValue) \(change.id)"
        switch change.event {
        case .added: return "+ \(name)\n"
        case .removed: return "- \(name)\n"
        case .changed(let fields):
            let texts = fields.map { field in
                "    \(field.field): \(shown(field.old)) -> \(shown(field.new))\n"
            }
            return "~ \(name)\n" + texts.joined()
        }
    }

    private static func shown(_ text: String) -> String {
        text.isEmpty ? "none" : RegistryProblem.quoted(text)
    }
}

/// `kuzet registry match`: whose a stream is.
struct RegistryMatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Says which camera a stream belongs to, and by what evidence.",
        discussion: "Ends with 0 if it is one camera's, with 1 if not, with 2 for bad input.")

    @Argument(help: "The registry: a folder, or a file of settings.")
    var registry: String

    @Option(
        help: "Where the packets come from, ADDRESS:PORT.", transform: EndpointArgument.parse)
    var source: EndpointArgument

    @Option(help: "Where they go to, ADDRESS:PORT.", transform: EndpointArgument.parse)
    var destination: EndpointArgument

    @Option(help: "The URL that signalling named.")
    var url: String?

    func run() throws {
        let answer = Self.answer(
            RegistryInput(path: registry),
            StreamTrace(url: url, source: source.endpoint, destination: destination.endpoint))
        try answer.write()
        if answer.status != 0 { throw ExitCode(answer.status) }
    }

    static func answer(_ input: RegistryInput, _ trace: StreamTrace) -> RegistryAnswer {
        let (registry, problems) = input.load()
        guard let registry else {
            return RegistryAnswer(
                text: problems.lines + "registry: not usable; \(problems.counts)\n", status: 2)
        }
        switch StreamMatcher(registry).match(trace) {
        case .camera(let id, let evidence):
            return RegistryAnswer(text: "camera \(id) by \(evidence.rawValue)\n", status: 0)
        case .unregistered: return RegistryAnswer(text: "unregistered\n", status: 1)
        case .ambiguous(let ids, let evidence):
            let names = ids.map(\.text).joined(separator: " ")
            return RegistryAnswer(
                text: "ambiguous by \(evidence.rawValue): \(names)\n", status: 1)
        }
    }
}

/// An address and port on the command line: `192.0.2.1:554`, `[2001:db8::1]:554`.
struct EndpointArgument: Equatable {
    let endpoint: NetworkEndpoint

    static func parse(_ text: String) throws -> EndpointArgument {
        guard let place = try? HostPort(parsing: text), let address = place.host.address,
            let port = place.port
        else {
            throw ValidationError("found \"\(text)\"; expected ADDRESS:PORT such as 192.0.2.1:554")
        }
        return EndpointArgument(endpoint: NetworkEndpoint(address: address, port: port))
    }
}
