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
/// Bytes stand as they came from the wire (the first one lowest), so that the fast path needs to
/// turn nothing round. Of IPv4 the last three words are zero, and not looked at.
///
/// ```
/// addresses    IPv4: source : 32, destination : 32;   IPv6: source, first half
/// ends         source port : 16, destination port : 16, SSRC : 32
/// link         carriage : 4 | IPv6 : 1 | channel : 8 | tag count : 3 | VLAN ids : 4 × 12
/// rest         IPv6: source, second half; destination, first half; destination, second half
/// ```
struct StreamKey: Equatable {
    var addresses: UInt64
    var ends: UInt64
    /// Carriage, family, interleaved channel and VLAN tags.
    var link: UInt64
    var rest: (UInt64, UInt64, UInt64)

    /// The bit of `link` that says IPv6.
    static let isV6: UInt64 = 1 << 59
    /// What one tag adds to `link` besides its id.
    static let oneTag: UInt64 = 1 << 48
    /// The part of `link` that holds the VLAN tags.
    static let tagBits: UInt64 = 0x0007_ffff_ffff_ffff

    init(
        source: Endpoint, destination: Endpoint, ssrc: UInt32, vlan: VLANTags,
        carriage: Carriage = .rtpUDP, channel: UInt8 = 0
    ) {
        link = StreamKey.link(vlan: vlan, carriage: carriage, channel: channel)
        let ports = UInt64(source.port) << 16 | UInt64(destination.port)
        ends = (ports << 32 | UInt64(ssrc)).byteSwapped
        if source.address.isV4, destination.address.isV4 {
            addresses =
                (source.address.low << 32 | destination.address.low & 0xffff_ffff).byteSwapped
            rest = (0, 0, 0)
        } else {
            link |= StreamKey.isV6
            addresses = source.address.high.byteSwapped
            rest = (
                source.address.low.byteSwapped, destination.address.high.byteSwapped,
                destination.address.low.byteSwapped
            )
        }
    }

    /// A key of its words.
    @inline(__always)
    init(addresses: UInt64, ends: UInt64, link: UInt64, rest: (UInt64, UInt64, UInt64)) {
        self.addresses = addresses
        self.ends = ends
        self.link = link
        self.rest = rest
    }

    /// An empty key, for memory that is to be filled.
    static let none = StreamKey(
        source: Endpoint(address: IPAddress(v4: 0), port: 0),
        destination: Endpoint(address: IPAddress(v4: 0), port: 0), ssrc: 0, vlan: VLANTags())

    static func link(vlan: VLANTags, carriage: Carriage, channel: UInt8 = 0) -> UInt64 {
        var word = UInt64(carriage.rawValue) << 60 | UInt64(channel) << 51
        word |= UInt64(vlan.count) * oneTag
        for index in 0..<vlan.count {
            word |= UInt64(vlan.identifier(at: index)) << UInt64(12 * index)
        }
        return word
    }

    @inline(__always)
    static func == (first: StreamKey, second: StreamKey) -> Bool {
        first.addresses == second.addresses && first.ends == second.ends
            && first.link == second.link
            && (first.link & isV6 == 0 || first.rest == second.rest)
    }

    var source: Endpoint { Endpoint(address: sourceAddress, port: UInt16(endsOnWire >> 48)) }

    var destination: Endpoint {
        Endpoint(
            address: destinationAddress, port: UInt16(truncatingIfNeeded: endsOnWire >> 32))
    }

    var ssrc: UInt32 { UInt32(truncatingIfNeeded: endsOnWire) }

    /// The key of all streams of the flow: the SSRC left out.
    var ofFlow: StreamKey {
        var key = self
        key.ends &= 0xffff_ffff
        return key
    }

    private var endsOnWire: UInt64 { ends.byteSwapped }

    private var sourceAddress: IPAddress {
        link & StreamKey.isV6 == 0
            ? IPAddress(v4: UInt32(addresses.byteSwapped >> 32))
            : IPAddress(high: addresses.byteSwapped, low: rest.0.byteSwapped)
    }

    private var destinationAddress: IPAddress {
        link & StreamKey.isV6 == 0
            ? IPAddress(v4: UInt32(truncatingIfNeeded: addresses.byteSwapped))
            : IPAddress(high: rest.1.byteSwapped, low: rest.2.byteSwapped)
    }

    var carriage: Carriage { Carriage(rawValue: UInt8(link >> 60)) ?? .rtpUDP }

    var channel: UInt8 { UInt8(truncatingIfNeeded: link >> 51) }

    /// VLAN ids, outermost first.
    var vlan: [UInt16] {
        (0..<(link >> 48 & 7)).map { UInt16(link >> (12 * $0) & 0xfff) }
    }

    /// A well-mixed number, the same in every run for the same `seed`.
    ///
    /// One full product, its halves folded together, lets every bit reach every other; the seed
    /// keeps a hostile sender from choosing addresses that collide.
    @inline(__always)
    func hash(seed: UInt64) -> UInt64 {
        var first = addresses ^ seed
        if link & StreamKey.isV6 != 0 {
            first ^= StreamKey.fold(rest.0 ^ 0x9e37_79b9_7f4a_7c15, rest.1 ^ seed) ^ rest.2
        }
        return StreamKey.hash(first: first, ends: ends, link: link)
    }

    /// The hash of a key of IPv4, by its three words.
    @inline(__always)
    static func hash(addresses: UInt64, ends: UInt64, link: UInt64, seed: UInt64) -> UInt64 {
        hash(first: addresses ^ seed, ends: ends, link: link)
    }

    @inline(__always)
    private static func hash(first: UInt64, ends: UInt64, link: UInt64) -> UInt64 {
        fold(first, ends ^ (link &* 0x9e37_79b9_7f4a_7c15) ^ 0xe703_7ed1_a0b4_28db)
    }

    @inline(__always)
    private static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }
}
