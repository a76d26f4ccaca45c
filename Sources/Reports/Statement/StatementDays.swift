// SPDX-License-Identifier: Apache-2.0
import Agreements
public import Timekeeping

extension Statement {
    /// One calendar day of all cameras together, ns of camera time.
    public struct DayLine: Hashable, Sendable {
        /// Which, in the system's zone.
        public var date: CalendarDate
        /// What of it is accounted for, times the cameras.
        public var length: Int128
        /// Downtime.
        public var down: Int128
        /// Time that nobody can speak for.
        public var unknown: Int128
        /// Time left out by documents.
        public var excluded: Int128
        /// Time in breach of each criterion that was broken; the downtime is not among them.
        public var breached: [CriterionCode: Int128]

        /// Makes a day.
        public init(
            date: CalendarDate, length: Int128, down: Int128, unknown: Int128,
            excluded: Int128 = 0, breached: [CriterionCode: Int128] = [:]
        ) {
            self.date = date
            self.length = length
            self.down = down
            self.unknown = unknown
            self.excluded = excluded
            self.breached = breached
        }

        /// The time that counts: the day without what is excluded.
        public var counted: Int128 { length - excluded }
        /// Availability if all unknown time was down.
        public var availabilityLower: Share { Share(counted - down - unknown, of: counted) }
        /// Availability if all unknown time was up.
        public var availabilityUpper: Share { Share(counted - down, of: counted) }
        /// The known part of the day.
        public var coverage: Share { Share(length - unknown, of: length) }

        /// Adds another day's time; the date stays.
        static func += (sum: inout DayLine, other: DayLine) {
            sum.length += other.length
            sum.down += other.down
            sum.unknown += other.unknown
            sum.excluded += other.excluded
            sum.breached.merge(other.breached, uniquingKeysWith: +)
        }
    }
}

extension Statement.DayLine {
    /// Days that a statement lists at most: those of the longest period.
    static let limit = Period.mostDays

    /// The days of `accounted` in the calendar of `zone`, first and last cut at its edges.
    static func all(
        _ accounted: TimeRange, _ accounts: [CameraAccount], in zone: ZoneRules
    ) -> [Statement.DayLine] {
        var ranges: [TimeRange] = []
        var days: [Statement.DayLine] = []
        var date = zone.local(at: accounted.start).date
        while days.count < limit {
            guard let range = zone.day(date).intersection(accounted) else { break }
            ranges.append(range)
            days.append(
                Statement.DayLine(
                    date: date, length: Int128(range.nanoseconds) * Int128(accounts.count),
                    down: 0, unknown: 0))
            date = date.adding(days: 1)
        }
        for account in accounts {
            var day = 0
            for span in account.spans where span.state != .up {
                while day < ranges.count, ranges[day].end <= span.range.start { day += 1 }
                var touched = day
                while touched < ranges.count, ranges[touched].start < span.range.end {
                    let part = ranges[touched].intersection(span.range)?.nanoseconds ?? 0
                    days[touched].count(Int128(part), of: span.state)
                    touched += 1
                }
            }
        }
        return days
    }

    /// Counts time of a state; a breach of loss is down too, as in the account's own count.
    private mutating func count(_ time: Int128, of state: CameraState) {
        switch state {
        case .down(let downtime):
            down += time
            if downtime.cause == .failure(.loss) { breached[.loss, default: 0] += time }
        case .degraded(let criteria):
            for criterion in criteria.criteria {
                breached[Statement.CriterionCode(criterion), default: 0] += time
            }
        case .unknown: unknown += time
        case .excluded: excluded += time
        case .up: break
        }
    }
}

extension Statement.Summary {
    /// The days of the period before; empty if there was none.
    static func previousDays(
        _ sources: StatementSources, _ sight: Sight
    ) -> [Statement.DayLine] {
        guard let previous = sources.previous else { return [] }
        return Statement.DayLine.all(
            previous.accounted, previous.cameras.filter { sight.sees($0.camera) }, in: sources.zone)
    }
}
