// SPDX-License-Identifier: Apache-2.0
public import Registry

/// One fixed text in every language of a report.
///
/// All are given at once, so that the compiler refuses a missing one and a reader compares them
/// line by line.
///
/// ## How a renderer uses the language
///
/// - Fixed texts are cases of a `Phrase`: `Term.channel.text(language)`,
///   `SectionTitle.quality.heading(language)`, `StateName`, `FailureName`, `UnknownName`,
///   `CriterionName`, `ReportTitle`, `ChartTitle`; the registry's kinds, classes, roles and media
///   are phrases themselves. Terms begin small; `Formatting.capitalised` makes a heading of one.
/// - Sentences with figures are functions of `AccountSentences(language)`: figures go in as
///   numbers, so that each language has its own order, case and plural.
/// - Numbers, durations, dates and counted nouns come from `Formatting(language)`. It cuts off and
///   never rounds up; figures hold to their units by no-break spaces.
/// - Clauses are `Citation`s, read from the account's codes: `Citation(parsing: "A2.1.4")`.
/// - A text that a table or a chart needs and no list has becomes a case of a list here, with all
///   three languages, never a literal at its place of use.
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
