// SPDX-License-Identifier: Apache-2.0

/// The VLAN tags of a frame, the outermost first (IEEE 802.1Q, 802.1ad).
///
/// ```
///  0                   1
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
/// +-----+-+-----------------------+
/// | PCP |D|        VLAN id        |   one tag
/// +-----+-+-----------------------+
/// ```
/// At most four are kept, in one word: a value that flows can be keyed by without allocation.
public struct VLANTags: Hashable, Sendable {
    /// How many tags one frame may have: two are usual (QinQ), three and four occur where
    /// providers stack each other's; more is a loop or an attack.
    public static let limit = 4

    /// Four tags of 16 bits, the outermost lowest; those absent are zero.
    public private(set) var bits: UInt64 = 0
    private var used: UInt8 = 0

    /// Makes the tags of an untagged frame.
    public init() {}

    /// Makes tags from their 16-bit values, outermost first, or nil if there are too many.
    public init?(_ tags: [UInt16]) {
        guard tags.count <= VLANTags.limit else { return nil }
        for tag in tags { append(tag) }
    }

    /// Adds a tag inside the others; the caller has checked the limit.
    mutating func append(_ tag: UInt16) {
        precondition(count < VLANTags.limit)
        bits |= UInt64(tag) << UInt64(16 * count)
        used += 1
    }

    /// How many tags there are.
    public var count: Int { Int(used) }

    /// Whether the frame is untagged.
    public var isEmpty: Bool { count == 0 }

    /// The whole tag at `index`, 0 the outermost; the index lies below `count`.
    public subscript(index: Int) -> UInt16 {
        precondition(index >= 0 && index < count)
        return UInt16(truncatingIfNeeded: bits >> UInt64(16 * index))
    }

    /// The VLAN id (0...4095) of the tag at `index`.
    public func identifier(at index: Int) -> UInt16 { self[index] & 0xfff }

    /// The priority (0...7) of the tag at `index`.
    public func priority(at index: Int) -> UInt8 { UInt8(self[index] >> 13) }

    /// The same tags with priorities and drop marks cleared: what tells one network from
    /// another.
    ///
    /// A camera that changes its priority stays the same camera.
    public var identifiersOnly: VLANTags {
        var result = self
        result.bits &= 0x0fff_0fff_0fff_0fff
        return result
    }
}

extension VLANTags: CustomStringConvertible {
    /// The VLAN ids from the outside in, as in `100.7`; empty if untagged.
    public var description: String {
        (0..<count).map { String(identifier(at: $0)) }.joined(separator: ".")
    }
}
