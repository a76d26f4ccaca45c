// SPDX-License-Identifier: Apache-2.0
import Checks
import Ledger
import Measurements
import Packets
import Testing
import Timekeeping

@testable import kuzet

@Suite struct CheckNoteTests {
    private static let now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    private static let host = IPAddress(192, 0, 2, 7)

    @Test func `an echo without an answer is unreachable, with one it is well`() {
        var echo = EchoResult(Self.host)
        echo.sent = 10
        let silent = CheckNote(.echo, echo, at: Self.now)
        #expect(silent.result == "unreachable" && silent.reason == "no-answer")
        #expect(silent.figures == ["loss_ratio": 1])
        echo.answered = 8
        echo.roundTripSum = 16_000_000
        echo.roundTripLeast = 1_000_000
        echo.roundTripGreatest = 5_000_000
        let note = CheckNote(.echo, echo, at: Self.now)
        #expect(note.isWell)
        #expect(note.text == "192.0.2.7 answers 8 of 10 echoes, 2.0 ms")
        #expect(note.figures["loss_ratio"] == 0.2 && note.figures["round_trip_max_ms"] == 5)
    }

    @Test func `test packets tell how both ways vary, not how long one takes`() throws {
        var result = STAMPResult(Endpoint(address: Self.host, port: 862))
        result.sent = 20
        result.answered = 19
        result.roundTripSum = 19_000_000
        result.lostForward = 1
        result.lostBackward = 0
        let note = CheckNote(result, at: Self.now)
        #expect(note.isWell && note.figures["loss_ratio"] == 0.05)
        #expect(note.figures["lost_forward"] == 1, "\(note.figures)")
        #expect(note.figures["lost_backward"] == 0)
        #expect(note.figures["round_trip_mean_ms"] == 1)
        #expect(note.text.hasPrefix("19 of 20 test packets came back"))
    }

    @Test func `the journal keeps the reason and the end of the dialogue`() {
        let failure = CheckFailure(.busy, "busy", "453 Not Enough Bandwidth")
        let note = CheckNote(.pull, failure, at: Self.now, evidence: ["> SETUP", "< 453"])
        #expect(
            note.event(of: "gate")
                == .other(
                    name: "check-changed",
                    details: [
                        "of": "gate", "check": "pull", "result": "busy", "reason": "busy",
                        "text": "453 Not Enough Bandwidth", "evidence": "< 453",
                    ]))
    }

    @Test func `the same finding is no news, another reason is`() {
        let busy = CheckNote(.pull, CheckFailure(.busy, "busy", "a"), at: Self.now)
        let later = CheckNote(
            .pull, CheckFailure(.busy, "busy", "b"), at: Self.now.advanced(byNanoseconds: 1))
        let refused = CheckNote(
            .pull, CheckFailure(.refuses, "connection-refused", ""), at: Self.now)
        #expect(busy.isSame(as: later) && !busy.isSame(as: refused) && !busy.isSame(as: nil))
    }

    @Test func `without a clock in step no camera's offset is known`() throws {
        let range = TimeRange(start: Self.now, nanoseconds: 10)
        var observation = Observation(
            measurement: Measurement(range: range),
            clock: ClockReading(offsetNanoseconds: 3, uncertaintyNanoseconds: 5))
        observation.hold(against: OwnClockNote(isInStep: true, uncertainty: 7, text: ""))
        #expect(observation.clock?.uncertaintyNanoseconds == 12)
        observation.hold(against: OwnClockNote(isInStep: false, text: ""))
        #expect(observation.clock == nil)
    }

    @Test func `the kernel and chrony say whether the own clock is in step`() throws {
        let kept = OwnClock(state: .synchronised, greatestError: 1, estimatedError: 2_000_000)
        let free = OwnClock(state: .unsynchronised)
        #expect(OwnClockNote(kept, nil).isInStep)
        #expect(OwnClockNote(kept, nil).uncertainty == 2_000_000)
        #expect(!OwnClockNote(free, nil).isInStep)
        let line =
            "A9FE0001,169.254.0.1,2,1700000000.0,0.000100000,0,0,0,0,0,0.020000000,0.001000000,64,Normal"
        let chrony = try #require(ChronyTracking(parsing: line))
        #expect(OwnClockNote(kept, chrony).isInStep)
        #expect(OwnClockNote(kept, chrony).uncertainty == 11_100_000)
        #expect(!OwnClockNote(free, chrony).isInStep)
        let far = try #require(
            ChronyTracking(parsing: line.replacing("0.020000000", with: "2.500000000")))
        #expect(!OwnClockNote(kept, far).isInStep)
    }
}
