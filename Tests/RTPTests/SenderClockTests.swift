// SPDX-License-Identifier: Apache-2.0
import RTP
import Testing
import Timekeeping

/// Seconds to nanoseconds.
private func ns(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) }

@Suite struct SenderClockTests {
    static let start = Instant(nanoseconds: 1_795_351_914_000_000_000)

    /// A report sent `at` seconds after the start, by a clock `ahead` seconds ahead, `delay` under
    /// way, with timestamps of a 90 kHz clock that nobody sets.
    static func hear(
        _ clock: inout SenderClock, at seconds: Double, ahead: Double, delay: Double = 0.0001,
        rate: Double = 90_000
    ) -> SenderClock.Verdict {
        let sent = start.advanced(byNanoseconds: ns(seconds))
        return clock.hear(
            ntp: NTPTime(sent.advanced(byNanoseconds: ns(ahead))),
            rtpTimestamp: UInt32(truncatingIfNeeded: Int64(4_294_900_000) + Int64(seconds * rate)),
            at: sent.advanced(byNanoseconds: ns(delay)))
    }

    @Test func `a clock 3.2 s ahead is told within 5 ms of the median`() throws {
        var clock = SenderClock(clockRate: .video)
        for second in 0..<4 {
            #expect(Self.hear(&clock, at: Double(second) * 5, ahead: 3.2) == .taken)
        }
        let offset = try clock.offset()
        #expect(abs(offset.nanoseconds - ns(3.1999)) < 10_000)
        #expect(offset.uncertaintyNanoseconds > SenderClock.assumedDelayNanoseconds)
        #expect(abs(try clock.driftPPM) < 0.1)
        #expect(clock.isRateContradictory == false)
        #expect(abs(try #require(clock.measuredRate) - 90_000) < 1)
    }

    @Test(arguments: [0.0, 0.05, 0.2, 0.4]) func `the error bar holds whatever the way out takes`(
        delay: Double
    ) throws {
        // Ways there and back of 0.8 s in all, split anyhow: the bar of half of it holds.
        var clock = SenderClock()
        for second in 0..<5 { _ = Self.hear(&clock, at: Double(second), ahead: -7, delay: delay) }
        let offset = try clock.offset(roundTrip: ns(0.8))
        #expect(abs(offset.nanoseconds - ns(-7)) <= offset.uncertaintyNanoseconds)
        #expect(offset.uncertaintyNanoseconds >= ns(0.4))
        let blind = try clock.offset(assumedDelay: ns(0.4))
        #expect(abs(blind.nanoseconds - ns(-7)) <= blind.uncertaintyNanoseconds)
    }

    @Test func `drift is told although some reports were held up`() throws {
        var clock = SenderClock(clockRate: .video)
        for index in 0..<40 {
            let second = Double(index) * 5
            _ = Self.hear(
                &clock, at: second, ahead: 1 + second * 50e-6, delay: index % 5 == 2 ? 0.3 : 0.001)
        }
        #expect(abs(try clock.driftPPM - 50) < 2)
        let offset = try clock.offset(roundTrip: ns(0.002))
        #expect(abs(offset.nanoseconds - ns(1 + 97.5 * 50e-6)) < ns(0.002))
    }

    @Test func `two reports or nine seconds tell no drift`() {
        var clock = SenderClock()
        #expect(throws: SenderClock.Unknown.noReports) { try clock.driftPPM }
        _ = Self.hear(&clock, at: 0, ahead: 0)
        _ = Self.hear(&clock, at: 20, ahead: 0)
        #expect(throws: SenderClock.Unknown.tooFew) { try clock.driftPPM }
        var short = SenderClock()
        for index in 0..<10 { _ = Self.hear(&short, at: Double(index), ahead: 0) }
        #expect(throws: SenderClock.Unknown.tooFew) { try short.driftPPM }
    }

    @Test func `a time of zero is no clock`() {
        var clock = SenderClock()
        let verdict = clock.hear(ntp: NTPTime(bits: 0), rtpTimestamp: 1, at: Self.start)
        #expect(verdict == .unset)
        #expect(clock.unsetReports == 1)
        #expect(throws: SenderClock.Unknown.unset) { try clock.offset() }
    }

    @Test func `a time in 1900 is implausible and kept as evidence`() {
        var clock = SenderClock()
        let uptime = NTPTime(bits: 100 << 32)
        #expect(clock.hear(ntp: uptime, rtpTimestamp: 1, at: Self.start) == .implausible)
        #expect(clock.lastNTP == uptime)
        #expect(throws: SenderClock.Unknown.implausible) { try clock.offset() }
    }

    @Test(arguments: [10, -10, 20, -56]) func `a clock ten years off is implausible`(years: Int) {
        var clock = SenderClock()
        #expect(
            Self.hear(&clock, at: 0, ahead: Double(years) * 365.25 * 86_400) == .implausible)
        #expect(clock.implausibleReports == 1)
    }

    @Test func `one believable time among ciphertext is no clock`() {
        var clock = SenderClock()
        for index in 0..<4 {
            _ = Self.hear(&clock, at: Double(index) * 5, ahead: Double(index) * 5e8 - 1e9)
        }
        _ = Self.hear(&clock, at: 25, ahead: 3e6)
        #expect(throws: SenderClock.Unknown.implausible) { try clock.offset() }
    }

    @Test func `the rollover of 2036 is no step`() throws {
        let rollover = Instant(nanoseconds: 2_085_978_496_000_000_000)
        var clock = SenderClock(clockRate: .video)
        for second in stride(from: -20, through: 20, by: 5) {
            let sent = rollover.advanced(byNanoseconds: ns(Double(second)))
            let verdict = clock.hear(
                ntp: NTPTime(sent.advanced(byNanoseconds: ns(2))),
                rtpTimestamp: UInt32(truncatingIfNeeded: second * 90_000), at: sent)
            #expect(verdict == .taken)
        }
        #expect(abs(try clock.offset().nanoseconds - ns(2)) < 10)
        #expect(clock.steps == 0)
    }

    @Test func `a clock that is set gives a step and the offset since`() throws {
        var clock = SenderClock(clockRate: .video)
        for index in 0..<4 { _ = Self.hear(&clock, at: Double(index) * 5, ahead: 3) }
        guard case .step(let size) = Self.hear(&clock, at: 20, ahead: -0.5) else {
            Issue.record("no step")
            return
        }
        #expect(abs(size - ns(-3.5)) < 1000)
        for index in 5..<8 { _ = Self.hear(&clock, at: Double(index) * 5, ahead: -0.5) }
        #expect(clock.steps == 1)
        #expect(abs(try clock.offset().nanoseconds - ns(-0.5001)) < 10_000)
    }

    @Test func `without clock rate the report after the step confirms it`() throws {
        var clock = SenderClock()
        for index in 0..<4 { _ = Self.hear(&clock, at: Double(index) * 5, ahead: 0) }
        #expect(Self.hear(&clock, at: 20, ahead: 60) == .doubted)
        guard case .step = Self.hear(&clock, at: 25, ahead: 60) else {
            Issue.record("no step")
            return
        }
        #expect(abs(try clock.offset().nanoseconds - ns(59.9999)) < 10_000)
    }

    @Test(arguments: [MediaClock.Rate.video, nil]) func `a report held up for 6 s is no step`(
        rate: MediaClock.Rate?
    ) throws {
        var clock = SenderClock(clockRate: rate)
        for index in 0..<3 { _ = Self.hear(&clock, at: Double(index) * 5, ahead: 1) }
        #expect(Self.hear(&clock, at: 15, ahead: 1, delay: 6) == .doubted)
        for index in 5..<8 {
            #expect(Self.hear(&clock, at: Double(index) * 5, ahead: 1) == .taken)
        }
        #expect(clock.steps == 0)
        #expect(abs(try clock.offset().nanoseconds - ns(0.9999)) < 10_000)
    }

    @Test func `a held-up first report does not stay the measure`() throws {
        var clock = SenderClock(clockRate: .video)
        _ = Self.hear(&clock, at: 0, ahead: 1, delay: 4)
        for index in 1..<5 { #expect(Self.hear(&clock, at: Double(index) * 5, ahead: 1) == .taken) }
        #expect(clock.steps == 0)
        #expect(abs(try clock.offset().nanoseconds - ns(0.9999)) < 10_000)
    }

    @Test func `a mirrored report is a duplicate and a standing clock does not count`() {
        var clock = SenderClock()
        #expect(Self.hear(&clock, at: 0, ahead: 0) == .taken)
        #expect(Self.hear(&clock, at: 0, ahead: 0, delay: 0.0002) == .duplicate)
        #expect(clock.reports == 1)
        let standing = clock.hear(
            ntp: NTPTime(Self.start), rtpTimestamp: 9,
            at: Self.start.advanced(byNanoseconds: ns(0.5)))
        #expect(standing == .notAdvancing)
        #expect(clock.standingReports == 1)
        for second in 1..<4 {
            _ = clock.hear(
                ntp: NTPTime(Self.start), rtpTimestamp: 9,
                at: Self.start.advanced(byNanoseconds: ns(Double(second) / 4 + 0.5)))
        }
        #expect(throws: SenderClock.Unknown.standing) { try clock.offset() }
    }

    @Test func `timestamps that do not keep the clock rate are told`() throws {
        var clock = SenderClock(clockRate: .video)
        for index in 0..<5 {
            _ = Self.hear(&clock, at: Double(index) * 0.9 + 5, ahead: 0, rate: 8000)
        }
        #expect(clock.isRateContradictory == nil)
        for index in 5..<15 {
            _ = Self.hear(&clock, at: Double(index) * 0.9 + 5, ahead: 0, rate: 8000)
        }
        #expect(clock.isRateContradictory == true)
        #expect(abs(try #require(clock.measuredRate) - 8000) < 1)
    }

    @Test func `a year of reports keeps its median, drift and size`() throws {
        var clock = SenderClock(clockRate: .video)
        for index in 0..<20_000 { _ = Self.hear(&clock, at: Double(index) * 300, ahead: 2) }
        #expect(abs(try clock.offset().nanoseconds - ns(1.9999)) < 10_000)
        #expect(abs(try clock.driftPPM) < 0.01)
    }

    @Test func `no clocks trap`() {
        var random = SeededRandom(seed: 20)
        for rate in [MediaClock.Rate(hertz: 1), .video, MediaClock.Rate(hertz: 1_000_000_000), nil]
        {
            var clock = SenderClock(clockRate: rate)
            for _ in 0..<3000 {
                let near = random.next() % 2 == 0
                let arrival =
                    near
                    ? Self.start.advanced(byNanoseconds: Int64(random.next() % 1_000_000_000_000))
                    : Instant(nanoseconds: Int64(bitPattern: random.next()))
                let ntp =
                    near
                    ? NTPTime(arrival.advanced(byNanoseconds: Int64(random.next() % 9_000_000_000)))
                    : NTPTime(bits: random.next())
                _ = clock.hear(
                    ntp: ntp, rtpTimestamp: UInt32(truncatingIfNeeded: random.next()), at: arrival)
                _ = try? clock.offset()
                if random.next() % 50 == 0 {
                    _ = try? clock.offset(roundTrip: .max)
                    _ = try? clock.offset(assumedDelay: .max)
                    _ = try? clock.driftPPM
                    _ = clock.isRateContradictory
                }
            }
        }
    }
}
