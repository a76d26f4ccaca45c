// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What a device says of itself; all of it its own word.
public struct DeviceFindings: Hashable, Sendable {
    /// Characters of any text of a device that are kept.
    public static let textLimit = 256
    /// Profiles that are read.
    ///
    /// Chosen: cameras have two to ten.
    public static let profileLimit = 16

    /// What it is.
    public var maker: String?
    /// Its model.
    public var model: String?
    /// Its firmware; a change is an event.
    public var firmware: String?
    /// Its serial number; a change means another device.
    public var serialNumber: String?
    /// Its clock against the probe's.
    public var clock: DeviceClock?
    /// Where it takes the time from; empty if nowhere.
    public var timeServers: [String] = []
    /// The streams that it is set to send.
    public var profiles: [DeviceProfile] = []
    /// What it answered that was not used: addresses elsewhere, login pages, faults.
    public var oddities: [String] = []
    /// How often the login was refused.
    public var loginFailures = 0
    /// Why the rest is not known.
    public var failure: CheckFailure?

    /// Makes findings of nothing.
    public init() {}

    static func kept(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return String(text.prefix(textLimit))
    }

    mutating func note(_ oddity: String) {
        guard oddities.count < 16 else { return }
        oddities.append(String(oddity.prefix(DeviceFindings.textLimit)))
    }
}

/// One stream that a device is set to send: what is configured, to hold against what is measured.
public struct DeviceProfile: Hashable, Sendable {
    /// The device's own name for it.
    public var token: String
    /// What people call it.
    public var name: String?
    /// The picture that it shows, by the device's own name: profiles of one source are one camera
    /// in several sizes.
    public var source: String?
    /// `H264`, `H265`, `JPEG`, as the device says.
    public var encoding: String?
    /// Pixels in a line.
    public var width: Int?
    /// Lines.
    public var height: Int?
    /// Frames a second at most.
    public var frameRateLimit: Int?
    /// Bits a second at most.
    public var bitRateLimit: Int64?
    /// Frames from key frame to key frame.
    public var keyFrameInterval: Int?
    /// Where it is to be had, credentials left out; to be shown, not to be followed elsewhere.
    public var streamURL: String?
}

/// A device's wall clock against the probe's.
public struct DeviceClock: Hashable, Sendable {
    /// Device less probe, ns; positive if the device is ahead.
    public var offsetNanoseconds: Int64
    /// Half the width of the range that surely holds the offset, ns: half the round trip, and
    /// half the step of the device's clock.
    public var uncertaintyNanoseconds: Int64
    /// Whether the device says that it is kept right by NTP; nil if it does not say.
    public var isKept: Bool?
    /// Whether the offset is so many whole half hours that it is most likely a local time
    /// reported as UTC and no clock that is off.
    public var looksLikeLocalTime: Bool

    /// Compares what a device said with the moments before and after.
    ///
    /// - Parameter step: what the device rounds down to, ns.
    public init(
        device: Instant, step: Int64, asked: Instant, answered: Instant, isKept: Bool? = nil
    ) {
        let trip = max(0, answered.nanoseconds(since: asked))
        let middle = asked.advanced(byNanoseconds: trip / 2)
        offsetNanoseconds = device.advanced(byNanoseconds: step / 2).nanoseconds(since: middle)
        uncertaintyNanoseconds = trip / 2 + step / 2
        self.isKept = isKept
        let halfHour: Int64 = 1_800_000_000_000
        let magnitude = abs(max(offsetNanoseconds, .min + 1))
        let rest = magnitude % halfHour
        let distance = min(rest, halfHour - rest)
        // Zones reach from -12 to +14 hours; within a minute it is no accident.
        looksLikeLocalTime =
            magnitude > halfHour / 2 && magnitude <= 28 * halfHour + 60_000_000_000
            && distance <= 60_000_000_000
    }
}
