// SPDX-License-Identifier: Apache-2.0

/// How far a sequence tracker has come: the part that only losses, steps and reports touch.
public struct SequenceBounds: Hashable, Sendable {
    /// The lowest extended number of this segment.
    var base: Int64
    /// The highest position whose fate has been counted into runs.
    var settled: Int64

    /// Begins with the tracker of the first packet.
    public init(_ tracker: SequenceTracker) {
        base = tracker.highest
        settled = tracker.highest - 1
    }
}

/// What a sequence tracker knows of losses, long steps and restarts.
///
/// Of a sender without any, all of it is zero, to the bit: whoever keeps many need not keep those.
public struct SequenceTroubles: Hashable, Sendable {
    /// Numbers expected in the segments before this one.
    var expectedBefore: UInt64 = 0
    /// Where the deep window may be given back.
    var deepUntil: Int64 = 0
    /// Length of the run of losses that ends at `settled`.
    var openRun: UInt32 = 0
    /// Runs of losses closed.
    public fileprivate(set) var lossRuns: UInt32 = 0
    /// The longest of them.
    public fileprivate(set) var longestLossRun: UInt32 = 0
    /// The longest since the owner last set this to zero.
    public var recentLongestLossRun: UInt32 = 0
    private var heldNumber: UInt16 = 0
    /// Whether a packet waits for its successor's judgement.
    public private(set) var isHolding = false
    private var heldClocksAgree = false
    private var heldPacketsByRate: Float = 0

    /// Begins without any.
    public init() {}

    /// A packet after a long step, not yet judged.
    var held: HeldPacket? {
        get {
            isHolding
                ? HeldPacket(
                    sequenceNumber: heldNumber, clocksAgree: heldClocksAgree,
                    packetsByRate: heldPacketsByRate) : nil
        }
        set {
            isHolding = newValue != nil
            heldNumber = newValue?.sequenceNumber ?? 0
            heldClocksAgree = newValue?.clocksAgree ?? false
            heldPacketsByRate = newValue?.packetsByRate ?? 0
        }
    }
}

/// What a sequence tracker needs besides itself where a packet is not the next in order.
public struct SequenceHistory: Sendable {
    /// How far it has come.
    public var bounds: SequenceBounds
    /// What went wrong.
    public var troubles: SequenceTroubles

    /// Begins with the tracker of the first packet.
    public init(_ tracker: SequenceTracker) {
        self.init(SequenceBounds(tracker), SequenceTroubles())
    }

    /// Puts together what was kept apart.
    public init(_ bounds: SequenceBounds, _ troubles: SequenceTroubles) {
        self.bounds = bounds
        self.troubles = troubles
    }

    /// Runs of losses closed.
    public var lossRuns: UInt32 { troubles.lossRuns }
    /// The longest of them.
    public var longestLossRun: UInt32 { troubles.longestLossRun }
    /// The longest since the owner last set this to zero.
    public var recentLongestLossRun: UInt32 {
        get { troubles.recentLongestLossRun }
        set { troubles.recentLongestLossRun = newValue }
    }
    /// Whether a packet waits for its successor's judgement.
    public var isHolding: Bool { troubles.isHolding }

    var base: Int64 {
        get { bounds.base }
        set { bounds.base = newValue }
    }
    var settled: Int64 {
        get { bounds.settled }
        set { bounds.settled = newValue }
    }
    var expectedBefore: UInt64 {
        get { troubles.expectedBefore }
        set { troubles.expectedBefore = newValue }
    }
    var deepUntil: Int64 {
        get { troubles.deepUntil }
        set { troubles.deepUntil = newValue }
    }
    var openRun: UInt32 {
        get { troubles.openRun }
        set { troubles.openRun = newValue }
    }
    var held: HeldPacket? {
        get { troubles.held }
        set { troubles.held = newValue }
    }

    /// Numbers that should have arrived so far: highest less lowest plus one, over all segments.
    public func expected(_ tracker: SequenceTracker) -> UInt64 {
        expectedBefore + UInt64(tracker.highest - base + 1)
    }

    /// Counts the fate of the next position.
    mutating func settle(_ position: Int64, arrived: Bool) {
        guard position > settled else { return }
        settled = position
        if !arrived && position >= base {
            openRun = openRun == .max ? .max : openRun + 1
        } else {
            closeRun()
        }
    }

    /// Counts `count` positions after the last settled one as lost.
    mutating func settleLost(count: Int64) {
        settled += count
        openRun = UInt32(clamping: Int64(openRun) + count)
    }

    mutating func closeRun() {
        countRun(openRun)
        openRun = 0
    }

    /// Counts a run of `length` losses, if it is one.
    mutating func countRun(_ length: UInt32) {
        guard length > 0 else { return }
        troubles.lossRuns &+= 1
        troubles.longestLossRun = max(longestLossRun, length)
        recentLongestLossRun = max(recentLongestLossRun, length)
    }
}

/// A packet after a step too long to believe at once.
struct HeldPacket: Sendable {
    var sequenceNumber: UInt16
    /// Whether the media clock went on with the clock of arrival over the step.
    var clocksAgree: Bool
    /// How many packets the time of the step would have held at the mean rate before it.
    var packetsByRate: Float
}
