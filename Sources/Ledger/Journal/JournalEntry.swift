// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
public import Timekeeping

/// One entry of the journal.
public struct JournalEntry: Hashable, Sendable {
    /// Its place, counted from 1.
    public let index: Int64
    /// When it was entered.
    public let at: Instant
    /// Who caused it: a person's name, or `kuzet`.
    public let actor: String
    /// What happened.
    public let event: JournalEvent
    /// The entry as it is kept and hashed: one line of JSON, its keys in a fixed order.
    public let text: String
    /// SHA-256 of the hash before and `text`.
    public let hash: JournalHash

    /// Most octets of an entry's text: more is no event but a document.
    static let longest = 65_536

    /// Makes the entry that follows one with the hash `previous`.
    ///
    /// - Parameter request: the name of the request by which another process had it entered.
    init(
        index: Int64, at: Instant, actor: String, event: JournalEvent, request: String? = nil,
        after previous: JournalHash
    ) {
        self.index = index
        self.at = at
        self.actor = actor
        self.event = event
        let written = event.written
        var named = written.details
        if let request { named[JournalRequest.field] = request }
        let details = named.sorted { $0.key < $1.key }
            .map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
        text =
            "{\"entry\":\(index),\"at\":\(quoted(at.description)),\"actor\":\(quoted(actor)),"
            + "\"event\":\(quoted(written.name)),\"details\":{\(details)}}"
        hash = previous.followed(by: text)
    }

    /// Reads what was kept; nil if the text is not one of an entry.
    init?(text: String, hash: JournalHash) {
        guard
            let fields = try? JSONDecoder().decode(Fields.self, from: Data(text.utf8)),
            let at = try? Instant(parsing: fields.at)
        else { return nil }
        index = fields.entry
        self.at = at
        actor = fields.actor
        event = JournalEvent(EventDetails(name: fields.event, details: fields.details))
        self.text = text
        self.hash = hash
    }

    private struct Fields: Decodable {
        let entry: Int64
        let at: String
        let actor: String
        let event: String
        let details: [String: String]
    }
}

/// A JSON string (RFC 8259 section 7) with as few escapes as are allowed.
private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case "\r": quoted += "\\r"
        case "\t": quoted += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f:
            let digits = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
