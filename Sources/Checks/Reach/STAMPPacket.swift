// SPDX-License-Identifier: Apache-2.0
import Timekeeping

/// Test packets of STAMP, unauthenticated (RFC 8762 sections 4.2 and 4.3).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +---------------------------------------------------------------+
///     |                        sequence number                        |
///     +---------------------------------------------------------------+
///     |               time stamp (NTP), two words                     |
///     +-------------------------------+-------------------------------+
///     |         error estimate        |              zero             |
///     +-------------------------------+-------------------------------+
///     |  reflected: time of arrival, then the sender's own fields …   |
///     +---------------------------------------------------------------+
enum STAMPPacket {
    /// Octets of either packet.
    static let length = 44

    /// What a sender sends.
    struct Request: Hashable {
        var sequence: UInt32
        var sent: NTPTime
        var errorEstimate: UInt16

        var octets: [UInt8] {
            var octets: [UInt8] = []
            append(sequence, 4, to: &octets)
            append(sent.bits, 8, to: &octets)
            append(errorEstimate, 2, to: &octets)
            return octets + [UInt8](repeating: 0, count: STAMPPacket.length - octets.count)
        }

        init(sequence: UInt32, sent: NTPTime, errorEstimate: UInt16) {
            self.sequence = sequence
            self.sent = sent
            self.errorEstimate = errorEstimate
        }

        /// Reads one; nil if it is too short to be reflected.
        init?(_ octets: [UInt8]) {
            guard octets.count >= STAMPPacket.length else { return nil }
            sequence = UInt32(truncatingIfNeeded: number(octets, 0, 4))
            sent = NTPTime(bits: number(octets, 4, 8))
            errorEstimate = UInt16(truncatingIfNeeded: number(octets, 12, 2))
        }
    }

    /// What a reflector sends back.
    struct Reply: Hashable {
        var sequence: UInt32
        var sent: NTPTime
        var errorEstimate: UInt16
        var received: NTPTime
        var request: Request
        var hopLimit: UInt8

        var octets: [UInt8] {
            var octets: [UInt8] = []
            append(sequence, 4, to: &octets)
            append(sent.bits, 8, to: &octets)
            append(errorEstimate, 2, to: &octets)
            append(0, 2, to: &octets)
            append(received.bits, 8, to: &octets)
            append(request.sequence, 4, to: &octets)
            append(request.sent.bits, 8, to: &octets)
            append(request.errorEstimate, 2, to: &octets)
            append(0, 2, to: &octets)
            octets.append(hopLimit)
            return octets + [0, 0, 0]
        }

        init(
            to request: Request, sequence: UInt32, received: NTPTime, sent: NTPTime,
            errorEstimate: UInt16, hopLimit: UInt8
        ) {
            self.sequence = sequence
            self.sent = sent
            self.errorEstimate = errorEstimate
            self.received = received
            self.request = request
            self.hopLimit = hopLimit
        }

        init?(_ octets: [UInt8]) {
            guard octets.count >= STAMPPacket.length else { return nil }
            sequence = UInt32(truncatingIfNeeded: number(octets, 0, 4))
            sent = NTPTime(bits: number(octets, 4, 8))
            errorEstimate = UInt16(truncatingIfNeeded: number(octets, 12, 2))
            received = NTPTime(bits: number(octets, 16, 8))
            request = Request(
                sequence: UInt32(truncatingIfNeeded: number(octets, 24, 4)),
                sent: NTPTime(bits: number(octets, 28, 8)),
                errorEstimate: UInt16(truncatingIfNeeded: number(octets, 36, 2)))
            hopLimit = octets[40]
        }
    }

    /// The error estimate (RFC 4656 section 4.1.2): whether synchronised, and multiplier times
    /// two to the scale, in units of 2⁻³² s.
    static func errorEstimate(_ clock: OwnClock) -> UInt16 {
        var units = clock.greatestError.magnitude.multipliedReportingOverflow(by: 4)
        if units.overflow { units.partialValue = .max }
        // 4.295 units a nanosecond, rounded up.
        var multiplier = units.partialValue &+ clock.greatestError.magnitude / 3 &+ 1
        var scale: UInt16 = 0
        while multiplier > 255, scale < 63 {
            multiplier >>= 1
            scale += 1
        }
        let isKept: UInt16 = clock.state == .synchronised ? 0x8000 : 0
        return isKept | scale << 8 | UInt16(max(1, min(255, multiplier)))
    }

    private static func append(_ value: some BinaryInteger, _ count: Int, to octets: inout [UInt8])
    {
        for index in 0..<count {
            octets.append(UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - index))))
        }
    }

    private static func number(_ octets: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
        octets[start..<(start + count)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
