// SPDX-License-Identifier: Apache-2.0

/// The rule that every id of the registry keeps.
///
/// Ids are ASCII, so that two that look alike are alike, and they fit file names, URLs and
/// metric labels as they are. They name a thing for good: an address may change, the id stays.
public enum Identifier {
    /// Letters that an id may have, at most: what fits a column, a file name and a host label
    /// (chosen).
    public static let longest = 64
    /// The rule in words, for messages.
    public static let rule = "1 to 64 of a-z, 0-9 and -"

    /// Whether `text` may be an id: `[a-z0-9-]{1,64}`.
    public static func isValid(_ text: String) -> Bool {
        let octets = text.utf8
        guard (1...longest).contains(octets.count) else { return false }
        return octets.allSatisfy { octet in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                || octet == UInt8(ascii: "-")
        }
    }
}

/// What all four kinds of id can do; it serves to check and index them by the same code.
public protocol RegistryIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The id as it is written.
    var text: String { get }
    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    init?(_ text: String)
}

extension RegistryIdentifier {
    /// Orders by the letters' codes.
    public static func < (first: Self, second: Self) -> Bool { first.text < second.text }

    /// The id as it is written.
    public var description: String { text }
}

/// The name of a camera for good, whatever its address: `[a-z0-9-]{1,64}`.
public struct CameraID: RegistryIdentifier {
    /// The id as it is written.
    public let text: String

    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }
}

/// The name of a site for good: `[a-z0-9-]{1,64}`.
public struct SiteID: RegistryIdentifier {
    /// The id as it is written.
    public let text: String

    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }
}

/// The name of a channel for good: `[a-z0-9-]{1,64}`.
public struct ChannelID: RegistryIdentifier {
    /// The id as it is written.
    public let text: String

    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }
}

/// The name of a party for good: `[a-z0-9-]{1,64}`.
public struct PartyID: RegistryIdentifier {
    /// The id as it is written.
    public let text: String

    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }
}

/// The name of an agreement for good: `[a-z0-9-]{1,64}`.
public struct AgreementID: RegistryIdentifier {
    /// The id as it is written.
    public let text: String

    /// Makes an id, or nil if `text` breaks `Identifier.rule`.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }
}
