// SPDX-License-Identifier: Apache-2.0

/// The clock that stamps a medium's samples: 90 kHz for video, as a rule.
public enum MediaClock {
    /// How fast a media clock ticks: 1 Hz to 1 GHz.
    public struct Rate: Hashable, Sendable {
        /// Ticks a second.
        public let hertz: UInt32

        /// Makes a rate, or nil outside 1…10⁹ Hz.
        public init?(hertz: Int) {
            guard (1...1_000_000_000).contains(hertz) else { return nil }
            self.hertz = UInt32(hertz)
        }

        /// The rate of every video payload format of RTP (RFC 3551 section 5), and of MPEG-TS in
        /// RTP (RFC 2250 section 2).
        public static let video = Rate(unchecked: 90_000)

        init(unchecked hertz: UInt32) { self.hertz = hertz }

        /// How long one tick takes, in nanoseconds.
        public var nanosecondsPerTick: Double { 1e9 / Double(hertz) }

        /// How long `ticks` last, in whole nanoseconds, rounded towards zero and held inside the
        /// range of `Int64`.
        public func nanoseconds(ticks: Int64) -> Int64 {
            let (whole, rest) = ticks.quotientAndRemainder(dividingBy: Int64(hertz))
            let (seconds, tooLong) = whole.multipliedReportingOverflow(by: 1_000_000_000)
            let (sum, overflow) = seconds.addingReportingOverflow(
                rest * 1_000_000_000 / Int64(hertz))
            return tooLong || overflow ? (ticks > 0 ? .max : .min) : sum
        }
    }

    /// Steps from `earlier` to `later` on a 32-bit clock that wraps, the shorter way round.
    @inlinable
    public static func ticks(from earlier: UInt32, to later: UInt32) -> Int32 {
        Int32(truncatingIfNeeded: later &- earlier)
    }
}
