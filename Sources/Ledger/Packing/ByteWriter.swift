// SPDX-License-Identifier: Apache-2.0

/// Writes numbers as octets: small ones short.
struct ByteWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    /// Makes a writer of nothing, with room for `capacity` octets.
    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Seven bits an octet, the lowest first; the eighth says that more follow (LEB128).
    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A signed number whose distance from zero decides its length.
    @inline(__always)
    mutating func signed(_ value: Int64) {
        varint(zigzag(value))
    }

    /// One octet.
    mutating func octet(_ value: UInt8) {
        bytes.append(value)
    }

    /// Octets as they are.
    mutating func octets(_ values: some Sequence<UInt8>) {
        bytes.append(contentsOf: values)
    }

    /// Eight octets, the lowest first.
    mutating func fixed64(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Four octets, the lowest first.
    mutating func fixed32(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Text in UTF-8 behind its length.
    mutating func text(_ text: String) {
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

/// Maps 0, −1, 1, −2 and so on to 0, 1, 2, 3.
@inline(__always)
func zigzag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: (value &<< 1) ^ (value >> 63))
}

/// The inverse of `zigzag`.
@inline(__always)
func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
}
