// SPDX-License-Identifier: Apache-2.0
import Foundation
import Simulation
import Testing

/// Runs what the fuzzers found through the bodies again, so that no test run is without it.
@Suite struct FuzzCorpusTests {
    static let corpora = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz/corpus")

    /// Inputs of a corpus, by the order of names.
    static func inputs(of name: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: corpora.appending(path: name), includingPropertiesForKeys: nil
        ).sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzBodies.all.map(\.name))
    func `every input of the corpus keeps the promises`(_ name: String) throws {
        let body = try #require(FuzzBodies.all.first { $0.name == name })
        let inputs = try Self.inputs(of: name)
        #expect(!inputs.isEmpty)
        for input in inputs {
            let octets = [UInt8](try Data(contentsOf: input))
            #expect(throws: Never.self, "\(input.lastPathComponent)") {
                try body.run(octets.span)
            }
        }
    }

    @Test(arguments: FuzzBodies.all.map(\.name))
    func `an input of nothing keeps the promises`(_ name: String) throws {
        let body = try #require(FuzzBodies.all.first { $0.name == name })
        let nothing: [UInt8] = []
        #expect(throws: Never.self) { try body.run(nothing.span) }
    }
}
