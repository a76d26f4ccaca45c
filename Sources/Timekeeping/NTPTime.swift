// SPDX-License-Identifier: Apache-2.0

/// A timestamp in NTP's 64-bit format: seconds since 1900 and fractions of 2⁻³² s
/// (RFC 5905 section 6), as RTCP sender reports carry it (RFC 3550 section 4).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |                    seconds since 1900-01-01                   |
/// +-------------------------------+-------------------------------+
/// |                     fraction, unit 2⁻³² s                     |
/// +-------------------------------+-------------------------------+
/// ```
/// The seconds wrap in 2036; which era is meant is settled by nearness to a reference.
public struct NTPTime: Hashable, Sendable {
    /// The 64 bits as one number: seconds above, fraction below.
    public var bits: UInt64

    /// Makes the timestamp from its 64 bits.
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// Seconds from 1900-01-01 to 1970-01-01: 70 years with 17 leap days.
    static let epochOffset: Int64 = 2_208_988_800

    /// The timestamp of an instant; what lies outside the era wraps.
    public init(_ instant: Instant) {
        let second = instant.floored(toNanoseconds: 1_000_000_000)
        let seconds = second.nanoseconds / 1_000_000_000 + NTPTime.epochOffset
        let fraction = UInt64(instant.nanoseconds(since: second)) << 32 / 1_000_000_000
        bits = UInt64(UInt32(truncatingIfNeeded: seconds)) << 32 | fraction
    }

    /// Zero, which means "not known" (RFC 3550 section 6.4.1).
    public var isUnset: Bool { bits == 0 }

    /// The middle 32 bits, as LSR and RRTR carry them: unit 2⁻¹⁶ s.
    public var middle: UInt32 { UInt32(truncatingIfNeeded: bits >> 16) }

    /// The instant meant, in the era (of 2³² s) that comes nearest to `reference`.
    public func instant(near reference: Instant) -> Instant {
        let seconds = Int64(bits >> 32) - NTPTime.epochOffset
        let nanoseconds = Int64(((bits & 0xffff_ffff) * 1_000_000_000) >> 32)
        let era: Int64 = 1 << 32
        let distance = reference.nanoseconds / 1_000_000_000 - seconds
        let eras = (distance + (distance >= 0 ? era / 2 : -era / 2)) / era
        let (whole, overflow) = (seconds + eras * era).multipliedReportingOverflow(
            by: 1_000_000_000)
        guard !overflow else { return Instant(nanoseconds: seconds + eras * era > 0 ? .max : .min) }
        return Instant(nanoseconds: whole).advanced(byNanoseconds: nanoseconds)
    }
}
