// SPDX-License-Identifier: Apache-2.0

/// A language that reports are written in.
public enum Language: String, CaseIterable, Hashable, Sendable {
    /// Kazakh in Cyrillic letters, as the order is written.
    case kk
    /// Russian.
    case ru
    /// English.
    case en
}

extension Language {
    /// The one of three that is in this language.
    func choose<Value>(kk: Value, ru: Value, en: Value) -> Value {
        switch self {
        case .kk: kk
        case .ru: ru
        case .en: en
        }
    }
}
