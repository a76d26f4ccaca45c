// SPDX-License-Identifier: Apache-2.0
import Packets

/// An endpoint by its IPv4 address and port.
func end(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, _ port: UInt16)
    -> Endpoint
{
    Endpoint(address: IPAddress(first, second, third, fourth), port: port)
}

/// Octets from hexadecimal digits; blanks are left out.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// A big-endian number of 16 bits.
func big16(_ number: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
}

/// A big-endian number of 32 bits.
func big32(_ number: UInt32) -> [UInt8] {
    big16(Int(number >> 16)) + big16(Int(number & 0xffff))
}

/// Writes Ethernet frames; lengths are right, check sums are zero, as nobody reads them.
enum Frame {
    static func ethernet(_ type: Int, vlan: [Int] = [], _ payload: [UInt8]) -> [UInt8] {
        let tags = vlan.flatMap { big16(0x8100) + big16($0) }
        return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + tags + big16(type) + payload
    }

    static func ip(
        from source: IPAddress, to target: IPAddress, protocol number: UInt8, vlan: [Int] = [],
        dscp: UInt8 = 0, ttl: UInt8 = 64, _ payload: [UInt8]
    ) -> [UInt8] {
        if source.isV4 {
            let header: [UInt8] =
                [0x45, dscp << 2] + big16(payload.count + 20) + [0, 1, 0x40, 0, ttl, number, 0, 0]
            let ends =
                big32(UInt32(source.low & 0xffff_ffff))
                + big32(UInt32(target.low & 0xffff_ffff))
            return ethernet(0x0800, vlan: vlan, header + ends + payload)
        }
        let header: [UInt8] =
            big32(0x6000_0000 | UInt32(dscp) << 22) + big16(payload.count) + [number, ttl]
        let ends = [source.high, source.low, target.high, target.low].flatMap {
            big32(UInt32($0 >> 32)) + big32(UInt32($0 & 0xffff_ffff))
        }
        return ethernet(0x86dd, vlan: vlan, header + ends + payload)
    }

    static func udp(
        from source: Endpoint, to target: Endpoint, vlan: [Int] = [], dscp: UInt8 = 0,
        ttl: UInt8 = 64, _ payload: [UInt8]
    ) -> [UInt8] {
        let header =
            big16(Int(source.port)) + big16(Int(target.port))
            + big16(payload.count + 8) + [0, 0]
        return ip(
            from: source.address, to: target.address, protocol: 17, vlan: vlan, dscp: dscp,
            ttl: ttl, header + payload)
    }

    static let syn: UInt8 = 2
    static let ack: UInt8 = 16

    static func tcp(
        from source: Endpoint, to target: Endpoint, sequence: UInt32, acknowledged: UInt32 = 0,
        flags: UInt8 = Frame.ack, vlan: [Int] = [], _ payload: [UInt8] = []
    ) -> [UInt8] {
        let header =
            big16(Int(source.port)) + big16(Int(target.port)) + big32(sequence)
            + big32(acknowledged) + [0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
        return ip(
            from: source.address, to: target.address, protocol: 6, vlan: vlan, header + payload)
    }
}

/// One RTP packet (RFC 3550 section 5.1).
struct RTPWriter {
    var payloadType: UInt8 = 96
    var marker = false
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
    var ssrc: UInt32 = 0
    var payload: [UInt8] = []

    var octets: [UInt8] {
        [0x80, payloadType | (marker ? 0x80 : 0)] + big16(Int(sequence)) + big32(timestamp)
            + big32(ssrc) + payload
    }
}

/// Writes RTCP packets (RFC 3550 section 6, RFC 3611).
enum RTCPWriter {
    static func senderReport(
        ssrc: UInt32, ntp: UInt64, timestamp: UInt32, blocks: [[UInt8]] = []
    ) -> [UInt8] {
        let body =
            big32(ssrc) + big32(UInt32(ntp >> 32)) + big32(UInt32(ntp & 0xffff_ffff))
            + big32(timestamp) + big32(100) + big32(10_000) + blocks.flatMap(\.self)
        return packet(200, count: blocks.count, body)
    }

    static func receiverReport(ssrc: UInt32, blocks: [[UInt8]]) -> [UInt8] {
        packet(201, count: blocks.count, big32(ssrc) + blocks.flatMap(\.self))
    }

    /// A reception report block.
    static func block(
        about ssrc: UInt32, fraction: UInt8 = 0, lost: Int32 = 0, jitter: UInt32 = 0
    ) -> [UInt8] {
        let lost = UInt32(bitPattern: lost) & 0xff_ffff
        return big32(ssrc) + big32(UInt32(fraction) << 24 | lost) + big32(0) + big32(jitter)
            + big32(0) + big32(0)
    }

    static func canonicalName(_ name: String, ssrc: UInt32) -> [UInt8] {
        let text = Array(name.utf8)
        var body = big32(ssrc) + [1, UInt8(text.count)] + text + [0]
        while body.count % 4 != 0 { body.append(0) }
        return packet(202, count: 1, body)
    }

    static func goodbye(_ sources: [UInt32]) -> [UInt8] {
        packet(203, count: sources.count, sources.flatMap(big32))
    }

    static func extended(ssrc: UInt32, blocks: [UInt8]) -> [UInt8] {
        packet(207, count: 0, big32(ssrc) + blocks)
    }

    /// A loss run length block: chunks of 16 bits, an even number of them.
    static func runLengths(about ssrc: UInt32, _ range: Range<Int>, _ chunks: [Int]) -> [UInt8] {
        [1, 0] + big16(2 + chunks.count / 2) + big32(ssrc) + big16(range.lowerBound)
            + big16(range.upperBound) + chunks.flatMap(big16)
    }

    static func summary(about ssrc: UInt32, lost: UInt32) -> [UInt8] {
        [6, 0x80, 0, 9] + big32(ssrc) + big16(0) + big16(100) + big32(lost)
            + [UInt8](repeating: 0, count: 24)
    }

    static func packet(_ type: UInt8, count: Int, _ body: [UInt8]) -> [UInt8] {
        [0x80 | UInt8(count), type] + big16(body.count / 4) + body
    }
}

/// A camera that sends H.264 in RTP: 25 frames a second of some packets each.
struct CameraWriter {
    var source: Endpoint
    var target: Endpoint
    var ssrc: UInt32
    var sequence: UInt16 = 1000
    var timestamp: UInt32 = 90_000
    var payloadType: UInt8 = 96

    init(_ number: UInt8, port: UInt16 = 40_000, ssrc: UInt32? = nil) {
        source = end(10, 0, 0, number, 5000)
        target = end(10, 0, 1, 1, port + UInt16(number) * 2)
        self.ssrc = ssrc ?? 0x1111_0000 + UInt32(number)
    }

    /// A sequence parameter set of 640 by 360 pixels, and one of 1280 by 720.
    static let smallSet = hex("6742c01ed900a02ff97011000003000100000300320f162e48")
    static let largeSet = hex("6764001facd9405005bb011000000300100000030320f1831960")

    /// The next packet; `last` ends its frame.
    mutating func packet(_ payload: [UInt8], last: Bool = true) -> [UInt8] {
        let octets = RTPWriter(
            payloadType: payloadType, marker: last, sequence: sequence, timestamp: timestamp,
            ssrc: ssrc, payload: payload
        ).octets
        sequence &+= 1
        if last { timestamp &+= 3600 }
        return octets
    }

    /// A slice that begins a picture: `first_mb_in_slice` 0, `slice_type` 5 (P) or 7 (I).
    static func slice(isKey: Bool = false, count: Int = 100) -> [UInt8] {
        [isKey ? 0x65 : 0x41, isKey ? 0b1000_1000 : 0b1001_1010, 0x20]
            + (0..<max(0, count - 3)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    }

    /// The packets of the next frame: a slice in each.
    mutating func frame(packets: Int = 2) -> [[UInt8]] {
        (0..<packets).map { packet(Self.slice(), last: $0 == packets - 1) }
    }
}
