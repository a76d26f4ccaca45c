// SPDX-License-Identifier: Apache-2.0
import Testing
import Timekeeping

@testable import TransportStream

@Suite struct TransportStreamMeterTests {
    /// Datagrams of seven packets, 10 ms apart.
    private func measure(_ packets: [[UInt8]]) -> TransportStreamMeter {
        var meter = TransportStreamMeter()
        for (index, start) in stride(from: 0, to: packets.count, by: 7).enumerated() {
            let datagram = Array(packets[start..<min(start + 7, packets.count)].joined())
            meter.receive(datagram.span, at: at(Int64(index) * 10))
        }
        return meter
    }

    @Test func `a sound stream is measured without complaint`() {
        let meter = measure(Write.camera(frames: 50))
        #expect(meter.packets == 152)
        #expect(meter.frames == 50)
        #expect(meter.randomAccessFrames == 5)
        #expect(meter.videoCodec == "h264")
        #expect(meter.videoPID == PacketIdentifier(0x100))
        #expect(meter.packetSize == 188)
        #expect(meter.continuityErrors == 0)
        #expect(meter.syncLosses == 0)
        #expect(meter.malformedPackets == 0)
        #expect(meter.malformedPES == 0)
        #expect(meter.clock.samples == 50)
        #expect(meter.clock.jumps == 0)
        #expect(!meter.isScrambled)
        #expect(meter.firstFrameArrival == at(0))
        #expect(meter.lastFrameArrival == at(210))
    }

    @Test func `frames are told as they begin`() {
        var meter = TransportStreamMeter()
        var told: [TransportStreamMeter.Frame] = []
        for (index, packet) in Write.camera(frames: 12).enumerated() {
            meter.receive(packet.span, at: at(Int64(index))) { told.append($0) }
        }
        #expect(told.map(\.presentationTime) == (0..<12).map { $0 * 3600 + 9000 })
        #expect(told.map(\.arrival) == (0..<12).map { at(2 + $0 * 3) })
        #expect(told.filter(\.isRandomAccess).count == 2)
    }

    @Test func `frames before the first map are counted`() {
        let packets = Write.camera(frames: 6)
        let meter = measure(Array(packets[2...]) + packets[..<2])
        #expect(meter.frames == 6)
        #expect(meter.videoCodec == "h264")
    }

    @Test func `a lost packet is one continuity error`() {
        var packets = Write.camera(frames: 50)
        packets.remove(at: 40)
        let meter = measure(packets)
        #expect(meter.continuityErrors == 1)
        #expect(meter.continuity.missingAtLeast == 1)
    }

    @Test func `a packet sent twice changes nothing`() {
        var packets = Write.camera(frames: 50)
        packets.insert(packets[32], at: 32)
        let meter = measure(packets)
        #expect(meter.frames == 50)
        #expect(meter.continuityErrors == 0)
        #expect(meter.continuity.duplicates == 1)
    }

    @Test func `row 48: sync lost every 100 packets is found again and counted`() {
        let packets = Write.camera(frames: 390)
        var octets: [UInt8] = []
        for (index, packet) in packets.enumerated() {
            if index > 0, index % 100 == 0 { octets += [1, 2, 3, 4, 5] }
            octets += packet
        }
        var meter = TransportStreamMeter(framing: .byteStream)
        for start in stride(from: 0, to: octets.count, by: 777) {
            let piece = Array(octets[start..<min(start + 777, octets.count)])
            meter.receive(piece.span, at: at(Int64(start / 777)))
        }
        #expect(meter.syncLosses == 11)
        #expect(meter.detector.skippedOctets == 55)
        #expect(meter.packets == 1172)
        #expect(meter.frames == 390)
        #expect(meter.continuityErrors == 0)
    }

    @Test(arguments: PacketSize.allCases, [1, 100, 188, 5000])
    func `a byte stream may be cut anywhere`(size: PacketSize, piece: Int) {
        let octets = Write.camera(frames: 40).flatMap {
            [UInt8](repeating: 9, count: size.lead) + $0
                + [UInt8](repeating: 9, count: size.rawValue - 188 - size.lead)
        }
        var meter = TransportStreamMeter(framing: .byteStream)
        for start in stride(from: 0, to: octets.count, by: piece) {
            let bytes = Array(octets[start..<min(start + piece, octets.count)])
            meter.receive(bytes.span, at: at(Int64(start)))
        }
        #expect(meter.packetSize == size.rawValue)
        #expect(meter.packets == 122)
        #expect(meter.frames == 40)
        #expect(meter.syncLosses == 0)
    }

    @Test func `row 49: an adaptation field of 255 octets is counted, and no loss`() {
        var packets = Write.camera(frames: 50)
        packets[41][4] = 255
        let meter = measure(packets)
        #expect(meter.malformedPackets == 1)
        #expect(meter.continuityErrors == 0)
        #expect(meter.packets == 152)
    }

    @Test func `row 49: a PES packet that never ends holds 4 KiB and no more`() {
        var packets = [Write.camera(frames: 1)[0], Write.camera(frames: 1)[1]]
        let head = Write.pes(time: 5) + [UInt8](repeating: 7, count: 170)
        packets.append(Write.packet(pid: 0x100, counter: 0, unitStart: true, head))
        for counter in 1..<3000 {
            packets.append(
                Write.packet(
                    pid: 0x100, counter: UInt8(counter & 15),
                    [UInt8](repeating: UInt8(counter & 0xff), count: 184)))
        }
        var meter = measure(packets)
        #expect(meter.takeVideoHead()?.count == 4096)
        #expect(meter.frames == 1)
        #expect(meter.continuityErrors == 0)
    }

    @Test func `row 51: a map with a wrong check sum is not used`() {
        var packets = Write.camera(frames: 5)
        packets[1][20] ^= 1
        let meter = measure(packets)
        #expect(meter.rejectedSections == 1)
        #expect(meter.videoCodec == nil)
        #expect(meter.frames == 5)
    }

    @Test func `row 51: an association table that points to itself is not followed`() {
        var packets = Write.camera(frames: 5)
        packets[0] = Write.table(pid: 0, counter: 0, Write.association([(1, 0)]))
        let meter = measure(packets)
        #expect(meter.ignoredTableEntries == 1)
        #expect(meter.videoCodec == nil)
    }

    @Test func `row 51: 8192 PIDs do not make the meter grow`() {
        var meter = TransportStreamMeter()
        for pid: UInt16 in 0..<8192 {
            let packet = Write.packet(pid: pid, counter: 0, [UInt8](repeating: 1, count: 184))
            meter.receive(packet.span, at: at(Int64(pid)))
        }
        #expect(meter.packets == 8192)
        #expect(meter.continuity.trackedPIDs == 64)
        #expect(meter.untrackedPackets == 8191 - 64)
    }

    @Test func `row 52: a clock that goes back is a jump`() {
        var packets = Write.camera(frames: 10)
        packets += Write.camera(frames: 10)[2...].enumerated().map { index, packet in
            var packet = packet
            packet[3] = packet[3] & 0xf0 | UInt8((30 + index) & 15)
            return packet
        }
        let meter = measure(packets)
        #expect(meter.clock.jumps == 1)
        #expect(meter.continuityErrors == 0)
    }

    @Test func `packets marked as damaged are not looked into`() {
        var packets = Write.camera(frames: 50)
        packets[30][1] |= 0x80
        let meter = measure(packets)
        #expect(meter.markedDamaged == 1)
        #expect(meter.continuityErrors == 1)
    }

    @Test func `a scrambled video is known as such`() {
        var packets = Write.camera(frames: 5)
        for index in 8..<packets.count { packets[index][3] |= 0x80 }
        let meter = measure(packets)
        #expect(meter.scrambledPackets == 9)
        #expect(meter.isVideoScrambled)
        #expect(meter.frames == 2)
    }

    @Test func `a programme that moves its video is followed`() {
        var packets = Write.camera(frames: 2)
        packets.append(
            Write.table(
                pid: 0x1000, counter: 1, Write.map(version: 1, clock: 0x200, [(0x24, 0x200)])))
        for index: UInt8 in 0..<3 {
            packets.append(
                Write.packet(
                    pid: 0x200, counter: index, unitStart: true,
                    Write.pes(time: UInt64(index) * 3600) + [1, 2, 3]))
        }
        let meter = measure(packets)
        #expect(meter.videoPID == PacketIdentifier(0x200))
        #expect(meter.videoCodec == "h265")
        #expect(meter.frames == 5)
    }

    @Test func `a cut datagram starts continuity anew`() {
        let packets = Write.camera(frames: 10)
        var meter = TransportStreamMeter()
        meter.receive(Array(packets[..<7].joined()).span, at: at(0))
        meter.receive(Array(Array(packets[7..<14].joined())[..<300]).span, at: at(1), isCut: true)
        meter.receive(Array(packets[14..<21].joined()).span, at: at(2))
        #expect(meter.cutDatagrams == 1)
        #expect(meter.packets == 15)
        #expect(meter.continuityErrors == 0)
    }

    @Test func `the video's beginning is given once and again when asked`() {
        var meter = measure(Write.camera(frames: 2))
        let head = meter.takeVideoHead()
        #expect(head == [UInt8](repeating: 0, count: 450))
        #expect(meter.takeVideoHead(isLast: true) == nil)
        meter.seekVideoHead()
        for packet in Write.camera(frames: 2)[2...] { meter.receive(packet.span, at: at(900)) }
        #expect(meter.takeVideoHead(isLast: true)?.count == 450)
    }

    // The third sync octet is there from 377 octets on.
    @Test func `no truncation traps`() {
        let octets = Array(Write.camera(frames: 2).joined())
        for length in 0..<octets.count {
            var meter = TransportStreamMeter()
            meter.receive(Array(octets[..<length]).span, at: at(0))
            if length > 376 { #expect(meter.packets == UInt64(length / 188)) }
        }
    }

    @Test(arguments: [TransportStreamMeter.Framing.datagrams, .byteStream])
    func `no mutation traps`(framing: TransportStreamMeter.Framing) {
        let packets = Write.camera(frames: 20)
        let sound = Array(packets.joined())
        var numbers = SeededNumbers(0x6b75_7a65_74)
        for round in 0..<3000 {
            var octets = sound
            for _ in 0...numbers.next(below: 30) {
                octets[numbers.next(below: octets.count)] = UInt8(numbers.next(below: 256))
            }
            if round.isMultiple(of: 3) {
                octets.removeFirst(numbers.next(below: 400))
                octets.removeLast(numbers.next(below: 400))
            }
            var meter = TransportStreamMeter(framing: framing)
            var start = 0
            while start < octets.count {
                let end = min(octets.count, start + 1 + numbers.next(below: 1500))
                meter.receive(Array(octets[start..<end]).span, at: at(Int64(start)))
                start = end
            }
            #expect(meter.packets <= 62)
            #expect(meter.continuity.trackedPIDs <= 64)
        }
    }
}
