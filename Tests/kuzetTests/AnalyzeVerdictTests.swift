// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements
import Testing
import Timekeeping

@testable import kuzet

@Suite struct AnalyzeVerdictTests {
    private func verdict(_ change: (inout StreamReport) -> Void) -> StreamVerdict {
        StreamVerdict(
            StreamFigures(SampleReports.camera(1, change: change)), by: Criteria())
    }

    /// A stream of 1001 frames at `rate` frames/s.
    private func at(_ rate: Double) -> StreamVerdict {
        verdict { report in
            report.total.frames.count = 1_001
            report.total.frames.lastArrival = SampleReports.start.advanced(
                byNanoseconds: Int64(1_000e9 / rate))
        }
    }

    @Test func `a camera within annex 2 meets every criterion`() {
        let verdict = verdict { _ in }
        #expect(verdict.state == .met)
        #expect(verdict.findings.map(\.criterion) == Criterion.ofStreams)
        #expect(verdict.findings.allSatisfy { $0.judgement == .met })
    }

    @Test func `A2.1.1 a picture below 1920x1080 breaks it and its text says so`() throws {
        let verdict = verdict {
            $0.medium.width = 1280
            $0.medium.height = 720
        }
        #expect(verdict.state == .broken)
        let finding = try #require(verdict[.resolution])
        #expect(finding.text == "resolution 1280x720 < 1920x1080 (A2.1.1)")
    }

    @Test func `A2.1.1 a picture turned upright is as large`() {
        let verdict = verdict {
            $0.medium.width = 1080
            $0.medium.height = 1920
        }
        #expect(verdict.state == .met)
    }

    @Test(arguments: [(25.0, true), (24.98, true), (24.88, true), (24.8, false), (12, false)])
    func `A2.1.3 a frame rate breaks it only beyond the tolerance`(rate: Double, isMet: Bool) {
        #expect(at(rate)[.frameRate]?.judgement == (isMet ? .met : .broken))
    }

    @Test func `A2.1.2 duplicates make no bit rate enough`() throws {
        let verdict = verdict {
            $0.total.octets.ip = 59_960_000
            $0.total.octets.duplicate = 29_980_000
        }
        let finding = try #require(verdict[.bitrate])
        #expect(finding.judgement == .broken)
        #expect(finding.measured == .bitsPerSecond(4_000_000))
    }

    @Test func `joined packets prove enough, never too little`() {
        let short = verdict {
            $0.total.trust.joinedPackets = 1
            $0.total.octets.ip = 16_000_000
        }
        #expect(short[.bitrate]?.judgement == .undecidable(.packetsJoined))
        #expect(short[.frameRate]?.judgement == .met)
        #expect(verdict { $0.total.trust.joinedPackets = 1 }[.bitrate]?.judgement == .met)
    }

    @Test(arguments: [(5_000_000.0, true), (4_976_000, true), (4_900_000, false)])
    func `A2.1.2 a bit rate breaks it only beyond the tolerance`(rate: Double, isMet: Bool) {
        let verdict = verdict { $0.total.octets.ip = UInt64(rate / 8 * 59.96) }
        #expect(verdict[.bitrate]?.judgement == (isMet ? .met : .broken))
    }

    @Test(
        arguments: [
            (0, kuzet.Judgement.met), (5_399, .met), (5_401, .near), (6_000, .near),
            (6_001, .broken),
        ] as [(UInt64, kuzet.Judgement)])
    func `A2.1.4 loss is near from 18 percent and broken above 20`(
        lost: UInt64, judgement: kuzet.Judgement
    ) {
        let verdict = verdict { $0.total.packets.unique = 30_000 - lost }
        #expect(verdict[.loss]?.judgement == judgement)
    }

    @Test(arguments: [
        (0.0, 4.0, kuzet.Judgement.met), (-895, 4, .met), (897, 4, .near), (1_003, 4, .near),
        (-1_004.5, 4, .broken), (3_000, 2_500, .near), (-86_400_000, 4, .broken),
    ])
    func `A2.6.2 a clock breaks it only if its uncertainty leaves no doubt`(
        offset: Double, uncertainty: Double, judgement: kuzet.Judgement
    ) {
        let verdict = verdict {
            $0.clock.offsetMilliseconds = offset
            $0.clock.uncertaintyMilliseconds = uncertainty
        }
        #expect(verdict[.clockOffset]?.judgement == judgement)
    }

    @Test func `drops of the probe make loss and what is too little undecidable`() {
        let verdict = verdict {
            $0.total.trust.probeDrops = 1
            $0.total.packets.unique = 10_000
            $0.total.octets.ip = 1_000_000
        }
        #expect(verdict.state == .undecidable)
        #expect(verdict[.loss]?.judgement == .undecidable(.probeDrops))
        #expect(verdict[.bitrate]?.judgement == .undecidable(.probeDrops))
        #expect(verdict[.frameRate]?.judgement == .met)
        #expect(verdict.isBlinded)
    }

    @Test func `an unknown clock alone leaves the verdict met`() {
        let verdict = verdict { $0.clock = SenderClockReport() }
        #expect(verdict.state == .met)
        #expect(verdict[.clockOffset]?.judgement == .undecidable(.noSenderReports))
    }

    @Test func `a clock that is not a number is unknown, not met`() {
        let verdict = verdict { $0.clock.offsetMilliseconds = .nan }
        #expect(verdict[.clockOffset]?.judgement == .undecidable(.senderClockUnset))
    }

    @Test func `loss cannot be told of parts in TCP and leaves nobody unsure`() {
        let figures = StreamFigures(SampleReports.motionJPEG)
        let verdict = StreamVerdict(figures, by: Criteria())
        #expect(verdict.state == .met)
        #expect(verdict[.loss]?.judgement == .undecidable(.noRTP))
    }

    @Test func `audio is not judged`() {
        let verdict = StreamVerdict(StreamFigures(SampleReports.audio), by: Criteria())
        #expect(verdict.state == .notJudged)
        #expect(verdict.findings.isEmpty)
    }
}
