// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets

/// A reproducible source of random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// The bytes of a number, the highest first.
func bytes16(_ number: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
}

/// The bytes of a number, the highest first.
func bytes32(_ number: Int) -> [UInt8] { bytes16(number >> 16) + bytes16(number) }

/// Frames put together for tests, from the inside out.
enum FrameBytes {
    static func udp(_ payload: [UInt8], from: Int = 5004, to: Int = 6004, length: Int? = nil)
        -> [UInt8]
    {
        bytes16(from) + bytes16(to) + bytes16(length ?? payload.count + 8) + [0, 0] + payload
    }

    static func tcp(_ payload: [UInt8], sequence: Int = 1, flags: UInt8 = 0x18, words: UInt8 = 5)
        -> [UInt8]
    {
        bytes16(554) + bytes16(40_000) + bytes32(sequence) + bytes32(7)
            + [words << 4, flags, 0x20, 0, 0, 0, 0, 0]
            + [UInt8](repeating: 1, count: max(0, Int(words) * 4 - 20)) + payload
    }

    static func ipv4(
        _ payload: [UInt8], ipProtocol: UInt8 = 17, total: Int? = nil, words: UInt8 = 5,
        place: Int = 0, identification: Int = 0x1234, tos: UInt8 = 0
    ) -> [UInt8] {
        let header = Int(words) * 4
        return [0x40 | words, tos] + bytes16(total ?? payload.count + header)
            + bytes16(identification) + bytes16(place) + [64, ipProtocol, 0, 0]
            + [192, 0, 2, 1, 192, 0, 2, 2]
            + [UInt8](repeating: 1, count: max(0, header - 20)) + payload
    }

    static func ipv6(
        _ payload: [UInt8], next: UInt8 = 17, length: Int? = nil, trafficClass: UInt8 = 0
    ) -> [UInt8] {
        let address: [UInt8] = [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11)
        return [0x60 | trafficClass >> 4, trafficClass << 4, 0, 0]
            + bytes16(length ?? payload.count) + [next, 60] + address + [1] + address + [2]
            + payload
    }

    static func ethernet(_ payload: [UInt8], type: Int = 0x0800, tags: [(Int, Int)] = [])
        -> [UInt8]
    {
        [UInt8](repeating: 2, count: 12) + tags.flatMap { bytes16($0.0) + bytes16($0.1) }
            + bytes16(type) + payload
    }
}

/// Reads a frame; it was as long on the wire unless `original` says so.
func read(_ frame: [UInt8], _ linkType: LinkType = .ethernet, original: Int? = nil)
    throws(ParseFault) -> FrameContent
{
    try FrameContent(
        frame.span, linkType: linkType, originalLength: original ?? frame.count)
}

/// The fault of what must fail, or nil if it does not.
func fault(_ frame: [UInt8], _ linkType: LinkType = .ethernet, original: Int? = nil)
    -> ParseFault?
{
    do throws(ParseFault) {
        _ = try read(frame, linkType, original: original)
        return nil
    } catch {
        return error
    }
}
