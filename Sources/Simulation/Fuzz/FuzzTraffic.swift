// SPDX-License-Identifier: Apache-2.0
public import Packets
public import Timekeeping

/// What a tracker is told, made from a fuzzer's input.
///
/// Arbitrary octets seldom get past an IP header. So most choices make a packet that is well
/// formed down to its transport, between few endpoints and with numbers that go on from those
/// before, and leave to the input what it carries and where it breaks the order.
public struct FuzzTraffic {
    /// One thing told.
    public enum Event: Sendable {
        /// A frame whose octets lie in `window`.
        case record(CapturedRecord)
        /// Time goes on without a frame.
        case advance(Instant)
        /// The probe lost packets.
        case dropped(UInt64)
    }

    /// Octets of all frames.
    public private(set) var window: [UInt8] = []
    /// What is told, in order.
    public private(set) var events: [Event] = []

    private var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    private var frames: UInt64 = 0
    private var streams = [FuzzedSender](repeating: FuzzedSender(), count: 8)
    /// The next sequence number of each side of each connection.
    private var connections = [UInt32](repeating: 0, count: 8)
    private var identification: UInt16 = 0

    /// What a sender of RTP counts.
    private struct FuzzedSender {
        var sequence: UInt16 = 65_500
        var timestamp: UInt32 = 0xffff_0000
    }

    /// Makes traffic of all of `input`.
    public init(_ input: inout FuzzInput) {
        while !input.isAtEnd { add(&input) }
    }

    private mutating func add(_ input: inout FuzzInput) {
        let choice = input.octet()
        if choice & 0x10 != 0 { now = now.advanced(byNanoseconds: input.step()) }
        let shape = Shape(choice)
        switch choice & 0xf {
        case 0, 1:
            let link = FuzzBodies.link(input.octet())
            let beyond = choice & 0x80 == 0 ? 0 : Int(input.number16())
            record(input.run(), link: link, beyond: beyond)
        case 2: rtp(&input, shape)
        case 3: rtp(&input, shape, hasRivals: true)
        case 4: rtp(&input, shape, isJoined: true)
        case 5, 6: rtcp(&input, shape)
        case 7, 8, 9, 10: segment(&input, shape)
        case 11, 12:
            let ports = input.octet()
            datagram(input.run(), FuzzTraffic.ports(ports), shape)
        case 13:
            // Whole transport stream packets, each with its sync octet.
            var octets = input.take(188 * (1 + Int(input.octet() % 7)))
            for place in stride(from: 0, to: octets.count, by: 188) { octets[place] = 0x47 }
            datagram(octets, (40_000, 1_234), shape)
        case 14:
            now = now.advanced(byNanoseconds: input.step())
            events.append(.advance(now))
        default: events.append(.dropped(UInt64(input.octet())))
        }
    }

    /// Consecutive packets of one sender, each with its step in sequence and time.
    ///
    /// With rivals the upper half of the senders has another address; joined, as offloads do it,
    /// all packets come in one.
    private mutating func rtp(
        _ input: inout FuzzInput, _ shape: Shape, hasRivals: Bool = false, isJoined: Bool = false
    ) {
        let head = input.octet()
        let stream = Int(head & 7)
        let count = 1 + Int(head >> 3)
        let type = input.octet()
        let payload = input.run()
        let ports = (UInt16(5_000 + 2 * (stream & 1)), UInt16(6_000))
        let host: UInt8 = hasRivals && stream > 3 ? 3 : 1
        var waiting: [UInt8] = []
        for _ in 0..<count {
            let step = input.octet()
            switch step >> 6 {
            case 0: streams[stream].sequence &+= 1
            case 1: streams[stream].sequence &+= UInt16(step & 0x3f)
            case 2: streams[stream].sequence &-= UInt16(step & 0x3f)
            default: streams[stream].sequence &+= input.number16()
            }
            if step & 1 != 0 {
                streams[stream].timestamp &+= 3_600
                now = now.advanced(byNanoseconds: Int64(step) << 20)
            }
            var packet: [UInt8] = [0x80, type]
            packet.append16(streams[stream].sequence)
            packet.append32(streams[stream].timestamp)
            packet.append32(0x1000 + UInt32(stream >> 1))
            waiting += packet + payload
            if isJoined, waiting.count < FuzzTraffic.longestJoined { continue }
            datagram(waiting, ports, shape, from: host)
            waiting = []
        }
        if !waiting.isEmpty { datagram(waiting, ports, shape, from: host) }
    }

    /// Offloads join no more than IP can carry; here enough for both limits of a tracker.
    private static let longestJoined = 12_000

    /// A compound packet of arbitrary content whose first header fits, so that it is looked at.
    private mutating func rtcp(_ input: inout FuzzInput, _ shape: Shape) {
        let stream = Int(input.octet() & 7)
        var octets = input.run()
        if octets.count >= 8, shape.isPlain {
            octets[0] = 0x80 | octets[0] & 0x3f
            octets[1] = 200 + octets[1] % 8
            octets.put32(0x1000 + UInt32(stream >> 1), at: 4)
        }
        datagram(octets, (UInt16(5_001 + 2 * (stream & 1)), 6_001), shape)
    }

    /// A segment that goes on where its side stands, or is off by what the input says.
    private mutating func segment(_ input: inout FuzzInput, _ shape: Shape) {
        let head = input.octet()
        let flags = input.octet()
        let side = Int(head & 7)
        let offset = head & 0x80 == 0 ? 0 : Int32(Int16(bitPattern: input.number16()))
        let payload = input.run()
        let sequence = connections[side] &+ UInt32(bitPattern: offset)
        let server: UInt16 = [554, 80, 8_554, 322][side >> 1]
        let client = 50_000 + UInt16(side >> 1)
        var octets: [UInt8] = []
        octets.append16(side & 1 == 0 ? client : server)
        octets.append16(side & 1 == 0 ? server : client)
        octets.append32(sequence)
        octets.append32(connections[side ^ 1] &+ UInt32(head >> 3 & 0xf))
        octets += [0x50, flags, 0xff, 0xff, 0, 0, 0, 0]
        if head & 0x40 == 0 {
            let extra: UInt32 = flags & 2 == 0 ? 0 : 1
            connections[side] = sequence &+ UInt32(payload.count) &+ extra
        }
        let ends: (UInt8, UInt8) = side & 1 == 0 ? (1, 2) : (2, 1)
        packet(octets + payload, of: 6, from: ends.0, to: ends.1, shape)
    }

    private static func ports(_ choice: UInt8) -> (UInt16, UInt16) {
        let known: [UInt16] = [5_000, 5_001, 6_000, 6_001, 9_875, 1_234, 554, 40_000]
        return (known[Int(choice & 7)], known[Int(choice >> 3 & 7)])
    }

    private mutating func datagram(
        _ payload: [UInt8], _ ports: (UInt16, UInt16), _ shape: Shape, from host: UInt8 = 1
    ) {
        var octets: [UInt8] = []
        octets.append16(ports.0)
        octets.append16(ports.1)
        octets.append16(UInt16(truncatingIfNeeded: 8 + payload.count))
        octets.append16(0)
        packet(octets + payload, of: 17, from: host, to: 2, shape)
    }
}

/// How a packet is wrapped.
private struct Shape {
    let isTagged: Bool
    let isVersion6: Bool
    /// Whether it comes in fragments (IPv4) or cut by the capture (IPv6).
    let isBroken: Bool

    var isPlain: Bool { !isBroken }

    init(_ choice: UInt8) {
        isTagged = choice & 0x20 != 0
        isVersion6 = choice & 0x40 != 0
        isBroken = choice & 0x80 != 0
    }
}

extension FuzzTraffic {
    /// Wraps what a transport carries into IP and Ethernet, and records it.
    private mutating func packet(
        _ octets: [UInt8], of number: UInt8, from host: UInt8, to peer: UInt8, _ shape: Shape
    ) {
        var link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
        if shape.isTagged { link += [0x81, 0x00, 0x00, 0x64] }
        let ends = [host, peer]
        if shape.isVersion6 {
            link += [0x86, 0xdd, 0x60, 0, 0, 0]
            link.append16(UInt16(truncatingIfNeeded: octets.count))
            link += [number, 64]
            for end in ends {
                link += [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [end]
            }
            let whole = link + octets
            let kept = shape.isBroken ? min(whole.count, 96) : whole.count
            return record(
                Array(whole[..<kept]), link: .ethernet, beyond: whole.count - kept)
        }
        identification &+= 1
        let pieces =
            shape.isBroken
            ? [0..<min(8, octets.count), min(8, octets.count)..<octets.count] : [0..<octets.count]
        for piece in pieces {
            var frame = link + [0x08, 0x00, 0x45, 0]
            frame.append16(UInt16(truncatingIfNeeded: 20 + piece.count))
            frame.append16(identification)
            let more: UInt16 = piece.upperBound < octets.count ? 0x2000 : 0
            frame.append16(more | UInt16(piece.lowerBound / 8))
            frame += [64, number, 0, 0, 192, 0, 2, ends[0], 192, 0, 2, ends[1]]
            record(frame + octets[piece], link: .ethernet, beyond: 0)
        }
    }

    private mutating func record(_ frame: [UInt8], link: LinkType, beyond: Int) {
        frames += 1
        events.append(
            .record(
                CapturedRecord(
                    offset: window.count, capturedLength: frame.count,
                    originalLength: frame.count + beyond, arrival: now, frameNumber: frames,
                    linkType: link)))
        window += frame
    }
}
