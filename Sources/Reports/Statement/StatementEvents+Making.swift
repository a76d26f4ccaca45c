// SPDX-License-Identifier: Apache-2.0
import Agreements
import Registry
import Timekeeping

extension Statement.Incidents {
    /// How far a camera's outage may stand out of a site's or channel's at either end and still be
    /// explained by it: cameras fall silent and come back over some minutes (chosen).
    static let spread: Int64 = 5 * 60 * 1_000_000_000

    /// Takes outages of channels, then of sites, then of cameras, leaving out whatever one taken
    /// before explains.
    init(_ account: Account, _ accounts: [CameraAccount], _ sight: Sight) {
        var roots: [Root] = []
        let channels = account.channels.flatMap(\.outages)
        let sites = account.sites.flatMap(\.outages)
        let bySubject = Dictionary(grouping: accounts) { $0.channel }
        let bySite = Dictionary(grouping: accounts) { $0.site }
        for outage in channels {
            guard case .channel(let id) = outage.subject else { continue }
            let touched = (bySubject[id] ?? []).filter { $0.isDown(within: outage) }
            guard sight.sees(id) || !touched.isEmpty else { continue }
            roots.append(Root(outage, .channel(id), touched.map(\.camera)))
        }
        for outage in sites {
            guard case .site(let id) = outage.subject, sight.sees(id) else { continue }
            let touched = (bySite[id] ?? []).filter { $0.isDown(within: outage) }
            let cameras = Set(touched.map(\.camera))
            // A channel that took most of the site with it is the root.
            let isExplained = roots.contains { root in
                root.explains(outage)
                    && 5 * cameras.intersection(root.touched).count >= 4 * cameras.count
            }
            if !isExplained { roots.append(Root(outage, .site(id), touched.map(\.camera))) }
        }
        var byCamera: [CameraID: [Int]] = [:]
        for (index, root) in roots.enumerated() {
            for camera in root.touched { byCamera[camera, default: []].append(index) }
        }
        for camera in accounts {
            for outage in camera.outages {
                let root = byCamera[camera.camera]?.first { roots[$0].explains(outage) }
                if let root {
                    roots[root].explained += 1
                } else {
                    roots.append(Root(outage, .camera(camera.camera), [camera.camera]))
                }
            }
        }
        self.init(entries: roots.map(\.entry), within: account.accounted)
    }

    init(entries: [Statement.IncidentEntry], within period: TimeRange) {
        self.entries = entries.sorted { one, other in
            if one.inPeriod != other.inPeriod { return one.inPeriod > other.inPeriod }
            if one.range.start != other.range.start { return one.range.start < other.range.start }
            return one.subject < other.subject
        }
        var byCause: [Statement.CauseCode: Statement.CauseCount] = [:]
        var byParty: [PartyID?: Statement.ResponsibleCount] = [:]
        restored = 0
        restoredTime = 0
        for entry in entries {
            byCause[entry.cause, default: .init(cause: entry.cause, count: 0, time: 0)].count += 1
            byCause[entry.cause]?.time += Int128(entry.inPeriod)
            let party = entry.responsible
            byParty[party, default: .init(party: party, count: 0, time: 0)].count += 1
            byParty[party]?.time += Int128(entry.inPeriod)
            if let restoredAt = entry.restoredAt, restoredAt <= period.end {
                restored += 1
                restoredTime += Int128(entry.range.nanoseconds)
            }
        }
        causes = byCause.values.sorted { $0.cause < $1.cause }
        responsible = byParty.values.sorted { ($0.party?.text ?? "") < ($1.party?.text ?? "") }
    }

    /// An outage taken as the root of others.
    private struct Root {
        let subject: Statement.Subject
        let outage: Outage
        let touched: [CameraID]
        var explained = 0

        init(_ outage: Outage, _ subject: Statement.Subject, _ touched: [CameraID]) {
            self.outage = outage
            self.subject = subject
            self.touched = touched
        }

        /// Whether `other` lies in this one, give or take the spread.
        func explains(_ other: Outage) -> Bool {
            let start = outage.range.start.advanced(byNanoseconds: -Statement.Incidents.spread)
            let end = outage.range.end.advanced(byNanoseconds: Statement.Incidents.spread)
            return other.range.intersection(outage.range) != nil && start <= other.range.start
                && (outage.isOpen || other.range.end <= end)
        }

        var entry: Statement.IncidentEntry {
            let end = outage.ended ?? outage.range.end
            return Statement.IncidentEntry(
                subject: subject,
                range: TimeRange(start: outage.begun, end: end) ?? outage.range,
                inPeriod: outage.downNanoseconds, isOpen: outage.isOpen,
                cause: Statement.CauseCode(outage.cause), responsible: outage.responsible,
                acknowledgedAt: nil, restoredAt: outage.isOpen ? nil : outage.ended,
                touched: touched.sorted(), explains: explained)
        }
    }
}

extension CameraAccount {
    /// Whether it was down at any time of `outage`.
    fileprivate func isDown(within outage: Outage) -> Bool {
        outages.contains { $0.range.intersection(outage.range) != nil }
    }
}

extension Statement.WorkLine {
    /// Works that touch what the recipient sees, by start.
    static func all(
        _ sources: StatementSources, _ sight: Sight, _ accounts: [CameraAccount]
    ) -> [Statement.WorkLine] {
        var downtime: [String: Int128] = [:]
        for account in accounts where account.totals.downMaintenance > 0 {
            for span in account.spans {
                if case .down(let cause) = span.state, case .maintenance(let id) = cause.cause {
                    downtime[id, default: 0] += Int128(span.range.nanoseconds)
                }
            }
        }
        return sources.account.works.filter { sight.touches($0.scope) }.map { work in
            Statement.WorkLine(
                id: work.id, scope: work.scope.reportText,
                range: work.coveredRange ?? TimeRange(start: work.range.start, nanoseconds: 0),
                what: work.what, enteredBy: work.enteredBy, enteredAt: work.enteredAt,
                isAfterTheFact: work.isAfterTheFact, downtime: downtime[work.id] ?? 0)
        }.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) }
    }
}

extension Statement.ExclusionLine {
    /// Exclusions that touch what the recipient sees, by start.
    static func all(
        _ sources: StatementSources, _ sight: Sight, _ accounts: [CameraAccount]
    ) -> [Statement.ExclusionLine] {
        var excluded: [String: Int128] = [:]
        for account in accounts where account.totals.excluded > 0 {
            for span in account.spans {
                if case .excluded(let id) = span.state {
                    excluded[id, default: 0] += Int128(span.range.nanoseconds)
                }
            }
        }
        return sources.account.exclusions.filter { sight.touches($0.scope) }.map { exclusion in
            Statement.ExclusionLine(
                id: exclusion.id, scope: exclusion.scope.reportText, range: exclusion.range,
                reason: exclusion.reason, document: exclusion.document,
                enteredBy: exclusion.enteredBy, enteredAt: exclusion.enteredAt,
                revokedAt: exclusion.revokedAt, revokedBy: exclusion.revokedBy ?? "",
                excluded: excluded[exclusion.id] ?? 0)
        }.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) }
    }
}

extension Statement.Security {
    init(
        _ sources: StatementSources, _ sight: Sight, _ cameras: [Statement.CameraLine],
        _ channels: [Statement.ThingLine]
    ) {
        unencrypted = cameras.filter { $0.quality.encryption == Statement.Encryption.none }
            .map(\.id)
        encrypted = cameras.count { $0.quality.encryption == .whole }
        unseen = cameras.count { $0.quality.encryption == nil }
        openChannels = channels.compactMap { thing in
            guard case .channel(let id) = thing.subject, thing.line?.isEncrypted == false
            else { return nil }
            return id
        }
        expiringCertificates = nil
        let seen = sources.events.filter { event in
            sight.recipient.seesAll || event.scope.map(sight.touches) ?? false
        }.map(\.line)
        eventCounts = Dictionary(grouping: seen, by: \.kind)
            .map { Statement.EventCount(kind: $0, count: $1.count) }
            .sorted { $0.kind < $1.kind }
        events = Array(seen.suffix(Statement.Security.eventLimit))
    }
}
