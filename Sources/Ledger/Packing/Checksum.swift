// SPDX-License-Identifier: Apache-2.0

/// FNV-1a over octets, 32 bits.
///
/// No defence against intent, which the journal's chain is for. Each step maps different states to
/// different states, so that one changed octet is always found.
struct Checksum {
    private(set) var value: UInt32 = 2_166_136_261

    /// Takes octets in.
    @inline(__always)
    mutating func add(_ octets: some Sequence<UInt8>) {
        for octet in octets { value = (value ^ UInt32(octet)) &* 16_777_619 }
    }

    /// Takes a number in.
    @inline(__always)
    mutating func add(_ number: Int64) {
        var rest = UInt64(bitPattern: number)
        for _ in 0..<8 {
            value = (value ^ UInt32(rest & 0xff)) &* 16_777_619
            rest >>= 8
        }
    }
}
