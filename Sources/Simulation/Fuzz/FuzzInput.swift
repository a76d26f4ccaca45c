// SPDX-License-Identifier: Apache-2.0

/// The octets of a fuzzer's input as a source of choices; zeros follow its end.
///
/// Choices come from the input itself and not from a seeded generator, so that the fuzzer can
/// change one of them and leave the others as they are.
public struct FuzzInput {
    private let octets: [UInt8]
    private var place = 0

    /// Makes the source of an input's choices.
    public init(_ input: Span<UInt8>) {
        octets = input.indices.map { input[$0] }
    }

    /// Whether nothing is left.
    public var isAtEnd: Bool { place >= octets.count }

    /// How much is left.
    public var count: Int { octets.count - place }

    /// The next octet.
    public mutating func octet() -> UInt8 {
        guard place < octets.count else { return 0 }
        defer { place += 1 }
        return octets[place]
    }

    /// The next two octets.
    public mutating func number16() -> UInt16 { UInt16(octet()) << 8 | UInt16(octet()) }

    /// The next four octets.
    public mutating func number32() -> UInt32 { UInt32(number16()) << 16 | UInt32(number16()) }

    /// The next eight octets.
    public mutating func number64() -> UInt64 { UInt64(number32()) << 32 | UInt64(number32()) }

    /// The next `count` octets, or those that are left.
    public mutating func take(_ count: Int) -> [UInt8] {
        let end = min(octets.count, place + max(0, count))
        defer { place = end }
        return Array(octets[place..<end])
    }

    /// A run of octets with its length before it, in two octets.
    public mutating func run() -> [UInt8] { take(Int(number16())) }

    /// All that is left.
    public mutating func rest() -> [UInt8] { take(count) }

    /// A time between two events: mostly that of a video, at times none, back, or far away.
    public mutating func step() -> Int64 {
        let choice = octet()
        let size = Int64(number16())
        switch choice >> 5 {
        case 0, 1, 2: return size * 1_000
        case 3: return size * 1_000_000
        case 4: return -size * 1_000_000
        case 5: return size * 1_000_000_000
        case 6: return -size * 1_000_000_000_000
        default: return size << 47
        }
    }
}

/// Cuts `octets` into runs by a seed; most runs are short, since faults sit at the seams.
func cut(_ octets: [UInt8], seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed)
    var runs: [[UInt8]] = []
    var start = 0
    while start < octets.count {
        let longest = [1, 4, 40, 1_500][Int(random.next() & 3)]
        let end = min(octets.count, start + 1 + Int(random.next() % UInt64(longest)))
        runs.append(Array(octets[start..<end]))
        start = end
    }
    return runs
}
