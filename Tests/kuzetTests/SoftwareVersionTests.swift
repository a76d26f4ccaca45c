// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Testing

@testable import kuzet

@Suite struct SoftwareVersionTests {
    @Test func `the version is printed as name and number, and nothing has failed`() {
        do {
            _ = try Kuzet.parseAsRoot(["--version"])
            Issue.record("nothing printed")
        } catch {
            #expect(Kuzet.fullMessage(for: error) == "kuzet " + SoftwareVersion.number)
            #expect(Kuzet.exitCode(for: error) == .success)
        }
    }

    @Test func `the number has three parts`() {
        let parts = SoftwareVersion.number.split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 3)
        #expect(parts.allSatisfy { UInt($0) != nil })
    }
}
