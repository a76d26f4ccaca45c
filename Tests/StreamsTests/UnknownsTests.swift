// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import Streams

/// On every transport, each figure that a report has no value for has a reason, and none that has
/// a value has one.
@Suite struct UnknownsTests {
    /// The reports of a bench with one stream of each transport.
    private static func reports(frames: Int) -> [StreamReport] {
        let bench = TrackerBench()
        var udp = CameraWriter(2)
        var inRTP = CameraWriter(3)
        inRTP.payloadType = 33
        var writers = [TransportStreamWriter(), TransportStreamWriter(), TransportStreamWriter()]
        var talks = (0..<4).map { number in
            ConversationWriter(
                end(10, 0, 1, 1, UInt16(40_000 + number)),
                end(10, 0, 0, UInt8(10 + number), [554, 554, 80, 322][number]))
        }
        for number in 0..<2 { bench.open(&talks[number]) }
        for number in 2..<4 { for frame in talks[number].open() { bench.send(frame) } }
        bench.send(talks[2].say("GET /v HTTP/1.1\r\n\r\n", from: .client))
        let head = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n"
        bench.send(talks[2].say(head, from: .server))
        bench.send(talks[3].say([22, 3, 1, 0, 5, 1, 0, 0, 1, 0], from: .client))
        var rtsp = CameraWriter(10)
        for number in 0..<frames {
            var transport: [[UInt8]] = []
            for place in writers.indices {
                let tables = number == 0 ? writers[place].tables() : []
                transport.append((tables + writers[place].frame(isKey: true)).flatMap(\.self))
            }
            bench.send(udp, udp.packet(CameraWriter.slice()), after: 30)
            bench.send(inRTP, inRTP.packet(transport[0]))
            bench.send(
                Frame.udp(from: end(10, 0, 0, 4, 9), to: end(239, 0, 0, 4, 9), transport[1]))
            let octets = interleaved(0, rtsp.packet(CameraWriter.slice()))
            bench.send(talks[0].say(octets, from: .server))
            bench.send(talks[1].say(interleaved(0, transport[2]), from: .server))
            let part = Array("--b\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\n".utf8)
            bench.send(talks[2].say(part + [0xff, 0xd8, 0xff, 0xd9, 13, 10], from: .server))
            bench.send(talks[3].say([23, 3, 3, 0, 2, 1, 2], from: .server))
        }
        return bench.reports()
    }

    /// What a report has no value for, by the names of the JSON output.
    private static func missing(_ report: StreamReport) -> [(figure: String, isMissing: Bool)] {
        let medium = report.medium
        let frames = report.total.frames
        let isRTP = report.identity.ssrc != nil
        return [
            ("codec", medium.codec == nil), ("url", medium.url == nil),
            ("width", medium.width == nil), ("height", medium.height == nil),
            ("payload_type", medium.payloadType == nil),
            ("clock_rate_hz", medium.clockRate == nil),
            ("packets_lost", !isRTP || (report.total.trust.probeDrops ?? 0) > 0),
            ("loss_ratio", !isRTP || (report.total.trust.probeDrops ?? 0) > 0),
            ("packets_expected", !isRTP), ("packets_unique", !isRTP),
            ("jitter_mean_ms", report.total.jitter.meanMilliseconds == nil),
            ("frame_rate_fps", frames.count < 2), ("largest_frame_gap_ms", frames.count < 2),
            ("clock_offset_ms", report.clock.offsetMilliseconds == nil),
            ("clock_offset_uncertainty_ms", report.clock.uncertaintyMilliseconds == nil),
            ("clock_drift_ppm", report.clock.driftPPM == nil),
        ]
    }

    @Test(arguments: [4, 60])
    func `whatever has no value has a reason, on every transport`(frames: Int) {
        let reports = Self.reports(frames: frames)
        let seen = Set(reports.map(\.identity.transport))
        #expect(seen == Set(Transport.allCases).subtracting([.rtpRTSPHTTP]))
        for report in reports {
            let reasons = Dictionary(grouping: report.unknown, by: \.figure)
            for (figure, isMissing) in Self.missing(report) {
                let count = reasons[figure]?.count ?? 0
                #expect(
                    count == (isMissing ? 1 : 0),
                    "\(figure) on \(report.identity.transport.rawValue), \(frames) frames")
            }
        }
    }

    private func report(
        _ transport: Transport = .rtpUDP, _ change: (inout StreamReport) -> Void = { _ in }
    ) -> StreamReport {
        let start = Instant(nanoseconds: 0)
        var report = StreamReport(
            identity: StreamIdentity(
                source: "a", destination: "b", ssrc: 1, transport: transport),
            total: Measurement(range: TimeRange(start: start, nanoseconds: 10_000_000_000)))
        report.total.frames.count = 251
        report.total.frames.firstArrival = start
        report.total.frames.lastArrival = Instant(nanoseconds: 10_000_000_000)
        report.total.frames.mediaSpanTicks = 900_000
        report.total.frames.nominalStepTicks = 3_600
        report.total.jitter.count = 250
        report.medium.clockRate = .video
        report.medium.codec = "h264"
        report.medium.kind = .video
        change(&report)
        report.explainWhatIsUnknown()
        return report
    }

    private func reason(_ figure: String, _ report: StreamReport) -> UnknownReason? {
        report.unknown.first { $0.figure == figure }?.reason
    }

    @Test func `the reason for no resolution is the nearest cause`() {
        #expect(reason("width", report()) == .noParameterSets)
        #expect(reason("width", report { $0.total.trust.cutPackets = 1 }) == .payloadNotCaptured)
        #expect(reason("width", report { $0.medium.isEncrypted = true }) == .encrypted)
        #expect(reason("width", report { $0.medium.kind = .audio }) == .notVideo)
        #expect(reason("width", report { $0.medium.codec = nil }) == .noSignalling)
        #expect(reason("width", report { $0.medium.codec = "av1" }) == .codecNotRead)
        let known = report { ($0.medium.width, $0.medium.height) = (1920, 1080) }
        #expect(reason("width", known) == nil)
    }

    @Test func `drops of the probe make loss unknown, and nothing else`() {
        let dropped = report { $0.total.trust.probeDrops = 1 }
        for figure in ["packets_lost", "loss_ratio", "longest_loss_run_packets"] {
            #expect(reason(figure, dropped) == .probeDrops)
        }
        #expect(reason("jitter_mean_ms", dropped) == nil)
        #expect(reason("loss_ratio", report { $0.total.trust.probeDrops = 0 }) == nil)
    }

    @Test func `a media clock that runs twice or half as fast is still believed`() {
        for (ticks, isBelieved) in [
            (1_800_000, true), (450_000, true), (1_810_000, false), (440_000, false),
        ] as [(UInt64, Bool)] {
            var report = report { $0.total.frames.mediaSpanTicks = ticks }
            report.explainWhatIsUnknown()
            #expect(report.timestampsContradict == !isBelieved)
            // The usual step fits the arrivals all the same.
            #expect(reason("frame_rate_nominal_fps", report) == nil)
        }
    }

    @Test func `under a second of difference proves nothing`() {
        let report = report { report in
            report.total.frames.count = 3
            report.total.frames.lastArrival = Instant(nanoseconds: 1_000_000)
            report.total.frames.mediaSpanTicks = 7_200
        }
        #expect(!report.timestampsContradict)
    }

    @Test func `a clock never heard, unset, implausible or heard too briefly says so`() {
        #expect(reason("clock_offset_ms", report()) == .noSenderReports)
        for unknown in [UnknownReason.senderClockUnset, .senderClockImplausible] {
            let report = report { report in
                report.clock.senderReports = 3
                report.clock.unknown = unknown
            }
            #expect(reason("clock_offset_ms", report) == unknown)
            #expect(reason("clock_drift_ppm", report) == unknown)
        }
        let brief = report { report in
            report.clock.senderReports = 3
            report.clock.offsetMilliseconds = 1
        }
        #expect(reason("clock_offset_ms", brief) == nil)
        #expect(reason("clock_drift_ppm", brief) == .tooFewSenderReports)
    }
}
