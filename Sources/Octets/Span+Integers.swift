// SPDX-License-Identifier: Apache-2.0

/// Numbers at a place in borrowed bytes.
///
/// Callers check the length once and then read; a read outside the span is a mistake of ours
/// and stops the program, as any index out of range does.
extension Span where Element == UInt8 {
    /// The number of the machine's byte order that begins at `offset`: one comparison and one
    /// load, where octet by octet would be as many of each as there are octets.
    @inlinable @inline(__always)
    func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, at offset: Int
    ) -> Number {
        precondition(offset >= 0 && offset <= count &- MemoryLayout<Number>.size)
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    }

    /// The big-endian 16-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: load(UInt16.self, at: offset))
    }

    /// The big-endian 24-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint24(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 8 | UInt32(self[offset + 2])
    }

    /// The big-endian 32-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: load(UInt32.self, at: offset))
    }

    /// The big-endian 64-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: load(UInt64.self, at: offset))
    }

    /// The little-endian 16-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func littleEndian16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: load(UInt16.self, at: offset))
    }

    /// The little-endian 32-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: load(UInt32.self, at: offset))
    }

    /// The little-endian 64-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func littleEndian64(at offset: Int) -> UInt64 {
        UInt64(littleEndian: load(UInt64.self, at: offset))
    }

    /// The two little-endian 64-bit numbers that begin at `offset`, one behind the other.
    @inlinable @inline(__always)
    public func littleEndian64Pair(at offset: Int) -> (UInt64, UInt64) {
        precondition(offset >= 0 && offset <= count &- 16)
        return unsafe (
            UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset, as: UInt64.self)),
            UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset &+ 8, as: UInt64.self))
        )
    }

    /// Throws `truncated` unless `length` bytes follow from `offset`.
    @inlinable
    public func require(
        _ length: Int, at offset: Int = 0, _ layer: ParseFault.Layer, _ field: String
    ) throws(ParseFault) {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
            throw ParseFault(
                .truncated, layer, field, offset: offset, needed: length,
                had: Swift.max(0, count - Swift.max(0, offset)))
        }
    }
}

extension OutputSpan {
    /// Appends what `next` makes until it makes nothing more or no room is left; how many there
    /// were.
    ///
    /// `append` would compare and write the count for each.
    @inlinable @inline(__always)
    public mutating func appendWhile(_ next: () -> Element?) -> UInt64 {
        var added: UInt64 = 0
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let base = buffer.baseAddress, count < buffer.count else { return }
            let first = unsafe base + count
            let end = unsafe base + buffer.count
            var place = unsafe first
            while unsafe place != end, let element = next() {
                unsafe place.initialize(to: element)
                unsafe place += 1
            }
            let length = unsafe place - first
            count += length
            added = UInt64(length)
        }
        return added
    }
}
