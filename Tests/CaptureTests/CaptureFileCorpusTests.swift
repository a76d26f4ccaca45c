// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Runs what the fuzzers found through their bodies again; see `FuzzBodies`.
@Suite struct CaptureFileCorpusTests {
    private static let corpora = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/corpus")

    private static func check(
        _ name: String, _ body: (Span<UInt8>) throws -> Void
    ) throws {
        let inputs = try FileManager.default.contentsOfDirectory(
            at: corpora.appending(path: name), includingPropertiesForKeys: nil)
        #expect(!inputs.isEmpty)
        for input in inputs.sorted(by: { $0.path < $1.path }) {
            let octets = [UInt8](try Data(contentsOf: input))
            #expect(throws: Never.self, "\(input.lastPathComponent)") { try body(octets.span) }
        }
    }

    @Test func `a damaged file is read to its end or to its fault`() throws {
        try Self.check("file", FileBody.file)
    }
}
