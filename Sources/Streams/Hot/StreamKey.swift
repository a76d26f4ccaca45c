// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets

/// How a stream is carried, as far as its key must tell.
enum Carriage: UInt8 {
    case rtpUDP, rtpInterleaved, rtpTunnelled, tsUDP, tsInterleaved, multipart, tls
}

/// What tells one stream from every other, in six words: compared as they are, hashed as they
/// are, never on the heap.
///
/// ```
/// word 0, 1   source address            word 2, 3   destination address
/// word 4      source port : 16 | destination port : 16 | SSRC : 32
/// word 5      carriage : 4 | unused : 1 | channel : 8 | tag count : 3 | VLAN ids : 4 × 12
/// ```
struct StreamKey: Equatable {
    var sourceHigh: UInt64
    var sourceLow: UInt64
    var destinationHigh: UInt64
    var destinationLow: UInt64
    var portsAndSSRC: UInt64
    /// Carriage, interleaved channel and VLAN tags.
    var link: UInt64

    /// The upper half of an IPv4 address's lower word: `::ffff:0:0`.
    static let mappedIPv4: UInt64 = 0xffff_0000_0000

    init(
        sourceHigh: UInt64, sourceLow: UInt64, destinationHigh: UInt64, destinationLow: UInt64,
        portsAndSSRC: UInt64, link: UInt64
    ) {
        self.sourceHigh = sourceHigh
        self.sourceLow = sourceLow
        self.destinationHigh = destinationHigh
        self.destinationLow = destinationLow
        self.portsAndSSRC = portsAndSSRC
        self.link = link
    }

    init(
        source: Endpoint, destination: Endpoint, ssrc: UInt32, vlan: VLANTags,
        carriage: Carriage = .rtpUDP, channel: UInt8 = 0
    ) {
        sourceHigh = source.address.high
        sourceLow = source.address.low
        destinationHigh = destination.address.high
        destinationLow = destination.address.low
        portsAndSSRC =
            UInt64(source.port) << 48 | UInt64(destination.port) << 32 | UInt64(ssrc)
        link = StreamKey.link(vlan: vlan, carriage: carriage, channel: channel)
    }

    static func link(vlan: VLANTags, carriage: Carriage, channel: UInt8 = 0) -> UInt64 {
        var word = UInt64(carriage.rawValue) << 60 | UInt64(channel) << 51
        word |= UInt64(vlan.count) << 48
        for index in 0..<vlan.count {
            word |= UInt64(vlan.identifier(at: index)) << UInt64(12 * index)
        }
        return word
    }

    /// What one VLAN tag adds to the link word of RTP in UDP, as the outermost or the one inside.
    @inline(__always)
    static func link(tag: UInt16, at index: UInt64) -> UInt64 {
        UInt64(tag & 0xfff) << (12 * index) &+ 1 << 48
    }

    var source: Endpoint {
        Endpoint(
            address: IPAddress(high: sourceHigh, low: sourceLow),
            port: UInt16(truncatingIfNeeded: portsAndSSRC >> 48))
    }

    var destination: Endpoint {
        Endpoint(
            address: IPAddress(high: destinationHigh, low: destinationLow),
            port: UInt16(truncatingIfNeeded: portsAndSSRC >> 32))
    }

    var ssrc: UInt32 { UInt32(truncatingIfNeeded: portsAndSSRC) }

    var carriage: Carriage { Carriage(rawValue: UInt8(link >> 60)) ?? .rtpUDP }

    var channel: UInt8 { UInt8(truncatingIfNeeded: link >> 51) }

    /// VLAN ids, outermost first.
    var vlan: [UInt16] {
        (0..<(link >> 48 & 7)).map { UInt16(link >> (12 * $0) & 0xfff) }
    }

    /// A well-mixed number, the same in every run for the same `seed`.
    ///
    /// Multiplication carries each word's bits upwards and the folds bring them down again; the
    /// seed keeps a hostile sender from choosing addresses that collide.
    @inline(__always)
    func hash(seed: UInt64) -> UInt64 {
        var hash = (portsAndSSRC ^ seed) &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 29
        hash =
            (hash ^ sourceLow ^ (destinationLow << 32 | destinationLow >> 32))
            &* 0xbf58_476d_1ce4_e5b9
        hash ^= hash >> 32
        hash =
            (hash ^ sourceHigh ^ (destinationHigh << 17 | destinationHigh >> 47) ^ link)
            &* 0x94d0_49bb_1331_11eb
        return hash ^ hash >> 31
    }
}
