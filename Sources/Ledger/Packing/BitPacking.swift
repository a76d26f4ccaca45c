// SPDX-License-Identifier: Apache-2.0

/// Writes numbers of one width side by side, the lowest bit first.
struct BitPacker {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var filled = 0

    /// Makes a packer with room for `capacity` octets.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends the lowest `width` (1…64) bits of `value`; the others must be zero.
    @inline(__always)
    mutating func append(_ value: UInt64, width: Int) {
        pending |= value << UInt64(filled)
        filled += width
        guard filled >= 64 else { return }
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: pending >> shift))
        }
        filled -= 64
        pending = filled == 0 ? 0 : value >> UInt64(width - filled)
    }

    /// Writes the bits that do not fill eight octets yet.
    mutating func finish() {
        while filled > 0 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            filled -= 8
        }
        filled = 0
        pending = 0
    }
}

/// Reads what `BitPacker` wrote.
struct BitUnpacker {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var pending: UInt64 = 0
    private var filled = 0

    /// Makes an unpacker of octets that hold all that will be asked for.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The next number of `width` (1…64) bits; zeros behind the end.
    @inline(__always)
    mutating func next(width: Int) -> UInt64 {
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        if filled >= width {
            let value = pending & mask
            pending = width == 64 ? 0 : pending >> UInt64(width)
            filled -= width
            return value
        }
        var word: UInt64 = 0
        let available = min(8, bytes.endIndex - position)
        for index in 0..<available {
            word |= UInt64(bytes[position + index]) << UInt64(index * 8)
        }
        position += available
        let value = (pending | word << UInt64(filled)) & mask
        let used = width - filled
        pending = used == 64 ? 0 : word >> UInt64(used)
        filled = 64 - used
        return value
    }

    /// How many octets `count` numbers of `width` bits take.
    static func size(count: Int, width: Int) -> Int { (count * width + 7) / 8 }
}
