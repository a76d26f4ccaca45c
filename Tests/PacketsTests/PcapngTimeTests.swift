// SPDX-License-Identifier: Apache-2.0

import Testing
import Timekeeping

@testable import Packets

@Suite struct PcapngTimeTests {
    private func nanoseconds(_ units: UInt64, resolution: UInt8?, offset: Int64 = 0) -> Int64 {
        var time = PcapngTime()
        if let resolution { time.setResolution(resolution) }
        time.setOffset(seconds: offset)
        return time.instant(units).nanoseconds
    }

    @Test(
        arguments: [
            (1, nil, 1_000), (7, 6, 7_000), (7, 9, 7), (7, 0, 7_000_000_000), (7_999, 12, 7),
            (12_345_678_901, 19, 1), (.max, 29, 0), (.max, 127, 0), (3, 0x80, 3_000_000_000),
            (3, 0x81, 1_500_000_000), (1 << 32 | 1 << 31, 0x80 | 32, 1_500_000_000),
            (.max, 0x80 | 63, 1_999_999_999), (.max, 0x80 | 64, 999_999_999), (.max, 0xff, 0),
        ] as [(UInt64, UInt8?, Int64)])
    func `units of ten and of two become nanoseconds`(
        units: UInt64, resolution: UInt8?, expected: Int64
    ) {
        #expect(nanoseconds(units, resolution: resolution) == expected)
    }

    @Test func `the offset is added in seconds`() {
        #expect(nanoseconds(1, resolution: 9, offset: 5) == 5_000_000_001)
        #expect(nanoseconds(1, resolution: 9, offset: -5) == -4_999_999_999)
    }

    @Test func `what leaves the range sticks to its end`() {
        #expect(nanoseconds(.max, resolution: 0) == .max)
        #expect(nanoseconds(.max, resolution: 0x80) == .max)
        #expect(nanoseconds(.max, resolution: 9) == .max)
        #expect(nanoseconds(0, resolution: 9, offset: .max) == .max)
        #expect(nanoseconds(0, resolution: 9, offset: .min) == .min)
    }

    @Test func `no resolution traps`() {
        for resolution in UInt8.min...UInt8.max {
            for units in [0, 1, 1 << 31, 1 << 63, .max] as [UInt64] {
                #expect(nanoseconds(units, resolution: resolution) >= 0)
            }
        }
    }
}
