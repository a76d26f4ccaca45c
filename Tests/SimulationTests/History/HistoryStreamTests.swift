// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Simulation

@Suite struct HistoryStreamTests {
    private static let plan = HistoryPlanTests.plan

    /// A stretch of that many seconds that begins so long before `instant`.
    private func around(_ instant: Instant, before: Int64, seconds: Int64) -> TimeRange {
        let start = instant.floored(toNanoseconds: 10_000_000_000)
            .advanced(byNanoseconds: -before * 1_000_000_000)
        return TimeRange(start: start, nanoseconds: seconds * 1_000_000_000)
    }

    @Test func `a stretch measured whole is the sum of its parts`() throws {
        for camera in 0..<20 {
            let stream = HistoryStream(plan: Self.plan, camera: camera)
            let silence = try #require(stream.silences.ranges.first)
            let whole = around(silence.start, before: 30, seconds: 120)
            let once = stream.measurement(over: whole, watchedSince: simulatedYear.start)
                .measurement
            var sum: Measurement?
            for part in 0..<12 {
                let range = TimeRange(
                    start: whole.start.advanced(byNanoseconds: Int64(part) * 10_000_000_000),
                    nanoseconds: 10_000_000_000)
                let piece = stream.measurement(over: range, watchedSince: simulatedYear.start)
                if sum == nil { sum = piece.measurement } else { sum?.merge(piece.measurement) }
            }
            #expect(sum?.frames.count == once.frames.count)
            #expect(sum?.frames.firstArrival == once.frames.firstArrival)
            #expect(sum?.frames.lastArrival == once.frames.lastArrival)
            #expect(sum?.packets.expected == once.packets.expected)
            #expect(
                sum?.frames.largestGapNanoseconds == once.frames.largestGapNanoseconds,
                "camera \(camera)")
        }
    }

    @Test func `an untroubled minute has 1,500 frames or one more or less`() {
        let stream = HistoryStream(plan: Self.plan, camera: 0)
        let minute = TimeRange(start: simulatedYear.start, nanoseconds: 60_000_000_000)
        let measured = stream.measurement(over: minute, watchedSince: minute.start).measurement
        #expect((1499...1501).contains(measured.frames.count))
        #expect(measured.packets.lost == 0)
        let bitrate = measured.octets.ip * 8 / 60
        #expect((5_900_000...6_100_000).contains(bitrate))
    }

    @Test func `the last frame before a silence and the first after it lie at its edges`() throws {
        let stream = HistoryStream(plan: Self.plan, camera: 3)
        let silence = try #require(stream.silences.ranges.first)
        let last = try #require(
            stream.lastFrame(before: silence.start, notBefore: simulatedYear.start))
        let first = stream.firstFrame(notBefore: silence.start)
        #expect(last < silence.start && silence.start.nanoseconds(since: last) <= 130_000_000)
        #expect(first >= silence.end && first.nanoseconds(since: silence.end) <= 130_000_000)
        // Seen from inside the silence it is the same frame.
        #expect(stream.lastFrame(before: silence.end, notBefore: simulatedYear.start) == last)
    }

    @Test func `heavy loss is above a fifth and light loss is not`() throws {
        for (kind, range) in [(Trouble.Kind.heavyLoss, 0.44...0.46), (.lightLoss, 0.09...0.11)] {
            let camera = try #require(
                Self.plan.own.firstIndex { $0.contains { $0.kind == kind } })
            let trouble = try #require(Self.plan.own[camera].first { $0.kind == kind })
            let stream = HistoryStream(plan: Self.plan, camera: camera)
            let first = TimeRange(start: trouble.range.start, nanoseconds: 10_000_000_000)
            let measured = stream.measurement(over: first, watchedSince: first.start).measurement
            let ratio = try #require(measured.packets.lossRatio)
            #expect(range.contains(ratio))
        }
    }
}
