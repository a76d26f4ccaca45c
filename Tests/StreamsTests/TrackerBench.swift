// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import Streams
import Testing
import Timekeeping

@testable import Streams

/// A tracker with a clock in the test's hands.
///
/// A class, because a tracker cannot be copied and expectations borrow what they look at.
final class TrackerBench {
    var tracker: Tracker
    /// 2024-03-01T00:00:00Z at first, ns.
    var now: Int64 = 1_709_251_200_000_000_000
    private var frames: UInt64 = 0
    private var isFinished = false

    init(_ change: (inout Tracker.Configuration) -> Void = { _ in }) {
        var configuration = Tracker.Configuration()
        change(&configuration)
        tracker = Tracker(configuration)
    }

    /// Gives the tracker a frame `after` ms; `captured` octets of it.
    func send(_ frame: [UInt8], after milliseconds: Double = 1, captured: Int = .max) {
        now =
            Instant(nanoseconds: now).advanced(byNanoseconds: Int64(milliseconds * 1e6)).nanoseconds
        frames += 1
        let bytes = Array(frame.prefix(captured))
        let record = CapturedRecord(
            offset: 0, capturedLength: bytes.count, originalLength: frame.count,
            arrival: Instant(nanoseconds: now), frameNumber: frames, linkType: .ethernet)
        tracker.receive(window: bytes.span, records: [record].span)
    }

    /// RTP of a camera, in UDP.
    func send(_ camera: CameraWriter, _ octets: [UInt8], after milliseconds: Double = 1) {
        send(Frame.udp(from: camera.source, to: camera.target, octets), after: milliseconds)
    }

    /// Frames of a camera at 25 a second.
    func run(_ camera: inout CameraWriter, frames: Int, packets: Int = 2) {
        for _ in 0..<frames {
            for (place, octets) in camera.frame(packets: packets).enumerated() {
                send(camera, octets, after: place == 0 ? 40 - Double(packets) + 1 : 1)
            }
        }
    }

    /// All reports, in order of their streams' beginnings.
    func reports() -> [StreamReport] {
        if !isFinished { tracker.finish() }
        isFinished = true
        return (0..<tracker.streamCount).compactMap { tracker.report(stream: $0) }
    }

    /// The only report with this SSRC.
    func report(
        ssrc: UInt32?, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> StreamReport {
        let found = reports().filter { $0.identity.ssrc == ssrc }
        #expect(found.count == 1, sourceLocation: sourceLocation)
        return try #require(found.first, sourceLocation: sourceLocation)
    }

    /// How often a fault was counted, by `layer kind field`.
    func faults() -> [String: UInt64] {
        var counts: [String: UInt64] = [:]
        for fault in tracker.faults {
            let first = fault.first
            counts["\(first.layer.rawValue) \(first.kind.rawValue) \(first.field)"] = fault.count
        }
        return counts
    }

    /// Faults that are no mere remark that something is not ours.
    func realFaults() -> [String: UInt64] { faults().filter { !$0.key.contains(" ignored ") } }
}

/// What a fault in another stream must leave as it is.
struct Figures: Equatable {
    var total: Measurement
    var medium: MediumDescription
    var clock: SenderClockReport
    var tcp: TCPReport?

    init(_ report: StreamReport) {
        total = report.total
        medium = report.medium
        clock = report.clock
        tcp = report.tcp
    }
}

/// A generator of numbers that gives the same ones in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}
