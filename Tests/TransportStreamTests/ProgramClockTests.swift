// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import TransportStream

@Suite struct ProgramClockTests {
    private let hertz = ProgramClockReference.hertz

    /// Samples every 40 ms from `start`, each arriving `late(index)` nanoseconds late.
    private func clock(
        _ count: Int64, from start: Int64 = 0, late: (Int64) -> Int64 = { _ in 0 }
    ) -> ProgramClock {
        var clock = ProgramClock()
        for index in 0..<count {
            let arrival = at(40 * index).advanced(byNanoseconds: late(index))
            let ticks = start &+ index * hertz / 25
            _ = clock.receive(
                ProgramClockReference(ticks: ticks), at: arrival, isDiscontinuity: false)
        }
        return clock
    }

    @Test func `a clock that arrives in step has no jitter`() {
        let clock = clock(100)
        #expect(clock.jitterNanoseconds == 0)
        #expect(clock.greatestIntervalNanoseconds == 40_000_000)
        #expect(clock.jumps == 0)
    }

    @Test func `a constant delay is no jitter`() {
        #expect(clock(100) { _ in 900_000_000 }.jitterNanoseconds == 0)
    }

    @Test func `arrivals early and late by 3 ms are 3 ms of jitter`() {
        let clock = clock(100) { $0.isMultiple(of: 2) ? 3_000_000 : -3_000_000 }
        #expect(clock.jitterNanoseconds == 3_000_000)
        #expect(clock.greatestIntervalNanoseconds == 46_000_000)
    }

    @Test func `over a long run the drift of 100 ppm is no jitter`() {
        let clock = clock(2000) { $0 * 4000 }
        #expect((clock.jitterNanoseconds ?? .max) < 1000)
    }

    @Test func `in a short run drift cannot be told from jitter`() {
        // 100 samples drift apart by 99 times 4 µs; half of it lies on either side of the mean.
        #expect(clock(100) { $0 * 4000 }.jitterNanoseconds == 198_000)
    }

    @Test func `one sample is no jitter yet`() {
        #expect(clock(1).jitterNanoseconds == nil)
    }

    @Test func `row 52: the wrap at 2 to the 33 is no jump`() {
        let clock = clock(100, from: ProgramClockReference.modulus - hertz)
        #expect(clock.wraps == 1)
        #expect(clock.jumps == 0)
        #expect(clock.jitterNanoseconds == 0)
    }

    @Test func `row 52: a clock that goes back, or to 0, is a jump`() {
        var clock = clock(10, from: hertz * 100)
        let back = clock.receive(
            ProgramClockReference(ticks: hertz * 50), at: at(400), isDiscontinuity: false)
        #expect(back == .jump(ticks: hertz * 50 - hertz * 100 - 9 * hertz / 25))
        let zero = clock.receive(
            ProgramClockReference(ticks: 0), at: at(440), isDiscontinuity: false)
        #expect(zero == .jump(ticks: -hertz * 50))
        #expect(clock.jumps == 2)
        #expect(clock.jitterNanoseconds == 0)
    }

    @Test func `a leap ahead is a jump, and so is a clock that stands`() {
        var clock = clock(10)
        let leap = clock.receive(
            ProgramClockReference(ticks: hertz * 60), at: at(400), isDiscontinuity: false)
        #expect(leap == .jump(ticks: hertz * 60 - 9 * hertz / 25))
        for index: Int64 in 1...24 {
            let same = clock.receive(
                ProgramClockReference(ticks: hertz * 60), at: at(400 + 40 * index),
                isDiscontinuity: false)
            #expect(same == .repeated)
        }
        let stuck = clock.receive(
            ProgramClockReference(ticks: hertz * 60), at: at(1480), isDiscontinuity: false)
        #expect(stuck == .jump(ticks: 0))
    }

    @Test func `a stop of the sender is no jump of its clock`() {
        var clock = clock(10)
        let later = clock.receive(
            ProgramClockReference(ticks: hertz * 6), at: at(6000), isDiscontinuity: false)
        #expect(later == .advanced)
        #expect(clock.greatestIntervalNanoseconds == 5_640_000_000)
    }

    @Test func `an announced discontinuity is no jump`() {
        var clock = clock(10)
        let verdict = clock.receive(
            ProgramClockReference(ticks: 77), at: at(400), isDiscontinuity: true)
        #expect(verdict == .announced)
        #expect(clock.jumps == 0)
    }

    @Test func `a capture whose times mean nothing makes no jumps`() {
        var clock = ProgramClock()
        for index: Int64 in 0..<100 {
            _ = clock.receive(
                ProgramClockReference(ticks: index * hertz / 25),
                at: at(0).advanced(byNanoseconds: index), isDiscontinuity: false)
        }
        #expect(clock.jumps == 0)
    }

    @Test func `arrival times at the ends of the range do not trap`() {
        var clock = ProgramClock()
        let ends: [Int64] = [.min, .max, 0, .max, .min, 1, -1]
        for index in 0..<700 {
            _ = clock.receive(
                ProgramClockReference(ticks: Int64(index) * 100_000),
                at: Instant(nanoseconds: ends[index % ends.count]), isDiscontinuity: false)
        }
        #expect(clock.samples == 700)
        #expect((clock.jitterNanoseconds ?? 0) >= 0)
    }
}
