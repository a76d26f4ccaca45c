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

    /// The timestamp of an instant, cut to 2⁻³² s; what lies outside the era wraps.
    public init(_ instant: Instant) {
        var (seconds, rest) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 {
            seconds -= 1
            rest += 1_000_000_000
        }
        let fraction = (UInt64(rest) << 32) / 1_000_000_000
        bits = UInt64(UInt32(truncatingIfNeeded: seconds + NTPTime.epochOffset)) << 32 | fraction
    }

    /// Zero, which means "not known" (RFC 3550 section 6.4.1).
    public var isUnset: Bool { bits == 0 }

    /// The middle 32 bits, as LSR and RRTR carry them: unit 2⁻¹⁶ s.
    public var middle: UInt32 { UInt32(truncatingIfNeeded: bits >> 16) }

    /// The instant meant: in the era (of 2³² s, about 136 years) that brings it nearest to
    /// `reference`, rounded to the nanosecond; of two equally near, the later.
    ///
    /// Rounded, not cut, so that an instant written as an NTP time comes back as it was. A
    /// result outside the range of `Instant` sticks to its end.
    public func instant(near reference: Instant) -> Instant {
        let nanosecondsPerSecond: Int128 = 1_000_000_000
        let era = nanosecondsPerSecond << 32
        let seconds = Int128(bits >> 32) - Int128(NTPTime.epochOffset)
        // Swift shifts before it multiplies; the product must come first here.
        let scaled = (bits & 0xffff_ffff) * 1_000_000_000 + (1 << 31)
        let inFirstEra = seconds * nanosecondsPerSecond + Int128(scaled >> 32)
        let distance = Int128(reference.nanoseconds) - inFirstEra + era / 2
        let (quotient, remainder) = distance.quotientAndRemainder(dividingBy: era)
        let eras = remainder < 0 ? quotient - 1 : quotient
        return Instant(nanoseconds: Int64(clamping: inFirstEra + eras * era))
    }
}
