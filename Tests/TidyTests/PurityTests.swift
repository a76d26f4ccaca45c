// SPDX-License-Identifier: Apache-2.0
import Testing

@Suite struct PurityTests {
    /// A word that pure rooms do without, why, and what to do instead.
    struct Banned: Sendable {
        let word: String
        let remedy: String
    }

    static let banned: [Banned] = [
        .init(word: "Foundation", remedy: "a pure room needs no more than the standard library"),
        .init(word: "Glibc", remedy: "a pure room needs no more than the standard library"),
        .init(word: "Dispatch", remedy: "a pure room runs where it is called"),
        .init(word: "Date()", remedy: "take an Instant as an argument"),
        .init(word: "ContinuousClock", remedy: "take an Instant as an argument"),
        .init(word: "SuspendingClock", remedy: "take an Instant as an argument"),
        .init(word: ".now", remedy: "take an Instant as an argument"),
        .init(word: "SystemRandomNumberGenerator", remedy: "take a generator as an argument"),
        .init(word: ".random(in:", remedy: "pass the generator: .random(in:using:)"),
        .init(word: "print(", remedy: "return a value; the roof prints"),
        .init(word: "Task {", remedy: "a pure room starts nothing; return what is to be done"),
        .init(word: "@unchecked", remedy: "make the type Sendable for the compiler to see"),
        .init(word: "try!", remedy: "throw a ParseFault, or return an optional"),
        .init(word: "fatalError(", remedy: "no input may stop the program"),
        .init(
            word: "unsafe",
            remedy: "read through Span in Octets, or have a benchmark and use Streams/Hot"),
        .init(word: "withUnsafe", remedy: "read through Span in Octets"),
        .init(word: "Unsafe", remedy: "read through Span in Octets"),
    ]

    /// Where unsafe code may stand: each place is small, has tests of its own, and is fuzzed.
    static let unsafeAllowed = ["Sources/Octets/", "Sources/Streams/Hot"]

    static func isBanned(_ banned: Banned, in code: String, path: String) -> Bool {
        guard code.containsWord(banned.word) else { return false }
        if banned.word == ".random(in:" { return !code.contains("using:") }
        if banned.word.lowercased().contains("unsafe") {
            return !unsafeAllowed.contains { path.hasPrefix($0) }
        }
        return true
    }

    @Test func `pure rooms know no clock, socket, file, thread or unsafe code`() {
        for source in Repository.swiftSources where !source.isTest {
            guard ImportTable.room(source.target)?.isPure == true else { continue }
            for (index, code) in source.code.enumerated() {
                for banned in Self.banned
                where Self.isBanned(banned, in: code, path: source.path) {
                    let finding = Finding(
                        path: source.path, line: index + 1,
                        what: "`\(banned.word)` in a pure room", remedy: banned.remedy)
                    Issue.record("\(finding)")
                }
            }
        }
    }

    @Test func `the guard sees code and neither comments nor literals`() {
        let print = Banned(word: "print(", remedy: "")
        #expect(Self.isBanned(print, in: "print(1)".code, path: "Sources/RTP/A.swift"))
        #expect(!Self.isBanned(print, in: "// print(1)".code, path: "Sources/RTP/A.swift"))
        #expect(!Self.isBanned(print, in: "x = \"print(1)\"".code, path: "Sources/RTP/A.swift"))
        let unsafe = Banned(word: "unsafe", remedy: "")
        #expect(Self.isBanned(unsafe, in: "unsafe f()", path: "Sources/Streams/Flow.swift"))
        #expect(!Self.isBanned(unsafe, in: "unsafe f()", path: "Sources/Streams/HotTable/A.swift"))
        #expect(!Self.isBanned(print, in: "fingerprint(1)", path: "Sources/RTP/A.swift"))
    }
}
