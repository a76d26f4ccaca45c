// SPDX-License-Identifier: Apache-2.0
public import Registry

/// One fixed text in every language of a report.
///
/// All are given at once, so that the compiler refuses a missing one and a reader compares them
/// line by line.
public struct Wording: Hashable, Sendable {
    /// In Kazakh.
    public let kk: String
    /// In Russian.
    public let ru: String
    /// In English.
    public let en: String

    /// Makes a wording.
    public init(kk: String, ru: String, en: String) {
        self.kk = kk
        self.ru = ru
        self.en = en
    }

    /// The text in `language`.
    public subscript(language: Language) -> String {
        switch language {
        case .kazakh: kk
        case .russian: ru
        case .english: en
        }
    }
}

/// A closed list of fixed texts.
///
/// Each list is an enum whose switch is exhaustive: a case without its wording does not compile.
public protocol Phrase: CaseIterable, Hashable, Sendable {
    /// The text in every language.
    var wording: Wording { get }
}

extension Phrase {
    /// The text in `language`.
    public func text(_ language: Language) -> String { wording[language] }
}
