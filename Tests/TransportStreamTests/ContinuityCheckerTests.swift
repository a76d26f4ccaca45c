// SPDX-License-Identifier: Apache-2.0
import Octets
import Testing

@testable import TransportStream

@Suite struct ContinuityCheckerTests {
    private func header(_ counter: UInt8, pid: UInt16 = 0x100, payload: Bool = true) throws
        -> TransportHeader
    {
        let bytes: [UInt8] = [
            0x47, UInt8(pid >> 8), UInt8(pid & 0xff), (payload ? 0x10 : 0x20) | counter & 0x0f,
        ]
        return try TransportHeader(bytes.span)
    }

    private func verdicts(_ counters: [UInt8], fingerprints: [UInt64]? = nil) throws
        -> [ContinuityChecker.Verdict]
    {
        var checker = ContinuityChecker()
        return try counters.enumerated().map { index, counter in
            checker.receive(
                try header(counter), isDiscontinuity: false,
                fingerprint: fingerprints?[index] ?? UInt64(counter))
        }
    }

    @Test func `sixteen packets and the wrap are in order`() throws {
        let counters = (0..<40).map { UInt8($0 & 15) }
        #expect(
            try verdicts(counters) == [.notJudged] + [_](repeating: .inOrder, count: 39))
    }

    @Test func `row 50: a packet may come twice, not three times`() throws {
        #expect(
            try verdicts([3, 4, 4, 5, 5, 5]) == [
                .notJudged, .inOrder, .duplicate, .inOrder, .duplicate, .jump(missing: 0),
            ])
    }

    @Test func `the same counter with another payload is a hole of fifteen packets`() throws {
        #expect(
            try verdicts([3, 3], fingerprints: [1, 2]) == [.notJudged, .jump(missing: 15)])
    }

    @Test func `row 50: only a jump that nothing announces is loss`() throws {
        var checker = ContinuityChecker()
        for (counter, announced) in [(0, false), (1, false), (5, false), (9, true), (10, false)] {
            _ = checker.receive(
                try header(UInt8(counter)), isDiscontinuity: announced, fingerprint: 0)
        }
        #expect(checker.errors == 1)
        #expect(checker.missingAtLeast == 3)
    }

    @Test func `a packet without payload leaves the counter where it was`() throws {
        var checker = ContinuityChecker()
        for (counter, payload) in [(7, true), (7, false), (7, false), (8, true), (8, false)] {
            let verdict = checker.receive(
                try header(UInt8(counter), payload: payload), isDiscontinuity: false,
                fingerprint: UInt64(counter))
            #expect(verdict == .inOrder || verdict == .notJudged)
        }
        #expect(checker.errors == 0)
        #expect(checker.duplicates == 0)
        let wrong = checker.receive(
            try header(9, payload: false), isDiscontinuity: false, fingerprint: 0)
        #expect(wrong == .jump(missing: 1))
    }

    @Test func `null packets are not judged`() throws {
        var checker = ContinuityChecker()
        for counter: UInt8 in [0, 9, 3, 3, 3] {
            let verdict = checker.receive(
                try header(counter, pid: 0x1fff), isDiscontinuity: false, fingerprint: 0)
            #expect(verdict == .notJudged)
        }
        #expect(checker.trackedPIDs == 0)
    }

    @Test func `row 51: of 8192 PIDs 64 are followed and the rest are counted`() throws {
        var checker = ContinuityChecker()
        for pid: UInt16 in 0..<8192 {
            for counter: UInt8 in [0, 5] {
                _ = checker.receive(
                    try header(counter, pid: pid), isDiscontinuity: false, fingerprint: 0)
            }
        }
        #expect(checker.trackedPIDs == 64)
        #expect(checker.errors == 64)
        #expect(checker.untrackedPackets == (8191 - 64) * 2)
    }

    @Test func `after a hole in the capture nothing is held against the sender`() throws {
        var checker = ContinuityChecker()
        _ = checker.receive(try header(1), isDiscontinuity: false, fingerprint: 0)
        checker.forget()
        let verdict = checker.receive(try header(9), isDiscontinuity: false, fingerprint: 0)
        #expect(verdict == .notJudged)
        #expect(checker.errors == 0)
    }
}
