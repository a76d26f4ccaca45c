// SPDX-License-Identifier: Apache-2.0
import Glibc
import Measurements
import Streams
import Testing

@testable import kuzet

@Suite struct AnalyzeAnswerTests {
    /// The answer about `reports` as `change` asks for it: output, remarks and exit status.
    private func answer(
        _ reports: [StreamReport] = SampleReports.all, faults: [FaultCount] = SampleReports.faults,
        _ change: (inout AnalyzeOptions) -> Void
    ) -> (output: String, messages: String, status: Int32?) {
        var options = AnalyzeOptions(.file("site-14.pcapng"))
        change(&options)
        let output = ByteSink()
        let messages = ByteSink()
        var answer = AnalysisAnswer(options, style: .pipe, output: output, messages: messages)
        if let report = reports.first {
            for measurement in SampleReports.history(report).prefix(2) {
                answer.interval(
                    IntervalReport(
                        identity: report.identity, medium: report.medium, measurement: measurement))
            }
        }
        let status = try? answer.finish(reports, input: SampleReports.input, faults: faults)
        return (output.text, messages.text, status)
    }

    @Test func `JSON has the names of the contract`() {
        expectGolden(
            answer([SampleReports.camera(12) { $0.medium.width = nil }]) { $0.format = .json }
                .output, "answer.json")
        expectGolden(
            answer([SampleReports.transportStream]) {
                $0.format = .json
                $0.series = true
            }.output, "answer-series.json")
    }

    @Test func `JSON lines name their type and intervals come first`() {
        let text = answer([SampleReports.encrypted, SampleReports.audio]) {
            $0.format = .ndjson
            $0.series = true
        }.output
        expectGolden(text, "answer.ndjson")
        let types = text.split(separator: "\n").map { $0.prefix { $0 != "," } }
        #expect(
            types == [
                #"{"type":"interval""#, #"{"type":"interval""#, #"{"type":"input""#,
                #"{"type":"stream""#, #"{"type":"stream""#, #"{"type":"faults""#,
            ])
    }

    @Test func `CSV has a line for each stream or each interval`() {
        let streams = answer([SampleReports.camera(12), SampleReports.unsignalled]) {
            $0.format = .csv
        }.output
        expectGolden(streams, "answer.csv")
        let intervals = answer {
            $0.format = .csv
            $0.series = true
        }.output
        expectGolden(intervals, "answer-series.csv")
        #expect(streams.split(separator: "\r\n").count == 3)
        #expect(intervals.split(separator: "\r\n").count == 3)
    }

    @Test func `CSV neutralises formulas and quotes what RFC 4180 asks for`() {
        let report = SampleReports.camera(1) {
            $0.medium.url = #"=HYPERLINK("http://evil","x")"#
            $0.medium.canonicalName = "@cmd\n\u{1b}[2J"
            $0.clock.offsetMilliseconds = -5
        }
        let text = answer([report]) { $0.format = .csv }.output
        #expect(text.contains(#","'=HYPERLINK(""http://evil"",""x"")",'@cmd??[2J,"#))
        #expect(text.contains(",-5,"))
    }

    @Test func `an empty analysis is a whole document in every form`() {
        for format in AnalyzeOptions.Format.allCases {
            let (output, _, status) = answer([], faults: []) { $0.format = format }
            #expect(status == 0)
            #expect(!output.isEmpty)
        }
        #expect(answer([], faults: []) { _ in }.output.hasPrefix("no streams; 2,000,000 packets"))
    }

    @Test func `check prints one line, and beside a document on the messages`() {
        let alone = answer { $0.check = true }
        #expect(alone.output.hasPrefix("KUZET CRITICAL: 3 of 10 video streams breach annex 2: "))
        #expect(alone.output.split(separator: "\n").count == 1)
        #expect(alone.status == 2)
        let beside = answer {
            $0.check = true
            $0.format = .json
        }
        #expect(beside.output.hasPrefix("{"))
        #expect(beside.messages == alone.output)
        #expect(beside.status == 2)
    }

    @Test func `what cannot be read is status 2, or 3 for a monitor, and leaves no half document`()
    {
        for (check, status) in [(false, Int32(2)), (true, 3)] {
            var options = AnalyzeOptions(.file("x"))
            options.check = check
            options.format = .json
            let output = ByteSink()
            let messages = ByteSink()
            var answer = AnalysisAnswer(options, style: .pipe, output: output, messages: messages)
            #expect((try? answer.fail("x: no | such\nfile")) == status)
            #expect(output.text.isEmpty)
            #expect(
                messages.text
                    == (check
                        ? "KUZET UNKNOWN: x: no / such?file\n" : "kuzet: x: no | such?file\n"))
        }
    }

    @Test func `a reader that goes away is no failure, a full disk is one`() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        close(ends[0])
        signal(SIGPIPE, SIG_IGN)
        #expect(try finish(writingTo: ends[1]) == 0)
        close(ends[1])
        let full = unsafe open("/dev/full", O_WRONLY)
        #expect(throws: SinkFault(errorNumber: ENOSPC)) { try finish(writingTo: full) }
        close(full)
    }

    private func finish(writingTo descriptor: Int32) throws -> Int32 {
        var answer = AnalysisAnswer(
            AnalyzeOptions(.file("x")), style: .pipe, output: ByteSink(descriptor: descriptor),
            messages: ByteSink())
        return try answer.finish(SampleReports.all, input: SampleReports.input, faults: [])
    }
}

@Suite struct AnalyzeCheckTests {
    private func check(_ reports: [StreamReport], kernelDrops: UInt64? = nil) -> CheckAnswer {
        var input = SampleReports.input
        input.kernelDrops = kernelDrops
        return CheckAnswer(reports, input: input, criteria: Criteria())
    }

    @Test func `all within annex 2 is OK with its performance data`() {
        let check = check([SampleReports.camera(1)])
        #expect(check.code == .ok)
        #expect(
            check.line
                == "KUZET OK: 1 video stream within annex 2 | streams=1;;;0 cameras=1;;;0 "
                + "breach=0;;;0 near=0;;;0 unsure=0;;;0 loss_max=0%;18;20;0;100 "
                + "bitrate_min=5603735.823883;;4975000:;0 frame_rate_min=25;;24.875:;0 "
                + "clock_offset_max=0.0125s;0.9;1;0 packets=2000000;;;0")
    }

    @Test func `a figure near its limit warns`() {
        let check = check([SampleReports.camera(1) { $0.clock.offsetMilliseconds = -950 }])
        #expect(check.code == .warning)
        #expect(check.line.contains("clock offset -0.95 s near 1 s (A2.6.2)"))
    }

    @Test func `no video stream is unknown`() {
        #expect(check([]).code == .unknown)
        #expect(check([SampleReports.audio]).line.hasPrefix("KUZET UNKNOWN: no video stream seen"))
    }

    @Test func `drops of the probe are unknown unless a breach is proved`() {
        let dropped = SampleReports.camera(1) { $0.total.trust.probeDrops = 3 }
        #expect(check([dropped]).code == .unknown)
        #expect(check([SampleReports.camera(1)], kernelDrops: 1).code == .unknown)
        let small = SampleReports.camera(2) { $0.medium.height = 720 }
        #expect(check([dropped, small], kernelDrops: 1).code == .critical)
    }

    @Test func `what else is unknown is told and stays OK`() {
        let check = check([SampleReports.camera(1), SampleReports.unsignalled])
        #expect(check.code == .ok)
        #expect(check.line.contains("; 1 with unknown figures |"))
    }

    @Test func `many breaches name three and count the rest on one line`() {
        let reports = (1...9).map { number in
            SampleReports.camera(number) {
                $0.medium.height = 480
                $0.medium.url = "rtsp://h/a|b\n\(number)"
            }
        }
        let line = check(reports).line
        #expect(line.contains("; and 6 more |"))
        #expect(line.filter { $0 == "|" }.count == 1)
        #expect(!line.contains("\n"))
    }
}
