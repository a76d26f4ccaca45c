// SPDX-License-Identifier: Apache-2.0
import Octets
import Packets
import Timekeeping

extension FuzzBodies {
    /// Frames of any link down to their transport, with fragments put together.
    ///
    /// The input is a row of frames: link type, length beyond the captured, time, octets.
    public static func frames(_ input: Span<UInt8>) throws {
        var input = FuzzInput(input)
        var reassembler = FragmentReassembler()
        var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
        while !input.isAtEnd {
            let choice = input.octet()
            let beyond = choice & 0x10 == 0 ? 0 : Int(input.number16())
            if choice & 0x20 != 0 { now = now.advanced(byNanoseconds: input.step()) }
            let frame = input.run()
            let content = try? FrameContent(
                frame.span, linkType: link(choice), originalLength: frame.count + beyond)
            guard let packet = content?.packet else { continue }
            try check(packet, in: frame)
            if packet.fragment == nil {
                try readTransport(packet, in: frame)
            } else {
                let outcome = reassembler.receive(packet, in: frame.span, at: now)
                if case .completed(let datagram) = outcome {
                    try check(datagram.packet, in: datagram.bytes)
                    try readTransport(datagram.packet, in: datagram.bytes)
                }
            }
            try BrokenProperty.unless(
                (0...FragmentReassembler.byteLimit).contains(reassembler.bytesInUse)
                    && reassembler.count <= FragmentReassembler.datagramLimit,
                "fragments hold \(reassembler.bytesInUse) octets, \(reassembler.count) datagrams")
        }
        reassembler.expire(at: Instant(nanoseconds: .max))
        reassembler.expire(at: now.advanced(byNanoseconds: .max))
        try BrokenProperty.unless(
            reassembler.count > 0 || reassembler.bytesInUse == 0,
            "\(reassembler.bytesInUse) octets of no datagram")
    }

    /// The link type that a choice means: mostly one of those that are read.
    static func link(_ choice: UInt8) -> LinkType {
        let links: [LinkType] = [
            .ethernet, .ethernet, .null, .rawIP, .loop, .linuxCooked, .ipv4, .ipv6, .linuxCooked2,
            .other(UInt16(choice)),
        ]
        return links[Int(choice & 0xf) % links.count]
    }

    private static func check(_ packet: NetworkPacket, in bytes: [UInt8]) throws {
        try BrokenProperty.unless(
            packet.payload.lowerBound >= 0 && packet.payload.upperBound <= bytes.count,
            "payload \(packet.payload) of \(bytes.count) octets")
        try BrokenProperty.unless(
            packet.payload.count <= packet.payloadLength,
            "\(packet.payload.count) octets captured of \(packet.payloadLength)")
        for address in [packet.source, packet.destination] {
            let text = address.description
            try BrokenProperty.unless(
                IPAddress(text) == address, "address \(text) reads as another")
        }
        for index in 0..<packet.vlans.count { _ = packet.vlans.priority(at: index) }
        _ = packet.vlans.description
    }

    private static func readTransport(_ packet: NetworkPacket, in bytes: [UInt8]) throws {
        if let udp = try? UDPDatagram(packet, in: bytes.span) {
            try BrokenProperty.unless(
                packet.payload.contains(udp.payload) || udp.payload.isEmpty,
                "UDP payload \(udp.payload) outside \(packet.payload)")
            try BrokenProperty.unless(
                udp.payload.count <= udp.payloadLength, "UDP payload longer than stated")
        }
        if let tcp = try? TCPSegment(packet, in: bytes.span) {
            try BrokenProperty.unless(
                packet.payload.contains(tcp.payload) || tcp.payload.isEmpty,
                "TCP payload \(tcp.payload) outside \(packet.payload)")
            try BrokenProperty.unless(
                tcp.payload.count <= tcp.payloadLength, "TCP payload longer than stated")
        }
    }
}
