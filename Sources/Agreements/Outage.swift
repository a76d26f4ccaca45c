// SPDX-License-Identifier: Apache-2.0
public import Registry
public import Timekeeping

/// A time in which a camera, a site or a channel was down: one trouble, however it is cut.
///
/// Time that is unknown or excluded inside neither ends it nor counts: `downNanoseconds` is the
/// downtime alone. An outage that reaches over the period's edge is counted once in each period
/// that it touches, and says so.
public struct Outage: Hashable, Sendable {
    /// What was down.
    public enum Subject: Hashable, Sendable {
        /// A camera.
        case camera(CameraID)
        /// A site: at least 80 % of its measured cameras, and at least two.
        case site(SiteID)
        /// A channel: at least 80 % of its measured cameras, and at least two.
        case channel(ChannelID)
    }

    /// What was down.
    public var subject: Subject
    /// From the first instant down to the last, cut to the period.
    public var range: TimeRange
    /// When it began, be that before the period; as far back as conditions were given.
    public var begun: Instant
    /// When it ended, be that after the period; nil while it is open.
    public var ended: Instant?
    /// Downtime in `range`, ns.
    public var downNanoseconds: Int64
    /// The part of it under planned works, ns.
    public var maintenanceNanoseconds: Int64
    /// Whether it goes on: nothing later says that it ended.
    public var isOpen: Bool
    /// Whether it began before the period.
    public var begunBefore: Bool
    /// Whether unknown time follows, so that it may have lasted longer.
    public var endsInUnknown: Bool
    /// What most of the downtime came from; of equals, what came first.
    public var cause: Downtime.Cause
    /// Who answers for most of it; of equals, who did first.
    public var responsible: PartyID?
    /// Cameras that were down at any time of it; of a camera, 1.
    public var camerasTouched: Int

    /// Why it was down, if not by a planned work.
    public var reason: FailureReason? {
        if case .failure(let reason) = cause { return reason }
        return nil
    }
}
