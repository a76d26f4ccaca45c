// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct ObservationNumbersTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `whatever is kept comes back to the bit from row and from block`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let zstandard = try #require(Zstandard())
        let hour: Int64 = 495_000
        for _ in 0..<60 {
            var rows: [ObservationRow] = []
            var originals: [Observation] = []
            let origin = hour * ObservationBlock.hourNanoseconds
            for place in 0..<Int64.random(in: 1...40, using: &random) {
                let start =
                    origin + place * 10_000_000_000 + Int64.random(in: 0..<9, using: &random)
                let observation = Observation.anything(start: start, using: &random).kept
                #expect(observation.kept == observation, "seed \(seed)")
                originals.append(observation)
                let row = ObservationRow(
                    view: 7, start: start, source: 1, sequence: random.next(),
                    observation: observation)
                let read = try ObservationRow(
                    view: 7, start: start, source: 1, sequence: row.sequence, body: row.body)
                #expect(read == row, "seed \(seed)")
                rows.append(row)
            }
            let packed = try ObservationBlock(
                .hour(hour, view: 7), rows: rows, maximumLosses: rows.map(\.start)
            ).packed(by: zstandard)
            let block = try ObservationBlock(
                .hour(hour, view: 7), packed: packed, by: zstandard)
            #expect(block.maximumLosses == rows.map(\.start), "seed \(seed)")
            #expect(block.rows == rows, "seed \(seed)")
            #expect(try block.rows.map { try $0.observation() } == originals, "seed \(seed)")
        }
    }

    @Test func `a changed octet of a row is found`() throws {
        var random = Seeded(seed: 9)
        let observation = Observation.anything(start: 0, using: &random).kept
        let row = ObservationRow(
            view: 3, start: 0, source: 1, sequence: 5, observation: observation)
        let body = row.body
        for place in body.indices {
            for bit in 0..<8 {
                var changed = body
                changed[place] ^= 1 << bit
                #expect(throws: PackingFault.self) {
                    try ObservationRow(view: 3, start: 0, source: 1, sequence: 5, body: changed)
                }
            }
        }
        #expect(throws: PackingFault.self) {
            try ObservationRow(view: 4, start: 0, source: 1, sequence: 5, body: body)
        }
    }

    @Test func `a changed octet of a block is found`() throws {
        var random = Seeded(seed: 10)
        let zstandard = try #require(Zstandard())
        let rows = (0..<20).map { place in
            ObservationRow(
                view: 3, start: place, source: 1, sequence: 5,
                observation: Observation.anything(start: place, using: &random).kept)
        }
        let packed = try ObservationBlock(
            .hour(0, view: 3), rows: rows, maximumLosses: rows.map { _ in 200_000 }
        ).packed(by: zstandard)
        var unnoticed = 0
        for place in packed.indices {
            var changed = packed
            changed[place] ^= 0x10
            if let block = try? ObservationBlock(
                .hour(0, view: 3), packed: changed, by: zstandard)
            {
                // zstd has a reserved bit or two that mean nothing.
                #expect(block.rows == rows)
                unnoticed += 1
            }
        }
        #expect(unnoticed < 10)
        #expect(throws: PackingFault.wrongKey) {
            try ObservationBlock(
                .hour(0, view: 4), packed: unsealed(packed, view: 4), by: zstandard)
        }
        #expect(throws: PackingFault.checksum) {
            try ObservationBlock(.hour(0, view: 4), packed: packed, by: zstandard)
        }
    }

    /// The block with a seal that fits another view.
    func unsealed(_ packed: [UInt8], view: Int64) -> [UInt8] {
        let end = packed[1..<9].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        var writer = ByteWriter()
        writer.octets(packed[..<9])
        writer.fixed32(BlockStretch.hour(0, view: view).checksum(with: Int64(bitPattern: end)))
        writer.octets(packed[13...])
        return writer.bytes
    }
}
