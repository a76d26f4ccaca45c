// SPDX-License-Identifier: Apache-2.0
import Agreements
public import Measurements
import Registry
import Timekeeping

extension Statement.TimeTotals {
    init(_ totals: StateTotals, of period: Int64) {
        self.init(
            period: Int128(period), up: Int128(totals.up), degraded: Int128(totals.degraded),
            downFailure: Int128(totals.downFailure),
            downMaintenance: Int128(totals.downMaintenance), unknown: Int128(totals.unknown),
            excluded: Int128(totals.excluded), sampled: Int128(totals.sampled),
            inferred: Int128(totals.inferred))
    }
}

extension Statement.BudgetFigures {
    /// The budget of the year in which the period ends; nil if there is none.
    init?(_ budgets: [Budget]) {
        guard let budget = budgets.last else { return nil }
        let (verdict, doubt): (Statement.VerdictCode, String?) =
            switch budget.verdict.finding {
            case .met: (.met, nil)
            case .breached: (.breached, nil)
            case .undecidable(.unknownTimeCouldTip): (.undecidable, "unknown-time-could-tip")
            case .undecidable(.coverageTooLow): (.undecidable, "coverage-too-low")
            }
        self.init(
            limit: budget.limit, used: budget.used,
            maintenance: Int64(clamping: budget.totals.downMaintenance),
            unknown: budget.unknown,
            excluded: budget.excluded, elapsed: budget.range.nanoseconds, verdict: verdict,
            undecidable: doubt,
            burn: budget.burn.map { Statement.Burn(window: $0.window, used: $0.used) },
            runsOut: budget.runsOut.flatMap { projection in
                projection.isWithinYear
                    ? Statement.Projection(at: projection.at, basis: projection.basis.window) : nil
            })
    }
}

extension Statement.Interval {
    init(_ span: StateSpan) {
        let (state, reason, responsible): (Statement.StateCode, String, PartyID?) =
            switch span.state {
            case .up: (.up, "", nil)
            case .degraded(let criteria):
                (
                    .degraded,
                    criteria.criteria.map { Statement.CriterionCode($0).rawValue }
                        .joined(separator: " "), nil
                )
            case .down(let downtime):
                switch downtime.cause {
                case .failure(let reason):
                    (
                        .downFailure, Statement.CauseCode(reason).rawValue, downtime.responsible
                    )
                case .maintenance(let id): (.downMaintenance, id, downtime.responsible)
                }
            case .unknown(let cause): (.unknown, cause.reportText, nil)
            case .excluded(let id): (.excluded, id, nil)
            }
        self.init(
            range: span.range, state: state, reason: reason, responsible: responsible?.text ?? "",
            evidence: span.evidence.reportText)
    }
}

extension UnknownCause {
    /// The code of JSON and CSV.
    var reportText: String {
        switch self {
        case .notObserved: "not-observed"
        case .probeDrops: "probe-drops"
        case .betweenSamples: "between-samples"
        case .vantagesDisagree: "vantages-disagree"
        case .noEvidence: "no-evidence"
        case .released: "released"
        }
    }
}

extension Evidence {
    /// The code of JSON and CSV.
    var reportText: String {
        switch self {
        case .observed: "observed"
        case .sampled: "sampled"
        case .inferred: "inferred"
        }
    }
}

extension Statement.CauseCode {
    init(_ reason: FailureReason) {
        switch reason {
        case .silence: self = .silence
        case .loss: self = .loss
        case .frozen: self = .frozen
        }
    }

    init(_ cause: Downtime.Cause) {
        switch cause {
        case .failure(let reason): self.init(reason)
        case .maintenance: self = .maintenance
        }
    }
}

extension Statement.CriterionCode {
    init(_ criterion: Criterion) {
        switch criterion {
        case .resolution: self = .resolution
        case .bitrate: self = .bitrate
        case .frameRate: self = .frameRate
        case .loss: self = .loss
        case .clockOffset: self = .clockOffset
        case .downtime: self = .downtime
        }
    }
}

extension Statement.CameraLine {
    init(_ account: CameraAccount, _ sources: StatementSources) {
        id = account.camera
        let camera = sources.registry.camera(account.camera)
        name = camera?.name ?? ""
        site = account.site
        channel = account.channel
        kind = camera?.kind.key ?? ""
        totals = Statement.TimeTotals(account.totals, of: account.period.nanoseconds)
        budget =
            Statement.BudgetFigures(account.budgets)
            ?? Statement.BudgetFigures(
                limit: 0, used: 0, unknown: 0, excluded: 0, elapsed: 0, verdict: .undecidable)
        outages = account.outages.count
        longestOutage = account.longestOutage?.downNanoseconds ?? 0
        quality = sources.quality(account.camera) ?? .init()
        let downtimes = account.spans.filter { span in
            if case .down = span.state { true } else { false }
        }.map(\.range)
        // What was part of an outage is told as that.
        quality.stalls.removeAll { stall in
            let begin = stall.range.start.advanced(byNanoseconds: -stall.nanoseconds)
            return downtimes.contains { $0.start < stall.range.end && begin < $0.end }
        }
        intervals = account.spans.compactMap { $0.state == .up ? nil : .init($0) }
        criteria = []
        let limits = sources.registry.thresholds(for: account.camera, at: account.period.start)
        let (totals, rules) = (account.totals, sources.rules)
        let up = Int64(clamping: totals.up + totals.degraded)
        // What was up too briefly to confirm a breach is judged by the figures of all of it.
        let isBrief = up < max(rules.confirm, rules.meanWindow)
        let look = isBrief && up > 0 ? quality.look(limits, upTime: up, rules) : nil
        criteria = Criterion.allCases.map { figures(of: $0, in: account, look) }
    }

    private func figures(
        of criterion: Criterion, in account: CameraAccount, _ look: BriefLook?
    ) -> Statement.CriterionFigures {
        let code = Statement.CriterionCode(criterion)
        if criterion == .downtime {
            return Statement.CriterionFigures(
                criterion: code, verdict: budget.verdict,
                breached: Int64(clamping: account.totals.down),
                breaches: account.outages.count)
        }
        let breach = account.breached.first { $0.criterion == criterion }
        let breached = breach?.nanoseconds ?? 0
        let isJudged =
            switch criterion {
            case .resolution: quality.picture != nil
            case .bitrate: quality.octets > 0
            case .frameRate: quality.frames > 0
            case .loss: quality.expected > 0
            case .clockOffset: quality.clock != nil
            case .downtime: true
            }
        let one = CriterionSet(criterion)
        let isBroken = breached > 0 || look?.broken.contains(one) ?? false
        let isMet = isJudged && !(look?.doubtful.contains(one) ?? false)
        return Statement.CriterionFigures(
            criterion: code,
            verdict: isBroken ? .breached : isMet ? .met : .undecidable,
            breached: breached, breaches: breach?.count ?? 0)
    }
}

extension Statement.QualityFigures {
    /// Takes the figures of roll-ups that follow each other and make up the period, each of the
    /// vantage that saw most; nil without one.
    ///
    /// - Parameter isOpenAtLast: whether the stream was seen unencrypted of late; asked where the
    ///   roll-ups do not tell encryption, since an earlier version made them.
    public init?<Fault>(
        _ pieces: [Rollup], isOpenAtLast: (Rollup) throws(Fault) -> Bool
    ) throws(Fault) {
        guard var rollup = pieces.first else { return nil }
        for piece in pieces.dropFirst() { rollup.merge(piece) }
        self.init(rollup)
        stalls = pieces.compactMap { piece in
            piece.longestStall.map {
                Statement.Stall(
                    range: $0.range, nanoseconds: $0.nanoseconds, count: UInt64(piece.stalls))
            }
        }
        if rollup.isEncryptionKnown {
            unencrypted = rollup.openNanoseconds
        } else if encryption == nil, try isOpenAtLast(rollup) {
            encryption = Statement.Encryption.none
        }
    }

    private init(_ rollup: Rollup) {
        self.init()
        observed = rollup.observedNanoseconds
        expected = rollup.packets.expected
        lost = rollup.packets.lost
        intervals = UInt64(rollup.intervals)
        intervalsAboveLossLimit = UInt64(rollup.intervalsAboveLossLimit)
        octets = rollup.octets.ip
        frames = rollup.frames.count
        picture = rollup.smallestPicture.map {
            Statement.Picture(width: Int($0.width), height: Int($0.height))
        }
        if let least = rollup.leastClock, let greatest = rollup.greatestClock {
            clock = Statement.ClockExtremes(
                least: least.offsetNanoseconds, greatest: greatest.offsetNanoseconds,
                leastDoubt: least.uncertaintyNanoseconds,
                greatestDoubt: greatest.uncertaintyNanoseconds)
        }
        let spread = [500_000, 950_000, 990_000].compactMap {
            rollup.jitterSpread.quantile(partsPerMillion: $0).map { Int64(clamping: $0) }
        }
        if spread.count == 3 {
            jitter = Statement.Percentiles(p50: spread[0], p95: spread[1], p99: spread[2])
        }
        largestGap = rollup.frames.largestGapNanoseconds
        hasProbeDrops = rollup.trust.probeDrops ?? 0 > 0
        if rollup.openNanoseconds > 0 {
            encryption = Statement.Encryption.none
        } else if rollup.isEncryptionKnown, rollup.encryptedNanoseconds > 0 {
            encryption = .whole
        }
    }
}

extension Statement.CriterionLine {
    /// How many cameras a criterion's line names.
    static let worstLimit = 5

    init(_ criterion: Statement.CriterionCode, of cameras: [Statement.CameraLine]) {
        self.init(
            criterion: criterion, met: 0, breached: 0, undecidable: 0, breachedTime: 0,
            breaches: 0, worst: [])
        var times: [(time: Int64, camera: CameraID)] = []
        for camera in cameras {
            for figures in camera.criteria where figures.criterion == criterion {
                switch figures.verdict {
                case .met: met += 1
                case .breached: breached += 1
                case .undecidable: undecidable += 1
                }
                breachedTime += Int128(figures.breached)
                breaches += figures.breaches
                if figures.breached > 0 { times.append((figures.breached, camera.id)) }
            }
        }
        times.sort { $0.time == $1.time ? $0.camera < $1.camera : $0.time > $1.time }
        worst = times.prefix(Statement.CriterionLine.worstLimit).map(\.camera)
    }
}

/// The lines of section 2 that are not cameras'.
struct ThingLines {
    let system: Statement.ThingLine
    let parties: [Statement.ThingLine]
    let channels: [Statement.ThingLine]
    let sites: [Statement.ThingLine]

    init(_ sources: StatementSources, _ sight: Sight, _ accounts: [CameraAccount]) {
        let registry = sources.registry
        let account = sources.account
        /// Sums over the cameras seen: those of the account count cameras that are not.
        func line(
            _ subject: Statement.Subject, name: String, owner: PartyID?,
            account: ThingAccount?, _ cameras: [CameraAccount]
        ) -> Statement.ThingLine {
            var totals = Statement.TimeTotals()
            for camera in cameras {
                totals += Statement.TimeTotals(camera.totals, of: camera.period.nanoseconds)
            }
            return Statement.ThingLine(
                subject: subject, name: name, owner: owner, cameras: cameras.count,
                totals: totals, outages: account?.outages.count ?? 0,
                longestOutage: account?.longestOutage?.downNanoseconds ?? 0,
                ownDowntime: account?.ownDowntime.nanoseconds ?? 0,
                budget: account.flatMap { Statement.BudgetFigures($0.budgets) }, line: nil)
        }
        let bySite = Dictionary(grouping: accounts, by: \.site)
        let byChannel = Dictionary(grouping: accounts, by: \.channel)
        let byOperator = Dictionary(grouping: accounts) { account in
            account.channel.flatMap { registry.channel($0)?.operator }
        }
        let bySubscriber = Dictionary(grouping: accounts) { registry.site($0.site)?.subscriber }
        system = line(.system, name: "", owner: nil, account: nil, accounts)
        sites = account.sites.compactMap { thing in
            guard case .site(let id) = thing.subject, sight.sees(id) else { return nil }
            let site = registry.site(id)
            return line(
                .site(id), name: site?.name ?? "", owner: site?.subscriber, account: thing,
                bySite[id] ?? [])
        }
        channels = account.channels.compactMap { thing in
            guard case .channel(let id) = thing.subject, sight.sees(id) else { return nil }
            let channel = registry.channel(id)
            var found = line(
                .channel(id), name: channel?.name ?? "", owner: channel?.operator,
                account: thing, byChannel[id] ?? [])
            found.line = channel.map {
                Statement.ChannelLine(
                    medium: $0.medium.rawValue, role: $0.role.rawValue,
                    isEncrypted: $0.isEncrypted)
            }
            return found
        }
        parties = (account.operators + account.subscribers).compactMap { thing in
            switch thing.subject {
            case .networkOperator(let id) where sight.sees(id):
                line(
                    .networkOperator(id), name: registry.party(id)?.name ?? "", owner: nil,
                    account: nil, byOperator[id] ?? [])
            case .subscriber(let id) where sight.sees(id):
                line(
                    .subscriber(id), name: registry.party(id)?.name ?? "", owner: nil,
                    account: nil, bySubscriber[id] ?? [])
            default: nil
            }
        }
    }
}
