// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets

/// Several packets of the wire that the capturing host's offloads (GRO, LRO; at a sender UDP
/// segmentation) had joined into one before it was captured.
///
/// Such a packet must not count as one: every sequence number but the first is hidden in it and
/// would be taken for lost.
struct JoinedPackets {
    /// The longest that one of them can have been, IP header included.
    let longest: Int
    /// RTP packets found inside; 1 where nothing but the length tells.
    let count: Int

    /// IP packets up to this length are not looked at: what Ethernet carries without jumbo frames.
    ///
    /// Two joined packets of a camera are longer, as cameras fill packets.
    static let shortest = 1_500

    /// Tells whether an IP packet of UDP, no fragment, is several.
    ///
    /// By the RTP header of the next packet behind the first one's payload, so that jumbo frames
    /// are not taken for joined ones; or else by a length that the network cannot carry.
    ///
    /// - Parameters:
    ///   - payload: The captured part of the UDP payload.
    ///   - limit: The longest IP packet that the network at the vantage carries.
    init?(_ packet: NetworkPacket, _ payload: Span<UInt8>, payloadLength: Int, limit: Int) {
        guard packet.ipLength > JoinedPackets.shortest else { return nil }
        let headers = packet.ipLength - payloadLength
        if let found = JoinedPackets.segments(of: payload) {
            longest = headers + found.length
            count = found.count
        } else if packet.ipLength > limit, !JoinedPackets.staysInside(packet) {
            longest = limit
            count = 1
        } else {
            return nil
        }
    }

    /// Whether a packet never leaves its host, whose inner interface carries 65,536 bytes at once.
    private static func staysInside(_ packet: NetworkPacket) -> Bool {
        packet.source == packet.destination
            || packet.source.isLoopback && packet.destination.isLoopback
    }

    /// The length of the RTP packets in `payload`, the last of which may be shorter, and how many
    /// of them were captured; nil if there is but one.
    ///
    /// Only packets of one length are joined. Version, payload type, number and SSRC of the
    /// second one are 57 bits that payload does not have by chance.
    static func segments(of payload: Span<UInt8>) -> (length: Int, count: Int)? {
        let header = 12
        guard payload.count >= 2 * header, payload[0] >> 6 == 2 else { return nil }
        let (type, ssrc) = (payload[1] & 0x7f, payload.uint32(at: 8))
        let number = payload.uint16(at: 2)
        func isPacket(at place: Int, _ distance: Int) -> Bool {
            place + header <= payload.count && payload[place] >> 6 == 2
                && payload[place + 1] & 0x7f == type
                && payload.uint16(at: place + 2) == number &+ UInt16(truncatingIfNeeded: distance)
                && payload.uint32(at: place + 8) == ssrc
        }
        var length = header
        while length + header <= payload.count {
            if isPacket(at: length, 1) {
                var count = 2
                while isPacket(at: count * length, count) { count += 1 }
                return (length, count)
            }
            length += 1
        }
        return nil
    }
}

extension Tracker {
    /// The longest IP packet that the network at the vantage carries, as its interface's MTU tells;
    /// `NetworkPacket.longestOnWire` until told.
    ///
    /// A longer one that is no fragment was joined from several by the capturing host.
    public var longestPacket: Int {
        get { configuration.longestPacket }
        set { configuration.longestPacket = newValue }
    }

    /// Looks whether a UDP datagram that came in one packet is several, and counts it.
    mutating func joinedPackets(
        _ packet: NetworkPacket, _ udp: UDPDatagram, _ payload: Span<UInt8>
    ) -> JoinedPackets? {
        guard
            let joined = JoinedPackets(
                packet, payload, payloadLength: udp.payloadLength,
                limit: configuration.longestPacket)
        else { return nil }
        faultCounts.count(
            ParseFault(
                .joined, .udp, "length", offset: packet.payload.lowerBound + 4,
                needed: joined.longest, had: packet.ipLength))
        return joined
    }

    /// Notes at a packet's stream, if it has one, that the packet was several.
    mutating func note(_ joined: JoinedPackets, of arrival: Arrival) {
        guard let index = store.find(arrival.key, hash: arrival.hash) else { return }
        withDetails(index) { $0.rare.joinedPackets += 1 }
        guard joined.count > 1 else { return }
        withStream(index) { stream, totals in
            // The packets inside prove their stream as if they had come one by one.
            guard stream.flags.contains(.probation),
                totals.lastSequenceNumber == arrival.sequenceNumber
            else { return }
            totals.run = UInt16(clamping: Int(totals.run) + joined.count - 1)
            totals.lastSequenceNumber &+= UInt16(truncatingIfNeeded: joined.count - 1)
        }
    }
}
