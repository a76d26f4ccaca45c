// SPDX-License-Identifier: Apache-2.0

/// A line of a registry's `cameras.csv` for a camera that was found.
struct CameraRow: Hashable {
    /// The columns, as `kuzet registry check` and the example have them.
    static let header = "id,name,site,channel,kind,address,stream,credentials,declared\n"
    /// What a camera is for, where nobody said: a guess.
    static let guessedKind = "outdoor-overview"

    var id: String
    var name: String
    var site: String
    var channel: String
    /// Where it is managed; empty if that is not known.
    var address = ""
    /// By what its stream is known; empty if that is not known.
    var stream = ""

    /// The line, with its line break.
    var csv: String {
        [id, name, site, channel, Self.guessedKind, address, stream, "", ""]
            .map(Self.field).joined(separator: ",") + "\n"
    }

    /// A field of CSV (RFC 4180).
    private static func field(_ text: String) -> String {
        let isPlain = text.allSatisfy { !",\"\r\n".contains($0) } && !text.hasPrefix("#")
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

/// Gives each new camera an id that no other has.
struct CameraIDs {
    private var taken: Set<String>
    private var last: [String: Int] = [:]

    /// - Parameter taken: Ids that a registry has already.
    init(taken: some Sequence<String> = EmptyCollection()) {
        self.taken = Set(taken)
    }

    /// `cam-10-0-0-11`, then `cam-10-0-0-11-2` and so on.
    mutating func next(for host: String) -> String {
        let stem = "cam-" + InitFiles.word(host)
        var number = last[stem, default: 0]
        var id: String
        repeat {
            number += 1
            id = number == 1 ? stem : "\(stem)-\(number)"
        } while taken.contains(id)
        last[stem] = number
        taken.insert(id)
        return id
    }
}
