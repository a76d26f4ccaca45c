// SPDX-License-Identifier: Apache-2.0

/// The kinds of cameras that annex 2 tells apart (A2.2.1 to A2.2.9).
public enum CameraKind: UInt8, CaseIterable, Hashable, Sendable {
    /// Fixed, outdoors, overview.
    case outdoorOverview = 1
    /// Fixed, outdoors, at an entrance.
    case outdoorEntrance
    /// Fixed, outdoors, at a vehicle entrance, a checkpoint, or where vehicles are inspected.
    case outdoorVehicleEntrance
    /// Fixed, outdoors, watching traffic.
    case outdoorTraffic
    /// Fixed, indoors, at an entrance, a checkpoint, or where visitors are inspected.
    case indoorEntrance
    /// Fixed, indoors, overview or corridor.
    case indoorOverview
    /// Pan and tilt at speed, outdoors, overview.
    case outdoorDomeOverview
    /// Pan and tilt at speed, indoors, overview.
    case indoorDomeOverview
    /// Pan and tilt at speed, outdoors, along a road.
    case outdoorDomeRoad

    /// The word in the registry's files.
    public var key: String {
        switch self {
        case .outdoorOverview: "outdoor-overview"
        case .outdoorEntrance: "outdoor-entrance"
        case .outdoorVehicleEntrance: "outdoor-vehicle-entrance"
        case .outdoorTraffic: "outdoor-traffic"
        case .indoorEntrance: "indoor-entrance"
        case .indoorOverview: "indoor-overview"
        case .outdoorDomeOverview: "outdoor-dome-overview"
        case .indoorDomeOverview: "indoor-dome-overview"
        case .outdoorDomeRoad: "outdoor-dome-road"
        }
    }

    /// The clause that says what such a camera must be able to do, such as `A2.2.1`.
    public var clause: String { "A2.2.\(rawValue)" }

    /// Reads the word in the registry's files, or gives nil.
    public init?(key: String) {
        guard let kind = CameraKind.kindsByKey[key] else { return nil }
        self = kind
    }

    private static let kindsByKey = Dictionary(
        uniqueKeysWithValues: CameraKind.allCases.map { ($0.key, $0) })
}
