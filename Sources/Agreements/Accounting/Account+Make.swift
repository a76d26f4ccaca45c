// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

extension Account {
    /// The stretch of which conditions are needed for an account of `period` made at `now`: the
    /// calendar years that it touches, and 30 days before its end.
    public static func rangeNeeded(
        for period: TimeRange, now: Instant, zones: [ZoneRules]
    ) -> TimeRange {
        let accounted = part(of: period, until: now)
        var start = min(accounted.start, accounted.end.advanced(byNanoseconds: -longestWindow))
        for zone in zones {
            for year in BudgetMaker.years(accounted, zone) { start = min(start, year.range.start) }
        }
        return TimeRange(start: start, end: accounted.end) ?? accounted
    }

    /// Makes the account of `period` as it stands at `now`.
    ///
    /// - `zone` gives the rules of a site's time zone, by its IANA name; `systemZone` those of
    ///   channels, whose sites may lie in several.
    /// - `conditions` gives a camera's conditions in `rangeNeeded`, in the order of time; where
    ///   there are none, nobody watched.
    /// - `inferred` gives stretches in which something seen later tells that a camera was down:
    ///   what is unknown there counts as down, and is shown apart.
    /// - `completeUntil` says until when all data have come; without it, until `now`.
    public static func make(
        registry: Registry, zone: (String) -> ZoneRules, systemZone: ZoneRules,
        rules: AccountRules = .standard,
        conditions: (CameraID) throws -> [ConditionSpan],
        inferred: (CameraID) -> [TimeRange] = { _ in [] },
        works: [PlannedWork] = [], exclusions: [Exclusion] = [],
        period: TimeRange, now: Instant, completeUntil: Instant? = nil
    ) rethrows -> Account {
        let accounted = part(of: period, until: now)
        var maker = AccountMaker(
            registry: registry, rules: rules, works: works, exclusions: exclusions,
            accounted: accounted,
            isProvisional: min(now, completeUntil ?? now) < period.end, systemZone: systemZone)
        maker.readZones(zone)
        for camera in registry.cameras {
            maker.read(camera, try conditions(camera.id), inferred(camera.id))
        }
        return maker.account(of: period, asOf: min(now, completeUntil ?? now))
    }

    static var longestWindow: Int64 { Burn.windows.max() ?? 0 }

    /// The part of the period that is past.
    static func part(of period: TimeRange, until now: Instant) -> TimeRange {
        let end = max(period.start, min(period.end, now))
        return TimeRange(start: period.start, end: end) ?? period
    }
}

/// Makes one account: reads each camera's conditions, then tells of cameras and things.
struct AccountMaker {
    let registry: Registry
    let rules: AccountRules
    let works: [PlannedWork]
    let exclusions: [Exclusion]
    let accounted: TimeRange
    let isProvisional: Bool
    let systemZone: ZoneRules

    private let workScopes: ScopeIndex
    private let exclusionScopes: ScopeIndex
    /// The calendar years touched, by the name of the zone.
    private var years: [String: [BudgetMaker.Year]] = [:]
    private var from: Int64
    /// In the order of the registry's cameras.
    private(set) var stays: [[Stay]] = []
    /// In the order of the registry's channels.
    private var channelStays: [[Stay]] = []

    init(
        registry: Registry, rules: AccountRules, works: [PlannedWork], exclusions: [Exclusion],
        accounted: TimeRange, isProvisional: Bool, systemZone: ZoneRules
    ) {
        self.registry = registry
        self.rules = rules
        // What begins first comes first; the order of entering is no matter.
        self.works = works.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) }
        self.exclusions = exclusions.sorted { ($0.range.start, $0.id) < ($1.range.start, $1.id) }
        self.accounted = accounted
        self.isProvisional = isProvisional
        self.systemZone = systemZone
        workScopes = ScopeIndex(self.works.map(\.scope))
        exclusionScopes = ScopeIndex(self.exclusions.map(\.scope))
        from = min(accounted.start.nanoseconds, accounted.end.nanoseconds - Account.longestWindow)
    }

    private var end: Int64 { accounted.end.nanoseconds }

    mutating func readZones(_ zone: (String) -> ZoneRules) {
        for name in Set(registry.sites.map(\.timeZone)) {
            years[name] = BudgetMaker.years(accounted, zone(name))
        }
        for year in years.values.joined() { from = min(from, year.range.start.nanoseconds) }
        for year in systemYears { from = min(from, year.range.start.nanoseconds) }
        stays.reserveCapacity(registry.cameras.count)
    }

    private var systemYears: [BudgetMaker.Year] { BudgetMaker.years(accounted, systemZone) }

    /// Reads the next camera, in the order of the registry.
    mutating func read(
        _ camera: Camera, _ conditions: [ConditionSpan], _ inferred: [TimeRange]
    ) {
        let (subscriber, runner) = parties(of: stays.count)
        func places(_ index: ScopeIndex) -> [Int32] {
            index.places(
                camera: camera.id, site: camera.site, channel: camera.channel,
                subscriber: subscriber, networkOperator: runner)
        }
        let overlay = Overlay(
            exclusions: places(exclusionScopes).compactMap { place in
                let exclusion = exclusions[Int(place)]
                return exclusion.isInForce ? Marked(exclusion.range, place) : nil
            },
            works: places(workScopes).compactMap { place in
                works[Int(place)].coveredRange.map { Marked($0, place) }
            },
            inferred: inferred.map { Marked($0, 0) })
        stays.append(overlay.stays(conditions, from, end))
    }

    /// A camera's subscriber and the operator of its channel: those who may answer, in the order
    /// of `Stay.party`.
    private func parties(of camera: Int) -> (PartyID?, PartyID?) {
        let site = Int(registry.siteOfCamera[camera])
        let channel = Int(registry.channelOfCamera[camera])
        return (registry.sites[site].subscriber, registry.channels[channel].operator)
    }

    // MARK: - The account

    mutating func account(of period: TimeRange, asOf: Instant) -> Account {
        let (ofSite, ofChannel) = (
            members(registry.siteOfCamera), members(registry.channelOfCamera)
        )
        sweepChannels(ofChannel)
        let sites = sweepSites(ofSite)
        let cameras = registry.cameras.indices.map(cameraAccount)
        func touches(_ range: TimeRange) -> Bool { range.intersection(accounted) != nil }
        return Account(
            period: period, accounted: accounted, asOf: asOf, isProvisional: isProvisional,
            cameras: cameras,
            sites: registry.sites.indices.map { index in
                let site = registry.sites[index]
                return thing(
                    .site(site.id), ofSite[index], cameras,
                    Own(
                        stays: sites[index], subject: .site(site.id),
                        parties: [site.subscriber, runner(ofSite[index])],
                        years: years[site.timeZone] ?? systemYears))
            },
            channels: registry.channels.indices.map { index in
                let channel = registry.channels[index]
                return thing(
                    .channel(channel.id), ofChannel[index], cameras,
                    Own(
                        stays: channelStays[index], subject: .channel(channel.id),
                        parties: [channel.operator], years: systemYears))
            },
            operators: byParty(ofChannel, registry.channels.map(\.operator)).map {
                thing(.networkOperator($0.party), $0.cameras, cameras, nil)
            },
            subscribers: byParty(ofSite, registry.sites.map(\.subscriber)).map {
                thing(.subscriber($0.party), $0.cameras, cameras, nil)
            },
            system: thing(.system, Array(registry.cameras.indices), cameras, nil),
            works: works.filter { $0.coveredRange.map(touches) ?? false },
            exclusions: exclusions.filter { touches($0.range) })
    }

    /// The cameras of each place, by their places in the registry.
    private func members(_ places: [Int32]) -> [[Int]] {
        let most = max(registry.sites.count, registry.channels.count)
        var members = [[Int]](repeating: [], count: most)
        for (camera, place) in places.enumerated() { members[Int(place)].append(camera) }
        return members
    }

    private func byParty(
        _ members: [[Int]], _ parties: [PartyID]
    ) -> [(party: PartyID, cameras: [Int])] {
        var cameras: [PartyID: [Int]] = [:]
        for (place, party) in parties.enumerated() { cameras[party, default: []] += members[place] }
        return cameras.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// The operator of the channel that carries a site's first camera.
    private func runner(_ cameras: [Int]) -> PartyID? {
        cameras.first.flatMap { parties(of: $0).1 }
    }

    /// Where a channel is down, its operator answers for its cameras.
    private mutating func sweepChannels(_ members: [[Int]]) {
        let sweep = ThingSweep(rules: rules)
        channelStays = registry.channels.indices.map { index in
            sweep.stays(members[index].map { stays[$0] })
        }
        for (index, own) in channelStays.enumerated() {
            let down = Marked.down(own)
            guard !down.isEmpty else { continue }
            for camera in members[index] {
                let marks = down.snapped(to: stays[camera], within: rules.sameEdge)
                stays[camera] = stays[camera].overlaid(marks, where: { $0.kind.isDown }) {
                    stay, _ in
                    stay.party = 1
                }
            }
        }
    }

    /// Where a channel of its cameras is down, that channel's operator answers for the site.
    private func sweepSites(_ members: [[Int]]) -> [[Stay]] {
        let sweep = ThingSweep(rules: rules)
        return registry.sites.indices.map { index in
            let own = sweep.stays(members[index].map { stays[$0] })
            let channels = Set(members[index].map { Int(registry.channelOfCamera[$0]) }).sorted()
            return channels.reduce(own) { stays, channel in
                stays.overlaid(
                    Marked.down(channelStays[channel]), where: { $0.kind.isDown }
                ) { stay, _ in
                    stay.party = 1
                }
            }
        }
    }

    // MARK: - One camera

    private func cameraAccount(_ index: Int) -> CameraAccount {
        let camera = registry.cameras[index]
        let (subscriber, runner) = parties(of: index)
        let who = [subscriber, runner]
        let start = accounted.start.nanoseconds
        let inside = stays[index].cut(start, end)
        var totals = StateTotals()
        var shares: [Int128] = [0, 0]
        for stay in inside {
            totals.add(stay.length, stay)
            if stay.kind.isDown { shares[Int(stay.party)] += Int128(stay.length) }
        }
        let zone = registry.sites[Int(registry.siteOfCamera[index])].timeZone
        let maker = BudgetMaker(rules: rules, parties: who, isProvisional: isProvisional)
        let budgets = (years[zone] ?? systemYears).map { year in
            let last = max(year.range.start, year.range.end.advanced(byNanoseconds: -1))
            let limit = registry.thresholds(for: camera.id, at: last).annualDowntime
            return maker.budget(stays[index], year, limit: limit)
        }
        let finder = OutageFinder(parties: who, works: works, start: start, end: end)
        return CameraAccount(
            camera: camera.id, site: camera.site, channel: camera.channel, period: accounted,
            spans: inside.map { span($0, who) }, totals: totals,
            outages: finder.outages(stays[index], .camera(camera.id)),
            breached: Breach.list(inside, budgets), responsible: PartyShare.list(who, shares),
            budgets: budgets)
    }

    private func span(_ stay: Stay, _ parties: [PartyID?]) -> StateSpan {
        let state: CameraState
        switch stay.kind {
        case .up: state = .up
        case .degraded: state = .degraded(CriterionSet(rawValue: stay.detail))
        case .failure:
            let reason = FailureReason(rawValue: stay.detail) ?? .silence
            state = .down(
                Downtime(cause: .failure(reason), responsible: parties[Int(stay.party)]))
        case .maintenance:
            let work = works[Int(stay.index)].id
            state = .down(
                Downtime(cause: .maintenance(work), responsible: parties[Int(stay.party)]))
        case .unknown: state = .unknown(UnknownCause(rawValue: stay.detail) ?? .noEvidence)
        case .excluded: state = .excluded(exclusions[Int(stay.index)].id)
        }
        let start = Instant(nanoseconds: stay.start)
        return StateSpan(
            range: TimeRange(start: start, nanoseconds: stay.length), state: state,
            evidence: stay.evidence)
    }
}

extension AccountMaker {
    /// What a site or channel has besides its cameras.
    struct Own {
        var stays: [Stay]
        var subject: Outage.Subject
        var parties: [PartyID?]
        var years: [BudgetMaker.Year]
    }

    // MARK: - Things

    private func thing(
        _ subject: ThingAccount.Subject, _ members: [Int], _ cameras: [CameraAccount], _ own: Own?
    ) -> ThingAccount {
        var totals = StateTotals()
        var outages = 0
        var shares: [PartyID?: Int128] = [:]
        for member in members {
            totals.add(cameras[member].totals)
            outages += cameras[member].outages.count
            for share in cameras[member].responsible {
                shares[share.party, default: 0] += share.used
            }
        }
        var account = ThingAccount(
            subject: subject, cameras: members.count, totals: totals, outages: [],
            ownDowntime: TimeRangeSet(), ownTotals: nil, cameraOutages: outages,
            responsible: PartyShare.list(shares), budgets: [])
        guard let own, !members.isEmpty else { return account }
        let start = accounted.start.nanoseconds
        var ownTotals = StateTotals()
        var down: [TimeRange] = []
        for stay in own.stays.cut(start, end) {
            ownTotals.add(stay.length, stay)
            if stay.kind.isDown {
                down.append(
                    TimeRange(start: Instant(nanoseconds: stay.start), nanoseconds: stay.length))
            }
        }
        account.ownTotals = ownTotals
        account.ownDowntime = TimeRangeSet(down)
        let finder = OutageFinder(parties: own.parties, works: works, start: start, end: end)
        account.outages = finder.outages(own.stays, own.subject).map {
            explained($0, by: members, finder)
        }
        let maker = BudgetMaker(rules: rules, parties: own.parties, isProvisional: isProvisional)
        account.budgets = own.years.map { maker.budget(own.stays, $0, limit: limit(members, $0)) }
        return account
    }

    /// The limit that all cameras of a thing have, or that of the rules.
    private func limit(_ members: [Int], _ year: BudgetMaker.Year) -> Int64 {
        let last = max(year.range.start, year.range.end.advanced(byNanoseconds: -1))
        var common: Int64?
        for member in members {
            let id = registry.cameras[member].id
            let limit = registry.thresholds(for: id, at: last).annualDowntime
            guard limit == common ?? limit else { return rules.annualDowntime }
            common = limit
        }
        return common ?? rules.annualDowntime
    }

    /// How many cameras an outage of their site or channel touched, and why most were down.
    private func explained(
        _ outage: Outage, by members: [Int], _ finder: OutageFinder
    ) -> Outage {
        let (start, end) = (outage.range.start.nanoseconds, outage.range.end.nanoseconds)
        var outage = outage
        outage.camerasTouched = 0
        var causes: [(cause: Downtime.Cause, time: Int64)] = []
        for member in members {
            var isTouched = false
            for stay in stays[member].cut(start, end) where stay.kind.isDown {
                isTouched = true
                let cause: Downtime.Cause =
                    stay.kind == .maintenance
                    ? .maintenance(works[Int(stay.index)].id)
                    : .failure(FailureReason(rawValue: stay.detail) ?? .silence)
                if let place = causes.firstIndex(where: { $0.cause == cause }) {
                    causes[place].time += stay.length
                } else {
                    causes.append((cause, stay.length))
                }
            }
            if isTouched { outage.camerasTouched += 1 }
        }
        if var most = causes.first {
            for other in causes where other.time > most.time { most = other }
            outage.cause = most.cause
        }
        return outage
    }
}

extension Marked {
    init(_ range: TimeRange, _ index: Int32) {
        self.init(start: range.start.nanoseconds, end: range.end.nanoseconds, index: index)
    }

    static func down(_ stays: [Stay]) -> [Marked] {
        var marks: [Marked] = []
        for stay in stays where stay.kind.isDown {
            if let last = marks.last, last.end == stay.start {
                marks[marks.count - 1].end = stay.end
            } else {
                marks.append(Marked(start: stay.start, end: stay.end))
            }
        }
        return marks
    }
}

extension Breach {
    /// What was broken in a stretch of states; unknown and excluded time does not part a breach.
    static func list(_ stays: [Stay], _ budgets: [Budget]) -> [Breach] {
        var found: [Breach] = []
        for criterion in Criterion.allCases where criterion != .downtime {
            var breach = Breach(criterion: criterion, nanoseconds: 0, count: 0)
            var isOpen = false
            for stay in stays where stay.kind != .unknown && stay.kind != .excluded {
                let isBroken =
                    stay.kind == .degraded
                    ? CriterionSet(rawValue: stay.detail).contains(CriterionSet(criterion))
                    : criterion == .loss && stay.kind.isDown
                        && stay.detail == FailureReason.loss.rawValue
                if isBroken {
                    breach.nanoseconds += stay.length
                    if !isOpen { breach.count += 1 }
                }
                isOpen = isBroken
            }
            if breach.count > 0 { found.append(breach) }
        }
        let over = budgets.filter { $0.used > $0.limit }
        if !over.isEmpty {
            let excess = over.reduce(0) { $0 + $1.used - $1.limit }
            found.append(Breach(criterion: .downtime, nanoseconds: excess, count: over.count))
        }
        return found
    }
}
