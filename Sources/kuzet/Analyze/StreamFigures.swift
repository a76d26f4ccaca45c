// SPDX-License-Identifier: Apache-2.0
import Measurements
import Timekeeping

/// The figures of one stream, taken from its report: the one place where sums become rates and
/// where an unknown gets its reason, so that table, JSON and verdict cannot disagree.
///
/// A figure that the report itself calls unknown is unknown, whatever its sums say.
struct StreamFigures {
    /// What the report's measurement covers; it settles what a rate is divided by.
    enum Stretch: Sendable {
        /// First to last packet: a rate is over the time between those two.
        case whole
        /// One interval of many: a rate is over the interval's observed length, so that the
        /// intervals' bits add up.
        case interval
    }

    let report: StreamReport
    private let stretch: Stretch
    private let told: [(figure: Figure, reason: UnknownReason)]

    init(_ report: StreamReport, stretch: Stretch = .whole) {
        self.report = report
        self.stretch = stretch
        told = report.unknown.compactMap { unknown in
            Figure(rawValue: unknown.figure).map { ($0, unknown.reason) }
        }
    }

    private var total: Measurement { report.total }

    /// Why the report calls the figure unknown, if it does.
    func told(_ figure: Figure) -> UnknownReason? {
        told.first { $0.figure == figure }?.reason
    }

    /// `value` unless the report calls the figure unknown.
    private func unlessTold<Value>(_ figure: Figure, _ value: Value?) -> Value? {
        told(figure) == nil ? value : nil
    }

    /// The same for what a sum or a foreign clock may have made of it: not a number is unknown.
    private func unlessTold(_ figure: Figure, finite value: Double?) -> Double? {
        unlessTold(figure, value.flatMap { $0.isFinite ? $0 : nil })
    }

    /// Whether RTP headers number and time the packets.
    var hasRTP: Bool {
        switch report.identity.transport {
        case .rtpUDP, .rtpRTSPTCP, .rtpRTSPHTTP, .tsRTP: true
        case .tsUDP, .tsRTSPTCP, .httpMultipart, .rtspsTCP: false
        }
    }

    /// Whether packets travel in a TCP connection.
    var isInTCP: Bool {
        switch report.identity.transport {
        case .rtpRTSPTCP, .rtpRTSPHTTP, .tsRTSPTCP, .httpMultipart, .rtspsTCP: true
        case .rtpUDP, .tsUDP, .tsRTP: false
        }
    }

    /// Whether the probe itself lost packets: then what did not arrive proves nothing.
    var hasProbeDrops: Bool { (total.trust.probeDrops ?? 0) > 0 }

    /// Whether packets were joined before the capture, so that what is in them is seen in part.
    var hasJoinedPackets: Bool { total.trust.joinedPackets > 0 }

    /// Whether sequence numbers can tell what is missing.
    private var countsLoss: Bool { hasRTP && !hasProbeDrops }

    /// Whether frames could be told apart.
    var hasFrames: Bool {
        if total.frames.count > 0 { return true }
        return hasRTP && report.identity.transport != .tsRTP
            || report.identity.transport == .httpMultipart
    }
}

// MARK: - Rates and ratios

extension StreamFigures {
    var width: Int? { unlessTold(.width, report.medium.width) }
    var height: Int? { unlessTold(.height, report.medium.height) }

    var packetsLost: UInt64? {
        unlessTold(.packetsLost, countsLoss ? total.packets.lost : nil)
    }

    var lossRatio: Double? {
        unlessTold(.lossRatio, countsLoss ? total.packets.lossRatio : nil)
    }

    /// Seconds that bits are counted over; nil if there are none.
    private var seconds: Double? {
        let nanoseconds: Int64
        switch stretch {
        case .interval:
            nanoseconds = total.range.nanoseconds
        case .whole:
            guard let first = total.firstPacket, let last = total.lastPacket else { return nil }
            nanoseconds = last.nanoseconds(since: first)
        }
        return nanoseconds > 0 ? Double(nanoseconds) / 1e9 : nil
    }

    /// Bits a second on the IP layer.
    var bitrateIP: Double? {
        unlessTold(.bitrateIP, seconds.map { Double(total.octets.ip) * 8 / $0 })
    }

    /// Bits a second on the IP layer without duplicates: what the stream itself carries.
    ///
    /// A mirror port that shows each packet twice makes no camera send twice as much; this is
    /// what people are shown and criteria are judged by.
    var bitrate: Double? {
        unlessTold(
            .bitrateIP,
            seconds.map {
                Double(total.octets.ip - min(total.octets.ip, total.octets.duplicate)) * 8 / $0
            })
    }

    /// Bits a second of payload.
    var bitratePayload: Double? {
        guard report.identity.transport != .rtspsTCP else { return nil }
        return unlessTold(.bitratePayload, seconds.map { Double(total.octets.payload) * 8 / $0 })
    }

    /// Steps from frame to frame; nil below two frames.
    private var frameSteps: Double? {
        total.frames.count >= 2 ? Double(total.frames.count - 1) : nil
    }

    /// Frames a second by arrival: one less than the frames, over the time between the first
    /// packets of the first and the last.
    var frameRate: Double? {
        guard let frameSteps, let first = total.frames.firstArrival,
            let last = total.frames.lastArrival, last > first
        else { return nil }
        return unlessTold(.frameRate, frameSteps * 1e9 / Double(last.nanoseconds(since: first)))
    }

    /// Frames a second by the media clock: steps from frame to frame over the media time.
    ///
    /// An interval has the step that ends in it with its first frame, if that is not the stream's
    /// first; the frame jitter has a value for each.
    var frameRateMedia: Double? {
        guard let frameSteps, let rate = report.medium.clockRate, total.frames.mediaSpanTicks > 0
        else { return nil }
        let steps =
            switch stretch {
            case .interval: Double(total.frameJitter.count)
            case .whole: frameSteps
            }
        let span = Double(total.frames.mediaSpanTicks) / Double(rate.hertz)
        return unlessTold(.frameRateMedia, steps / span)
    }

    /// Frames a second that the sender's most common step means.
    var frameRateNominal: Double? {
        guard let rate = report.medium.clockRate, total.frames.nominalStepTicks > 0 else {
            return nil
        }
        return unlessTold(
            .frameRateNominal, Double(rate.hertz) / Double(total.frames.nominalStepTicks))
    }

    var largestFrameGap: Double? {
        guard frameSteps != nil else { return nil }
        return unlessTold(.largestFrameGap, Double(total.frames.largestGapNanoseconds) / 1e6)
    }

    var keyFrameInterval: Double? {
        let frames = total.frames
        guard frames.keyFrameIntervals > 0 else { return nil }
        let mean = Double(frames.keyFrameIntervalSumNanoseconds) / Double(frames.keyFrameIntervals)
        return unlessTold(.keyFrameInterval, mean / 1e6)
    }

    var jitterMean: Double? { unlessTold(.jitterMean, finite: total.jitter.meanMilliseconds) }
    var jitterMax: Double? { unlessTold(.jitterMax, finite: total.jitter.maxMilliseconds) }

    var clockOffset: Double? { unlessTold(.clockOffset, finite: report.clock.offsetMilliseconds) }
    var clockOffsetUncertainty: Double? {
        unlessTold(.clockOffsetUncertainty, finite: report.clock.uncertaintyMilliseconds)
    }
}

// MARK: - Every figure by its name

extension StreamFigures {
    /// The figure's value, `.none` if it is unknown or does not apply.
    subscript(figure: Figure) -> FigureValue {
        if told(figure) != nil { return .none }
        return identityValue(figure) ?? packetValue(figure) ?? frameValue(figure)
            ?? carrierValue(figure) ?? .none
    }

    private func identityValue(_ figure: Figure) -> FigureValue? {
        let identity = report.identity
        let medium = report.medium
        switch figure {
        case .source: return .text(identity.source)
        case .destination: return .text(identity.destination)
        case .ssrc: return .init(identity.ssrc.map(DecimalText.hexadecimal))
        case .transport: return .text(identity.transport.rawValue)
        case .vlan: return .list(identity.vlan)
        case .interleavedChannel: return .init(identity.interleavedChannel)
        case .url: return .init(medium.url)
        case .cname: return .init(medium.canonicalName)
        case .kind: return .text(medium.kind.rawValue)
        case .payloadType: return .init(medium.payloadType)
        case .codec: return .init(medium.codec)
        case .clockRate: return .init(medium.clockRate?.hertz)
        case .clockRateAssumed:
            return medium.clockRate == nil ? FigureValue.none : .flag(medium.isClockRateAssumed)
        case .encrypted: return .flag(medium.isEncrypted)
        case .timestampsContradict: return .flag(report.timestampsContradict)
        case .width: return .init(medium.width.flatMap { UInt64(exactly: $0) })
        case .height: return .init(medium.height.flatMap { UInt64(exactly: $0) })
        case .resolutionChanges:
            return width == nil ? FigureValue.none : .count(report.resolutionChanges)
        default: return nil
        }
    }

    private func packetValue(_ figure: Figure) -> FigureValue? {
        let packets = total.packets
        switch figure {
        case .packetsReceived: return .count(packets.received)
        case .packetsUnique: return hasRTP ? .count(packets.unique) : FigureValue.none
        case .packetsDuplicate: return hasRTP ? .count(packets.duplicate) : FigureValue.none
        case .packetsLate: return hasRTP ? .count(packets.late) : FigureValue.none
        case .packetsOutlier: return hasRTP ? .count(packets.outliers) : FigureValue.none
        case .packetsExpected: return hasRTP ? .count(packets.expected) : FigureValue.none
        case .packetsLost: return .init(packetsLost)
        case .lossRatio: return .init(lossRatio)
        case .lossRuns: return countsLoss ? .count(packets.lossRuns) : FigureValue.none
        case .longestLossRun: return countsLoss ? .count(packets.longestLossRun) : FigureValue.none
        case .sequenceRestarts: return hasRTP ? .count(packets.restarts) : FigureValue.none
        case .bytesIP: return .count(total.octets.ip)
        case .bytesPayload:
            return report.identity.transport == .rtspsTCP
                ? FigureValue.none : .count(total.octets.payload)
        case .bytesDuplicate:
            return hasRTP ? .count(total.octets.duplicate) : FigureValue.none
        case .bitrateIP: return .init(bitrateIP)
        case .bitratePayload: return .init(bitratePayload)
        case .firstPacket: return .init(total.firstPacket?.text())
        case .lastPacket: return .init(total.lastPacket?.text())
        case .probeDrops: return .init(total.trust.probeDrops)
        case .packetsCut: return .count(total.trust.cutPackets)
        case .packetsBeyondWindow:
            return hasRTP ? .count(total.trust.beyondWindow) : FigureValue.none
        case .packetsJoined: return .count(total.trust.joinedPackets)
        default: return nil
        }
    }

    private func frameValue(_ figure: Figure) -> FigureValue? {
        let frames = total.frames
        let hasSteps = frames.count >= 2
        switch figure {
        case .frames: return hasFrames ? .count(frames.count) : FigureValue.none
        case .frameRate: return .init(frameRate)
        case .frameRateMedia: return .init(frameRateMedia)
        case .frameRateNominal: return .init(frameRateNominal)
        case .largestFrameGap: return .init(largestFrameGap)
        case .freezes: return hasSteps ? .count(frames.freezes) : FigureValue.none
        case .frozen:
            return hasSteps ? .number(Double(frames.frozenNanoseconds) / 1e6) : FigureValue.none
        case .keyFrames:
            return hasFrames && !isBlindToKeyFrames ? .count(frames.keyFrames) : FigureValue.none
        case .keyFrameInterval: return .init(keyFrameInterval)
        case .jitterMean: return .init(jitterMean)
        case .jitterMax: return .init(jitterMax)
        case .jitterFrameMean: return .init(total.frameJitter.meanMilliseconds)
        case .jitterFrameMax: return .init(total.frameJitter.maxMilliseconds)
        default: return nil
        }
    }

    /// Whether key frames pass unseen: not video, or nobody can look inside.
    var isBlindToKeyFrames: Bool {
        report.medium.kind != .video
            || (report.medium.isEncrypted && total.frames.keyFrames == 0)
    }

    private func carrierValue(_ figure: Figure) -> FigureValue? {
        let clock = report.clock
        let stream = report.transportStream
        let tcp = report.tcp
        switch figure {
        case .clockOffset: return .init(clock.offsetMilliseconds)
        case .clockOffsetUncertainty: return .init(clock.uncertaintyMilliseconds)
        case .clockDrift: return .init(clock.driftPPM)
        case .senderReports: return hasRTP ? .count(clock.senderReports) : FigureValue.none
        case .receiverReports: return .receptions(receptions)
        case .goodbyes: return hasRTP ? .count(report.goodbyes) : FigureValue.none
        case .dscpPackets:
            return .tally(report.dscpPackets.map { .init(key: $0.dscp, count: $0.packets) })
        case .ttlMin: return .init(report.ttlRange?.lowerBound)
        case .ttlMax: return .init(report.ttlRange?.upperBound)
        case .tsPackets: return .init(stream?.packets)
        case .tsContinuityErrors: return .init(stream?.continuityErrors)
        case .tsSyncLosses: return .init(stream?.syncLosses)
        case .tsPacketSize: return .init(stream.flatMap { UInt64(exactly: $0.packetSize) })
        case .tsVideoCodec: return .init(stream?.videoCodec)
        case .pcrJitterMax: return .init(stream?.pcrJitterMaxMilliseconds)
        case .tcpRetransmissions: return .init(tcp?.retransmissions)
        case .tcpMissingBytes: return .init(tcp?.missingOctets)
        case .tcpStalls: return .init(tcp?.stalls)
        case .tcpLongestStall: return .init(tcp.map { Double($0.longestStallNanoseconds) / 1e6 })
        case .mdiDelayFactor: return .init(report.mdi?.delayFactorMilliseconds)
        case .mdiMediaLossRate: return .init(report.mdi?.mediaLossRate)
        default: return nil
        }
    }

    private var receptions: [FigureValue.Reception] {
        report.reception.map { loss in
            FigureValue.Reception(
                reporter: DecimalText.hexadecimal(loss.reporter), reports: loss.reports,
                cumulativeLost: loss.cumulativeLost,
                greatestFractionLost: Double(loss.greatestFractionLost) / 256,
                jitterMilliseconds: report.medium.clockRate.map {
                    Double(loss.jitterTicks) * 1000 / Double($0.hertz)
                }, runLengthLost: loss.runLengthLost, summaryLost: loss.summaryLost)
        }
    }
}

extension FigureValue {
    init(_ text: String?) {
        self = text.map { .text($0) } ?? .none
    }

    init(_ number: Double?) {
        self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .none
    }

    init(_ count: (some UnsignedInteger)?) {
        self = count.map { .count(UInt64($0)) } ?? .none
    }
}
