// SPDX-License-Identifier: Apache-2.0
public import Agreements
public import Timekeeping

/// What a person or the program did that somebody may ask about later.
public enum JournalEvent: Hashable, Sendable {
    /// The ledger was made.
    case ledgerCreated(node: String, epoch: String)
    /// The ledger was opened to be written.
    case ledgerOpened
    /// The ledger was closed in order: without this, the program was ended or the power failed.
    case ledgerClosed
    /// The ledger is a backup brought back; its node goes on in another epoch.
    case ledgerRestored(epoch: String)
    /// Something of the ledger was put right, and what.
    case ledgerRepaired(what: String)
    /// A planned work was entered.
    case workAdded(PlannedWork)
    /// A planned work ended before its time, or was called off.
    case workEnded(id: String, at: Instant)
    /// An exclusion was entered.
    case exclusionAdded(Exclusion)
    /// An exclusion was revoked.
    case exclusionRevoked(id: String, at: Instant, by: String)
    /// A report was issued.
    case reportIssued(IssuedReport)
    /// Parties, sites, channels or cameras changed, with the SHA-256 of before and after.
    case registryChanged(what: String, before: String, after: String)
    /// Thresholds or judging rules changed, with the SHA-256 of before and after.
    case agreementChanged(what: String, before: String, after: String)
    /// The node's wall clock was set, by so many nanoseconds.
    case clockStepped(byNanoseconds: Int64)
    /// Records that contradict kept ones were put aside.
    case conflictQuarantined(count: Int, first: String, reason: String)
    /// An event that this version does not know.
    case other(name: String, details: [String: String])
}

extension JournalEvent {
    /// The first record was put aside that is not kept, because so many are.
    static func quarantineFull(kept: Int) -> JournalEvent {
        .other(name: "quarantine-full", details: ["kept": String(kept)])
    }
}

/// What is known for ever of a report that was given out.
public struct IssuedReport: Hashable, Sendable {
    /// The number of the issue, counted from 1 in the ledger; 0 asks the ledger for the next.
    public var number: Int
    /// The period, as it was asked for: `2026-10`.
    public var period: String
    /// For whom, such as `coordinator` or `subscriber:ID`.
    public var recipient: String
    /// `kk`, `ru` or `en`.
    public var language: String
    /// Counted from 1 for each period, recipient and language.
    public var revision: Int
    /// The SHA-256 of each file, in hexadecimal digits, by its format, such as `html`.
    public var digests: [String: String]
    /// The journal's head that the report vouches for; nil in what earlier builds entered, whose
    /// reports vouch for the entry before their own.
    public var head: Checkpoint?

    /// Makes the record of an issue.
    public init(
        number: Int = 0, period: String, recipient: String, language: String, revision: Int,
        digests: [String: String], head: Checkpoint? = nil
    ) {
        self.number = number
        self.period = period
        self.recipient = recipient
        self.language = language
        self.revision = revision
        self.digests = digests
        self.head = head
    }
}
