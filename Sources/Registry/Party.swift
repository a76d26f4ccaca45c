// SPDX-License-Identifier: Apache-2.0

/// The languages that a party can be written to in.
public enum Language: String, CaseIterable, Hashable, Sendable {
    /// Kazakh.
    case kazakh = "kk"
    /// Russian.
    case russian = "ru"
    /// English.
    case english = "en"
}

/// Somebody who takes part in the system (¶14).
public struct Party: Hashable, Sendable {
    /// What a party does, in the order's words (¶2, ¶15 to ¶19).
    public enum Role: String, CaseIterable, Hashable, Sendable {
        /// The state body that governs the whole system (¶15).
        case coordinator
        /// Runs the data centres and platforms (¶16).
        case technicalOperator = "technical-operator"
        /// Runs the channels (¶17).
        case networkOperator = "network-operator"
        /// Owns a video surveillance system that is connected (¶18).
        case subscriber
        /// A state body that watches (¶19).
        case user
    }

    /// Ways to reach a party; each may be empty.
    public struct Contacts: Hashable, Sendable {
        /// E-mail addresses.
        public var emails: [String]
        /// Telephone numbers as they are dialled, such as `+7 727 000 00 00`.
        public var phones: [String]
        /// Names of webhooks; their URLs, which are secrets, are in the settings.
        public var webhooks: [String]

        /// Makes a list of contacts.
        public init(emails: [String] = [], phones: [String] = [], webhooks: [String] = []) {
            self.emails = emails
            self.phones = phones
            self.webhooks = webhooks
        }
    }

    /// The party's name for good.
    public let id: PartyID
    /// What people call it.
    public let name: String
    /// What it does.
    public let role: Role
    /// The language it is written to in.
    public let language: Language
    /// Ways to reach it.
    public let contacts: Contacts

    /// Makes a party.
    public init(
        id: PartyID, name: String, role: Role, language: Language = .kazakh,
        contacts: Contacts = Contacts()
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.language = language
        self.contacts = contacts
    }
}
