// SPDX-License-Identifier: Apache-2.0
import Foundation
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Agreements

/// Speed, told with figures worth having where `KUZET_LONG=1` is set, in a release build; a
/// hundredth of the work else, so that the road itself is always tried.
@Suite struct JudgeBench {
    private static let hours: Int64 = isLong ? 1000 : 10
    private static let cameras = isLong ? 10_000 : 100

    @Test func `a camera's year goes through the judge`() {
        var feed = Feed()
        feed.add(0, 3600, holes: [(1800, 1860)])
        var judge = Judge()
        var count = 0
        var spans = 0
        let time = processorTime {
            for hour in 0..<Self.hours as Range<Int64> {
                for (vantage, observation) in feed.observations {
                    var moved = observation
                    moved.measurement.move(by: hour * 3600 * second)
                    _ = judge.take(moved, from: vantage, thresholds: .annex2)
                    count += 1
                }
                spans += judge.drain().count
            }
        }
        print("judge: \(count) observations, \(time / Int64(count)) ns each, \(spans) spans")
        let copying = processorTime {
            var sum: Int64 = 0
            for hour in 0..<Self.hours as Range<Int64> {
                for (_, observation) in feed.observations {
                    var moved = observation
                    moved.measurement.move(by: hour * 3600 * second)
                    sum &+= moved.range.start.nanoseconds
                }
            }
            #expect(sum != 1)
        }
        print("of which making them: \(copying / Int64(count)) ns each")
        print("checkpoint: \(judge.checkpoint.count) bytes")
        #expect(spans > Self.hours)
    }

    @Test func `a month of many cameras becomes an account`() {
        var system = TestSystem((0..<Self.cameras).map { ($0 / 10, $0 / 40) })
        var random = SeededRandom(seed: 1)
        let month: Int64 = 30 * 86_400
        for camera in 0..<Self.cameras {
            var time: Int64 = 0
            for index in 0..<30 as Range<Int64> {
                let length = month / 30 - 600 + random.below(1200)
                time = min(month, time + length)
                let condition: Condition =
                    index % 2 == 0
                    ? .up
                    : random.pick([.down(.silence), .unknown(.notObserved), .degraded([.loss])])
                system.say(camera, until: time, condition)
            }
        }
        for index in 0..<100 {
            system.plan("work-\(index)", .all, Int64(index) * 20_000, Int64(index) * 20_000 + 7200)
        }
        var account: Account?
        let time = processorTime { account = system.account(0, month) }
        print("account: \(Self.cameras) cameras, 30 spans each: \(time / 1_000_000) ms")
        #expect(account?.cameras.count == Self.cameras)
    }
}

/// Processor time of this thread, ns: what other programs do does not count.
private func processorTime(_ work: () -> Void) -> Int64 {
    func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    let start = now()
    work()
    return now() - start
}

extension Measurements.Measurement {
    fileprivate mutating func move(by nanoseconds: Int64) {
        range = TimeRange(
            start: range.start.advanced(byNanoseconds: nanoseconds), nanoseconds: range.nanoseconds)
        firstPacket = firstPacket?.advanced(byNanoseconds: nanoseconds)
        lastPacket = lastPacket?.advanced(byNanoseconds: nanoseconds)
        frames.firstArrival = frames.firstArrival?.advanced(byNanoseconds: nanoseconds)
        frames.lastArrival = frames.lastArrival?.advanced(byNanoseconds: nanoseconds)
    }
}
