// SPDX-License-Identifier: Apache-2.0
import Checks
import Ledger
import Measurements
import Timekeeping

/// What one check last found: a result that can be counted, a reason, and figures.
struct CheckNote: Hashable, Sendable {
    /// What is asked.
    enum Name: String, Hashable, Sendable, Codable, CaseIterable {
        /// The camera's stream.
        case pull
        /// The camera itself, by ICMP echo.
        case echo
        /// The port of its stream, by TCP.
        case connect
        /// Its certificate.
        case certificate
        /// What it says of itself, by ONVIF or PSIA.
        case device
        /// The site's gateway, by ICMP echo.
        case gateway
        /// The far end of a channel, by ICMP echo.
        case farEnd = "far-end"
        /// The channel, by test packets (RFC 8762).
        case stamp
    }

    var name: Name
    /// `ok`, or a branch of the tree of reasons (`CheckFailure.Kind`).
    var result: String
    /// The leaf of the tree, such as `connection-refused`; nil if all is well.
    var reason: String?
    /// In words, with the figures that matter.
    var text: String
    var at: Instant
    /// By name, each with its unit, as `status --format json` prints them.
    var figures: [String: Double] = [:]
    /// The dialogue or the oddities that led there.
    var evidence: [String] = []

    var isWell: Bool { result == CheckNote.well }
    static let well = "ok"

    /// Whether it says the same as another, figures apart.
    func isSame(as other: CheckNote?) -> Bool {
        other?.result == result && other?.reason == reason
    }
}

extension CheckNote {
    /// A check that failed.
    init(_ name: Name, _ failure: CheckFailure, at instant: Instant, evidence: [String] = []) {
        self.init(
            name: name, result: failure.kind.rawValue, reason: failure.word, text: failure.text,
            at: instant, evidence: evidence)
    }

    /// What an echo gave: nobody who stays silent is `ok`, however often.
    init(_ name: Name, _ echo: EchoResult, at instant: Instant) {
        if let failure = echo.failure {
            self.init(name, failure, at: instant)
            return
        }
        let text = "\(echo.address) answers \(echo.answered) of \(echo.sent) echoes"
        guard echo.answered > 0 else {
            self.init(
                name: name, result: CheckFailure.Kind.unreachable.rawValue, reason: "no-answer",
                text: text, at: instant)
            figures["loss_ratio"] = 1
            return
        }
        let mean = Double(echo.roundTripSum) / Double(echo.answered) / 1e6
        self.init(
            name: name, result: CheckNote.well,
            text: "\(text), \(StatusScreen.decimal(mean, 1)) ms", at: instant)
        figures["loss_ratio"] = echo.sent > 0 ? Double(echo.lost) / Double(echo.sent) : 0
        figures["round_trip_mean_ms"] = mean
        figures["round_trip_min_ms"] = echo.roundTripLeast.map { Double($0) / 1e6 }
        figures["round_trip_max_ms"] = echo.roundTripGreatest.map { Double($0) / 1e6 }
    }

    /// What a connection gave.
    init(_ connection: ConnectResult, at instant: Instant) {
        if let failure = connection.failure {
            self.init(.connect, failure, at: instant)
            return
        }
        let milliseconds = Double(connection.nanoseconds ?? 0) / 1e6
        let endpoint = connection.endpoint
        self.init(
            name: .connect, result: CheckNote.well,
            text: "\(endpoint) takes connections, after "
                + "\(StatusScreen.decimal(milliseconds, 1)) ms", at: instant)
        figures["connect_ms"] = milliseconds
    }

    /// Days before its end from which on a certificate is worth a remark.
    static let certificateDays = 30

    /// What a certificate is like.
    init(_ result: CertificateResult, at instant: Instant) {
        if let failure = result.failure {
            self.init(.certificate, failure, at: instant)
            return
        }
        let days = result.certificate?.daysLeft(at: instant)
        var text =
            days.map { $0 < 0 ? "expired \(-$0) days ago" : "\($0) days left" } ?? "unreadable"
        if let issuer = result.certificate?.issuer { text += ", issued by \(issuer)" }
        if let fault = result.fault { text = "\(fault.rawValue): \(text)" }
        self.init(
            name: .certificate,
            result: result.fault == nil ? CheckNote.well : CheckFailure.Kind.refuses.rawValue,
            reason: result.fault?.rawValue, text: text, at: instant)
        figures["days_left"] = days.map { Double($0) }
    }

    /// What test packets showed of a channel; the delay of one direction is not told, for it would
    /// be as wrong as the two clocks are apart.
    init(_ result: STAMPResult, at instant: Instant) {
        if let failure = result.failure {
            self.init(.stamp, failure, at: instant)
            return
        }
        var text = "\(result.answered) of \(result.sent) test packets came back"
        let trips = Double(max(1, result.answered))
        var figures: [String: Double] = [:]
        if result.answered > 0 {
            figures["round_trip_mean_ms"] = Double(result.roundTripSum) / trips / 1e6
            figures["round_trip_min_ms"] = result.roundTripLeast.map { Double($0) / 1e6 }
            figures["round_trip_max_ms"] = result.roundTripGreatest.map { Double($0) / 1e6 }
            figures["variation_forward_ms"] = result.forward.variation.map { Double($0) / 1e6 }
            figures["variation_backward_ms"] = result.backward.variation.map { Double($0) / 1e6 }
            let mean = StatusScreen.decimal(figures["round_trip_mean_ms"] ?? 0, 1)
            let there = StatusScreen.decimal(figures["variation_forward_ms"] ?? 0, 1)
            let back = StatusScreen.decimal(figures["variation_backward_ms"] ?? 0, 1)
            text += ", \(mean) ms there and back, varying by \(there) and \(back) ms"
        }
        figures["loss_ratio"] = Double(result.lost) / Double(max(1, result.sent))
        figures["lost_forward"] = result.lostForward.map { Double($0) }
        figures["lost_backward"] = result.lostBackward.map { Double($0) }
        self.init(
            name: .stamp,
            result: result.answered > 0 ? CheckNote.well : CheckFailure.Kind.unreachable.rawValue,
            reason: result.answered > 0 ? nil : "no-answer", text: text, at: instant,
            figures: figures)
    }

    /// What a device says of itself.
    init(_ findings: DeviceFindings, at instant: Instant) {
        if let failure = findings.failure, findings.model == nil, findings.clock == nil {
            self.init(.device, failure, at: instant, evidence: findings.oddities)
            return
        }
        let who = [findings.maker, findings.model, findings.firmware].compactMap { $0 }
        self.init(
            name: .device, result: CheckNote.well,
            text: who.isEmpty ? "says nothing of what it is" : who.joined(separator: " "),
            at: instant, evidence: findings.oddities)
        if let clock = findings.clock {
            figures["clock_offset_ms"] = Double(clock.offsetNanoseconds) / 1e6
            figures["clock_uncertainty_ms"] = Double(clock.uncertaintyNanoseconds) / 1e6
            if clock.looksLikeLocalTime { evidence.append("tells a local time as UTC") }
        }
        if let profile = findings.profiles.first {
            figures["configured_fps"] = profile.frameRateLimit.map { Double($0) }
            figures["configured_kbps"] = profile.bitRateLimit.map { Double($0) / 1_000 }
            figures["configured_width"] = profile.width.map { Double($0) }
            figures["configured_height"] = profile.height.map { Double($0) }
        }
        if !findings.timeServers.isEmpty {
            evidence.append("time from " + findings.timeServers.joined(separator: ", "))
        }
    }
}

extension CheckNote {
    /// Octets of one text that the journal keeps of a check.
    private static let longestText = 500

    /// What the journal keeps of it.
    func event(of what: String) -> JournalEvent {
        var details = [
            "of": what, "check": name.rawValue, "result": result,
            "text": String(text.prefix(Self.longestText)),
        ]
        details["reason"] = reason
        if let last = evidence.last { details["evidence"] = String(last.prefix(Self.longestText)) }
        return .other(name: "check-changed", details: details)
    }
}

/// Whether the node's own clock is in step, as of late; without that no camera's offset means
/// anything.
struct OwnClockNote: Hashable, Sendable {
    var isInStep: Bool
    /// The most that a camera's offset is wrong by because of it, ns.
    var uncertainty: Int64 = 0
    var text: String
}

extension OwnClockNote {
    /// Beyond this the clock is not in step, ns: the limit of A2.6.2 itself.
    static let greatestError: Int64 = 1_000_000_000

    /// From what the kernel says, and chrony where there is one.
    init(_ clock: OwnClock, _ chrony: ChronyTracking?) {
        if let chrony, chrony.stratum > 0 {
            let bound = chrony.boundNanoseconds
            let offset = abs(chrony.offsetNanoseconds)
            let (sum, isTooMuch) = bound.addingReportingOverflow(offset)
            isInStep =
                chrony.leapStatus != "Not synchronised" && !isTooMuch
                && sum <= Self.greatestError && clock.state != .unsynchronised
            uncertainty = isInStep ? sum : 0
            text =
                "\(isInStep ? "in step" : "not in step"), chrony: \(chrony.source), "
                + "within \(StatusScreen.decimal(Double(sum) / 1e6, 1)) ms"
            return
        }
        isInStep = clock.state == .synchronised || clock.state == .leaping
        // The kernel's own bound grows by half a millisecond a second between two corrections,
        // so that hardly any clock would be in step by it; its estimate is taken.
        uncertainty = isInStep ? max(0, min(clock.estimatedError, Self.greatestError)) : 0
        switch clock.state {
        case .synchronised: text = "in step"
        case .leaping: text = "in step, a leap second is due"
        case .unsynchronised: text = "not in step: nobody keeps it right"
        case .unknown: text = "not known to be in step"
        }
    }

    /// What is taken to be so because the settings say so.
    static let trusted = OwnClockNote(isInStep: true, text: "taken to be in step (node.clock)")
}

extension Observation {
    /// The same without what the own clock cannot tell: a camera's offset where it is not in
    /// step, and with its error where it is.
    mutating func hold(against own: OwnClockNote) {
        guard let reading = clock else { return }
        guard own.isInStep else {
            clock = nil
            return
        }
        clock?.uncertaintyNanoseconds =
            reading.uncertaintyNanoseconds.addingReportingOverflow(own.uncertainty).partialValue
    }
}
