// SPDX-License-Identifier: Apache-2.0
import Registry
import Testing

@testable import Reports

@Suite struct BudgetBarTests {
    static let hour = ChartSamples.hour

    static func bar(_ failure: Int64, _ works: Int64, _ unknown: Int64) -> BudgetBar {
        BudgetBar(
            limit: 50 * hour, failure: failure, maintenance: works, unknown: unknown, title: "",
            summary: "")
    }

    @Test func `the scale holds the limit and whatever is used`() {
        #expect(Self.bar(0, 0, 0).scale.high == 60 * Self.hour)
        #expect(Self.bar(70 * Self.hour, 0, 5 * Self.hour).scale.high == 80 * Self.hour)
        #expect(Self.bar(.max, .max, .max).scale.high == .max)
    }

    @Test func `parts follow each other and end where the sum does`() {
        let bar = Self.bar(12 * Self.hour, 6 * Self.hour, 12 * Self.hour)
        let parts = bar.parts(scale: bar.scale, width: 600_00)
        #expect(parts.map(\.start) == [0, 120_00, 180_00])
        #expect(parts.map(\.end) == [120_00, 180_00, 300_00])
        #expect(parts.map(\.state) == [.downFailure, .downMaintenance, .unknown])
    }

    @Test func `a second used is seen, and nothing used is not`() {
        let bar = Self.bar(1_000_000_000, 0, 0)
        #expect(bar.parts(scale: bar.scale, width: 600_00).map(\.end) == [1_00])
        let none = Self.bar(0, 0, 0)
        #expect(none.parts(scale: none.scale, width: 600_00).isEmpty)
    }

    @Test func `sums beyond 64 bits stay on the bar`() {
        let bar = Self.bar(.max, .max, .max)
        #expect(bar.parts(scale: bar.scale, width: 600_00).allSatisfy { $0.end <= 600_00 })
    }
}
