// SPDX-License-Identifier: Apache-2.0
import Measurements

extension StreamFigures {
    /// Why the figure has no value; nil if it has one, or if it plainly does not apply: no
    /// interleaved channel outside RTSP, no MPEG-TS figures where there is no MPEG-TS.
    func reason(_ figure: Figure) -> UnknownReason? {
        if let told = told(figure) { return told }
        guard case .none = self[figure] else { return nil }
        return identityReason(figure) ?? packetReason(figure) ?? frameReason(figure)
            ?? carrierReason(figure)
    }

    private var medium: MediumDescription { report.medium }

    private func identityReason(_ figure: Figure) -> UnknownReason? {
        switch figure {
        case .ssrc, .payloadType: hasRTP ? .tooFewPackets : .noRTP
        case .url: medium.isEncrypted && isInTCP ? .encrypted : .noSignalling
        case .cname: hasRTP ? .noSenderReports : .noRTP
        case .codec:
            report.identity.transport == .rtspsTCP ? .encrypted : .noSignalling
        case .clockRate, .clockRateAssumed: hasRTP ? .noSignalling : .noRTP
        case .width, .height, .resolutionChanges: sizeReason
        default: nil
        }
    }

    private var sizeReason: UnknownReason {
        if medium.isEncrypted { return .encrypted }
        if medium.kind != .video { return .notVideo }
        if medium.codec == nil { return .noSignalling }
        if !medium.isCodecRead { return .codecNotRead }
        // Every packet cut by the snap length: the parameter sets may have come.
        let isCut = report.total.trust.cutPackets > 0
        return isCut ? .payloadNotCaptured : .noParameterSets
    }

    private func packetReason(_ figure: Figure) -> UnknownReason? {
        switch figure {
        case .packetsLost, .lossRatio, .lossRuns, .longestLossRun:
            if !hasRTP { return .noRTP }
            return hasProbeDrops ? .probeDrops : .tooFewPackets
        case .packetsUnique, .packetsDuplicate, .packetsLate, .packetsOutlier, .packetsExpected,
            .sequenceRestarts, .packetsBeyondWindow, .bytesDuplicate:
            return .noRTP
        case .bitrateIP, .firstPacket, .lastPacket: return .tooFewPackets
        case .bytesPayload: return .encrypted
        case .bitratePayload:
            return report.identity.transport == .rtspsTCP ? .encrypted : .tooFewPackets
        default: return nil
        }
    }

    private func frameReason(_ figure: Figure) -> UnknownReason? {
        switch figure {
        case .frames: noFramesReason
        case .frameRate, .largestFrameGap, .freezes, .frozen:
            hasFrames ? .tooFewFrames : noFramesReason
        case .frameRateMedia, .frameRateNominal:
            if !hasFrames {
                noFramesReason
            } else if medium.clockRate == nil {
                hasRTP ? .noClockRate : .noRTP
            } else {
                .tooFewFrames
            }
        case .keyFrames, .keyFrameInterval:
            if medium.kind != .video {
                .notVideo
            } else if medium.isEncrypted {
                .encrypted
            } else {
                hasFrames ? .tooFewFrames : noFramesReason
            }
        case .jitterMean, .jitterMax, .jitterFrameMean, .jitterFrameMax: jitterReason(figure)
        default: nil
        }
    }

    private var noFramesReason: UnknownReason {
        if medium.isEncrypted { return .encrypted }
        return medium.kind == .video ? .payloadNotCaptured : .notVideo
    }

    private func jitterReason(_ figure: Figure) -> UnknownReason {
        if !hasRTP { return .noRTP }
        if medium.clockRate == nil { return .noClockRate }
        let isOfFrames = figure == .jitterFrameMean || figure == .jitterFrameMax
        if isOfFrames, medium.codec == "mp2t" { return .framesUntimed }
        return isOfFrames ? .tooFewFrames : .tooFewPackets
    }

    private func carrierReason(_ figure: Figure) -> UnknownReason? {
        switch figure {
        case .clockOffset, .clockOffsetUncertainty:
            if !hasRTP { return .noRTP }
            return report.clock.senderReports == 0 ? .noSenderReports : .senderClockUnset
        case .clockDrift:
            if !hasRTP { return .noRTP }
            return report.clock.senderReports == 0 ? .noSenderReports : .tooFewSenderReports
        case .senderReports, .goodbyes: return .noRTP
        case .pcrJitterMax: return report.transportStream == nil ? nil : .tooFewPackets
        case .tsVideoCodec: return report.transportStream == nil ? nil : .noSignalling
        case .tcpRetransmissions, .tcpMissingBytes, .tcpStalls, .tcpLongestStall:
            return isInTCP ? .payloadNotCaptured : nil
        case .tsPackets, .tsContinuityErrors:
            return medium.codec == "mp2t" ? .payloadNotCaptured : nil
        default: return nil
        }
    }
}
