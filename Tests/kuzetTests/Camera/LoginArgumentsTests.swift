// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import RTSP
import Testing

@testable import kuzet

@Suite struct LoginArgumentsTests {
    @Test func `nobody is asked for where nobody is named`() throws {
        #expect(try LoginArguments.parse([]).credentials() == nil)
    }

    @Test(arguments: [
        ["--user", "u"], ["--password-file", "f"], ["--password-env", "E"],
        ["--user", "u", "--password-file", "f", "--password-env", "E"],
    ])
    func `a name and one place of a password belong together`(words: [String]) {
        #expect(throws: (any Error).self) { try LoginArguments.parse(words) }
    }

    @Test func `a password is read from a file that its owner alone may read`() throws {
        try withNewFolder { folder in
            let path = folder + "/password"
            try "canary\n".write(toFile: path, atomically: true, encoding: .utf8)
            let login = try LoginArguments.parse(["--user", "u", "--password-file", path])
            let manager = FileManager.default
            try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let refusal = #expect(throws: Refusal.self) { try login.credentials() }
            #expect(refusal?.description.contains(path) == true)
            #expect(refusal?.description.contains("canary") == false)
            try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let credentials = try #require(try login.credentials())
            #expect(credentials.lend { user, password in user + "/" + password } == "u/canary")
        }
    }

    @Test func `a variable that is not set is told by its name`() throws {
        let login = try LoginArguments.parse([
            "--user", "u", "--password-env", "KUZET_TEST_NO_SUCH_VARIABLE",
        ])
        let refusal = #expect(throws: Refusal.self) { try login.credentials() }
        #expect(refusal?.description.contains("KUZET_TEST_NO_SUCH_VARIABLE") == true)
    }
}
