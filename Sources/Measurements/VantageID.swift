// SPDX-License-Identifier: Apache-2.0

/// From where a camera was watched: this capture port, this RTSP session.
///
/// A camera seen from two vantages has two accounts of what arrived; they are never added up.
public struct VantageID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `[a-z0-9./:-]{1,64}`, such as `almaty-1/eth0`.
    public let text: String

    /// Makes an identifier, or nil if `text` is not of the form `[a-z0-9./:-]{1,64}`.
    public init?(_ text: String) {
        guard text.isIdentifier(allowing: "./:-") else { return nil }
        self.text = text
    }

    /// Whether `left` comes before `right`, byte by byte.
    public static func < (left: VantageID, right: VantageID) -> Bool { left.text < right.text }
    /// The text.
    public var description: String { text }
}

/// One installation of the program.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// `[a-z0-9-]{1,64}`.
    public let text: String

    /// Makes an identifier, or nil if `text` is not of the form `[a-z0-9-]{1,64}`.
    public init?(_ text: String) {
        guard text.isIdentifier(allowing: "-") else { return nil }
        self.text = text
    }

    /// Whether `left` comes before `right`, byte by byte.
    public static func < (left: NodeID, right: NodeID) -> Bool { left.text < right.text }
    /// The text.
    public var description: String { text }
}

extension String {
    /// Whether the text is 1 to 64 of `a`–`z`, `0`–`9` and the letters of `marks`.
    fileprivate func isIdentifier(allowing marks: StaticString) -> Bool {
        guard (1...64).contains(utf8.count) else { return false }
        let extra = marks.description.utf8
        return utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || extra.contains(byte)
        }
    }
}
