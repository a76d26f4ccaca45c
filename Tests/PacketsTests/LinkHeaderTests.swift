// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing

@Suite struct LinkHeaderTests {
    private let four = FrameBytes.ipv4(FrameBytes.udp([1, 2, 3, 4]))
    private let six = FrameBytes.ipv6(FrameBytes.udp([1, 2, 3, 4]))

    @Test(arguments: [0x8100, 0x88a8, 0x9100])
    func `tags of every kind are kept`(type: Int) throws {
        let frame = FrameBytes.ethernet(four, tags: [(type, 0xa064), (0x8100, 7)])
        let packet = try #require(try read(frame).packet)
        #expect(packet.vlans == VLANTags([0xa064, 7]))
        #expect(packet.payload == 42..<54)
    }

    @Test func `four tags are read and five are over the limit`() throws {
        let tags = [(0x88a8, 1), (0x8100, 2), (0x8100, 3), (0x8100, 4)]
        let frame = FrameBytes.ethernet(four, tags: tags)
        #expect(try read(frame).packet?.vlans.description == "1.2.3.4")
        for extra in 1...4 {
            let more = tags + Array(repeating: (0x8100, 5), count: extra)
            #expect(
                fault(FrameBytes.ethernet(four, tags: more))
                    == ParseFault(
                        .overLimit, .vlan, "number of tags", offset: 30, needed: 4, had: 5))
        }
    }

    @Test func `a tag without anything behind it is cut short`() {
        let frame = FrameBytes.ethernet([], tags: [(0x8100, 1)])
        #expect(fault([UInt8](frame[..<16]))?.kind == .truncated)
    }

    @Test func `Linux cooked frames tell their direction`() throws {
        for (type, direction) in [(0, .incoming), (4, .outgoing)]
            as [(UInt8, NetworkPacket.Direction)]
        {
            let start = [0, type, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0]
            let first = try #require(try read(start + [8, 0] + four, .linuxCooked).packet)
            #expect(first.direction == direction && first.payload == 36..<48)
            let cooked2: [UInt8] = [0x86, 0xdd, 0, 0, 0, 0, 0, 3, 0, 1, type, 6]
            let address = [UInt8](repeating: 0, count: 8)
            let second = try #require(try read(cooked2 + address + six, .linuxCooked2).packet)
            #expect(second.direction == direction && second.payload == 60..<72)
        }
    }

    @Test func `a VLAN tag behind a Linux cooked header is read`() throws {
        let start = [UInt8](repeating: 0, count: 14) + [0x81, 0, 0, 9, 8, 0]
        #expect(try read(start + four, .linuxCooked).packet?.vlans == VLANTags([9]))
    }

    @Test(arguments: [10, 24, 28, 30] as [UInt8])
    func `loopback families of IPv6 are known in both byte orders`(family: UInt8) throws {
        #expect(try read([0, 0, 0, family] + six, .null).packet?.payload == 44..<56)
        #expect(try read([family, 0, 0, 0] + six, .null).packet != nil)
        #expect(try read([0, 0, 0, family] + six, .loop).packet != nil)
        #expect(fault([family, 0, 0, 0] + six, .loop)?.kind == .unsupported)
    }

    @Test func `loopback of IPv4 is known in both byte orders`() throws {
        #expect(try read([2, 0, 0, 0] + four, .null).packet?.payload == 24..<36)
        #expect(try read([0, 0, 0, 2] + four, .null).packet != nil)
        #expect(fault([9, 0, 0, 0] + four, .null)?.had == 9)
    }

    @Test func `raw IP is told by its version`() throws {
        #expect(try read(four, .rawIP).packet?.source.isV4 == true)
        #expect(try read(six, .rawIP).packet?.source.isV4 == false)
        #expect(try read(four, .ipv4).packet != nil)
        #expect(try read(six, .ipv6).packet != nil)
        #expect(fault(six, .ipv4)?.field == "version")
        #expect(fault([0x50], .rawIP)?.kind == .unsupported)
        #expect(fault([], .rawIP)?.kind == .truncated)
    }

    @Test func `MPLS is followed to the bottom of its stack`() throws {
        let labels: [UInt8] = [0, 1, 0, 64, 0, 2, 1, 64]
        #expect(
            try read(FrameBytes.ethernet(labels + four, type: 0x8847)).packet?.payload == 42..<54)
        let endless = [UInt8](repeating: 0, count: 80)
        #expect(fault(FrameBytes.ethernet(endless, type: 0x8847))?.kind == .overLimit)
        let pseudowire: [UInt8] = [0, 1, 1, 64, 0, 0, 0, 0]
        #expect(fault(FrameBytes.ethernet(pseudowire, type: 0x8847))?.kind == .unsupported)
    }

    @Test func `PPPoE sessions are followed`() throws {
        let start: [UInt8] = [0x11, 0, 0, 1, 0, 34]
        let frame = FrameBytes.ethernet(start + [0, 0x21] + four, type: 0x8864)
        #expect(try read(frame).packet?.payload == 42..<54)
        let control = FrameBytes.ethernet(start + [0xc0, 0x21] + four, type: 0x8864)
        #expect(try read(control) == .otherEtherType(0x8864))
    }

    @Test func `what is not IP is no fault`() throws {
        let padding = [UInt8](repeating: 0, count: 46)
        #expect(try read(FrameBytes.ethernet(padding, type: 0x0806)) == .otherEtherType(0x0806))
        #expect(try read(FrameBytes.ethernet(padding, type: 38)) == .logicalLinkControl)
    }

    @Test func `a link that is not read is named by its number`() {
        #expect(
            fault(four, LinkType(number: 147))
                == ParseFault(.unsupported, .link, "link type", offset: 0, needed: 0, had: 147))
    }
}
