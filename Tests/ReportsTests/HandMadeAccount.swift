// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

@testable import Agreements
@testable import Reports

/// Puts an account together by the plainest way there is, for what reports make of it.
struct HandMadeAccount {
    let registry: Registry
    let period: TimeRange
    let yearStart: Instant
    let works: [PlannedWork]
    let exclusions: [Exclusion]
    let troubles: (CameraID) -> [(TimeRange, Condition, Evidence)]

    func account() -> Account {
        let cameras = registry.cameras.map(camera)
        let sites = registry.sites.map { site in
            thing(.site(site.id), .site(site.id), cameras.filter { $0.site == site.id })
        }
        let channels = registry.channels.map { channel in
            thing(
                .channel(channel.id), .channel(channel.id),
                cameras.filter { $0.channel == channel.id })
        }
        let operators = registry.parties.filter { $0.role == .networkOperator }.map { party in
            thing(.networkOperator(party.id), nil, [])
        }
        let subscribers = registry.parties.filter { $0.role == .subscriber }.map { party in
            thing(.subscriber(party.id), nil, [])
        }
        return Account(
            period: period, accounted: period, asOf: period.end, isProvisional: false,
            cameras: cameras, sites: sites, channels: channels, operators: operators,
            subscribers: subscribers, system: thing(.system, nil, []), works: works,
            exclusions: exclusions)
    }

    private func covers(_ scope: Scope, _ camera: Camera) -> Bool {
        switch scope {
        case .all: true
        case .camera(let id): id == camera.id
        case .site(let id): id == camera.site
        case .channel(let id): id == camera.channel
        case .party: false
        }
    }

    private func spans(_ camera: Camera, in range: TimeRange) -> [StateSpan] {
        let troubles = troubles(camera.id)
        let works = works.filter { covers($0.scope, camera) }
        let exclusions = exclusions.filter { $0.isInForce && covers($0.scope, camera) }
        let ranges = troubles.map(\.0) + works.map(\.range) + exclusions.map(\.range)
        let edges = Set(ranges.flatMap { [$0.start, $0.end] } + [range.start, range.end])
            .filter { range.start <= $0 && $0 <= range.end }.sorted()
        var spans: [StateSpan] = []
        for (start, end) in zip(edges, edges.dropFirst()) {
            let piece = TimeRange(start: start, nanoseconds: end.nanoseconds(since: start))
            let trouble = troubles.first { $0.0.contains(start) }
            let work = works.first { $0.range.contains(start) }
            let exclusion = exclusions.first { $0.range.contains(start) }
            var state = CameraState.up
            switch trouble?.1 {
            case .degraded(let criteria): state = .degraded(criteria)
            case .unknown(let cause): state = .unknown(cause)
            case .down(let reason):
                let owner = registry.site(camera.site)?.subscriber
                state = .down(
                    Downtime(
                        cause: work.map { .maintenance($0.id) } ?? .failure(reason),
                        responsible: owner))
            default: break
            }
            if let exclusion { state = .excluded(exclusion.id) }
            spans.append(StateSpan(range: piece, state: state, evidence: trouble?.2 ?? .observed))
        }
        return spans
    }

    private func totals(_ spans: [StateSpan]) -> StateTotals {
        var totals = StateTotals()
        for span in spans {
            let length = Int128(span.range.nanoseconds)
            var isKnown = true
            switch span.state {
            case .up: totals.up += length
            case .degraded: totals.degraded += length
            case .down(let downtime) where downtime.isMaintenance: totals.downMaintenance += length
            case .down: totals.downFailure += length
            case .unknown:
                totals.unknown += length
                isKnown = false
            case .excluded:
                totals.excluded += length
                isKnown = false
            }
            if isKnown, span.evidence == .sampled { totals.sampled += length }
            if isKnown, span.evidence == .inferred { totals.inferred += length }
        }
        return totals
    }

    private func camera(_ camera: Camera) -> CameraAccount {
        let spans = spans(camera, in: period)
        var outages: [Outage] = []
        var breached: [Criterion: Breach] = [:]
        for span in spans {
            switch span.state {
            case .down(let downtime):
                outages.append(
                    outage(.camera(camera.id), span.range, downtime.cause, downtime.responsible, 1))
                if downtime.cause == .failure(.loss) {
                    breached[.loss, default: Breach(criterion: .loss, nanoseconds: 0, count: 0)]
                        .nanoseconds += span.range.nanoseconds
                    breached[.loss]?.count += 1
                }
            case .degraded(let criteria):
                for criterion in criteria.criteria {
                    breached[
                        criterion, default: Breach(criterion: criterion, nanoseconds: 0, count: 0)
                    ].nanoseconds += span.range.nanoseconds
                    breached[criterion]?.count += 1
                }
            default: break
            }
        }
        let year = TimeRange(
            start: yearStart, nanoseconds: period.end.nanoseconds(since: yearStart))
        return CameraAccount(
            camera: camera.id, site: camera.site, channel: camera.channel, period: period,
            spans: spans, totals: totals(spans), outages: outages,
            breached: breached.values.sorted { $0.criterion < $1.criterion }, responsible: [],
            budgets: [budget(totals(self.spans(camera, in: year)), year)])
    }

    private func outage(
        _ subject: Outage.Subject, _ range: TimeRange, _ cause: Downtime.Cause,
        _ responsible: PartyID?, _ touched: Int
    ) -> Outage {
        Outage(
            subject: subject, range: range, begun: range.start,
            ended: range.end == period.end ? nil : range.end,
            downNanoseconds: range.nanoseconds, maintenanceNanoseconds: 0,
            isOpen: range.end == period.end, begunBefore: false, endsInUnknown: false,
            cause: cause, responsible: responsible, camerasTouched: touched)
    }

    private func budget(_ totals: StateTotals, _ range: TimeRange) -> Budget {
        let limit = Thresholds.annex2.annualDowntime
        let finding: Verdict.Finding =
            totals.down > limit
            ? .breached
            : totals.unknown > 0 && !totals.coverage.isAtLeast(partsPerMillion: 990_000)
                ? .undecidable(.coverageTooLow(totals.coverage)) : .met
        let month = Burn(
            window: 720 * 3_600_000_000_000, used: Int64(clamping: totals.down / 3), known: 1)
        let projection =
            totals.down > 0 && totals.down < limit
            ? Projection(
                at: range.end.advanced(byNanoseconds: (limit - Int64(clamping: totals.down)) * 5),
                basis: month,
                isWithinYear: true) : nil
        return Budget(
            year: 2026, range: range, wholeYear: range, limit: limit, totals: totals,
            isWhole: false, responsible: [], burn: [month], runsOut: projection,
            verdict: Verdict(finding, isProvisional: true))
    }

    private func thing(
        _ subject: ThingAccount.Subject, _ own: Outage.Subject?, _ cameras: [CameraAccount]
    ) -> ThingAccount {
        let downs = cameras.map { TimeRangeSet($0.outages.map(\.range)) }
        let edges = Set(cameras.flatMap(\.outages).flatMap { [$0.range.start, $0.range.end] })
            .sorted()
        var own = TimeRangeSet()
        for (start, end) in zip(edges, edges.dropFirst()) {
            let down = downs.count { $0.contains(start) }
            if down >= 2, 5 * down >= 4 * cameras.count {
                own.insert(TimeRange(start: start, nanoseconds: end.nanoseconds(since: start)))
            }
        }
        var responsible: PartyID?
        var subjectOfOutage: Outage.Subject?
        switch subject {
        case .channel(let id):
            responsible = registry.channel(id)?.operator
            subjectOfOutage = .channel(id)
        case .site(let id):
            responsible = registry.site(id)?.subscriber
            subjectOfOutage = .site(id)
        default: break
        }
        let outages = subjectOfOutage.map { subject in
            own.ranges.map { range in
                outage(subject, range, .failure(.silence), responsible, cameras.count)
            }
        }
        var totals = StateTotals()
        totals.downFailure = Int128(own.nanoseconds)
        totals.up = Int128(period.nanoseconds - own.nanoseconds)
        return ThingAccount(
            subject: subject, cameras: cameras.count, totals: StateTotals(),
            outages: outages ?? [], ownDowntime: own, ownTotals: nil, cameraOutages: 0,
            responsible: [], budgets: [budget(totals, period)])
    }
}
