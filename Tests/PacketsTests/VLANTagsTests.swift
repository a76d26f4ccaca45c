// SPDX-License-Identifier: Apache-2.0

import Packets
import Testing

@Suite struct VLANTagsTests {
    @Test func `tags keep their order, outermost first`() throws {
        let tags = try #require(VLANTags([0xa064, 7, 0xffff, 0]))
        #expect(tags.count == 4)
        #expect(tags.description == "100.7.4095.0")
        #expect(tags.identifier(at: 0) == 100)
        #expect(tags.priority(at: 0) == 5)
        #expect(tags[2] == 0xffff)
    }

    @Test func `an untagged frame is not one with tag 0`() {
        #expect(VLANTags([]) == VLANTags())
        #expect(VLANTags([0]) != VLANTags())
        #expect(VLANTags().isEmpty && VLANTags().description.isEmpty)
    }

    @Test func `priority does not make another network`() {
        #expect(VLANTags([0xe064])?.identifiersOnly == VLANTags([100]))
        #expect(VLANTags([1, 2, 3, 4, 5]) == nil)
    }
}
