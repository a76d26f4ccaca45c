// SPDX-License-Identifier: Apache-2.0
import Measurements

/// Hysteresis as ITU-T G.826 has it: bad time that adds up to `confirm` without good time in
/// between makes it down, from its first instant; then good time that adds up to `clear` without
/// bad time in between makes it up again, from its first instant.
///
/// Unknown time in between stays unknown, and neither adds nor breaks.
struct Confirmation: Hashable, Sendable {
    /// Whether it is down.
    var isRaised = false
    /// The candidates: from the first instant of a change not yet confirmed, to the present.
    var pending = Line<Segment>()
    /// How much the candidates add up to.
    var sum: Int64 = 0
    /// Why it was last bad while down, for good time too short to end it.
    var lastReason: UInt8 = 0

    /// Candidates that may wait; at the limit the change counts as not confirmed.
    ///
    /// Intervals give less than ten: only stretches of unknown time of alternating causes can make
    /// more.
    static let mostPending = 512

    /// Takes the next segment and appends to `base` what is settled by it.
    mutating func take(_ segment: Segment, _ rules: JudgingRules, _ base: inout Line<Segment>) {
        let change: Segment.Kind = isRaised ? .good : .bad
        if segment.kind == .unknown {
            if pending.isEmpty {
                base.extend(segment)
            } else {
                wait(segment, &base)
            }
        } else if segment.kind == change {
            sum += segment.length
            wait(segment, &base)
            if sum >= (isRaised ? rules.clear : rules.confirm) { confirm(&base) }
        } else {
            if !pending.isEmpty { refuse(&base) }
            append(segment, &base)
        }
    }

    /// Settles what waits as not confirmed.
    mutating func refuse(_ base: inout Line<Segment>) {
        while let segment = pending.first {
            pending.removeFirst()
            append(segment, &base)
        }
        sum = 0
    }

    private mutating func wait(_ segment: Segment, _ base: inout Line<Segment>) {
        pending.extend(segment)
        if pending.count > Confirmation.mostPending { refuse(&base) }
    }

    private mutating func confirm(_ base: inout Line<Segment>) {
        isRaised.toggle()
        if !isRaised { lastReason = 0 }
        for segment in pending.live { append(segment, &base) }
        pending.removeAll()
        sum = 0
    }

    /// Says what a settled segment is, as things stand.
    private mutating func append(_ segment: Segment, _ base: inout Line<Segment>) {
        var settled = segment
        switch segment.kind {
        case .unknown: break
        case .bad:
            if isRaised { lastReason = segment.detail }
            settled.kind = isRaised ? .bad : .good
            if !isRaised { settled.detail = 0 }
        case .good:
            settled.kind = isRaised ? .bad : .good
            if isRaised { settled.detail = lastReason }
        }
        base.extend(settled)
    }
}

/// The same hysteresis for one criterion of annex 2, over judged time alone.
struct CriterionConfirmation: Hashable, Sendable {
    /// A stretch of judged time.
    struct Stretch: Hashable, Sendable {
        var start: Int64
        var end: Int64
    }

    /// Whether the criterion is broken.
    var isRaised = false
    /// The candidates for a change.
    var pending = Line<Stretch>()
    /// How much they add up to.
    var sum: Int64 = 0
    /// Where the first of them begins; the top where there is none.
    var pendingStart: Int64 { pending.first?.start ?? .max }
    /// Where the last piece ended.
    var end: Int64 = .min
    /// Settled stretches in which the criterion is broken, not yet taken.
    var broken = Line<Stretch>()

    /// Takes judged time that follows all before.
    mutating func take(_ start: Int64, _ end: Int64, isBad: Bool, _ rules: JudgingRules) {
        // Vantages that overlap without sharing a window: the first to tell is heard.
        let start = max(start, self.end)
        guard start < end else { return }
        self.end = end
        expire(before: start, rules)
        let stretch = Stretch(start: start, end: end)
        if isBad != isRaised {
            sum += end - start
            pending.extend(stretch)
            if sum >= (isRaised ? rules.clear : rules.confirm) { confirm() }
            if pending.count > Confirmation.mostPending { refuse() }
        } else {
            if !pending.isEmpty { refuse() }
            if isRaised { broken.extend(stretch) }
        }
    }

    /// Settles candidates that have waited too long for judged time at or after `instant`.
    mutating func expire(before instant: Int64, _ rules: JudgingRules) {
        if let first = pending.first, instant - first.start >= rules.patience { refuse() }
    }

    /// Settles what waits as not confirmed: short good time in a breach is part of it.
    mutating func refuse() {
        if isRaised {
            for stretch in pending.live { broken.extend(stretch) }
        }
        pending.removeAll()
        sum = 0
    }

    /// Drops what lies before `instant`.
    mutating func forget(before instant: Int64) {
        if end <= instant { end = .min }
        while let first = broken.first, first.end <= instant { broken.removeFirst() }
        if let first = broken.first, first.start < instant { broken.first?.start = instant }
    }

    private mutating func confirm() {
        if !isRaised {
            for stretch in pending.live { broken.extend(stretch) }
        }
        isRaised.toggle()
        pending.removeAll()
        sum = 0
    }
}

extension Line<CriterionConfirmation.Stretch> {
    fileprivate mutating func extend(_ stretch: CriterionConfirmation.Stretch) {
        if var last, last.end == stretch.start {
            last.end = stretch.end
            self.last = last
        } else {
            append(stretch)
        }
    }
}
