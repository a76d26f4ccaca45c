// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry
import Testing

@testable import Settings

@Suite struct SecretTests {
    static let place = SourcePlace(file: "f")

    @Test func `a secret shows itself nowhere`() throws {
        let secret = Secret(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(!text.contains("hunter2") && !text.contains("104"))
        }
        #expect(secret.withOctets { String(decoding: $0, as: UTF8.self) } == "hunter2")
    }

    @Test(arguments: [0o600, 0o400])
    func `a file that its owner alone can read is read without its line's end`(mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("s", Array("hunter2\r\n".utf8), mode: mode)
        let secret = try SecretReference.file(path).read(place: Self.place, field: "p")
        #expect(secret.withOctets { $0 } == Array("hunter2".utf8))
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o700, 0o610])
    func `any right of others refuses it`(mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("s", Array("hunter2".utf8), mode: mode)
        let problem = #expect(throws: RegistryProblem.self) {
            try SecretReference.file(path).read(place: Self.place, field: "p")
        }
        #expect(problem?.code == .insecureSecret)
        #expect(problem?.what.hasSuffix("mode 0" + String(mode, radix: 8)) == true)
        #expect(problem?.expected == "0600 or systemd credential")
    }

    @Test func `an empty, missing or unset secret is refused`() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("s", Array("\n".utf8), mode: 0o600)
        let references: [SecretReference] = [
            .file(empty), .file(folder.path("none")), .environment("KUZET_TEST_NOT_SET"),
            .credential("x"),
        ]
        for reference in references {
            let problem = #expect(throws: RegistryProblem.self) {
                try reference.read(place: Self.place, field: "p")
            }
            #expect(problem?.code == .insecureSecret)
        }
    }
}
