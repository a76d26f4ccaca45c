// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct NearestWordTests {
    @Test(arguments: [
        ("intervall", "interval"), ("paht", "path"), ("PATH", "path"), ("retian", "retain"),
        ("intrvl", "interval"),
    ])
    func `a slip finds its word`(text: String, word: String) {
        #expect(
            NearestWord.nearest(to: text, in: ["path", "retain", "interval", "zone"]) == word)
    }

    @Test(arguments: ["x", "colour", "", String(repeating: "interval", count: 100)])
    func `what is like nothing finds nothing`(text: String) {
        #expect(NearestWord.nearest(to: text, in: ["path", "retain", "interval"]) == nil)
    }

    @Test func `of equally near words the first in order is given`() {
        #expect(NearestWord.nearest(to: "sitex", in: ["sites", "sited", "sitel"]) == "sited")
    }

    @Test func `a swap of neighbours is one edit`() {
        #expect(NearestWord.edits(Array("ab".unicodeScalars), Array("ba".unicodeScalars)) == 1)
        #expect(NearestWord.edits(Array("abc".unicodeScalars), Array("".unicodeScalars)) == 3)
        #expect(NearestWord.edits([], []) == 0)
    }
}
