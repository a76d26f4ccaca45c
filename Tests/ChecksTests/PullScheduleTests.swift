// SPDX-License-Identifier: Apache-2.0
import Checks
import Testing
import Timekeeping

struct PullScheduleTests {
    typealias Schedule = PullSchedule<String>

    private static let second: Int64 = 1_000_000_000
    private let start = Instant(nanoseconds: 1_000_000 * PullScheduleTests.second)
    private static let stopped = CheckFailure(.stopped, "stopped", "")

    private func later(_ seconds: Int64) -> Instant {
        start.advanced(byNanoseconds: seconds * Self.second)
    }

    private func continuous(_ key: String, device: String? = nil) -> Schedule.Plan {
        Schedule.Plan(key: key, device: device ?? key, mode: .continuous)
    }

    @Test func `a continuous camera begins at once and again after a wait`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a")], at: start)
        #expect(schedule.steps(at: start) == [.begin("a")])
        #expect(schedule.state(of: "a") == .running)
        #expect(schedule.steps(at: later(1)) == [])
        schedule.ended("a", CheckFailure(.unreachable, "x", ""), loginFailures: 0, at: later(2))
        #expect(schedule.steps(at: later(3)) == [])
        #expect(schedule.steps(at: later(9)) == [.begin("a")])
    }

    @Test func `waits double up to a minute, and begin anew once it played`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a")], at: start)
        var now = start
        var waits: [Int64] = []
        var last = start
        for _ in 0..<8 {
            while schedule.steps(at: now) == [] { now = now.advanced(byNanoseconds: Self.second) }
            waits.append(now.nanoseconds(since: last) / Self.second)
            last = now
            schedule.ended("a", CheckFailure(.refuses, "x", ""), loginFailures: 0, at: now)
        }
        #expect(waits[0] == 0)
        #expect((5...7).contains(waits[1]))
        #expect((10...13).contains(waits[2]))
        #expect((60...73).contains(waits[7]))
        while schedule.steps(at: now) == [] { now = now.advanced(byNanoseconds: Self.second) }
        schedule.playing("a", at: now)
        now = now.advanced(byNanoseconds: 11 * Self.second)
        schedule.ended("a", CheckFailure(.noStream, "silent", ""), loginFailures: 0, at: now)
        let end = now
        while schedule.steps(at: now) == [] { now = now.advanced(byNanoseconds: Self.second) }
        #expect(now.nanoseconds(since: end) <= 7 * Self.second)
    }

    @Test func `one device has one session, and the one that waits longest is next`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set(
            [continuous("a", device: "d"), continuous("b", device: "d"), continuous("c")],
            at: start)
        #expect(schedule.steps(at: start) == [.begin("a"), .begin("c")])
        schedule.ended("a", CheckFailure(.refuses, "x", ""), loginFailures: 0, at: later(1))
        #expect(schedule.steps(at: later(1)) == [.begin("b")])
        #expect(schedule.steps(at: later(100)) == [])
    }

    @Test func `two refused logins leave the device alone until somebody says otherwise`() {
        var schedule = Schedule(seed: 1)
        let plans = [continuous("a", device: "d"), continuous("b", device: "d")]
        _ = schedule.set(plans, at: start)
        _ = schedule.steps(at: start)
        let refused = CheckFailure(.authentication, "auth-failed", "")
        schedule.ended("a", refused, loginFailures: 2, at: later(1))
        #expect(schedule.state(of: "a") == .blocked(.loginRefused(times: 2)))
        #expect(schedule.state(of: "b") == .blocked(.loginRefused(times: 2)))
        #expect(schedule.steps(at: later(1_000_000)) == [])
        // A reload of the settings is no word about the password.
        _ = schedule.set(plans, at: later(1_000_001))
        #expect(schedule.steps(at: later(1_000_002)) == [])
        schedule.unblock(device: "d")
        #expect(schedule.steps(at: later(1_000_003)).count == 1)
    }

    @Test func `single refusals of two sessions add up, unless the camera let in between`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a")], at: start)
        let refused = CheckFailure(.authentication, "refused", "")
        var now = start
        func begin() {
            while schedule.steps(at: now) == [] { now = now.advanced(byNanoseconds: Self.second) }
        }
        begin()
        schedule.ended("a", refused, loginFailures: 0, at: now)
        begin()
        schedule.playing("a", at: now)
        schedule.ended("a", refused, loginFailures: 0, at: now)
        #expect(schedule.state(of: "a") == .waiting)
        begin()
        schedule.ended("a", refused, loginFailures: 0, at: now)
        #expect(schedule.state(of: "a") == .blocked(.loginRefused(times: 2)))
    }

    @Test func `missing credentials block at once and a wrong network until settings change`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a"), continuous("b")], at: start)
        _ = schedule.steps(at: start)
        schedule.ended(
            "a", CheckFailure(.authentication, "credentials-missing", ""), loginFailures: 0,
            at: start)
        schedule.ended(
            "b", CheckFailure(.notAllowed, "not-allowed", ""), loginFailures: 0, at: start)
        #expect(schedule.state(of: "a") == .blocked(.credentials(word: "credentials-missing")))
        #expect(schedule.state(of: "b") == .blocked(.notAllowed))
        _ = schedule.set([continuous("a"), continuous("b")], at: later(100))
        #expect(schedule.steps(at: later(100)) == [.begin("b")])
    }

    @Test func `busy is waited for longer than any failure`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a")], at: start)
        _ = schedule.steps(at: start)
        schedule.ended("a", CheckFailure(.busy, "busy", ""), loginFailures: 0, at: start)
        #expect(schedule.steps(at: later(59)) == [])
        #expect(schedule.steps(at: later(73)) == [.begin("a")])
    }

    @Test func `beginnings are spread`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set((0..<100).map { continuous("cam\($0)") }, at: start)
        #expect(schedule.steps(at: start).count == 20)
        #expect(schedule.steps(at: later(0)).count == 0)
        #expect(schedule.steps(at: later(1)).count == 20)
        #expect(schedule.steps(at: later(100)).count == 20)
    }

    @Test func `a sample is taken once a period, in each at another moment, for its length`() {
        var schedule = Schedule(seed: 7)
        let mode = Schedule.Mode.usualSample
        _ = schedule.set([Schedule.Plan(key: "a", device: "a", mode: mode)], at: start)
        var begun: [Int64] = []
        var lengths: [Int64] = []
        for second in 0..<6000 {
            for step in schedule.steps(at: later(Int64(second))) {
                switch step {
                case .begin:
                    begun.append(Int64(second))
                    schedule.playing("a", at: later(Int64(second)))
                case .stop:
                    lengths.append(Int64(second) - (begun.last ?? 0))
                    schedule.ended("a", Self.stopped, loginFailures: 0, at: later(Int64(second)))
                }
            }
        }
        #expect((19...21).contains(begun.count))
        #expect(lengths.allSatisfy { $0 == 30 })
        let phases = Set(begun.map { ($0 + 1_000_000) % 300 })
        #expect(phases.count >= 15)
        #expect(schedule.missedSamples == 0)
    }

    @Test func `many sampled cameras do not come at once`() {
        var schedule = Schedule(seed: 3)
        let plans = (0..<1000).map {
            Schedule.Plan(key: "cam\($0)", device: "d\($0)", mode: .usualSample)
        }
        let period = Instant(nanoseconds: 300_000_000_000 * 10_000)
        _ = schedule.set(plans, at: period)
        var running: [String: Int] = [:]
        var most = 0
        for second in 0..<300 {
            let now = period.advanced(byNanoseconds: Int64(second) * Self.second)
            for step in schedule.steps(at: now) {
                switch step {
                case .begin(let key):
                    running[key] = second
                    schedule.playing(key, at: now)
                case .stop(let key):
                    running[key] = nil
                    schedule.ended(key, Self.stopped, loginFailures: 0, at: now)
                }
            }
            most = max(most, running.count)
        }
        // A tenth of the time each: a hundred on average.
        #expect((100...180).contains(most))
    }

    @Test func `samples that could not be taken are counted`() {
        var schedule = Schedule(seed: 7)
        _ = schedule.set([Schedule.Plan(key: "a", device: "a", mode: .usualSample)], at: start)
        _ = schedule.steps(at: start)
        _ = schedule.steps(at: later(3000))
        #expect((9...10).contains(schedule.missedSamples))
    }

    @Test func `what is no longer wanted is stopped and forgotten`() {
        var schedule = Schedule(seed: 1)
        _ = schedule.set([continuous("a"), continuous("b")], at: start)
        _ = schedule.steps(at: start)
        #expect(schedule.set([continuous("b")], at: later(1)) == [.stop("a")])
        schedule.ended("a", Self.stopped, loginFailures: 0, at: later(2))
        #expect(schedule.set([continuous("b")], at: later(3)) == [])
        #expect(schedule.state(of: "a") == .unknown)
        #expect(schedule.state(of: "b") == .running)
    }

    @Test func `the same seed gives the same steps`() {
        func run(_ seed: UInt64) -> [Schedule.Step] {
            var schedule = Schedule(seed: seed)
            let plans = (0..<50).map {
                Schedule.Plan(key: "cam\($0)", device: "d\($0)", mode: .usualSample)
            }
            _ = schedule.set(plans, at: start)
            return (0..<300).flatMap { schedule.steps(at: later($0)) }
        }
        #expect(run(5) == run(5))
        #expect(run(5) != run(6))
    }
}
