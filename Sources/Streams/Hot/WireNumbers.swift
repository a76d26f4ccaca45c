// SPDX-License-Identifier: Apache-2.0

// Numbers at any place in captured bytes, for those who have checked that they are there.

@inline(__always)
func little16(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

@inline(__always)
func little32(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
}

@inline(__always)
func little64(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

@inline(__always)
func big16(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

@inline(__always)
func big32(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
}

@inline(__always)
func big64(_ frame: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe frame.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
}

extension UnsafeRawPointer {
    /// One byte.
    @inline(__always)
    subscript(_ offset: Int) -> UInt8 {
        unsafe load(fromByteOffset: offset, as: UInt8.self)
    }
}

/// EtherTypes as a little-endian machine loads them.
enum EtherType {
    static let ipv4: UInt16 = 0x0008
    static let ipv6: UInt16 = 0xdd86

    /// 802.1Q, 802.1ad, and what came before it.
    @inline(__always)
    static func isTag(_ type: UInt16) -> Bool {
        type == 0x0081 || type == 0xa888 || type == 0x0091
    }
}
