// SPDX-License-Identifier: Apache-2.0

/// How states become outages of sites and channels, and verdicts.
public struct AccountRules: Hashable, Sendable {
    /// The share of measured cameras, parts per million, that must be down for their site or
    /// channel to be down (chosen: one camera of five may survive on its own power or path).
    public var thingShare: Int64 = 800_000
    /// The least number of cameras that must be down: one camera's trouble is its own.
    public var thingLeast: Int64 = 2
    /// The share of time, parts per million, that must have been watched for a verdict of `met`
    /// (chosen: 99 %).
    public var leastCoverage: Int64 = 990_000
    /// The downtime of a site or channel allowed in a calendar year, ns, where its cameras do not
    /// all have one limit: 50 h (A2.7.5).
    public var annualDowntime: Int64 = 50 * 3_600_000_000_000

    /// An edge of a channel's outage as near as this to an edge of a camera's downtime is the same
    /// edge, ns: frames of a channel's cameras stop some milliseconds apart, and nobody answers for
    /// the milliseconds between.
    public var sameEdge: Int64 = 10_000_000_000

    /// The rules that hold where nobody says otherwise.
    public static let standard = AccountRules()

    /// Makes the rules that hold where nobody says otherwise.
    public init() {}
}
