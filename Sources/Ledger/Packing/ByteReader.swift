// SPDX-License-Identifier: Apache-2.0

/// Reads what `ByteWriter` wrote; never beyond the end, whatever the octets say.
struct ByteReader {
    private let bytes: [UInt8]
    /// Where the next octet is read.
    private(set) var offset: Int

    /// Makes a reader of `bytes` that begins at `offset`.
    init(_ bytes: [UInt8], offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// How many octets are left.
    var remaining: Int { bytes.count - offset }

    /// Reads what `ByteWriter.varint` wrote.
    @inline(__always)
    mutating func varint() throws(PackingFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let octet = try octet()
            let part = UInt64(octet & 0x7f)
            guard shift < 63 || (shift == 63 && part <= 1) else {
                throw .outOfRange(field: "number", offset: offset)
            }
            value |= part << shift
            if octet < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads what `ByteWriter.signed` wrote.
    @inline(__always)
    mutating func signed() throws(PackingFault) -> Int64 {
        unzigzag(try varint())
    }

    /// Reads one octet.
    @inline(__always)
    mutating func octet() throws(PackingFault) -> UInt8 {
        guard offset < bytes.count else { throw .truncated(offset: offset) }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Reads `count` octets.
    mutating func octets(_ count: Int) throws(PackingFault) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .truncated(offset: offset) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// Reads a count that must not exceed `limit`.
    mutating func count(upTo limit: Int, of field: String) throws(PackingFault) -> Int {
        let start = offset
        let value = try varint()
        guard value <= UInt64(limit) else { throw .outOfRange(field: field, offset: start) }
        return Int(value)
    }

    /// Reads what `ByteWriter.fixed64` wrote.
    mutating func fixed64() throws(PackingFault) -> UInt64 {
        try octets(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads what `ByteWriter.fixed32` wrote.
    mutating func fixed32() throws(PackingFault) -> UInt32 {
        try octets(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads what `ByteWriter.text` wrote.
    mutating func text(upTo limit: Int, of field: String) throws(PackingFault) -> String {
        let length = try count(upTo: limit, of: field)
        return String(decoding: try octets(length), as: UTF8.self)
    }
}
