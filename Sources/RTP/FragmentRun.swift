// SPDX-License-Identifier: Apache-2.0

/// Follows the fragments of H.264 and H.265 over the packets of one stream and tells which units
/// cannot be whole: begun and never ended, or ended and never begun.
///
/// Keeps no octets, so that nothing grows however long a unit goes on.
public struct FragmentRun: Hashable, Sendable {
    private enum State: Hashable {
        /// Nothing heard yet: the first fragments may belong to a unit that began earlier.
        case unknown
        case closed
        case open
    }

    private var state = State.unknown
    /// Units that cannot be whole.
    public private(set) var damagedUnits: UInt64 = 0

    /// Makes one that has heard nothing.
    public init() {}

    /// Takes in the next packet in order; true if it shows that a unit is damaged.
    ///
    /// - Parameter isNewFrame: whether its RTP timestamp differs from the previous packet's.
    @discardableResult
    public mutating func hear(_ fragment: PayloadReading.Fragment, isNewFrame: Bool) -> Bool {
        var isDamaged = false
        if state == .open, isNewFrame || fragment == .first || fragment == .whole {
            isDamaged = true
            state = .closed
        }
        switch fragment {
        case .whole: state = .closed
        case .first: state = .open
        case .middle, .last:
            if state == .closed {
                isDamaged = true
                // One damage, however many fragments follow.
                state = fragment == .last ? .closed : .unknown
            } else if fragment == .last {
                state = .closed
            }
        }
        if isDamaged { damagedUnits += 1 }
        return isDamaged
    }
}
