// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import RTP
import Timekeeping
import TransportStream

/// MPEG transport stream in UDP, in RTP and in interleaved frames.
extension Tracker {
    /// Datagrams of transport packets that prove a stream: each carries several sync octets at
    /// their places, so that three are no chance.
    static let transportDatagramsToProve: UInt16 = 3

    /// Takes a datagram as transport stream if it is one; whether it was.
    mutating func receiveTransportStream(_ datagram: Datagram, _ payload: Span<UInt8>) -> Bool {
        let key = StreamKey(
            source: datagram.source, destination: datagram.destination, ssrc: 0,
            vlan: datagram.vlan, carriage: .tsUDP)
        return receiveTransportStream(key, datagram, payload)
    }

    /// The same for a stream of any carriage.
    mutating func receiveTransportStream(
        _ key: StreamKey, _ datagram: Datagram, _ payload: Span<UInt8>
    ) -> Bool {
        let hash = key.hash(seed: seed)
        var index = store.find(key, hash: hash)
        if index == nil {
            guard Tracker.looksLikeTransportStream(payload, length: datagram.length)
            else { return false }
        }
        let arrival = Arrival(
            key: key, hash: hash, instant: datagram.instant, payloadStart: 0,
            payloadCaptured: Int32(clamping: min(payload.count, datagram.length)),
            payloadLength: Int32(clamping: datagram.length),
            ipLength: UInt32(clamping: datagram.ipLength), timestamp: 0,
            signature: Signature(payloadType: 0, dscp: datagram.dscp, ttl: datagram.hopLimit),
            sequenceNumber: 0, marker: false, kind: .rtp)
        if index == nil {
            guard flows.admit(flow: hash), let begun = begin(arrival) else {
                faultCounts.refuse(.transportStream, "streams", limit: configuration.streamLimit)
                return true
            }
            index = begun
            let medium = Int32(media.find(for: key, payloadType: 33) ?? -1)
            withStream(begun) { stream, totals in
                stream.codec = .mp2t
                // Not a sequence of its own: the meter counts.
                stream.frames = 0
                totals.medium = medium
            }
            meterTransportStream(begun)
        } else if let index {
            receiveUnsequenced(index, arrival)
        }
        if let index { feedTransportStream(index, arrival, payload) }
        if let joined = datagram.joined { note(joined, of: arrival) }
        return true
    }

    /// Whether a datagram is whole transport packets, by the sync octets that were captured.
    static func looksLikeTransportStream(_ payload: Span<UInt8>, length: Int) -> Bool {
        PacketSize.allCases.contains { size in
            guard length > 0, length % size.rawValue == 0 else { return false }
            let places = stride(from: size.lead, to: payload.count, by: size.rawValue)
            var found = false
            for place in places {
                guard payload[place] == 0x47 else { return false }
                found = true
            }
            return found
        }
    }

    /// Counts a packet that has neither sequence number nor timestamp.
    mutating func receiveUnsequenced(_ index: Int, _ arrival: Arrival) {
        if withStream(index, { stream, _ in stream.lastArrival }) < intervalStart {
            noteFirst(index, arrival: arrival.instant)
        }
        let isOther = withStream(index) { stream, totals -> Bool in
            stream.received &+= 1
            stream.octetsIP &+= UInt64(arrival.ipLength)
            stream.octetsPayload &+= UInt64(max(0, arrival.payloadLength))
            stream.lastArrival = arrival.instant
            if arrival.isCut { stream.cut &+= 1 }
            if stream.flags.contains(.probation) {
                totals.run &+= 1
                if totals.run >= Tracker.transportDatagramsToProve {
                    stream.flags.remove(.probation)
                }
            }
            return stream.signature != arrival.signature
        }
        if isOther { changeSignature(index, arrival) }
    }

    /// Gives a stream a transport stream meter.
    mutating func meterTransportStream(
        _ index: Int, framing: TransportStreamMeter.Framing = .datagrams
    ) {
        let hasOne = knownDetails(index).map { $0.transportStream >= 0 } ?? false
        guard !hasOne else { return }
        let place: Int
        if let vacated = vacantTransportMeters.popLast() {
            transportMeters[vacated] = TransportStreamMeter(framing: framing)
            place = vacated
        } else {
            place = transportMeters.count
            transportMeters.append(TransportStreamMeter(framing: framing))
        }
        withDetails(index) { $0.transportStream = Int32(place) }
        withStream(index) { stream, _ in _ = stream.flags.insert(.transportStream) }
        forgetFrames(index)
    }

    /// Forgets the frames that timestamps told before it was known what they are: in MPEG-TS
    /// they are times of sending (RFC 2250 section 2).
    ///
    /// What an interval told stays told.
    private mutating func forgetFrames(_ index: Int) {
        let told = index < snapshots.count ? snapshots[index] : IntervalSnapshot()
        withStream(index) { stream, totals in
            stream.frames = told.frames
            stream.largestFrameGap = 0
            totals.freezes = told.freezes
            totals.frozen = told.frozen
            totals.steps = FrameSteps()
        }
    }

    /// Takes back the meter of a stream that was not proved.
    mutating func vacateTransportMeter(_ place: Int) {
        transportMeters[place] = TransportStreamMeter()
        vacantTransportMeters.append(place)
    }

    /// Gives the meter of a stream its octets, and the stream the frames found in them.
    mutating func feedTransportStream(_ index: Int, _ arrival: Arrival, _ payload: Span<UInt8>) {
        let place = withDetails(index) { Int($0.transportStream) }
        guard place >= 0 else { return }
        let instant = Instant(nanoseconds: arrival.instant)
        var began: [TransportStreamMeter.Frame] = []
        transportMeters[place].receive(payload, at: instant, isCut: arrival.isCut) {
            began.append($0)
        }
        for fault in transportMeters[place].faults { faultCounts.count(fault) }
        for frame in began { beginFrame(index, frame) }
        guard let head = transportMeters[place].takeVideoHead() else { return }
        let codec = transportMeters[place].videoCodec
        guard let picture = PictureFormat(transportStreamHead: head.span, codec: codec) else {
            transportMeters[place].seekVideoHead()
            return
        }
        setResolution(index, width: picture.width, height: picture.height)
    }

    /// Counts a frame that no RTP timestamp tells of.
    mutating func beginFrame(_ index: Int, at instant: Int64) {
        let (isFirst, last) = withStream(index) { stream, _ in
            (stream.frames == 0, stream.lastFrameArrival)
        }
        if isFirst { withDetails(index) { $0.firstFrame = instant } }
        if isFirst || last < intervalStart { noteFirst(index, frame: instant) }
        withStream(index) { stream, _ in
            if !isFirst { stream.largestFrameGap = max(stream.largestFrameGap, instant &- last) }
            stream.frames &+= 1
            stream.lastFrameArrival = instant
        }
    }

    private mutating func beginFrame(_ index: Int, _ frame: TransportStreamMeter.Frame) {
        beginFrame(index, at: frame.arrival.nanoseconds)
        guard frame.isRandomAccess else { return }
        withStream(index) { $1.countKeyFrame(at: $0.lastFrameArrival) }
    }
}

extension StreamReport {
    /// Adds what a transport stream meter found.
    mutating func describe(_ meter: TransportStreamMeter) {
        var report = TransportStreamReport()
        report.packets = meter.packets
        report.continuityErrors = meter.continuityErrors
        report.syncLosses = meter.syncLosses
        report.packetSize = meter.packetSize ?? 188
        report.pcrJitterMaxMilliseconds = meter.pcrJitterNanoseconds.map { Double($0) / 1e6 }
        report.videoCodec = meter.videoCodec
        transportStream = report
        if meter.isScrambled { medium.isEncrypted = true }
    }
}
