// SPDX-License-Identifier: Apache-2.0
import Measurements
import Testing
import Timekeeping

@testable import kuzet

@Suite struct AnalyzeFiguresTests {
    /// Figures that may be null without a reason, because they plainly do not apply.
    private static let mayNotApply: Set<Figure> = [
        .interleavedChannel, .tsPackets, .tsContinuityErrors, .tsSyncLosses, .tsPacketSize,
        .tsVideoCodec, .pcrJitterMax, .tcpRetransmissions, .tcpMissingBytes, .tcpStalls,
        .tcpLongestStall,
        .mdiDelayFactor, .mdiMediaLossRate, .probeDrops, .ttlMin, .ttlMax,
    ]

    /// A stream of which one packet came and nothing else is known.
    private func bare(_ transport: Transport, _ kind: MediaKind) -> StreamReport {
        var total = Measurement(range: TimeRange(start: SampleReports.start, nanoseconds: 0))
        total.packets.received = 1
        var report = StreamReport(
            identity: StreamIdentity(
                source: "192.0.2.1:5000", destination: "192.0.2.2:5000", ssrc: nil,
                transport: transport), total: total)
        report.medium.kind = kind
        return report
    }

    @Test(arguments: Transport.allCases)
    func `every null figure has a reason or plainly does not apply`(transport: Transport) {
        for kind in [MediaKind.video, .audio, .other] {
            for isEncrypted in [false, true] {
                var report = bare(transport, kind)
                report.medium.isEncrypted = isEncrypted
                let figures = StreamFigures(report)
                for figure in Figure.allCases where figures[figure] == .none {
                    guard !Self.mayNotApply.contains(figure) else { continue }
                    #expect(figures.reason(figure) != nil, "\(figure) \(transport) \(kind)")
                }
            }
        }
    }

    @Test func `a figure with a value never has a reason`() {
        for report in SampleReports.all {
            let figures = StreamFigures(report)
            for figure in Figure.allCases where figures[figure] != .none {
                #expect(figures.reason(figure) == nil, "\(figure)")
            }
        }
    }

    @Test func `what the report calls unknown is null with that reason`() {
        for figure in Figure.allCases {
            let report = SampleReports.camera(1) {
                $0.unknown = [UnknownFigure(figure.rawValue, .timestampsContradict)]
            }
            let figures = StreamFigures(report)
            #expect(figures[figure] == .none)
            #expect(figures.reason(figure) == .timestampsContradict)
        }
    }

    @Test func `rates are over first to last packet and frame`() throws {
        let report = SampleReports.camera(1) { report in
            report.total.octets.ip = 1_000
            report.total.octets.payload = 900
            report.total.lastPacket = SampleReports.start.advanced(byNanoseconds: 2_000_000_000)
            report.total.frames.count = 11
            report.total.frames.lastArrival = SampleReports.start.advanced(
                byNanoseconds: 400_000_000)
            report.total.frames.mediaSpanTicks = 45_000
            report.total.frames.nominalStepTicks = 3_003
        }
        let figures = StreamFigures(report)
        #expect(figures.bitrateIP == 4_000)
        #expect(figures.bitratePayload == 3_600)
        #expect(figures.frameRate == 25)
        #expect(figures.frameRateMedia == 20)
        #expect(figures.frameRateNominal == 90_000.0 / 3_003)
        #expect(figures[.keyFrameInterval] == .number(2_000))
    }

    @Test func `an interval's bit rate is over its observed length`() {
        let report = SampleReports.camera(1)
        var measurement = SampleReports.history(report)[0]
        measurement.octets.ip = 6_250_000
        let interval = IntervalReport(
            identity: report.identity, medium: report.medium, measurement: measurement)
        #expect(interval.figures.bitrateIP == 5_000_000)
    }

    @Test func `a single packet or instant has no rate`() {
        let report = SampleReports.camera(1) { report in
            report.total.lastPacket = report.total.firstPacket
            report.total.frames.lastArrival = report.total.frames.firstArrival
        }
        let figures = StreamFigures(report)
        #expect(figures.bitrateIP == nil)
        #expect(figures.reason(.bitrateIP) == .tooFewPackets)
        #expect(figures.frameRate == nil)
        #expect(figures.reason(.frameRate) == .tooFewFrames)
    }

    @Test func `hostile sums and times trap nowhere`() {
        var random = SeededGenerator(state: 7)
        let extremes: [Int64] = [.min, -1, 0, 1, .max]
        for _ in 0..<500 {
            func any() -> UInt64 {
                [0, 1, .max, .max - 1, random.next()].randomElement(using: &random) ?? 0
            }
            func instant() -> Instant {
                Instant(nanoseconds: extremes.randomElement(using: &random) ?? 0)
            }
            let report = SampleReports.camera(1) { report in
                report.identity.transport =
                    Transport.allCases.randomElement(using: &random) ?? .rtpUDP
                report.total.packets.expected = any()
                report.total.packets.unique = any()
                report.total.octets.ip = any()
                report.total.octets.payload = any()
                report.total.firstPacket = instant()
                report.total.lastPacket = instant()
                report.total.frames.count = any()
                report.total.frames.firstArrival = instant()
                report.total.frames.lastArrival = instant()
                report.total.frames.mediaSpanTicks = any()
                report.total.frames.largestGapNanoseconds = instant().nanoseconds
                report.total.jitter.sumNanoseconds = .nan
                report.total.jitter.maxNanoseconds = .infinity
                report.medium.width = Int(truncatingIfNeeded: any())
                report.medium.height = Int(truncatingIfNeeded: any())
                report.clock.offsetMilliseconds = [.nan, .infinity, -1e308, 1e18]
                    .randomElement(using: &random)
                report.clock.uncertaintyMilliseconds = .infinity
            }
            for format in AnalyzeOptions.Format.allCases {
                let text = answer([report], format)
                #expect(!text.contains("nan") && !text.contains("inf,"))
            }
        }
    }

    private func answer(_ reports: [StreamReport], _ format: AnalyzeOptions.Format) -> String {
        var options = AnalyzeOptions(.file("x"))
        options.format = format
        let sink = ByteSink()
        var answer = AnalysisAnswer(
            options, style: .pipe, output: sink, messages: ByteSink())
        _ = try? answer.finish(reports, input: SampleReports.input, faults: [])
        return sink.text
    }
}

/// A small generator with a seed (SplitMix64), so that a failure comes back.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
