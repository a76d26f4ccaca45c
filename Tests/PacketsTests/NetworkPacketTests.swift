// SPDX-License-Identifier: Apache-2.0

import Octets
import Packets
import Testing

@Suite struct NetworkPacketTests {
    private let datagram = FrameBytes.udp([1, 2, 3, 4])

    @Test func `an IPv4 header tells everything that a measurement needs`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram, tos: 0x8a))
        let packet = try #require(try read(frame).packet)
        #expect(packet.source == IPAddress(192, 0, 2, 1))
        #expect(packet.destination == IPAddress(192, 0, 2, 2))
        #expect(packet.dscp == 34 && packet.ecn == 2 && packet.hopLimit == 64)
        #expect(packet.identification == 0x1234)
        #expect(packet.ipLength == 32 && packet.payloadLength == 12)
        #expect(packet.payload == 34..<46)
        #expect(packet.ipProtocol == .udp && packet.vlans.isEmpty)
        #expect(packet.fragment == nil && !packet.isCut && !packet.exceedsFrame)
    }

    @Test func `an IPv6 header tells everything that a measurement needs`() throws {
        let ip = FrameBytes.ipv6(datagram, trafficClass: 0xb9)
        let packet = try #require(try read(FrameBytes.ethernet(ip, type: 0x86dd)).packet)
        #expect(packet.source.description == "2001:db8::1")
        #expect(packet.destination.description == "2001:db8::2")
        #expect(packet.dscp == 46 && packet.ecn == 1 && packet.hopLimit == 60)
        #expect(packet.ipLength == 52 && packet.payload == 54..<66)
    }

    @Test func `padding of short Ethernet frames is not payload`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram)) + [0, 0, 0, 0, 0, 0]
        #expect(try read(frame).packet?.payload == 34..<46)
    }

    // MARK: - Cut short

    @Test func `with a snap length of 64 the length is that of the IP header`() throws {
        let whole = FrameBytes.ethernet(
            FrameBytes.ipv4(FrameBytes.udp([UInt8](repeating: 7, count: 1_400))))
        let packet = try #require(try read([UInt8](whole[..<64]), original: whole.count).packet)
        #expect(packet.ipLength == 1_428 && packet.payloadLength == 1_408)
        #expect(packet.payload == 34..<64)
        #expect(packet.isCut && !packet.exceedsFrame)
    }

    @Test func `a total length beyond the frame on the wire is used and marked`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram, total: 33))
        let packet = try #require(try read(frame).packet)
        #expect(packet.exceedsFrame && packet.isCut && packet.ipLength == 33)
    }

    @Test func `a total length of zero is that of the frame`() throws {
        let four = FrameBytes.ethernet(FrameBytes.ipv4(datagram, total: 0))
        #expect(try read(four).packet?.ipLength == 32)
        #expect(try read(four, original: 3_000).packet?.ipLength == 2_986)
        let six = FrameBytes.ethernet(FrameBytes.ipv6(datagram, length: 0), type: 0x86dd)
        #expect(try read(six).packet?.payloadLength == 12)
    }

    @Test func `an IPv6 packet with no next header is empty`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv6([], next: 59) + [0, 0], type: 0x86dd)
        #expect(try read(frame).packet?.ipLength == 40)
    }

    @Test func `a super-packet of segmentation offload keeps its length`() throws {
        let payload = [UInt8](repeating: 0, count: 60_000)
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(FrameBytes.udp(payload)))
        let packet = try #require(try read(frame).packet)
        #expect(packet.ipLength == 60_028 && packet.fragment == nil)
        #expect(packet.ipLength > NetworkPacket.longestOnWire)
    }

    // MARK: - Broken headers

    @Test func `an IPv4 header of three words is refused`() {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram, words: 3))
        #expect(
            fault(frame)
                == ParseFault(.invalid, .ipv4, "header length", offset: 14, needed: 20, had: 12))
    }

    @Test func `a total length below the header is refused`() {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram, total: 19))
        #expect(
            fault(frame)
                == ParseFault(.invalid, .ipv4, "total length", offset: 16, needed: 20, had: 19))
    }

    @Test func `the version must be that of the EtherType`() {
        #expect(fault(FrameBytes.ethernet(FrameBytes.ipv6(datagram)))?.field == "version")
        #expect(
            fault(
                FrameBytes.ethernet(
                    FrameBytes.ipv4(
                        FrameBytes.udp([UInt8](repeating: 0, count: 40))), type: 0x86dd))?.field
                == "version")
    }

    @Test func `a wrong checksum is no fault, for adapters fill it in later`() throws {
        var frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram))
        frame[24] = 0xde
        #expect(try read(frame).packet != nil)
    }

    @Test func `IPv4 options are passed over`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4(datagram, words: 15))
        #expect(try read(frame).packet?.payload == 74..<86)
        #expect(fault([UInt8](frame[..<70]), original: frame.count)?.field == "options")
    }

    // MARK: - Fragments and extension headers

    @Test func `an IPv4 fragment tells its place`() throws {
        let frame = FrameBytes.ethernet(FrameBytes.ipv4([1, 2, 3], place: 0x2001))
        let fragment = try #require(try read(frame).packet?.fragment)
        #expect(fragment.offset == 8 && fragment.more && fragment.identification == 0x1234)
        let whole = FrameBytes.ethernet(FrameBytes.ipv4([1, 2, 3], place: 0x4000))
        #expect(try read(whole).packet?.fragment == nil)
    }

    @Test func `extension headers are walked`() throws {
        let chain: [UInt8] =
            [43, 0, 0, 0, 0, 0, 0, 0] + [60, 1] + [UInt8](repeating: 0, count: 14)
            + [51, 0, 0, 0, 0, 0, 0, 0] + [17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let ip = FrameBytes.ipv6(chain + datagram, next: 0)
        let packet = try #require(try read(ip, .ipv6).packet)
        #expect(packet.ipProtocol == .udp && packet.payload == 84..<96)
        #expect(packet.payloadLength == 12 && packet.ipLength == 96)
    }

    @Test func `an IPv6 fragment ends the chain`() throws {
        let ip = FrameBytes.ipv6([17, 0, 0, 9, 0, 0, 0, 5] + [1, 2, 3, 4], next: 44)
        let packet = try #require(try read(ip, .rawIP).packet)
        #expect(packet.fragment?.offset == 8 && packet.fragment?.more == true)
        #expect(packet.fragment?.identification == 5 && packet.payload == 48..<52)
    }

    @Test func `a fragment that is a whole is none`() throws {
        let ip = FrameBytes.ipv6([17, 0, 0, 0, 0, 0, 0, 5] + datagram, next: 44)
        let packet = try #require(try read(ip, .ipv6).packet)
        #expect(packet.fragment == nil && packet.ipProtocol == .udp)
    }

    @Test func `nine extension headers are over the limit`() {
        let chain = [[UInt8]](repeating: [60, 0, 0, 0, 0, 0, 0, 0], count: 9).flatMap { $0 }
        let found = fault(FrameBytes.ipv6(chain, next: 60), .ipv6)
        #expect(found?.kind == .overLimit && found?.needed == 8)
    }

    @Test func `an extension header beyond the packet is refused`() {
        let ip = FrameBytes.ipv6([17, 9, 0, 0, 0, 0, 0, 0] + datagram, next: 60)
        #expect(fault(ip, .ipv6)?.field == "extension header length")
    }

    // MARK: - Hostile bytes

    @Test func `every truncation either is refused or states the true length`() throws {
        let chain: [UInt8] = [17, 0, 0, 0, 0, 0, 0, 0]
        let frames = [
            FrameBytes.ethernet(
                FrameBytes.ipv4(datagram, words: 7), tags: [(0x88a8, 5), (0x8100, 6)]),
            FrameBytes.ethernet(FrameBytes.ipv6(chain + datagram, next: 0), type: 0x86dd),
        ]
        for frame in frames {
            let whole = try #require(try read(frame).packet)
            for length in 0..<frame.count {
                let part = [UInt8](frame[..<length])
                guard let packet = try? read(part, original: frame.count).packet else {
                    #expect(length < whole.payload.lowerBound)
                    continue
                }
                #expect(packet.ipLength == whole.ipLength && packet.isCut)
                #expect(packet.payload.upperBound == length)
            }
        }
    }

    @Test func `no mutation traps or points outside the frame`() {
        var random = SeededGenerator(state: 7)
        let chain: [UInt8] = [44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 9, 0, 0, 0, 5]
        let seeds: [([UInt8], LinkType)] = [
            (FrameBytes.ethernet(FrameBytes.ipv4(datagram), tags: [(0x8100, 5)]), .ethernet),
            (FrameBytes.ipv6(chain + datagram, next: 0), .rawIP),
            (FrameBytes.ipv4(FrameBytes.tcp([1, 2, 3]), ipProtocol: 6), .ipv4),
            ([0, 0, 0, 2] + FrameBytes.ipv4(datagram), .loop),
            ([UInt8](repeating: 0, count: 14) + [8, 0] + FrameBytes.ipv4(datagram), .linuxCooked),
        ]
        for round in 0..<20_000 {
            var (frame, linkType) = seeds[round % seeds.count]
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                frame[Int.random(in: 0..<frame.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            frame.removeLast(Int.random(in: 0..<4, using: &random))
            let original = Int.random(in: 0...70_000, using: &random)
            guard let packet = try? read(frame, linkType, original: original).packet else {
                continue
            }
            #expect(packet.payload.upperBound <= frame.count)
            #expect(packet.payload.count <= packet.payloadLength)
            _ = try? UDPDatagram(packet, in: frame.span)
            _ = try? TCPSegment(packet, in: frame.span)
        }
    }
}
