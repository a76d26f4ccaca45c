// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct ValueAxisTests {
    static func axis(_ low: Int64, _ high: Int64, base: Int64 = 1, atMost: Int = 5) -> ValueAxis {
        ValueAxis(from: low, through: high, base: base, atMost: atMost, unit: "u") { "\($0)" }
    }

    @Test(arguments: [
        (0, 10, [0, 2, 4, 6, 8, 10]), (0, 37, [0, 10, 20, 30, 40]), (0, 1, [0, 1]),
        (0, 0, [0, 1]), (-3, 3, [-4, -2, 0, 2, 4]), (95, 100, [95, 96, 97, 98, 99, 100]),
    ])
    func `ticks lie at round numbers`(_ low: Int64, _ high: Int64, _ expected: [Int64]) {
        #expect(Self.axis(low, high).ticks.map(\.value) == expected)
    }

    @Test func `steps are round in the unit that people read`() {
        let hour: Int64 = 3_600_000_000_000
        let axis = Self.axis(0, 55 * hour, base: hour, atMost: 8)
        #expect(axis.ticks.map { $0.value / hour } == [0, 10, 20, 30, 40, 50, 60])
    }

    @Test func `the ends of the range do not overflow`() {
        let axis = Self.axis(.min, .max)
        #expect(axis.low == .min && axis.high == .max)
        #expect(axis.ticks.count <= 7)
        #expect(axis.offset(of: 0, length: 100_00) == 50_00)
    }

    @Test func `a value beyond the scale lies at its end`() {
        let axis = Self.axis(0, 10)
        #expect(axis.offset(of: 5, length: 100_00) == 50_00)
        #expect(axis.offset(of: 50, length: 100_00) == 100_00)
        #expect(axis.offset(of: -1, length: 100_00) == 0)
    }
}
