// SPDX-License-Identifier: Apache-2.0
import Agreements
import Checks
import Measurements
import RTSP
import Registry
import Streams
import Testing
import Timekeeping

@testable import kuzet

@Suite struct PullObserverTests {
    private let camera: CameraID
    private let pull: PullID
    private var loop: CheckLoop
    private var observer = PullObserver()

    init() throws {
        camera = try #require(CameraID("gate"))
        // The one way to a number: a pull that ends at once, as nothing is allowed.
        loop = try CheckLoop(seed: 1)
        pull = loop.begin(
            PullRequest(
                url: .init(host: "192.0.2.1", path: "/"), allowed: AllowedAddresses([]),
                hash: digestHash))
    }

    /// A moment of the test, in seconds from a full interval on.
    private static func at(_ seconds: Double) -> Instant {
        Instant(nanoseconds: 1_700_000_000_000_000_000 + Int64((seconds * 1e9).rounded()))
    }

    /// What a meter tells of one interval: 25 frames a second from `first` to `last`.
    private static func report(
        _ interval: Double, from first: Double, to last: Double, kind: MediaKind = .video
    ) throws -> StreamReport {
        let range = try #require(TimeRange(start: at(interval), end: at(interval + 10)))
        var measurement = Measurement(range: range)
        measurement.packets.received = UInt64((last - first) * 500)
        measurement.packets.unique = measurement.packets.received
        measurement.packets.expected = measurement.packets.received
        measurement.octets.ip = measurement.packets.received * 1_400
        measurement.frames.count = UInt64((last - first) * 25)
        measurement.frames.largestGapNanoseconds = 40_000_000
        measurement.firstPacket = at(first)
        measurement.lastPacket = at(last)
        measurement.frames.firstArrival = at(first)
        measurement.frames.lastArrival = at(last)
        var report = StreamReport(
            identity: StreamIdentity(
                source: "192.0.2.1:554", destination: "192.0.2.9:4000", ssrc: 1,
                transport: .rtpRTSPTCP, vlan: [], interleavedChannel: 0),
            total: measurement)
        report.medium.kind = kind
        return report
    }

    /// Seconds of each range, and the frames in it.
    private static func seen(_ records: [CameraObservation]) -> [String] {
        records.map { record in
            let range = record.observation.range
            func seconds(_ instant: Instant) -> String {
                DecimalText.plain(Double(instant.nanoseconds(since: at(0))) / 1e9)
            }
            let evidence = record.observation.evidence == .sampled ? " sampled" : ""
            return "\(seconds(range.start))..\(seconds(range.end)) "
                + "\(record.observation.measurement.frames.count)\(evidence)"
        }
    }

    private static let refused = CheckFailure(.refuses, "connection-refused", "refused")

    @Test mutating func `a session is known from its first packet to its end`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(1))
        observer.note(pull, try Self.report(0, from: 2, to: 9.9))
        observer.advance(to: Self.at(10))
        observer.note(pull, try Self.report(10, from: 10, to: 14))
        observer.end(pull, CheckFailure(.noStream, "closed", "closed"), at: Self.at(15))
        let seen = Self.seen(observer.take())
        #expect(seen == ["2..10 197", "10..15 100"])
    }

    @Test mutating func `an interval closed by a packet waits until it is settled`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.note(pull, try Self.report(0, from: 0, to: 9.9))
        // A packet of the next interval came, and a fifth of a second is not over yet.
        observer.advance(to: Self.at(9.93))
        let early = observer.take()
        observer.advance(to: Self.at(10.93))
        let seen = Self.seen(observer.take())
        #expect(early.isEmpty)
        #expect(seen == ["0..10 247"])
    }

    @Test mutating func `a session in which nothing comes is silent`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.note(pull, try Self.report(0, from: 1, to: 5))
        observer.advance(to: Self.at(31))
        let seen = Self.seen(observer.take())
        #expect(seen == ["1..10 100", "10..20 0", "20..30 0"])
    }

    @Test mutating func `sound is no video`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.note(pull, try Self.report(0, from: 1, to: 9, kind: .audio))
        observer.advance(to: Self.at(20))
        let seen = observer.take()
        #expect(seen.isEmpty)
    }

    @Test mutating func `between two attempts that fail the camera is silent, by sample`() {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.end(pull, Self.refused, at: Self.at(2))
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(7))
        observer.end(pull, Self.refused, at: Self.at(12))
        let seen = Self.seen(observer.take())
        #expect(seen == ["0..2 0", "2..7 0 sampled", "7..10 0", "10..12 0"])
    }

    @Test mutating func `between one that fails and one that plays nobody knows`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.end(pull, Self.refused, at: Self.at(2))
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(7))
        observer.note(pull, try Self.report(0, from: 8, to: 9))
        observer.end(pull, Self.refused, at: Self.at(9.5))
        let seen = Self.seen(observer.take())
        #expect(seen == ["0..2 0", "8..9.5 25"])
    }

    @Test(arguments: [
        CheckFailure(.authentication, "auth-failed", ""), CheckFailure(.busy, "busy", ""),
        CheckFailure(.probe, "no-network", ""), CheckFailure(.notAllowed, "not-allowed", ""),
        CheckFailure(.unreachable, "unknown-name", ""),
        CheckFailure(.refuses, "redirected", ""), CheckFailure(.refuses, "certificate", ""),
    ])
    mutating func `what says nothing of the video is no evidence`(failure: CheckFailure) {
        for start in [0.0, 10, 20] {
            observer.begin(pull, of: camera, evidence: .observed, at: Self.at(start))
            observer.end(pull, failure, at: Self.at(start + 5))
        }
        let seen = observer.take()
        #expect(seen.isEmpty)
    }

    @Test mutating func `attempts too far apart say nothing of the time between`() {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.end(pull, Self.refused, at: Self.at(1))
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(152))
        observer.end(pull, Self.refused, at: Self.at(153))
        let seen = Self.seen(observer.take())
        #expect(seen == ["0..1 0", "152..153 0"])
    }

    @Test mutating func `a sample ends when the probe ends it, and what follows is not missed`()
        throws
    {
        observer.begin(pull, of: camera, evidence: .sampled, at: Self.at(0))
        observer.note(pull, try Self.report(0, from: 1, to: 9))
        observer.stopping(pull, at: Self.at(8.5))
        observer.end(pull, CheckFailure(.stopped, "stopped", ""), at: Self.at(9.6))
        observer.begin(pull, of: camera, evidence: .sampled, at: Self.at(60))
        observer.end(pull, Self.refused, at: Self.at(61))
        let seen = Self.seen(observer.take())
        #expect(seen == ["1..9 200 sampled", "60..61 0 sampled"])
    }

    @Test mutating func `what was under way when the clock was set is not told`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        observer.note(pull, try Self.report(0, from: 1, to: 9))
        observer.forget()
        observer.end(pull, Self.refused, at: Self.at(3600))
        let seen = observer.take()
        #expect(seen.isEmpty)
    }

    @Test mutating func `a camera that dies is down from its last frame on`() throws {
        observer.begin(pull, of: camera, evidence: .observed, at: Self.at(0))
        for start in stride(from: 0.0, to: 60, by: 10) {
            observer.note(pull, try Self.report(start, from: start, to: start + 9.999))
            observer.advance(to: Self.at(start + 10))
        }
        observer.note(pull, try Self.report(60, from: 60, to: 63))
        observer.end(pull, CheckFailure(.noStream, "silent", ""), at: Self.at(73))
        for start in [78.0, 98, 128] {
            observer.begin(pull, of: camera, evidence: .observed, at: Self.at(start))
            observer.end(pull, Self.refused, at: Self.at(start + 10))
        }
        let vantage = try #require(VantageID("pull"))
        var rules = JudgingRules.standard
        rules.sampleSpacing = 150_000_000_000
        let spans = Judge.spans(
            of: observer.take().map { (vantage, $0.observation) }, rules: rules)
        let down = spans.filter { $0.condition == .down(.silence) }
        #expect(down.first?.range.start == Self.at(63))
        #expect(down.last?.range.end == Self.at(138))
        #expect(
            spans.allSatisfy { $0.condition == .up || $0.condition == .down(.silence) },
            "\(spans.map { "\($0.range.nanoseconds / 1_000_000_000) \($0.condition)" })")
    }
}
