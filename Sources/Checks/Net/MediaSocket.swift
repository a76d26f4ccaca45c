// SPDX-License-Identifier: Apache-2.0
import Glibc
import Packets
import RTSP

/// The pair of sockets of one medium: RTP and RTCP.
final class MediaSocket {
    let media: Descriptor
    let control: Descriptor
    /// Where packets are sent to: the own address or the group.
    let mediaEnd: Endpoint
    let controlEnd: Endpoint
    /// The server's RTCP, once it is known.
    var reportsTo: Endpoint?
    /// Drops told last, of RTP and RTCP.
    var dropped: [UInt32] = [0, 0]

    /// Room that is asked for: six seconds of 5 Mbit/s; the system may give less.
    private static let room: Int32 = 4 << 20
    /// Pairs that are tried before there is no pair.
    private static let tries = 64

    /// Opens two neighbouring ports at `address`, the first even (RFC 3550 section 11).
    init?(pairAt address: IPAddress) {
        for _ in 0..<MediaSocket.tries {
            guard let first = MediaSocket.open(Endpoint(address: address, port: 0)),
                let place = unsafe Endpoint(of: first.number, getsockname), place.port % 2 == 0,
                let second = MediaSocket.open(
                    Endpoint(address: address, port: place.port + 1))
            else { continue }
            media = first
            control = second
            mediaEnd = place
            controlEnd = Endpoint(address: address, port: place.port + 1)
            return
        }
        return nil
    }

    /// Joins a group on the interface that has the address `local`.
    init?(
        group: IPAddress, _ ports: TransportHeader.Ports, senders: [IPAddress], local: IPAddress
    ) {
        let mediaEnd = Endpoint(address: group, port: ports.first)
        let controlEnd = Endpoint(address: group, port: ports.control)
        guard group.isMulticast, group.isV4 == local.isV4,
            let media = MediaSocket.open(mediaEnd, isShared: true),
            let control = MediaSocket.open(controlEnd, isShared: true),
            MediaSocket.join(media, group, senders, local),
            MediaSocket.join(control, group, senders, local)
        else { return nil }
        self.media = media
        self.control = control
        self.mediaEnd = mediaEnd
        self.controlEnd = controlEnd
    }

    var ports: TransportHeader.Ports { .init(mediaEnd.port, controlEnd.port) }

    private static func open(_ place: Endpoint, isShared: Bool = false) -> Descriptor? {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard let descriptor = Descriptor(socket(place.address.family, kind, 0)) else {
            return nil
        }
        if isShared { descriptor.set(SOL_SOCKET, SO_REUSEADDR, 1) }
        descriptor.set(SOL_SOCKET, SO_RCVBUF, room)
        ControlMessages.ask(descriptor, isV4: place.address.isV4)
        let result = unsafe place.withSocketAddress { unsafe bind(descriptor.number, $0, $1) }
        return result == 0 ? descriptor : nil
    }

    private static func join(
        _ socket: Descriptor, _ group: IPAddress, _ senders: [IPAddress], _ local: IPAddress
    ) -> Bool {
        if group.isV4 {
            guard let sender = senders.first(where: \.isV4) else {
                var wish = ip_mreqn(
                    imr_multiaddr: group.fourOctets, imr_address: local.fourOctets, imr_ifindex: 0)
                return unsafe setsockopt(
                    socket.number, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, &wish,
                    socklen_t(MemoryLayout<ip_mreqn>.size)) == 0
            }
            var wish = ip_mreq_source(
                imr_multiaddr: group.fourOctets, imr_interface: local.fourOctets,
                imr_sourceaddr: sender.fourOctets)
            return unsafe setsockopt(
                socket.number, Int32(IPPROTO_IP), IP_ADD_SOURCE_MEMBERSHIP, &wish,
                socklen_t(MemoryLayout<ip_mreq_source>.size)) == 0
        }
        var wish = ipv6_mreq(
            ipv6mr_multiaddr: group.sixteenOctets, ipv6mr_interface: interface(having: local))
        return unsafe setsockopt(
            socket.number, Int32(IPPROTO_IPV6), IPV6_JOIN_GROUP, &wish,
            socklen_t(MemoryLayout<ipv6_mreq>.size)) == 0
    }

    /// The number of the interface with that address; 0, the system's choice, if none has it.
    private static func interface(having address: IPAddress) -> UInt32 {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return 0 }
        defer { unsafe freeifaddrs(list) }
        var entry = unsafe list
        while let one = unsafe entry {
            unsafe entry = one.pointee.ifa_next
            guard let place = unsafe one.pointee.ifa_addr,
                unsafe Int32(place.pointee.sa_family) == AF_INET6
            else { continue }
            let bytes = unsafe UnsafeRawBufferPointer(
                start: place, count: MemoryLayout<sockaddr_in6>.size)
            if unsafe Endpoint(socketAddress: bytes)?.address == address {
                return unsafe if_nametoindex(one.pointee.ifa_name)
            }
        }
        return 0
    }

    /// Tells the server that somebody receives (RFC 3550 section 6.4.2): an empty report and a
    /// name, for servers that end sessions without them.
    func report(ssrc: UInt32) {
        guard let reportsTo else { return }
        var packet: [UInt8] = [0x80, 201, 0, 1]
        let source = (0..<4).map { UInt8(truncatingIfNeeded: ssrc >> (24 - 8 * UInt32($0))) }
        packet += source + [0x81, 202, 0, 3] + source + [1, 5] + Array("kuzet".utf8) + [0]
        _ = unsafe packet.withUnsafeBytes { bytes in
            unsafe reportsTo.withSocketAddress {
                unsafe sendto(
                    control.number, bytes.baseAddress, bytes.count,
                    Int32(MSG_NOSIGNAL), $0, $1)
            }
        }
    }
}
