// SPDX-License-Identifier: Apache-2.0
import Measurements

/// The answer for a monitoring system: one line and an exit code, as Nagios plug-ins give them and
/// Icinga, Zabbix and others read them (Monitoring Plugins development guidelines, section 2).
///
/// - 2 CRITICAL: a camera breaks a criterion of annex 2. Proof of a breach outweighs all else.
/// - 3 UNKNOWN: no video stream, or the input could not be read (`unreadable`), or a figure is
///   undecidable because the probe itself lost packets, or nothing of a camera can be decided.
/// - 1 WARNING: a camera's loss or clock offset is at 90 % of its limit or above.
/// - 0 OK: nothing of this. What else is unknown (no sender reports, no parameter sets in a short
///   capture) is counted in the line and does not change the code: it would page for ever.
struct CheckAnswer: Equatable {
    enum Code: Int32, Equatable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }
    }

    /// Cameras named in the line before the rest is only counted: a pager's screen, chosen.
    static let namedLimit = 3

    var code: Code
    /// One line without its end.
    var line: String

    /// Judges what a finished analysis found.
    init(
        _ reports: some RandomAccessCollection<StreamReport>, input: AnalysisInput,
        criteria: Criteria
    ) {
        var tally = StreamTally()
        var worst: [String] = []
        var near: [String] = []
        var undecided = 0
        for report in reports {
            let figures = StreamFigures(report)
            let verdict = StreamVerdict(figures, by: criteria)
            tally.add(figures, verdict)
            let isAllUnknown =
                !verdict.findings.isEmpty
                && verdict.findings.allSatisfy {
                    if case .undecidable = $0.judgement { true } else { false }
                }
            if isAllUnknown { undecided += 1 }
            // Texts only of those that may be named.
            if verdict.state == .broken, worst.count < CheckAnswer.namedLimit {
                worst.append(CheckAnswer.text(report, verdict, .broken))
            } else if verdict.state == .near, near.count < CheckAnswer.namedLimit {
                near.append(CheckAnswer.text(report, verdict, .near))
            }
        }
        let isBlind =
            tally.video == 0 || tally.blinded > 0 || undecided > 0 || (input.kernelDrops ?? 0) > 0
        code =
            if tally[.broken] > 0 { .critical } else if isBlind {
                .unknown
            } else if tally[.near] > 0 { .warning } else { .ok }
        let message = CheckAnswer.message(
            code, tally, undecided: undecided, drops: input.kernelDrops ?? 0,
            named: code == .critical ? worst : near)
        line =
            "KUZET \(code.word): \(CheckAnswer.safe(message)) | "
            + CheckAnswer.performance(tally, input, criteria)
    }

    /// The answer when there is nothing to judge: the input could not be read.
    init(unreadable reason: String) {
        code = .unknown
        line = "KUZET UNKNOWN: \(CheckAnswer.safe(reason))"
    }

    private static func text(
        _ report: StreamReport, _ verdict: StreamVerdict, _ judgement: Judgement
    ) -> String {
        let findings = verdict.findings.filter { $0.judgement == judgement }.map(\.text)
        return StreamName.of(report) + ": " + findings.joined(separator: ", ")
    }

    private static func message(
        _ code: Code, _ tally: StreamTally, undecided: Int, drops: UInt64, named: [String]
    ) -> String {
        let cameras = tally.video == 1 ? "1 video stream" : "\(tally.video) video streams"
        var text: String
        switch code {
        case .critical:
            text =
                "\(tally[.broken]) of \(cameras) \(tally[.broken] == 1 ? "breaches" : "breach")"
                + " annex 2: "
            text += more(named, of: tally[.broken])
        case .warning:
            text = "\(tally[.near]) of \(cameras) near a limit: " + more(named, of: tally[.near])
        case .unknown where tally.video == 0:
            text = "no video stream seen"
        case .unknown where drops > 0 || tally.blinded > 0:
            text = "the probe lost packets itself (\(drops) in the kernel): \(cameras) not judged"
        case .unknown:
            text = "nothing can be decided of \(undecided) of \(cameras)"
        case .ok:
            text = "\(cameras) within annex 2"
        }
        if tally[.undecidable] > 0, code != .unknown {
            text += "; \(tally[.undecidable]) with unknown figures"
        }
        return text
    }

    private static func more(_ named: [String], of count: Int) -> String {
        let rest = count - named.count
        return named.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }

    /// The bar begins the performance data and a line's end the long text: neither may come from a
    /// camera's name.
    private static func safe(_ text: String) -> String {
        String(PrintableText.shown(text, ascii: false).map { $0 == "|" ? "/" : $0 })
    }

    private static func performance(
        _ tally: StreamTally, _ input: AnalysisInput, _ criteria: Criteria
    ) -> String {
        var items = [
            "streams=\(tally.count);;;0", "cameras=\(tally.video);;;0",
            "breach=\(tally[.broken]);;;0", "near=\(tally[.near]);;;0",
            "unsure=\(tally[.undecidable]);;;0",
        ]
        func plain(_ number: Double) -> String { DecimalText.exact(number) ?? "U" }
        if let loss = tally.greatestLoss {
            let limit = criteria.maximumLoss * 100
            let warning = plain(limit * criteria.margin)
            items.append("loss_max=\(plain(loss * 100))%;\(warning);\(plain(limit));0;100")
        }
        if let rate = tally.leastBitrate {
            let limit = criteria.minimumBitrate * (1 - criteria.tolerance)
            items.append("bitrate_min=\(plain(rate));;\(plain(limit)):;0")
        }
        if let rate = tally.leastFrameRate {
            let limit = criteria.minimumFrameRate * (1 - criteria.tolerance)
            items.append("frame_rate_min=\(plain(rate));;\(plain(limit)):;0")
        }
        if let offset = tally.greatestClockOffset {
            let limit = criteria.maximumClockOffset / 1000
            let warning = plain(limit * criteria.margin)
            items.append("clock_offset_max=\(plain(offset / 1000))s;\(warning);\(plain(limit));0")
        }
        items.append("packets=\(input.packets);;;0")
        if let drops = input.kernelDrops { items.append("kernel_drops=\(drops);;;0") }
        return items.joined(separator: " ")
    }
}
