// SPDX-License-Identifier: Apache-2.0
import Measurements

/// What one criterion says of one stream.
enum Judgement: Equatable, Sendable {
    case met
    /// Met, but close to the limit, or broken only if the uncertainty lies that way.
    case near
    case broken
    case undecidable(UnknownReason)
}

/// One criterion's judgement in numbers.
struct Finding: Equatable, Sendable {
    var criterion: Criterion
    var judgement: Judgement
    /// The measured value with its unit, such as `1280x720`; empty if undecidable.
    var measured: String
    /// The limit with its unit.
    var limit: String

    /// Such as `resolution 1280x720 < 1920x1080 (A2.1.1)`.
    var text: String {
        let isMinimum = criterion != .loss && criterion != .clock
        switch judgement {
        case .met:
            return "\(criterion.title) \(measured) (\(criterion.clause))"
        case .near:
            return "\(criterion.title) \(measured) near \(limit) (\(criterion.clause))"
        case .broken:
            let sign = isMinimum ? "<" : ">"
            return "\(criterion.title) \(measured) \(sign) \(limit) (\(criterion.clause))"
        case .undecidable(let reason):
            return "\(criterion.title) unknown: \(reason.rawValue) (\(criterion.clause))"
        }
    }
}

/// What annex 2 says of one stream.
struct StreamVerdict: Equatable, Sendable {
    /// The verdict in one word; the raw values are a contract of the JSON output.
    enum State: String, CaseIterable, Sendable {
        /// A criterion is broken for certain.
        case broken
        /// None is broken, one is near its limit.
        case near
        /// None is broken or near, but one of A2.1.1 to A2.1.4 cannot be known.
        case undecidable
        /// All are met. An unknown clock offset alone does not take this away: a stream without
        /// sender reports is no worse a picture, and the clock can be checked by other means.
        case met
        /// Not video: annex 2 does not speak of it.
        case notJudged = "not_judged"

        /// The table's word.
        var word: String {
            switch self {
            case .broken: "BREACH"
            case .near: "near"
            case .undecidable: "unsure"
            case .met: "ok"
            case .notJudged: "-"
            }
        }

        var ink: Ink {
            switch self {
            case .broken: .broken
            case .near: .near
            case .undecidable: .unknown
            case .met: .good
            case .notJudged: .dim
            }
        }
    }

    /// One finding for each criterion; none for a stream that is not video.
    var findings: [Finding]
    var state: State

    /// Judges `figures` by `criteria`.
    init(_ figures: StreamFigures, by criteria: Criteria) {
        guard figures.report.medium.kind == .video else {
            findings = []
            state = .notJudged
            return
        }
        findings = [
            Self.resolution(figures, criteria), Self.bitrate(figures, criteria),
            Self.frameRate(figures, criteria), Self.loss(figures, criteria),
            Self.clock(figures, criteria),
        ]
        state = Self.state(of: findings)
    }

    /// The finding of `criterion`, if the stream was judged.
    subscript(criterion: Criterion) -> Finding? {
        findings.first { $0.criterion == criterion }
    }

    /// How many criteria are broken.
    var brokenCount: Int { findings.count { $0.judgement == .broken } }

    /// Whether something could not be decided because the probe itself lost packets.
    var isBlinded: Bool {
        findings.contains { $0.judgement == .undecidable(.probeDrops) }
    }

    private static func state(of findings: [Finding]) -> State {
        if findings.contains(where: { $0.judgement == .broken }) { return .broken }
        if findings.contains(where: { $0.judgement == .near }) { return .near }
        let isUnsure = findings.contains {
            if case .undecidable = $0.judgement { $0.criterion != .clock } else { false }
        }
        return isUnsure ? .undecidable : .met
    }
}

extension StreamVerdict {
    private static func resolution(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let limit = "\(criteria.width)x\(criteria.height)"
        guard let width = figures.width, let height = figures.height else {
            return Finding(
                criterion: .resolution,
                judgement: .undecidable(figures.reason(.width) ?? .noParameterSets),
                measured: "", limit: limit)
        }
        let isEnough =
            max(width, height) >= max(criteria.width, criteria.height)
            && min(width, height) >= min(criteria.width, criteria.height)
        return Finding(
            criterion: .resolution, judgement: isEnough ? .met : .broken,
            measured: "\(width)x\(height)", limit: limit)
    }

    private static func bitrate(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        minimum(
            .bitrate, figures, figures.bitrateIP, .bitrateIP, limit: criteria.minimumBitrate,
            tolerance: criteria.tolerance
        ) { DecimalText.plain($0 / 1000) + " kbit/s" }
    }

    private static func frameRate(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        minimum(
            .frameRate, figures, figures.frameRate, .frameRate, limit: criteria.minimumFrameRate,
            tolerance: criteria.tolerance
        ) { DecimalText.plain($0) + " frames/s" }
    }

    /// A probe that lost packets saw less than there was: it can prove enough, never too little.
    private static func minimum(
        _ criterion: Criterion, _ figures: StreamFigures, _ value: Double?, _ figure: Figure,
        limit: Double, tolerance: Double, text: (Double) -> String
    ) -> Finding {
        var finding = Finding(
            criterion: criterion, judgement: .met, measured: "", limit: text(limit))
        guard let value else {
            finding.judgement = .undecidable(figures.reason(figure) ?? .tooFewPackets)
            return finding
        }
        if value >= limit * (1 - tolerance) {
            finding.measured = text(value)
        } else if figures.hasProbeDrops {
            finding.judgement = .undecidable(.probeDrops)
        } else {
            finding.measured = text(value)
            finding.judgement = .broken
        }
        return finding
    }

    private static func loss(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let percent = { (ratio: Double) in DecimalText.plain(ratio * 100) + " %" }
        var finding = Finding(
            criterion: .loss, judgement: .met, measured: "", limit: percent(criteria.maximumLoss))
        guard let ratio = figures.lossRatio else {
            finding.judgement = .undecidable(figures.reason(.lossRatio) ?? .tooFewPackets)
            return finding
        }
        finding.measured = percent(ratio)
        if ratio > criteria.maximumLoss {
            finding.judgement = .broken
        } else if ratio >= criteria.maximumLoss * criteria.margin, ratio > 0 {
            finding.judgement = .near
        }
        return finding
    }

    private static func clock(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let seconds = { (milliseconds: Double) in DecimalText.plain(milliseconds / 1000) + " s" }
        var finding = Finding(
            criterion: .clock, judgement: .met, measured: "",
            limit: seconds(criteria.maximumClockOffset))
        guard let offset = figures.clockOffset else {
            finding.judgement = .undecidable(figures.reason(.clockOffset) ?? .noSenderReports)
            return finding
        }
        let uncertainty = figures.clockOffsetUncertainty ?? 0
        finding.measured = seconds(offset)
        if abs(offset) - uncertainty > criteria.maximumClockOffset {
            finding.judgement = .broken
        } else if abs(offset) + uncertainty >= criteria.maximumClockOffset * criteria.margin {
            finding.judgement = .near
        }
        return finding
    }
}
