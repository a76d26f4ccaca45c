// SPDX-License-Identifier: Apache-2.0

/// One way to prove who one is: a challenge of `WWW-Authenticate`, or the proof of
/// `Authorization` (RFC 7235 section 4, RFC 7616 section 3).
public struct AuthenticationHeader: Hashable, Sendable {
    /// The most challenges, and parameters of one, that are read.
    ///
    /// Chosen: cameras send two challenges of up to six parameters.
    public static let limit = 16

    /// The scheme in lower case: `digest`, `basic`.
    public let scheme: String
    /// The parameters with names in lower case; of a name that stands twice, the first.
    public let parameters: [String: String]

    /// Makes a header's value.
    public init(scheme: String, parameters: [String: String]) {
        self.scheme = scheme.lowercased()
        self.parameters = parameters
    }

    /// The parameter called `name`.
    public subscript(name: String) -> String? { parameters[name] }

    /// Reads the challenges of all `WWW-Authenticate` headers, or of one proof.
    ///
    /// A header may hold several challenges with commas between, as commas stand between the
    /// parameters of one: a word that no `=` follows begins the next.
    public static func all(parsing values: [String]) -> [AuthenticationHeader] {
        var headers: [AuthenticationHeader] = []
        for value in values {
            var scanner = FieldScanner(value)
            var scheme = ""
            var parameters: [String: String] = [:]
            func close() {
                guard !scheme.isEmpty, headers.count < limit else { return }
                headers.append(AuthenticationHeader(scheme: scheme, parameters: parameters))
            }
            while !scanner.isAtEnd {
                _ = scanner.skip(ASCII.comma)
                let name = scanner.word(until: ASCII.equals, ASCII.comma)
                guard !name.isEmpty else {
                    guard !scanner.isAtEnd else { break }
                    scanner.position += 1
                    continue
                }
                // `Digest realm`: the scheme and its first parameter.
                let words = name.split(separator: " ", maxSplits: 1)
                if words.count == 2 {
                    close()
                    (scheme, parameters) = (String(words[0]), [:])
                } else if scanner.next != ASCII.equals {
                    close()
                    (scheme, parameters) = (name, [:])
                    continue
                }
                guard scanner.skip(ASCII.equals) else { continue }
                let text = scanner.word(until: ASCII.comma)
                let key = FieldScanner.trimmed(String(words.last ?? "")).lowercased()
                if parameters.count < limit, parameters[key] == nil { parameters[key] = text }
            }
            close()
        }
        return headers
    }
}

extension AuthenticationHeader: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The scheme and the realm; nothing that proves anything.
    public var description: String { scheme + (self["realm"].map { " realm=\"\($0)\"" } ?? "") }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows only `description`, so that a dump holds no proof.
    public var customMirror: Mirror { Mirror(self, children: ["header": description]) }
}
