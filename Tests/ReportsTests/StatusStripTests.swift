// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing
import Timekeeping

@testable import Reports

@Suite struct StatusStripTests {
    static let second: Int64 = 1_000_000_000
    static let start = Instant(nanoseconds: 1_790_000_000_000_000_000)

    /// A period of `seconds` with spans told in seconds from its start.
    static func strip(
        _ seconds: Int64, _ spans: [(Int64, Int64, StatusStrip.State)], width: Int = 100_00
    ) -> StatusStrip {
        StatusStrip(
            period: TimeRange(start: start, nanoseconds: seconds * second),
            spans: spans.map { from, to, state in
                let begin = start.advanced(byNanoseconds: from * second)
                return .init(TimeRange(start: begin, nanoseconds: (to - from) * second), state)
            }, title: "t", summary: "s", width: width)
    }

    @Test func `durations become widths exactly`() {
        let runs = Self.strip(1000, [(0, 400, .up), (400, 650, .downFailure), (650, 1000, .up)])
            .runs(width: 100_00)
        #expect(runs.map(\.start) == [0, 40_00, 65_00])
        #expect(runs.map(\.end) == [40_00, 65_00, 100_00])
        #expect(runs.map(\.state) == [.up, .downFailure, .up])
    }

    @Test func `an outage of a millisecond in a year is a pixel wide`() {
        var strip = Self.strip(365 * 86_400, [(0, 365 * 86_400, .up)])
        let moment = Self.start.advanced(byNanoseconds: 180 * 86_400 * Self.second)
        strip.spans.append(.init(TimeRange(start: moment, nanoseconds: 1_000_000), .downFailure))
        let runs = strip.runs(width: 680_00)
        #expect(runs.count == 3)
        #expect(runs[1].state == .downFailure)
        #expect(runs[1].end - runs[1].start == 1_00)
        #expect(runs[1].start == Int(Int128(180) * 680_00 / 365))
    }

    @Test func `an outage at the very end is drawn inside`() {
        let runs = Self.strip(100_000, [(0, 99_999, .up), (99_999, 100_000, .downFailure)])
            .runs(width: 100_00)
        #expect(runs.last == .init(start: 99_00, end: 100_00, state: .downFailure))
    }

    @Test func `where marks overlap the worse state wins`() {
        let runs = Self.strip(
            100_000,
            [
                (0, 100_000, .up), (50_000, 50_010, .degraded), (50_010, 50_020, .downFailure),
                (50_020, 50_030, .unknown),
            ]
        ).runs(width: 100_00)
        #expect(runs.filter { $0.state == .downFailure }.map { $0.end - $0.start } == [1_00])
        #expect(!runs.contains { $0.state == .unknown && $0.end - $0.start >= 1_00 })
    }

    @Test func `time that no span covers is unknown`() {
        let runs = Self.strip(100, [(10, 20, .up)]).runs(width: 100_00)
        #expect(runs.map(\.state) == [.unknown, .up, .unknown])
        #expect(Self.strip(100, []).runs(width: 100_00).map(\.end) == [100_00])
    }

    @Test func `what lies outside the period is cut off`() {
        let runs = Self.strip(100, [(-50, 50, .up), (50, 400, .downMaintenance)])
            .runs(width: 100_00)
        #expect(runs.map(\.start) == [0, 50_00])
        #expect(runs.map(\.end) == [50_00, 100_00])
    }

    @Test func `runs fill the width whatever the history and its order`() {
        let seed: UInt64 = 20_261_122
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_500 {
            let seconds = Int64.random(in: 1...40_000_000, using: &random)
            var spans: [(Int64, Int64, StatusStrip.State)] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let from = Int64.random(in: -10...seconds, using: &random)
                let length = Int64.random(in: 1...max(1, seconds / 20), using: &random)
                let state = StatusStrip.State.allCases.randomElement(using: &random) ?? .up
                spans.append((from, from + length, state))
            }
            let width = Int.random(in: 1_00...700_00, using: &random)
            let runs = Self.strip(seconds, spans).runs(width: width)
            #expect(runs.reduce(0) { $0 + $1.end - $1.start } == width, "seed \(seed)")
            #expect(runs.first?.start == 0 && runs.last?.end == width, "seed \(seed)")
            for (left, right) in zip(runs, runs.dropFirst()) {
                #expect(left.end == right.start && left.state != right.state, "seed \(seed)")
            }
            #expect(
                Self.strip(seconds, spans.shuffled(using: &random)).runs(width: width) == runs,
                "seed \(seed)")
            // Whatever is worst of all is seen.
            let inside = spans.filter { $0.1 > 0 && $0.0 < seconds }.map(\.2)
            if let worst = inside.max(), worst > .unknown {
                #expect(runs.map(\.state).max() == worst, "seed \(seed)")
            }
        }
    }

    @Test func `a strip of a busy month stays within four kilobytes`() {
        let svg = ChartSamples.strip(.english, isBare: true).svg(prefix: "s")
        #expect(svg.utf8.count <= 4_096, "\(svg.utf8.count) octets")
        // Even a camera that fails every hour of a month is bounded by the pixels.
        var spans: [(Int64, Int64, StatusStrip.State)] = []
        for half in Int64(0)..<1488 {
            let state = half % 2 == 0 ? StatusStrip.State.up : .downFailure
            spans.append((half * 1800, half * 1800 + 1800, state))
        }
        let worst = Self.strip(744 * 3600, spans, width: 240_00).svg(prefix: "s")
        #expect(worst.utf8.count <= 16_384, "\(worst.utf8.count) octets")
    }
}
