// SPDX-License-Identifier: Apache-2.0

/// Numbers at a place in borrowed bytes.
///
/// Callers check the length once and then read; a read outside the span is a mistake of ours
/// and stops the program, as any index out of range does.
extension Span where Element == UInt8 {
    /// The big-endian 16-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// The big-endian 24-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint24(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 8 | UInt32(self[offset + 2])
    }

    /// The big-endian 32-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// The big-endian 64-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
    }

    /// The little-endian 16-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func littleEndian16(at offset: Int) -> UInt16 { uint16(at: offset).byteSwapped }

    /// The little-endian 32-bit number that begins at `offset`.
    @inlinable @inline(__always)
    public func littleEndian32(at offset: Int) -> UInt32 { uint32(at: offset).byteSwapped }

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
