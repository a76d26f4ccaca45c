// SPDX-License-Identifier: Apache-2.0

/// Reads bits back, written apart from `BitWriter` on purpose.
struct BitReading {
    private let octets: [UInt8]
    private var position = 0

    /// Takes a NAL unit, header left out and emulation prevention undone.
    init(nalUnit: [UInt8], headerLength: Int = 1) {
        var octets: [UInt8] = []
        for octet in nalUnit.dropFirst(headerLength) {
            if octet == 3, octets.suffix(2) == [0, 0] { continue }
            octets.append(octet)
        }
        self.octets = octets
    }

    mutating func bits(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            value = value << 1 | Int(octets[position / 8] >> (7 - position % 8) & 1)
            position += 1
        }
        return value
    }

    mutating func unsigned() -> Int {
        var zeros = 0
        while bits(1) == 0 { zeros += 1 }
        return (1 << zeros) - 1 + bits(zeros)
    }

    mutating func signed() -> Int {
        let code = unsigned()
        return code % 2 == 1 ? (code + 1) / 2 : -code / 2
    }
}
