// SPDX-License-Identifier: Apache-2.0
import Agreements
import Ledger
import Measurements
import Registry
import Settings
import Timekeeping

/// Makes accounts of a ledger and its registry.
struct AccountReading {
    let ledger: Ledger
    let registry: Registry
    /// The rules of every zone that a site names.
    let zones: [String: ZoneRules]
    /// The zone whose calendar counts where no site's does.
    let systemZone: ZoneRules

    /// Reads the zones that the sites name.
    init(_ ledger: Ledger, _ registry: Registry, _ systemZone: ZoneRules) throws {
        self.ledger = ledger
        self.registry = registry
        self.systemZone = systemZone
        var zones: [String: ZoneRules] = [systemZone.name: systemZone]
        for name in Set(registry.sites.map(\.timeZone)).sorted() where zones[name] == nil {
            do {
                zones[name] = try ZoneFiles.rules(name)
            } catch {
                throw Refusal("time zone \(name): \(error)")
            }
        }
        self.zones = zones
    }

    /// Makes the account of `period`.
    ///
    /// A period that has ended by the wall clock, or past whose end something was measured, is
    /// accounted whole. An open one is accounted to its newest measurement, so that the same
    /// ledger gives the same account at any hour.
    func account(of period: TimeRange, wallClock: Instant = Ledger.wallClock()) throws -> Account {
        // Conditions are read to the end of the period, whatever the time is.
        let range = Account.rangeNeeded(for: period, now: period.end, zones: Array(zones.values))
        let conditions = try ledger.conditions(of: registry.cameras.map(\.id), in: range)
        var newest = range.start
        for spans in conditions.values {
            if let end = spans.last?.range.end { newest = max(newest, end) }
        }
        guard max(wallClock, newest) > period.start else {
            throw Refusal(
                "the period lies in the future: it begins \(systemZone.text(period.start))")
        }
        let now = wallClock >= period.end ? period.end : max(newest, period.start)
        return Account.make(
            registry: registry, zone: { zones[$0] ?? systemZone }, systemZone: systemZone,
            conditions: { conditions[$0] ?? [] }, works: try ledger.works(),
            exclusions: try ledger.exclusions(), period: period, now: now)
    }
}
