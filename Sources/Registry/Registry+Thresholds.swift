// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The agreements that may concern a camera, the most binding first.
struct AgreementIndex: Sendable {
    private var all: [Agreement] = []
    private var byKind: [CameraKind: [Agreement]] = [:]
    private var bySite: [SiteID: [Agreement]] = [:]
    private var byCamera: [CameraID: [Agreement]] = [:]
    private(set) var isEmpty = true

    init() {}

    init(_ agreements: [Agreement]) {
        isEmpty = agreements.isEmpty
        // The latest first; two that begin together and touch the same camera and limit were
        // refused, so that the id decides nothing that shows.
        let sorted = agreements.sorted { first, second in
            first.validFrom != second.validFrom
                ? first.validFrom > second.validFrom : first.id < second.id
        }
        for agreement in sorted {
            switch agreement.scope {
            case .all: all.append(agreement)
            case .kinds(let kinds):
                for kind in Set(kinds) { byKind[kind, default: []].append(agreement) }
            case .sites(let sites):
                for site in Set(sites) { bySite[site, default: []].append(agreement) }
            case .cameras(let cameras):
                for camera in Set(cameras) { byCamera[camera, default: []].append(agreement) }
            }
        }
    }

    func agreements(for camera: Camera) -> [Agreement] {
        if isEmpty { return [] }
        return byCamera[camera.id, default: []] + bySite[camera.site, default: []]
            + byKind[camera.kind, default: []] + all
    }
}

extension Registry {
    /// The limits that hold for a camera at `instant`, or annex 2's if there is no such camera.
    ///
    /// Each limit for itself comes from the agreement in force that aims closest and sets it:
    /// one about the camera before one about its site, its kind, or all; of equally close ones the
    /// one that began last. What none sets is as in annex 2.
    public func thresholds(for id: CameraID, at instant: Instant) -> Thresholds {
        guard let camera = camera(id) else { return .annex2 }
        return Registry.thresholds(of: index.rules.agreements(for: camera), at: instant)
    }

    private static func thresholds(of agreements: [Agreement], at instant: Instant) -> Thresholds {
        var overrides = ThresholdOverrides()
        for agreement in agreements where agreement.isInForce(at: instant) {
            overrides = overrides.filled(from: agreement.overrides)
        }
        return overrides.applied(to: .annex2)
    }

    /// The limits that hold for a camera over `range`: neighbouring stretches in the order of time
    /// that fill it, each with limits that differ from its neighbours'.
    ///
    /// A time is judged by the rules of that time, not by today's. For an empty range there are
    /// none.
    public func thresholdChanges(
        for id: CameraID, in range: TimeRange
    ) -> [(TimeRange, Thresholds)] {
        guard range.start < range.end else { return [] }
        let agreements = camera(id).map { index.rules.agreements(for: $0) } ?? []
        var edges: Set<Instant> = [range.start]
        for agreement in agreements {
            for edge in [agreement.validFrom, agreement.validUntil ?? agreement.validFrom]
            where range.contains(edge) {
                edges.insert(edge)
            }
        }
        var changes: [(start: Instant, thresholds: Thresholds)] = []
        for edge in edges.sorted() {
            let thresholds = Registry.thresholds(of: agreements, at: edge)
            if changes.last?.thresholds != thresholds { changes.append((edge, thresholds)) }
        }
        let ends = changes.dropFirst().map(\.start) + [range.end]
        return zip(changes, ends).compactMap { change, end in
            TimeRange(start: change.start, end: end).map { ($0, change.thresholds) }
        }
    }

    /// The agreements in force for a camera at `instant`, the most binding first.
    public func agreements(for id: CameraID, at instant: Instant) -> [Agreement] {
        guard let camera = camera(id) else { return [] }
        return index.rules.agreements(for: camera).filter { $0.isInForce(at: instant) }
    }
}
