// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Registry
import Settings

/// `kuzet check-config`: every problem of the settings and of all files that they name.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Names every problem of the settings and of the files that they name.",
        discussion: """
            Nothing is changed. Ends with 0 if the settings are usable, with 2 if not.
            """)

    @Argument(help: "The settings, such as kuzet.yaml.")
    var file: String

    func run() throws {
        let answer = Self.answer(file)
        try answer.write()
        if answer.status != 0 { throw ExitCode(answer.status) }
    }

    static func answer(_ file: String) -> RegistryAnswer {
        let (settings, registry, problems) = KuzetSettings.loadWithRegistry(file)
        var text = problems.lines
        if settings != nil, let registry {
            text += "settings: usable, with \(registry.counts); \(problems.counts)\n"
        } else {
            text += "settings: not usable; \(problems.counts)\n"
        }
        return RegistryAnswer(text: text, status: settings == nil ? 2 : 0)
    }
}
