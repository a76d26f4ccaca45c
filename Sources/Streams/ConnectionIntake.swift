// SPDX-License-Identifier: Apache-2.0
import Measurements
import Octets
import Packets
import RTP
import RTSP
import Timekeeping

/// TCP: from segments to messages, interleaved frames and parts.
extension Tracker {
    /// Ports where TLS is taken for RTSPS: IANA's, RTSP's own, and those that camera makers
    /// document for it.
    static let encryptedPorts: Set<UInt16> = [322, 554, 8554, 8322, 10_554, 7441]
    /// Octets looked at before a connection whose beginning was not seen is given up: a key
    /// frame's worth, which holds many interleaved frames if it holds any.
    static let undecidedLimit = 65_536
    /// HTTP heads without camera behind them after which a connection is some other web traffic.
    static let otherHeadLimit = 32

    /// Takes one TCP segment.
    mutating func receive(
        _ segment: TCPSegment, of packet: NetworkPacket, _ payload: Span<UInt8>,
        at instant: Instant
    ) {
        let sender = Endpoint(address: packet.source, port: segment.sourcePort)
        let receiver = Endpoint(address: packet.destination, port: segment.destinationPort)
        let key = ConnectionKey(sender, receiver, packet.vlans)
        let begins = segment.flags.contains(.syn)
        if begins, !segment.flags.contains(.ack) { connections.reconsider(key) }
        if connections.isIgnored(key) { return }
        guard
            let place = connections.place(of: key)
                ?? begin(key, segment, from: sender, to: receiver, packet, at: instant),
            var connection = connections.take(place)
        else { return }
        let side = connection.directions[0].sender == sender ? 0 : 1
        connection.lastSeen = instant.nanoseconds
        if begins {
            connection.directions[side].reassembler.started(sequence: segment.sequence)
            if !segment.flags.contains(.ack) { connection.client = side }
        }
        if segment.flags.contains(.ack) {
            connection.directions[1 - side].acknowledged = segment.acknowledgement
        }
        take(segment, of: packet, payload, &connection, side, at: instant.nanoseconds)
        drain(&connection, side, at: instant.nanoseconds)
        drain(&connection, 1 - side, at: instant.nanoseconds)
        if case .ignored = connection.kind {
            connections.ignore(place, key: key)
        } else {
            connections.put(connection, at: place)
        }
    }

    private mutating func begin(
        _ key: ConnectionKey, _ segment: TCPSegment, from sender: Endpoint, to receiver: Endpoint,
        _ packet: NetworkPacket, at instant: Instant
    ) -> Int? {
        guard segment.payloadLength > 0 || segment.flags.contains(.syn) else { return nil }
        let connection = Connection(
            key: key, from: sender, to: receiver, vlan: packet.vlans, at: instant.nanoseconds)
        let (place, evicted) = connections.insert(connection)
        if let evicted {
            faultCounts.refuse(.tcp, "connections", limit: configuration.connectionLimit)
            settle(evicted)
        }
        return place
    }

    /// Puts one segment in its place and works on what is in order.
    private mutating func take(
        _ segment: TCPSegment, of packet: NetworkPacket, _ payload: Span<UInt8>,
        _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        guard segment.payloadLength > 0 else { return }
        let overhead = packet.ipLength - segment.payloadLength
        connection.directions[side].overhead += max(0, overhead)
        connection.directions[side].dscp = packet.dscp
        connection.directions[side].hopLimit = packet.hopLimit
        noteStall(&connection.directions[side], at: instant)
        let skipped = connection.directions[side].reassembler.receive(
            sequence: segment.sequence, length: segment.payloadLength, octets: payload,
            at: instant)
        guard let skipped else { return }
        let captured = payload.extracting(min(skipped, payload.count)..<payload.count)
        deliver(
            captured, missing: segment.payloadLength - skipped - captured.count, &connection, side,
            at: instant)
    }

    private func noteStall(_ direction: inout Connection.Direction, at instant: Int64) {
        if let last = direction.lastData, instant &- last >= 1_000_000_000 {
            direction.stalls += 1
            direction.longestStall = max(direction.longestStall, instant &- last)
        }
        direction.lastData = instant
    }

    /// Works on what has come into order behind a gap, or is given up.
    private mutating func drain(_ connection: inout Connection, _ side: Int, at instant: Int64) {
        while true {
            let acknowledged = connection.directions[side].acknowledged
            switch connection.directions[side].reassembler.output(
                at: instant, acknowledged: acknowledged)
            {
            case .segment(let octets, let length, let arrived):
                deliver(
                    octets.span, missing: length - octets.count, &connection, side, at: arrived)
            case .gap(let count, let arrived):
                skip(count, &connection, side, at: arrived)
            case nil:
                return
            }
        }
    }

    /// Works on octets in order, of which `missing` more were not captured.
    private mutating func deliver(
        _ octets: Span<UInt8>, missing: Int, _ connection: inout Connection, _ side: Int,
        at instant: Int64
    ) {
        if octets.count > 0 {
            decide(&connection, octets)
            switch connection.kind {
            case .ignored: return
            case .encrypted:
                receiveEncrypted(octets.count + missing, &connection, side, at: instant)
            case .undecided, .messages: read(octets, &connection, side, at: instant)
            }
        }
        if missing > 0 { skip(missing, &connection, side, at: instant) }
    }

    /// Tells what a connection is by its first octets.
    private func decide(_ connection: inout Connection, _ octets: Span<UInt8>) {
        guard case .undecided(let seen) = connection.kind else { return }
        if seen == 0, octets.count >= 3, octets[0] == 22, octets[1] == 3, octets[2] <= 4 {
            // A TLS handshake record.
            let isOurs = connection.directions.contains {
                Tracker.encryptedPorts.contains($0.sender.port)
            }
            connection.kind = isOurs ? .encrypted : .ignored
            return
        }
        if connection.sawStart {
            connection.kind = Tracker.beginsMessage(octets) ? .messages : .ignored
            return
        }
        if seen == 0 {
            let isMessage = Tracker.beginsMessage(octets)
            for side in 0..<2 {
                connection.directions[side].reader = RTSPStreamReader(startsMidStream: !isMessage)
            }
            if isMessage {
                connection.kind = .messages
                return
            }
        }
        let total = seen + octets.count
        connection.kind = total > Tracker.undecidedLimit ? .ignored : .undecided(octets: total)
    }

    /// Whether octets begin as a line of RTSP or HTTP does, or an interleaved frame.
    private static func beginsMessage(_ octets: Span<UInt8>) -> Bool {
        if octets[0] == UInt8(ascii: "$") { return octets.count < 2 || octets[1] < 64 }
        // A method or a protocol's name: capitals, then a blank, an underscore or a slash.
        var place = 0
        while place < octets.count, place < 16, (65...90).contains(octets[place]) { place += 1 }
        guard place >= 3 else { return place == octets.count }
        guard place < octets.count else { return true }
        return [UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "/")].contains(octets[place])
    }

    /// Reads messages, frames and bodies.
    private mutating func read(
        _ octets: Span<UInt8>, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        var position = 0
        var endsInMessage = false
        var hasBody = false
        while let element = connection.directions[side].reader.next(octets, at: &position) {
            endsInMessage = false
            switch element {
            case .message(let message):
                endsInMessage = true
                receive(message, &connection, side, at: instant)
            case .interleaved(let frame):
                connection.kind = .messages
                // Copied so that the connection may change meanwhile; octets are shared.
                let reader = connection.directions[side].reader
                reader.withOctets(frame.payload, in: octets) {
                    receive(frame, $0, &connection, side, at: instant)
                }
            case .httpBody(let body):
                hasBody = true
                let reader = connection.directions[side].reader
                reader.withOctets(body, in: octets) {
                    receivePart($0, &connection, side, at: instant)
                }
            case .unreadable(let fault):
                faultCounts.count(fault)
            }
            if case .ignored = connection.kind { return }
        }
        // What carried messages alone is no part of the stream.
        if endsInMessage { connection.directions[side].overhead = 0 }
        if hasBody, connection.directions[side].multipart != nil {
            countMultipartSegment(octets.count, &connection, side, at: instant)
        }
    }

    /// Takes note of octets that will not come or were not captured.
    private mutating func skip(
        _ count: Int, _ connection: inout Connection, _ side: Int, at instant: Int64
    ) {
        if connection.directions[side].multipart != nil,
            let element = connection.directions[side].multipart?.skipped(octets: count)
        {
            receive(element, &connection, side, at: instant)
        }
        guard let element = connection.directions[side].reader.skipped(octets: count) else {
            return
        }
        switch element {
        case .message(let message): receive(message, &connection, side, at: instant)
        case .interleaved(let frame):
            let octets = connection.directions[side].reader.copy(of: frame.payload)
            receive(frame, octets.span, &connection, side, at: instant)
        case .httpBody: break
        case .unreadable(let fault): faultCounts.count(fault)
        }
    }

    /// Brings what connections counted to the streams that they carry.
    mutating func settleConnections() {
        for place in connections.all {
            guard let connection = connections.take(place) else { continue }
            settle(connection)
            connections.put(connection, at: place)
        }
    }

    private mutating func settle(_ connection: Connection) {
        for (index, key, side) in connection.streams {
            let isThere = withStream(index) { stream, _ in
                !stream.flags.contains(.vacant) && stream.key == key
            }
            guard isThere else { continue }
            let direction = connection.directions[side]
            var report = TCPReport()
            report.retransmissions = direction.reassembler.retransmissions
            report.missingOctets = direction.reassembler.missingOctets
            report.stalls = direction.stalls
            report.longestStallNanoseconds = direction.longestStall
            withDetails(index) { $0.tcp = report }
        }
    }

    /// Works on what is still held, because nothing follows.
    mutating func finishConnections() {
        for place in connections.all {
            guard var connection = connections.take(place) else { continue }
            for side in 0..<2 { drain(&connection, side, at: .max) }
            connections.put(connection, at: place)
        }
        settleConnections()
    }
}
