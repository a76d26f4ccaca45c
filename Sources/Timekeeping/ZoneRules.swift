// SPDX-License-Identifier: Apache-2.0

/// How far the clocks of one time zone are from UTC at every instant: the IANA name, the version
/// of the zone data, every change that is on record, and the rule for the future.
///
/// A value, so that a report can be computed again with the rules that it names. Two versions of
/// the data for one zone are different values.
public struct ZoneRules: Hashable, Sendable {
    /// What clocks show from some instant on.
    public struct Transition: Hashable, Sendable {
        /// The first instant at which it holds.
        public let at: Instant
        /// Seconds ahead of UTC: negative west of Greenwich.
        public let offset: Int
        /// Whether it is daylight saving time.
        public let isDaylight: Bool
        /// What the zone data calls it, such as `CEST` or `+05`.
        public let abbreviation: String

        /// Makes a transition.
        public init(at: Instant, offset: Int, isDaylight: Bool, abbreviation: String) {
            self.at = at
            self.offset = offset
            self.isDaylight = isDaylight
            self.abbreviation = abbreviation
        }

        /// Whether clocks show the same, whenever it began.
        func isLike(_ other: Transition) -> Bool {
            offset == other.offset && isDaylight == other.isDaylight
                && abbreviation == other.abbreviation
        }
    }

    /// The IANA name, such as `Asia/Almaty`.
    public let name: String
    /// The version of the zone data, such as `2024a`; empty for `ZoneRules.utc`.
    public let version: String
    /// The changes on record, earliest first; never empty.
    ///
    /// In front stands what held before the first of them, at the beginning of the range. They are
    /// as the data have them: one may change nothing.
    public let transitions: [Transition]
    /// The rule from the last change on; nil if the last change holds for ever.
    let footer: ZoneFooter?

    /// UTC, which needs no data.
    public static let utc = ZoneRules(
        name: "UTC", version: "",
        first: Transition(
            at: Instant(nanoseconds: .min), offset: 0, isDaylight: false, abbreviation: "UTC"),
        later: [], footer: nil)

    /// Makes the rules of what held `first` (whatever its `at`), of the changes `later` in order,
    /// and of what recurs from the last of these on.
    init(
        name: String, version: String, first: Transition, later: [Transition],
        footer: ZoneFooter?
    ) {
        self.name = name
        self.version = version
        let beginning = Transition(
            at: Instant(nanoseconds: .min), offset: first.offset, isDaylight: first.isDaylight,
            abbreviation: first.abbreviation)
        transitions = [beginning] + later
        self.footer = footer
    }

    /// What holds at `instant`, and since when.
    ///
    /// Where the rule for the future begins, `at` may be the last change on record.
    public func transition(at instant: Instant) -> Transition {
        let place = place(of: instant)
        guard place == transitions.count - 1, let footer else { return transitions[place] }
        return footer.transition(at: instant, notBefore: transitions[place].at)
    }

    /// The place of the last change on record that is not after `instant`.
    private func place(of instant: Instant) -> Int {
        var (low, high) = (0, transitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle } else { high = middle }
        }
        return low
    }

    /// Seconds that the zone's clocks are ahead of UTC at `instant`; negative west of Greenwich.
    public func offset(at instant: Instant) -> Int { transition(at: instant).offset }

    /// What the zone's clocks show at `instant`.
    public func local(at instant: Instant) -> LocalTime {
        LocalTime(instant, offset: offset(at: instant))
    }

    /// RFC 3339 text in the zone's time, as `2024-02-29T23:30:00+06:00`.
    public func text(_ instant: Instant, decimals: Int = 0) -> String {
        instant.text(decimals: decimals, offsetSeconds: offset(at: instant))
    }

    /// Every change inside `range`, earliest first; one at its start counts, one at its end not.
    ///
    /// A change may leave the offset as it was, and change the name alone. What leaves all as it
    /// was, as data have it where a record ends, is none.
    public func changes(in range: TimeRange) -> [Transition] {
        // From the instant before, to see what a change at the start has changed.
        let start = range.start.advanced(byNanoseconds: -1)
        var found: [Transition] = []
        var last: Transition?
        for stretch in stretches(in: TimeRange(from: start, to: range.end)) {
            if let last, range.contains(stretch.at), !last.isLike(stretch) { found.append(stretch) }
            last = stretch
        }
        return found
    }

    /// What holds in `range`, earliest first: the first since before or at its start.
    private func stretches(in range: TimeRange) -> [Transition] {
        var found = [transition(at: range.start)]
        found += transitions[(place(of: range.start) + 1)...].prefix { $0.at < range.end }
        guard let footer, let last = transitions.last, range.end > last.at else { return found }
        // The last change on record is where the rule for the future takes over.
        if range.start < last.at {
            found.removeLast()
            found.append(footer.transition(at: last.at, notBefore: last.at))
        }
        return found + footer.changes(after: max(range.start, last.at), before: range.end)
    }
}

extension ZoneRules {
    /// When clocks show a given time.
    public enum Occurrence: Hashable, Sendable {
        /// Never: clocks were put forward past it, no clock shows such a time, or it lies outside
        /// the range of `Instant`.
        case none
        /// At one instant.
        case one(Instant)
        /// At two instants, the earlier first: clocks were put back to before it.
        case twice(Instant, Instant)
    }

    /// No zone is further from UTC than this many seconds (RFC 9636 section 3.2 bounds offsets
    /// at -24:59:59 and +25:59:59); a margin makes it whole hours.
    private static let reach: Int64 = 27 * 3600

    /// The instants at which the zone's clocks show this time.
    ///
    /// Should data say that it happens more than twice, the first and the last are returned.
    public func instants(
        ofLocal date: CalendarDate, hour: Int = 0, minute: Int = 0, second: Int = 0
    ) -> Occurrence {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return .none }
        let wall =
            Int64(date.daysSinceEpoch) * 86_400
            + Int64(hour * 3600 + minute * 60 + second)
        var found: [Instant] = []
        eachStretch(around: wall) { start, end, offset in
            let candidate = wall - Int64(offset)
            let instant = Instant(seconds: candidate)
            // Not an instant that only stands for one beyond the end of the range.
            if start <= candidate, candidate < end, instant.seconds == candidate {
                found.append(instant)
            }
            return true
        }
        guard let first = found.first, let last = found.last else { return .none }
        return first == last ? .one(first) : .twice(first, last)
    }

    /// The first instant at which the zone's clocks show `date` or a later date.
    ///
    /// Not midnight where clocks were put forward over it, and the earlier midnight where it
    /// happens twice. A date that the zone left out starts, and ends, where the next one starts.
    public func startOfDay(_ date: CalendarDate) -> Instant {
        let wall = Int64(date.daysSinceEpoch) * 86_400
        var found = wall
        eachStretch(around: wall) { start, end, offset in
            let candidate = max(start, wall - Int64(offset))
            guard candidate < end else { return true }
            found = candidate
            return false
        }
        return Instant(seconds: found)
    }

    /// The day `date` in this zone: from its start to the start of the next.
    ///
    /// 86,400 s long only where the clocks are left alone; `Asia/Almaty` had 90,000 s on
    /// 2024-02-29. Days follow each other without a gap, so that days of a month add up to it.
    public func day(_ date: CalendarDate) -> TimeRange {
        days(from: date, to: date.adding(days: 1))
    }

    /// The days from `first` up to and not with `end`, which must not lie before it.
    public func days(from first: CalendarDate, to end: CalendarDate) -> TimeRange {
        precondition(first <= end)
        let start = startOfDay(first)
        return TimeRange(from: start, to: max(start, startOfDay(end)))
    }

    /// Calls `body` with start, end (in seconds since the epoch) and offset of every stretch that
    /// may show the wall time `wall`, earliest first, until it returns false.
    private func eachStretch(
        around wall: Int64, _ body: (_ start: Int64, _ end: Int64, _ offset: Int) -> Bool
    ) {
        let window = TimeRange(
            from: Instant(seconds: wall - ZoneRules.reach),
            to: Instant(seconds: wall + ZoneRules.reach))
        let stretches = stretches(in: window)
        for (index, stretch) in stretches.enumerated() {
            // Far ends: what lies outside the window cannot show this time.
            let start = index == 0 ? Int64.min : stretch.at.seconds
            let end = index + 1 < stretches.count ? stretches[index + 1].at.seconds : Int64.max
            guard body(start, end, stretch.offset) else { return }
        }
    }
}

extension ZoneRules: CustomStringConvertible {
    /// Name and version, as `Asia/Almaty (tzdata 2024a)`.
    public var description: String { version.isEmpty ? name : "\(name) (tzdata \(version))" }
}
