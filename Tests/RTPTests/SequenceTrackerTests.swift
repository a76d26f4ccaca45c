// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import RTP

/// A tracker with everything it needs, and what it counted.
struct CountedSequence {
    var tracker: SequenceTracker
    var history: SequenceHistory
    var windows: SequenceWindows
    /// Whether `receiveNext` is asked first, as meters do.
    let asksFastPath: Bool
    var received = 1
    var total = SequenceEffect()

    init(first: UInt16, windows: SequenceWindows = SequenceWindows(), asksFastPath: Bool = true) {
        tracker = SequenceTracker(first: first)
        history = SequenceHistory(tracker)
        self.windows = windows
        self.asksFastPath = asksFastPath
        total.unique = 1
    }

    /// Every number of `numbers` after the first, a millisecond apart by both clocks.
    init(_ numbers: [UInt16]) {
        self.init(first: numbers[0])
        for number in numbers.dropFirst() { receive(number) }
    }

    mutating func receive(
        _ number: UInt16, arrivalStep: Int64 = 1_000_000, mediaStep: Double? = 1e6,
        meanRate: Double = 1e-6
    ) {
        receive(
            SequencedPacket(
                sequenceNumber: number, arrivalStep: arrivalStep, mediaStep: mediaStep,
                meanRate: meanRate))
    }

    mutating func receive(_ packet: SequencedPacket) {
        received += 1
        if asksFastPath, tracker.receiveNext(packet.sequenceNumber) {
            total.unique += 1
        } else {
            total.add(tracker.receive(packet, &history, &windows))
        }
    }

    /// The next `count` numbers in order, without a gap.
    mutating func receive(next count: Int) {
        for _ in 0..<count { receive(UInt16(truncatingIfNeeded: tracker.highest + 1)) }
    }

    mutating func finish() { total.add(tracker.finish(&history, &windows)) }

    var finished: CountedSequence {
        var copy = self
        copy.finish()
        return copy
    }

    var expected: Int { Int(history.expected(tracker)) }
    var lost: Int { expected - total.unique }
    var runs: [UInt32] { [history.lossRuns, history.longestLossRun] }
}

extension SequenceEffect {
    fileprivate mutating func add(_ other: SequenceEffect) {
        unique += other.unique
        duplicate += other.duplicate
        late += other.late
        outliers += other.outliers
        beyondWindow += other.beyondWindow
        restarts += other.restarts
    }
}

@Suite struct SequenceTrackerTests {
    // MARK: Sizes

    @Test func `the part touched by every packet is trivial and takes 48 octets`() {
        #expect(_isPOD(SequenceTracker.self))
        #expect(_isPOD(SequenceHistory.self))
        #expect(MemoryLayout<SequenceTracker>.stride == 48)
    }

    // MARK: Order

    @Test func `packets in order lose nothing through three cycles`() {
        var counted = CountedSequence(first: 65_000)
        counted.receive(next: 200_000)
        counted.finish()
        #expect(counted.expected == 200_001)
        #expect(counted.total.unique == 200_001)
        #expect(counted.runs == [0, 0])
    }

    @Test func `a late packet from before the wrap is one late packet and no loss`() {
        let counted = CountedSequence([65_533, 65_534, 0, 1, 65_535, 2]).finished
        #expect(counted.lost == 0)
        #expect(counted.total.late == 1)
        #expect(counted.expected == 6)
        #expect(counted.runs == [0, 0])
    }

    @Test(arguments: 0..<64)
    func `each arrival of six numbers around the wrap counts as written down`(mask: Int) {
        // Bit i of the mask: is number i late (arrives after the sixth), or lost, or twice.
        let start: UInt16 = 65_532
        for kind in ["late", "duplicate", "gap"] {
            let inside = (0..<6).map { start &+ 1 &+ UInt16($0) }
            let marked = inside.indices.filter { mask >> $0 & 1 == 1 }.map { inside[$0] }
            var numbers = [start]
            for number in inside {
                if kind == "duplicate", marked.contains(number) { numbers += [number, number] }
                if !marked.contains(number) { numbers.append(number) }
            }
            numbers.append(start &+ 7)
            if kind == "late" { numbers += marked }
            let counted = CountedSequence(numbers).finished
            let gaps = (0..<6).count {
                mask >> $0 & 1 == 1 && ($0 == 0 || mask >> ($0 - 1) & 1 == 0)
            }
            #expect(counted.expected == 8)
            #expect(counted.total.late == (kind == "late" ? marked.count : 0))
            #expect(counted.total.duplicate == (kind == "duplicate" ? marked.count : 0))
            #expect(counted.lost == (kind == "gap" ? marked.count : 0))
            #expect(Int(counted.history.lossRuns) == (kind == "gap" ? gaps : 0))
            #expect(counted.total.outliers + counted.total.restarts == 0)
        }
    }

    @Test func `duplicates do not hide loss`() {
        // Every twentieth is lost, and every twentieth comes twice.
        var numbers: [UInt16] = []
        for number in UInt16(0)..<10_000 where number % 20 != 10 {
            numbers.append(number)
            if number % 20 == 0 { numbers.append(number) }
        }
        let counted = CountedSequence(numbers).finished
        #expect(counted.expected == 10_000)
        #expect(counted.lost == 500)
        #expect(counted.total.duplicate == 500)
        #expect(counted.received == 10_000)
        #expect(counted.runs == [500, 1])
    }

    @Test func `a packet overtaken by up to 200 others is late and not lost`() {
        for depth in 1...200 {
            var numbers = (0..<300).map { UInt16(truncatingIfNeeded: 65_400 + $0) }
            let moved = numbers.remove(at: 50)
            numbers.insert(moved, at: 50 + depth)
            let counted = CountedSequence(numbers).finished
            #expect(counted.lost == 0, "depth \(depth)")
            #expect(counted.total.late == 1, "depth \(depth)")
            #expect(counted.total.duplicate + counted.total.beyondWindow == 0)
            #expect(counted.runs == [0, 0])
        }
    }

    @Test func `what comes from behind the window is late and said to be so`() {
        var counted = CountedSequence(first: 10)
        counted.receive(12)
        counted.receive(next: 255)
        var inside = counted
        inside.receive(12)
        #expect(inside.total.duplicate == 1)
        counted.receive(11)
        #expect(counted.total.late == 1)
        #expect(counted.total.beyondWindow == 1)
        #expect(counted.lost == 0)
        // The run was counted when it left the window; it stays counted.
        #expect(counted.finished.runs == [1, 1])
    }

    @Test func `the window reaches back 255 numbers and no further`() {
        for behind in 250...262 {
            var counted = CountedSequence(first: 0)
            counted.receive(next: 999)
            counted.receive(UInt16(999 - behind))
            #expect(counted.total.duplicate == (behind < 256 ? 1 : 0), "\(behind) behind")
            #expect(counted.total.beyondWindow == (behind < 256 ? 0 : 1), "\(behind) behind")
        }
    }

    // MARK: Before the first

    @Test func `packets that the first one overtook belong to the segment`() {
        let counted = CountedSequence([1000, 998, 1001, 999, 1002]).finished
        #expect(counted.expected == 5)
        #expect(counted.lost == 0)
        #expect(counted.total.late == 2)
    }

    @Test func `what was sent between an early packet and the first is awaited`() {
        let counted = CountedSequence([5, 65_530, 6]).finished
        #expect(counted.expected == 13)
        #expect(counted.lost == 10)
        #expect(counted.runs == [1, 10])
    }

    @Test func `a packet from before the first that comes after the window has passed is late`() {
        for count in [254, 255, 256, 257, 300, 2000] {
            for step in [1, 2, 40, 900] {
                var counted = CountedSequence(first: 2000)
                counted.receive(next: count)
                counted.receive(UInt16(2000 - step))
                counted.receive(next: 600)
                counted.finish()
                #expect(counted.expected == count + 601 + step)
                #expect(counted.lost == step - 1)
                #expect(counted.total.late == 1)
                #expect(counted.runs == (step == 1 ? [0, 0] : [1, UInt32(step - 1)]))
            }
        }
    }

    // MARK: Runs

    @Test func `neighbouring losses are one run and the longest is told`() {
        let numbers = [0, 1, 5, 6, 8, 20, 21, 23].map { UInt16($0) }
        let counted = CountedSequence(numbers).finished
        #expect(counted.runs == [4, 11])
        #expect(counted.lost == 16)
    }

    @Test func `a late packet divides a run`() {
        let counted = CountedSequence([0, 10, 5, 11]).finished
        #expect(counted.runs == [2, 4])
        #expect(counted.lost == 8)
    }

    @Test func `a run is counted when it is closed and not before`() {
        var counted = CountedSequence([0, 4])
        #expect(counted.runs == [0, 0])
        counted.receive(next: 255)
        #expect(counted.runs == [0, 0])
        counted.receive(next: 2)
        #expect(counted.runs == [1, 3])
        counted.history.recentLongestLossRun = 0
        counted.receive(UInt16(truncatingIfNeeded: counted.tracker.highest + 2))
        counted.finish()
        #expect(counted.runs == [2, 3])
        #expect(counted.history.recentLongestLossRun == 1)
    }

    @Test func `a run longer than the window is one run`() {
        for length in [127, 128, 129, 255, 256, 257, 1000, 2999] {
            var counted = CountedSequence([7])
            counted.receive(UInt16(8 + length))
            counted.receive(next: 5000)
            counted.finish()
            #expect(counted.lost == length)
            #expect(counted.runs == [1, UInt32(length)])
        }
    }

    // MARK: Long steps

    @Test(arguments: [3000, 3001, 5000, 32_767, 32_768, 40_000, 62_500])
    func `a long step over which the media clock went on is one long loss`(step: Int) {
        var counted = CountedSequence(first: 100)
        counted.receive(next: 1000)
        let next = UInt16(truncatingIfNeeded: 1100 + step)
        counted.receive(next, arrivalStep: 60_000_000_000, mediaStep: 60.2e9, meanRate: 0)
        #expect(counted.history.isHolding == (step > 3000))
        counted.receive(next: 0)
        counted.receive(next &+ 1)
        counted.finish()
        #expect(counted.lost == step - 1)
        #expect(counted.total.restarts == 0)
        #expect(counted.runs == [1, UInt32(step - 1)])
    }

    @Test(arguments: [-1.2e9, 1.2e9, 5e12])
    func `a long step over which the clocks disagree is a restart without loss`(off: Double) {
        for step in [3001, -3001, 20_000, -20_000] {
            var counted = CountedSequence(first: 30_000)
            counted.receive(next: 9)
            let next = UInt16(truncatingIfNeeded: 30_009 + step)
            counted.receive(next, arrivalStep: 2_000_000_000, mediaStep: 2e9 + off)
            counted.receive(next &+ 1)
            counted.receive(next &+ 3)
            counted.finish()
            #expect(counted.total.restarts == 1)
            #expect(counted.expected == 14)
            #expect(counted.lost == 1)
            #expect(counted.runs == [1, 1])
        }
    }

    @Test func `without a known clock rate a long step is a restart`() {
        var counted = CountedSequence(first: 0)
        counted.receive(10_000, mediaStep: nil)
        counted.receive(10_001, mediaStep: nil)
        #expect(counted.total.restarts == 1)
        #expect(counted.lost == 0)
    }

    @Test func `a number that fits nothing is an outlier and moves nothing`() {
        var counted = CountedSequence([0, 1, 2, 40_000, 3, 4, 20_000, 50_000, 5])
        #expect(counted.total.outliers == 3)
        counted.receive(33_000)
        #expect(counted.history.isHolding)
        counted.finish()
        #expect(counted.total.outliers == 4)
        #expect(counted.lost == 0)
        #expect(counted.expected == 6)
        #expect(counted.received == 10)
    }

    @Test func `a held packet shown twice is a duplicate and still held`() {
        var counted = CountedSequence([0, 1, 40_000, 40_000, 40_000])
        #expect(counted.total.duplicate == 2)
        #expect(counted.history.isHolding)
        counted.receive(40_001)
        #expect(counted.total.outliers == 0)
        #expect(counted.total.unique == 4)
    }

    @Test(arguments: [1, 2, 13])
    func `after a silence so long that the number wrapped the mean rate tells how often`(wraps: Int)
    {
        var counted = CountedSequence(first: 0)
        counted.receive(next: 1000)
        // A packet each 2 ms; the step is out by a few hundred packets, as a real rate would be.
        let step = 65_536 * wraps + 20_000
        let silence = Int64(step + 700) * 2_000_000
        counted.receive(
            UInt16(truncatingIfNeeded: 1000 + step), arrivalStep: silence,
            mediaStep: Double(silence) - 3e8, meanRate: 1 / 2e6)
        counted.receive(UInt16(truncatingIfNeeded: 1001 + step))
        counted.finish()
        #expect(counted.lost == step - 1)
        #expect(counted.runs == [1, UInt32(step - 1)])
    }

    @Test func `no silence and no rate makes more wraps than a day of them`() {
        var counted = CountedSequence(first: 0)
        counted.receive(10_000, arrivalStep: .max, mediaStep: Double(Int64.max), meanRate: 1e9)
        counted.receive(10_001)
        counted.finish()
        #expect(counted.expected == 86_400 * 65_536 + 10_002)
        #expect(counted.history.longestLossRun == .max)
    }

    // MARK: Deep window

    @Test func `after a long gap what arrives inside it is told from a duplicate`() {
        var counted = CountedSequence(first: 0)
        counted.receive(next: 99)
        counted.receive(2900)
        for number in stride(from: UInt16(2899), through: 100, by: -1) { counted.receive(number) }
        #expect(counted.lost == 0)
        #expect(counted.total.late == 2800)
        for number in UInt16(100)..<2900 { counted.receive(number) }
        #expect(counted.total.duplicate == 2800)
        #expect(counted.total.beyondWindow == 0)
        #expect(counted.finished.runs == [0, 0])
    }

    @Test func `the deep window is given back when the gap is far behind`() {
        var counted = CountedSequence(first: 0, windows: SequenceWindows(limit: 1))
        counted.receive(500)
        #expect(counted.tracker.deepWindow == 0)
        counted.receive(next: 4096)
        #expect(counted.tracker.deepWindow == 0)
        counted.receive(next: 1)
        #expect(counted.tracker.deepWindow == -1)
        #expect(counted.runs == [1, 499])
        // Lent again, it begins without memory of its last use.
        counted.receive(UInt16(truncatingIfNeeded: counted.tracker.highest + 300))
        #expect(counted.tracker.deepWindow == 0)
        #expect(counted.windows.refusals == 0)
        counted.finish()
        #expect(counted.runs == [2, 499])
        #expect(counted.lost == 499 + 299)
    }

    @Test func `the deep window knows no more than the shallow one knew`() {
        var counted = CountedSequence([0, 2])
        counted.receive(next: 400)
        counted.receive(UInt16(402 + 200))
        // Number 1 was lost, and forgotten before the gap began.
        counted.receive(1)
        #expect(counted.total.beyondWindow == 1)
        #expect(counted.total.duplicate == 0)
        #expect(counted.total.late == 1)
    }

    @Test func `a step of 129 is the least that takes a deep window`() {
        #expect(CountedSequence([0, 128]).tracker.deepWindow == -1)
        #expect(CountedSequence([0, 129]).tracker.deepWindow == 0)
    }

    @Test func `a pool that is exhausted refuses and counts and loses nothing else`() {
        let windows = SequenceWindows(limit: 0)
        var counted = CountedSequence(first: 0, windows: windows)
        counted.receive(2000)
        #expect(counted.windows.refusals == 1)
        counted.receive(1000)
        #expect(counted.total.beyondWindow == 1)
        counted.receive(next: 1000)
        counted.finish()
        #expect(counted.expected == 3001)
        #expect(counted.lost == 1998)
        #expect(counted.runs == [1, 1999])
    }

    @Test func `two trackers share a pool of one and the second does without`() {
        var windows = SequenceWindows(limit: 1)
        var one = CountedSequence(first: 0, windows: windows)
        one.receive(1000)
        windows = one.windows
        var two = CountedSequence(first: 0, windows: windows)
        two.receive(1000)
        #expect(two.windows.refusals == 1)
        one.windows = two.windows
        one.finish()
        two.windows = one.windows
        two.receive(2000)
        #expect(two.windows.refusals == 1)
        #expect(two.tracker.deepWindow == 0)
        #expect(two.finished.lost == 1998)
    }

    @Test func `a restart gives the deep window back`() {
        var counted = CountedSequence([0, 1000])
        #expect(counted.tracker.deepWindow == 0)
        counted.receive(30_000, mediaStep: nil)
        counted.receive(30_001, mediaStep: nil)
        #expect(counted.tracker.deepWindow == -1)
        #expect(counted.finished.runs == [1, 999])
    }
}
