// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Registry

@Suite struct IdentifiersTests {
    @Test(arguments: ["a", "0", "almaty-0001", "-", String(repeating: "x", count: 64)])
    func `small letters, digits and hyphens are an id`(text: String) {
        #expect(CameraID(text)?.text == text)
        #expect(PartyID(text)?.description == text)
    }

    @Test(arguments: [
        "", "A", "a b", "a_b", "cam\u{430}", "a.b", "a/b", "\u{e9}", "e\u{301}",
        String(repeating: "x", count: 65),
    ])
    func `anything else is none`(text: String) {
        #expect(CameraID(text) == nil)
        #expect(SiteID(text) == nil)
        #expect(ChannelID(text) == nil)
        #expect(PartyID(text) == nil)
        #expect(AgreementID(text) == nil)
    }

    @Test func `ids are in the order of their letters`() throws {
        let ids = ["b", "a-1", "a", "a-10", "a-2"].compactMap { SiteID($0) }
        #expect(ids.sorted().map(\.text) == ["a", "a-1", "a-10", "a-2", "b"])
    }
}
