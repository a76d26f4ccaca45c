// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import RTP
import RTSP
import Timekeeping

/// What connections carry: sessions, interleaved packets, pictures in parts, and what TLS hides.
extension Tracker {
    /// Takes one message of RTSP or HTTP.
    mutating func receive(
        _ message: RTSPMessage, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        connection.kind = .messages
        let isRequest = message.method != nil
        if connection.client == nil, message.method != .announce || message.wire == .http {
            connection.client = isRequest ? side : 1 - side
        }
        if message.wire == .http {
            receiveHTTP(message, &connection, side, at: instant)
            return
        }
        var session = connection.session
        if let cookie = connection.tunnelCookie {
            session = connections.tunnels[cookie] ?? ObservedSession()
        }
        let facts = session.observed(message, from: side == connection.client ? .client : .server)
        for fact in facts {
            countFaults(of: fact)
            if case .tornDown(_, _, let media) = fact { release(media, connection, at: instant) }
            guard case .setUp(let medium) = fact else { continue }
            let index = receive(medium, of: session, between: connection.ends)
            guard let channels = medium.transport.interleaved else { continue }
            connection.channels[channels.first] = (index, false)
            if let control = channels.second { connection.channels[control] = (index, true) }
        }
        if let cookie = connection.tunnelCookie {
            connections.tunnels[cookie] = session
        } else {
            connection.session = session
        }
    }

    /// Takes the head of an HTTP message: a tunnel's, a multipart answer's, or another's.
    private mutating func receiveHTTP(
        _ message: RTSPMessage, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        if let half = HTTPTunnel.half(openedBy: message) {
            // As many tunnels as connections; a cookie nobody follows any more makes room.
            if connections.tunnels.count >= configuration.connectionLimit {
                connections.tunnels.removeAll()
                faultCounts.refuse(.http, "tunnels", limit: configuration.connectionLimit)
            }
            connection.tunnelCookie = half.cookie
            return
        }
        if HTTPTunnel.isOpened(by: message) { return }
        if let multipart = MultipartReader(response: message) {
            connection.directions[side].multipart = multipart
            beginMultipart(&connection, side, at: instant)
            return
        }
        if let url = message.target, message.method == .get {
            connection.requestTarget = url.description
            connection.requestHost = message.headers["Host"]
        }
        connection.directions[side].otherHeads += 1
        if connection.directions[side].otherHeads > Tracker.otherHeadLimit {
            connection.kind = .ignored
        }
    }

    /// Takes an interleaved frame: RTP, RTCP or transport stream, as SETUP said or it looks.
    mutating func receive(
        _ frame: InterleavedFrame, _ payload: Span<UInt8>, _ connection: inout Connection,
        _ side: Int, at instant: Int64
    ) {
        let overhead = connection.directions[side].overhead
        let datagram = Datagram(
            source: connection.directions[side].sender,
            destination: connection.directions[1 - side].sender, vlan: connection.vlan,
            dscp: connection.directions[side].dscp,
            hopLimit: connection.directions[side].hopLimit,
            ipLength: frame.length + 4 + overhead, length: frame.length, instant: instant)
        guard payload.count >= 2, payload[0] >> 6 == 2 else {
            let key = StreamKey(
                source: datagram.source, destination: datagram.destination, ssrc: 0,
                vlan: datagram.vlan, carriage: .tsInterleaved, channel: frame.channel)
            if payload.count > 0, receiveTransportStream(key, datagram, payload),
                let index = store.find(key, hash: key.hash(seed: seed))
            {
                connection.directions[side].overhead = 0
                connection.carry(index, key, direction: side)
            } else {
                faultCounts.ignore(.interleaved, "neither RTP nor MPEG-TS")
            }
            return
        }
        let use = connection.channels[frame.channel]
        if use?.isControl == true || RTCPCompound.looksLikeRTCP(payload[0], payload[1]) {
            return receiveRTCP(datagram, payload)
        }
        do throws(ParseFault) {
            let header = try RTPHeader(payload, statedLength: frame.length)
            let key = StreamKey(
                source: datagram.source, destination: datagram.destination, ssrc: header.ssrc,
                vlan: datagram.vlan,
                carriage: connection.tunnelCookie == nil ? .rtpInterleaved : .rtpTunnelled,
                channel: frame.channel)
            let arrival = Arrival(
                key: key, header: header, captured: payload.count, ipLength: datagram.ipLength,
                dscp: datagram.dscp, hopLimit: datagram.hopLimit, instant: instant, seed: seed)
            connection.directions[side].overhead = 0
            if let index = store.find(arrival.key, hash: arrival.hash) {
                meterGenerally(index, arrival, payload)
            } else {
                admit(arrival, payload, medium: use?.medium)
                if let index = store.find(arrival.key, hash: arrival.hash) {
                    connection.carry(index, key, direction: side)
                }
            }
            if overhead == 0, let index = store.find(arrival.key, hash: arrival.hash) {
                uncountDSCP(index)
            }
        } catch {
            faultCounts.count(error)
        }
    }

    // MARK: - Parts

    /// The key of a stream that is all of one direction of a connection.
    private func wholeKey(_ connection: Connection, _ side: Int, _ carriage: Carriage) -> StreamKey
    {
        StreamKey(
            source: connection.directions[side].sender,
            destination: connection.directions[1 - side].sender, ssrc: 0, vlan: connection.vlan,
            carriage: carriage)
    }

    private func wholeArrival(
        _ key: StreamKey, octets: Int, _ direction: Connection.Direction, at instant: Int64
    ) -> Arrival {
        Arrival(
            key: key, hash: key.hash(seed: seed), instant: instant, payloadStart: 0,
            payloadCaptured: 0, payloadLength: 0,
            ipLength: UInt32(clamping: octets + direction.overhead), timestamp: 0,
            signature: Signature(
                payloadType: 0, dscp: direction.dscp, ttl: direction.hopLimit),
            sequenceNumber: 0, marker: false, kind: .rtp)
    }

    private mutating func beginMultipart(
        _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        let key = wholeKey(connection, side, .multipart)
        guard store.find(key, hash: key.hash(seed: seed)) == nil else { return }
        let arrival = wholeArrival(key, octets: 0, connection.directions[side], at: instant)
        guard let index = begin(arrival) else {
            return faultCounts.refuse(.http, "streams", limit: configuration.streamLimit)
        }
        connection.carry(index, key, direction: side)
        var medium = SignalledMedium()
        medium.kind = .video
        medium.url = connection.requestURL
        let place = media.add(medium)
        withStream(index) { stream, totals in
            // The head alone is no packet of the stream; parts will prove it.
            stream.received = 0
            stream.octetsIP = 0
            stream.frames = 0
            totals.medium = Int32(place ?? -1)
        }
    }

    /// Counts one segment of a multipart answer.
    mutating func countMultipartSegment(
        _ octets: Int, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        let key = wholeKey(connection, side, .multipart)
        guard let index = store.find(key, hash: key.hash(seed: seed)) else { return }
        receiveUnsequenced(
            index, wholeArrival(key, octets: octets, connection.directions[side], at: instant))
        connection.directions[side].overhead = 0
    }

    /// Takes octets of a multipart body.
    mutating func receivePart(
        _ octets: Span<UInt8>, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        var position = 0
        while let element = connection.directions[side].multipart?.next(octets, at: &position) {
            receive(element, &connection, side, at: instant)
        }
    }

    /// Takes the beginning or the end of a part: a frame.
    mutating func receive(
        _ element: MultipartElement, _ connection: inout Connection, _ side: Int,
        at instant: Int64
    ) {
        let key = wholeKey(connection, side, .multipart)
        guard let index = store.find(key, hash: key.hash(seed: seed)) else { return }
        switch element {
        case .partStarted:
            beginFrame(index, at: instant)
        case .partCompleted(let part):
            let prefix = connection.directions[side].multipart?.prefix ?? []
            complete(part, prefix, of: index)
        }
    }

    private mutating func complete(_ part: MultipartPart, _ prefix: [UInt8], of index: Int) {
        withStream(index) { stream, totals in
            stream.octetsPayload &+= UInt64(max(0, part.octetCount))
            if !part.isWhole { stream.cut &+= 1 }
        }
        guard let image = try? JPEGImage(prefix.span) else { return }
        withStream(index) { stream, totals in
            if image.isMxPEG || image.hasMobotixHeader {
                stream.codec = .mxpeg
            } else if stream.codec == .unknown {
                stream.codec = .mjpeg
            }
            if image.isKeyFrame { totals.countKeyFrame(at: stream.lastFrameArrival) }
        }
        if let format = image.format {
            setResolution(index, width: format.width, height: format.height)
        }
    }

    // MARK: - TLS

    /// Counts octets of an encrypted connection of RTSPS: what the server sends is the stream.
    mutating func receiveEncrypted(
        _ octets: Int, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        let server = connection.client.map { 1 - $0 } ?? side
        guard side == server else { return }
        let key = wholeKey(connection, side, .tls)
        let arrival = wholeArrival(key, octets: octets, connection.directions[side], at: instant)
        connection.directions[side].overhead = 0
        if let index = store.find(key, hash: arrival.hash) {
            receiveUnsequenced(index, arrival)
            withStream(index) { stream, _ in stream.octetsPayload &+= UInt64(octets) }
            return
        }
        guard let index = begin(arrival) else {
            return faultCounts.refuse(.tcp, "streams", limit: configuration.streamLimit)
        }
        connection.carry(index, key, direction: side)
        withStream(index) { stream, _ in
            stream.flags.insert(.encrypted)
            stream.octetsPayload = UInt64(octets)
            stream.frames = 0
        }
    }
}
