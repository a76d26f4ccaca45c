// SPDX-License-Identifier: Apache-2.0
import Agreements
import Measurements

/// What one criterion says of one stream.
enum Judgement: Equatable, Sendable {
    case met
    /// Met, but close to the limit, or broken only if the uncertainty lies that way.
    case near
    case broken
    case undecidable(UnknownReason)
}

/// A measured value or a limit, with its unit; text is made only when somebody reads it.
enum JudgedValue: Equatable, Sendable {
    case pixels(Int, Int)
    case bitsPerSecond(Double)
    case framesPerSecond(Double)
    case ratio(Double)
    case milliseconds(Double)

    var text: String {
        switch self {
        case .pixels(let width, let height): "\(width)x\(height)"
        case .bitsPerSecond(let rate):
            DecimalText.plain((rate / 100).rounded() / 10) + " kbit/s"
        case .framesPerSecond(let rate): DecimalText.plain(rate) + " frames/s"
        case .ratio(let ratio): DecimalText.plain(ratio * 100) + " %"
        case .milliseconds(let time): DecimalText.plain(time / 1000) + " s"
        }
    }
}

/// One criterion's judgement in numbers.
struct Finding: Equatable, Sendable {
    var criterion: Criterion
    var judgement: Judgement
    /// Nil if undecidable.
    var measured: JudgedValue?
    var limit: JudgedValue

    /// Whether it is undecidable in a way that takes the verdict's certainty away.
    ///
    /// Two are not: a clock offset, since a stream without sender reports is no worse a picture
    /// and the clock can be checked by other means; and loss where TCP carries the medium without
    /// RTP, since there is no packet to miss: what the network loses is sent again.
    var leavesUnsure: Bool {
        guard case .undecidable(let reason) = judgement else { return false }
        switch criterion {
        case .resolution, .bitrate, .frameRate: return true
        case .loss: return !(reason == .noRTP && isInTCP)
        case .clockOffset, .downtime: return false
        }
    }

    /// Whether the stream judged is carried by TCP.
    var isInTCP = false

    /// Such as `resolution 1280x720 < 1920x1080 (A2.1.1)`.
    var text: String {
        let measured = self.measured?.text ?? "?"
        let what =
            switch judgement {
            case .met: measured
            case .near: "\(measured) near \(limit.text)"
            case .broken where criterion == .clockOffset: "\(measured) beyond \(limit.text)"
            case .broken: "\(measured) \(criterion == .loss ? ">" : "<") \(limit.text)"
            case .undecidable(let reason): "unknown: \(reason.rawValue)"
            }
        return "\(criterion.title) \(what) (\(criterion.clause))"
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
        /// None is broken or near, but one of A2.1.1 to A2.1.4 cannot be known; see
        /// `Finding.leavesUnsure`.
        case undecidable
        /// All are met, as far as they leave nobody unsure.
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
        return findings.contains { $0.leavesUnsure } ? .undecidable : .met
    }
}

extension StreamVerdict {
    private static func resolution(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let limit = JudgedValue.pixels(criteria.width, criteria.height)
        guard let width = figures.width, let height = figures.height else {
            return Finding(
                criterion: .resolution,
                judgement: .undecidable(figures.reason(.width) ?? .noParameterSets), limit: limit)
        }
        let isEnough =
            max(width, height) >= max(criteria.width, criteria.height)
            && min(width, height) >= min(criteria.width, criteria.height)
        return Finding(
            criterion: .resolution, judgement: isEnough ? .met : .broken,
            measured: .pixels(width, height), limit: limit)
    }

    private static func bitrate(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let limit = criteria.minimumBitrate
        let judgement = minimum(
            figures.bitrate, .bitrateIP, figures, limit: limit, criteria.tolerance)
        return Finding(
            criterion: .bitrate, judgement: judgement,
            measured: figures.bitrate.map { .bitsPerSecond($0) }, limit: .bitsPerSecond(limit))
    }

    private static func frameRate(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let limit = criteria.minimumFrameRate
        let judgement = minimum(
            figures.frameRate, .frameRate, figures, limit: limit, criteria.tolerance)
        return Finding(
            criterion: .frameRate, judgement: judgement,
            measured: figures.frameRate.map { .framesPerSecond($0) },
            limit: .framesPerSecond(limit))
    }

    /// A probe that lost packets, or got them joined, saw less than there was: it can prove enough,
    /// never too little.
    private static func minimum(
        _ value: Double?, _ figure: Figure, _ figures: StreamFigures, limit: Double,
        _ tolerance: Double
    ) -> Judgement {
        guard let value else { return .undecidable(figures.reason(figure) ?? .tooFewPackets) }
        if value >= limit * (1 - tolerance) { return .met }
        if figures.hasProbeDrops { return .undecidable(.probeDrops) }
        return figures.hasJoinedPackets ? .undecidable(.packetsJoined) : .broken
    }

    private static func loss(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        var finding = Finding(
            criterion: .loss, judgement: .met, limit: .ratio(criteria.maximumLoss))
        guard let ratio = figures.lossRatio else {
            finding.judgement = .undecidable(figures.reason(.lossRatio) ?? .tooFewPackets)
            finding.isInTCP = figures.isInTCP
            return finding
        }
        finding.measured = .ratio(ratio)
        if ratio > criteria.maximumLoss {
            finding.judgement = .broken
        } else if ratio >= criteria.maximumLoss * criteria.margin, ratio > 0 {
            finding.judgement = .near
        }
        return finding
    }

    private static func clock(_ figures: StreamFigures, _ criteria: Criteria) -> Finding {
        let limit = criteria.maximumClockOffset
        var finding = Finding(criterion: .clockOffset, judgement: .met, limit: .milliseconds(limit))
        guard let offset = figures.clockOffset else {
            finding.judgement = .undecidable(figures.reason(.clockOffset) ?? .noSenderReports)
            return finding
        }
        let uncertainty = figures.clockOffsetUncertainty ?? 0
        finding.measured = .milliseconds(offset)
        if abs(offset) - uncertainty > limit {
            finding.judgement = .broken
        } else if abs(offset) + uncertainty >= limit * criteria.margin {
            finding.judgement = .near
        }
        return finding
    }
}
