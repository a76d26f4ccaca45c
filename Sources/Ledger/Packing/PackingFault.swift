// SPDX-License-Identifier: Apache-2.0

/// Why packed bytes cannot be read: they are damaged, or a newer version wrote them.
enum PackingFault: Error, Hashable {
    /// The bytes end before what they announce.
    case truncated(offset: Int)
    /// A number that its field cannot hold.
    case outOfRange(field: String, offset: Int)
    /// The bytes and their checksum disagree.
    case checksum
    /// A layout that this version does not know.
    case unknownLayout(UInt8)
    /// The bytes are of something else than the key they are kept under.
    case wrongKey
    /// The compression library refuses them, with its reason.
    case compression(String)
}

extension PackingFault: CustomStringConvertible {
    /// What is wrong, as the middle of a sentence.
    var description: String {
        switch self {
        case .truncated(let offset): "ends too early, at octet \(offset)"
        case .outOfRange(let field, let offset): "has an impossible \(field) at octet \(offset)"
        case .checksum: "does not match its checksum"
        case .unknownLayout(let layout): "has the unknown layout \(layout)"
        case .wrongKey: "belongs under another key"
        case .compression(let reason): "cannot be unpacked: \(reason)"
        }
    }
}
