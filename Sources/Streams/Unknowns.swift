// SPDX-License-Identifier: Apache-2.0
import Measurements
import RTP
import Timekeeping

/// Why figures of a report cannot be known.
extension StreamReport {
    /// Adds a reason for every figure that has none and no value.
    mutating func explainWhatIsUnknown() {
        explainMedium()
        explainOrder()
        explainFrames()
        explainClock()
    }

    private mutating func explain(_ figures: [String], _ reason: UnknownReason) {
        for figure in figures where !unknown.contains(where: { $0.figure == figure }) {
            unknown.append(UnknownFigure(figure, reason))
        }
    }

    private var isRTP: Bool { identity.ssrc != nil }

    private mutating func explainMedium() {
        if medium.codec == nil {
            explain(["codec"], medium.isEncrypted ? .encrypted : .noSignalling)
        }
        if medium.url == nil { explain(["url"], .noSignalling) }
        if !isRTP { explain(["payload_type", "clock_rate_hz"], .noRTP) }
        guard medium.width == nil else { return }
        let reason: UnknownReason
        if medium.kind == .audio {
            reason = .notVideo
        } else if medium.isEncrypted {
            reason = .encrypted
        } else if medium.codec == nil {
            reason = .noSignalling
        } else if !medium.isCodecRead {
            reason = medium.kind == .video ? .codecNotRead : .notVideo
        } else if total.trust.cutPackets > 0 {
            reason = .payloadNotCaptured
        } else {
            reason = .noParameterSets
        }
        explain(["width", "height"], reason)
    }

    /// What hangs on how many packets there were, and when each came.
    private static let packetFigures = [
        "packets_received", "packets_unique", "packets_duplicate", "packets_late",
        "packets_outlier", "packets_expected", "packets_lost", "loss_ratio", "loss_runs",
        "longest_loss_run_packets", "sequence_restarts", "jitter_mean_ms", "jitter_max_ms",
        "jitter_frame_mean_ms", "jitter_frame_max_ms", "mdi_media_loss_rate",
    ]

    private mutating func explainOrder() {
        if total.trust.joinedPackets > 0 {
            explain(StreamReport.packetFigures, .packetsJoined)
        }
        guard isRTP else {
            return explain(
                [
                    "packets_unique", "packets_duplicate", "packets_late", "packets_expected",
                    "packets_lost", "loss_ratio", "longest_loss_run_packets",
                    "sequence_restarts", "jitter_mean_ms", "jitter_max_ms",
                ], .noRTP)
        }
        if let drops = total.trust.probeDrops, drops > 0 {
            explain(["packets_lost", "loss_ratio", "longest_loss_run_packets"], .probeDrops)
        }
        if total.jitter.count == 0 { explain(["jitter_mean_ms", "jitter_max_ms"], .tooFewPackets) }
    }

    private mutating func explainFrames() {
        if identity.transport == .rtspsTCP {
            explain(["frames"], .encrypted)
        }
        if total.frames.count < 2 {
            explain(
                [
                    "frame_rate_fps", "frame_rate_media_fps", "frame_rate_nominal_fps",
                    "largest_frame_gap_ms",
                ], medium.isEncrypted && !isRTP ? .encrypted : .tooFewFrames)
        } else if !isRTP || medium.codec == "mp2t" {
            explain(
                ["frame_rate_media_fps", "frame_rate_nominal_fps"],
                isRTP ? .framesUntimed : .noRTP)
        }
        if total.packets.restarts > 0 {
            // The media clock began anew: its span over both segments means nothing.
            explain(["frame_rate_media_fps"], .timestampsContradict)
        }
        explainMediaClock()
    }

    /// How far apart the media clock and the clock of arrival may be over the whole stream: twice
    /// or half, as a sender may send stored media faster, and a second for short streams.
    private static let sanestRatio = 2.0

    /// Tells where the media clock cannot have run at the rate it is said to.
    private mutating func explainMediaClock() {
        let frames = total.frames
        guard frames.count >= 2, frames.mediaSpanTicks > 0, let rate = medium.clockRate,
            let first = frames.firstArrival, let last = frames.lastArrival
        else { return }
        let media = Double(frames.mediaSpanTicks) / Double(rate.hertz)
        let arrival = Double(last.nanoseconds(since: first)) / 1e9
        guard abs(media - arrival) > 1, !StreamReport.agree(media, arrival) else { return }
        timestampsContradict = true
        // One jump leaves the usual step as it was; a wrong rate does not.
        let nominal = Double(frames.nominalStepTicks) / Double(rate.hertz)
        if !StreamReport.agree(nominal, arrival / Double(frames.count - 1)) {
            explain(["frame_rate_nominal_fps"], .timestampsContradict)
        }
    }

    private static func agree(_ one: Double, _ other: Double) -> Bool {
        one <= sanestRatio * other && other <= sanestRatio * one
    }

    private mutating func explainClock() {
        let figures = ["clock_offset_ms", "clock_offset_uncertainty_ms", "clock_drift_ppm"]
        guard clock.senderReports > 0 else {
            return explain(figures, isRTP ? .noSenderReports : .noRTP)
        }
        if clock.offsetMilliseconds == nil { explain(figures, clock.unknown ?? .senderClockUnset) }
        if clock.driftPPM == nil { explain(["clock_drift_ppm"], .tooFewSenderReports) }
    }
}

extension SenderClockReport {
    /// What a sender's reports told of its clock.
    init(_ clock: SenderClock) {
        self.init()
        senderReports = clock.reports
        do throws(SenderClock.Unknown) {
            let offset = try clock.offset()
            offsetMilliseconds = Double(offset.nanoseconds) / 1e6
            uncertaintyMilliseconds = Double(offset.uncertaintyNanoseconds) / 1e6
            driftPPM = try clock.driftPPM
        } catch {
            switch error {
            case .noReports: unknown = .noSenderReports
            case .unset: unknown = .senderClockUnset
            case .implausible, .standing: unknown = .senderClockImplausible
            case .tooFew: unknown = .tooFewSenderReports
            }
        }
    }
}
