// SPDX-License-Identifier: Apache-2.0

/// How long the journal was and what it said, in one line that can leave the machine.
///
/// `kuzet-journal <node> <entries> <hash>`: printed in every report, sent to a parent, kept on
/// paper. Whoever holds one can tell later whether anything up to there was changed or taken
/// away.
public struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
    /// Whose journal.
    public let node: String
    /// How many entries it had.
    public let entries: Int64
    /// The hash of the last of them.
    public let hash: JournalHash

    private static let label = "kuzet-journal"

    /// Makes a checkpoint.
    public init(node: String, entries: Int64, hash: JournalHash) {
        self.node = node
        self.entries = entries
        self.hash = hash
    }

    /// Reads the line, white space around it ignored; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 4, words[0] == Checkpoint.label,
            let entries = Int64(words[2]), entries > 0, let hash = JournalHash(words[3])
        else { return nil }
        self.init(node: words[1], entries: entries, hash: hash)
    }

    /// The line.
    public var description: String { "\(Checkpoint.label) \(node) \(entries) \(hash)" }
}

/// What looking at the journal found.
public struct JournalVerdict: Hashable, Sendable {
    /// Entries that are there.
    public let entries: Int64
    /// The first entry that is not as it was; nil if all are.
    public let firstBad: Int64?
    /// What is wrong with it, as a clause; `is sound` if nothing is.
    public let reason: String
    /// The checkpoint of all entries; nil if something is wrong.
    public let head: Checkpoint?

    /// Whether every entry is as it was.
    public var isSound: Bool { firstBad == nil }
}
