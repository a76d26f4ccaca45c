// SPDX-License-Identifier: Apache-2.0
import Agreements
import Dispatch
import Glibc
import Ledger
import Measurements
import Registry
import Reports
import Settings
import Synchronization
import Timekeeping

/// Takes out of a ledger what a statement is made from.
struct ReportSources {
    let ledger: Ledger
    let request: ReportRequest
    /// The wall clock.
    let now: Instant
    /// The program's version.
    let software: String

    private static let hour: Int64 = 3_600_000_000_000

    /// The sources of the statement that was asked for.
    func sources() throws(ReportFault) -> StatementSources {
        let made: StatementSources?
        do throws(LedgerFault) { made = try make() } catch { throw ReportFault("\(error)") }
        guard let made else {
            throw ReportFault(
                "--period: the period lies in the future (got "
                    + "\(RegistryProblem.quoted(request.periodName)); expected one that has begun, "
                    + "or of which something was measured)")
        }
        return made
    }

    /// Nil if the period has not begun.
    private func make() throws(LedgerFault) -> StatementSources? {
        let zones = zones()
        let cameras = request.registry.cameras.map(\.id)
        let needed = Account.rangeNeeded(
            for: request.range, now: request.range.end, zones: Array(zones.values))
        let conditions = try ledger.conditions(of: cameras, in: needed)
        let until = conditions.values.compactMap { $0.last?.range.end }.max()
        // What was measured has happened, whatever this machine's clock says.
        let clock = max(now, until ?? now)
        guard request.range.start < clock else { return nil }
        // An open period is accounted for as far as there are data, so that a second look at the
        // same ledger says the same.
        let present = clock < request.range.end ? min(clock, until ?? clock) : clock
        let account = Account.make(
            registry: request.registry, zone: { zones[$0] ?? request.zone },
            systemZone: request.zone, conditions: { conditions[$0] ?? [] },
            works: try ledger.works(), exclusions: try ledger.exclusions(),
            period: request.range, now: present, completeUntil: until)
        let figures = try quality(cameras, until)
        var sources = StatementSources(
            registry: request.registry, rules: .standard, periodName: request.periodName,
            zone: request.zone, account: account, recipient: request.recipient, madeAt: clock,
            dataCompleteUntil: until, softwareVersion: software,
            quality: { figures[$0] })
        sources.previous = try previous(zones, cameras)
        sources.events = try events()
        return sources
    }

    /// The rules of every zone that a site names; one that the system does not know is the
    /// system's own.
    private func zones() -> [String: ZoneRules] {
        var zones = [request.zone.name: request.zone]
        for name in Set(request.registry.sites.map(\.timeZone)) where zones[name] == nil {
            zones[name] = (try? ZoneFiles.rules(name)) ?? request.zone
        }
        return zones
    }

    /// The account of the period before; nil if nothing was kept of it.
    private func previous(
        _ zones: [String: ZoneRules], _ cameras: [CameraID]
    ) throws(LedgerFault) -> Account? {
        let range = request.period.previous().range(in: request.zone)
        let conditions = try ledger.conditions(of: cameras, in: range)
        guard conditions.values.contains(where: { !$0.isEmpty }) else { return nil }
        return Account.make(
            registry: request.registry, zone: { zones[$0] ?? request.zone },
            systemZone: request.zone, conditions: { conditions[$0] ?? [] },
            works: try ledger.works(), exclusions: try ledger.exclusions(), period: range,
            now: range.end)
    }

    // MARK: - What was measured

    /// Readers of the ledger side by side: as many as the machine has processors, four at most,
    /// since they share one disk (chosen).
    private static let readers = min(4, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    private func quality(
        _ cameras: [CameraID], _ until: Instant?
    ) throws(LedgerFault) -> [CameraID: Statement.QualityFigures] {
        let figures = Mutex<[CameraID: Statement.QualityFigures]>([:])
        let fault = Mutex<LedgerFault?>(nil)
        let readers = Int(ReportSources.readers)
        DispatchQueue.concurrentPerform(iterations: readers) { reader in
            var found: [CameraID: Statement.QualityFigures] = [:]
            do throws(LedgerFault) {
                for place in stride(from: reader, to: cameras.count, by: readers) {
                    let camera = cameras[place]
                    found[camera] = try Statement.QualityFigures(
                        try rollups(camera),
                        isOpenAtLast: { (rollup) throws(LedgerFault) in
                            try isOpen(camera, before: rollup.range.end)
                        })
                }
            } catch {
                fault.withLock { $0 = $0 ?? error }
            }
            let part = found
            figures.withLock { $0.merge(part) { one, _ in one } }
        }
        if let fault = fault.withLock({ $0 }) { throw fault }
        return figures.withLock { $0 }
    }

    /// The roll-ups that make up the period: whole days of UTC as days, its edges as hours; where no
    /// hour was closed yet, the observations themselves.
    private func rollups(_ camera: CameraID) throws(LedgerFault) -> [Rollup] {
        let day = 24 * ReportSources.hour
        let first = request.range.start.advanced(byNanoseconds: day - 1).floored(toNanoseconds: day)
        let last = request.range.end.floored(toNanoseconds: day)
        var pieces: [Rollup] = []
        if let days = TimeRange(start: first, end: last), days.nanoseconds > 0 {
            for (step, range) in [
                (RollupStep.hour, TimeRange(start: request.range.start, end: first)),
                (.day, days), (.hour, TimeRange(start: last, end: request.range.end)),
            ] {
                guard let range, range.nanoseconds > 0 else { continue }
                pieces += try ledger.rollups(of: camera, in: range, step: step)
            }
        } else {
            pieces = try ledger.rollups(of: camera, in: request.range, step: .hour)
        }
        if pieces.isEmpty {
            pieces = try ledger.observations(of: camera, in: request.range).map { _, observation in
                Rollup(observation, maximumLoss: limit(camera, observation.range.start))
            }
        }
        return ReportSources.chosen(pieces)
    }

    private func limit(_ camera: CameraID, _ instant: Instant) -> Int {
        request.registry.thresholds(for: camera, at: instant).maximumLoss
    }

    /// The roll-ups in the order of time; where several vantages saw the same stretch, the one that
    /// saw most of it speaks.
    static func chosen(_ pieces: [Rollup]) -> [Rollup] {
        var chosen: [Rollup] = []
        for piece in pieces.sorted(by: { $0.range.start < $1.range.start }) {
            if let last = chosen.last, piece.range.start < last.range.end {
                if piece.observedNanoseconds > last.observedNanoseconds {
                    chosen[chosen.count - 1] = piece
                }
            } else {
                chosen.append(piece)
            }
        }
        return chosen
    }

    /// Whether the stream was seen unencrypted in the last hour in which it was seen at all.
    private func isOpen(
        _ camera: CameraID, before end: Instant
    ) throws(LedgerFault) -> Bool {
        let end = min(end, request.range.end)
        let hour = TimeRange(
            start: end.advanced(byNanoseconds: -ReportSources.hour),
            nanoseconds: ReportSources.hour)
        return try ledger.observations(of: camera, in: hour).contains { _, observation in
            observation.measurement.packets.received > 0 && !observation.isEncrypted
        }
    }

    // MARK: - The journal

    /// Events of the period, but those that reading, writing and reporting cause themselves: a
    /// second report must say the same.
    private func events() throws(LedgerFault) -> [StatementSources.JournalEvent] {
        try ledger.entries().compactMap { entry in
            guard request.range.contains(entry.at) else { return nil }
            guard let (kind, subject, scope) = ReportSources.told(entry.event) else { return nil }
            return StatementSources.JournalEvent(
                line: Statement.EventLine(
                    at: entry.at, kind: kind, actor: entry.actor, subject: subject), scope: scope)
        }
    }

    private static func told(_ event: JournalEvent) -> (String, String, Scope?)? {
        switch event {
        case .ledgerCreated, .ledgerOpened, .ledgerClosed, .reportIssued: nil
        case .ledgerRestored(let epoch): ("ledger-restored", epoch, nil)
        case .ledgerRepaired(let what): ("ledger-repaired", what, nil)
        case .workAdded(let work): ("work-added", work.id, work.scope)
        case .workEnded(let id, _): ("work-ended", id, nil)
        case .exclusionAdded(let exclusion): ("exclusion-added", exclusion.id, exclusion.scope)
        case .exclusionRevoked(let id, _, _): ("exclusion-revoked", id, nil)
        case .registryChanged(let what, _, _): ("registry-changed", what, nil)
        case .agreementChanged(let what, _, _): ("agreement-changed", what, nil)
        case .clockStepped(let nanoseconds): ("clock-stepped", "\(nanoseconds) ns", nil)
        case .conflictQuarantined(let count, let first, _):
            ("conflict-quarantined", "\(count): \(first)", nil)
        case .other(let name, _): (name, "", nil)
        }
    }
}
