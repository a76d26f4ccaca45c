// SPDX-License-Identifier: Apache-2.0

/// Writes bits, most significant first, as video bit streams are laid.
struct BitWriter {
    private(set) var octets: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    var isAligned: Bool { pendingBits == 0 }
    /// Bits written so far.
    var bitCount: Int { octets.count * 8 + pendingBits }

    /// Writes the lowest `count` (0…32) bits of `value`.
    mutating func write(_ value: UInt32, bits count: Int) {
        precondition((0...32).contains(count))
        let mask: UInt64 = (1 << UInt64(count)) - 1
        pending = pending << UInt64(count) | UInt64(value) & mask
        pendingBits += count
        while pendingBits >= 8 {
            pendingBits -= 8
            octets.append(UInt8(truncatingIfNeeded: pending >> UInt64(pendingBits)))
        }
        pending &= (1 << UInt64(pendingBits)) - 1
    }

    mutating func write(_ flag: Bool) { write(flag ? 1 : 0, bits: 1) }

    /// Unsigned Exp-Golomb (ITU-T H.264 clause 9.1).
    mutating func writeUnsigned(_ value: Int) {
        let code = UInt32(value + 1)
        let width = 32 - code.leadingZeroBitCount
        write(0, bits: width - 1)
        write(code, bits: width)
    }

    /// Signed Exp-Golomb (ITU-T H.264 clause 9.1.1).
    mutating func writeSigned(_ value: Int) {
        writeUnsigned(value > 0 ? 2 * value - 1 : -2 * value)
    }

    /// Fills the last byte with `filling` bits.
    mutating func align(with filling: Bool = false) {
        while !isAligned { write(filling) }
    }

    /// A one and zeros up to the byte's end: the end of a NAL unit's payload.
    mutating func writeTrailingBits() {
        write(true)
        align()
    }

    /// Appends a whole byte; only where aligned.
    mutating func append(_ octet: UInt8) {
        precondition(isAligned)
        octets.append(octet)
    }
}

/// The payload of a NAL unit as it travels: an 0x03 between two zeros and a byte below four
/// (ITU-T H.264 clause 7.4.1), behind `header`.
func nalUnit(header: [UInt8], payload: [UInt8]) -> [UInt8] {
    var unit = header
    unit.reserveCapacity(header.count + payload.count + 16)
    var zeros = 0
    for octet in payload {
        if zeros >= 2, octet <= 3 {
            unit.append(3)
            zeros = 0
        }
        unit.append(octet)
        zeros = octet == 0 ? zeros + 1 : 0
    }
    return unit
}
