// SPDX-License-Identifier: Apache-2.0

/// Writes the bit fields of parameter sets, for sets that no encoder makes.
struct BitWriter {
    private var bits: [Bool] = []

    /// The bits, filled up with zeros, emulation prevention put in.
    var octets: [UInt8] {
        var result: [UInt8] = []
        var zeros = 0
        for start in stride(from: 0, to: bits.count, by: 8) {
            var octet: UInt8 = 0
            for index in start..<(start + 8) {
                octet = octet << 1 | (index < bits.count && bits[index] ? 1 : 0)
            }
            if zeros >= 2, octet <= 3 {
                result.append(3)
                zeros = 0
            }
            zeros = octet == 0 ? zeros + 1 : 0
            result.append(octet)
        }
        return result
    }

    mutating func put(_ value: Int, _ count: Int) {
        for bit in (0..<count).reversed() { bits.append(value >> bit & 1 != 0) }
    }

    mutating func unsigned(_ value: Int) {
        let length = Int.bitWidth - (value + 1).leadingZeroBitCount
        put(0, length - 1)
        put(value + 1, length)
    }

    mutating func signed(_ value: Int) { unsigned(value > 0 ? 2 * value - 1 : -2 * value) }

    /// The part of an SPS of H.264 from `log2_max_frame_num` on, in macroblocks; no VUI.
    mutating func sizeOfH264(across: Int, down: Int, bottomCrop: Int) {
        unsigned(0)
        unsigned(2)
        unsigned(1)
        put(0, 1)
        unsigned(across - 1)
        unsigned(down - 1)
        put(0b11, 2)
        put(bottomCrop > 0 ? 1 : 0, 1)
        if bottomCrop > 0 {
            for _ in 0..<3 { unsigned(0) }
            unsigned(bottomCrop)
        }
        put(0, 1)
        put(1, 1)
    }
}
