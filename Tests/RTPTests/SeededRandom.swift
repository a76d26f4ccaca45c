// SPDX-License-Identifier: Apache-2.0

/// Reproducible random numbers (SplitMix64), and broken copies of good messages.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// `message` with some octets changed, and perhaps cut or made longer.
    mutating func mutation(of message: [UInt8]) -> [UInt8] {
        var bytes = message
        for _ in 0...Int.random(in: 0...5, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch next() % 4 {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &self)
            case 2: bytes[place] = Bool.random(using: &self) ? 0xff : 0
            default: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
            }
        }
        if next() % 3 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &self)) }
        return bytes
    }

    /// `count` octets without any order, as ciphertext looks.
    mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}

/// The octets that hexadecimal `text` spells; spaces are skipped.
func octets(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}
