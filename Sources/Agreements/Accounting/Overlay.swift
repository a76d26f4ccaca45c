// SPDX-License-Identifier: Apache-2.0
import Measurements
import Registry
import Timekeeping

/// What planned works and exclusions hold for each camera.
struct ScopeIndex {
    private var all: [Int32] = []
    private var cameras: [CameraID: [Int32]] = [:]
    private var sites: [SiteID: [Int32]] = [:]
    private var channels: [ChannelID: [Int32]] = [:]
    private var parties: [PartyID: [Int32]] = [:]

    init(_ scopes: [Scope]) {
        for (place, scope) in scopes.enumerated() {
            let index = Int32(place)
            switch scope {
            case .all: all.append(index)
            case .camera(let id): cameras[id, default: []].append(index)
            case .site(let id): sites[id, default: []].append(index)
            case .channel(let id): channels[id, default: []].append(index)
            case .party(let id): parties[id, default: []].append(index)
            }
        }
    }

    /// The places in the list that hold for a camera, in the order of the list.
    func places(
        camera: CameraID, site: SiteID, channel: ChannelID, subscriber: PartyID?,
        networkOperator: PartyID?
    ) -> [Int32] {
        var places = all
        if let found = cameras[camera] { places += found }
        if let found = sites[site] { places += found }
        if let found = channels[channel] { places += found }
        if let subscriber, let found = parties[subscriber] { places += found }
        if let networkOperator, networkOperator != subscriber,
            let found = parties[networkOperator]
        {
            places += found
        }
        return places.count > 1 ? places.sorted() : places
    }
}

/// From conditions to states: excluded over unknown over down over degraded over up.
struct Overlay {
    /// Ranges in the order in which the first holds.
    var exclusions: [Marked]
    var works: [Marked]
    /// When something seen later tells that the camera was down.
    var inferred: [Marked]

    /// The states in `[start, end)`: every instant has one.
    func stays(_ conditions: [ConditionSpan], _ start: Int64, _ end: Int64) -> [Stay] {
        var stays: [Stay] = []
        stays.reserveCapacity(conditions.count + 2)
        var time = start
        for span in conditions {
            // Spans that overlap would count an instant twice: the first to speak is heard.
            let from = max(time, span.range.start.nanoseconds)
            let until = min(end, span.range.end.nanoseconds)
            guard from < until else { continue }
            stays.extend(Overlay.unwatched(time, from))
            stays.extend(Overlay.stay(span, from, until))
            time = until
        }
        if time < end { stays.extend(Overlay.unwatched(time, end)) }
        stays = stays.overlaid(inferred.flattened(), where: { $0.kind == .unknown }) { stay, _ in
            stay.kind = .failure
            stay.detail = FailureReason.silence.rawValue
            stay.evidence = .inferred
        }
        stays = stays.overlaid(works.flattened(), where: { $0.kind == .failure }) { stay, mark in
            stay.kind = .maintenance
            stay.index = mark.index
        }
        return stays.overlaid(exclusions.flattened(), where: { _ in true }) { stay, mark in
            stay = Stay(
                start: stay.start, end: stay.end, kind: .excluded, evidence: .observed, detail: 0,
                index: mark.index)
        }
    }

    private static func unwatched(_ start: Int64, _ end: Int64) -> Stay {
        Stay(
            start: start, end: end, kind: .unknown, evidence: .observed,
            detail: UnknownCause.notObserved.rawValue)
    }

    private static func stay(_ span: ConditionSpan, _ start: Int64, _ end: Int64) -> Stay {
        let (kind, detail): (Stay.Kind, UInt8)
        switch span.condition {
        case .up: (kind, detail) = (.up, 0)
        case .degraded(let criteria): (kind, detail) = (.degraded, criteria.rawValue)
        case .down(let reason): (kind, detail) = (.failure, reason.rawValue)
        case .unknown(let cause): (kind, detail) = (.unknown, cause.rawValue)
        }
        // What nobody knows, nobody knows from samples either.
        let evidence = kind == .unknown ? .observed : span.evidence
        return Stay(start: start, end: end, kind: kind, evidence: evidence, detail: detail)
    }
}
