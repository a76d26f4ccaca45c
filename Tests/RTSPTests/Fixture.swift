// SPDX-License-Identifier: Apache-2.0

import Foundation
import RTSP

/// The octets of a file in `Fixtures`; `.hex` files are decoded.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)"))
    guard name.hasSuffix(".hex") else { return Array(data) }
    return Hexadecimal.decode(data.filter { $0 != 0x0A }, limit: data.count) ?? []
}

/// A small reproducible source of numbers (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// `octets` with a few of them changed, removed, doubled or cut off.
func mutated(_ octets: [UInt8], _ random: inout Seeded) -> [UInt8] {
    var result = octets
    for _ in 0..<Int.random(in: 1...6, using: &random) where !result.isEmpty {
        let place = Int.random(in: 0..<result.count, using: &random)
        let telling: [UInt8] = [0, 0x0A, 0x0D, 0x20, 0x22, 0x24, 0x2D, 0x3A, 0x3D, 0xFF]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result[place] = UInt8.random(in: 0...255, using: &random)
        case 1: result[place] = telling.randomElement(using: &random) ?? 0
        case 2: result.remove(at: place)
        case 3: result.insert(contentsOf: result[place...].prefix(40), at: place)
        case 4: result.removeSubrange(place..<min(result.count, place + 20))
        default: result.removeLast(min(result.count, result.count - place))
        }
    }
    return result
}

extension String {
    /// The octets of the text.
    var octets: [UInt8] { Array(utf8) }
}
