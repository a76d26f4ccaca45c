// SPDX-License-Identifier: Apache-2.0
import Octets
import RTP
import Testing

@Suite struct RTCPDescriptionsTests {
    static let goodbyeWithReason = octets("82cb0004 00000001 00000002 05 73746f702e 0000")

    @Test func `the canonical name is found for its source`() {
        let bytes = octets(
            "82ca0006 00000001 0703616263 000000 00000002 0104 63616d32 0000")
        guard
            case .sourceDescription(let description) =
                RTCPCompoundTests.walk(bytes).packets.first
        else {
            Issue.record("no description")
            return
        }
        #expect(description.sources == 2)
        #expect(description.canonicalName(of: 1, in: bytes.span) == nil)
        let name = description.canonicalName(of: 2, in: bytes.span)
        #expect(name.map { Array(bytes[$0]) } == Array("cam2".utf8))
        #expect(description.canonicalName(in: bytes.span) == name)
        var types: [UInt8] = []
        description.forEachItem(in: bytes.span) { types.append($0.type) }
        #expect(types == [7, 1])
    }

    @Test func `a text past the end drops the description`() {
        let bytes = octets("81ca0003 ca1ccd8a 01ff 63616d31 0000")
        let (packets, compound) = RTCPCompoundTests.walk(bytes)
        #expect(packets.isEmpty)
        #expect(
            compound.firstFault
                == ParseFault(
                    .truncated, .rtcp, "description text", offset: 10, needed: 255, had: 6))
    }

    @Test func `a description without final zero is read`() {
        let bytes = octets("81ca0003 ca1ccd8a 0106 63616d313233")
        #expect(RTCPCompoundTests.walk(bytes).compound.faults == 0)
    }

    @Test func `a goodbye names its sources and its reason`() {
        let bytes = Self.goodbyeWithReason
        guard case .goodbye(let goodbye) = RTCPCompoundTests.walk(bytes).packets.first else {
            Issue.record("no goodbye")
            return
        }
        #expect(goodbye.sources == 2)
        #expect(goodbye.ssrc(at: 1, in: bytes.span) == 2)
        #expect(goodbye.reason.map { Array(bytes[$0]) } == Array("stop.".utf8))
    }

    @Test func `application packets and feedback are recognised`() {
        let bytes = octets(
            "85cc0003 00000009 74657374 01020304 84ce0002 00000001 00000002"
                + "81cd0003 00000001 00000002 00050000")
        let packets = RTCPCompoundTests.walk(bytes).packets
        #expect(packets.count == 3)
        if case .application(let packet) = packets[0] {
            #expect(packet.subtype == 5)
            #expect(packet.name == 0x7465_7374)
            #expect(packet.content == 12..<16)
        }
        if case .payloadFeedback(let packet) = packets[1] {
            #expect(packet.kind == .fullIntraRequest)
        }
        if case .transportFeedback(let packet) = packets[2] {
            #expect(packet.kind == .negativeAcknowledgement)
            #expect(packet.mediaSSRC == 2)
        }
    }
}
