// SPDX-License-Identifier: Apache-2.0

/// Tells, for one sender, which sequence numbers arrived, which twice, which late, which never.
///
/// Sixteen-bit numbers are unwrapped to the extended number nearest the highest seen (RFC 3550
/// appendix A.1), so that a late packet from before a wrap is one late packet and not 65,536
/// lost ones. A step of at most `longestStep` either way is taken as it is. A longer one is held
/// until the next packet: one that does not continue it makes it an outlier; one that does makes
/// it a long loss if the media clock went on with the clock of arrival, else a restart of the
/// sender. `docs/decisions/0004-what-counts-as-loss.md` argues these rules.
///
/// The part touched by every packet is here, 44 bytes; the rest lives in `SequenceHistory`. A packet in
/// order costs a comparison and a bit test and writes one number.
public struct SequenceTracker: Sendable {
    /// The greatest step that needs no second opinion: MAX_DROPOUT of RFC 3550 appendix A.1.
    public static let longestStep = 3000

    /// The extended number of the highest sequence number of this segment.
    @usableFromInline var highest: Int64
    /// One bit a position, at place `position & 255`; set if that number arrived, and before the
    /// segment's first.
    @usableFromInline var seen: InlineArray<4, UInt64>
    /// Whether the path for packets in order must not be taken: a run of losses is being
    /// counted, a step is held, or the deep window is in use.
    @usableFromInline var needsCare: Bool
    private var window: Int16
    /// The deep window in use, or -1.
    var deepWindow: Int32 {
        get { Int32(window) }
        set { window = Int16(truncatingIfNeeded: newValue) }
    }

    /// Begins with the first packet's number.
    public init(first sequenceNumber: UInt16) {
        highest = SequenceTracker.extended(sequenceNumber)
        seen = InlineArray(repeating: ~0)
        needsCare = false
        window = -1
    }

    /// The first extended number of a segment: one cycle up, so that earlier ones stay positive.
    static func extended(_ sequenceNumber: UInt16) -> Int64 { 1 << 20 | Int64(sequenceNumber) }

    /// Positions that the shallow window covers.
    static let shallowWidth: Int64 = 256

    /// Takes the number if it is the next in order and nothing needs care; answers whether it was.
    @inlinable @inline(__always)
    public mutating func receiveNext(_ sequenceNumber: UInt16) -> Bool {
        let next = highest &+ 1
        let word = Int(truncatingIfNeeded: next >> 6) & 3
        // The place that `next` takes over tells of the number 256 before; were that one lost, it
        // would have to be counted now.
        let isPlain =
            UInt16(truncatingIfNeeded: next) == sequenceNumber && !needsCare
            && seen[word] & (1 << UInt64(truncatingIfNeeded: next & 63)) != 0
        if isPlain { highest = next }
        return isPlain
    }

    /// How many packets `receiveNext` would surely take, were they the next in order.
    @inlinable @inline(__always)
    public var packetsWithoutCare: UInt32 {
        if needsCare { return 0 }
        // As a rule nothing is missing, and what follows leaves it so.
        if seen[0] & seen[1] & seen[2] & seen[3] == ~0 { return .max }
        return packetsUntilGap
    }

    /// Places from the one after the highest up to the first that tells of a lost packet.
    @usableFromInline var packetsUntilGap: UInt32 {
        var count: UInt32 = 0
        while count < 256 {
            let next = highest &+ 1 &+ Int64(count)
            let bit = UInt64(truncatingIfNeeded: next & 63)
            let missing = ~seen[Int(truncatingIfNeeded: next >> 6) & 3] >> bit
            if missing != 0 { return count + UInt32(missing.trailingZeroBitCount) }
            count += 64 - UInt32(bit)
        }
        return .max
    }

    /// The number that is next in order.
    @inlinable @inline(__always)
    public var nextNumber: UInt16 { UInt16(truncatingIfNeeded: highest &+ 1) }

    /// Takes as many packets in order.
    ///
    /// For those who know that nothing needed care: `packetsWithoutCare` was no less.
    @inlinable @inline(__always)
    public mutating func receiveOrdinary(_ count: UInt64) {
        highest &+= Int64(truncatingIfNeeded: count)
    }
}

/// What one packet, or the settling of a held one, changed.
public struct SequenceEffect: Hashable, Sendable {
    /// First arrivals of a sequence number.
    public var unique = 0
    /// Arrivals of a number that had arrived.
    public var duplicate = 0
    /// First arrivals behind a later number.
    public var late = 0
    /// Packets that fit nothing before or after.
    public var outliers = 0
    /// Packets behind the window, counted as late.
    public var beyondWindow = 0
    /// New segments begun.
    public var restarts = 0

    /// Makes an effect without any change.
    public init() {}
}

/// One packet, as far as the order of packets goes.
public struct SequencedPacket: Sendable {
    /// The number on the wire.
    public var sequenceNumber: UInt16
    /// Time of arrival since the packet before, ns.
    public var arrivalStep: Int64
    /// The same by the media clock, ns; nil where its rate is unknown.
    public var mediaStep: Double?
    /// Mean packets a nanosecond of the stream so far.
    public var meanRate: Double

    /// Makes the description of one packet.
    public init(
        sequenceNumber: UInt16, arrivalStep: Int64, mediaStep: Double?, meanRate: Double
    ) {
        self.sequenceNumber = sequenceNumber
        self.arrivalStep = arrivalStep
        self.mediaStep = mediaStep
        self.meanRate = meanRate
    }

    /// Whether the media clock went on with the clock of arrival, to a second.
    var clocksAgree: Bool {
        guard let mediaStep else { return false }
        return abs(mediaStep - Double(arrivalStep)) < 1e9
    }
}

extension SequenceTracker {
    /// Takes any packet that `receiveNext` refused.
    public mutating func receive(
        _ packet: SequencedPacket, _ history: inout SequenceHistory,
        _ windows: inout SequenceWindows
    ) -> SequenceEffect {
        var effect = SequenceEffect()
        if let held = history.held {
            history.held = nil
            if packet.sequenceNumber == held.sequenceNumber &+ 1 {
                settle(held, &history, &windows, &effect)
            } else if packet.sequenceNumber == held.sequenceNumber {
                // The same packet twice tells nothing new: a mirror port may show each twice.
                history.held = held
                effect.duplicate += 1
                return effect
            } else {
                effect.outliers += 1
            }
        }
        let step = Int64(
            Int16(truncatingIfNeeded: Int64(packet.sequenceNumber) &- (highest & 0xffff)))
        if step > SequenceTracker.longestStep || step < -SequenceTracker.longestStep {
            history.held = HeldPacket(
                sequenceNumber: packet.sequenceNumber, clocksAgree: packet.clocksAgree,
                packetsByRate: Float(packet.meanRate * Double(packet.arrivalStep)))
        } else {
            place(highest + step, &history, &windows, &effect)
        }
        needsCare = history.held != nil || history.openRun > 0 || deepWindow >= 0
        return effect
    }

    /// Counts what is still open; the tracker may go on afterwards.
    public mutating func finish(
        _ history: inout SequenceHistory, _ windows: inout SequenceWindows
    ) -> SequenceEffect {
        var effect = SequenceEffect()
        if history.held != nil {
            history.held = nil
            effect.outliers += 1
        }
        settle(through: highest, &history, &windows)
        history.closeRun()
        release(&windows)
        needsCare = false
        return effect
    }

    /// Places a held packet that its successor confirmed: after a long loss, or in a new segment.
    private mutating func settle(
        _ held: HeldPacket, _ history: inout SequenceHistory, _ windows: inout SequenceWindows,
        _ effect: inout SequenceEffect
    ) {
        if held.clocksAgree {
            let step = Int64(held.sequenceNumber &- UInt16(truncatingIfNeeded: highest))
            // Over a long silence the number may have wrapped; the mean rate says how often. A
            // day at 65,536 packets a second is the most believed.
            let wraps = ((held.packetsByRate - Float(step)) / 65_536).rounded()
            place(
                highest + step + Int64(max(0, min(wraps, 86_400))) << 16, &history, &windows,
                &effect)
        } else {
            settle(through: highest, &history, &windows)
            history.closeRun()
            release(&windows)
            history.expectedBefore = history.expected(self)
            self = SequenceTracker(first: held.sequenceNumber)
            history.base = highest
            history.settled = highest - 1
            effect.restarts += 1
            effect.unique += 1
        }
    }

    /// Marks the packet at an extended position.
    private mutating func place(
        _ position: Int64, _ history: inout SequenceHistory, _ windows: inout SequenceWindows,
        _ effect: inout SequenceEffect
    ) {
        if position > highest {
            advance(to: position, &history, &windows)
            effect.unique += 1
            return
        }
        if position < history.base {
            prepend(position, &history, &windows)
            effect.unique += 1
            effect.late += 1
        } else if position <= forgotten(history) {
            effect.beyondWindow += 1
            effect.unique += 1
            effect.late += 1
        } else if isMarked(position, windows: windows) {
            effect.duplicate += 1
        } else {
            mark(position, true, windows: &windows)
            effect.unique += 1
            effect.late += 1
            if deepWindow >= 0 { history.deepUntil = highest + SequenceWindows.width }
        }
    }

    /// The highest position whose fate is sealed: it left the window, or was counted.
    private func forgotten(_ history: SequenceHistory) -> Int64 {
        let width = deepWindow >= 0 ? SequenceWindows.width : SequenceTracker.shallowWidth
        let behind = highest - width
        return history.settled >= history.base ? max(history.settled, behind) : behind
    }

    /// Begins the segment at a packet that its first one overtook; what lies between was not
    /// awaited until now, and what of it lies behind the window is lost.
    private mutating func prepend(
        _ position: Int64, _ history: inout SequenceHistory, _ windows: inout SequenceWindows
    ) {
        let forgotten = forgotten(history)
        let base = history.base
        history.base = position
        guard forgotten < base else {
            history.countRun(UInt32(clamping: base - 1 - position))
            return
        }
        if position < forgotten { history.openRun = UInt32(clamping: forgotten - position) }
        history.settled = max(position - 1, forgotten)
        for skipped in (max(position, forgotten) + 1)..<base {
            mark(skipped, false, windows: &windows)
        }
        if position > forgotten { mark(position, true, windows: &windows) }
    }

    /// Moves the window so that `position` is the highest.
    private mutating func advance(
        to position: Int64, _ history: inout SequenceHistory, _ windows: inout SequenceWindows
    ) {
        let step = position - highest
        if step > SequenceTracker.shallowWidth / 2 {
            deepen(&history, &windows)
            history.deepUntil = position + SequenceWindows.width
        }
        let width = deepWindow >= 0 ? SequenceWindows.width : SequenceTracker.shallowWidth
        settle(through: min(highest, position - width), &history, &windows)
        if step > width {
            history.settleLost(count: position - width - highest)
        }
        for skipped in max(highest + 1, position - width + 1)..<position {
            mark(skipped, false, windows: &windows)
        }
        highest = position
        mark(position, true, windows: &windows)
        if deepWindow >= 0, position > history.deepUntil {
            settle(through: highest - SequenceTracker.shallowWidth, &history, &windows)
            let deep = deepWindow
            for recent in (highest - SequenceTracker.shallowWidth + 1)...highest {
                let arrived = windows.isMarked(recent, window: deep)
                deepWindow = -1
                mark(recent, arrived, windows: &windows)
                deepWindow = deep
            }
            release(&windows)
        }
    }

    /// Counts the fate of all positions up to `position` that are not yet counted.
    private func settle(
        through position: Int64, _ history: inout SequenceHistory, _ windows: inout SequenceWindows
    ) {
        // What `receiveNext` passed is not in `settled`; all of it had arrived, and the window
        // no longer tells of it.
        let width = deepWindow >= 0 ? SequenceWindows.width : SequenceTracker.shallowWidth
        let first = max(history.settled + 1, highest - width + 1)
        guard position >= first else { return }
        // Mostly nothing is missing: then all of it is settled at once.
        if deepWindow < 0, seen[0] & seen[1] & seen[2] & seen[3] == ~0 {
            history.settled = position
            return history.closeRun()
        }
        for next in first...position {
            history.settle(next, arrived: isMarked(next, windows: windows))
        }
    }

    private func isMarked(_ position: Int64, windows: borrowing SequenceWindows) -> Bool {
        if deepWindow >= 0 { return windows.isMarked(position, window: deepWindow) }
        return seen[Int(position >> 6) & 3] & (1 << UInt64(position & 63)) != 0
    }

    private mutating func mark(
        _ position: Int64, _ arrived: Bool, windows: inout SequenceWindows
    ) {
        if deepWindow >= 0 {
            windows.mark(position, arrived, window: deepWindow)
        } else if arrived {
            seen[Int(position >> 6) & 3] |= 1 << UInt64(position & 63)
        } else {
            seen[Int(position >> 6) & 3] &= ~(1 << UInt64(position & 63))
        }
    }

    /// Takes a deep window if one can be had, and copies what is known.
    private mutating func deepen(
        _ history: inout SequenceHistory, _ windows: inout SequenceWindows
    ) {
        guard deepWindow < 0, let window = windows.take() else { return }
        // The deep window knows no more of what the shallow one forgot.
        history.settled = max(history.settled, highest - SequenceTracker.shallowWidth)
        for recent in (highest - SequenceTracker.shallowWidth + 1)...highest {
            windows.mark(recent, isMarked(recent, windows: windows), window: window)
        }
        deepWindow = window
    }

    private mutating func release(_ windows: inout SequenceWindows) {
        guard deepWindow >= 0 else { return }
        windows.giveBack(deepWindow)
        deepWindow = -1
        needsCare = false
    }
}

/// A pool of windows of 4,096 positions, lent to the few trackers that need to look further
/// back: after a long gap, what arrives inside it must still be told from a duplicate.
public struct SequenceWindows: Sendable {
    /// Positions a window covers: more than the longest step either way.
    static let width: Int64 = 4096
    private static let words = Int(width) / 64

    private var bits: [UInt64] = []
    private var free: [Int32] = []
    private let limit: Int
    /// Times no window could be had; what came from behind the shallow one then counts as late.
    public private(set) var refusals: UInt64 = 0

    /// Makes a pool that lends at most `limit` windows of 512 bytes.
    public init(limit: Int = 16_384) {
        precondition(Int64(SequenceTracker.longestStep) < SequenceWindows.width)
        // What a tracker has room to name.
        precondition(limit <= Int(Int16.max) + 1)
        self.limit = limit
    }

    mutating func take() -> Int32? {
        if let window = free.popLast() {
            for word in 0..<SequenceWindows.words {
                bits[Int(window) * SequenceWindows.words + word] = ~0
            }
            return window
        }
        let count = bits.count / SequenceWindows.words
        guard count < limit else {
            refusals += 1
            return nil
        }
        bits.append(contentsOf: repeatElement(~0, count: SequenceWindows.words))
        return Int32(count)
    }

    mutating func giveBack(_ window: Int32) { free.append(window) }

    func isMarked(_ position: Int64, window: Int32) -> Bool {
        let word = Int(window) * SequenceWindows.words + Int(position >> 6) & 63
        return bits[word] & (1 << UInt64(position & 63)) != 0
    }

    mutating func mark(_ position: Int64, _ arrived: Bool, window: Int32) {
        let word = Int(window) * SequenceWindows.words + Int(position >> 6) & 63
        if arrived {
            bits[word] |= 1 << UInt64(position & 63)
        } else {
            bits[word] &= ~(1 << UInt64(position & 63))
        }
    }
}
