// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Ledger

@Suite struct LedgerObservationsTests {
    @Test func `what was appended is there after opening again`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        var expected: [Observation] = []
        var numbers: [ClosedRange<UInt64>] = []
        var noisy = NoisyCamera(seed: 4)
        for place in 0..<20 {
            let observation = noisy.next(start: Scratch.hour + Int64(place) * Scratch.tenSeconds)
            expected.append(observation.kept)
            numbers.append(
                try ledger.append([
                    NewObservation(
                        camera: camera(1), vantage: vantage(), observation: observation),
                    NewObservation(
                        camera: camera(2), vantage: vantage(), observation: observation),
                ]))
        }
        #expect(numbers.first == 1...2)
        #expect(numbers.last == 39...40)
        try ledger.close()
        let again = try scratch.open(.readOnly)
        let found = try again.observations(of: camera(1), in: wholeRange())
        #expect(found.map { $0.1 } == expected)
        #expect(try again.observations(of: camera(3), in: wholeRange()).isEmpty)
        #expect(try again.cameras() == [camera(1), camera(2)])
    }

    @Test func `what shares an instant with the range is found, whatever its length`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let quiet = plain(at: Scratch.hour, packets: 0, seconds: 3_600)
        let next = plain(at: Scratch.hour + ObservationBlock.hourNanoseconds)
        _ = try ledger.append(
            [quiet, next].map {
                NewObservation(camera: try camera(1), vantage: try vantage(), observation: $0)
            })
        func found(from: Int64, seconds: Int64) throws -> [Observation] {
            let range = TimeRange(
                start: Instant(nanoseconds: Scratch.hour + from * 1_000_000_000),
                nanoseconds: seconds * 1_000_000_000)
            return try ledger.observations(of: camera(1), in: range).map { $0.1 }
        }
        for _ in 0..<2 {
            #expect(try found(from: 3_000, seconds: 10) == [quiet.kept])
            #expect(try found(from: 3_599, seconds: 2) == [quiet.kept, next.kept])
            #expect(try found(from: 3_600, seconds: 1) == [next.kept])
            #expect(try found(from: 3_610, seconds: 1) == [])
            #expect(try found(from: -10, seconds: 10) == [])
            try ledger.closeHours(
                before: Instant(nanoseconds: Scratch.hour + 2 * ObservationBlock.hourNanoseconds))
        }
    }

    @Test func `two vantages of one interval are both kept and sorted`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let (first, second) = (plain(at: Scratch.hour), plain(at: Scratch.hour, packets: 3_000))
        _ = try ledger.append([
            NewObservation(
                camera: camera(1), vantage: vantage("b/eth1"), observation: second),
            NewObservation(camera: camera(1), vantage: vantage("a/eth1"), observation: first),
        ])
        let found = try ledger.observations(of: camera(1), in: wholeRange())
        #expect(try found.map { $0.0 } == [vantage("a/eth1"), vantage("b/eth1")])
        #expect(found.map { $0.1 } == [first.kept, second.kept])
    }

    @Test func `an observation longer than a day is refused with a reason`() throws {
        let scratch = try Scratch()
        let ledger = try scratch.open()
        let long = plain(at: Scratch.hour, seconds: 86_401)
        #expect {
            try ledger.append([
                NewObservation(camera: try camera(1), vantage: try vantage(), observation: long)
            ])
        } throws: {
            ($0 as? LedgerFault)?.kind == .beyondLimit
        }
        #expect(try ledger.cameras().isEmpty)
    }
}
