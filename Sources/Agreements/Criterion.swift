// SPDX-License-Identifier: Apache-2.0

/// What is agreed about a camera; the raw values are stored.
public enum Criterion: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Picture not smaller than agreed.
    case resolution = 0
    /// Bit rate by IP length not below what is agreed.
    case bitrate = 1
    /// Frames a second not below what is agreed.
    case frameRate = 2
    /// Packet loss not above what is agreed.
    case loss = 3
    /// The camera's clock in step with the probe's.
    case clockOffset = 4
    /// Downtime within the year's budget.
    case downtime = 5

    /// The clause of annex 2 to the order of 27 October 2020 (`docs/measurements.md`).
    public var clause: String {
        switch self {
        case .resolution: "A2.1.1"
        case .bitrate: "A2.1.2"
        case .frameRate: "A2.1.3"
        case .loss: "A2.1.4"
        case .clockOffset: "A2.6.2"
        case .downtime: "A2.7.5"
        }
    }

    /// Whether `left` stands before `right` in annex 2.
    public static func < (left: Criterion, right: Criterion) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Those that make a camera degraded.
    ///
    /// Loss above the limit makes it down; downtime is the account itself.
    public static let degrading: [Criterion] = [.resolution, .bitrate, .frameRate, .clockOffset]
}

/// A set of criteria, such as those that a degraded camera breaks.
public struct CriterionSet: OptionSet, Hashable, Sendable {
    /// One bit a criterion: bit n for the one with raw value n.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Makes the set of one criterion.
    public init(_ criterion: Criterion) {
        rawValue = 1 << criterion.rawValue
    }

    /// Picture too small.
    public static let resolution = CriterionSet(.resolution)
    /// Bit rate too low.
    public static let bitrate = CriterionSet(.bitrate)
    /// Too few frames a second.
    public static let frameRate = CriterionSet(.frameRate)
    /// Too much loss.
    public static let loss = CriterionSet(.loss)
    /// Clock out of step.
    public static let clockOffset = CriterionSet(.clockOffset)
    /// Too much downtime.
    public static let downtime = CriterionSet(.downtime)

    /// The criteria in the set, in the order of annex 2.
    public var criteria: [Criterion] {
        Criterion.allCases.filter { contains(CriterionSet($0)) }
    }
}
