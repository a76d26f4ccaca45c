// SPDX-License-Identifier: Apache-2.0

@testable import RTP

/// The rules of `docs/decisions/0004-what-counts-as-loss.md` once more, with a set of every
/// number that arrived: slow, of unbounded memory, and easy to believe.
struct SlowSequenceTracker {
    /// Whether a deep window can be had.
    let canDeepen: Bool

    private(set) var received = 0
    private(set) var duplicate = 0
    private(set) var late = 0
    private(set) var outliers = 0
    private(set) var beyondWindow = 0
    private(set) var restarts = 0
    private(set) var unique = 0
    private var expectedBefore: Int64 = 0
    private(set) var lossRuns = 0
    private(set) var longestLossRun: Int64 = 0

    /// Numbers of this segment that arrived while their fate was open.
    private var arrived: Set<Int64>
    private var lowest: Int64
    private var highest: Int64
    /// The highest number whose fate is sealed.
    private var forgotten: Int64 = .min
    private var deepUntil: Int64?
    private var held: SequencedPacket?

    init(first: UInt16, canDeepen: Bool = true) {
        self.canDeepen = canDeepen
        lowest = 1 << 40 | Int64(first)
        highest = lowest
        arrived = [lowest]
        received = 1
        unique = 1
    }

    var expected: Int64 { expectedBefore + highest - lowest + 1 }
    var isHolding: Bool { held != nil }
    private var width: Int64 { deepUntil == nil ? 256 : 4096 }

    mutating func receive(_ packet: SequencedPacket) {
        received += 1
        if let waiting = held {
            if packet.sequenceNumber == waiting.sequenceNumber {
                duplicate += 1
                return
            }
            held = nil
            if packet.sequenceNumber == waiting.sequenceNumber &+ 1 {
                believe(waiting)
            } else {
                outliers += 1
            }
        }
        // The one of all numbers that end like this which is nearest to the highest.
        let cycle = highest - highest % 65_536
        let candidates = (-1...1).map { cycle + 65_536 * $0 + Int64(packet.sequenceNumber) }
        let nearest = candidates.min { abs($0 - highest) < abs($1 - highest) } ?? highest
        if abs(nearest - highest) > 3000 {
            held = packet
        } else {
            place(nearest)
        }
    }

    mutating func finish() {
        if held != nil { outliers += 1 }
        held = nil
        closeSegment()
    }

    private mutating func believe(_ packet: SequencedPacket) {
        let clocksAgree = packet.mediaStep.map { abs($0 - Double(packet.arrivalStep)) < 1e9 }
        guard clocksAgree == true else {
            closeSegment()
            expectedBefore = expected
            lowest = 1 << 40 | Int64(packet.sequenceNumber)
            highest = lowest
            arrived = [lowest]
            forgotten = .min
            deepUntil = nil
            restarts += 1
            unique += 1
            return
        }
        let step = Int64(packet.sequenceNumber &- UInt16(truncatingIfNeeded: highest))
        let byRate = packet.meanRate * Double(packet.arrivalStep)
        let wraps = max(0, min(86_400, ((byRate - Double(step)) / 65_536).rounded()))
        place(highest + step + 65_536 * Int64(wraps))
    }

    private mutating func place(_ number: Int64) {
        if number > highest {
            if number - highest > 128 {
                if canDeepen, deepUntil == nil { forgotten = max(forgotten, highest - 256) }
                if canDeepen { deepUntil = number + 4096 }
            }
            highest = number
            arrived.insert(number)
            unique += 1
            forgotten = max(forgotten, highest - width)
            if let end = deepUntil, number > end {
                deepUntil = nil
                forgotten = max(forgotten, highest - 256)
            }
        } else if number < lowest {
            // What its first packet overtook; nobody can have heard it before.
            unique += 1
            late += 1
            if forgotten < lowest { forgotten = max(number - 1, highest - width) }
            lowest = number
            arrived.insert(number)
        } else if number <= max(forgotten, highest - width) {
            beyondWindow += 1
            unique += 1
            late += 1
        } else if arrived.insert(number).inserted {
            unique += 1
            late += 1
            if deepUntil != nil { deepUntil = highest + 4096 }
        } else {
            duplicate += 1
        }
    }

    private mutating func closeSegment() {
        let order = arrived.sorted()
        for (one, next) in zip(order, order.dropFirst()) where next - one > 1 {
            lossRuns += 1
            longestLossRun = max(longestLossRun, next - one - 1)
        }
    }
}
