// SPDX-License-Identifier: Apache-2.0
import Registry
import Timekeeping

/// Outages from states: unknown and excluded time neither opens nor ends one.
struct OutageFinder {
    /// Who may answer, as the stays number them.
    let parties: [PartyID?]
    let works: [PlannedWork]
    let start: Int64
    let end: Int64

    /// An outage in the making.
    private struct Open {
        var begun: Int64
        var last: Int64
        var first: Int64?
        var down: Int64 = 0
        var maintenance: Int64 = 0
        var isFollowedByUnknown = false
        var causes: [(kind: Stay.Kind, detail: UInt8, index: Int32, time: Int64)] = []
        var parties: [(party: UInt8, time: Int64)] = []
    }

    /// The outages that have downtime between `start` and `end`, earliest first.
    func outages(_ stays: [Stay], _ subject: Outage.Subject) -> [Outage] {
        var outages: [Outage] = []
        var open: Open?
        for stay in stays {
            guard stay.start < end else { break }
            switch stay.kind {
            case .up, .degraded:
                if let closed = open.flatMap({ outage($0, subject, isOpen: false) }) {
                    outages.append(closed)
                }
                open = nil
            case .unknown: open?.isFollowedByUnknown = true
            case .excluded: break
            case .failure, .maintenance:
                var going = open ?? Open(begun: stay.start, last: stay.start)
                add(stay, &going)
                open = going
            }
        }
        if let last = open.flatMap({ outage($0, subject, isOpen: true) }) { outages.append(last) }
        return outages
    }

    private func add(_ stay: Stay, _ open: inout Open) {
        open.last = stay.end
        open.isFollowedByUnknown = false
        let (from, until) = (max(stay.start, start), min(stay.end, end))
        guard from < until else { return }
        open.first = open.first ?? from
        let time = until - from
        open.down += time
        if stay.kind == .maintenance { open.maintenance += time }
        let isWork = stay.kind == .maintenance
        let detail = isWork ? 0 : stay.detail
        let index = isWork ? stay.index : 0
        let cause = open.causes.firstIndex {
            $0.kind == stay.kind && $0.detail == detail && $0.index == index
        }
        if let cause {
            open.causes[cause].time += time
        } else {
            open.causes.append((stay.kind, detail, index, time))
        }
        if let place = open.parties.firstIndex(where: { $0.party == stay.party }) {
            open.parties[place].time += time
        } else {
            open.parties.append((stay.party, time))
        }
    }

    private func outage(_ open: Open, _ subject: Outage.Subject, isOpen: Bool) -> Outage? {
        guard let first = open.first,
            let range = TimeRange(
                start: Instant(nanoseconds: first), end: Instant(nanoseconds: min(open.last, end)))
        else { return nil }
        // Of equals the first: `max` would take the last.
        var (cause, share) = (open.causes[0], open.parties[0])
        for other in open.causes where other.time > cause.time { cause = other }
        for other in open.parties where other.time > share.time { share = other }
        let isWork = cause.kind == .maintenance && Int(cause.index) < works.count
        return Outage(
            subject: subject, range: range, begun: Instant(nanoseconds: open.begun),
            ended: isOpen ? nil : Instant(nanoseconds: open.last), downNanoseconds: open.down,
            maintenanceNanoseconds: open.maintenance, isOpen: isOpen,
            begunBefore: open.begun < start, endsInUnknown: open.isFollowedByUnknown,
            cause: isWork
                ? .maintenance(works[Int(cause.index)].id)
                : .failure(FailureReason(rawValue: cause.detail) ?? .silence),
            responsible: parties[Int(share.party)], camerasTouched: 1)
    }
}
