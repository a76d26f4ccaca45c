// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Agreements

@Suite struct CriterionTests {
    @Test func `every criterion names its clause`() {
        let clauses = Criterion.allCases.map(\.clause)
        #expect(clauses == ["A2.1.1", "A2.1.2", "A2.1.3", "A2.1.4", "A2.6.2", "A2.7.5"])
    }

    @Test func `a set lists its criteria in the order of annex 2`() {
        let set: CriterionSet = [.clockOffset, .resolution, .frameRate]
        #expect(set.criteria == [.resolution, .frameRate, .clockOffset])
        #expect(set.rawValue == 0b01_0101)
    }

    @Test func `a condition reads back from its code, and nothing else does`() {
        let all: [Condition] =
            [.up] + FailureReason.allCases.map { .down($0) }
            + UnknownCause.allCases.map { .unknown($0) }
            + (1..<64).map { .degraded(CriterionSet(rawValue: $0)) }
        for condition in all {
            let (kind, detail) = condition.code
            #expect(Condition(kind: kind, detail: detail) == condition)
        }
        var readable = 0
        for kind in UInt8.min...UInt8.max {
            for detail in UInt8.min...UInt8.max where Condition(kind: kind, detail: detail) != nil {
                readable += 1
            }
        }
        #expect(readable == all.count)
    }
}
