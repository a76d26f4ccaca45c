// SPDX-License-Identifier: Apache-2.0
public import Measurements
import Packets
import RTP
public import Timekeeping

/// What a tracker answers when it is asked for a stream.
extension Tracker {
    /// Whether the stream at `index` proved itself, so that there is a report of it.
    public mutating func hasReport(stream index: Int) -> Bool {
        guard index >= 0, index < store.count else { return false }
        return withStream(index) { stream, _ in
            !stream.flags.contains(.vacant) && !stream.flags.contains(.probation)
        }
    }

    /// When the last packet and the last frame of the stream at `index` came; nil if there is no
    /// stream that proved itself, and no frame where frames cannot be told apart.
    public mutating func lastArrivals(
        stream index: Int
    ) -> (packet: Instant, frame: Instant?)? {
        guard hasReport(stream: index) else { return nil }
        return withStream(index) { stream, _ in
            (
                Instant(nanoseconds: stream.lastArrival),
                stream.frames > 0 ? Instant(nanoseconds: stream.lastFrameArrival) : nil
            )
        }
    }

    /// All that is known of the stream at `index`, or nil if there is none that proved itself.
    public mutating func report(stream index: Int) -> StreamReport? {
        report(stream: index, over: nil)
    }

    /// The same with the measurement of one `stretch` in place of the whole's.
    mutating func report(stream index: Int, over stretch: Measurement?) -> StreamReport? {
        guard index >= 0, index < store.count else { return nil }
        let drops = totalProbeDrops
        let troubles = troubles(index)
        let rare = rareCounts(index)
        let base: StreamReport? = withStream(index) { stream, totals in
            guard !stream.flags.contains(.vacant), !stream.flags.contains(.probation) else {
                return nil
            }
            var report = StreamReport(
                identity: StreamIdentity(stream),
                total: Measurement(stream, totals, troubles, rare, drops: drops))
            report.describe(stream, totals)
            return report
        }
        guard var report = base else { return nil }
        let medium = withStream(index) { $1.medium }
        if medium >= 0 { report.describe(media[Int(medium)]) }
        if let details = knownDetails(index) {
            report.describe(
                details, lastArrival: withStream(index) { stream, _ in stream.lastArrival })
            if details.transportStream >= 0 {
                report.describe(transportMeters[Int(details.transportStream)])
            }
        }
        if let stretch { report.total = stretch }
        report.explainWhatIsUnknown()
        return report
    }
}

extension StreamIdentity {
    init(_ stream: HotStream) {
        let carriage = stream.key.carriage
        self.init(
            source: stream.key.source.description,
            destination: stream.key.destination.description,
            ssrc: carriage.isRTP ? stream.key.ssrc : nil,
            transport: Transport(carriage, isTransportStream: stream.codec == .mp2t),
            vlan: stream.key.vlan,
            interleavedChannel: carriage.hasChannel ? stream.key.channel : nil)
    }
}

extension Carriage {
    var isRTP: Bool {
        switch self {
        case .rtpUDP, .rtpInterleaved, .rtpTunnelled: true
        case .tsUDP, .tsInterleaved, .multipart, .tls: false
        }
    }

    var hasChannel: Bool {
        switch self {
        case .rtpInterleaved, .rtpTunnelled, .tsInterleaved: true
        case .rtpUDP, .tsUDP, .multipart, .tls: false
        }
    }
}

extension Transport {
    init(_ carriage: Carriage, isTransportStream: Bool) {
        self =
            switch carriage {
            case .rtpUDP: isTransportStream ? .tsRTP : .rtpUDP
            case .rtpInterleaved: .rtpRTSPTCP
            case .rtpTunnelled: .rtpRTSPHTTP
            case .tsUDP: .tsUDP
            case .tsInterleaved: .tsRTSPTCP
            case .multipart: .httpMultipart
            case .tls: .rtspsTCP
            }
    }
}

extension Measurement {
    /// What was measured of a stream from its first packet to its last.
    init(
        _ stream: HotStream, _ totals: StreamTotals, _ troubles: StreamTroubles,
        _ rare: RareCounts, drops: UInt64?
    ) {
        let first = Instant(nanoseconds: totals.firstArrival)
        let last = Instant(nanoseconds: stream.lastArrival)
        // A packet stamped before its predecessor can make the last the earlier one.
        let range = TimeRange(start: min(first, last), end: max(first, last))
        self.init(
            range ?? TimeRange(start: first, nanoseconds: 0), from: IntervalSnapshot(),
            to: IntervalSnapshot(stream, totals, troubles, rare), stream, totals, troubles,
            drops: drops)
        packets.longestLossRun = UInt64(troubles.sequence.longestLossRun)
        frames.firstArrival = first
        frames.largestGapNanoseconds = max(totals.largestFrameGap, stream.largestFrameGap)
        jitter.maxNanoseconds = max(totals.jitterMax, stream.jitterMax)
        frameJitter.maxNanoseconds = max(
            totals.frameJitterMaxBefore, totals.frameJitterMax)
        firstPacket = first
    }
}

extension HotStream {
    /// Whether a timestamp of known unit says when a frame was sampled.
    var timesFrames: Bool { nanosecondsPerTick > 0 && !flags.contains(.transportStream) }
}

extension StreamReport {
    /// Adds what the meter itself knows of the medium.
    mutating func describe(_ stream: HotStream, _ totals: StreamTotals) {
        if stream.key.carriage.isRTP { medium.payloadType = stream.signature.payloadType }
        medium.codec = stream.codec.name
        medium.isEncrypted = stream.flags.contains(.encrypted)
        if totals.width > 0, totals.height > 0 {
            medium.width = Int(totals.width)
            medium.height = Int(totals.height)
        }
        if stream.key.carriage.isRTP {
            medium.isClockRateAssumed = stream.flags.contains(.assumedClock)
            medium.clockRate = MediaClock.Rate(
                hertz: Int((1e9 / stream.nanosecondsPerTick).rounded()))
        }
        switch stream.codec {
        case .h264, .h265, .mjpeg, .mpeg4, .mxpeg, .mp2t: medium.kind = .video
        case .unknown, .other: break
        }
        if stream.key.carriage.isRTP, medium.codec == nil,
            let known = StaticPayloadType(stream.signature.payloadType)
        {
            medium.codec = known.codecName
            medium.kind = MediaKind(known.kind)
        }
        dscpPackets = [stream.dscpCount(totals)]
        ttlRange = totals.ttlLeast...max(totals.ttlLeast, totals.ttlGreatest)
    }

    /// Adds what signalling said.
    mutating func describe(_ signalled: SignalledMedium) {
        medium.url = signalled.url
        let format = medium.payloadType.flatMap { signalled.format(payloadType: $0) }
        medium.codec = medium.codec ?? format?.name
        if medium.kind == .other, let kind = signalled.kind { medium.kind = kind }
        medium.isEncrypted = medium.isEncrypted || signalled.isEncrypted
    }

    /// Adds what only some streams have.
    ///
    /// `lastArrival` is that of its last packet, ns.
    mutating func describe(_ details: StreamDetails, lastArrival: Int64) {
        medium.codec = medium.codec ?? details.codecName
        medium.canonicalName = details.canonicalName
        for count in details.dscpPackets { add(count, to: &dscpPackets) }
        dscpPackets.sort { $0.dscp < $1.dscp }
        reception = details.reception
        if let first = details.firstFrame {
            total.frames.firstArrival = Instant(nanoseconds: first)
        }
        goodbyes = details.goodbyes
        let released = details.rare.releasedAt
        if released > 0, released &+ Tracker.releaseTail >= lastArrival {
            releasedAt = Instant(nanoseconds: released)
        }
        resolutionChanges = details.resolutionChanges
        tcp = details.tcp
        mdi = details.delivery?.index
        if let clock = details.senderClock { self.clock = SenderClockReport(clock) }
    }
}
