// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements
import Registry
import Timekeeping

extension Statement {
    /// Makes the first revision of a statement from its sources.
    ///
    /// What the recipient may not see is not in it: no line, no name, no count, no sum.
    public static func make(_ sources: StatementSources) -> Statement {
        let sight = Sight(sources.recipient, sources.registry)
        let accounts = sources.account.cameras.filter { sight.sees($0.camera) }
        let cameras = accounts.map { CameraLine($0, sources) }
        let things = ThingLines(sources, sight, accounts)
        let budgets = (
            cameras: VerdictCounts(cameras.map(\.budget.verdict)),
            sites: VerdictCounts(things.sites.compactMap(\.budget?.verdict)),
            channels: VerdictCounts(things.channels.compactMap(\.budget?.verdict))
        )
        let criteria = CriterionCode.allCases.map { CriterionLine($0, of: cameras) }
        let incidents = Incidents(sources.account, accounts, sight)
        let summary = Summary(
            verdict: VerdictCounts.verdict([budgets.cameras, budgets.sites, budgets.channels]),
            cameras: budgets.cameras, sites: budgets.sites, channels: budgets.channels,
            brokenCriteria: criteria.filter {
                $0.breached > 0 && $0.criterion != .downtime
            }.map(\.criterion),
            changes: Change.all(sources, sight, cameras, incidents),
            worst: Summary.worst(of: cameras))
        return Statement(
            header: Header(sources, accounts), summary: summary, system: things.system,
            days: DayLine.all(sources.account.accounted, accounts, in: sources.zone),
            previousDays: Summary.previousDays(sources, sight), parties: things.parties,
            channels: things.channels, sites: things.sites,
            cameras: cameras, criteria: criteria, incidents: incidents,
            works: WorkLine.all(sources, sight, accounts),
            exclusions: ExclusionLine.all(sources, sight, accounts),
            security: Security(sources, sight, cameras, things.channels),
            outlook: OutlookLine.all(things.channels + things.sites, cameras), differences: nil)
    }
}

extension Statement.Header {
    init(_ sources: StatementSources, _ accounts: [CameraAccount]) {
        periodName = sources.periodName
        period = sources.account.period
        accounted = sources.account.accounted
        // The last instant inside, since a period that ends with the year belongs to that year.
        let last =
            accounted.nanoseconds > 0 ? accounted.end.advanced(byNanoseconds: -1) : period.start
        budgetYear = sources.zone.local(at: last).date.year
        zone = sources.zone
        tzdataVersion = sources.zone.version
        recipient = sources.recipient
        recipientName = sources.recipient.party.flatMap { sources.registry.party($0)?.name } ?? ""
        revision = 1
        issue = 1
        provisional = []
        if sources.madeAt < period.end {
            provisional = [.periodOpen]
        } else if (sources.dataCompleteUntil ?? period.start) < period.end {
            provisional = [.dataIncomplete]
        }
        dataCompleteUntil = sources.dataCompleteUntil
        softwareVersion = sources.softwareVersion
        rules = Statement.Rules(sources, accounts)
    }
}

extension Statement.Rules {
    init(_ sources: StatementSources, _ accounts: [CameraAccount]) {
        intervalNanoseconds = sources.rules.interval
        confirmNanoseconds = sources.rules.confirm
        clearNanoseconds = sources.rules.clear
        windowNanoseconds = sources.rules.meanWindow
        silenceNanoseconds = sources.rules.silence
        var counts: [Statement.Limits: Int] = [:]
        for account in accounts {
            for (range, thresholds) in sources.registry.thresholdChanges(
                for: account.camera, in: sources.account.period)
            {
                let limits = Statement.Limits(range: range, cameras: 0, thresholds: thresholds)
                counts[limits, default: 0] += 1
            }
        }
        limits = counts.map { limits, count in
            Statement.Limits(range: limits.range, cameras: count, thresholds: limits.thresholds)
        }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }
}

extension Statement.Limits {
    /// Sorts by time, then the most cameras, then the numbers: any order, but always the same.
    fileprivate var order: [Int64] {
        [
            range.start.nanoseconds, range.end.nanoseconds, -Int64(cameras),
            Int64(thresholds.minimumWidth), Int64(thresholds.minimumHeight),
            thresholds.minimumBitrate, Int64(thresholds.minimumFrameRate),
            Int64(thresholds.maximumLoss), thresholds.maximumClockOffset,
            thresholds.annualDowntime,
        ]
    }
}

extension Statement.VerdictCounts {
    init(_ verdicts: [Statement.VerdictCode]) {
        self.init()
        for verdict in verdicts { count(verdict) }
    }

    /// Breached if anything is, met if everything is, else undecidable.
    static func verdict(_ counts: [Statement.VerdictCounts]) -> Statement.VerdictCode {
        if counts.contains(where: { $0.breached > 0 }) { return .breached }
        let isAllMet = counts.allSatisfy { $0.undecidable == 0 }
        return isAllMet && counts.contains { $0.met > 0 } ? .met : .undecidable
    }
}

extension Statement.Summary {
    /// How many cameras the summary names.
    static let worstLimit = 5

    static func worst(of cameras: [Statement.CameraLine]) -> [Statement.WorstLine] {
        cameras.filter { $0.totals.down + $0.totals.unknown > 0 }.sorted { one, other in
            let keys = (
                [other.totals.down, other.totals.unknown], [one.totals.down, one.totals.unknown]
            )
            return keys.0 == keys.1
                ? one.id < other.id : keys.0.lexicographicallyPrecedes(keys.1)
        }.prefix(worstLimit).map { line in
            Statement.WorstLine(
                camera: line.id, down: Int64(clamping: line.totals.down),
                unknown: Int64(clamping: line.totals.unknown), outages: line.outages)
        }
    }
}

extension Statement.Change {
    /// The figures of this period beside the last's; none if there was no last.
    static func all(
        _ sources: StatementSources, _ sight: Sight, _ cameras: [Statement.CameraLine],
        _ incidents: Statement.Incidents
    ) -> [Statement.Change] {
        guard let previous = sources.previous else { return [] }
        let accounts = previous.cameras.filter { sight.sees($0.camera) }
        var before = Statement.TimeTotals()
        for account in accounts {
            before += Statement.TimeTotals(account.totals, of: previous.accounted.nanoseconds)
        }
        var now = Statement.TimeTotals()
        for line in cameras { now += line.totals }
        let hadBreach = accounts.filter { account in
            account.breached.contains { $0.nanoseconds > 0 && $0.criterion != .downtime }
        }
        let hasBreach = cameras.filter { line in
            line.criteria.contains { $0.verdict == .breached && $0.criterion != .downtime }
        }
        return [
            Statement.Change(
                figure: .availabilityLower, before: before.availabilityLower.partsPerMillion,
                after: now.availabilityLower.partsPerMillion),
            Statement.Change(figure: .downtime, before: before.down, after: now.down),
            Statement.Change(
                figure: .outages,
                before: Int128(accounts.reduce(0) { $0 + $1.outages.count }),
                after: Int128(cameras.reduce(0) { $0 + $1.outages })),
            Statement.Change(
                figure: .coverage, before: before.coverage.partsPerMillion,
                after: now.coverage.partsPerMillion),
            Statement.Change(
                figure: .camerasInBreach, before: Int128(hadBreach.count),
                after: Int128(hasBreach.count)),
        ]
    }
}

extension Statement.OutlookLine {
    /// Those overdrawn first, the most overdrawn foremost, then by the date.
    static func all(
        _ things: [Statement.ThingLine], _ cameras: [Statement.CameraLine]
    ) -> [Statement.OutlookLine] {
        let budgets =
            things.map { ($0.subject, $0.budget) }
            + cameras.map { (Statement.Subject.camera($0.id), Optional($0.budget)) }
        let lines = budgets.compactMap { subject, budget -> Statement.OutlookLine? in
            guard let budget, budget.leftUpper < 0 || budget.runsOut != nil else { return nil }
            return Statement.OutlookLine(
                subject: subject, left: budget.leftUpper, runsOut: budget.runsOut)
        }
        return lines.sorted { one, other in
            switch (one.runsOut, other.runsOut) {
            case (nil, _?): true
            case (_?, nil): false
            case (let first?, let second?) where first.at != second.at: first.at < second.at
            default: one.left == other.left ? one.subject < other.subject : one.left < other.left
            }
        }
    }
}
