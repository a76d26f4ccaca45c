// SPDX-License-Identifier: Apache-2.0
import Foundation
import Packets
import Testing
import Timekeeping

@testable import Checks
@testable import kuzet

@Suite struct DeviceAnswerTests {
    /// 2026-11-22T12:00:00Z.
    static let now = Instant(nanoseconds: 1_795_348_800_000_000_000)

    static func report(_ change: (inout DeviceReport) -> Void = { _ in }) -> DeviceReport {
        var report = DeviceReport()
        report.clock = OwnClock(
            state: .synchronised, offsetNanoseconds: 1_500_000, greatestError: 20_000_000)
        report.chrony = nil
        change(&report)
        return report
    }

    static func lines(_ change: (inout DeviceReport) -> Void) -> [String] {
        DeviceAnswer(report: report(change), now: now).lines
    }

    @Test func `an echo is told with its losses, or with why there is none`() {
        var echo = EchoResult(IPAddress(192, 0, 2, 1))
        echo.sent = 10
        #expect(Self.lines { $0.echo = echo }[0] == "echo: 10 sent, none answered")
        for trip in [1_000_000, 2_000_000, 6_000_000] as [Int64] { echo.answer(after: trip) }
        #expect(
            Self.lines { $0.echo = echo }[0]
                == "echo: 3 of 10 answered, round trip 1 ms least, 3 ms mean, 6 ms greatest")
        echo.failure = CheckFailure(.probe, "no-echo", "not permitted")
        #expect(Self.lines { $0.echo = echo }[0] == "echo: probe: not permitted")
    }

    @Test func `a certificate is told with its fault and its days`() {
        var certificate = Certificate()
        certificate.subject = "CN=gate"
        certificate.validUntil = Self.now.advanced(byNanoseconds: 3 * 86_400_000_000_000)
        let good = CertificateResult(certificate: certificate)
        #expect(
            Self.lines { $0.certificate = good }[0]
                == "certificate: in order, 3 days left, CN=gate")
        let bad = CertificateResult(certificate: certificate, fault: .wrongName)
        #expect(
            Self.lines { $0.certificate = bad }[0]
                == "certificate: wrong-name, 3 days left, CN=gate")
        let none = CertificateResult(failure: CheckFailure(.refuses, "tls", "no TLS"))
        #expect(Self.lines { $0.certificate = none }[0] == "certificate: refuses: no TLS")
    }

    @Test func `what a device says is told line by line, and acts upon nothing`() {
        var findings = DeviceFindings()
        findings.maker = "ACME\u{1b}[2J"
        findings.model = "M1"
        findings.timeServers = ["192.0.2.1", "192.0.2.2"]
        findings.profiles = [
            SampleDevice.main, SampleDevice.profile("bare", 0, 0, url: nil),
        ]
        findings.profiles[0].frameRateLimit = 25
        findings.profiles[0].bitRateLimit = 5_500_000
        findings.oddities = ["puts a password into a stream's URL"]
        findings.failure = CheckFailure(.authentication, "auth-failed", "said no")
        findings.clock = DeviceClock(
            device: Self.now.advanced(byNanoseconds: 3_600_000_000_000), step: 1_000_000_000,
            asked: Self.now, answered: Self.now, isKept: false)
        let lines = Self.lines { $0.findings = [(.onvif, findings)] }
        #expect(
            lines == [
                "onvif: ACME?[2J, M1",
                "onvif: clock 3600.5 s against the probe's, give or take 0.5 s, set by hand; most"
                    + " likely a local time told as UTC",
                "onvif: time from 192.0.2.1, 192.0.2.2",
                "onvif: profile main: H264, 1920x1080, 25 frames/s, 5500 kbit/s,"
                    + " rtsp://10.0.0.11:554/main",
                "onvif: profile bare: H264, 0x0",
                "onvif: puts a password into a stream's URL",
                "onvif: authentication: auth-failed: said no",
                "probe's clock: synchronised, at most 20 ms off",
            ])
    }

    @Test func `chrony's word stands beside the kernel's`() throws {
        let chrony = try #require(
            ChronyTracking(
                parsing: "C0000201,192.0.2.1,3,1.5,0.001,0.001,0.0005,1,0,0.01,0.02,0.003,64,Normal"
            ))
        let lines = Self.lines {
            $0.chrony = chrony
            $0.clock = OwnClock(state: .unsynchronised)
        }
        #expect(
            lines == ["probe's clock: unsynchronised; chrony: Normal, source 192.0.2.1, stratum 3"])
    }

    @Test func `JSON has all of it, and null for what is not known`() throws {
        var findings = DeviceFindings()
        findings.model = "M1"
        findings.profiles = [SampleDevice.main]
        var echo = EchoResult(IPAddress(192, 0, 2, 1))
        echo.sent = 2
        echo.answer(after: 1_500_000)
        let report = Self.report {
            $0.findings = [(.onvif, findings)]
            $0.echo = echo
            $0.certificate = CertificateResult(fault: .selfSigned)
        }
        let sink = ByteSink()
        var json = JSONWriter(to: sink)
        json.beginObject()
        DeviceAnswer(report: report, now: Self.now).write(to: &json)
        json.endObject()
        json.endLine()
        let object = try JSONSerialization.jsonObject(with: Data(sink.text.utf8))
        let root = try #require(object as? [String: Any])
        let told = try #require(root["echo"] as? [String: Any])
        #expect(told["answered"] as? Int == 1)
        #expect(told["round_trip_least_ms"] as? Double == 1.5)
        let certificate = try #require(root["certificate"] as? [String: Any])
        #expect(certificate["fault"] as? String == "self-signed")
        #expect(certificate["days_left"] is NSNull)
        let device = try #require((root["device"] as? [[String: Any]])?.first)
        #expect(device["language"] as? String == "onvif")
        #expect(device["model"] as? String == "M1")
        #expect(device["clock_offset_ms"] is NSNull)
        let clock = try #require(root["probe_clock"] as? [String: Any])
        #expect(clock["state"] as? String == "synchronised")
        #expect(clock["offset_ms"] as? Double == 1.5)
        #expect(clock["chrony_source"] is NSNull)
    }
}
