// SPDX-License-Identifier: Apache-2.0

/// Something wrong in a file that people write: the registry's files and the settings.
///
/// It prints as one line: `FILE:LINE:COLUMN: FIELD: WHAT (got SHOWN; expected RULE)`.
public struct RegistryProblem: Error, Hashable, Sendable {
    /// Whether the file can be used nevertheless.
    public enum Severity: String, Sendable {
        /// The file is refused.
        case error
        /// The file is accepted; a person should look.
        case warning
    }

    /// The kinds of problem.
    public enum Code: String, CaseIterable, Sendable {
        /// The file's grammar is broken.
        case syntax
        /// The text is not UTF-8.
        case encoding
        /// The file cannot be opened or read, or is no regular file in its folder.
        case unreadable
        /// A limit of size, depth or number is passed.
        case tooLarge
        /// A key or column that nobody knows.
        case unknownField
        /// A key, column or id that is there twice.
        case duplicate
        /// A key, column or value that is not there.
        case missing
        /// A list where a text should be, or the like.
        case wrongType
        /// A text that breaks its rule.
        case invalidValue
        /// A number outside its range.
        case outOfRange
        /// A quantity without its unit.
        case missingUnit
        /// An id that nothing has.
        case danglingReference
        /// An id that names a thing of another kind than is needed.
        case wrongReference
        /// Two cameras that claim the same stream.
        case ambiguousStream
        /// Two agreements of equal rank that say different things of one camera.
        case ambiguousAgreement
        /// Letters that look like others.
        case lookAlike
        /// A password where its name should be.
        case secretInClear
        /// A secret that others can read, or that is not there.
        case insecureSecret
        /// A wireless main line (A2.7.7).
        case wirelessMain
        /// A wireless line without encryption (A2.7.9).
        case wirelessUnencrypted
        /// Less autonomous power than A2.5.3 asks for.
        case autonomousPower
        /// A thing that lacks what it needs to be of use, such as a camera that no stream can match.
        case incomplete
    }

    /// Whether the file can be used nevertheless.
    public let severity: Severity
    /// Where.
    public let place: SourcePlace
    /// The path of the field, such as `cameras.almaty-0001.site`; empty if it is the whole file.
    public let field: String
    /// What is wrong, for a person.
    public let what: String
    /// What was there, raw; it is escaped and cut when shown.
    public let got: String?
    /// What would be right, for a person.
    public let expected: String?
    /// What was probably meant, raw.
    public let suggestion: String?
    /// The kind of problem.
    public let code: Code

    /// Makes a problem.
    public init(
        _ severity: Severity = .error, _ code: Code, at place: SourcePlace, field: String = "",
        what: String, got: String? = nil, expected: String? = nil, suggestion: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.place = place
        self.field = field
        self.what = what
        self.got = got
        self.expected = expected
        self.suggestion = suggestion
    }

    /// Makes an error of a value's fault.
    public init(_ fault: ValueFault, at place: SourcePlace, field: String, got: String?) {
        self.init(
            .error, fault.code, at: place, field: field, what: fault.what,
            // What may be a password is not shown.
            got: fault.code == .secretInClear ? nil : got, expected: fault.expected)
    }
}

extension RegistryProblem: CustomStringConvertible {
    /// Letters of a value that are shown, at most: enough to find it (chosen).
    public static let longestShown = 64

    /// One line for a person.
    public var description: String {
        var text = "\(place): "
        if severity == .warning { text += "warning: " }
        if !field.isEmpty { text += RegistryProblem.plain(field) + ": " }
        text += what
        var remarks: [String] = []
        if let got { remarks.append("got " + RegistryProblem.quoted(got)) }
        if let expected { remarks.append("expected " + expected) }
        if !remarks.isEmpty { text += " (" + remarks.joined(separator: "; ") + ")" }
        if let suggestion { text += "; did you mean `\(RegistryProblem.plain(suggestion))`?" }
        return text
    }

    /// `text` in quotes, with all that acts on a terminal or turns the direction of writing written
    /// as `\u{202e}`, and cut after 64 letters.
    public static func quoted(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(longestShown + 1)
        let isLong = cut.count > longestShown
        var shown = escaped(String.UnicodeScalarView(cut.prefix(longestShown)), quotes: true)
        if isLong { shown += "…" }
        return "\"" + shown + "\""
    }

    /// `text` without quotes, otherwise as `quoted`, and not cut.
    public static func plain(_ text: String) -> String {
        escaped(text.unicodeScalars, quotes: false)
    }

    private static func escaped(_ scalars: String.UnicodeScalarView, quotes: Bool) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar {
            case "\n": shown.append(contentsOf: "\\n".unicodeScalars)
            case "\r": shown.append(contentsOf: "\\r".unicodeScalars)
            case "\t": shown.append(contentsOf: "\\t".unicodeScalars)
            case "\"" where quotes, "\\" where quotes:
                shown.append("\\")
                shown.append(scalar)
            case _ where acts(scalar):
                shown.append(
                    contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// Whether a terminal acts upon the scalar instead of showing it: controls of both sets, line
    /// separators, invisible joiners, and the marks that turn the direction of writing.
    public static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f, 0xad: true
        case 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x2069, 0xfeff: true
        default: false
        }
    }
}
