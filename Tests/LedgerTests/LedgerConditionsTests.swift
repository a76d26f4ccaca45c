// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements
import Registry
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerConditionsTests {
    func range(_ from: Int64, _ to: Int64) -> TimeRange {
        TimeRange(start: Instant(nanoseconds: from), nanoseconds: to - from)
    }

    func span(_ from: Int64, _ to: Int64, _ condition: Condition = .up) -> ConditionSpan {
        ConditionSpan(range: range(from, to), condition: condition)
    }

    @Test func `equal neighbours become one and a range is cut out of the middle`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let one = try camera(1)
        for place in Int64(0)..<10 {
            try ledger.replaceConditions(
                of: one, in: range(place * 10, place * 10 + 10),
                with: [span(place * 10, place * 10 + 10)])
        }
        #expect(try ledger.conditions(of: one, in: range(0, 200)) == [span(0, 100)])
        try ledger.replaceConditions(
            of: one, in: range(30, 60),
            with: [span(30, 40), span(40, 55, .down(.silence)), span(55, 60)])
        #expect(
            try ledger.conditions(of: one, in: range(0, 200)) == [
                span(0, 40), span(40, 55, .down(.silence)), span(55, 100),
            ])
        #expect(
            try ledger.conditions(of: one, in: range(50, 57)) == [
                span(50, 55, .down(.silence)), span(55, 57),
            ])
        try ledger.replaceConditions(of: one, in: range(40, 55), with: [span(40, 55)])
        #expect(try ledger.conditions(of: one, in: range(0, 200)) == [span(0, 100)])
        try ledger.replaceConditions(of: one, in: range(20, 30), with: [])
        #expect(
            try ledger.conditions(of: one, in: range(0, 200)) == [span(0, 20), span(30, 100)])
        #expect(try ledger.conditions(of: camera(2), in: range(0, 200)).isEmpty)
    }

    @Test func `checkpoints in the range are replaced and others stay`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let one = try camera(1)
        func at(_ time: Int64) throws -> Int64? {
            try ledger.checkpoint(of: one, atOrBefore: Instant(nanoseconds: time))?
                .0.nanoseconds
        }
        try ledger.replaceConditions(
            of: one, in: range(0, 100), with: [],
            checkpoints: [10, 50, 100].map { (Instant(nanoseconds: $0), [UInt8($0)]) })
        #expect(try [5, 10, 49, 50, 1_000].map(at) == [nil, 10, 10, 50, 100])
        try ledger.replaceConditions(
            of: one, in: range(10, 60), with: [],
            checkpoints: [(Instant(nanoseconds: 55), [1, 2])])
        #expect(try [10, 50, 55, 99, 100].map(at) == [10, 10, 55, 55, 100])
        let found = try ledger.checkpoint(of: one, atOrBefore: Instant(nanoseconds: 60))
        #expect(found?.1 == [1, 2])
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func `any replacements leave what a list of instants would`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let one = try camera(1)
        let kinds: [Condition] = [
            .up, .down(.loss), .unknown(.probeDrops), .degraded([.bitrate, .resolution]),
        ]
        var model = [Condition?](repeating: nil, count: 200)
        for _ in 0..<60 {
            let from = Int64.random(in: 0..<190, using: &random)
            let to = Int64.random(in: from...200, using: &random)
            var spans: [ConditionSpan] = []
            var at = from
            for place in from..<to { model[Int(place)] = nil }
            while at < to {
                let end = Int64.random(in: at...to, using: &random)
                if let kind = kinds.randomElement(using: &random),
                    Int.random(in: 0..<4, using: &random) > 0
                {
                    spans.append(span(at, end, kind))
                    for place in at..<end { model[Int(place)] = kind }
                }
                at = max(at + 1, end)
            }
            try ledger.replaceConditions(of: one, in: range(from, to), with: spans)
            var found = [Condition?](repeating: nil, count: 200)
            let all = try ledger.conditions(of: one, in: range(0, 200))
            for span in all {
                for place in span.range.start.nanoseconds..<span.range.end.nanoseconds {
                    found[Int(place)] = span.condition
                }
            }
            try #require(found == model, "seed \(seed)")
            for (left, right) in zip(all, all.dropFirst()) {
                let isJoinable =
                    left.range.end == right.range.start && left.condition == right.condition
                try #require(!isJoinable, "seed \(seed)")
            }
        }
    }
}
