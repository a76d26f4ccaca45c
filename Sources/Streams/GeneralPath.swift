// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets
import RTP
import Timekeeping

/// One UDP datagram, whole or as far as it was captured, with what its IP packet said of it.
struct Datagram {
    var source: Endpoint
    var destination: Endpoint
    var vlan: VLANTags
    var dscp: UInt8
    var hopLimit: UInt8
    /// The IP packet's length, or for fragments that of the packet they made up.
    var ipLength: Int
    /// The datagram's payload by its own header.
    var length: Int
    var instant: Int64
    /// What it was, if it was several on the wire.
    var joined: JoinedPackets?
}

/// The road of everything that the fast path does not read: every link type, options, fragments,
/// TCP, signalling, and what is no stream at all.
extension Tracker {
    /// Takes one frame as captured.
    mutating func receiveGenerally(_ frame: Span<UInt8>, _ record: CapturedRecord) {
        do throws(ParseFault) {
            let content = try FrameContent(
                frame, linkType: record.linkType, originalLength: record.originalLength)
            switch content {
            case .packet(let packet):
                if packet.exceedsFrame { countExcess(of: packet, record.originalLength) }
                try receive(packet, in: frame, at: record.arrival)
            case .otherEtherType(let type):
                faultCounts.ignore(.link, type == 0x0806 ? "ARP" : "other EtherType")
            case .logicalLinkControl:
                faultCounts.ignore(.link, "logical link control")
            }
        } catch {
            faultCounts.count(error)
        }
    }

    /// Counts a packet that is longer by its header than its frame was.
    ///
    /// It is measured all the same: some mirrors cut frames and forget how long they were.
    private mutating func countExcess(of packet: NetworkPacket, _ frameLength: Int) {
        let header = packet.ipLength - packet.payloadLength
        let start = max(0, packet.payload.lowerBound - header)
        faultCounts.count(
            ParseFault(
                .truncated, packet.source.isV4 ? .ipv4 : .ipv6, "total length", offset: start,
                needed: packet.ipLength, had: max(0, frameLength - start)))
    }

    private mutating func receive(
        _ packet: NetworkPacket, in frame: Span<UInt8>, at instant: Instant
    ) throws(ParseFault) {
        guard packet.fragment != nil else {
            return try receiveWhole(packet, in: frame, at: instant, isOnePacket: true)
        }
        guard let datagram = reassemble(packet, in: frame, at: instant) else { return }
        // Counted as one packet with one header, as the receiver's IP hands it on.
        var packet = datagram.packet
        packet.ipLength = packet.payloadLength + (packet.source.isV4 ? 20 : 40)
        try receiveWhole(packet, in: datagram.bytes.span, at: instant, isOnePacket: false)
    }

    private mutating func receiveWhole(
        _ packet: NetworkPacket, in bytes: Span<UInt8>, at instant: Instant, isOnePacket: Bool
    ) throws(ParseFault) {
        switch packet.ipProtocol {
        case .udp:
            let udp = try UDPDatagram(packet, in: bytes)
            let payload = bytes.extracting(udp.payload)
            let joined = isOnePacket ? joinedPackets(packet, udp, payload) : nil
            let datagram = Datagram(
                source: Endpoint(address: packet.source, port: udp.sourcePort),
                destination: Endpoint(address: packet.destination, port: udp.destinationPort),
                vlan: packet.vlans, dscp: packet.dscp, hopLimit: packet.hopLimit,
                ipLength: packet.ipLength, length: udp.payloadLength,
                instant: instant.nanoseconds, joined: joined)
            receive(datagram, payload)
        case .tcp:
            let segment = try TCPSegment(packet, in: bytes)
            receive(segment, of: packet, bytes.extracting(segment.payload), at: instant)
        case .icmp, .icmpv6:
            // What ICMP quotes of a stream is no part of it.
            faultCounts.ignore(.icmp, "ICMP")
        default:
            faultCounts.ignore(packet.source.isV4 ? .ipv4 : .ipv6, "other protocol")
        }
    }

    /// Takes the payload of a UDP datagram: tells by its first octets what it may be.
    private mutating func receive(_ datagram: Datagram, _ payload: Span<UInt8>) {
        guard payload.count >= 2 else {
            return faultCounts.ignore(.udp, "no payload")
        }
        if payload[0] >> 6 == 2 {
            if payload[1] >= 192 && payload[1] <= 223 {
                receiveRTCP(datagram, payload)
            } else {
                receiveRTP(datagram, payload)
            }
        } else if receiveTransportStream(datagram, payload) {
            return
        } else if datagram.destination.port == SignalledMedia.sapPort {
            receiveAnnouncement(payload, from: datagram.source)
        } else {
            // STUN, DTLS (RFC 7983 section 7), hole punching, and everything else on a network.
            faultCounts.ignore(.udp, "no stream")
        }
    }

    private mutating func receiveRTP(_ datagram: Datagram, _ payload: Span<UInt8>) {
        do throws(ParseFault) {
            let header = try RTPHeader(payload, statedLength: datagram.length)
            let key = StreamKey(
                source: datagram.source, destination: datagram.destination, ssrc: header.ssrc,
                vlan: datagram.vlan)
            let arrival = Arrival(
                key: key, header: header, captured: payload.count, ipLength: datagram.ipLength,
                dscp: datagram.dscp,
                hopLimit: datagram.hopLimit, instant: datagram.instant, seed: seed)
            receiveRTP(arrival, payload)
            if let joined = datagram.joined { note(joined, of: arrival) }
        } catch {
            // Any datagram may begin as RTP does; only a known stream's is a fault of the stream.
            if media.isAwaited(at: datagram.destination) || isOfKnownStream(datagram, payload) {
                faultCounts.count(error)
            } else {
                faultCounts.ignore(.udp, "no stream")
            }
        }
    }

    /// Whether a datagram that is not RTP in order bears the addresses and the SSRC of a stream.
    private mutating func isOfKnownStream(_ datagram: Datagram, _ payload: Span<UInt8>) -> Bool {
        guard payload.count >= RTPHeader.fixedLength else { return false }
        let key = StreamKey(
            source: datagram.source, destination: datagram.destination,
            ssrc: payload.uint32(at: 8), vlan: datagram.vlan)
        guard let index = store.find(key, hash: key.hash(seed: seed)) else { return false }
        return withStream(index) { stream, _ in !stream.flags.contains(.probation) }
    }

    /// Takes one RTP packet, however it came: meters it, or admits its stream first.
    mutating func receiveRTP(_ arrival: Arrival, _ packet: Span<UInt8>) {
        if let index = store.find(arrival.key, hash: arrival.hash) {
            meterGenerally(index, arrival, packet)
        } else {
            admit(arrival, packet)
        }
    }
}

extension Arrival {
    /// An arrival of a packet whose header was read in full.
    init(
        key: StreamKey, header: RTPHeader, captured: Int, ipLength: Int, dscp: UInt8,
        hopLimit: UInt8, instant: Int64, seed: UInt64
    ) {
        self.key = key
        hash = key.hash(seed: seed)
        self.instant = instant
        payloadStart = header.payload.lowerBound
        // Padding counts as payload, so that volume is what the network carried.
        payloadCaptured = Int32(clamping: max(0, captured - header.payload.lowerBound))
        payloadLength = Int32(clamping: header.payloadLength)
        payloadCaptured = min(payloadCaptured, payloadLength)
        self.ipLength = UInt32(clamping: ipLength)
        timestamp = header.timestamp
        sequenceNumber = header.sequenceNumber
        marker = header.marker
        signature = Signature(payloadType: header.payloadType, dscp: dscp, ttl: hopLimit)
        kind = .rtp
    }
}
