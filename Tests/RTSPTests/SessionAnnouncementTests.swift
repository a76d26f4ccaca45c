// SPDX-License-Identifier: Apache-2.0

import Octets
import RTSP
import Testing

@Suite struct SessionAnnouncementTests {
    let text = "v=0\r\ns=a\r\n"

    @Test func `an announcement with a payload type is read`() throws {
        let octets: [UInt8] =
            [0x20, 1, 0x12, 0x34, 10, 0, 0, 1, 9, 9, 9, 9] + "application/sdp\0".octets
            + text.octets
        let read = try SessionAnnouncement(parsing: octets.span)
        #expect(read.isDescription)
        #expect(read.messageHash == 0x1234)
        #expect(read.origin == 4..<8)
        #expect(read.authentication == 8..<12)
        #expect(Array(octets[read.payload]) == text.octets)
    }

    @Test func `an announcement over IPv6 without payload type is read`() throws {
        let octets = [0x30, 0, 0, 1] + Array(repeating: UInt8(0xFD), count: 16) + text.octets
        let read = try SessionAnnouncement(parsing: octets.span)
        #expect(read.origin.count == 16)
        #expect(Array(octets[read.payload]) == text.octets)
    }

    @Test func `deletions and hidden payloads are told`() throws {
        let deletion = try SessionAnnouncement(
            parsing: ([0x24, 0, 0, 1, 10, 0, 0, 1] + "o=- 1 1 IN IP4 a".octets).span)
        #expect(deletion.isDeletion && !deletion.isDescription)
        let hidden = try SessionAnnouncement(parsing: [0x23, 0, 0, 1, 10, 0, 0, 1, 7, 7].span)
        #expect(hidden.isEncrypted && hidden.isCompressed && !hidden.isDescription)
    }

    @Test func `every truncation is refused and no mutation traps`() {
        let octets: [UInt8] =
            [0x30, 2, 0, 1] + Array(repeating: 1, count: 24) + "application/sdp\0v=0".octets
        for count in 0..<octets.count - 3 {
            #expect(throws: ParseFault.self) {
                try SessionAnnouncement(parsing: octets.span.extracting(0..<count))
            }
        }
        #expect(throws: ParseFault.self) {
            try SessionAnnouncement(parsing: [0x40, 0, 0, 0, 0, 0, 0, 0].span)
        }
        var random = Seeded(state: 2)
        for _ in 0..<3000 { _ = try? SessionAnnouncement(parsing: mutated(octets, &random).span) }
    }
}
