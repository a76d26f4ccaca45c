// SPDX-License-Identifier: Apache-2.0

/// The kinds of things in a registry.
public enum RegistryKind: String, CaseIterable, Hashable, Sendable {
    /// A party.
    case party
    /// An agreement.
    case agreement
    /// A site.
    case site
    /// A channel.
    case channel
    /// A camera.
    case camera
}

/// What is different between two versions of a registry.
public struct RegistryDifference: Hashable, Sendable {
    /// One field that has another value now.
    public struct FieldChange: Hashable, Sendable {
        /// The field's name in the files.
        public let field: String
        /// Its value before; empty if it had none.
        public let old: String
        /// Its value now; empty if it has none.
        public let new: String
    }

    /// What happened to one thing.
    public enum Event: Hashable, Sendable {
        /// It is new.
        case added
        /// It is gone.
        case removed
        /// It is the same by its id, and these fields differ.
        case changed([FieldChange])
    }

    /// One thing that is different.
    public struct Change: Hashable, Sendable {
        /// What kind of thing.
        public let kind: RegistryKind
        /// Its id.
        public let id: String
        /// What happened to it.
        public let event: Event
    }

    /// All changes, by kind and then by id.
    public let changes: [Change]
    /// How many cameras there were.
    public let oldCameraCount: Int
    /// How many of them are gone.
    public let removedCameraCount: Int

    /// The share of cameras that may vanish without a person's word, as one in so many: an empty
    /// or half-copied file must not end the account of every camera.
    public static let removalLimit = 10

    /// Whether more than 10 % of the cameras are gone, so that a person must say that it is meant.
    public var needsConfirmation: Bool {
        removedCameraCount * RegistryDifference.removalLimit > oldCameraCount
    }

    /// Whether nothing is different.
    public var isEmpty: Bool { changes.isEmpty }

    /// Holds `new` against `old`.
    public init(from old: Registry, to new: Registry) {
        var changes: [Change] = []
        RegistryDifference.compare(old.parties, new.parties, .party, id: \.id, into: &changes)
        RegistryDifference.compare(
            old.agreements, new.agreements, .agreement, id: \.id, into: &changes)
        RegistryDifference.compare(old.sites, new.sites, .site, id: \.id, into: &changes)
        RegistryDifference.compare(old.channels, new.channels, .channel, id: \.id, into: &changes)
        RegistryDifference.compare(old.cameras, new.cameras, .camera, id: \.id, into: &changes)
        self.changes = changes
        oldCameraCount = old.cameras.count
        removedCameraCount = changes.count { $0.kind == .camera && $0.event == .removed }
    }

    /// Walks two lists that are in the order of ids side by side.
    private static func compare<Value: FieldText & Equatable, ID: RegistryIdentifier>(
        _ old: [Value], _ new: [Value], _ kind: RegistryKind, id: (Value) -> ID,
        into changes: inout [Change]
    ) {
        var (before, after) = (old[...], new[...])
        while let first = before.first ?? after.first {
            let oldID = before.first.map(id), newID = after.first.map(id)
            if let oldID, newID.map({ oldID < $0 }) ?? true {
                changes.append(Change(kind: kind, id: oldID.text, event: .removed))
                before.removeFirst()
            } else if let newID, oldID.map({ newID < $0 }) ?? true {
                changes.append(Change(kind: kind, id: newID.text, event: .added))
                after.removeFirst()
            } else {
                let (left, right) = (before.removeFirst(), after.removeFirst())
                guard left != right else { continue }
                changes.append(
                    Change(
                        kind: kind, id: id(first).text,
                        event: .changed(fields(left, right))))
            }
        }
    }

    private static func fields<Value: FieldText>(_ old: Value, _ new: Value) -> [FieldChange] {
        zip(old.fieldTexts, new.fieldTexts).compactMap { old, new in
            old.text == new.text
                ? nil : FieldChange(field: old.name, old: old.text, new: new.text)
        }
    }
}
