// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct ObservationBlockTests {
    static func rows(noisy: Bool, count: Int = 360) -> [ObservationRow] {
        var camera = NoisyCamera(seed: 1, isNoisy: noisy)
        return (0..<count).map { place in
            let start =
                495_000 * ObservationBlock.hourNanoseconds + Int64(place) * NoisyCamera.interval
            return ObservationRow(
                view: 1, start: start, source: 1, sequence: UInt64(1 + place * 500),
                observation: camera.next(start: start).kept)
        }
    }

    func packed(_ stretch: BlockStretch, _ rows: [ObservationRow]) throws -> [UInt8] {
        let zstandard = try #require(Zstandard())
        return try ObservationBlock(
            stretch, rows: rows, maximumLosses: rows.map { _ in 200_000 }
        ).packed(by: zstandard)
    }

    @Test(arguments: [(true, 8_000), (false, 400)])
    func `an hour of a noisy camera takes at most 22 octets an interval`(
        noisy: Bool, limit: Int
    ) throws {
        let rows = Self.rows(noisy: noisy)
        #expect(try packed(.hour(495_000, view: 1), rows).count <= limit)
    }

    @Test(arguments: [(true, 8_640 * 39 / 2), (false, 600)])
    func `a day of a noisy camera takes at most 19,5 octets an interval and comes back`(
        noisy: Bool, limit: Int
    ) throws {
        let rows = Self.rows(noisy: noisy, count: 8_640)
        let day = BlockStretch.day(495_000 / 24, view: 1)
        let packed = try packed(day, rows)
        #expect(packed.count <= limit)
        let zstandard = try #require(Zstandard())
        #expect(try ObservationBlock(day, packed: packed, by: zstandard).rows == rows)
        #expect(
            try ObservationBlock.latestEnd(day, packed: Array(packed.prefix(13)))
                == rows.last?.end)
    }

    @Test func `a row is found by its start and by nothing else`() throws {
        let rows = Self.rows(noisy: false)
        let block = ObservationBlock(
            .hour(495_000, view: 1), rows: rows, maximumLosses: rows.map { _ in 0 })
        for row in rows {
            #expect(block.row(startingAt: row.start) == row)
            #expect(block.row(startingAt: row.start + 1) == nil)
        }
        #expect(block.row(startingAt: .min) == nil)
        #expect(block.row(startingAt: .max) == nil)
    }
}
