// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

/// Budgets of downtime, a calendar year each, and how they stand at an instant.
struct BudgetMaker {
    /// A calendar year that the period touches.
    struct Year {
        var year: Int
        var whole: TimeRange
        /// From its begin to where the account ends.
        var range: TimeRange
    }

    let rules: AccountRules
    let parties: [PartyID?]
    /// Whether the account may still change.
    let isProvisional: Bool

    /// The years that `accounted` touches, in a zone; the first if it is empty.
    static func years(_ accounted: TimeRange, _ zone: ZoneRules) -> [Year] {
        let last = max(accounted.start, accounted.end.advanced(byNanoseconds: -1))
        let first = zone.local(at: accounted.start).date.year
        return (first...max(first, zone.local(at: last).date.year)).compactMap { year in
            guard let whole = Period(year: year)?.range(in: zone),
                let range = TimeRange(
                    start: min(whole.start, accounted.end), end: min(whole.end, accounted.end))
            else { return nil }
            return Year(year: year, whole: whole, range: range)
        }
    }

    func budget(_ stays: [Stay], _ year: Year, limit: Int64) -> Budget {
        let (start, end) = (year.range.start.nanoseconds, year.range.end.nanoseconds)
        var totals = StateTotals()
        var shares = [Int128](repeating: 0, count: parties.count)
        for stay in stays[stays.place(after: start)...] {
            guard stay.start < end else { break }
            let time = min(stay.end, end) - max(stay.start, start)
            totals.add(time, stay)
            if stay.kind.isDown { shares[Int(stay.party)] += Int128(time) }
        }
        let isWhole = year.range == year.whole && !isProvisional
        let burn = Burn.windows.map { self.burn(stays, window: $0, end: end) }
        return Budget(
            year: year.year, range: year.range, wholeYear: year.whole, limit: limit, totals: totals,
            isWhole: isWhole, responsible: PartyShare.list(parties, shares), burn: burn,
            runsOut: projection(burn, left: limit - Int64(clamping: totals.down), year),
            verdict: Verdict(finding(totals, limit), isProvisional: !isWhole))
    }

    private func finding(_ totals: StateTotals, _ limit: Int64) -> Verdict.Finding {
        if totals.down > Int128(limit) { return .breached }
        if totals.down + totals.unknown > Int128(limit) {
            return .undecidable(.unknownTimeCouldTip)
        }
        if !totals.coverage.isAtLeast(partsPerMillion: rules.leastCoverage) {
            return .undecidable(.coverageTooLow(totals.coverage))
        }
        return .met
    }

    private func burn(_ stays: [Stay], window: Int64, end: Int64) -> Burn {
        var burn = Burn(window: window, used: 0, known: 0)
        let start = end - window
        var place = stays.place(after: end - 1)
        place = min(place, stays.count - 1)
        while place >= 0, stays[place].end > start {
            let stay = stays[place]
            let time = min(stay.end, end) - max(stay.start, start)
            place -= 1
            guard time > 0, stay.kind != .unknown, stay.kind != .excluded else { continue }
            burn.known += time
            if stay.kind.isDown { burn.used += time }
        }
        return burn
    }

    /// At the rate of the longest window: downtime over the time known.
    private func projection(_ burn: [Burn], left: Int64, _ year: Year) -> Projection? {
        guard let basis = burn.last, basis.used > 0, left > 0 else { return nil }
        let rest = Int64(clamping: Int128(left) * Int128(basis.known) / Int128(basis.used))
        let at = year.range.end.advanced(byNanoseconds: rest)
        return Projection(at: at, basis: basis, isWithinYear: at < year.whole.end)
    }
}

extension StateTotals {
    mutating func add(_ time: Int64, _ stay: Stay) {
        let nanoseconds = Int128(time)
        switch stay.kind {
        case .up: up += nanoseconds
        case .degraded: degraded += nanoseconds
        case .failure: downFailure += nanoseconds
        case .maintenance: downMaintenance += nanoseconds
        case .unknown: unknown += nanoseconds
        case .excluded: excluded += nanoseconds
        }
        guard stay.kind != .unknown, stay.kind != .excluded else { return }
        if stay.evidence == .sampled { sampled += nanoseconds }
        if stay.evidence == .inferred { inferred += nanoseconds }
    }
}

extension PartyShare {
    /// The parties that answer for anything, most first; of equals by id, nobody last.
    static func list(_ parties: [PartyID?], _ shares: [Int128]) -> [PartyShare] {
        var sums: [PartyID?: Int128] = [:]
        for (party, share) in zip(parties, shares) where share > 0 {
            sums[party, default: 0] += share
        }
        return list(sums)
    }

    static func list(_ sums: [PartyID?: Int128]) -> [PartyShare] {
        sums.map { PartyShare(party: $0.key, used: $0.value) }.sorted { left, right in
            if left.used != right.used { return left.used > right.used }
            guard let mine = left.party, let theirs = right.party else { return left.party != nil }
            return mine < theirs
        }
    }
}
