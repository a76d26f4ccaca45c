// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// A share as an exact fraction of two times in ns: never rounded, so that whoever prints it can
/// truncate.
public struct Share: Hashable, Sendable {
    /// Never negative, never above `denominator`.
    public var numerator: Int128
    /// Zero where there is nothing to be a share of.
    public var denominator: Int128

    /// Makes a share of two whole numbers.
    public init<Number: BinaryInteger>(_ numerator: Number, of denominator: Number) {
        self.numerator = Int128(numerator)
        self.denominator = Int128(denominator)
    }

    /// The share in whole units of which `scale` make the whole, rounded down; nil of nothing.
    ///
    /// With a scale of 100,000: thousandths of a percent. 99.9999 % gives 99,999, not 100,000.
    public func truncated(scale: Int64) -> Int64? {
        guard denominator > 0, scale > 0 else { return nil }
        // At most `scale`, since the numerator is not above the denominator.
        let product = numerator.multipliedFullWidth(by: Int128(scale))
        return Int64(clamping: denominator.dividingFullWidth(product).quotient)
    }

    /// Percent with `decimals` (0…9) figures after the point, truncated; nil of nothing.
    public func percentText(decimals: Int) -> String? {
        precondition((0...9).contains(decimals))
        var unit: Int64 = 1
        for _ in 0..<decimals { unit *= 10 }
        guard let units = truncated(scale: 100 * unit) else { return nil }
        guard decimals > 0 else { return String(units) }
        let digits = String(units % unit)
        let zeros = String(repeating: "0", count: decimals - digits.utf8.count)
        return "\(units / unit).\(zeros)\(digits)"
    }

    /// Whether this is at least `partsPerMillion`; true of nothing.
    public func isAtLeast(partsPerMillion: Int64) -> Bool {
        guard denominator > 0 else { return true }
        let left = numerator.multipliedFullWidth(by: 1_000_000)
        let right = denominator.multipliedFullWidth(by: Int128(partsPerMillion))
        return (left.high, left.low) >= (right.high, right.low)
    }
}

/// Whether an agreement was kept.
public struct Verdict: Hashable, Sendable {
    /// What can be said.
    public enum Finding: Hashable, Sendable {
        /// Kept, whatever the unknown time was.
        case met
        /// Broken, whatever the unknown time was.
        case breached
        /// Nobody can say.
        case undecidable(Doubt)
    }

    /// Why nobody can say.
    public enum Doubt: Hashable, Sendable {
        /// If all unknown time was downtime, the limit is exceeded.
        case unknownTimeCouldTip
        /// Less was watched than a verdict needs; coverage is the share.
        case coverageTooLow(Share)
    }

    /// What can be said.
    public var finding: Finding
    /// Whether the period is still open, or its data not complete, so that it may change.
    public var isProvisional: Bool

    /// Makes a verdict.
    public init(_ finding: Finding, isProvisional: Bool) {
        self.finding = finding
        self.isProvisional = isProvisional
    }
}

/// How fast a budget is spent: downtime over the last stretch.
public struct Burn: Hashable, Sendable {
    /// The stretch, ns: an hour, six hours, a day, three days, 30 days.
    public var window: Int64
    /// Downtime in it, ns.
    public var used: Int64
    /// Time in it that somebody watched and that counts, ns.
    public var known: Int64

    /// Makes a figure.
    public init(window: Int64, used: Int64, known: Int64) {
        self.window = window
        self.used = used
        self.known = known
    }

    /// The windows: those of the burn-rate practice of site reliability engineering, and 30 days.
    public static let windows: [Int64] = [1, 6, 24, 72, 720].map { $0 * 3_600_000_000_000 }
}

/// When a budget will run out, if things go on as they did.
public struct Projection: Hashable, Sendable {
    /// When.
    public var at: Instant
    /// The stretch whose rate it goes by, and what was used in it.
    public var basis: Burn
    /// Whether `at` lies in the budget's year: later, a new budget has begun.
    public var isWithinYear: Bool
}

/// Downtime that one party answers for.
public struct PartyShare: Hashable, Sendable {
    /// The party; nil where the registry does not tell.
    public var party: PartyID?
    /// Downtime, ns; summed over cameras where it is of a site, an operator or all.
    public var used: Int128

    /// Makes a share.
    public init(party: PartyID?, used: Int128) {
        self.party = party
        self.used = used
    }
}

/// The budget of downtime of one camera, site or channel in one calendar year (A2.7.5).
public struct Budget: Hashable, Sendable {
    /// The calendar year, in the zone of the site.
    public var year: Int
    /// The part of it that is accounted: from its begin to the end of the period, or until now.
    public var range: TimeRange
    /// The whole year.
    public var wholeYear: TimeRange
    /// What is allowed, ns.
    public var limit: Int64
    /// Time in each state in `range`.
    public var totals: StateTotals
    /// Whether the year is over and `range` is all of it.
    public var isWhole: Bool
    /// Downtime by who answers for it, most first.
    public var responsible: [PartyShare]
    /// Downtime over the last hour, six hours, day, three days and 30 days before `range.end`.
    public var burn: [Burn]
    /// When it runs out at the present rate; nil if it is used up, or nothing is being used.
    public var runsOut: Projection?
    /// Whether the agreement is kept.
    public var verdict: Verdict

    /// Downtime, ns: failure and maintenance alike.
    public var used: Int64 { Int64(clamping: totals.down) }
    /// Time that nobody can speak for, ns.
    public var unknown: Int64 { Int64(clamping: totals.unknown) }
    /// Time that does not count, ns.
    public var excluded: Int64 { Int64(clamping: totals.excluded) }
    /// What is left if all unknown time was downtime, ns; negative when overdrawn.
    public var leftAtLeast: Int64 { limit - used - unknown }
    /// What is left if no unknown time was downtime, ns; negative when overdrawn.
    public var leftAtMost: Int64 { limit - used }
    /// Availability if all unknown time was downtime.
    public var availabilityAtLeast: Share { totals.availabilityAtLeast }
    /// Availability if no unknown time was downtime.
    public var availabilityAtMost: Share { totals.availabilityAtMost }
    /// The share of the time that counts in which somebody watched.
    public var coverage: Share { totals.coverage }
}

extension StateTotals {
    /// Availability if all unknown time was downtime: up and degraded of all that counts.
    public var availabilityAtLeast: Share { Share(up + degraded, of: counted) }
    /// Availability if no unknown time was downtime.
    public var availabilityAtMost: Share { Share(up + degraded + unknown, of: counted) }
    /// The share of the time that counts in which somebody watched.
    public var coverage: Share { Share(known, of: counted) }
}
