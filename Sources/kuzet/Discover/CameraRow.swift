// SPDX-License-Identifier: Apache-2.0

/// A line of a registry's `cameras.csv` for a camera that was found.
struct CameraRow: Hashable {
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

    /// The line as init and the example have it, with its line break.
    var csv: String { line(CameraColumns()) }

    /// The line of a file with these columns.
    func line(_ columns: CameraColumns) -> String {
        let fields = columns.names.map { columns.field(value(of: $0)) }
        return fields.joined(separator: columns.separator) + "\n"
    }

    private func value(of column: String) -> String {
        switch column {
        case "id": id
        case "name": name
        case "site": site
        case "channel": channel
        case "kind": Self.guessedKind
        case "address": address
        case "stream": stream
        default: ""
        }
    }
}

/// The columns of a file of cameras.
struct CameraColumns: Hashable {
    /// Their names, in order.
    var names = [
        "id", "name", "site", "channel", "kind", "address", "stream", "credentials",
        "declared",
    ]
    /// What stands between two.
    var separator = ","

    /// The header, with its line break.
    var header: String { names.joined(separator: separator) + "\n" }

    /// A field of CSV (RFC 4180).
    func field(_ text: String) -> String {
        let acting = separator + "\"\r\n"
        let isPlain = !text.unicodeScalars.contains { acting.unicodeScalars.contains($0) }
        return isPlain && !text.hasPrefix("#")
            ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
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
