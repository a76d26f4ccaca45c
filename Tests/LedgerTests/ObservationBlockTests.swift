// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct ObservationBlockTests {
    static func rows(noisy: Bool) -> [ObservationRow] {
        var camera = NoisyCamera(seed: 1, isNoisy: noisy)
        return (0..<360).map { place in
            let start =
                495_000 * ObservationBlock.hourNanoseconds + Int64(place) * NoisyCamera.interval
            return ObservationRow(
                view: 1, start: start, source: 1, sequence: UInt64(1 + place * 500),
                observation: camera.next(start: start).kept)
        }
    }

    @Test(arguments: [(true, 8_000), (false, 400)])
    func `an hour of a noisy camera takes at most 22 octets an interval`(
        noisy: Bool, limit: Int
    ) throws {
        let zstandard = try #require(Zstandard())
        let rows = Self.rows(noisy: noisy)
        let packed = try ObservationBlock(hour: 495_000, view: 1, rows: rows)
            .packed(by: zstandard)
        #expect(packed.count <= limit)
    }
}
