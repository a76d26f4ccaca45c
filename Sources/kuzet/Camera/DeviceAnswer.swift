// SPDX-License-Identifier: Apache-2.0
import Checks
import Timekeeping

/// What was found at the address, in lines and in JSON.
struct DeviceAnswer {
    let report: DeviceReport
    let now: Instant

    // MARK: Lines

    var lines: [String] {
        var lines: [String] = []
        if let echo = report.echo { lines.append("echo: " + Self.text(echo)) }
        if let certificate = report.certificate {
            lines.append("certificate: " + text(certificate))
        }
        for (language, findings) in report.findings {
            lines += Self.lines(findings).map { "\(language.rawValue): \($0)" }
        }
        lines.append("probe's clock: " + clockText)
        return lines
    }

    private static func text(_ echo: EchoResult) -> String {
        if let failure = echo.failure { return "\(failure.kind.rawValue): \(failure.text)" }
        guard let least = echo.roundTripLeast, let greatest = echo.roundTripGreatest else {
            return "\(echo.sent) sent, none answered"
        }
        let mean = echo.roundTripSum / Int64(max(1, echo.answered))
        return "\(echo.answered) of \(echo.sent) answered, round trip"
            + " \(milliseconds(least)) least, \(milliseconds(mean)) mean,"
            + " \(milliseconds(greatest)) greatest"
    }

    private static func milliseconds(_ nanoseconds: Int64) -> String {
        DecimalText.plain((Double(nanoseconds) / 1e3).rounded() / 1e3) + " ms"
    }

    private func text(_ result: CertificateResult) -> String {
        if let failure = result.failure { return "\(failure.kind.rawValue): \(failure.text)" }
        let state = result.fault.map { $0.rawValue } ?? "in order"
        let days = result.certificate?.daysLeft(at: now).map { ", \($0) days left" } ?? ""
        let subject = result.certificate.map {
            ", " + PrintableText.shown($0.subject, ascii: false)
        }
        return state + days + (subject ?? "")
    }

    private static func lines(_ findings: DeviceFindings) -> [String] {
        var lines: [String] = []
        let about = [findings.maker, findings.model, findings.firmware, findings.serialNumber]
            .compactMap { $0 }
        if !about.isEmpty { lines.append(about.joined(separator: ", ")) }
        if let clock = findings.clock {
            var text = "clock \(seconds(clock.offsetNanoseconds)) s against the probe's,"
            text += " give or take \(seconds(clock.uncertaintyNanoseconds)) s"
            if let isKept = clock.isKept { text += isKept ? ", kept by NTP" : ", set by hand" }
            if clock.looksLikeLocalTime { text += "; most likely a local time told as UTC" }
            lines.append(text)
        }
        if !findings.timeServers.isEmpty {
            lines.append("time from " + findings.timeServers.joined(separator: ", "))
        }
        for profile in findings.profiles {
            let size = profile.width.flatMap { width in profile.height.map { "\(width)x\($0)" } }
            let parts = [
                profile.encoding, size, profile.frameRateLimit.map { "\($0) frames/s" },
                profile.bitRateLimit.map { "\($0 / 1000) kbit/s" }, profile.streamURL,
            ]
            lines.append(
                "profile \(profile.token): " + parts.compactMap { $0 }.joined(separator: ", "))
        }
        lines += findings.oddities
        if let failure = findings.failure {
            lines.append("\(failure.kind.rawValue): \(failure.word): \(failure.text)")
        }
        return lines.map { PrintableText.shown($0, ascii: false) }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        DecimalText.plain((Double(nanoseconds) / 1e8).rounded() / 10)
    }

    private var clockText: String {
        var text = report.clock.state.rawValue
        if report.clock.state == .synchronised {
            text += ", at most \(Self.milliseconds(report.clock.greatestError)) off"
        }
        if let chrony = report.chrony {
            text += "; chrony: \(PrintableText.shown(chrony.leapStatus, ascii: true)), source"
            text += " \(PrintableText.shown(chrony.source, ascii: true)), stratum \(chrony.stratum)"
        }
        return text
    }

    // MARK: JSON

    func write(to json: inout JSONWriter) {
        if let echo = report.echo { write(echo, to: &json) }
        if let certificate = report.certificate { write(certificate, to: &json) }
        json.key("device")
        json.beginArray()
        for (language, findings) in report.findings {
            json.beginObject()
            json.member("language", language.rawValue)
            write(findings, to: &json)
            json.endObject()
        }
        json.endArray()
        json.key("probe_clock")
        json.beginObject()
        json.member("state", report.clock.state.rawValue)
        json.member("offset_ms", Double(report.clock.offsetNanoseconds) / 1e6)
        json.member("greatest_error_ms", Double(report.clock.greatestError) / 1e6)
        json.member("chrony_source", report.chrony?.source)
        json.member("chrony_stratum", report.chrony?.stratum)
        json.endObject()
    }

    private func write(_ echo: EchoResult, to json: inout JSONWriter) {
        json.key("echo")
        json.beginObject()
        json.member("sent", echo.sent)
        json.member("answered", echo.answered)
        json.member("round_trip_least_ms", echo.roundTripLeast.map { Double($0) / 1e6 })
        json.member("round_trip_greatest_ms", echo.roundTripGreatest.map { Double($0) / 1e6 })
        json.member("reason", echo.failure?.word)
        json.endObject()
    }

    private func write(_ result: CertificateResult, to json: inout JSONWriter) {
        json.key("certificate")
        json.beginObject()
        json.member("fault", result.fault?.rawValue)
        json.member("days_left", result.certificate?.daysLeft(at: now))
        json.member("subject", result.certificate?.subject)
        json.member("issuer", result.certificate?.issuer)
        json.member("reason", result.failure?.word)
        json.endObject()
    }

    private func write(_ findings: DeviceFindings, to json: inout JSONWriter) {
        json.member("maker", findings.maker)
        json.member("model", findings.model)
        json.member("firmware", findings.firmware)
        json.member("serial_number", findings.serialNumber)
        json.member("clock_offset_ms", findings.clock.map { Double($0.offsetNanoseconds) / 1e6 })
        json.member(
            "clock_uncertainty_ms", findings.clock.map { Double($0.uncertaintyNanoseconds) / 1e6 })
        json.key("looks_like_local_time")
        if let clock = findings.clock { json.value(clock.looksLikeLocalTime) } else { json.null() }
        json.key("profiles")
        json.beginArray()
        for profile in findings.profiles { json.profile(profile) }
        json.endArray()
        json.member("result", findings.failure?.kind.rawValue)
        json.member("reason", findings.failure?.word)
        json.member("text", findings.failure?.text)
    }
}
