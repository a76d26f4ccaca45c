// SPDX-License-Identifier: Apache-2.0
import Measurements
import Packets
import Testing

@testable import Streams

/// Faults in one transport stream beside a sound one: each is counted as often as it was made,
/// and the sound one's figures stay as they are.
@Suite struct BadTransportStreamTests {
    private struct Outcome {
        var bad: TransportStreamReport
        var report: StreamReport
        var sound: StreamReport
        var faults: [String: UInt64]
    }

    /// Runs two streams for `frames` pictures; `change` may spoil the packets of one, or fill up
    /// datagrams of other sizes from them.
    private func run(
        frames: Int = 100, _ change: (Int, [[UInt8]]) -> [[UInt8]]
    ) throws -> Outcome {
        let bench = TrackerBench()
        var (sound, bad) = (TransportStreamWriter(), TransportStreamWriter())
        let soundTables = sound.tables()
        let badTables = bad.tables()
        let target = end(239, 0, 0, 1, 1234)
        let start = bench.now
        for number in 0..<frames {
            bench.now = start + Int64(number) * 40_000_000
            let octets = (number == 0 ? soundTables : []) + sound.frame(isKey: number % 25 == 0)
            bench.send(Frame.udp(from: end(10, 0, 0, 1, 1), to: target, octets.flatMap(\.self)))
            let packets = (number == 0 ? badTables : []) + bad.frame(isKey: number % 25 == 0)
            for datagram in change(number, packets) where !datagram.isEmpty {
                bench.send(Frame.udp(from: end(10, 0, 0, 2, 1), to: target, datagram))
            }
        }
        let reports = bench.reports()
        try #require(reports.count == 2)
        return Outcome(
            bad: try #require(reports[1].transportStream), report: reports[1],
            sound: reports[0], faults: bench.realFaults())
    }

    /// The sound stream beside another sound one.
    private func reference() throws -> Figures {
        try Figures(run { [$1.flatMap(\.self)] }.sound)
    }

    private func expect(
        _ outcome: Outcome, faults: [String: UInt64] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let sound = try reference()
        #expect(Figures(outcome.sound) == sound, sourceLocation: sourceLocation)
        #expect(outcome.sound.transportStream?.continuityErrors == 0)
        #expect(outcome.faults == faults, sourceLocation: sourceLocation)
    }

    @Test func `row 48 a sync octet that is wrong costs its packet and no more`() throws {
        let outcome = try run { number, packets in
            var octets = packets.flatMap(\.self)
            // Seven times, in the middle of a datagram of three.
            if number % 12 == 5, number < 84 { octets[188] = 0x48 }
            return [octets]
        }
        #expect(outcome.bad.packets == 302 - 7)
        #expect(outcome.bad.continuityErrors == 7)
        #expect(outcome.bad.packetSize == 188)
        try expect(outcome)
    }

    @Test(arguments: [192, 204])
    func `row 48 packets of other sizes are told and stated`(size: Int) throws {
        let outcome = try run { _, packets in
            let pad = [UInt8](repeating: 0x19, count: size - 188)
            return [packets.flatMap { size == 192 ? pad + $0 : $0 + pad }]
        }
        #expect(outcome.bad.packetSize == size)
        #expect(outcome.bad.packets == 302)
        #expect(outcome.bad.continuityErrors == 0)
        #expect(outcome.report.medium.width == 1280)
        try expect(outcome)
    }

    @Test func `row 49 an adaptation field that leaves its packet is counted`() throws {
        let outcome = try run { number, packets in
            guard number % 10 == 3 else { return [packets.flatMap(\.self)] }
            var packets = packets
            packets[2][4] = 255
            return [packets.flatMap(\.self)]
        }
        #expect(outcome.bad.continuityErrors == 0)
        try expect(outcome, faults: ["ts invalid adaptation_field_length": 10])
    }

    @Test func `row 49 a PES packet whose head cannot be read is counted`() throws {
        let outcome = try run { number, packets in
            guard number % 10 == 3 else { return [packets.flatMap(\.self)] }
            var packets = packets
            let head = packets[0].count - (packets[0].count - 5 - Int(packets[0][4]))
            packets[0][head] = 9
            return [packets.flatMap(\.self)]
        }
        #expect(outcome.faults.count == 1)
        #expect(outcome.faults.first?.key.hasPrefix("pes ") == true)
        #expect(outcome.faults.first?.value == 10)
        #expect(outcome.report.total.frames.count == 90)
        #expect(Figures(outcome.sound) == (try reference()))
    }

    @Test func `row 49 a frame that is never ended grows nothing`() throws {
        let outcome = try run { number, packets in
            // One unit start at the beginning, then 300 packets of the same frame.
            number == 0
                ? [packets.flatMap(\.self)] : [packets[1] + packets[2]]
        }
        #expect(outcome.report.total.frames.count == 1)
    }

    @Test func `row 50 only a jump that nothing announced is an error`() throws {
        var kept: [UInt8] = []
        let outcome = try run { number, packets in
            var packets = packets
            switch number % 20 {
            case 4:
                // Allowed: a packet twice.
                packets.insert(packets[1], at: 2)
            case 8:
                // A jump: a packet is missing.
                packets.remove(at: 1)
            case 12:
                // A packet is missing, and the next says so.
                packets.remove(at: 1)
                packets[1][5] |= 0x80
            case 16:
                // Not allowed: a packet three times.
                packets.insert(packets[1], at: 2)
                packets.insert(packets[1], at: 2)
            default: break
            }
            kept = packets[0]
            return [packets.flatMap(\.self)]
        }
        #expect(!kept.isEmpty)
        #expect(outcome.bad.continuityErrors == 5 + 5)
        try expect(outcome)
    }

    @Test func `row 51 tables with a wrong check sum are not used and counted`() throws {
        var spare = TransportStreamWriter()
        let outcome = try run { number, packets in
            guard number % 10 == 5 else { return [packets.flatMap(\.self)] }
            var wrong = TransportStreamWriter.association(map: 0x55)
            wrong[wrong.count - 1] ^= 1
            _ = spare.frame()
            return [packets.flatMap(\.self) + self.table(0, number / 10 + 1, wrong)]
        }
        #expect(outcome.report.medium.width == 1280)
        #expect(outcome.bad.videoCodec == "h264")
        try expect(outcome, faults: ["psi invalid CRC_32": 10])
    }

    /// A section in a packet of its own, with the continuity counter that is due.
    private func table(_ pid: Int, _ counter: Int, _ section: [UInt8]) -> [UInt8] {
        var writer = TransportStreamWriter()
        var packet = writer.table(pid, section)
        packet[3] = packet[3] & 0xf0 | UInt8(counter & 15)
        return packet
    }

    @Test func `row 51 a section of 4,095 octets is refused`() throws {
        let outcome = try run { number, packets in
            guard number % 10 == 5 else { return [packets.flatMap(\.self)] }
            let long: [UInt8] = [2, 0xbf, 0xff] + [UInt8](repeating: 1, count: 170)
            return [
                packets.flatMap(\.self)
                    + self.table(TransportStreamWriter.map, number / 10 + 1, long)
            ]
        }
        #expect(outcome.bad.videoCodec == "h264")
        try expect(outcome, faults: ["psi over-limit section": 10])
    }

    @Test func `row 51 an association that points to itself is not followed`() throws {
        let outcome = try run { number, packets in
            guard number % 10 == 5 else { return [packets.flatMap(\.self)] }
            return [
                packets.flatMap(\.self)
                    + self.table(0, number / 10 + 1, TransportStreamWriter.association(map: 0))
            ]
        }
        #expect(outcome.bad.videoCodec == "h264")
        #expect(outcome.report.total.frames.count == 100)
        #expect(Figures(outcome.sound) == (try reference()))
    }

    @Test func `row 51 PIDs beyond the limit are counted and not followed`() throws {
        let outcome = try run { number, packets in
            // 81 PIDs, three of which are the stream's own.
            var writer = TransportStreamWriter()
            let other = number < 78 ? writer.packet(0x200 + number, [1, 2, 3]) : []
            return [packets.flatMap(\.self) + other]
        }
        #expect(outcome.bad.continuityErrors == 0)
        try expect(outcome, faults: ["ts over-limit PIDs": 78 - 61])
    }

    @Test func `row 52 a clock that goes back is counted, one that wraps is not`() throws {
        // The last second before 2^33 ticks of 90 kHz.
        let wrap = (Int64(1) << 33) * 300 - 40 * 1_080_000
        let wrapped = try run { number, packets in
            var packets = packets
            let ticks = (wrap + Int64(number) * 1_080_000) % (Int64(1) << 33 * 300)
            packets[packets.count - 3].replaceSubrange(
                6..<12, with: TransportStreamWriter.reference(ticks % ((Int64(1) << 33) * 300)))
            return [packets.flatMap(\.self)]
        }
        try expect(wrapped)
        #expect(wrapped.bad.pcrJitterMaxMilliseconds.map { $0 < 1 } == true)
        let stepping = try run { number, packets in
            var packets = packets
            // Four times the clock starts again at zero.
            packets[packets.count - 3].replaceSubrange(
                6..<12,
                with: TransportStreamWriter.reference(Int64(number % 20) * 1_080_000))
            return [packets.flatMap(\.self)]
        }
        #expect(stepping.bad.continuityErrors == 0)
        try expect(stepping, faults: ["ts invalid program_clock_reference step": 4])
    }
}
