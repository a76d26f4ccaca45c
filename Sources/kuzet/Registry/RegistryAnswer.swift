// SPDX-License-Identifier: Apache-2.0
import Registry
import Settings

/// What a command about the registry or settings prints, and the status it ends with.
struct RegistryAnswer: Equatable {
    /// Lines for standard output, each with its line break.
    var text: String
    /// 0, or 2 for input that cannot be used.
    var status: Int32

    /// Writes the text; a reader that went away has what it wanted.
    func write() throws {
        let output = ByteSink(descriptor: 1)
        output.write(text)
        do {
            try output.finish()
        } catch {
            guard error.isReaderGone else { throw error }
        }
    }
}

/// A registry on the command line: a folder of its files, or settings that name them.
enum RegistryInput: Equatable {
    case folder(String)
    case settings(String)

    /// A folder if the path is one, else a file of settings.
    init(path: String) {
        self = RegistryFiles.isFolder(path) ? .folder(path) : .settings(path)
    }

    func load() -> (registry: Registry?, problems: ProblemList) {
        switch self {
        case .folder(let path): return RegistryFiles.load(folder: path)
        case .settings(let path):
            let (_, registry, problems) = KuzetSettings.loadWithRegistry(path)
            return (registry, problems)
        }
    }
}

extension ProblemList {
    /// One line each, in the order of files and lines, and a line for those beyond the limit.
    var lines: String {
        var text = sorted.map { $0.description + "\n" }.joined()
        if hiddenCount > 0 { text += "and \(hiddenCount) more\n" }
        return text
    }

    /// `1 error, 2 warnings`.
    var counts: String {
        counted(errorCount, "error") + ", " + counted(warningCount, "warning")
    }
}

/// A number and a noun, with an s if it is not one.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
}

extension Registry {
    /// `2 parties, 1 agreement, …`.
    var counts: String {
        [
            counted(parties.count, "party", plural: "parties"),
            counted(agreements.count, "agreement"), counted(sites.count, "site"),
            counted(channels.count, "channel"), counted(cameras.count, "camera"),
        ].joined(separator: ", ")
    }
}
