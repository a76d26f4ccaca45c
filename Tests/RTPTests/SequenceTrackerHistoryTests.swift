// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import RTP

/// A sender and a network that do everything wrong, by a seed.
struct RandomHistory {
    let first: UInt16
    private(set) var packets: [SequencedPacket] = []
    private var random: SeededRandom
    private var position: Int
    private let mischief: Int

    /// Packets of one history at most.
    static let length = 100

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        // Half of them begin near the wrap.
        let isNearWrap = Bool.random(using: &random)
        let start =
            isNearWrap ? Int.random(in: -300...300, using: &random) : Int(random.next() % 65_536)
        first = UInt16(truncatingIfNeeded: start)
        position = start
        mischief = Int.random(in: 1...60, using: &random)
        let count = Int.random(in: 2...RandomHistory.length, using: &random)
        while packets.count < count { act() }
    }

    private mutating func number(_ least: Int, _ greatest: Int) -> Int {
        Int.random(in: least...greatest, using: &random)
    }

    private mutating func add(
        _ number: Int, seconds: Double = 0.001, clocksAgree: Bool = true, rate: Double = 1000
    ) {
        let step = Int64(seconds * 1e9)
        let off = clocksAgree ? Double(step) * 0.9999 : Double(step) + 40e9
        packets.append(
            SequencedPacket(
                sequenceNumber: UInt16(truncatingIfNeeded: number), arrivalStep: step,
                mediaStep: number % 17 == 0 && !clocksAgree ? nil : off, meanRate: rate / 1e9))
    }

    private mutating func send(_ count: Int) {
        for _ in 0..<count {
            position += 1
            add(position)
        }
    }

    private mutating func act() {
        guard number(0, 99) < mischief else { return send(number(1, 30)) }
        switch number(0, 13) {
        case 0: position += number(1, 4)  // Loss.
        case 1: position += number(5, 400)  // A burst of it.
        case 2: add(position - number(0, 8))  // A duplicate, or late.
        case 3: add(position - number(0, 280))
        case 4: add(position - number(0, 3300))
        case 5: add(number(0, 65_535))  // Forged.
        case 6: position += number(100, 3100)
        case 7: reorder()
        case 8:  // A long loss: the sender went on.
            position += number(2900, 40_000)
            add(position + 1, seconds: 20, rate: 0)
        case 9:  // A restart.
            position = number(0, 65_535)
            add(position + 1, seconds: 3, clocksAgree: false)
        case 10:  // A silence in which the number wrapped.
            let step = number(3001, 400_000)
            position += step
            add(position, seconds: Double(step + number(-9000, 9000)) / 1000)
        case 11: send(number(200, 300))
        case 12: if number(0, 120) == 0 { send(number(3500, 4500)) }
        default: packets.last.map { packets.append($0) }
        }
    }

    private mutating func reorder() {
        let start = packets.count
        send(number(2, 40))
        packets[start...].shuffle(using: &random)
    }
}

@Suite struct SequenceTrackerHistoryTests {
    static func check(seed: UInt64, canDeepen: Bool) {
        let history = RandomHistory(seed: seed)
        let windows = SequenceWindows(limit: canDeepen ? 1 : 0)
        var slow = SlowSequenceTracker(first: history.first, canDeepen: canDeepen)
        var both = CountedSequence(first: history.first, windows: windows)
        var careful = CountedSequence(first: history.first, windows: windows, asksFastPath: false)
        for (index, packet) in history.packets.enumerated() {
            slow.receive(packet)
            both.receive(packet)
            careful.receive(packet)
            let told = both.total == careful.total
            if told, both.total == slow.total, both.expected == Int(slow.expected),
                both.expected == careful.expected, both.history.isHolding == slow.isHolding
            {
                continue
            }
            Issue.record(
                "seed \(seed), packet \(index): \(both.total), \(careful.total), \(slow.total)")
            return
        }
        slow.finish()
        both.finish()
        careful.finish()
        let length = UInt32(clamping: slow.longestLossRun)
        let agrees =
            both.total == slow.total && careful.total == slow.total
            && both.runs == [UInt32(slow.lossRuns), length] && careful.runs == both.runs
            && both.received == slow.received && (both.lost >= 0 || slow.beyondWindow > 0)
        if !agrees {
            Issue.record(
                """
                seed \(seed), deep \(canDeepen), at the end: \(both.total) \(both.runs), \
                \(careful.total) \(careful.runs), \(slow.total) \(slow.lossRuns) \(length)
                """)
        }
    }

    @Test(arguments: 0..<8)
    func `the tracker agrees with a set of numbers over 20 000 histories`(part: UInt64) {
        for seed in UInt64(0)..<2500 { Self.check(seed: part << 32 | seed, canDeepen: true) }
    }

    @Test func `the tracker agrees with a set of numbers where no deep window can be had`() {
        for seed in UInt64(0)..<1500 { Self.check(seed: 1 << 60 | seed, canDeepen: false) }
    }

    @Test func `any numbers in any order neither trap nor lose more than was expected`() {
        var random = SeededRandom(seed: 0x5e9)
        for round in 0..<300 {
            var counted = CountedSequence(first: UInt16(truncatingIfNeeded: random.next()))
            var last = 0
            for _ in 0..<400 {
                let wild = random.next()
                last = wild % 3 == 0 ? Int(wild >> 40) : last + Int((wild >> 8) % 7) - 2
                counted.receive(
                    UInt16(truncatingIfNeeded: last),
                    arrivalStep: Int64(truncatingIfNeeded: random.next()) >> (wild >> 16 & 63),
                    mediaStep: (wild >> 30) % 5 == 0 ? nil : Double(wild >> 20),
                    meanRate: Double(wild >> 33 & 0xff) * 1e-7)
            }
            counted.finish()
            let total = counted.total
            #expect(
                total.unique + total.duplicate + total.outliers == counted.received,
                "round \(round)")
            #expect(counted.expected >= 1, "round \(round)")
        }
    }
}

extension SlowSequenceTracker {
    var total: SequenceEffect {
        var total = SequenceEffect()
        total.unique = unique
        total.duplicate = duplicate
        total.late = late
        total.outliers = outliers
        total.beyondWindow = beyondWindow
        total.restarts = restarts
        return total
    }
}
