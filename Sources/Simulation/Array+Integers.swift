// SPDX-License-Identifier: Apache-2.0

/// Writing numbers as packets and files hold them.
extension Array where Element == UInt8 {
    mutating func append16(_ number: UInt16) {
        append(UInt8(truncatingIfNeeded: number >> 8))
        append(UInt8(truncatingIfNeeded: number))
    }

    mutating func append32(_ number: UInt32) {
        append16(UInt16(truncatingIfNeeded: number >> 16))
        append16(UInt16(truncatingIfNeeded: number))
    }

    mutating func append64(_ number: UInt64) {
        append32(UInt32(truncatingIfNeeded: number >> 32))
        append32(UInt32(truncatingIfNeeded: number))
    }

    mutating func appendLittleEndian16(_ number: UInt16) { append16(number.byteSwapped) }

    mutating func appendLittleEndian32(_ number: UInt32) { append32(number.byteSwapped) }

    mutating func put16(_ number: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: number >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: number)
    }

    mutating func put32(_ number: UInt32, at offset: Int) {
        put16(UInt16(truncatingIfNeeded: number >> 16), at: offset)
        put16(UInt16(truncatingIfNeeded: number), at: offset + 2)
    }

    mutating func putLittleEndian32(_ number: UInt32, at offset: Int) {
        put32(number.byteSwapped, at: offset)
    }

    /// The ones' complement sum of big-endian 16-bit words in `range` (RFC 1071), not inverted;
    /// an odd last byte counts as the upper half of a word.
    func onesComplementSum(_ range: Range<Int>) -> UInt32 {
        var sum: UInt64 = 0
        var index = range.lowerBound
        while index + 1 < range.upperBound {
            sum &+= UInt64(self[index]) << 8 | UInt64(self[index + 1])
            index += 2
        }
        if index < range.upperBound { sum &+= UInt64(self[index]) << 8 }
        return UInt32(folded(sum))
    }
}

/// A ones' complement sum folded into 16 bits.
func folded(_ sum: UInt64) -> UInt16 {
    var rest = sum
    while rest > 0xffff { rest = (rest & 0xffff) + (rest >> 16) }
    return UInt16(rest)
}
