// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Timekeeping

/// An event as it stands in the journal: a name and texts by their names.
struct EventDetails: Hashable {
    var name: String
    var details: [String: String]
}

extension JournalEvent {
    /// The event as name and texts.
    var written: EventDetails {
        switch self {
        case .ledgerCreated(let node, let epoch):
            EventDetails(name: "ledger-created", details: ["node": node, "epoch": epoch])
        case .ledgerOpened: EventDetails(name: "ledger-opened", details: [:])
        case .ledgerClosed: EventDetails(name: "ledger-closed", details: [:])
        case .ledgerRestored(let epoch):
            EventDetails(name: "ledger-restored", details: ["epoch": epoch])
        case .ledgerRepaired(let what):
            EventDetails(name: "ledger-repaired", details: ["what": what])
        case .workAdded(let work): EventDetails(name: "work-added", details: work.written)
        case .workEnded(let id, let at):
            EventDetails(name: "work-ended", details: ["id": id, "ended": at.description])
        case .exclusionAdded(let exclusion):
            EventDetails(name: "exclusion-added", details: exclusion.written)
        case .exclusionRevoked(let id, let at, let by):
            EventDetails(
                name: "exclusion-revoked",
                details: ["id": id, "revoked": at.description, "by": by])
        case .reportIssued(let report):
            EventDetails(name: "report-issued", details: report.written)
        case .registryChanged(let what, let before, let after):
            EventDetails(
                name: "registry-changed",
                details: ["what": what, "before": before, "after": after])
        case .agreementChanged(let what, let before, let after):
            EventDetails(
                name: "agreement-changed",
                details: ["what": what, "before": before, "after": after])
        case .clockStepped(let by):
            EventDetails(name: "clock-stepped", details: ["nanoseconds": String(by)])
        case .conflictQuarantined(let count, let first, let reason):
            EventDetails(
                name: "conflict-quarantined",
                details: ["count": String(count), "first": first, "reason": reason])
        case .other(let name, let details): EventDetails(name: name, details: details)
        }
    }

    /// Reads an event; what this version does not know becomes `other`.
    init(_ written: EventDetails) {
        self =
            JournalEvent.known(written)
            ?? .other(name: written.name, details: written.details)
    }

    private static func known(_ written: EventDetails) -> JournalEvent? {
        let details = written.details
        switch written.name {
        case "ledger-created":
            guard let node = details["node"], let epoch = details["epoch"] else { return nil }
            return .ledgerCreated(node: node, epoch: epoch)
        case "ledger-opened": return .ledgerOpened
        case "ledger-closed": return .ledgerClosed
        case "ledger-restored": return details["epoch"].map { .ledgerRestored(epoch: $0) }
        case "ledger-repaired": return details["what"].map { .ledgerRepaired(what: $0) }
        case "work-added": return PlannedWork(details).map { .workAdded($0) }
        case "work-ended":
            guard let id = details["id"], let at = Instant(details["ended"]) else { return nil }
            return .workEnded(id: id, at: at)
        case "exclusion-added": return Exclusion(details).map { .exclusionAdded($0) }
        case "exclusion-revoked":
            guard let id = details["id"], let at = Instant(details["revoked"]),
                let by = details["by"]
            else { return nil }
            return .exclusionRevoked(id: id, at: at, by: by)
        case "report-issued": return IssuedReport(details).map { .reportIssued($0) }
        case "clock-stepped":
            return details["nanoseconds"].flatMap { Int64($0) }
                .map { .clockStepped(byNanoseconds: $0) }
        case "conflict-quarantined":
            guard let count = details["count"].flatMap({ Int($0) }), let first = details["first"],
                let reason = details["reason"]
            else { return nil }
            return .conflictQuarantined(count: count, first: first, reason: reason)
        default: return changed(written)
        }
    }

    private static func changed(_ written: EventDetails) -> JournalEvent? {
        guard let what = written.details["what"], let before = written.details["before"],
            let after = written.details["after"]
        else { return nil }
        switch written.name {
        case "registry-changed":
            return .registryChanged(what: what, before: before, after: after)
        case "agreement-changed":
            return .agreementChanged(what: what, before: before, after: after)
        default: return nil
        }
    }
}

extension PlannedWork {
    fileprivate var written: [String: String] {
        var details = [
            "id": id, "scope": scope.written, "from": range.start.description,
            "to": range.end.description, "what": what, "by": enteredBy,
            "entered": enteredAt.description,
        ]
        details["ended"] = endedEarlyAt?.description
        return details
    }

    fileprivate init?(_ details: [String: String]) {
        guard let id = details["id"], let scope = Scope(written: details["scope"]),
            let from = Instant(details["from"]), let to = Instant(details["to"]),
            let range = TimeRange(start: from, end: to), let what = details["what"],
            let by = details["by"], let entered = Instant(details["entered"])
        else { return nil }
        self.init(
            id: id, scope: scope, range: range, endedEarlyAt: Instant(details["ended"]),
            what: what, enteredBy: by, enteredAt: entered)
    }
}

extension Exclusion {
    fileprivate var written: [String: String] {
        var details = [
            "id": id, "scope": scope.written, "from": range.start.description,
            "to": range.end.description, "reason": reason, "document": document,
            "by": enteredBy, "entered": enteredAt.description,
        ]
        details["revoked"] = revokedAt?.description
        details["revoked-by"] = revokedBy
        return details
    }

    fileprivate init?(_ details: [String: String]) {
        guard let id = details["id"], let scope = Scope(written: details["scope"]),
            let from = Instant(details["from"]), let to = Instant(details["to"]),
            let range = TimeRange(start: from, end: to), let reason = details["reason"],
            let document = details["document"], let by = details["by"],
            let entered = Instant(details["entered"])
        else { return nil }
        self.init(
            id: id, scope: scope, range: range, reason: reason, document: document,
            enteredBy: by, enteredAt: entered, revokedAt: Instant(details["revoked"]),
            revokedBy: details["revoked-by"])
    }
}

extension IssuedReport {
    fileprivate var written: [String: String] {
        var details = [
            "number": String(number), "period": period, "recipient": recipient,
            "language": language, "revision": String(revision),
        ]
        for (format, digest) in digests { details["sha256-" + format] = digest }
        details["journal"] = head?.description
        return details
    }

    fileprivate init?(_ details: [String: String]) {
        guard let number = details["number"].flatMap({ Int($0) }), let period = details["period"],
            let recipient = details["recipient"], let language = details["language"],
            let revision = details["revision"].flatMap({ Int($0) })
        else { return nil }
        var digests: [String: String] = [:]
        for (name, digest) in details where name.hasPrefix("sha256-") {
            digests[String(name.dropFirst("sha256-".count))] = digest
        }
        self.init(
            number: number, period: period, recipient: recipient, language: language,
            revision: revision, digests: digests, head: details["journal"].flatMap(Checkpoint.init))
    }
}

extension Scope {
    fileprivate var written: String {
        switch self {
        case .camera(let id): "camera:\(id)"
        case .site(let id): "site:\(id)"
        case .channel(let id): "channel:\(id)"
        case .party(let id): "party:\(id)"
        case .all: "all"
        }
    }

    fileprivate init?(written text: String?) {
        guard let text else { return nil }
        if text == "all" {
            self = .all
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let scope: Scope?
        switch parts[0] {
        case "camera": scope = CameraID(parts[1]).map { .camera($0) }
        case "site": scope = SiteID(parts[1]).map { .site($0) }
        case "channel": scope = ChannelID(parts[1]).map { .channel($0) }
        case "party": scope = PartyID(parts[1]).map { .party($0) }
        default: scope = nil
        }
        guard let scope else { return nil }
        self = scope
    }
}

extension Instant {
    fileprivate init?(_ text: String?) {
        guard let text, let instant = try? Instant(parsing: text) else { return nil }
        self = instant
    }
}
