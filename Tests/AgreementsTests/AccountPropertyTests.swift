// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

/// A small system with random conditions, works and exclusions, in whole seconds, and the same
/// account made second by second.
struct RandomSystem {
    static let length: Int64 = 120
    var system: TestSystem
    let layout: [(site: Int, channel: Int)]
    let start: Int64
    let end: Int64

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        layout = (0..<Int(1 + random.below(6))).map { _ in
            let site = Int(random.below(2))
            return (site, random.chance(80) ? site : 2)
        }
        system = TestSystem(layout)
        // Second by second, every edge is its own.
        system.rules.sameEdge = 0
        for camera in layout.indices {
            var time: Int64 = random.below(20)
            if time > 0, random.chance(50) { time = 0 }
            while time < Self.length {
                let end = min(Self.length, time + 1 + random.below(30))
                if random.chance(85) {
                    system.conditions[TestSystem.camera(camera), default: []].append(
                        ConditionSpan(
                            range: range(time, end), condition: Self.condition(&random),
                            evidence: random.pick([.observed, .observed, .sampled])))
                }
                time = end
            }
        }
        for index in 0..<random.below(4) {
            let (from, until) = Self.stretch(&random)
            system.plan("work-\(index)", Self.scope(&random), from, until)
        }
        for index in 0..<random.below(3) {
            let (from, until) = Self.stretch(&random)
            system.exclude("exclusion-\(index)", Self.scope(&random), from, until)
        }
        if !system.exclusions.isEmpty, random.chance(30) { system.exclusions[0].revokedAt = at(0) }
        if !system.works.isEmpty, random.chance(30) { system.works[0].endedEarlyAt = at(50) }
        if random.chance(40) {
            let (from, until) = Self.stretch(&random)
            system.inferred[TestSystem.camera(0)] = [range(from, until)]
        }
        (start, end) = Self.stretch(&random)
    }

    private static func stretch(_ random: inout SeededRandom) -> (Int64, Int64) {
        let (one, other) = (random.below(length), random.below(length))
        return (min(one, other), max(one, other) + 1)
    }

    private static func condition(_ random: inout SeededRandom) -> Condition {
        switch random.below(10) {
        case 0..<3: .up
        case 3: .degraded([.bitrate])
        case 4: .degraded([.resolution, .bitrate])
        case 5..<8: .down(random.pick(FailureReason.allCases))
        default: .unknown(random.pick([.notObserved, .probeDrops]))
        }
    }

    private static func scope(_ random: inout SeededRandom) -> Scope {
        let number = random.below(2)
        switch random.below(5) {
        case 0: return SiteID("site-\(number)").map { .site($0) } ?? .all
        case 1: return ChannelID("channel-\(number)").map { .channel($0) } ?? .all
        case 2: return PartyID("owner-\(number)").map { .party($0) } ?? .all
        case 3: return .camera(TestSystem.camera(Int(random.below(4))))
        default: return .all
        }
    }

    // MARK: - Second by second

    private func isIn(_ scope: Scope, _ camera: Int) -> Bool {
        let place = layout[camera]
        switch scope {
        case .all: return true
        case .camera(let id): return id == TestSystem.camera(camera)
        case .site(let id): return id.text == "site-\(place.site)"
        case .channel(let id): return id.text == "channel-\(place.channel)"
        case .party(let id):
            return id.text == "owner-\(place.site)" || id.text == "carrier-\(place.channel)"
        }
    }

    /// The state at a second, but for who answers for it.
    private func plain(_ camera: Int, _ moment: Int64) -> (CameraState, Evidence) {
        let instant = at(moment)
        let id = TestSystem.camera(camera)
        let exclusions = system.exclusions.sorted {
            ($0.range.start, $0.id) < ($1.range.start, $1.id)
        }
        for exclusion in exclusions
        where exclusion.revokedAt == nil && exclusion.range.contains(instant)
            && isIn(exclusion.scope, camera)
        {
            return (.excluded(exclusion.id), .observed)
        }
        let span = system.conditions[id]?.first { $0.range.contains(instant) }
        var condition = span?.condition ?? .unknown(.notObserved)
        var evidence = span?.evidence ?? .observed
        if case .unknown = condition {
            evidence = .observed
            if system.inferred[id]?.contains(where: { $0.contains(instant) }) ?? false {
                condition = .down(.silence)
                evidence = .inferred
            }
        }
        switch condition {
        case .up: return (.up, evidence)
        case .degraded(let set): return (.degraded(set), evidence)
        case .unknown(let cause): return (.unknown(cause), evidence)
        case .down(let reason):
            let works = system.works.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) }
            for work in works
            where work.range.contains(instant)
                && instant < work.endedEarlyAt ?? .init(nanoseconds: .max)
                && isIn(work.scope, camera)
            {
                return (.down(Downtime(cause: .maintenance(work.id), responsible: nil)), evidence)
            }
            return (.down(Downtime(cause: .failure(reason), responsible: nil)), evidence)
        }
    }

    private func isDown(channel: Int, _ moment: Int64) -> Bool {
        var (known, down): (Int64, Int64) = (0, 0)
        for camera in layout.indices where layout[camera].channel == channel {
            switch plain(camera, moment).0 {
            case .up, .degraded: known += 1
            case .down:
                known += 1
                down += 1
            case .unknown, .excluded: break
            }
        }
        return down >= 2 && down * 5 >= known * 4
    }

    func state(_ camera: Int, _ moment: Int64) -> (CameraState, Evidence) {
        let (state, evidence) = plain(camera, moment)
        guard case .down(var downtime) = state else { return (state, evidence) }
        let place = layout[camera]
        downtime.responsible =
            isDown(channel: place.channel, moment)
            ? PartyID("carrier-\(place.channel)") : PartyID("owner-\(place.site)")
        return (.down(downtime), evidence)
    }
}

@Suite struct AccountPropertyTests {
    @Test func `random accounts add up and are what second by second gives`() {
        let count = Histories.count(1_500, of: 100_000)
        var wrong = 0
        for seed in 1...UInt64(count) where wrong < 5 {
            if let fault = Self.fault(seed) {
                wrong += 1
                Issue.record("seed \(seed): \(fault)")
            }
        }
    }

    static func fault(_ seed: UInt64) -> String? {
        let random = RandomSystem(seed: seed)
        let account = random.system.account(random.start, random.end)
        let length = (random.end - random.start) * second
        var system = StateTotals()
        for (index, camera) in account.cameras.enumerated() {
            if camera.totals.total != Int128(length) { return "camera \(index) does not add up" }
            if let fault = Self.fault(camera) { return "camera \(index): \(fault)" }
            system.add(camera.totals)
            for span in camera.spans {
                var moment = span.range.start.nanoseconds(since: newYear) / second
                while at(moment) < span.range.end {
                    let (state, evidence) = random.state(index, moment)
                    if span.state != state || span.evidence != evidence {
                        return "camera \(index) at \(moment): \(span.state), should be \(state)"
                    }
                    moment += 1
                }
            }
        }
        if account.system.totals != system { return "the system is not the sum of its cameras" }
        for thing in account.sites + account.channels {
            if thing.ownTotals?.total ?? 0 != Int128(length) {
                return "\(thing.subject) does not add up"
            }
            if Int128(thing.ownDowntime.nanoseconds) != thing.ownTotals?.down {
                return "own downtime"
            }
            let outages = thing.outages.reduce(Int128(0)) { $0 + Int128($1.downNanoseconds) }
            if outages != thing.ownTotals?.down { return "\(thing.subject): outages" }
        }
        var turned = random.system
        turned.works.reverse()
        turned.exclusions.reverse()
        if turned.account(random.start, random.end) != account { return "order matters" }
        return nil
    }

    private static func fault(_ camera: CameraAccount) -> String? {
        let totals = camera.totals
        let all = [
            totals.up, totals.degraded, totals.downFailure, totals.downMaintenance,
            totals.unknown, totals.excluded, totals.sampled, totals.inferred,
        ]
        if all.contains(where: { $0 < 0 }) { return "negative time" }
        if totals.sampled + totals.inferred > totals.known { return "more evidence than time" }
        if camera.spans.first?.range.start != camera.period.start
            || camera.spans.last?.range.end != camera.period.end
            || zip(camera.spans, camera.spans.dropFirst()).contains(where: {
                $0.range.end != $1.range.start || $0.range.nanoseconds <= 0
            })
        {
            return "spans do not fill the period"
        }
        if camera.outages.reduce(0, { $0 + Int128($1.downNanoseconds) }) != totals.down {
            return "outages"
        }
        if camera.outages.reduce(0, { $0 + Int128($1.maintenanceNanoseconds) })
            != totals.downMaintenance
        {
            return "maintenance in outages"
        }
        if camera.responsible.reduce(0, { $0 + $1.used }) != totals.down { return "parties" }
        for budget in camera.budgets {
            if budget.totals.total != Int128(budget.range.nanoseconds) { return "budget" }
            if budget.responsible.reduce(0, { $0 + $1.used }) != Int128(budget.used) {
                return "shares"
            }
        }
        return nil
    }
}
