// SPDX-License-Identifier: Apache-2.0
import Simulation
import Testing
import Timekeeping

@testable import kuzet

@Suite struct TruthFileTests {
    private static let plan = HistoryPlan(
        HistoryOptions(
            cameras: 16,
            range: TimeRange(
                start: Instant(nanoseconds: 1_767_207_600_000_000_000),
                nanoseconds: 60 * 86_400_000_000_000), seed: 5))

    @Test func `a truth written is the truth read`() throws {
        let truth = TruthFile(Self.plan)
        #expect(truth.lines.count > 20)
        #expect(try TruthFile(path: "t", text: truth.text) == truth)
    }

    @Test func `a line that cannot be read is named`() {
        let head =
            "# kuzet truth 1 seed 1 cameras 1 from 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z"
        let texts = [
            ("", "t:1: got \"\"; expected # kuzet truth 1 seed N cameras N from TIME to TIME"),
            (
                head + "\ncamera cam-0001\t2026-01-02T00:00:00Z\tnever\tdown\n",
                "t:2: got \"camera cam-0001\\t2026-01-02T00:00:00Z\\tnever\\tdown\";"
                    + " expected subject, from, to and state, separated by tabs"
            ),
        ]
        for (text, message) in texts {
            do {
                _ = try TruthFile(path: "t", text: text)
                Issue.record("a broken truth was read")
            } catch {
                #expect("\(error)" == message)
            }
        }
    }

    @Test func `a comparison finds what is missing, what is too many and what agrees`() {
        func line(_ subject: String, _ start: Int64) -> TruthFile.Line {
            TruthFile.Line(
                subject: subject,
                range: TimeRange(start: Instant(nanoseconds: start), nanoseconds: 10), what: "down")
        }
        let truth = [line("a", 1), line("a", 20), line("b", 1)]
        let account = [line("a", 1), line("a", 21), line("b", 1), line("c", 1)]
        let comparison = TruthComparison(truth: truth, account: account)
        #expect(comparison.agreed == 2)
        #expect(comparison.missing == [line("a", 20)])
        #expect(comparison.surplus == [line("a", 21), line("c", 1)])
        #expect(!comparison.agrees)
        #expect(TruthComparison(truth: truth, account: truth).agrees)
        #expect(!TruthComparison(truth: [], account: []).agrees, "nothing compared proves nothing")
    }
}
