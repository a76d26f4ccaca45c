// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct RegistryProblemTests {
    static let place = SourcePlace(file: "cameras.csv", line: 212, column: 9)

    @Test func `a problem is one line of one form`() {
        let problem = RegistryProblem(
            .error, .unknownField, at: Self.place, field: "retain.intervall", what: "unknown key",
            got: "10s", expected: "one of interval", suggestion: "interval")
        #expect(
            problem.description
                == "cameras.csv:212:9: retain.intervall: unknown key (got \"10s\"; expected one of "
                + "interval); did you mean `interval`?")
    }

    @Test func `a warning says so and what is not known is left out`() {
        let problem = RegistryProblem(
            .warning, .wirelessMain, at: SourcePlace(file: "c", line: 0, column: -4), what: "w")
        #expect(problem.description == "c:1:1: warning: w")
    }

    @Test(arguments: [
        ("a\"b\\c", #""a\"b\\c""#), ("a\u{202e}b", #""a\u{202e}b""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{1b}[31m", #""\u{1b}[31m""#), ("=HYPERLINK(1)", "\"=HYPERLINK(1)\""),
        ("мектеп", "\"мектеп\""), ("\u{feff}", #""\u{feff}""#),
    ])
    func `what was got cannot act on a terminal`(text: String, shown: String) {
        #expect(RegistryProblem.quoted(text) == shown)
    }

    @Test func `what was got is cut after 64 letters`() {
        let shown = RegistryProblem.quoted(String(repeating: "ж", count: 65))
        #expect(shown == "\"" + String(repeating: "ж", count: 64) + "…\"")
        #expect(!RegistryProblem.quoted(String(repeating: "ж", count: 64)).contains("…"))
    }

    @Test func `a file's name cannot act on a terminal either`() {
        #expect(SourcePlace(file: "a\u{1b}b").description == "a\\u{1b}b:1:1")
    }
}
