// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// The header fields that differ from packet to packet (RFC 3550 section 5.1).
struct RTPFields {
    var payloadType: UInt8
    var marker: Bool
    var sequence: UInt16
    var timestamp: UInt32
    var ssrc: UInt32

    /// Octets of the header.
    static let length = 12

    /// The first 16 bits: version 2, marker and payload type.
    var firstWord: UInt16 { 0x8000 | (marker ? 0x80 : 0) | UInt16(payloadType & 0x7f) }

    func append(to octets: inout [UInt8]) {
        octets.append16(firstWord)
        octets.append16(sequence)
        octets.append32(timestamp)
        octets.append32(ssrc)
    }

    /// The header's part of the UDP checksum.
    var sum: UInt64 {
        let words =
            UInt64(timestamp >> 16) + UInt64(timestamp & 0xffff) + UInt64(ssrc >> 16)
            + UInt64(ssrc & 0xffff)
        return words + UInt64(firstWord) + UInt64(sequence)
    }
}

/// The headers of one flow of UDP datagrams, made once.
struct DatagramTemplate: Sendable {
    private let route: Route
    private let headers: [UInt8]
    /// Pseudo header and ports.
    private let sum: UInt64
    let linkLength: Int

    init(_ route: Route) {
        self.route = route
        var headers = route.headers(protocol: 17)
        headers.append16(route.source.port)
        headers.append16(route.target.port)
        headers.append32(0)
        self.headers = headers
        linkLength = route.linkLength
        sum =
            route.pseudoSum(protocol: 17) + UInt64(route.source.port)
            + UInt64(route.target.port)
    }

    var sourceText: String { route.source.addressText }

    /// Appends a datagram of RTP, of which no more than about `keeping` octets are copied, and
    /// returns its whole length.
    func append(
        _ fields: RTPFields, _ packet: VideoLoop.Packet, of video: VideoLoop,
        identification: UInt16, keeping: Int, to octets: inout [UInt8]
    ) -> Int {
        let start = octets.count
        let length = RTPFields.length + packet.payload.count
        octets.append(contentsOf: headers)
        fields.append(to: &octets)
        finish(
            at: start, payload: length, sum: fields.sum + UInt64(packet.sum),
            identification: identification, in: &octets)
        let whole = headers.count + length
        let kept = min(packet.payload.count, max(0, keeping - headers.count - RTPFields.length))
        let first = packet.payload.lowerBound
        octets.append(contentsOf: video.octets[first..<first + kept])
        return whole
    }

    /// Appends a datagram of anything, whole, and returns its length.
    func append(_ payload: [UInt8], identification: UInt16, to octets: inout [UInt8]) -> Int {
        let start = octets.count
        octets.append(contentsOf: headers)
        finish(
            at: start, payload: payload.count,
            sum: UInt64(payload.onesComplementSum(0..<payload.count)),
            identification: identification, in: &octets)
        octets.append(contentsOf: payload)
        return headers.count + payload.count
    }

    private func finish(
        at start: Int, payload: Int, sum payloadSum: UInt64, identification: UInt16,
        in octets: inout [UInt8]
    ) {
        let internet = start + route.linkLength
        let datagram = internet + route.internetLength
        route.finishInternetHeader(
            at: internet, payload: payload + 8, identification: identification, in: &octets)
        octets.put16(UInt16(truncatingIfNeeded: payload + 8), at: datagram + 4)
        let checksum = ~folded(sum + payloadSum + 2 * UInt64(payload + 8))
        // A checksum of zero would say that there is none (RFC 768).
        octets.put16(checksum == 0 ? 0xffff : checksum, at: datagram + 6)
    }
}

/// An RTCP compound of a sender report and the canonical name (RFC 3550 sections 6.4.1, 6.5.1).
struct SenderReport {
    var ssrc: UInt32
    var ntp: NTPTime
    var timestamp: UInt32
    var packets: UInt32
    var octetsSent: UInt32
    var canonicalName: String

    init(
        ssrc: UInt32, ntp: NTPTime, timestamp: UInt32, packets: UInt32, octets: UInt32,
        canonicalName: String
    ) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.timestamp = timestamp
        self.packets = packets
        octetsSent = octets
        self.canonicalName = canonicalName
    }

    var octets: [UInt8] {
        var octets: [UInt8] = [0x80, 200, 0, 6]
        octets.append32(ssrc)
        octets.append64(ntp.bits)
        octets.append32(timestamp)
        octets.append32(packets)
        octets.append32(octetsSent)
        appendDescription(to: &octets)
        return octets
    }

    /// The source description; at least one zero ends the items, up to a whole word.
    private func appendDescription(to octets: inout [UInt8]) {
        let start = octets.count
        let name = Array(canonicalName.utf8.prefix(255))
        octets += [0x81, 202, 0, 0]
        octets.append32(ssrc)
        octets += [1, UInt8(name.count)] + name
        repeat { octets.append(0) } while (octets.count - start) % 4 != 0
        octets.put16(UInt16((octets.count - start) / 4 - 1), at: start + 2)
    }

    /// A BYE for the source (RFC 3550 section 6.6), behind a report as the RFC asks.
    var goodbye: [UInt8] {
        var octets = self.octets + [0x81, 203, 0, 1]
        octets.append32(ssrc)
        return octets
    }
}
