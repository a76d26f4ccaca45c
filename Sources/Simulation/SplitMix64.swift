// SPDX-License-Identifier: Apache-2.0

/// The seeded generator of everything random in a simulation.
///
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): 64 bits of state, equally distributed, the same
/// on every machine and with every compiler. Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Begins the sequence that belongs to `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// Begins the sequence of one of many independent parties under one seed.
    public init(seed: UInt64, party: UInt64) {
        var outer = SplitMix64(seed: seed)
        var inner = SplitMix64(seed: outer.next() ^ (party &* 0xd134_2543_de82_ef95))
        state = inner.next()
    }

    /// The next 64 bits.
    @inlinable
    public mutating func next() -> UInt64 {
        advance()
    }

    @usableFromInline
    mutating func advance() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `bound`; 0 if `bound` is not positive.
    ///
    /// Unlike the standard library's, the way from bits to number is fixed here, so that golden
    /// results outlive a change of toolchain.
    public mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(truncatingIfNeeded: advance().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Whether something of probability `ratio` (0…1) happens this time.
    public mutating func happens(_ ratio: Double) -> Bool {
        guard ratio > 0 else { return false }
        return Double(advance() >> 11) * 0x1p-53 < ratio
    }
}
